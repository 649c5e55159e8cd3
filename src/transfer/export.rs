//! Taking a table along: a page of its lines at a time, the oldest rows first.

use super::{behind, table, whole_handle};
use crate::{error::Result, limits, origin::Origin, tag};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Table, account,
    domain_block::DOMAIN_BLOCK_ROWS,
    import::ImportKind,
    list::{LIST_MEMBER_ROWS, LISTS},
    mute::{self, MUTE_ROWS},
    relationship::{self, BLOCK_ROWS, FOLLOWING_ROWS},
    status::{self, BOOKMARK_ROWS, FAVOURITE_ROWS},
};

/// How far a table has been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing is.
    Start,
    /// Up to this row.
    Behind(u64),
    /// Of this list up to this row; 0: nothing.
    InList(u64, u64),
}

/// The next lines of a table, and how far it is then; `None`: that is all. At most `limits::EXPORT_ROWS_AT_ONCE` rows are
/// looked at.
///
/// # Errors
/// Storage errors.
pub fn page(
    read: &dyn Read,
    origin: &Origin,
    owner: AccountId,
    kind: ImportKind,
    place: Place,
) -> Result<(Vec<u8>, Option<Place>)> {
    let mut text = Vec::new();
    if let (Place::Start, Some(head)) = (place, table::head(kind)) {
        text.extend(table::line(head)?);
    }
    let from = match place {
        Place::Start => 0,
        Place::Behind(row) | Place::InList(row, _) => row,
    };
    let last = match kind {
        ImportKind::Following => people(read, &FOLLOWING_ROWS, owner, from, |who| {
            let Some(line) = followed(read, origin, owner, who)? else { return Ok(()) };
            text.extend(line);
            Ok(())
        })?,
        ImportKind::Mutes => people(read, &MUTE_ROWS, owner, from, |who| {
            let Some(handle) = handle(read, origin, who)? else { return Ok(()) };
            let hides = mute::find(read, owner, who)?.is_none_or(|mute| mute.notifications);
            text.extend(table::line(&[handle.as_str(), &hides.to_string()])?);
            Ok(())
        })?,
        ImportKind::Blocks => people(read, &BLOCK_ROWS, owner, from, |who| {
            let Some(handle) = handle(read, origin, who)? else { return Ok(()) };
            text.extend(table::line(&[handle])?);
            Ok(())
        })?,
        ImportKind::Domains => {
            let rows = DOMAIN_BLOCK_ROWS.list(read, &owner, behind(from), Direction::Ascending, STEP)?;
            for (_, blocked) in &rows {
                text.extend(table::line(&[&blocked.domain])?);
            }
            rows.last().filter(|_| rows.len() == STEP).map(|((_, row), _)| row.0)
        }
        ImportKind::Bookmarks => statuses(read, origin, &BOOKMARK_ROWS, (owner, from), &mut text)?,
        ImportKind::Tags => {
            let rows = tag::followed_page(read, owner, behind(from), Direction::Ascending, STEP)?;
            // That page tells the newest first.
            for (_, name) in rows.iter().rev() {
                text.extend(table::line(&[name])?);
            }
            rows.first().filter(|_| rows.len() == STEP).map(|(row, _)| row.0)
        }
        ImportKind::Lists => return members(read, origin, owner, place, text),
    };
    Ok((text, last.map(Place::Behind)))
}

/// The same of the favourites of `owner`, one address a line as bookmarks have it; nobody reads them in, since a favourite
/// that is brought would tell its author again.
///
/// # Errors
/// Storage errors.
pub fn favourites(
    read: &dyn Read,
    origin: &Origin,
    owner: AccountId,
    place: Place,
) -> Result<(Vec<u8>, Option<Place>)> {
    let from = if let Place::Behind(row) = place { row } else { 0 };
    let mut text = Vec::new();
    let last = statuses(read, origin, &FAVOURITE_ROWS, (owner, from), &mut text)?;
    Ok((text, last.map(Place::Behind)))
}

/// Lines of statuses; answers the last row if there may be more.
fn statuses(
    read: &dyn Read,
    origin: &Origin,
    marks: &Table<(AccountId, RowId), StatusId>,
    (owner, from): (AccountId, u64),
    text: &mut Vec<u8>,
) -> Result<Option<u64>> {
    let rows = marks.list(read, &owner, behind(from), Direction::Ascending, STEP)?;
    for (_, id) in &rows {
        if let Some(status) = status::find(read, *id)? {
            text.extend(table::line(&[origin.url(&status.uri)])?);
        }
    }
    Ok(rows.last().filter(|_| rows.len() == STEP).map(|((_, row), _)| row.0))
}

const STEP: usize = limits::EXPORT_ROWS_AT_ONCE;

/// Hands the accounts of a list to `write`; answers the last row if there may be more.
fn people(
    read: &dyn Read,
    table: &Table<(AccountId, RowId), AccountId>,
    owner: AccountId,
    from: u64,
    mut write: impl FnMut(AccountId) -> Result<()>,
) -> Result<Option<u64>> {
    let rows = table.list(read, &owner, behind(from), Direction::Ascending, STEP)?;
    for (_, who) in &rows {
        write(*who)?;
    }
    Ok(rows.last().filter(|_| rows.len() == STEP).map(|((_, row), _)| row.0))
}

/// Whole handles of accounts that are not gone.
fn handle(read: &dyn Read, origin: &Origin, who: AccountId) -> Result<Option<String>> {
    Ok(account::find(read, who)?.map(|account| whole_handle(origin, &account)))
}

fn followed(read: &dyn Read, origin: &Origin, owner: AccountId, who: AccountId) -> Result<Option<Vec<u8>>> {
    let (Some(handle), Some(follow)) = (handle(read, origin, who)?, relationship::find(read, owner, who)?) else {
        return Ok(None);
    };
    let (reblogs, notify) = (follow.reblogs.to_string(), follow.notify.to_string());
    table::line(&[handle, reblogs, notify, follow.languages.join(", ")]).map(Some)
}

/// Lines of one list after another: title and member.
fn members(
    read: &dyn Read,
    origin: &Origin,
    owner: AccountId,
    place: Place,
    mut text: Vec<u8>,
) -> Result<(Vec<u8>, Option<Place>)> {
    let (id, within) = match place {
        Place::InList(id, within) => (id, within),
        Place::Start | Place::Behind(_) => (0, 0),
    };
    let from = Bounds { above: id.checked_sub(1), below: None };
    let Some(((_, list), record)) = LISTS.list(read, &owner, from, Direction::Ascending, 1)?.pop() else {
        return Ok((text, None));
    };
    // The list may be gone since; then this is the next one.
    let within = if list.0 == id { within } else { 0 };
    let rows = LIST_MEMBER_ROWS.list(read, &list, behind(within), Direction::Ascending, STEP)?;
    for (_, who) in &rows {
        if let Some(handle) = handle(read, origin, *who)? {
            text.extend(table::line(&[record.title.as_str(), &handle])?);
        }
    }
    let next = match rows.last().filter(|_| rows.len() == STEP) {
        Some(((_, row), _)) => Place::InList(list.0, row.0),
        None => Place::InList(list.0 + 1, 0),
    };
    Ok((text, Some(next)))
}
