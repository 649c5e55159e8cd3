//! Block (ActivityPub §6.9): received only; ours are not told to anybody.

use super::{Incoming, Received, local_account};
use crate::{
    error::{Error, Result},
    relationship::accept,
};

/// The sender blocks somebody here: follows between them end.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
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
