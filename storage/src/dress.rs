//! How pages are dressed for somebody: the zone of their times, whether pictures load by themselves, whether keys act.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::AccountId,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// What somebody has chosen for the pages of this server; apps do not know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dress {
    /// The name of a time zone (IANA); empty: as the browser says.
    pub zone: String,
    /// Pictures are links, and no more is loaded than is read.
    pub light: bool,
    /// Single keys do nothing.
    pub keys_off: bool,
}
record!(Dress, 1);

/// account → what its user has chosen; none: the defaults.
pub const DRESSES: Table<AccountId, Dress> = Table::new(484, "dress");

/// The dress of the pages of `account`.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Dress> {
    DRESSES.get_or_default(read, &account)
}

/// Stores the dress of the pages of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, dress: &Dress) {
    DRESSES.put_unless_default(tx, &account, dress);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &DRESSES, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let dress = Dress { zone: "a/B".to_owned(), light: true, keys_off: true };
        assert_eq!(dress.encode(), [1, 3, b'a', b'/', b'B', 1, 1]);
        assert_eq!(Dress::decode(&dress.encode()).expect("readable"), dress);
        assert_eq!(Dress::default().encode(), [1, 0, 0, 0]);
    }
}
