//! Reminders: what pages remind somebody of, and what they do not want to be reminded of any more.

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

/// What happens to a post whose pictures nobody described. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Undescribed {
    /// Pages ask once, and post it if its author says so again.
    #[default]
    Ask,
    /// It is posted.
    Post,
    /// Pages do not post it.
    Refuse,
}

/// What somebody has chosen for the pages of this server; apps have reminders of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// Of pictures without a description.
    pub undescribed: Undescribed,
    /// Whoever runs the server has put the list of first steps away.
    pub steps_away: bool,
}
record!(Reminders, 1);

/// account → what its user has chosen; none: the defaults.
pub const REMINDERS: Table<AccountId, Reminders> = Table::new(495, "reminder");

/// The reminders of `account`.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Reminders> {
    REMINDERS.get_or_default(read, &account)
}

/// Stores the reminders of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, reminders: Reminders) {
    REMINDERS.put_unless_default(tx, &account, &reminders);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &REMINDERS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let reminders = Reminders { undescribed: Undescribed::Refuse, steps_away: true };
        assert_eq!(reminders.encode(), [1, 2, 1]);
        assert_eq!(Reminders::decode(&reminders.encode()).expect("readable"), reminders);
        assert_eq!(Reminders::default().encode(), [1, 0, 0]);
    }
}
