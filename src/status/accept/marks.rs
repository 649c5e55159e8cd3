//! What accounts elsewhere do with statuses: reblogs, favourites, what they show first; and taking them back.

use super::{Accepted, Reason, require_author, require_remote};
use crate::{
    error::{Error, Result},
    limits,
    origin::check_uri,
    status::{
        create::id_at,
        interaction::{self, Arrival},
        mark, reblog, require_original,
    },
    visibility,
};
use storage::{
    AccountId, Digest, Event, RowId, StatusId, Timestamp, Tx, account,
    cause::{self, Cause},
    inbound,
    interaction::{Interaction, InteractionRequest},
    relationship,
    status::{self, FAVOURITE_BY_URI, FAVOURITES, STATUS_BY_URI, Status, TOMBSTONES, Visibility},
};

/// `by` shares `original`. Kept if somebody here follows `by`, wrote the original or asked for it; of what was asked for
/// nobody is notified. One of somebody here only if they let `by`, perhaps once they are asked. What was asked for and says
/// no time is as old as the original.
///
/// # Errors
/// `NotFound` for an unknown original; `Forbidden` if `by` may not share it.
///
/// Source: ActivityPub §7.11; FEDERATION §3 (Announce).
pub fn accept_reblog(
    tx: &mut Tx<'_>,
    by: AccountId,
    original: StatusId,
    uri: &str,
    published: Option<Timestamp>,
    visibility: Visibility,
    reason: Reason,
) -> Result<Accepted> {
    check_uri(uri)?;
    require_remote(tx, by)?;
    if is_taken_back(tx, by, uri)? {
        return Ok(Accepted::Deleted);
    }
    let original = status::find(tx, original)?.ok_or(Error::NotFound)?;
    let may = original.reblog_of.is_none() && reblog::may_be_shared(&original, by);
    if !may || !visibility::can_see(tx, Some(by), &original)? {
        return Err(Error::Forbidden("this status may not be shared"));
    }
    if let Some(known) = reblog::find(tx, by, original.id)? {
        return Ok(Accepted::Known(known.id));
    }
    if STATUS_BY_URI.contains(tx, &Digest::of(uri))? {
        return Err(Error::Forbidden("this id belongs to something else"));
    }
    let cause = match original.local {
        true => Cause::Shares { status: original.id },
        false if relationship::has_followers(tx, by)? => Cause::Followed,
        false => match reason {
            Reason::Pushed => return Ok(Accepted::Irrelevant),
            _ => Cause::ProfileOf { account: by },
        },
    };
    let now = tx.now();
    let unsaid = if reason == Reason::Pushed { now } else { original.created_at };
    let created_at = published.unwrap_or(unsaid).min(now);
    let id = id_at(tx, created_at)?;
    let visibility = match original.visibility {
        // Sharing never shows more people a status than the author did.
        Visibility::Private => Visibility::Private,
        _ => visibility,
    };
    let began = interaction::request(tx, by, Interaction::Reblog, &original);
    let request = InteractionRequest { uri: uri.to_owned(), visibility, created_at, ..began };
    match interaction::arrive(tx, &original, &request)? {
        Arrival::Now => {}
        Arrival::Waits => return Ok(Accepted::Waits),
        Arrival::Refused => return Ok(Accepted::Refused),
    }
    let row = reblog::wrapper(id, by, uri.to_owned(), &original, visibility, created_at);
    if reason == Reason::Pushed {
        reblog::store(tx, &row, &original)?;
    } else {
        reblog::store_quietly(tx, &row, &original)?;
    }
    cause::note(tx, id, cause);
    Ok(Accepted::New(id))
}

/// `by` takes a reblog back, named by the Announce's id, by the original, or both. Whether there was one.
///
/// # Errors
/// `Forbidden` if the id belongs to somebody else's.
///
/// Source: ActivityPub §7.14.
pub fn accept_undo_reblog(
    tx: &mut Tx<'_>,
    by: AccountId,
    uri: Option<&str>,
    original: Option<StatusId>,
) -> Result<bool> {
    if interaction::withdraw_pending(tx, by, Interaction::Reblog, uri, original)? {
        return Ok(true);
    }
    let named = match uri.filter(|uri| !uri.is_empty()) {
        Some(uri) => status::find_by_uri(tx, uri)?.filter(|row| row.reblog_of.is_some()),
        None => None,
    };
    let found = match (named, original) {
        (Some(row), _) => Some(row),
        (None, Some(original)) => reblog::find(tx, by, original)?,
        (None, None) => None,
    };
    let Some(row) = found else { return Ok(false) };
    require_author(&row, by)?;
    reblog::take_back(tx, &row)?;
    Ok(true)
}

/// `by` favourites a status; `uri` is the Like's id, perhaps empty. Whether it was new, and its author lets `by`, perhaps
/// once they are asked.
///
/// # Errors
/// `NotFound` for a status that is unknown or that `by` may not see.
///
/// Source: ActivityPub §7.10; FEDERATION §3 (Like).
pub fn accept_favourite(tx: &mut Tx<'_>, by: AccountId, id: StatusId, uri: &str) -> Result<bool> {
    check_uri(uri)?;
    require_remote(tx, by)?;
    if is_taken_back(tx, by, uri)? {
        return Ok(false);
    }
    let status = require_original(tx, by, id)?;
    if FAVOURITES.contains(tx, &(by, status.id))? {
        return Ok(false);
    }
    let began = interaction::request(tx, by, Interaction::Favourite, &status);
    match interaction::arrive(tx, &status, &InteractionRequest { uri: uri.to_owned(), ..began })? {
        Arrival::Now => {}
        Arrival::Waits => return Ok(true),
        Arrival::Refused => return Ok(false),
    }
    let row: RowId = tx.next_id();
    mark::put_favourite(tx, by, &status, row, uri.to_owned())?;
    Ok(true)
}

/// `by` takes a favourite back, named by the Like's id, by the status, or both. Whether there was one.
///
/// # Errors
/// `Forbidden` if the id belongs to somebody else's.
///
/// Source: ActivityPub §7.14.
pub fn accept_undo_favourite(
    tx: &mut Tx<'_>,
    by: AccountId,
    uri: Option<&str>,
    status: Option<StatusId>,
) -> Result<bool> {
    if interaction::withdraw_pending(tx, by, Interaction::Favourite, uri, status)? {
        return Ok(true);
    }
    let named = match uri.filter(|uri| !uri.is_empty()) {
        Some(uri) => FAVOURITE_BY_URI.get(tx, &Digest::of(uri))?,
        None => None,
    };
    if named.is_some_and(|named| named.account != by) {
        return Err(Error::Forbidden("only who favourited takes it back"));
    }
    let Some(id) = named.map(|named| named.status).or(status) else { return Ok(false) };
    let Some(status) = status::find(tx, id)? else { return Ok(mark::forget_favourite(tx, by, id)?.is_some()) };
    if let Some(gone) = mark::remove_favourite(tx, by, &status)? {
        forget_for_good(tx, &gone.uri);
        return Ok(true);
    }
    Ok(false)
}

/// `by` shows the status `id` of its own first on its profile. Whether that is new.
///
/// # Errors
/// `NotFound` for an unknown status; `Forbidden` for somebody else's, for what not everybody may read, and beyond
/// `limits::PINNED_STATUSES_MAX`.
///
/// Source: ActivityPub §7.8.
pub fn accept_pin(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<bool> {
    let status = own(tx, by, id)?;
    if status.reblog_of.is_some() || !status.is_public() {
        return Err(Error::Forbidden("only what everybody may read is shown first"));
    }
    if mark::is_pinned(tx, &status)? {
        return Ok(false);
    }
    if mark::pins_are_full(tx, by)? {
        return Err(Error::Forbidden("as many statuses as may be are shown first already"));
    }
    mark::put_pin(tx, by, id)?;
    tx.emit(Event::StatusUpdated { status: id, account: by });
    Ok(true)
}

/// `by` no longer shows the status `id` first. Whether it did.
///
/// # Errors
/// As `accept_pin`.
///
/// Source: ActivityPub §7.9.
pub fn accept_unpin(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<bool> {
    own(tx, by, id)?;
    let gone = mark::remove_pin(tx, by, id)?;
    if gone {
        tx.emit(Event::StatusUpdated { status: id, account: by });
    }
    Ok(gone)
}

fn own(tx: &Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    require_remote(tx, by)?;
    let status = status::find(tx, id)?.ok_or(Error::NotFound)?;
    require_author(&status, by)?;
    Ok(status)
}

/// What was taken back is not made again by somebody who tells of it later. Its own actor may do it again under the same id
/// (snac): the tombstone is as old as one that stands for nothing that was overtaken.
pub(in crate::status) fn forget_for_good(tx: &mut Tx<'_>, uri: &str) {
    if !uri.is_empty() {
        let long_ago = tx.now().plus_ms(-limits::UNDONE_BEFORE_MS);
        TOMBSTONES.put(tx, &Digest::of(uri), &long_ago);
    }
}

/// The same of a mark that had come, was not carried out yet, and goes.
///
/// # Errors
/// Storage errors.
pub fn forget_unmade(tx: &mut Tx<'_>, uri: &str) -> Result<()> {
    if !STATUS_BY_URI.contains(tx, &Digest::of(uri))? {
        forget_for_good(tx, uri);
    }
    Ok(())
}

/// Whether the mark with this id, perhaps empty, was taken back a short while ago, when it was not here yet; or at any time
/// before, unless `by` itself has made it again. An Undo that came first stands for one alone: the next under its id is
/// another.
pub(in crate::status) fn is_taken_back(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    if uri.is_empty() {
        return Ok(false);
    }
    let now = tx.now();
    let Some(at) = TOMBSTONES.get(tx, &Digest::of(uri))? else { return Ok(false) };
    let actor = account::find(tx, by)?.ok_or(Error::NotFound)?.uri;
    if now.ms_since(at) < limits::UNDONE_BEFORE_MS {
        // After a crash the same one is carried out again: it must not count as made again then.
        inbound::forget_mark(tx, &actor, uri)?;
        forget_for_good(tx, uri);
        return Ok(true);
    }
    Ok(!inbound::marks_still(tx, &actor, uri, now)?)
}

/// What is undone before it came must not come into being later: never a change. Only for ids that nobody here has seen, of
/// `by`'s own server: whoever calls has looked.
///
/// # Errors
/// `NotFound` if `by` lives here.
pub fn forget_in_advance(tx: &mut Tx<'_>, by: AccountId, uri: Option<&str>) -> Result<bool> {
    if let Some(uri) = uri.filter(|uri| !uri.is_empty() && uri.len() <= limits::URI_BYTES_MAX) {
        require_remote(tx, by)?;
        if !STATUS_BY_URI.contains(tx, &Digest::of(uri))? {
            let now = tx.now();
            TOMBSTONES.put(tx, &Digest::of(uri), &now);
        }
    }
    Ok(false)
}
