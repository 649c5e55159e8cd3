//! Lists around marks: what an account favourited and bookmarked, who favourited and reblogged a status.

use crate::{error::Result, limits, timeline::Window, visibility::Sight};
use std::ops::ControlFlow;
use storage::{
    AccountId, Key, Read, RowId, StatusId, Table,
    quote::{self, QUOTES_OF, QuoteState},
    record::Record,
    status::{self, BOOKMARK_ROWS, FAVOURITE_ROWS, FAVOURITED_BY, REBLOGS, Status},
};

/// A part of a list of marked statuses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marked {
    /// The statuses, the last marked first.
    pub statuses: Vec<Status>,
    /// The newest and the oldest row looked at.
    pub examined: Option<(u64, u64)>,
}

/// A part of a list of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The accounts, the last first.
    pub accounts: Vec<AccountId>,
    /// The newest and the oldest row looked at.
    pub examined: Option<(u64, u64)>,
}

/// What `owner` favourited and may still see.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, favourites.
pub fn favourites(read: &dyn Read, owner: AccountId, window: Window) -> Result<Marked> {
    marked(read, &FAVOURITE_ROWS, owner, window)
}

/// What `owner` bookmarked and may still see.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, bookmarks.
pub fn bookmarks(read: &dyn Read, owner: AccountId, window: Window) -> Result<Marked> {
    marked(read, &BOOKMARK_ROWS, owner, window)
}

/// Who favourited a status that `viewer` may see.
///
/// # Errors
/// `NotFound` if `viewer` may not see it.
///
/// Source: client API, statuses#favourited_by.
pub fn favourited_by(read: &dyn Read, viewer: Option<AccountId>, id: StatusId, window: Window) -> Result<People> {
    let status = super::require(read, viewer, id)?;
    let sight = Sight::new(read, viewer);
    let original = status.reblog_of.unwrap_or(id);
    people(read, &FAVOURITED_BY, original, window, |row: RowId, who| Ok((row.0, sight.lists_account(who)?)))
}

/// Who reblogged a status that `viewer` may see; reblogs for followers only count where `viewer` may see them.
///
/// # Errors
/// `NotFound` if `viewer` may not see it.
///
/// Source: client API, statuses#reblogged_by.
pub fn reblogged_by(read: &dyn Read, viewer: Option<AccountId>, id: StatusId, window: Window) -> Result<People> {
    let status = super::require(read, viewer, id)?;
    let sight = Sight::new(read, viewer);
    let original = status.reblog_of.unwrap_or(id);
    people(read, &REBLOGS, original, window, |row: StatusId, _| match status::find(read, row)? {
        Some(reblog) => Ok((row.0, sight.can_see(&reblog)? && sight.lists_account(reblog.account)?)),
        None => Ok((row.0, false)),
    })
}

/// Accepted quotes of a status that `viewer` may see, themselves to be seen by `viewer`.
///
/// # Errors
/// `NotFound` if `viewer` may not see the status.
///
/// Source: client API, statuses#quotes.
pub fn quotes(read: &dyn Read, viewer: Option<AccountId>, id: StatusId, window: Window) -> Result<Marked> {
    let quoted = super::require(read, viewer, id)?;
    let sight = Sight::new(read, viewer);
    let mut statuses = Vec::new();
    let examined = walk(read, &QUOTES_OF, &quoted.id, window, |(_, quoting): (StatusId, StatusId), ()| {
        let accepted = quote::find(read, quoting)?.is_some_and(|row| row.state == QuoteState::Accepted);
        if let Some(status) = status::find(read, quoting)?.filter(|_| accepted)
            && sight.can_see(&status)?
        {
            statuses.push(status);
            return Ok((quoting.0, true));
        }
        Ok((quoting.0, false))
    })?;
    window.newest_first(&mut statuses);
    Ok(Marked { statuses, examined })
}

fn marked(
    read: &dyn Read,
    table: &Table<(AccountId, RowId), StatusId>,
    owner: AccountId,
    window: Window,
) -> Result<Marked> {
    let sight = Sight::new(read, Some(owner));
    let mut statuses = Vec::new();
    let examined = walk(read, table, &owner, window, |(_, row): (AccountId, RowId), id| {
        if let Some(status) = status::find(read, id)?.filter(|status| status.reblog_of.is_none())
            && sight.can_see(&status)?
        {
            statuses.push(status);
            return Ok((row.0, true));
        }
        Ok((row.0, false))
    })?;
    window.newest_first(&mut statuses);
    Ok(Marked { statuses, examined })
}

fn people<I: Key>(
    read: &dyn Read,
    table: &Table<(StatusId, I), AccountId>,
    status: StatusId,
    window: Window,
    look: impl Fn(I, AccountId) -> Result<(u64, bool)>,
) -> Result<People> {
    let mut accounts = Vec::new();
    let examined = walk(read, table, &status, window, |(_, row): (StatusId, I), who| {
        let (number, shown) = look(row, who)?;
        if shown {
            accounts.push(who);
        }
        Ok((number, shown))
    })?;
    window.newest_first(&mut accounts);
    Ok(People { accounts, examined })
}

/// Walks rows of a list until enough are shown or `limits::SCAN_MAX` were looked at; answers the newest and oldest
/// looked at. `look` says the number of a row and whether it is shown.
fn walk<P: Key, K: Key, R: Record>(
    read: &dyn Read,
    table: &Table<K, R>,
    prefix: &P,
    window: Window,
    mut look: impl FnMut(K, R) -> Result<(u64, bool)>,
) -> Result<Option<(u64, u64)>> {
    let mut examined: Option<(u64, u64)> = None;
    let (mut shown, mut seen) = (0, 0);
    let mut failure = None;
    table.scan(read, prefix, window.bounds, window.direction, |key, record| {
        match look(key, record) {
            Ok((row, is_shown)) => {
                examined = Some(examined.map_or((row, row), |(newest, oldest)| (newest.max(row), oldest.min(row))));
                shown += usize::from(is_shown);
            }
            // A rule's error travels beside the scan, which knows only the store's.
            Err(error) => failure = Some(error),
        }
        seen += 1;
        let stop = failure.is_some() || shown >= window.limit || seen >= limits::SCAN_MAX;
        Ok(if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    failure.map_or(Ok(examined), Err)
}
