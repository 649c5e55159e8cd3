//! Move (FEDERATION §3): an account has moved, both ways.

use super::{Built, Incoming, Received, Thing, built, local_account, object_key};
use crate::{
    error::Result,
    federation::{
        fetch::actor,
        outward::{account_uri, followers_uri, with_context},
    },
    origin::Origin,
    relationship,
};
use serde_json::json;
use storage::{AccountId, Read, Timestamp, account, audience::Audience, delivery::Priority};

/// What a move of somebody here owes to the followers' servers; nothing if it was taken back by now.
///
/// # Errors
/// Storage errors.
pub fn build(read: &dyn Read, origin: &Origin, id: AccountId, at: Timestamp) -> Result<Option<Built>> {
    let Some(account) = account::find(read, id)? else { return Ok(None) };
    let Some(target) = account.moved_to.as_ref().filter(|_| account.moved_at == Some(at)) else { return Ok(None) };
    let uri = account_uri(origin, &account);
    let document = with_context(json!({
        "id": format!("{uri}#moves/{}", at.0),
        "type": "Move",
        "actor": uri,
        "to": followers_uri(origin, &account).into_iter().collect::<Vec<_>>(),
        "object": uri,
        "target": target,
    }));
    let audience = Audience { followers_of: Some(id), ..Audience::default() };
    // Behind the Update of the same profile, which says where it moved.
    built(&document, id, object_key(origin, &account.uri), Priority::Profile, audience).map(Some)
}

/// The sender says that it moved. Both accounts are read anew: what is stored may be older than what they say of each
/// other.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    match incoming.object_id() {
        Ok(object) if object == incoming.actor.as_str() => {}
        Ok(_) => return Ok(Received::Dropped("somebody else's move")),
        Err(dropped) => return Ok(dropped),
    }
    let Some(target) = incoming.activity.target.as_ref().and_then(Thing::id) else {
        return Ok(Received::Dropped("it does not say where to"));
    };
    let (server, origin) = (incoming.server, incoming.origin());
    let uri = target.to_owned();
    let local = server.read(move |view| local_account(view, &origin, &uri)).await?;
    let from = actor::refresh(server, incoming.actor.as_str(), &incoming.budget).await?;
    let to = match local {
        Some(account) => account.id,
        None => actor::refresh(server, target, &incoming.budget).await?,
    };
    let origin = incoming.origin();
    server.write(move |tx| relationship::accept_move(tx, &origin, from, to)).await?;
    Ok(Received::Done)
}
