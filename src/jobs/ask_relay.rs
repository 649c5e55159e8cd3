//! Relays are asked: the actor of a LitePub relay is read first; one of tags is asked for what people here follow, and
//! those for a hashtag that nobody follows any more are left.

use super::Outcome;
use crate::{
    error::Result,
    federation::fetch::{self, Budget},
    moderation::relay as rules,
    server::Server,
    tag::relays::{self, Look},
};
use storage::{AccountId, RowId, Timestamp, relay};

/// Before the first of all accounts.
const NOBODY: AccountId = AccountId(0);

/// Reads the actor and asks it; nothing to do for a relay that was removed. Its host is asked as in the background always:
/// one with many relays that hangs holds up itself.
///
/// # Errors
/// Those of the fetch.
pub(super) async fn run(server: &Server, id: RowId) -> Result<()> {
    let url = server.read(move |view| Ok(relay::find(view, id)?.map(|relay| relay.url))).await?;
    let Some(url) = url else { return Ok(()) };
    let actor = fetch::account(server, &url, &Budget::of_unhurried_cause()).await?;
    server.write(move |tx| rules::found(tx, id, actor)).await
}

/// Asks the relay of tags `id` for the hashtags that people here follow, those of who came first before others, while there
/// is room.
///
/// # Errors
/// Storage errors.
pub(super) async fn for_tags(server: &Server, id: RowId) -> Result<()> {
    let mut behind = Some(NOBODY);
    while let Some(after) = behind {
        let (wanted, next) = server.read(move |view| relays::wanted(view, id, after)).await?;
        let room = wanted.is_empty() || server.write(move |tx| relays::ask_for(tx, id, &wanted)).await?;
        behind = next.filter(|_| room);
    }
    Ok(())
}

/// Leaves the relay `id` if nobody here follows its hashtag any more.
pub(super) async fn look_at_tag(server: &Server, id: RowId, attempts: u32) -> Outcome {
    match looked(server, id).await {
        Ok(None) => Outcome::Done,
        Ok(Some(again)) => Outcome::Waits(again),
        Err(error) => Outcome::of(&error, server, attempts),
    }
}

/// Looks, and answers when to look again.
async fn looked(server: &Server, id: RowId) -> Result<Option<Timestamp>> {
    let Some((tag, seen)) = server.read(move |view| relays::to_look_at(view, id)).await? else { return Ok(None) };
    let mut found = Look::Further(NOBODY);
    while let Look::Further(behind) = found {
        let tag = tag.clone();
        found = server.read(move |view| relays::look(view, &tag, behind)).await?;
    }
    server.write(move |tx| relays::settle(tx, id, &seen, found)).await
}
