//! Add and Remove of hashtags, as Mastodon sends them: what an account elsewhere shows on its profile, in. Their target is
//! the collection of what it shows first, where statuses stand, too; the way out is in `featured.rs`.

use super::{Incoming, Received, Thing};
use crate::{
    error::Result,
    federation::object::{read, tag::hashtag},
    tag,
};

/// Whether what is added or removed is a hashtag.
pub(super) fn is_one(incoming: &Incoming<'_>) -> bool {
    incoming.activity.object().and_then(Thing::inline).is_some_and(|object| read::types(object).contains(&"Hashtag"))
}

/// The sender shows a hashtag on its profile.
pub(super) async fn receive_add(incoming: &Incoming<'_>) -> Result<Received> {
    let name = match named(incoming) {
        Ok(name) => name,
        Err(dropped) => return Ok(dropped),
    };
    let by = incoming.account;
    let fresh = incoming.server.write(move |tx| tag::accept_feature(tx, by, &name)).await?;
    Ok(if fresh { Received::Done } else { Received::Dropped("shown already") })
}

/// The sender no longer shows a hashtag on its profile.
pub(super) async fn receive_remove(incoming: &Incoming<'_>) -> Result<Received> {
    let name = match named(incoming) {
        Ok(name) => name,
        Err(dropped) => return Ok(dropped),
    };
    let by = incoming.account;
    let gone = incoming.server.write(move |tx| tag::accept_unfeature(tx, by, &name)).await?;
    Ok(if gone { Received::Done } else { Received::Dropped("it was not shown") })
}

/// The hashtag, if the collection is the sender's own of what it shows first.
fn named(incoming: &Incoming<'_>) -> std::result::Result<String, Received> {
    let target = incoming.activity.target.as_ref().and_then(Thing::id);
    if target.is_none() || target != incoming.sender.endpoints.featured.as_deref() {
        return Err(Received::Dropped("its target is not what the sender shows first"));
    }
    let object = incoming.object()?.inline();
    object.and_then(hashtag).ok_or(Received::Dropped("its object is no hashtag"))
}
