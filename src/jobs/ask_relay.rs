//! Reads the actor of a LitePub relay, so that it can be asked.

use crate::{
    error::Result,
    federation::fetch::{self, Budget},
    moderation::relay as rules,
    server::Server,
};
use storage::{RowId, relay};

/// Reads the actor and asks it; nothing to do for a relay that was removed.
///
/// # Errors
/// Those of the fetch.
pub(super) async fn run(server: &Server, id: RowId) -> Result<()> {
    let url = server.read(move |view| Ok(relay::find(view, id)?.map(|relay| relay.url))).await?;
    let Some(url) = url else { return Ok(()) };
    let actor = fetch::account(server, &url, &Budget::of_one_cause()).await?;
    server.write(move |tx| rules::found(tx, id, actor)).await
}
