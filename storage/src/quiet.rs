//! Quiet hours: when no device of somebody is woken by what happens.

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

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// From when to when each day, in minutes after midnight where somebody is. Over midnight where the end is not later than
/// the beginning; both the same is the whole day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The name of a time zone (IANA).
    pub zone: String,
    /// The first minute, below `DAY_MINUTES`.
    pub from: u16,
    /// The first minute that is not quiet any more, below `DAY_MINUTES`.
    pub until: u16,
}
record!(QuietHours, 1);

impl QuietHours {
    /// Whether this minute of the day is quiet.
    #[must_use]
    pub fn holds(&self, minute: u16) -> bool {
        match self.from < self.until {
            true => (self.from..self.until).contains(&minute),
            false => minute >= self.from || minute < self.until,
        }
    }
}

/// account → its quiet hours; none: there are none.
pub const QUIET_HOURS: Table<AccountId, QuietHours> = Table::new(496, "quiet_hours");

/// The quiet hours of `account`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId) -> Result<Option<QuietHours>> {
    QUIET_HOURS.get(read, &account)
}

/// Stores the quiet hours of `account`, or that there are none.
pub fn put(tx: &mut Tx<'_>, account: AccountId, hours: Option<&QuietHours>) {
    match hours {
        Some(hours) => QUIET_HOURS.put(tx, &account, hours),
        None => QUIET_HOURS.delete(tx, &account),
    }
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &QUIET_HOURS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn hours(from: u16, until: u16) -> QuietHours {
        QuietHours { zone: "a/B".to_owned(), from, until }
    }

    #[test]
    fn stored_bytes_stay_readable() {
        let hours = hours(1_320, 420);
        assert_eq!(hours.encode(), [1, 3, b'a', b'/', b'B', 0xa8, 10, 0xa4, 3]);
        assert_eq!(QuietHours::decode(&hours.encode()).expect("readable"), hours);
    }

    #[test]
    fn a_night_goes_over_midnight_and_its_end_is_not_quiet() {
        let quiet = |hours: &QuietHours| [0, 419, 420, 720, 1_319, 1_320, 1_439].map(|minute| hours.holds(minute));
        assert_eq!(quiet(&hours(1_320, 420)), [true, true, false, false, false, true, true]);
        assert_eq!(quiet(&hours(420, 1_320)), [false, false, true, true, true, false, false]);
        assert_eq!(quiet(&hours(420, 420)), [true; 7]);
    }
}
