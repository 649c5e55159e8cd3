//! Reads a remote actor anew.

use crate::{
    account::accept as accounts,
    error::{Error, Result},
    federation::fetch::{self, Budget},
    server::Server,
};
use storage::{AccountId, account};

/// Reads the document of `account` and stores what changed; one that its server says is gone is deleted. Nothing to do for a local or vanished account.
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
    match fetch::actor::refresh(server, &uri, &Budget::of_unhurried_cause()).await {
        // Its Delete did not come here, or was never sent.
        Err(Error::Gone) => server.write(move |tx| accounts::accept_delete(tx, account)).await,
        outcome => outcome.map(drop),
    }
}
