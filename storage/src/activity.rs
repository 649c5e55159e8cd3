//! How much happens here: counters by day and by week, written in the commits that they count, and the day on which each
//! person here last did something.

use crate::{
    account::LOCAL_ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, DAY_MS, Timestamp},
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// Days from 1970-01-01, a Thursday, back to the Monday before.
const FIRST_MONDAY: u64 = 3;

/// A day, UTC: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u64);

impl Day {
    /// The day of a time; before 1970 the first.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        Day(u64::try_from(time.0.div_euclid(DAY_MS)).unwrap_or(0))
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::try_from(self.0).unwrap_or(i64::MAX).saturating_mul(DAY_MS))
    }

    /// Its week.
    #[must_use]
    pub fn week(self) -> Week {
        Week((self.0 + FIRST_MONDAY) / 7)
    }
}

/// A week, from Monday to Sunday, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(pub u64);

impl Week {
    /// When it begins: Monday, midnight.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Day((self.0 * 7).saturating_sub(FIRST_MONDAY)).start()
    }
}

/// What happened here in a day or a week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Statuses that people here posted, and shared.
    pub statuses: u64,
    /// New users.
    pub registrations: u64,
    /// People here who signed in, posted, marked or moved a marker; each counts once.
    pub active: u64,
    /// Favourites, reblogs and answers of people here.
    pub interactions: u64,
}
record!(Activity, 1);

/// day → what happened in it; the last `limits::ACTIVITY_DAYS_KEPT`.
pub const DAYS: Table<u64, Activity> = Table::new(390, "activity_day");
/// week → what happened in it; the last `limits::ACTIVITY_WEEKS_KEPT`.
pub const WEEKS: Table<u64, Activity> = Table::new(391, "activity_week");
/// account here → the last day on which it did something.
pub const LAST_ACTIVE: Table<AccountId, u64> = Table::new(392, "activity_last");

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A status was posted, which may be an answer to somebody else.
    Posted {
        /// It is.
        answers: bool,
    },
    /// A status was shared.
    Shared,
    /// A status was marked as a favourite.
    Favourited,
    /// Somebody was here: signed in, moved a marker.
    Came,
}

/// Counts what `who`, an account here, did now.
///
/// # Errors
/// Storage errors.
pub fn count(tx: &mut Tx<'_>, who: AccountId, deed: Deed) -> Result<()> {
    let today = Day::of(tx.now());
    let last = LAST_ACTIVE.get(tx, &who)?.map(Day);
    let first_of_day = last.is_none_or(|last| last < today);
    let first_of_week = last.is_none_or(|last| last.week() < today.week());
    if deed == Deed::Came && !first_of_day {
        return Ok(());
    }
    if first_of_day {
        LAST_ACTIVE.put(tx, &who, &today.0);
    }
    change(tx, today, |activity, in_week| {
        activity.statuses += u64::from(matches!(deed, Deed::Posted { .. } | Deed::Shared));
        let interacted = matches!(deed, Deed::Posted { answers: true } | Deed::Shared | Deed::Favourited);
        activity.interactions += u64::from(interacted);
        activity.active += u64::from(if in_week { first_of_week } else { first_of_day });
    })
}

/// Counts a new user.
///
/// # Errors
/// Storage errors.
pub fn count_registration(tx: &mut Tx<'_>) -> Result<()> {
    let today = Day::of(tx.now());
    change(tx, today, |activity, _| activity.registrations += 1)
}

/// Changes the counters of a day and of its week; `true`: those of the week. The first of a day lets the oldest go.
fn change(tx: &mut Tx<'_>, day: Day, change: impl Fn(&mut Activity, bool)) -> Result<()> {
    let week = day.week();
    let counters =
        [(&DAYS, day.0, limits::ACTIVITY_DAYS_KEPT, false), (&WEEKS, week.0, limits::ACTIVITY_WEEKS_KEPT, true)];
    for (table, number, kept, in_week) in counters {
        let before = table.get(tx, &number)?;
        if before.is_none() {
            let bounds = Bounds { below: Some(number.saturating_sub(kept)), above: None };
            let old = table.list(tx, &(), bounds, Direction::Ascending, limits::ACTIVITY_FORGOTTEN_AT_ONCE)?;
            old.iter().for_each(|(number, _)| table.delete(tx, number));
        }
        let mut activity = before.unwrap_or_default();
        change(&mut activity, in_week);
        table.put(tx, &number, &activity);
    }
    Ok(())
}

/// What happened in a week; zeros if nothing was counted.
///
/// # Errors
/// Storage errors.
pub fn of_week(read: &dyn Read, week: Week) -> Result<Activity> {
    Ok(WEEKS.get(read, &week.0)?.unwrap_or_default())
}

/// What happened on a day; zeros if nothing was counted.
///
/// # Errors
/// Storage errors.
pub fn of_day(read: &dyn Read, day: Day) -> Result<Activity> {
    Ok(DAYS.get(read, &day.0)?.unwrap_or_default())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &LAST_ACTIVE, to: |account, _| vec![Pointer::to(&LOCAL_ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn weeks_begin_on_monday() {
        // 2026-11-29 is a Sunday, 2026-11-30 a Monday.
        let sunday = Day::of(Timestamp(1_795_910_400_000));
        let monday = Day(sunday.0 + 1);
        assert_eq!(sunday.start(), Timestamp(1_795_910_400_000));
        assert_eq!(monday.week().0, sunday.week().0 + 1);
        assert_eq!(monday.week().start(), monday.start());
        assert_eq!(sunday.week().start(), Day(sunday.0 - 6).start());
        assert_eq!((Day::of(Timestamp(-1)), Day(0).week().start()), (Day(0), Timestamp(0)));
    }

    #[test]
    fn stored_bytes_stay_readable() {
        let activity = Activity { statuses: 1, registrations: 2, active: 3, interactions: 300 };
        assert_eq!(activity.encode(), [1, 1, 2, 3, 0xac, 2]);
        assert_eq!(Activity::decode(&activity.encode()).expect("readable"), activity);
    }
}
