//! Sharing statuses of others.

use super::{require, require_original, tell};
use crate::{
    account::require_acting,
    error::{Error, Result},
};
use storage::{
    AccountId, Event, StatusId, Timestamp, Tx, activity,
    intent::Intent,
    notification::{self, NotificationKind},
    retention,
    status::{self, ContentType, REBLOG_BY, Status, Visibility},
    user,
};

/// Shares a status; answers the reblog, the same one for the same status.
///
/// Everybody's public statuses can be shared, and one's own for followers (for them again). Sharing a reblog shares the
/// original. A reblog of what stays on this server stays here.
///
/// # Errors
/// `NotFound` for what `by` may not see; `Forbidden` for what may not be shared, and for who has moved away.
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
    let preferred = user::find(tx, by)?.map(|user| user.preferences.visibility);
    let visibility = match visibility.or(preferred).unwrap_or(Visibility::Public) {
        _ if original.visibility == Visibility::Private => Visibility::Private,
        Visibility::Direct => Visibility::Private,
        other => other,
    };
    let id: StatusId = tx.next_id();
    let uri = format!("{}/statuses/{id}", author.uri);
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
    let named = status::find(tx, id)?.ok_or(Error::NotFound)?;
    let original = named.reblog_of.unwrap_or(id);
    let Some(row) = find(tx, by, original)? else { return require(tx, Some(by), original) };
    // Taken back even if the original may no longer be seen.
    take_back(tx, &row)?;
    status::find(tx, original)?.ok_or(Error::NotFound)
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
        id,
        account: by,
        local: false,
        uri,
        url: None,
        text: String::new(),
        content: String::new(),
        spoiler_text: String::new(),
        sensitive: original.sensitive,
        language: original.language.clone(),
        visibility,
        reply: None,
        reblog_of: Some(original.id),
        mentions: Vec::new(),
        tags: Vec::new(),
        emojis: Vec::new(),
        attachments: Vec::new(),
        poll: None,
        application: None,
        conversation: None,
        created_at,
        edited_at: None,
        local_only: original.local_only,
        content_type: ContentType::Plain,
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

/// Removes a reblog, its notification, and tells peers if it was made here.
pub(super) fn take_back(tx: &mut Tx<'_>, row: &Status) -> Result<()> {
    let Some(id) = row.reblog_of else { return Ok(()) };
    status::remove(tx, row)?;
    retention::untouch(tx, id, row.account)?;
    tx.emit(Event::StatusDeleted { status: row.id, account: row.account });
    tx.emit(Event::retracted(row));
    tx.emit(Event::StatusCounted { status: id });
    let Some(original) = status::find(tx, id)? else { return Ok(()) };
    notification::withdraw(tx, original.account, NotificationKind::Reblog, row.account, Some(id))?;
    notification::withdraw(tx, row.account, NotificationKind::Update, original.account, Some(id))?;
    if row.local {
        tell::peers_of(
            tx,
            row,
            Intent::UndoAnnounce {
                account: row.account,
                reblog: row.id,
                path: row.uri.clone(),
                original: id,
                original_uri: original.uri.clone(),
                author: original.account,
                visibility: row.visibility,
            },
        );
    }
    Ok(())
}
