//! Who wants to be found: accounts that say so, in the order in which they came and in which they last posted; and whom
//! somebody does not want to have suggested again.

use crate::{
    account::{self, ACCOUNTS, Account},
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, HOUR_MS, Timestamp},
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// An account in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// It lives here.
    pub local: bool,
    /// The hour in which its newest status was posted; 0: it has none.
    pub active: Timestamp,
}
record!(Entry, 1);

/// Whose accounts a list is of. Its number is part of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody known here.
    All = 0,
    /// People here.
    Local = 1,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Who posted last comes first, by the hour.
    Active,
    /// Who came last comes first.
    New,
}

/// account that wants to be found → where it stands in the lists.
pub const ENTRIES: Table<AccountId, Entry> = Table::new(400, "directory");
/// (scope, account): in the order in which they came.
pub const BY_ARRIVAL: Table<(u8, AccountId), ()> = Table::new(401, "directory_new");
/// (scope, hour of the newest status, account): in the order in which they last posted.
pub const BY_ACTIVITY: Table<(u8, Timestamp, AccountId), ()> = Table::new(402, "directory_active");
/// `DIRECTORY`, `WORDS` or `LEAVES` → the last account (or request) of earlier versions that has been looked at, the highest
/// number once all have.
pub const SETTLED: Table<u8, AccountId> = Table::new(403, "directory_settled");
/// (account, another): whom it does not want to have suggested again.
pub const SUGGESTIONS_DISMISSED: Table<(AccountId, AccountId), ()> = Table::new(404, "suggestion_dismissed");

/// In `SETTLED`: the directory.
const DIRECTORY: u8 = 0;
/// In `SETTLED`: the words of names, `account::settle_words`.
pub const WORDS: u8 = 1;
/// In `SETTLED`: what shows the leave of others, `interaction::settle`; the number is that of a request.
pub const LEAVES: u8 = 2;

/// Puts an account where its row says, or takes it out.
///
/// # Errors
/// Storage errors.
pub(crate) fn place(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let listed = account.wants_to_be_found();
    if !listed {
        return set(tx, account.id, None);
    }
    let active = hour(account::stats(tx, account.id)?.last_status_at);
    set(tx, account.id, Some(Entry { local: account.is_local(), active }))
}

/// Moves an account of the directory that has posted.
///
/// # Errors
/// Storage errors.
pub(crate) fn posted(tx: &mut Tx<'_>, id: AccountId, last_status_at: Option<Timestamp>) -> Result<()> {
    let Some(entry) = ENTRIES.get(tx, &id)? else { return Ok(()) };
    set(tx, id, Some(Entry { active: hour(last_status_at), ..entry }))
}

/// Takes an account that goes out of the directory.
///
/// # Errors
/// Storage errors.
pub(crate) fn leave(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    set(tx, id, None)
}

fn hour(time: Option<Timestamp>) -> Timestamp {
    Timestamp(time.map_or(0, |time| time.0.max(0) / HOUR_MS * HOUR_MS))
}

fn set(tx: &mut Tx<'_>, id: AccountId, entry: Option<Entry>) -> Result<()> {
    let before = ENTRIES.get(tx, &id)?;
    if before == entry {
        return Ok(());
    }
    if let Some(before) = before {
        arrivals(id, before).iter().for_each(|key| BY_ARRIVAL.delete(tx, key));
        activities(id, before).iter().for_each(|key| BY_ACTIVITY.delete(tx, key));
    }
    match entry {
        Some(entry) => {
            arrivals(id, entry).iter().for_each(|key| BY_ARRIVAL.put(tx, key, &()));
            activities(id, entry).iter().for_each(|key| BY_ACTIVITY.put(tx, key, &()));
            ENTRIES.put(tx, &id, &entry);
        }
        None => ENTRIES.delete(tx, &id),
    }
    Ok(())
}

fn scopes(entry: Entry) -> impl Iterator<Item = u8> {
    [Scope::All, Scope::Local].into_iter().take(if entry.local { 2 } else { 1 }).map(|scope| scope as u8)
}

fn arrivals(id: AccountId, entry: Entry) -> Vec<(u8, AccountId)> {
    scopes(entry).map(|scope| (scope, id)).collect()
}

fn activities(id: AccountId, entry: Entry) -> Vec<(u8, Timestamp, AccountId)> {
    scopes(entry).map(|scope| (scope, entry.active, id)).collect()
}

/// Calls `visit` with each account of a list in order until it breaks.
///
/// # Errors
/// Storage errors and those of `visit`.
pub fn walk(
    read: &dyn Read,
    scope: Scope,
    order: Order,
    mut visit: impl FnMut(AccountId) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (scope, down) = (scope as u8, Direction::Descending);
    match order {
        Order::New => BY_ARRIVAL.scan(read, &scope, Bounds::NONE, down, |(_, id), ()| visit(id)),
        Order::Active => BY_ACTIVITY.scan(read, &scope, Bounds::NONE, down, |(_, _, id), ()| visit(id)),
    }
}

/// Brings some accounts of earlier versions in; whether there is more to do.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>) -> Result<bool> {
    let after = SETTLED.get(tx, &DIRECTORY)?;
    if after == Some(AccountId(u64::MAX)) {
        return Ok(false);
    }
    let bounds = Bounds { above: after.map(|after| after.0), below: None };
    let rows = ACCOUNTS.list(tx, &(), bounds, Direction::Ascending, limits::DIRECTORY_SETTLE_STEP)?;
    for (_, account) in &rows {
        place(tx, account)?;
    }
    SETTLED.put(tx, &DIRECTORY, &rows.last().map_or(AccountId(u64::MAX), |(id, _)| *id));
    Ok(!rows.is_empty())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &BY_ARRIVAL,
        of: &[&ENTRIES],
        wants: |id, entry| arrivals(*id, *entry).into_iter().map(|key| (key, ())).collect(),
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &BY_ACTIVITY,
        of: &[&ENTRIES],
        wants: |id, entry| activities(*id, *entry).into_iter().map(|key| (key, ())).collect(),
        owner: |(_, _, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &ENTRIES, to: |id, _| vec![Pointer::to(&ACCOUNTS, id)], unless: always },
    &Reference {
        of: &SUGGESTIONS_DISMISSED,
        to: |(account, other), ()| [account, other].map(|id| Pointer::to(&ACCOUNTS, id)).to_vec(),
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let entry = Entry { local: true, active: Timestamp(1_000) };
        assert_eq!(entry.encode(), [1, 1, 0xd0, 0x0f]);
        assert_eq!(Entry::decode(&entry.encode()).expect("readable"), entry);
    }

    #[test]
    fn people_here_stand_in_both_lists() {
        let entry = |local| Entry { local, active: Timestamp(5) };
        assert_eq!(arrivals(AccountId(1), entry(false)), [(0, AccountId(1))]);
        assert_eq!(arrivals(AccountId(1), entry(true)), [(0, AccountId(1)), (1, AccountId(1))]);
        assert_eq!(hour(Some(Timestamp(HOUR_MS + 1))), Timestamp(HOUR_MS));
    }
}
