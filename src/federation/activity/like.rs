//! Like (ActivityPub §6.8, §7.10): a favourite, both ways; and Dislike, which only ends one.

use super::{Built, Incoming, Received, author_and_group, built, interaction, react, require_account};
use crate::{
    error::{Error, Result},
    federation::outward::{account_uri, address_group, authorize, with_context},
    origin::Origin,
    status::{self as statuses, accept, react::accept_like},
};
use serde_json::{Value, json};
use storage::{
    AccountId, Digest, Read, RowId, StatusId,
    account::Account,
    delivery::Priority,
    interaction::Interaction,
    status::{self, FAVOURITES},
};

/// What a favourite owes to the author of its status, and to the group in whose thread that stands; one that waits for its
/// author's word to them alone.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    account: AccountId,
    status: StatusId,
    row: RowId,
) -> Result<Option<Built>> {
    let Some(status) = status::find(read, status)? else { return Ok(None) };
    let who = require_account(read, account)?;
    let mut document = with_context(document(origin, &who, row, &status.uri));
    if let Some(shown) = statuses::authorization(read, who.id, Interaction::Favourite, status.id)? {
        authorize(&mut document, "likeAuthorization", &origin.url(&shown));
    }
    // Not one that was taken back and has been followed by another.
    let is_given = FAVOURITES.get(read, &(account, status.id))?.is_some_and(|mark| mark.row == row);
    let group = if is_given { statuses::group_of(read, account, &status)? } else { None };
    if let Some(group) = &group {
        address_group(&mut document, group);
    }
    let (object, audience) = (Digest::of(&path(&who, row)), author_and_group(status.account, group.as_ref()));
    built(&document, account, object, Priority::Public, audience).map(Some)
}

/// A Like, without `@context`.
pub(super) fn document(origin: &Origin, who: &Account, row: RowId, status_uri: &str) -> Value {
    json!({
        "id": origin.url(&path(who, row)),
        "type": "Like",
        "actor": account_uri(origin, who),
        "object": origin.url(status_uri),
    })
}

/// The path of a local account's Like.
pub(super) fn path(who: &Account, row: RowId) -> String {
    format!("{}#likes/{row}", who.uri)
}

/// The sender likes a status that is known here. With an emoji it is a reaction, which is no favourite (FEDERATION.md
/// §3: Misskey, Mitra), unless the emoji cannot be used: a Like it is all the same.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let domain = incoming.sender.domain.as_deref().unwrap_or_default();
    if let Some(emoji) = react::emoji_of(&incoming.activity, domain) {
        return react::take(incoming, emoji, accept_like).await;
    }
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, by, uri) = (incoming.origin(), incoming.account, incoming.id());
    let shown = shown_leave(incoming, &target, &uri).await?;
    let fresh = incoming
        .server
        .write(move |tx| {
            let status = statuses::find_by_uri(tx, &origin, &target)?.ok_or(Error::NotFound)?;
            if let Some(shown) = &shown {
                statuses::interaction::vouched(tx, by, status.id, Interaction::Favourite, (&uri, shown))?;
            }
            accept::accept_favourite(tx, by, status.id, &uri)
        })
        .await?;
    Ok(if fresh { Received::Done } else { Received::Dropped("known already, or not let") })
}

/// What shows that the author of the status at `target` lets the sender like it, where a Like between others shows
/// something.
async fn shown_leave(incoming: &Incoming<'_>, target: &str, uri: &str) -> Result<Option<String>> {
    if incoming.activity.authorization.is_none() {
        return Ok(None);
    }
    let (origin, wanted) = (incoming.origin(), target.to_owned());
    let known = incoming.server.read(move |view| statuses::find_by_uri(view, &origin, &wanted)).await?;
    match known {
        Some(known) => interaction::shown_leave(incoming, known.id, Interaction::Favourite, uri).await,
        None => Ok(None),
    }
}

/// The sender dislikes a status, so it no longer likes it: where there are votes, whoever turns theirs round says no more
/// (Lemmy, Mbin, PieFed). Of a dislike itself nothing is shown.
pub(super) async fn receive_dislike(incoming: &Incoming<'_>) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, by) = (incoming.origin(), incoming.account);
    let changed = incoming
        .server
        .write(move |tx| {
            let status = statuses::find_by_uri(tx, &origin, &target)?.ok_or(Error::NotFound)?;
            accept::accept_undo_favourite(tx, by, None, Some(status.id))
        })
        .await?;
    Ok(if changed { Received::Done } else { Received::Dropped("a dislike of what it did not like") })
}
