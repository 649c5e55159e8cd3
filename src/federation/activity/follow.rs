//! Follow (ActivityPub §6.5, §7.5), both ways.

use super::{
    Built, Incoming, Received, built, follow_path, known_account, local_account, only, relay, require_account, row_uri,
};
use crate::{
    error::{Error, Result},
    federation::{
        object::{Activity, Thing},
        outward::{account_uri, actor::INSTANCE_PATH, with_context},
    },
    origin::Origin,
    relationship::accept::{self, Named},
};
use serde_json::{Value, json};
use storage::{AccountId, Digest, Read, RowId, account::Account, delivery::Priority, relationship::Pair};

/// What a follow of a remote account owes to it.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    follower: AccountId,
    target: AccountId,
    row: RowId,
) -> Result<Option<Built>> {
    let (who, whom) = (require_account(read, follower)?, require_account(read, target)?);
    let document = with_context(document(origin, &who, &whom, row));
    built(&document, follower, key(follower, target), Priority::Direct, only(target)).map(Some)
}

/// A Follow by a local account, without `@context`.
pub(super) fn document(origin: &Origin, who: &Account, whom: &Account, row: RowId) -> Value {
    json!({
        "id": origin.url(&follow_path(who, row)),
        "type": "Follow",
        "actor": account_uri(origin, who),
        "object": account_uri(origin, whom),
    })
}

/// What orders Follow, Undo and their answers between two accounts.
pub(super) fn key(follower: AccountId, target: AccountId) -> Digest {
    Digest::of(&format!("follow {follower} {target}"))
}

/// The sender wants to follow somebody here.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, follower, uri) = (incoming.origin(), incoming.account, incoming.id());
    if origin.path_of(&target) == Some(INSTANCE_PATH) {
        return relay::receive_follow(incoming).await;
    }
    incoming
        .server
        .write(move |tx| {
            let target = local_account(tx, &origin, &target)?.ok_or(Error::NotFound)?;
            accept::follow(tx, follower, target.id, &uri)
        })
        .await?;
    Ok(Received::Done)
}

/// The Follow that an Accept, Reject or Undo speaks of: by id, or by its two actors.
pub(super) fn named(read: &dyn Read, origin: &Origin, thing: &Thing) -> Result<Named> {
    let uri = thing.id().map(|id| row_uri(origin, id));
    let Some(inner) = thing.inline().and_then(|inner| Activity::read_inner(inner).ok()) else {
        return Ok(Named { uri, pair: None });
    };
    let followed = inner.object().and_then(Thing::id);
    let from = known_account(read, origin, &inner.actor)?;
    let to = followed.map(|uri| known_account(read, origin, uri)).transpose()?.flatten();
    let pair = from.zip(to).map(|(from, to)| Pair { from: from.id, to: to.id });
    Ok(Named { uri, pair })
}
