//! Block (ActivityPub §6.9), both ways: whoever is blocked elsewhere is told, as Mastodon does, so that their server
//! ends the follows too.

use super::{Built, Incoming, Received, built, local_account, only, require_account};
use crate::{
    error::{Error, Result},
    federation::outward::{account_uri, with_context},
    origin::Origin,
    relationship::accept,
};
use serde_json::{Value, json};
use storage::{AccountId, Digest, Read, RowId, account::Account, delivery::Priority, relationship::block_path};

/// What blocking a remote account owes to it.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    blocker: AccountId,
    target: AccountId,
    row: RowId,
) -> Result<Option<Built>> {
    let (who, whom) = (require_account(read, blocker)?, require_account(read, target)?);
    let document = with_context(document(origin, &who, &whom, row));
    built(&document, blocker, key(blocker, target), Priority::Direct, only(target)).map(Some)
}

/// A Block by a local account, without `@context`.
pub(super) fn document(origin: &Origin, who: &Account, whom: &Account, row: RowId) -> Value {
    json!({
        "id": origin.url(&block_path(who, row)),
        "type": "Block",
        "actor": account_uri(origin, who),
        "object": account_uri(origin, whom),
    })
}

/// What orders Block and Undo between two accounts.
pub(super) fn key(blocker: AccountId, target: AccountId) -> Digest {
    Digest::of(&format!("block {blocker} {target}"))
}

/// The sender blocks somebody here: follows between them end. With a `target` it is a ban from a community or a server
/// (Lemmy, PieFed): the moderator who says so has nothing against whoever follows them.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    if incoming.activity.target.is_some() {
        return Ok(Received::Dropped("a ban from a community or a server"));
    }
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, blocker, uri) = (incoming.origin(), incoming.account, incoming.id());
    incoming
        .server
        .write(move |tx| {
            let target = local_account(tx, &origin, &target)?.ok_or(Error::NotFound)?;
            accept::block(tx, blocker, target.id, &uri)
        })
        .await?;
    Ok(Received::Done)
}
