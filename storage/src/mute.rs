//! Mutes: whom an account does not want to read, for a time or until taken back.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A mute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The row in the list of mutes.
    pub row: RowId,
    /// Notifications by the muted account are hidden too.
    pub notifications: bool,
    /// When it ends; `None`: when it is taken back.
    pub expires_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
}
record!(Mute, 1);

/// (who mutes, whom) → mute.
pub const MUTES: Table<(AccountId, AccountId), Mute> = Table::new(170, "mute");
/// (who mutes, row) → whom: the list "mutes".
pub const MUTE_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(171, "mute_row");

/// The mute of `target` by `account`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId, target: AccountId) -> Result<Option<Mute>> {
    MUTES.get(read, &(account, target))
}

/// Stores a mute; one that is there is replaced and keeps its row.
///
/// # Errors
/// Storage errors.
pub fn put(
    tx: &mut Tx<'_>,
    account: AccountId,
    target: AccountId,
    notifications: bool,
    expires_at: Option<Timestamp>,
) -> Result<()> {
    let row = match find(tx, account, target)? {
        Some(before) => before.row,
        None => tx.next_id(),
    };
    let created_at = tx.now();
    MUTES.put(tx, &(account, target), &Mute { row, notifications, expires_at, created_at });
    MUTE_ROWS.put(tx, &(account, row), &target);
    Ok(())
}

/// Removes a mute; whether there was one.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<bool> {
    let Some(mute) = find(tx, account, target)? else { return Ok(false) };
    MUTES.delete(tx, &(account, target));
    MUTE_ROWS.delete(tx, &(account, mute.row));
    Ok(true)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &MUTE_ROWS,
        of: &[&MUTES],
        wants: |(account, target), mute| vec![((*account, mute.row), *target)],
        owner: |(account, _), target| (*account, *target),
        claim: Claim::Sole,
    },
    &Reference {
        of: &MUTES,
        to: |(account, target), _| vec![Pointer::to(&ACCOUNTS, account), Pointer::to(&ACCOUNTS, target)],
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let mute =
            Mute { row: RowId(300), notifications: true, expires_at: Some(Timestamp(5)), created_at: Timestamp(-1) };
        assert_eq!(mute.encode(), [1, 0xac, 2, 1, 1, 10, 1]);
        assert_eq!(Mute::decode(&mute.encode()).expect("readable"), mute);
    }
}
