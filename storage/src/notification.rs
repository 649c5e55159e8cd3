//! Notifications: rows per account, newest last, and a key that keeps one event from notifying twice.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    event::Event,
    filtered::{self, FILTERED},
    id::{AccountId, NotificationId, ReportId, RowId, StatusId, Timestamp},
    push, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What happened (client API, Notification#type). Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotificationKind {
    /// Somebody mentioned the account.
    Mention,
    /// Somebody the account asked to be told about posted.
    Status,
    /// A status of the account was reblogged.
    Reblog,
    /// The account has a new follower.
    Follow,
    /// Somebody asks to follow the account.
    FollowRequest,
    /// A status of the account was favourited.
    Favourite,
    /// A status the account reblogged was edited.
    Update,
    /// A poll the account made or voted in has ended.
    Poll,
    /// Somebody reported somebody: told to those who look after the server.
    AdminReport,
    /// Somebody quoted a status of the account; about the quoting status.
    Quote,
    /// A status that the account quotes was edited; about the account's own status.
    QuotedUpdate,
    /// Somebody signed up: told to those who look after the server.
    AdminSignUp,
    /// Somebody put an emoji on a status of the account.
    Reaction,
    /// The account was put into a collection.
    AddedToCollection,
    /// A collection that the account is in was changed.
    CollectionUpdate,
    /// Somebody favourited a status of the account and waits for its word.
    PendingFavourite,
    /// Somebody answered a status of the account and waits for its word; about the reply.
    PendingReply,
    /// Somebody reblogged a status of the account and waits for its word.
    PendingReblog,
    /// Moderators decided something about the account, or about what it said against that; by the account itself.
    ModerationWarning,
}

impl NotificationKind {
    fn number(self) -> u8 {
        self as u8
    }

    /// Whether it is shown only to programs that ask for it by name: others do not know it.
    #[must_use]
    pub fn only_if_asked(self) -> bool {
        matches!(
            self,
            NotificationKind::Reaction
                | NotificationKind::PendingFavourite
                | NotificationKind::PendingReply
                | NotificationKind::PendingReblog
        )
    }
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// What happened.
    pub kind: NotificationKind,
    /// Who did it.
    pub from: AccountId,
    /// The status it is about; of an `AdminReport` the number of the report (see `report`), so that every report tells,
    /// of what speaks of a collection its number (see `collection`), and of a `ModerationWarning` that of the strike.
    pub status: Option<StatusId>,
    /// When.
    pub created_at: Timestamp,
}
record!(Notification, 1);

impl Notification {
    /// The report it is about.
    #[must_use]
    pub fn report(&self) -> Option<ReportId> {
        self.status.filter(|_| self.kind == NotificationKind::AdminReport).map(|number| ReportId(number.0))
    }

    /// The status it is about, and nothing else by its number.
    #[must_use]
    pub fn about(&self) -> Option<StatusId> {
        let other = self.report().is_some() || self.collection().is_some() || self.strike().is_some();
        self.status.filter(|_| !other)
    }

    /// The strike it is about.
    #[must_use]
    pub fn strike(&self) -> Option<RowId> {
        self.status.filter(|_| self.kind == NotificationKind::ModerationWarning).map(|number| RowId(number.0))
    }

    /// The collection it is about.
    #[must_use]
    pub fn collection(&self) -> Option<RowId> {
        let speaks = matches!(self.kind, NotificationKind::AddedToCollection | NotificationKind::CollectionUpdate);
        self.status.filter(|_| speaks).map(|number| RowId(number.0))
    }
}

/// (account, notification).
pub const NOTIFICATIONS: Table<(AccountId, NotificationId), Notification> = Table::new(90, "notification");
/// (account, kind, from, status or 0) → notification.
pub const NOTIFICATION_KEYS: Table<(AccountId, u8, AccountId, u64), NotificationId> =
    Table::new(91, "notification_key");
/// account → everything up to this notification is cleared, whether its row is gone yet or not.
pub const NOTIFICATIONS_CLEARED: Table<AccountId, NotificationId> = Table::new(151, "notifications_cleared");

/// Rows a clear removes at once (two operations each, of 500 a transaction).
const CLEARED_AT_ONCE: usize = 150;
/// Filtered rows a clear removes at once: five operations each.
const FILTERED_CLEARED_AT_ONCE: usize = 30;
/// Cleared rows each later notification takes away, until none is left; as many of the filtered ones.
const CLEARED_BY_THE_WAY: usize = 8;

/// Stores a notification for `account` unless the same one is there already; answers its id if it is new. Whether it is
/// one that its policy filters is decided before (`set_aside`).
///
/// # Errors
/// Storage errors.
pub fn notify(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<Option<NotificationId>> {
    let Some((id, row)) = begin(tx, account, kind, from, status)? else { return Ok(None) };
    NOTIFICATIONS.put(tx, &(account, id), &row);
    tx.emit(Event::NotificationCreated { notification: id, account });
    push::owe(tx, account, id, kind, from)?;
    Ok(Some(id))
}

/// Stores a notification that the policy of `account` filters: no stream tells of it, no device is woken, and it is in no
/// list but those of what was filtered. As `notify` if the same one is there.
///
/// # Errors
/// Storage errors.
pub fn set_aside(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<Option<NotificationId>> {
    let Some((id, row)) = begin(tx, account, kind, from, status)? else { return Ok(None) };
    let cleared = cleared(tx, account)?;
    filtered::put(tx, account, id, &row, cleared)?;
    Ok(Some(id))
}

/// The number and row of a new notification, whose key is stored; `None` if the same one is there.
fn begin(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<Option<(NotificationId, Notification)>> {
    let key = unique(account, kind, from, status);
    let cleared = cleared(tx, account)?;
    match NOTIFICATION_KEYS.get(tx, &key)? {
        Some(there) if cleared < Some(there) => return Ok(None),
        Some(gone) => remove(tx, account, gone)?,
        None => {}
    }
    if let Some(cleared) = cleared {
        sweep(tx, account, cleared, CLEARED_BY_THE_WAY)?;
        sweep_filtered(tx, account, cleared, CLEARED_BY_THE_WAY)?;
    }
    let id: NotificationId = tx.next_id();
    NOTIFICATION_KEYS.put(tx, &key, &id);
    Ok(Some((id, Notification { kind, from, status, created_at: tx.now() })))
}

/// Removes the row, wherever it is; not its key.
fn remove(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<()> {
    if !filtered::remove(tx, account, id)? {
        NOTIFICATIONS.delete(tx, &(account, id));
    }
    Ok(())
}

/// Takes a notification back: the follow was undone, the status deleted.
///
/// # Errors
/// Storage errors.
pub fn withdraw(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<()> {
    let key = unique(account, kind, from, status);
    if let Some(id) = NOTIFICATION_KEYS.get(tx, &key)? {
        remove(tx, account, id)?;
        NOTIFICATION_KEYS.delete(tx, &key);
    }
    Ok(())
}

/// Clears all notifications of `account`, filtered ones too: a decision every read obeys at once. The rows go now as far as one
/// transaction may, the rest with each notification that comes later.
///
/// # Errors
/// Storage errors.
pub fn clear(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let newest = |table: &Table<(AccountId, NotificationId), Notification>| {
        let rows = table.list(tx, &account, Bounds::NONE, Direction::Descending, 1)?;
        Ok::<_, crate::Error>(rows.first().map(|((_, id), _)| *id))
    };
    let Some(upto) = newest(&NOTIFICATIONS)?.max(newest(&FILTERED)?) else { return Ok(()) };
    NOTIFICATIONS_CLEARED.put(tx, &account, &upto);
    sweep(tx, account, upto, CLEARED_AT_ONCE)?;
    sweep_filtered(tx, account, upto, FILTERED_CLEARED_AT_ONCE)
}

/// The last notification of `account` that was cleared.
///
/// # Errors
/// Storage errors.
pub fn cleared(read: &dyn Read, account: AccountId) -> Result<Option<NotificationId>> {
    NOTIFICATIONS_CLEARED.get(read, &account)
}

/// Removes at most `limit` rows up to `upto`, oldest first.
fn sweep(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId, limit: usize) -> Result<()> {
    let bounds = Bounds { below: upto.0.checked_add(1), above: None };
    for ((_, id), row) in NOTIFICATIONS.list(tx, &account, bounds, Direction::Ascending, limit)? {
        NOTIFICATIONS.delete(tx, &(account, id));
        NOTIFICATION_KEYS.delete(tx, &unique(account, row.kind, row.from, row.status));
    }
    Ok(())
}

/// The same of filtered rows.
fn sweep_filtered(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId, limit: usize) -> Result<()> {
    let bounds = Bounds { below: upto.0.checked_add(1), above: None };
    for ((_, id), row) in FILTERED.list(tx, &account, bounds, Direction::Ascending, limit)? {
        filtered::remove(tx, account, id)?;
        NOTIFICATION_KEYS.delete(tx, &unique(account, row.kind, row.from, row.status));
    }
    Ok(())
}

/// Removes at most `limit` filtered rows of `account` up to `upto`, oldest first; says whether there are more.
///
/// # Errors
/// Storage errors.
pub fn remove_filtered_upto(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId, limit: usize) -> Result<bool> {
    sweep_filtered(tx, account, upto, limit)?;
    let bounds = Bounds { below: upto.0.checked_add(1), above: None };
    Ok(!FILTERED.list(tx, &account, bounds, Direction::Ascending, 1)?.is_empty())
}

/// Removes at most `limit` rows of `account` up to `upto`, oldest first; says whether there are more.
///
/// # Errors
/// Storage errors.
pub fn remove_upto(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId, limit: usize) -> Result<bool> {
    sweep(tx, account, upto, limit)?;
    let bounds = Bounds { below: upto.0.checked_add(1), above: None };
    Ok(!NOTIFICATIONS.list(tx, &account, bounds, Direction::Ascending, 1)?.is_empty())
}

/// Whether `account` has such a notification, not cleared.
///
/// # Errors
/// Storage errors.
pub fn is_told(
    read: &dyn Read,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: StatusId,
) -> Result<bool> {
    let id = NOTIFICATION_KEYS.get(read, &unique(account, kind, from, Some(status)))?;
    Ok(match id {
        Some(id) => find(read, account, id)?.is_some(),
        None => false,
    })
}

/// Whether `account` has such a notification, neither cleared nor filtered.
///
/// # Errors
/// Storage errors.
pub fn is_told_openly(
    read: &dyn Read,
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: StatusId,
) -> Result<bool> {
    let key = unique(account, kind, from, Some(status));
    let Some(id) = NOTIFICATION_KEYS.get(read, &key)? else { return Ok(false) };
    Ok(NOTIFICATIONS.contains(read, &(account, id))? && cleared(read, account)? < Some(id))
}

/// Removes one notification of `account`, filtered or not; whether it was there.
///
/// # Errors
/// Storage errors.
pub fn dismiss(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<bool> {
    if find(tx, account, id)?.is_none() {
        return Ok(false);
    }
    forget(tx, account, id)?;
    Ok(true)
}

/// Removes the rows of a notification, also of one that was cleared.
pub(crate) fn forget(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<()> {
    let Some(row) = stored(tx, account, id)? else { return Ok(()) };
    remove(tx, account, id)?;
    // A new event may notify again.
    NOTIFICATION_KEYS.delete(tx, &unique(account, row.kind, row.from, row.status));
    Ok(())
}

/// The notification `id` of `account`, filtered or not, unless it was cleared.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    if cleared(read, account)? >= Some(id) {
        return Ok(None);
    }
    stored(read, account, id)
}

fn stored(read: &dyn Read, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    match NOTIFICATIONS.get(read, &(account, id))? {
        None => FILTERED.get(read, &(account, id)),
        row => Ok(row),
    }
}

fn unique(
    account: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> (AccountId, u8, AccountId, u64) {
    (account, kind.number(), from, status.map_or(0, |status| status.0))
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &NOTIFICATION_KEYS,
        of: &[&NOTIFICATIONS, &FILTERED],
        wants: |(account, id), row| vec![(unique(*account, row.kind, row.from, row.status), *id)],
        owner: |(account, ..), id| (*account, *id),
        claim: Claim::Sole,
    },
    // The status it is about may be gone: readers pass over it.
    &Reference {
        of: &NOTIFICATIONS,
        to: |(account, _), row| [*account, row.from].map(|id| Pointer::to(&ACCOUNTS, &id)).to_vec(),
        unless: always,
    },
];
