//! Notifications that a policy keeps out of the list: the policy, what was filtered, a request for each sender, and who
//! is let through.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, NotificationId, RowId, Timestamp},
    job::{self, JobKind},
    notification::{self, NOTIFICATIONS, Notification, NotificationKind},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What becomes of the notifications of a kind of sender (client API, NotificationPolicy). Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Treatment {
    /// They come.
    Accept,
    /// They are kept aside, until the sender is accepted.
    Filter,
    /// There are none.
    Drop,
}

/// What an account wants of notifications by those it did not let through (client API, NotificationPolicy).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// By whom the account does not follow.
    pub not_following: Treatment,
    /// By who does not follow the account, or only since a moment.
    pub not_followers: Treatment,
    /// By new accounts.
    pub new_accounts: Treatment,
    /// Direct statuses that answer nothing of the account's.
    pub private_mentions: Treatment,
    /// By accounts that moderators silenced.
    pub limited_accounts: Treatment,
    /// By programs.
    pub bots: Treatment,
    /// Accepted senders whose notifications are still being brought into the list.
    pub merging: u32,
}
record!(Policy, 1);

impl Default for Policy {
    /// What Mastodon begins with: everything comes but for what strangers say in private, and silenced accounts.
    fn default() -> Self {
        Policy {
            not_following: Treatment::Accept,
            not_followers: Treatment::Accept,
            new_accounts: Treatment::Accept,
            private_mentions: Treatment::Filter,
            limited_accounts: Treatment::Filter,
            bots: Treatment::Accept,
            merging: 0,
        }
    }
}

/// That somebody was filtered who mentioned or quoted the account: one for each sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who.
    pub from: AccountId,
    /// The first notification it counts; older ones belong to a request that was dismissed or cleared.
    pub first: NotificationId,
    /// The newest.
    pub newest: NotificationId,
    /// How many mentions and quotes wait.
    pub count: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the newest came.
    pub updated_at: Timestamp,
}
record!(Request, 1);

/// account → its policy; no row: the default.
pub const POLICIES: Table<AccountId, Policy> = Table::new(300, "notification_policy");
/// (account, notification) → what was filtered, with the numbers of the list it may come into.
pub const FILTERED: Table<(AccountId, NotificationId), Notification> = Table::new(301, "filtered_notification");
/// (from, account, 1 if a request counts it, notification): what was filtered of one sender.
pub const FILTERED_FROM: Table<(AccountId, AccountId, u8, NotificationId), ()> =
    Table::new(302, "filtered_notification_from");
/// (account, row) → request.
pub const REQUESTS: Table<(AccountId, RowId), Request> = Table::new(303, "notification_request");
/// (from, account) → the request about them.
pub const REQUEST_OF: Table<(AccountId, AccountId), RowId> = Table::new(304, "notification_request_of");
/// (account, from): whose notifications come whatever the policy says.
pub const PERMISSIONS: Table<(AccountId, AccountId), ()> = Table::new(305, "notification_permission");
/// (from, account): the same, by sender.
pub const PERMITTED_BY: Table<(AccountId, AccountId), ()> = Table::new(306, "notification_permitted_by");

/// The policy of `account`.
///
/// # Errors
/// Storage errors.
pub fn policy(read: &dyn Read, account: AccountId) -> Result<Policy> {
    Ok(POLICIES.get(read, &account)?.unwrap_or_default())
}

/// Whether the notifications of `from` come to `account` whatever its policy says.
///
/// # Errors
/// Storage errors.
pub fn is_permitted(read: &dyn Read, account: AccountId, from: AccountId) -> Result<bool> {
    PERMISSIONS.contains(read, &(account, from))
}

/// Whether a request counts notifications of this kind.
fn is_counted(kind: NotificationKind) -> bool {
    matches!(kind, NotificationKind::Mention | NotificationKind::Quote)
}

fn place(account: AccountId, id: NotificationId, row: &Notification) -> (AccountId, AccountId, u8, NotificationId) {
    (row.from, account, u8::from(is_counted(row.kind)), id)
}

/// Stores a filtered notification and counts it in the request about its sender; `cleared`: what was cleared counts no
/// more.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: NotificationId,
    row: &Notification,
    cleared: Option<NotificationId>,
) -> Result<()> {
    FILTERED.put(tx, &(account, id), row);
    FILTERED_FROM.put(tx, &place(account, id, row), &());
    if !is_counted(row.kind) {
        return Ok(());
    }
    let now = tx.now();
    match find_request(tx, account, row.from)? {
        Some((at, known)) if Some(known.newest) > cleared => {
            let request = Request { newest: id, count: known.count.saturating_add(1), updated_at: now, ..known };
            REQUESTS.put(tx, &(account, at), &request);
        }
        before => {
            if let Some((gone, _)) = before {
                REQUESTS.delete(tx, &(account, gone));
            }
            let at: RowId = tx.next_id();
            let request = Request { from: row.from, first: id, newest: id, count: 1, created_at: now, updated_at: now };
            REQUESTS.put(tx, &(account, at), &request);
            REQUEST_OF.put(tx, &(row.from, account), &at);
        }
    }
    Ok(())
}

/// Takes a filtered notification out; its key stays. Whether there was one.
fn take(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    let Some(row) = FILTERED.get(tx, &(account, id))? else { return Ok(None) };
    FILTERED.delete(tx, &(account, id));
    FILTERED_FROM.delete(tx, &place(account, id, &row));
    if !is_counted(row.kind) {
        return Ok(Some(row));
    }
    let Some((at, mut request)) = find_request(tx, account, row.from)? else { return Ok(Some(row)) };
    if id < request.first {
        return Ok(Some(row));
    }
    request.count = request.count.saturating_sub(1);
    if request.newest == id {
        let left = FILTERED_FROM.list(tx, &(row.from, account, 1u8), Bounds::NONE, Direction::Descending, 1)?;
        match left.first() {
            Some(((.., newest), ())) => request.newest = *newest,
            None => request.count = 0,
        }
    }
    if request.count == 0 {
        remove_request(tx, account, row.from)?;
    } else {
        REQUESTS.put(tx, &(account, at), &request);
    }
    Ok(Some(row))
}

/// Removes a filtered notification; whether there was one. Its key is left to the caller.
pub(crate) fn remove(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<bool> {
    Ok(take(tx, account, id)?.is_some())
}

/// Brings a filtered notification into the list, under its number; answers it.
///
/// # Errors
/// Storage errors.
pub fn release(tx: &mut Tx<'_>, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    let row = take(tx, account, id)?;
    if let Some(row) = &row {
        NOTIFICATIONS.put(tx, &(account, id), row);
    }
    Ok(row)
}

/// The request about `from`.
///
/// # Errors
/// Storage errors.
pub fn find_request(read: &dyn Read, account: AccountId, from: AccountId) -> Result<Option<(RowId, Request)>> {
    let Some(at) = REQUEST_OF.get(read, &(from, account))? else { return Ok(None) };
    Ok(REQUESTS.get(read, &(account, at))?.map(|request| (at, request)))
}

fn remove_request(tx: &mut Tx<'_>, account: AccountId, from: AccountId) -> Result<()> {
    if let Some(at) = REQUEST_OF.get(tx, &(from, account))? {
        REQUESTS.delete(tx, &(account, at));
        REQUEST_OF.delete(tx, &(from, account));
    }
    Ok(())
}

/// Lets `from` through from now on. The request goes; what was filtered comes into the list by a job.
///
/// # Errors
/// Storage errors.
pub fn permit(tx: &mut Tx<'_>, account: AccountId, from: AccountId) -> Result<()> {
    PERMISSIONS.put(tx, &(account, from), &());
    PERMITTED_BY.put(tx, &(from, account), &());
    remove_request(tx, account, from)?;
    let known = policy(tx, account)?;
    POLICIES.put(tx, &account, &Policy { merging: known.merging.saturating_add(1), ..known });
    let upto = tx.next_id();
    job::enqueue(tx, JobKind::MergeNotifications { account, from, upto });
    Ok(())
}

/// Removes the request about `from`; what was filtered so far goes by a job.
///
/// # Errors
/// Storage errors.
pub fn dismiss(tx: &mut Tx<'_>, account: AccountId, from: AccountId) -> Result<()> {
    remove_request(tx, account, from)?;
    let any = FILTERED_FROM.list(tx, &(from, account), Bounds::NONE, Direction::Ascending, 1)?;
    if !any.is_empty() {
        let upto = tx.next_id();
        job::enqueue(tx, JobKind::DropNotifications { account, from, upto });
    }
    Ok(())
}

/// `account` blocks `from`: the same, and what let them through ends.
///
/// # Errors
/// Storage errors.
pub fn refuse(tx: &mut Tx<'_>, account: AccountId, from: AccountId) -> Result<()> {
    if is_permitted(tx, account, from)? {
        PERMISSIONS.delete(tx, &(account, from));
        PERMITTED_BY.delete(tx, &(from, account));
    }
    dismiss(tx, account, from)
}

/// At most `limit` filtered notifications of `from` up to `upto`, oldest first, those a request counts last.
///
/// # Errors
/// Storage errors.
pub fn of_sender(
    read: &dyn Read,
    account: AccountId,
    from: AccountId,
    upto: NotificationId,
    limit: usize,
) -> Result<Vec<NotificationId>> {
    let bounds = Bounds { below: upto.0.checked_add(1), above: None };
    let mut ids = Vec::new();
    for counted in [0u8, 1] {
        let left = limit - ids.len();
        let rows = FILTERED_FROM.list(read, &(from, account, counted), bounds, Direction::Ascending, left)?;
        ids.extend(rows.into_iter().map(|((.., id), ())| id));
    }
    Ok(ids)
}

/// Removes at most `limit` filtered notifications of `from` up to `upto`; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn drop_step(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: AccountId,
    upto: NotificationId,
    limit: usize,
) -> Result<bool> {
    let ids = of_sender(tx, account, from, upto, limit)?;
    for id in &ids {
        notification::forget(tx, account, *id)?;
    }
    Ok(ids.len() == limit)
}

/// Removes some of what was filtered of the deleted account `from`, of requests about it and of what let it through, at
/// most `limit` rows; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, from: AccountId, limit: usize) -> Result<bool> {
    let (none, up) = (Bounds::NONE, Direction::Ascending);
    let rows = FILTERED_FROM.list(tx, &from, none, up, limit)?;
    for ((_, account, _, id), ()) in &rows {
        notification::forget(tx, *account, *id)?;
    }
    let left = limit - rows.len();
    let requests = REQUEST_OF.list(tx, &from, none, up, left)?;
    for ((_, account), _) in &requests {
        remove_request(tx, *account, from)?;
    }
    let left = left - requests.len();
    let permissions = PERMITTED_BY.list(tx, &from, none, up, left)?;
    for (key, ()) in &permissions {
        PERMITTED_BY.delete(tx, key);
        PERMISSIONS.delete(tx, &(key.1, from));
    }
    Ok(left == permissions.len())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &FILTERED_FROM,
        of: &[&FILTERED],
        wants: |(account, id), row| vec![(place(*account, *id, row), ())],
        owner: |(_, account, _, id), ()| (*account, *id),
        claim: Claim::Sole,
    },
    &Index {
        table: &REQUEST_OF,
        of: &[&REQUESTS],
        wants: |(account, at), request| vec![((request.from, *account), *at)],
        owner: |(_, account), at| (*account, *at),
        claim: Claim::Sole,
    },
    &Index {
        table: &PERMITTED_BY,
        of: &[&PERMISSIONS],
        wants: |(account, from), ()| vec![((*from, *account), ())],
        owner: |(from, account), ()| (*account, *from),
        claim: Claim::Sole,
    },
    &Reference { of: &POLICIES, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    // The status it is about may be gone: readers pass over it.
    &Reference { of: &FILTERED, to: |(account, _), row| people(*account, row.from), unless: always },
    &Reference {
        of: &REQUESTS,
        to: |(account, _), request| {
            let mut named = people(*account, request.from);
            named.push(Pointer::to(&FILTERED, &(*account, request.newest)));
            named
        },
        unless: always,
    },
    &Reference { of: &PERMISSIONS, to: |(account, from), ()| people(*account, *from), unless: always },
];

fn people(account: AccountId, from: AccountId) -> Vec<Pointer> {
    [account, from].map(|id| Pointer::to(&ACCOUNTS, &id)).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let policy = Policy { bots: Treatment::Drop, merging: 300, ..Policy::default() };
        assert_eq!(policy.encode(), [1, 0, 0, 0, 1, 1, 2, 0xac, 2]);
        assert_eq!(Policy::decode(&policy.encode()).expect("readable"), policy);
        let request = Request {
            from: AccountId(300),
            first: NotificationId(1),
            newest: NotificationId(2),
            count: 3,
            created_at: Timestamp(5),
            updated_at: Timestamp(-1),
        };
        assert_eq!(request.encode(), [1, 0xac, 2, 1, 2, 3, 10, 1]);
        assert_eq!(Request::decode(&request.encode()).expect("readable"), request);
    }
}
