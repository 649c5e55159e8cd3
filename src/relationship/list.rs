//! The lists followers, following and follow requests, newest first, by row.

use crate::{error::Result, limits};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Table,
    account::{self, Account},
    relationship::{FOLLOW_REQUEST_ROWS, FOLLOWER_ROWS, FOLLOWING_ROWS, blocks},
};

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows shown, newest first.
    pub rows: Vec<(RowId, AccountId)>,
    /// The newest and the oldest row *examined*: the cursors of the neighbouring pages.
    pub examined: Option<(RowId, RowId)>,
    /// The list may go on behind what was examined.
    pub more: bool,
}

/// Who follows `owner`, as `viewer` may see it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#followers.
pub fn followers(
    read: &dyn Read,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    if hidden(read, owner, viewer)? {
        return Ok(Rows::default());
    }
    scan(read, &FOLLOWER_ROWS, owner.id, viewer, bounds, direction, limit)
}

/// Whom `owner` follows, as `viewer` may see it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#following.
pub fn following(
    read: &dyn Read,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    if hidden(read, owner, viewer)? {
        return Ok(Rows::default());
    }
    scan(read, &FOLLOWING_ROWS, owner.id, viewer, bounds, direction, limit)
}

/// Who asks to follow `owner`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, follow_requests.
pub fn requests(read: &dyn Read, owner: AccountId, bounds: Bounds, direction: Direction, limit: usize) -> Result<Rows> {
    scan(read, &FOLLOW_REQUEST_ROWS, owner, Some(owner), bounds, direction, limit)
}

/// Lists are not for others if their owner hides them, is suspended, or blocks the viewer.
fn hidden(read: &dyn Read, owner: &Account, viewer: Option<AccountId>) -> Result<bool> {
    if owner.suspended_at.is_some() {
        return Ok(true);
    }
    match viewer {
        Some(viewer) if viewer == owner.id => Ok(false),
        Some(viewer) => Ok(owner.hide_collections || blocks(read, owner.id, viewer)?),
        None => Ok(owner.hide_collections),
    }
}

fn scan(
    read: &dyn Read,
    table: &Table<(AccountId, RowId), AccountId>,
    owner: AccountId,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    let mut examined: Vec<(RowId, AccountId)> = Vec::new();
    let mut rows = Vec::new();
    let mut more = false;
    if limit == 0 {
        return Ok(Rows::default());
    }
    table.scan(read, &owner, bounds, direction, |(_, row), other| {
        if rows.len() == limit || examined.len() == limits::ROWS_EXAMINED_MAX {
            more = true;
            return Ok(ControlFlow::Break(()));
        }
        examined.push((row, other));
        let shown = account::find(read, other)?.is_some_and(|other| other.suspended_at.is_none());
        let blocked = match viewer {
            Some(viewer) if viewer != other => blocks(read, viewer, other)? || blocks(read, other, viewer)?,
            _ => false,
        };
        if shown && !blocked {
            rows.push((row, other));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if direction == Direction::Ascending {
        rows.reverse();
        examined.reverse();
    }
    let ends = examined.first().zip(examined.last()).map(|(newest, oldest)| (newest.0, oldest.0));
    Ok(Rows { rows, examined: ends, more })
}
