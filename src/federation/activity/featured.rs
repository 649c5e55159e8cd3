//! Add and Remove (ActivityPub §7.8, §7.9): a status is shown first on its author's profile, or no longer, in.

use super::{Incoming, Received, Thing};
use crate::{
    error::Result,
    federation::{address::RemoteUri, fetch},
    status::accept,
};
use storage::{Bounds, Direction, StatusId, relationship::FOLLOWER_ROWS, status};

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
        let followers = FOLLOWER_ROWS.list(view, &by, Bounds::NONE, Direction::Ascending, 1)?;
        Ok((known, !followers.is_empty()))
    });
    looked.await
}
