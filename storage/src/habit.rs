//! Habits: how somebody reads, and who may quote what they write unless they say otherwise.

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

/// Which pictures are shown at once. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExpandMedia {
    /// Those that nobody marked as sensitive.
    #[default]
    Unmarked,
    /// All.
    All,
    /// None.
    None,
}

/// Who may quote. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quoters {
    /// Everybody.
    #[default]
    Everybody,
    /// Followers.
    Followers,
    /// Only the author.
    Nobody,
}

/// What somebody has chosen (client API, preferences and `source[quote_policy]`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habits {
    /// Which pictures are shown at once.
    pub expand_media: ExpandMedia,
    /// What stands behind a warning is shown at once.
    pub expand_spoilers: bool,
    /// Who may quote a new status if nothing is said.
    pub quoters: Quoters,
}
record!(Habits, 1);

/// account → what its user has chosen; none: the defaults.
pub const HABITS: Table<AccountId, Habits> = Table::new(513, "habit");

/// The habits of `account`.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Habits> {
    HABITS.get_or_default(read, &account)
}

/// Stores the habits of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, habits: Habits) {
    HABITS.put_unless_default(tx, &account, &habits);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &HABITS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let habits = Habits { expand_media: ExpandMedia::None, expand_spoilers: true, quoters: Quoters::Followers };
        assert_eq!(habits.encode(), [1, 2, 1, 1]);
        assert_eq!(Habits::decode(&habits.encode()).expect("readable"), habits);
        assert_eq!(Habits::default().encode(), [1, 0, 0, 0]);
    }
}
