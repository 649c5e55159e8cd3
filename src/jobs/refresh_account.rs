//! Reads a remote actor anew.

use crate::{
    error::Result,
    federation::fetch::{self, Budget},
    server::Server,
};
use storage::{AccountId, account};

/// Reads the document of `account` and stores what changed; nothing to do for a local or vanished account.
///
/// # Errors
/// Those of the fetch.
pub(super) async fn run(server: &Server, account: AccountId) -> Result<()> {
    let uri = server
        .read(move |view| {
            Ok(account::find(view, account)?.filter(|account| !account.is_local()).map(|account| account.uri))
        })
        .await?;
    let Some(uri) = uri else { return Ok(()) };
    fetch::actor::refresh(server, &uri, &Budget::of_one_cause()).await.map(drop)
}
