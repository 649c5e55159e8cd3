//! Accounts of other servers that nothing here names any more.

use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read, Timestamp, Tx,
    account::{self, ACCOUNTS, Account, AccountStats},
    unnamed::Unnamed,
};

/// Accounts that may go if nothing names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// They, in order.
    pub ids: Vec<AccountId>,
    /// Behind which account to look on; none: these were the last.
    pub next: Option<AccountId>,
}

/// Those of the next `limits::ACCOUNTS_LOOKED_AT` accounts behind `behind` that were last read from their servers before
/// `until`, and of which no status and no follow is here.
///
/// # Errors
/// Storage errors.
pub fn candidates(read: &dyn Read, behind: Option<AccountId>, until: Timestamp) -> Result<Candidates> {
    let bounds = Bounds { above: behind.map(|behind| behind.0), below: None };
    let rows = ACCOUNTS.list(read, &(), bounds, Direction::Ascending, limits::ACCOUNTS_LOOKED_AT)?;
    let next = rows.last().filter(|_| rows.len() == limits::ACCOUNTS_LOOKED_AT).map(|(id, _)| *id);
    let mut ids = Vec::new();
    for (id, row) in rows {
        if is_old(&row, until) && has_nothing(account::stats(read, id)?) {
            ids.push(id);
        }
    }
    Ok(Candidates { ids, next })
}

/// Of whom its server, or somebody here, said nothing since `until`.
fn is_old(row: &Account, until: Timestamp) -> bool {
    !row.is_local() && row.fetched_at < until && row.suspended_at.is_none_or(|at| at < until)
}

fn has_nothing(stats: AccountStats) -> bool {
    stats.statuses == 0 && stats.followers == 0 && stats.following == 0
}

/// Removes the next accounts behind `behind` of those watched in this store that nothing has named, at most
/// `limits::ACCOUNTS_FORGOTTEN_AT_ONCE`; answers how many, and behind which to go on.
///
/// # Errors
/// Storage errors.
pub fn forget(tx: &mut Tx<'_>, unnamed: &Unnamed, behind: Option<AccountId>) -> Result<(usize, Option<AccountId>)> {
    tx.accept_when_full();
    let left = unnamed.left(behind, limits::ACCOUNTS_FORGOTTEN_AT_ONCE);
    let mut removed = 0;
    for id in &left {
        if let Some(row) = ACCOUNTS.get(tx, id)? {
            account::forget(tx, &row)?;
            removed += 1;
        }
    }
    Ok((removed, left.last().copied()))
}
