//! Add and Remove (ActivityPub §6.6, §6.7, §7.8, §7.9): a status is shown first on its author's profile, or no longer,
//! both ways; out also of hashtags, whose way in is `featured_tag.rs`.

use super::{Built, Incoming, Received, Thing, built, object_key, require_account};
use crate::{
    error::Result,
    federation::{
        address::RemoteUri,
        fetch,
        object::ActivityKind,
        outward::{PUBLIC, account_uri, featured_uri, followers_uri, hashtag, with_context},
    },
    origin::Origin,
    status::accept,
};
use serde_json::json;
use storage::{
    AccountId, Digest, Read, RowId, StatusId, audience::Audience, delivery::Priority, intent::Shown, interaction,
    relationship, status,
};

/// What showing something first on a profile (Add), or no longer (Remove), owes to the followers' servers. A hashtag is added
/// to the collection of statuses, as Mastodon does and reads it.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    kind: ActivityKind,
    account: AccountId,
    row: RowId,
    shown: &Shown,
) -> Result<Option<Built>> {
    let who = require_account(read, account)?;
    let (object, key) = match shown {
        Shown::Status(id) => match status::find(read, *id)? {
            Some(status) if !interaction::is_pending(read, &status)? => {
                (json!(origin.url(&status.uri)), object_key(origin, &status.uri))
            }
            // Its Delete says more.
            _ => return Ok(None),
        },
        Shown::Tag(name) => (hashtag(origin, name), Digest::of(&format!("featured tag {account} {name}"))),
    };
    let uri = account_uri(origin, &who);
    let document = with_context(json!({
        "id": format!("{uri}#featured/{row}/{}", kind.name().to_lowercase()),
        "type": kind.name(),
        "actor": uri,
        "to": [PUBLIC],
        "cc": followers_uri(origin, &who).into_iter().collect::<Vec<_>>(),
        "object": object,
        "target": featured_uri(origin, &who),
    }));
    let audience = Audience { followers_of: Some(account), ..Audience::default() };
    built(&document, account, key, Priority::Profile, audience).map(Some)
}

/// The sender pins a status of its own. One that is not here is read if somebody here follows the sender.
pub(super) async fn receive_add(incoming: &Incoming<'_>) -> Result<Received> {
    let uri = match named(incoming) {
        Ok(uri) => uri,
        Err(dropped) => return Ok(dropped),
    };
    let (server, by) = (incoming.server, incoming.account);
    let (known, followed) = look(incoming, &uri).await?;
    let status = match known {
        Some(known) => known,
        None if followed => {
            let reason = accept::Reason::Pinned(by);
            fetch::status::wanted(server, &uri, &incoming.budget, reason).await?
        }
        None => return Ok(Received::Dropped("what it pins concerns nobody here")),
    };
    let fresh = server.write(move |tx| accept::accept_pin(tx, by, status)).await?;
    Ok(if fresh { Received::Done } else { Received::Dropped("pinned already") })
}

/// The sender no longer pins a status of its own.
pub(super) async fn receive_remove(incoming: &Incoming<'_>) -> Result<Received> {
    let uri = match named(incoming) {
        Ok(uri) => uri,
        Err(dropped) => return Ok(dropped),
    };
    let by = incoming.account;
    let Some(status) = look(incoming, &uri).await?.0 else { return Ok(Received::Dropped("not stored")) };
    let gone = incoming.server.write(move |tx| accept::accept_unpin(tx, by, status)).await?;
    Ok(if gone { Received::Done } else { Received::Dropped("it was not pinned") })
}

/// The status, if the collection is the sender's own of what it shows first and the status is of the sender's server.
fn named(incoming: &Incoming<'_>) -> std::result::Result<String, Received> {
    let target = incoming.activity.target.as_ref().and_then(Thing::id);
    if target.is_none() || target != incoming.sender.endpoints.featured.as_deref() {
        return Err(Received::Dropped("its target is not what the sender shows first"));
    }
    let uri = incoming.object_id()?;
    match RemoteUri::parse(uri, fetch::schemes(incoming.server)) {
        Ok(id) if id.same_origin(&incoming.actor) => Ok(uri.to_owned()),
        _ => Err(Received::Dropped("its object is somebody else's")),
    }
}

/// The status, if it is stored, and whether somebody follows the sender: all of whose followers known here live here.
async fn look(incoming: &Incoming<'_>, uri: &str) -> Result<(Option<StatusId>, bool)> {
    let (uri, by) = (uri.to_owned(), incoming.account);
    let looked = incoming.server.read(move |view| {
        let known = status::find_by_uri(view, &uri)?.map(|status| status.id);
        Ok((known, relationship::has_followers(view, by)?))
    });
    looked.await
}
