//! Recovery sheets: what is kept of the code somebody wrote down, to choose a password with should they forget theirs.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, Timestamp},
    record,
    table::Table,
    user::USERS,
};
use serde::{Deserialize, Serialize};

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySheet {
    /// Hash of its code, 32 bytes; the code itself has 160 bits, so nobody tries them all.
    pub code: [u8; 32],
    /// When it was made.
    pub made_at: Timestamp,
}
record!(RecoverySheet, 1);

/// account → the sheet of its user.
pub const RECOVERY_SHEETS: Table<AccountId, RecoverySheet> = Table::new(463, "recovery_sheet");

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &RECOVERY_SHEETS, to: |account, _| vec![Pointer::to(&USERS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let sheet = RecoverySheet { code: [7; 32], made_at: Timestamp(1_000) };
        assert_eq!(sheet.encode(), [&[1][..], &[7; 32], &[0xd0, 0x0f]].concat());
        assert_eq!(RecoverySheet::decode(&sheet.encode()).expect("readable"), sheet);
    }
}
