//! Sharing statuses of others.

use super::{
    create::id_at,
    interaction::{self, Way},
    own_path, require, require_original, tell,
};
use crate::{
    account::require_acting,
    error::{Error, Result},
};
use storage::{
    AccountId, Digest, Event, RowId, StatusId, Timestamp, Tx, activity,
    cause::{self, Cause},
    intent::Intent,
    interaction::{Interaction, InteractionRequest},
    notification::{self, NotificationKind},
    retention,
    status::{self, REBLOG_BY, STATUS_BY_URI, Status, Visibility},
    user,
};

/// Shares a status; answers the reblog, the same one for the same status.
///
/// Everybody's public statuses can be shared, and one's own for followers (for them again). Sharing a reblog shares the
/// original. A reblog of what stays on this server stays here. If the author must agree first, they are asked, and the
/// answer is the reblog as it will be.
///
/// # Errors
/// `NotFound` for what `by` may not see; `Forbidden` for what may not be shared, for who has moved away, and if the author
/// does not let them.
///
/// Source: client API, statuses#boost.
pub fn reblog(tx: &mut Tx<'_>, by: AccountId, id: StatusId, visibility: Option<Visibility>) -> Result<Status> {
    let original = require_original(tx, by, id)?;
    if !may_be_shared(&original, by) {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    if let Some(known) = find(tx, by, original.id)? {
        return Ok(known);
    }
    let author = require_acting(tx, by)?;
    let way = interaction::way(tx, by, &original, Interaction::Reblog)?;
    if let Way::Waits(id) = way
        && let Some(request) = storage::interaction::find(tx, id)?
    {
        return Ok(asked_for(id, &request, &original));
    }
    let preferred = user::find(tx, by)?.map(|user| user.preferences.visibility);
    let visibility = match visibility.or(preferred).unwrap_or(Visibility::Public) {
        _ if original.visibility == Visibility::Private => Visibility::Private,
        Visibility::Direct => Visibility::Private,
        other => other,
    };
    let id: StatusId = tx.next_id();
    let uri = own_path(&author, id);
    if way == Way::Ask {
        let (uri, id) = (format!("{uri}/activity"), RowId(id.0));
        let began = interaction::request(tx, by, Interaction::Reblog, &original);
        let request = InteractionRequest { uri, visibility, ..began };
        storage::interaction::put(tx, id, &request)?;
        interaction::tell_author(tx, &request)?;
        super::mark::hold(tx, by, &original)?;
        activity::count(tx, by, activity::Deed::Shared)?;
        if !original.local {
            tell::peers(tx, Intent::AskReblog { request: id });
        }
        return Ok(asked_for(id, &request, &original));
    }
    let row = Status { local: true, ..wrapper(id, by, uri, &original, visibility, tx.now()) };
    store(tx, &row, &original)?;
    activity::count(tx, by, activity::Deed::Shared)?;
    if tell::leaves_here(tx, by, visibility, [original.account])? {
        tell::peers_of(tx, &row, Intent::Announce { reblog: id });
    }
    Ok(row)
}

/// Takes the reblog of a status back; nothing happens if there is none. Answers the original.
///
/// # Errors
/// `NotFound` if `by` may not see the status.
///
/// Source: client API, statuses#unreblog: accepts the id of the reblog too.
pub fn unreblog(tx: &mut Tx<'_>, by: AccountId, id: StatusId) -> Result<Status> {
    let original = match status::find(tx, id)? {
        Some(named) => named.reblog_of.unwrap_or(id),
        // A reblog that waits has no row yet.
        None => {
            let waits = storage::interaction::find(tx, RowId(id.0))?.filter(|request| request.by == by);
            waits.ok_or(Error::NotFound)?.target
        }
    };
    let Some(row) = find(tx, by, original)? else {
        if let Some((id, request)) = interaction::withdraw(tx, by, Interaction::Reblog, original)?
            && let Some(original) = status::find(tx, original)?.filter(|original| !original.local)
        {
            undo(tx, &asked_for(id, &request, &original), &original);
        }
        return require(tx, Some(by), original);
    };
    // Taken back even if the original may no longer be seen.
    take_back(tx, &row)?;
    status::find(tx, original)?.ok_or(Error::NotFound)
}

/// The reblog by somebody here that `request` asks for: its number is the request's.
#[must_use]
pub fn asked_for(id: RowId, request: &InteractionRequest, original: &Status) -> Status {
    let uri = request.uri.strip_suffix("/activity").unwrap_or(&request.uri).to_owned();
    let row = wrapper(StatusId(id.0), request.by, uri, original, request.visibility, request.created_at);
    Status { local: true, ..row }
}

/// Stores the reblog whose `request` was accepted.
///
/// # Errors
/// `Forbidden` if its id has become that of something else since it was asked for.
pub(super) fn begin(tx: &mut Tx<'_>, id: RowId, request: &InteractionRequest, original: &Status) -> Result<()> {
    if find(tx, request.by, original.id)?.is_some() {
        return Ok(());
    }
    if !tell::is_local(tx, request.by)? {
        if STATUS_BY_URI.contains(tx, &Digest::of(&request.uri))? {
            return Err(Error::Forbidden("this id belongs to something else"));
        }
        let id = id_at(tx, request.created_at)?;
        let row = wrapper(id, request.by, request.uri.clone(), original, request.visibility, request.created_at);
        store(tx, &row, original)?;
        cause::note(tx, id, Cause::Shares { status: original.id });
        return Ok(());
    }
    let row = asked_for(id, request, original);
    store(tx, &row, original)?;
    if tell::leaves_here(tx, row.account, row.visibility, [original.account])? {
        tell::peers_of(tx, &row, Intent::Announce { reblog: row.id });
    }
    Ok(())
}

/// Whether `by` may share `original`, which it may see.
pub(super) fn may_be_shared(original: &Status, by: AccountId) -> bool {
    match original.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Private => original.account == by,
        Visibility::Direct => false,
    }
}

/// The reblog of `original` by `by`.
pub(super) fn find(tx: &Tx<'_>, by: AccountId, original: StatusId) -> Result<Option<Status>> {
    let Some(id) = REBLOG_BY.get(tx, &(by, original))? else { return Ok(None) };
    Ok(status::find(tx, id)?)
}

/// A reblog as a row: everything else is the original's.
pub(super) fn wrapper(
    id: StatusId,
    by: AccountId,
    uri: String,
    original: &Status,
    visibility: Visibility,
    created_at: Timestamp,
) -> Status {
    Status {
        sensitive: original.sensitive,
        language: original.language.clone(),
        visibility,
        reblog_of: Some(original.id),
        local_only: original.local_only,
        ..Status::bare(id, by, uri, created_at)
    }
}

/// Stores a reblog and tells the author of the original, if they live here.
pub(super) fn store(tx: &mut Tx<'_>, row: &Status, original: &Status) -> Result<()> {
    tell::notify(tx, original.account, NotificationKind::Reblog, row.account, original)?;
    store_quietly(tx, row, original)
}

/// Stores a reblog.
pub(super) fn store_quietly(tx: &mut Tx<'_>, row: &Status, original: &Status) -> Result<()> {
    status::insert(tx, row)?;
    super::mark::hold(tx, row.account, original)?;
    tx.emit(Event::StatusCreated { status: row.id, account: row.account });
    tx.emit(Event::StatusCounted { status: original.id });
    Ok(())
}

/// Removes a reblog, its notification, and tells peers if it was made here. That the original is gone whoever removes what
/// points to it tells (`purge`).
pub(super) fn take_back(tx: &mut Tx<'_>, row: &Status) -> Result<()> {
    let Some(id) = row.reblog_of else { return Ok(()) };
    status::remove(tx, row)?;
    interaction::withdraw(tx, row.account, Interaction::Reblog, id)?;
    retention::untouch(tx, id, row.account)?;
    tx.emit(Event::StatusDeleted { status: row.id, account: row.account });
    tx.emit(Event::retracted(row));
    tx.emit(Event::StatusCounted { status: id });
    let Some(original) = status::find(tx, id)? else { return Ok(()) };
    notification::withdraw(tx, original.account, NotificationKind::Reblog, row.account, Some(id))?;
    notification::withdraw(tx, row.account, NotificationKind::Update, original.account, Some(id))?;
    if row.local {
        undo(tx, row, &original);
    }
    Ok(())
}

/// Owes it to peers that a reblog made here is taken back.
fn undo(tx: &mut Tx<'_>, row: &Status, original: &Status) {
    tell::peers_of(
        tx,
        row,
        Intent::UndoAnnounce {
            account: row.account,
            reblog: row.id,
            path: row.uri.clone(),
            original: original.id,
            original_uri: original.uri.clone(),
            author: original.account,
            visibility: row.visibility,
        },
    );
}
