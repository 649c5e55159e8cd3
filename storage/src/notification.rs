//! Notifications: rows per account, newest last, and a key that keeps one event from notifying twice.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    event::Event,
    id::{AccountId, NotificationId, ReportId, StatusId, Timestamp},
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
}

impl NotificationKind {
    fn number(self) -> u8 {
        self as u8
    }
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// What happened.
    pub kind: NotificationKind,
    /// Who did it.
    pub from: AccountId,
    /// The status it is about; of an `AdminReport` the number of the report (see `report`), so that every report tells.
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
/// Cleared rows each later notification takes away, until none is left.
const CLEARED_BY_THE_WAY: usize = 8;

/// Stores a notification for `account` unless the same one is there already; answers its id if it is new.
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
    let key = unique(account, kind, from, status);
    let cleared = cleared(tx, account)?;
    match NOTIFICATION_KEYS.get(tx, &key)? {
        Some(there) if cleared < Some(there) => return Ok(None),
        Some(gone) => NOTIFICATIONS.delete(tx, &(account, gone)),
        None => {}
    }
    if let Some(cleared) = cleared {
        sweep(tx, account, cleared, CLEARED_BY_THE_WAY)?;
    }
    let id: NotificationId = tx.next_id();
    let row = Notification { kind, from, status, created_at: tx.now() };
    NOTIFICATIONS.put(tx, &(account, id), &row);
    NOTIFICATION_KEYS.put(tx, &key, &id);
    tx.emit(Event::NotificationCreated { notification: id, account });
    push::owe(tx, account, id, kind, from)?;
    Ok(Some(id))
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
        NOTIFICATIONS.delete(tx, &(account, id));
        NOTIFICATION_KEYS.delete(tx, &key);
    }
    Ok(())
}

/// Clears all notifications of `account`: a decision every read obeys at once. The rows go now as far as one
/// transaction may, the rest with each notification that comes later.
///
/// # Errors
/// Storage errors.
pub fn clear(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let newest = NOTIFICATIONS.list(tx, &account, Bounds::NONE, Direction::Descending, 1)?;
    let Some(((_, upto), _)) = newest.first().cloned() else { return Ok(()) };
    NOTIFICATIONS_CLEARED.put(tx, &account, &upto);
    sweep(tx, account, upto, CLEARED_AT_ONCE)
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

/// Removes one notification of `account`; whether it was there.
///
/// # Errors
/// Storage errors.
pub fn dismiss(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<bool> {
    let Some(row) = find(tx, account, id)? else { return Ok(false) };
    NOTIFICATIONS.delete(tx, &(account, id));
    // The unique key stays for a dismissed row only while it points to it; a new event may notify again.
    NOTIFICATION_KEYS.delete(tx, &unique(account, row.kind, row.from, row.status));
    Ok(true)
}

/// The notification `id` of `account`, unless it was cleared.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    if cleared(read, account)? >= Some(id) {
        return Ok(None);
    }
    NOTIFICATIONS.get(read, &(account, id))
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
        of: &[&NOTIFICATIONS],
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
