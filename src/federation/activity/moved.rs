//! Move (FEDERATION §3): an account elsewhere has moved, in.

use super::{Incoming, Received, Thing, local_account};
use crate::{error::Result, federation::fetch::actor, relationship};

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
