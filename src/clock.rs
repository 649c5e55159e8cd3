//! The clock of the server: the system's, or one that tests set by hand.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};
use storage::Timestamp;
pub use storage::{DAY_MS, HOUR_MS};

/// Where `Server::now` comes from.
#[derive(Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Set by hand; stands still otherwise. Waiting for it is `Server::sleep_until`.
    Manual(Arc<ManualClock>),
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock {
    now_ms: AtomicI64,
    /// Of which so many by jumps: no time passed meanwhile.
    jumped_ms: AtomicI64,
    start: Timestamp,
    moved: tokio::sync::watch::Sender<i64>,
}

impl ManualClock {
    /// A clock standing at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Arc<Self> {
        let moved = tokio::sync::watch::Sender::new(start.0);
        Arc::new(ManualClock { now_ms: AtomicI64::new(start.0), jumped_ms: AtomicI64::new(0), start, moved })
    }

    /// Moves the clock forward and wakes whoever waits for a time that has come.
    pub fn advance(&self, by_ms: i64) {
        let now = self.now_ms.fetch_add(by_ms, Ordering::SeqCst) + by_ms;
        self.moved.send_replace(now);
    }

    /// Sets the clock forward, or back if `by_ms` is negative, without time passing: by its stopwatch it is wrong now.
    pub fn jump(&self, by_ms: i64) {
        self.jumped_ms.fetch_add(by_ms, Ordering::SeqCst);
        self.advance(by_ms);
    }

    /// How much time has passed, jumps left out.
    fn passed(&self) -> Duration {
        let now = self.now_ms.load(Ordering::SeqCst).saturating_sub(self.start.0);
        let passed = now.saturating_sub(self.jumped_ms.load(Ordering::SeqCst));
        Duration::from_millis(u64::try_from(passed).unwrap_or(0))
    }
}

impl Clock {
    /// The time now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => {
                let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Clock::Manual(clock) => Timestamp(clock.now_ms.load(Ordering::SeqCst)),
        }
    }

    /// The stopwatch to hold the time of day against: the system's goes on while the machine sleeps; a clock set by hand
    /// has its own.
    #[must_use]
    pub fn stopwatch(&self) -> Duration {
        match self {
            Clock::System => storage::up(),
            Clock::Manual(clock) => clock.passed(),
        }
    }

    /// Returns once the clock shows `time` or later.
    pub async fn sleep_until(&self, time: Timestamp) {
        match self {
            Clock::System => {
                let wait = u64::try_from(time.ms_since(self.now())).unwrap_or(0);
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            Clock::Manual(clock) => {
                let mut moved = clock.moved.subscribe();
                // The clock owns the sender, so waiting ends only when the time has come.
                let _ = moved.wait_for(|now| *now >= time.0).await;
            }
        }
    }
}

/// A time as the client API writes it: `YYYY-MM-DDTHH:MM:SS.mmmZ`, exactly three fraction digits (client API,
/// entities). Times outside years 1-9999 are drawn to the nearest end.
#[must_use]
pub fn iso(time: Timestamp) -> String {
    format!("{:.3}", civil(time))
}

/// Reads a moment as people write it: RFC 3339, or `2026-11-25 14:03` (with seconds or not), which is UTC.
#[must_use]
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoned = text.parse::<jiff::Timestamp>().ok();
    let plain = || jiff::tz::Offset::UTC.to_timestamp(text.parse::<jiff::civil::DateTime>().ok()?).ok();
    Some(Timestamp(zoned.or_else(plain)?.as_millisecond()))
}

/// Reads a day, `YYYY-MM-DD`: its first moment, UTC.
#[must_use]
pub fn parse_day(text: &str) -> Option<Timestamp> {
    // Other spellings of days are read too; this one has ten characters.
    let day = text.trim().parse::<jiff::civil::Date>().ok().filter(|_| text.trim().len() == 10)?;
    let start = jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()?;
    Some(Timestamp(start.as_millisecond()))
}

/// The first moment of the day of a time, UTC.
#[must_use]
pub fn start_of_day(time: Timestamp) -> Timestamp {
    parse_day(&iso_date(time)).unwrap_or(time)
}

/// The first moment of the month of a time, UTC.
#[must_use]
pub fn start_of_month(time: Timestamp) -> Timestamp {
    let day = iso_date(time);
    let month = day.get(..8).and_then(|month| parse_day(&format!("{month}01")));
    month.unwrap_or(time)
}

/// The day of a time, `YYYY-MM-DD`, UTC.
#[must_use]
pub fn iso_date(time: Timestamp) -> String {
    civil(time).strftime("%Y-%m-%d").to_string()
}

/// A moment for people, to the minute: `2026-11-25 14:03 UTC`.
#[must_use]
pub fn minute(time: Timestamp) -> String {
    civil(time).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn civil(time: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(time.0).unwrap_or(if time.0 < 0 {
        jiff::Timestamp::UNIX_EPOCH
    } else {
        jiff::Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_exactly_three_fraction_digits() {
        assert_eq!(iso(Timestamp(1_700_000_000_000)), "2023-11-14T22:13:20.000Z");
        assert_eq!(iso(Timestamp(1_700_000_000_007)), "2023-11-14T22:13:20.007Z");
        assert_eq!(iso_date(Timestamp(1_700_000_000_007)), "2023-11-14");
    }

    #[test]
    fn moments_are_read_as_people_write_them() {
        let moment = Some(Timestamp(1_795_615_380_000));
        for text in ["2026-11-25T14:03:00Z", "2026-11-25 14:03", "2026-11-25 14:03:00", "2026-11-25T15:03:00.000+01:00"]
        {
            assert_eq!(parse_moment(text), moment, "{text}");
        }
        for text in ["", "yesterday", "2026-13-01 00:00", "25.11.2026", "14:03"] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }

    #[test]
    fn impossible_times_do_not_panic() {
        assert!(iso(Timestamp(i64::MAX)).ends_with('Z'));
        assert!(iso(Timestamp(i64::MIN)).ends_with('Z'));
    }
}
