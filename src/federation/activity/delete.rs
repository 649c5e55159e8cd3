//! Delete (ActivityPub §6.4, §7.4): a status or an account is gone, both ways.

use super::{Built, Incoming, Received, built, create, forward, object_key, require_account};
use crate::{
    account::accept as accounts,
    error::Result,
    federation::{
        address::RemoteUri,
        fetch,
        outward::{PUBLIC, account_uri, address_group, note::Addressing, with_context},
    },
    origin::Origin,
    status::{self as statuses, accept},
};
use serde_json::{Value, json};
use storage::{
    AccountId, Read,
    account::{self, Account},
    audience::Audience,
    delivery::Priority,
    status::Visibility,
};

/// What a deleted status owes to whoever got it, and to `holders`, whose servers have it anyway.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    author: AccountId,
    path: &str,
    visibility: Visibility,
    mentions: &[AccountId],
    holders: &[AccountId],
) -> Result<Option<Built>> {
    let account = require_account(read, author)?;
    let mut named = Vec::with_capacity(mentions.len());
    for id in mentions {
        named.extend(account::find(read, *id)?);
    }
    let uris: Vec<String> = named.iter().map(|account| account_uri(origin, account)).collect();
    let mut document = document(origin, &account, path, Addressing::of(origin, &account, visibility, &uris));
    let public = matches!(visibility, Visibility::Public | Visibility::Unlisted);
    if let Some(group) = named.iter().find(|account| public && statuses::is_group(account)) {
        address_group(&mut document, group);
    }
    let object = object_key(origin, path);
    let audience = Audience {
        followers_of: (visibility != Visibility::Direct).then_some(author),
        accounts: [mentions, holders].concat(),
        prior_of: Some(object),
        ..Audience::default()
    };
    built(&document, author, object, create::priority(visibility, mentions), audience).map(Some)
}

/// What a deleted status owes to whoever heard that `by`, who lives here, shared it: the same Delete, behind the Announce of
/// their reblog at the path `reblog`, which ends with it.
///
/// # Errors
/// Storage errors.
pub fn build_shared(
    read: &dyn Read,
    origin: &Origin,
    author: AccountId,
    path: &str,
    by: AccountId,
    reblog: &str,
) -> Result<Option<Built>> {
    let account = require_account(read, author)?;
    let document = document(origin, &account, path, Addressing::of(origin, &account, Visibility::Public, &[]));
    let object = object_key(origin, reblog);
    let audience = Audience { followers_of: Some(by), prior_of: Some(object), ..Audience::default() };
    built(&document, author, object, Priority::Reblog, audience).map(Some)
}

fn document(origin: &Origin, author: &Account, path: &str, Addressing { to, cc }: Addressing) -> Value {
    let uri = origin.url(path);
    with_context(json!({
        "id": format!("{uri}#delete"),
        "type": "Delete",
        "actor": account_uri(origin, author),
        "to": to,
        "cc": cc,
        "object": { "id": uri, "type": "Tombstone" },
    }))
}

/// What everybody is told of an account that is gone for good.
///
/// # Errors
/// Storage errors.
///
/// Source: ActivityPub §6.4; FEDERATION §3 (Delete).
pub fn build_actor(read: &dyn Read, origin: &Origin, id: AccountId) -> Result<Option<Built>> {
    let account = require_account(read, id)?;
    let uri = account_uri(origin, &account);
    let document = with_context(json!({
        "id": format!("{uri}#delete"),
        "type": "Delete",
        "actor": uri,
        "to": [PUBLIC],
        "object": uri,
    }));
    let audience = Audience { followers_of: Some(id), everybody: true, ..Audience::default() };
    built(&document, id, object_key(origin, &account.uri), Priority::Profile, audience).map(Some)
}

/// The sender deletes itself, or something of its own.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let by = incoming.account;
    if target == incoming.actor.as_str() {
        incoming.server.write(move |tx| accounts::accept_delete(tx, by)).await?;
        return Ok(Received::Done);
    }
    match RemoteUri::parse(&target, fetch::schemes(incoming.server)) {
        Ok(uri) if uri.same_origin(&incoming.actor) => {}
        _ => return Ok(Received::Dropped("its object is somebody else's")),
    }
    let about = target.clone();
    let answered = incoming.server.read(move |view| forward::author_answered(view, &about)).await?;
    let passable = if answered.is_some() { forward::passable(incoming).await } else { None };
    let rule = move |tx: &mut storage::Tx<'_>| {
        let answered = forward::author_answered(tx, &target)?;
        let known = accept::accept_delete(tx, by, &target)?;
        if let (true, Some(author), Some(passable)) = (known, answered, &passable) {
            forward::owe(tx, author, &target, passable);
        }
        Ok(known)
    };
    let known = incoming.server.write(rule).await?;
    Ok(if known { Received::Done } else { Received::Dropped("not stored; remembered as deleted") })
}
