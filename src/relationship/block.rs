//! Blocking and unblocking by somebody here.

use super::{sever, tell};
use crate::{account, error::Result};
use storage::{AccountId, Tx, collection, endorsement, filtered, habit, intent::Intent, relationship};

/// `account` blocks `target`: follows, requests, endorsements and places in each other's collections end, and what was
/// filtered of it goes. A remote target's server hears that the follows end, and of the block itself if `account` chose
/// so. Blocking oneself does nothing.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#block.
pub fn block(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    let (own, to) = (account::require(tx, account)?, account::require(tx, target)?);
    if account == target {
        return Ok(());
    }
    super::unfollow(tx, account, target)?;
    remove_from_followers(tx, account, target)?;
    endorsement::unendorse(tx, account, target)?;
    filtered::refuse(tx, account, target)?;
    collection::part(tx, account, target)?;
    let row = relationship::put_block(tx, &own, target)?;
    let Some(row) = row.filter(|_| !to.is_local()) else { return Ok(()) };
    if habit::of(tx, account)?.tells_blocks {
        tell(tx, Intent::Block { account, target, row });
    } else {
        relationship::keep_untold(tx, account, target);
    }
    Ok(())
}

/// Takes a block back; nothing happens if there is none. Who heard of it hears of its end.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#unblock.
pub fn unblock(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    let to = account::require(tx, target)?;
    let told = !to.is_local() && !relationship::is_untold(tx, account, target)?;
    let row = relationship::remove_block(tx, account, target)?;
    if let Some(row) = row.filter(|_| told) {
        tell(tx, Intent::UndoBlock { account, target, row });
    }
    Ok(())
}

/// Ends the follow, or the request, of `follower`; a remote follower's server is told.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#remove_from_followers.
pub fn remove_from_followers(tx: &mut Tx<'_>, account: AccountId, follower: AccountId) -> Result<()> {
    let from = account::require(tx, follower)?;
    if let Some(gone) = sever(tx, follower, account)?.row().filter(|_| !from.is_local()) {
        tell(tx, Intent::RejectFollow { target: account, follower, follow_uri: gone.uri });
    }
    Ok(())
}
