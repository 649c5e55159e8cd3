//! Removing what a deleted account leaves in the lists of others, step by step.

use super::sever;
use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Tx,
    relationship::{self, BLOCKS, FOLLOW_REQUEST_ROWS, FOLLOW_REQUESTS, FOLLOWER_ROWS, FOLLOWING_ROWS, FOLLOWS},
};

/// Removes some of the follows, requests and blocks of `account`; says whether there may be more.
///
/// Each step is one transaction; the job `PurgeAccount` calls it until nothing is left.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let left = end_some(tx, account)?;
    let blocks = BLOCKS.list(tx, &account, Bounds::NONE, Direction::Ascending, left)?;
    for ((_, target), _) in &blocks {
        relationship::remove_block(tx, account, *target)?;
    }
    Ok(left == blocks.len())
}

/// Ends some of the follows and requests from and to `account`; says whether there may be more. Blocks stay.
///
/// Each step is one transaction; the jobs `SeverAccount` and `SeverPeer` call it until nothing is left.
///
/// # Errors
/// Storage errors.
pub fn sever_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    Ok(end_some(tx, account)? == 0)
}

/// Ends follows and requests as far as one step goes; answers how many more rows the step may take.
fn end_some(tx: &mut Tx<'_>, account: AccountId) -> Result<usize> {
    let step = limits::RELATIONSHIPS_PURGED_AT_ONCE;
    let ascending = Direction::Ascending;
    let followed = FOLLOWS.list(tx, &account, Bounds::NONE, ascending, step)?;
    let followers = FOLLOWER_ROWS.list(tx, &account, Bounds::NONE, ascending, step - followed.len())?;
    let left = step - followed.len() - followers.len();
    let requested = FOLLOW_REQUESTS.list(tx, &account, Bounds::NONE, ascending, left)?;
    let left = left - requested.len();
    let requesters = FOLLOW_REQUEST_ROWS.list(tx, &account, Bounds::NONE, ascending, left)?;
    let left = left - requesters.len();
    for ((_, target), follow) in &followed {
        sever(tx, account, *target)?;
        FOLLOWING_ROWS.delete(tx, &(account, follow.row));
    }
    for ((_, row), follower) in &followers {
        sever(tx, *follower, account)?;
        // Also if the follow it led to was gone already: the row would be found again.
        FOLLOWER_ROWS.delete(tx, &(account, *row));
    }
    for ((_, target), _) in &requested {
        sever(tx, account, *target)?;
    }
    for ((_, row), requester) in &requesters {
        sever(tx, *requester, account)?;
        FOLLOW_REQUEST_ROWS.delete(tx, &(account, *row));
    }
    Ok(left)
}
