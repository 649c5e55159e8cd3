//! Domains that one account wants nothing of.

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

/// A domain in the list of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Punycode, lower case, with a port where it has one.
    pub domain: String,
}
record!(Blocked, 1);

/// (account, domain) → row.
pub const DOMAIN_BLOCKS: Table<(AccountId, String), RowId> = Table::new(173, "account_domain_block");
/// (account, row) → domain: the list.
pub const DOMAIN_BLOCK_ROWS: Table<(AccountId, RowId), Blocked> = Table::new(174, "account_domain_block_row");

/// Whether `account` blocks `domain`.
///
/// # Errors
/// Storage errors.
pub fn blocks(read: &dyn Read, account: AccountId, domain: &str) -> Result<bool> {
    DOMAIN_BLOCKS.contains(read, &(account, domain.to_owned()))
}

/// Stores a block; whether it is new.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, account: AccountId, domain: &str) -> Result<bool> {
    if blocks(tx, account, domain)? {
        return Ok(false);
    }
    let row: RowId = tx.next_id();
    DOMAIN_BLOCKS.put(tx, &(account, domain.to_owned()), &row);
    DOMAIN_BLOCK_ROWS.put(tx, &(account, row), &Blocked { domain: domain.to_owned() });
    Ok(true)
}

/// Removes a block; whether there was one.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, domain: &str) -> Result<bool> {
    let key = (account, domain.to_owned());
    let Some(row) = DOMAIN_BLOCKS.get(tx, &key)? else { return Ok(false) };
    DOMAIN_BLOCKS.delete(tx, &key);
    DOMAIN_BLOCK_ROWS.delete(tx, &(account, row));
    Ok(true)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &DOMAIN_BLOCK_ROWS,
        of: &[&DOMAIN_BLOCKS],
        wants: |(account, domain), row| vec![((*account, *row), Blocked { domain: domain.clone() })],
        owner: |(account, _), blocked| (*account, blocked.domain.clone()),
        claim: Claim::Sole,
    },
    &Reference { of: &DOMAIN_BLOCKS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let blocked = Blocked { domain: "a.b".to_owned() };
        assert_eq!(blocked.encode(), [1, 3, b'a', b'.', b'b']);
        assert_eq!(Blocked::decode(&blocked.encode()).expect("readable"), blocked);
    }
}
