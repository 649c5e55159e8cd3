//! The minutes since the start: what is normal until a day of hours is known. A disk that turns slow within its first
//! hours is then held against what it did before, not against a bound that fits every disk.

use super::{histogram::Histogram, history::Normal};
use crate::limits;
use std::time::Duration;

/// The minute under way, and what those before it came to.
#[derive(Default)]
pub(super) struct Minutes {
    number: u64,
    syncs: Histogram,
    reads: Histogram,
    ended: Ended,
}

/// A figure of each minute.
#[derive(Default)]
struct Ended {
    sync: Histogram,
    sync_p99: Histogram,
    read: Histogram,
}

impl Minutes {
    /// Counts a sync that ended at `at` of the stopwatch.
    pub(super) fn add_sync(&mut self, at: Duration, took: Duration) {
        self.turn(at);
        self.syncs.add(took);
    }

    /// The same for a read.
    pub(super) fn add_read(&mut self, at: Duration, took: Duration) {
        self.turn(at);
        self.reads.add(took);
    }

    /// The lower quartile of the minutes that have ended: a disk that has been slow for most of them is still seen.
    /// `None` before `limits::NORMAL_MINUTES_MIN` of them saw `limits::MINUTE_SAMPLES_MIN`, for the slowest syncs
    /// `limits::P99_SAMPLES_MIN`.
    pub(super) fn normal(&self) -> Normal {
        let Ended { sync, sync_p99, read } = &self.ended;
        let of = |seen: &Histogram| seen.quantile_of(limits::NORMAL_MINUTES_MIN, 25);
        Normal { sync: of(sync), sync_p99: of(sync_p99), read: of(read) }
    }

    fn turn(&mut self, at: Duration) {
        let number = at.as_secs() / 60;
        if number == self.number {
            return;
        }
        self.number = number;
        let (syncs, reads) = (std::mem::take(&mut self.syncs), std::mem::take(&mut self.reads));
        let (enough, many) = (limits::MINUTE_SAMPLES_MIN, limits::P99_SAMPLES_MIN);
        let Ended { sync, sync_p99, read } = &mut self.ended;
        let figures = [
            (sync, syncs.quantile_of(enough, 50)),
            (sync_p99, syncs.quantile_of(many, 99)),
            (read, reads.quantile_of(enough, 50)),
        ];
        for (seen, figure) in figures {
            figure.into_iter().for_each(|took| seen.add(took));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn some_minutes_say_what_is_normal_and_slow_ones_move_it_late() {
        let mut minutes = Minutes::default();
        let pass = |minutes: &mut Minutes, number: u64, took: Duration| {
            (0..limits::P99_SAMPLES_MIN).for_each(|_| minutes.add_sync(Duration::from_secs(number * 60), took));
        };
        (0..5).for_each(|number| pass(&mut minutes, number, ms(1)));
        assert_eq!(minutes.normal(), Normal::default(), "the fifth has not ended");
        pass(&mut minutes, 5, ms(30));
        let is_fast = |normal: Normal| normal.sync.is_some_and(|sync| sync < ms(2));
        assert!(is_fast(minutes.normal()), "{:?}", minutes.normal());
        assert!(minutes.normal().sync_p99.is_some_and(|p99| p99 < ms(2)) && minutes.normal().read.is_none());
        (6..19).for_each(|number| pass(&mut minutes, number, ms(30)));
        assert!(is_fast(minutes.normal()), "five of eighteen minutes were fast");
        (19..40).for_each(|number| pass(&mut minutes, number, ms(30)));
        assert!(minutes.normal().sync >= Some(ms(30)), "{:?}", minutes.normal());
    }

    #[test]
    fn of_a_few_syncs_one_in_a_hundred_says_nothing() {
        let mut minutes = Minutes::default();
        (0..240).for_each(|sync| minutes.add_sync(Duration::from_secs(sync * 15), ms(1)));
        let normal = minutes.normal();
        assert!(normal.sync.is_some_and(|sync| sync < ms(2)) && normal.sync_p99.is_none(), "{normal:?}");
    }

    #[test]
    fn minutes_that_saw_little_do_not_count() {
        let mut minutes = Minutes::default();
        (0..60).for_each(|number| minutes.add_read(Duration::from_secs(number * 20), ms(1)));
        assert_eq!(minutes.normal().read, None, "three reads a minute");
        for number in 0..6_000 {
            (0..4).for_each(|_| minutes.add_read(Duration::from_secs(2_000 + number * 60), ms(1)));
        }
        assert!(minutes.normal().read.is_some_and(|read| read < ms(2)));
    }
}
