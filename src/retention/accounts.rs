//! Accounts of other servers and hashtags that nothing here names any more.

use super::FollowedTags;
use crate::{error::Result, limits};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Key, Read, Timestamp, Tx,
    account::{self, ACCOUNTS, Account, AccountStats},
    record::Record,
    status::TAG_TIMELINE,
    table::{KeyRange, hex},
    tag::{TAGS, Tag},
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

/// Removes those of the next `limits::EXPIRE_STEP` hashtags, from the key `from` on, that no status for everybody has, nobody
/// in `followed` follows, and that were first seen before `until`; answers how many, and where to go on.
///
/// # Errors
/// Storage errors.
pub fn forget_tags(
    tx: &mut Tx<'_>,
    from: &[u8],
    followed: &FollowedTags,
    until: Timestamp,
) -> Result<(usize, Option<Vec<u8>>)> {
    tx.accept_when_full();
    let (mut old, mut seen, mut next) = (Vec::new(), 0, None);
    let range = KeyRange { from: from.to_vec(), until: None };
    tx.scan_bytes(TAGS.id, &range, Direction::Ascending, &mut |key, value| {
        if seen == limits::EXPIRE_STEP || old.len() == limits::EXPIRED_AT_ONCE {
            next = Some(key.to_vec());
            return Ok(ControlFlow::Break(()));
        }
        seen += 1;
        let unreadable = || storage::Error::corrupt(TAGS.name, hex(key), "unreadable key");
        let (name, tag) = (String::from_bytes(key).ok_or_else(unreadable)?, Tag::decode(value)?);
        if tag.id.time() < until && !followed.have(&name) {
            old.push(name);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut removed = 0;
    for name in old {
        if TAG_TIMELINE.list(tx, &name, Bounds::NONE, Direction::Ascending, 1)?.is_empty() {
            TAGS.delete(tx, &name);
            removed += 1;
        }
    }
    Ok((removed, next))
}
