//! Whom a status of another server addresses without naming them, beside it: they may see it, and it is not said that it
//! mentions them (circles of Friendica, blind copies). Written in the same commit, gone with the row.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, StatusId},
    record,
    status::STATUSES,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// People whom a status addresses without naming them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    /// Who, in the order in which they stand among the mentions of the status.
    pub accounts: Vec<AccountId>,
}
record!(Silent, 1);

/// Status of another server → those of its mentions whom it does not name; none if it names all, or came before this was
/// written down.
pub const SILENT: Table<StatusId, Silent> = Table::new(499, "silently_addressed");

/// Stores whom `status` addresses without naming them, instead of who that was before; whether that changed.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, status: StatusId, accounts: Vec<AccountId>) -> Result<bool> {
    if of(tx, status)? == accounts {
        return Ok(false);
    }
    if accounts.is_empty() {
        SILENT.delete(tx, &status);
    } else {
        SILENT.put(tx, &status, &Silent { accounts });
    }
    Ok(true)
}

/// Whom `status` addresses without naming them.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, status: StatusId) -> Result<Vec<AccountId>> {
    Ok(SILENT.get(read, &status)?.unwrap_or_default().accounts)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[&Reference {
    of: &SILENT,
    to: |status, row| {
        let accounts = row.accounts.iter().map(|account| Pointer::to(&ACCOUNTS, account));
        std::iter::once(Pointer::to(&STATUSES, status)).chain(accounts).collect()
    },
    unless: always,
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let silent = Silent { accounts: vec![AccountId(3), AccountId(5)] };
        assert_eq!(silent.encode(), [1, 2, 3, 5]);
        assert_eq!(Silent::decode(&silent.encode()).expect("readable"), silent);
    }
}
