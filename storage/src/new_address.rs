//! Addresses that people want their letters to go to from now on, until a link sent there was opened.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, Timestamp},
    record,
    table::Table,
    user::USERS,
};
use serde::{Deserialize, Serialize};

/// Such an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAddress {
    /// The address, as typed.
    pub email: String,
    /// When it was named.
    pub asked_at: Timestamp,
}
record!(NewAddress, 1);

/// account → the address its user wants; the last one named.
pub const NEW_ADDRESSES: Table<AccountId, NewAddress> = Table::new(467, "new_address");

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &NEW_ADDRESSES, to: |account, _| vec![Pointer::to(&USERS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let wanted = NewAddress { email: "a@b".to_owned(), asked_at: Timestamp(1_000) };
        assert_eq!(wanted.encode(), [1, 3, b'a', b'@', b'b', 0xd0, 0x0f]);
        assert_eq!(NewAddress::decode(&wanted.encode()).expect("readable"), wanted);
    }
}
