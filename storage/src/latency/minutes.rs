//! The minutes since the start: what is normal until a day of hours is known. A disk that turns slow within its first
//! hours is then held against what it did before, not against a bound that fits every disk.

use super::{histogram::Histogram, history::Normal};
use crate::limits;
use std::time::Duration;

/// The minute under way, and what those before it came to; at most `limits::MINUTES_KEPT`, the first ones.
#[derive(Default)]
pub(super) struct Minutes {
    number: u64,
    syncs: Histogram,
    reads: Histogram,
    ended: Ended,
}

#[derive(Default)]
struct Ended {
    sync: Vec<Duration>,
    sync_p99: Vec<Duration>,
    read: Vec<Duration>,
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
    /// `None` before `limits::NORMAL_MINUTES_MIN` of them saw `limits::MINUTE_SAMPLES_MIN`.
    pub(super) fn normal(&self) -> Normal {
        let of = |seen: &[Duration]| {
            let mut seen = seen.to_vec();
            lower_quartile(&mut seen, limits::NORMAL_MINUTES_MIN)
        };
        let Ended { sync, sync_p99, read } = &self.ended;
        Normal { sync: of(sync), sync_p99: of(sync_p99), read: of(read) }
    }

    fn turn(&mut self, at: Duration) {
        let number = at.as_secs() / 60;
        if number == self.number {
            return;
        }
        self.number = number;
        let (syncs, reads) = (std::mem::take(&mut self.syncs), std::mem::take(&mut self.reads));
        let enough = |seen: &Histogram| seen.count() >= limits::MINUTE_SAMPLES_MIN;
        if enough(&syncs) && self.ended.sync.len() < limits::MINUTES_KEPT {
            self.ended.sync.extend(syncs.quantile(50));
            self.ended.sync_p99.extend(syncs.quantile(99));
        }
        if enough(&reads) && self.ended.read.len() < limits::MINUTES_KEPT {
            self.ended.read.extend(reads.quantile(50));
        }
    }
}

/// What a quarter of `seen` took no longer than; `None` if they are fewer than `least`.
pub(super) fn lower_quartile(seen: &mut [Duration], least: usize) -> Option<Duration> {
    if seen.len() < least.max(1) {
        return None;
    }
    let place = seen.len() / 4;
    Some(*seen.select_nth_unstable(place).1)
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
            (0..4).for_each(|sync| minutes.add_sync(Duration::from_secs(number * 60 + sync * 14), took));
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
    fn minutes_that_saw_little_do_not_count_and_there_are_only_so_many() {
        let mut minutes = Minutes::default();
        (0..60).for_each(|number| minutes.add_read(Duration::from_secs(number * 20), ms(1)));
        assert_eq!(minutes.normal().read, None, "three reads a minute");
        for number in 0..6_000 {
            (0..4).for_each(|_| minutes.add_read(Duration::from_secs(2_000 + number * 60), ms(1)));
        }
        assert_eq!(minutes.ended.read.len(), limits::MINUTES_KEPT);
        assert!(minutes.normal().read.is_some_and(|read| read < ms(2)));
    }
}
