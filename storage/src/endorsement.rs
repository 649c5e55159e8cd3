//! What an account says of others: private notes, and whom it recommends on its profile.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A private note about an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNote {
    /// Plain text.
    pub comment: String,
}
record!(AccountNote, 1);

/// (who wrote, about whom) → note.
pub const ACCOUNT_NOTES: Table<(AccountId, AccountId), AccountNote> = Table::new(175, "account_note");
/// (who endorses, whom) → row.
pub const ENDORSEMENTS: Table<(AccountId, AccountId), RowId> = Table::new(176, "endorsement");
/// (who endorses, row) → whom: the list on the profile.
pub const ENDORSEMENT_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(177, "endorsement_row");

/// Stores an endorsement; a repeated one keeps its row.
///
/// # Errors
/// Storage errors.
pub fn endorse(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    if !endorses(tx, account, target)? {
        let row: RowId = tx.next_id();
        ENDORSEMENTS.put(tx, &(account, target), &row);
        ENDORSEMENT_ROWS.put(tx, &(account, row), &target);
    }
    Ok(())
}

/// Removes an endorsement, if there is one.
///
/// # Errors
/// Storage errors.
pub fn unendorse(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    if let Some(row) = ENDORSEMENTS.get(tx, &(account, target))? {
        ENDORSEMENTS.delete(tx, &(account, target));
        ENDORSEMENT_ROWS.delete(tx, &(account, row));
    }
    Ok(())
}

/// Whether `account` endorses `target`.
///
/// # Errors
/// Storage errors.
pub fn endorses(read: &dyn Read, account: AccountId, target: AccountId) -> Result<bool> {
    ENDORSEMENTS.contains(read, &(account, target))
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &ENDORSEMENT_ROWS,
        of: &[&ENDORSEMENTS],
        wants: |(account, target), row| vec![((*account, *row), *target)],
        owner: |(account, _), target| (*account, *target),
        claim: Claim::Sole,
    },
    &Reference { of: &ENDORSEMENTS, to: |pair, _| both(pair), unless: always },
    &Reference { of: &ACCOUNT_NOTES, to: |pair, _| both(pair), unless: always },
];

fn both((account, target): &(AccountId, AccountId)) -> Vec<Pointer> {
    [account, target].map(|id| Pointer::to(&ACCOUNTS, id)).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let note = AccountNote { comment: "hi".to_owned() };
        assert_eq!(note.encode(), [1, 2, b'h', b'i']);
        assert_eq!(AccountNote::decode(&note.encode()).expect("readable"), note);
    }
}
