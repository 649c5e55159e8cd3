//! Favourites, bookmarks and pins: marks an account puts on a status.

use super::{
    group,
    interaction::{self, Way},
    react, require_original, tell,
};
use crate::{
    account::require_acting,
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Digest, Direction, Event, Read, RowId, StatusId, Table, Tx, activity,
    intent::{Intent, Shown},
    interaction::{Asking, Interaction, InteractionRequest},
    notification::{self, NotificationKind},
    retention::{self, Touch},
    status::{
        self, BOOKMARK_ROWS, BOOKMARKS, FAVOURITE_BY_URI, FAVOURITE_ROWS, FAVOURITED_BY, FAVOURITES, FavouriteRef,
        Mark, PIN_ROWS, PINS, Status, Visibility,
    },
};

/// Favourites a status (of a reblog: the original); a second time nothing happens. If its author must agree first, they
/// are asked. Answers the status.
///
/// # Errors
/// `NotFound` if `by` may not see it; `Forbidden` for who has moved away, and if its author does not let them.
///
/// Source: client API, statuses#favourite.
pub fn favourite(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = require_original(tx, by, id)?;
    if FAVOURITES.contains(tx, &(by, status.id))? {
        return Ok(status);
    }
    let who = require_acting(tx, by)?;
    let way = interaction::way(tx, by, &status, Interaction::Favourite)?;
    if let Way::Waits(_) = way {
        return Ok(status);
    }
    let row: RowId = tx.next_id();
    let uri = format!("{}#likes/{row}", who.uri);
    if way == Way::Ask {
        let request = InteractionRequest { uri, ..interaction::request(tx, by, Interaction::Favourite, &status) };
        storage::interaction::put(tx, row, &request)?;
        interaction::tell_author(tx, &request)?;
        hold(tx, by, &status)?;
    } else {
        put_favourite(tx, by, &status, row, uri)?;
    }
    activity::count(tx, by, activity::Deed::Favourited)?;
    if !status.local {
        let asked = way == Way::Ask && storage::interaction::asking(tx, status.id)? == Asking::ByRequest;
        let like = Intent::Like { account: by, status: status.id, row };
        tell::peers(tx, if asked { Intent::AskFavourite { request: row } } else { like });
    } else if way == Way::Now && group::group_of(tx, by, &status)?.is_some() {
        tell::peers(tx, Intent::Like { account: by, status: status.id, row });
    }
    Ok(status)
}

/// Takes a favourite back; nothing happens if there is none. Answers the status.
///
/// # Errors
/// `NotFound` if the status is unknown, or there is no favourite and `by` may not see it.
///
/// Source: client API, statuses#unfavourite.
pub fn unfavourite(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = marked(tx, &FAVOURITES, by, id)?;
    let (status_uri, author) = (status.uri.clone(), status.account);
    let told = if let Some(Mark { row, .. }) = remove_favourite(tx, by, &status)? {
        let is_told = !status.local || group::group_of(tx, by, &status)?.is_some();
        is_told.then_some(Intent::UndoLike { account: by, row, status_uri, author })
    } else {
        // Of what waited its author alone was told.
        let waited = interaction::withdraw(tx, by, Interaction::Favourite, status.id)?.filter(|_| !status.local);
        waited.map(|(row, _)| Intent::UndoAskFavourite { account: by, row, status_uri, author })
    };
    if let Some(undo) = told {
        tell::peers(tx, undo);
        // Where the two are one it is gone with the favourite.
        if let Some((name, reaction)) = react::told_as_favourite(tx, by, status.id)? {
            tell::peers(tx, Intent::LikeWithEmoji { account: by, status: status.id, row: reaction.row, name });
        }
    }
    Ok(status)
}

/// Stores a favourite, counts it and tells the author if they live here.
pub(super) fn put_favourite(tx: &mut Tx<'_>, by: AccountId, status: &Status, row: RowId, uri: String) -> Result<()> {
    // An id that names another favourite already does not name this one.
    let taken = !uri.is_empty() && FAVOURITE_BY_URI.contains(tx, &Digest::of(&uri))?;
    let uri = if taken { String::new() } else { uri };
    if !uri.is_empty() {
        FAVOURITE_BY_URI.put(tx, &Digest::of(&uri), &FavouriteRef { account: by, status: status.id });
    }
    let created_at = tx.now();
    FAVOURITES.put(tx, &(by, status.id), &Mark { row, created_at, uri });
    FAVOURITE_ROWS.put(tx, &(by, row), &status.id);
    FAVOURITED_BY.put(tx, &(status.id, row), &by);
    hold(tx, by, status)?;
    status::count(tx, status.id, |stats| stats.favourites += 1)?;
    tell::notify(tx, status.account, NotificationKind::Favourite, by, status)?;
    tx.emit(Event::StatusCounted { status: status.id });
    Ok(())
}

/// Removes a favourite with its rows, count and notification.
pub(super) fn remove_favourite(tx: &mut Tx<'_>, by: AccountId, status: &Status) -> Result<Option<Mark>> {
    let Some(mark) = forget_favourite(tx, by, status.id)? else { return Ok(None) };
    status::count(tx, status.id, |stats| stats.favourites = stats.favourites.saturating_sub(1))?;
    notification::withdraw(tx, status.account, NotificationKind::Favourite, by, Some(status.id))?;
    tx.emit(Event::StatusCounted { status: status.id });
    Ok(Some(mark))
}

/// Removes the rows of a favourite alone: its status may be gone.
pub(super) fn forget_favourite(tx: &mut Tx<'_>, by: AccountId, status: StatusId) -> Result<Option<Mark>> {
    let Some(mark) = FAVOURITES.get(tx, &(by, status))? else { return Ok(None) };
    FAVOURITES.delete(tx, &(by, status));
    FAVOURITE_ROWS.delete(tx, &(by, mark.row));
    FAVOURITED_BY.delete(tx, &(status, mark.row));
    if !mark.uri.is_empty() {
        FAVOURITE_BY_URI.delete(tx, &Digest::of(&mark.uri));
    }
    interaction::withdraw(tx, by, Interaction::Favourite, status)?;
    retention::untouch(tx, status, by)?;
    Ok(Some(mark))
}

/// Bookmarks a status (of a reblog: the original). Nobody is told. Answers the status.
///
/// # Errors
/// `NotFound` if `by` may not see it.
///
/// Source: client API, statuses#bookmark.
pub fn bookmark(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = require_original(tx, by, id)?;
    put_mark(tx, (&BOOKMARKS, &BOOKMARK_ROWS), by, status.id)?;
    hold(tx, by, &status)?;
    Ok(status)
}

/// Removes a bookmark; nothing happens if there is none. Answers the status.
///
/// # Errors
/// `NotFound` if the status is unknown, or there is no bookmark and `by` may not see it.
///
/// Source: client API, statuses#unbookmark.
pub fn unbookmark(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = marked(tx, &BOOKMARKS, by, id)?;
    remove_mark(tx, (&BOOKMARKS, &BOOKMARK_ROWS), by, status.id)?;
    Ok(status)
}

/// Pins one of one's own statuses to the profile.
///
/// # Errors
/// `NotFound` if `by` may not see it; `Invalid` for somebody else's, a reblog, a direct status, or one above
/// `limits::PINNED_STATUSES_MAX`.
///
/// Source: client API, statuses#pin.
pub fn pin(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = super::require(tx, Some(by), id)?;
    let refuse = |why: &str| Err(Error::invalid("base", why));
    if status.reblog_of.is_some() {
        return refuse("Reblogs can't be pinned");
    }
    if status.account != by {
        return refuse("Someone else's post cannot be pinned");
    }
    if status.visibility == Visibility::Direct {
        return refuse("Posts that are only visible to mentioned users cannot be pinned");
    }
    if is_pinned(tx, &status)? {
        return Ok(status);
    }
    if pins_are_full(tx, by)? {
        return refuse("You have already pinned the maximum number of posts");
    }
    let row = put_pin(tx, by, id)?;
    tell_pinned(tx, &status, Intent::Feature { account: by, row, shown: Shown::Status(id) })?;
    Ok(status)
}

/// Removes a pin; nothing happens if there is none.
///
/// # Errors
/// `NotFound` if it is not `by`'s own.
///
/// Source: client API, statuses#unpin.
pub fn unpin(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let status = status::find(tx, id)?.filter(|status| status.account == by).ok_or(Error::NotFound)?;
    if let Some(Mark { row, .. }) = PINS.get(tx, &(by, id))? {
        remove_pin(tx, by, id)?;
        tell_pinned(tx, &status, Intent::Unfeature { account: by, row, shown: Shown::Status(id) })?;
    }
    Ok(status)
}

/// Whether `by` shows `limits::PINNED_STATUSES_MAX` statuses first already.
pub(super) fn pins_are_full(read: &dyn Read, by: AccountId) -> Result<bool> {
    let most = limits::PINNED_STATUSES_MAX;
    Ok(PIN_ROWS.list(read, &by, Bounds::NONE, Direction::Descending, most)?.len() >= most)
}

/// Stores a pin; answers its row.
pub(super) fn put_pin(tx: &mut Tx<'_>, by: AccountId, status: StatusId) -> Result<RowId> {
    put_mark(tx, (&PINS, &PIN_ROWS), by, status)
}

/// Removes a pin; whether there was one.
pub(super) fn remove_pin(tx: &mut Tx<'_>, by: AccountId, status: StatusId) -> Result<bool> {
    remove_mark(tx, (&PINS, &PIN_ROWS), by, status)
}

/// Whether the author shows `status` first on the profile.
///
/// # Errors
/// Storage errors.
pub fn is_pinned(read: &dyn Read, status: &Status) -> Result<bool> {
    Ok(PINS.contains(read, &(status.account, status.id))?)
}

/// Only what everybody may read stands in the featured collection.
fn tell_pinned(tx: &mut Tx<'_>, status: &Status, intent: Intent) -> Result<()> {
    if status.is_public() && tell::leaves_here(tx, status.account, status.visibility, [])? {
        tell::peers_of(tx, status, intent);
    }
    tx.emit(Event::StatusUpdated { status: status.id, account: status.account });
    Ok(())
}

/// What somebody here marks or shares stays, however old it gets.
pub(super) fn hold(tx: &mut Tx<'_>, by: AccountId, status: &Status) -> Result<()> {
    if !status.local && tell::is_local(tx, by)? {
        retention::touch(tx, status.id, by, Touch::Marked)?;
    }
    Ok(())
}

type Marks<'a> = (&'a Table<(AccountId, StatusId), Mark>, &'a Table<(AccountId, RowId), StatusId>);

/// Stores a bookmark or pin, if there is none; answers its row.
fn put_mark(tx: &mut Tx<'_>, (marks, rows): Marks<'_>, by: AccountId, status: StatusId) -> Result<RowId> {
    if let Some(known) = marks.get(tx, &(by, status))? {
        return Ok(known.row);
    }
    let row: RowId = tx.next_id();
    let created_at = tx.now();
    marks.put(tx, &(by, status), &Mark { row, created_at, uri: String::new() });
    rows.put(tx, &(by, row), &status);
    Ok(row)
}

/// Removes a bookmark or pin; whether there was one.
pub(super) fn remove_mark(tx: &mut Tx<'_>, (marks, rows): Marks<'_>, by: AccountId, status: StatusId) -> Result<bool> {
    let Some(mark) = marks.get(tx, &(by, status))? else { return Ok(false) };
    marks.delete(tx, &(by, status));
    rows.delete(tx, &(by, mark.row));
    retention::untouch(tx, status, by)?;
    Ok(true)
}

/// The status (of a reblog: the original) that `by` marked, or at least may see: a mark can be taken back also when the
/// status has become invisible.
fn marked(tx: &Tx<'_>, marks: &Table<(AccountId, StatusId), Mark>, by: AccountId, id: StatusId) -> Result<Status> {
    let named = status::find(tx, id)?.ok_or(Error::NotFound)?;
    let original = named.reblog_of.unwrap_or(id);
    if marks.contains(tx, &(by, original))? {
        return status::find(tx, original)?.ok_or(Error::NotFound);
    }
    require_original(tx, by, id)
}
