//! The hours of the last 30 days: how long syncs and reads took in each, and how much room was left.

use super::histogram::Histogram;
use crate::{id::Timestamp, limits};
use std::{collections::VecDeque, time::Duration};

const HOUR_MS: i64 = 3_600_000;

/// An hour: how many of them lie between 1970 and its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourNumber(pub i64);

impl HourNumber {
    /// The hour of a time.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        HourNumber(time.0.div_euclid(HOUR_MS))
    }
}

/// What was measured in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// Which.
    pub number: HourNumber,
    /// Making groups durable.
    pub syncs: Histogram,
    /// Reading the engine, one in `limits::READ_SAMPLE`.
    pub reads: Histogram,
    /// Bytes free at the last look.
    pub free_bytes: Option<u64>,
}

impl Hour {
    /// An hour in which nothing was measured yet.
    #[must_use]
    pub fn new(number: HourNumber) -> Self {
        Hour { number, syncs: Histogram::default(), reads: Histogram::default(), free_bytes: None }
    }

    fn merge(&mut self, other: &Hour) {
        self.syncs.merge(&other.syncs);
        self.reads.merge(&other.reads);
        self.free_bytes = other.free_bytes.or(self.free_bytes);
    }
}

/// How the data grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Bytes by which the free room shrank.
    pub bytes: u64,
    /// In this many hours.
    pub hours: u64,
}

/// The last `limits::HOURS_KEPT` hours in which something was measured, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    hours: VecDeque<Hour>,
}

impl History {
    /// Adds an hour; one that is there already (a restart, a clock set back) is merged. The oldest goes.
    pub fn push(&mut self, hour: Hour) {
        match self.hours.binary_search_by_key(&hour.number, |known| known.number) {
            Ok(at) => self.hours[at].merge(&hour),
            Err(at) => self.hours.insert(at, hour),
        }
        while self.hours.len() > limits::HOURS_KEPT {
            self.hours.pop_front();
        }
    }

    /// Takes an hour out, to go on with it after a restart.
    pub fn take(&mut self, number: HourNumber) -> Option<Hour> {
        let at = self.hours.binary_search_by_key(&number, |known| known.number).ok()?;
        self.hours.remove(at)
    }

    /// The hours, oldest first.
    pub fn hours(&self) -> impl ExactSizeIterator<Item = &Hour> {
        self.hours.iter()
    }

    /// What is normal for a sync: the median of the medians of the hours before `now`. An hour with a handful of
    /// samples does not count, and less than a day of hours says nothing (`None`).
    #[must_use]
    pub fn normal_sync(&self, now: HourNumber) -> Option<Duration> {
        self.normal(now, |hour| &hour.syncs)
    }

    /// The same for a read.
    #[must_use]
    pub fn normal_read(&self, now: HourNumber) -> Option<Duration> {
        self.normal(now, |hour| &hour.reads)
    }

    fn normal(&self, now: HourNumber, what: impl Fn(&Hour) -> &Histogram) -> Option<Duration> {
        let counted = self.before(now).map(what).filter(|seen| seen.count() >= limits::HOUR_SAMPLES_MIN);
        let mut medians: Vec<Duration> = counted.filter_map(|seen| seen.quantile(50)).collect();
        if medians.len() < limits::NORMAL_HOURS_MIN {
            return None;
        }
        let middle = medians.len() / 2;
        Some(*medians.select_nth_unstable(middle).1)
    }

    /// How the data grew over the last `limits::GROWTH_HOURS` hours, if at least a day of them is known.
    #[must_use]
    pub fn growth(&self, now: HourNumber, free_bytes: u64) -> Option<Growth> {
        let from = HourNumber(now.0.saturating_sub(limits::GROWTH_HOURS));
        let mut known = self.before(now).filter(|hour| hour.number >= from);
        let (first, free_then) = known.find_map(|hour| Some((hour.number, hour.free_bytes?)))?;
        let hours = u64::try_from(now.0 - first.0).unwrap_or(0);
        let growth = Growth { bytes: free_then.saturating_sub(free_bytes), hours };
        (hours >= limits::GROWTH_HOURS_MIN).then_some(growth)
    }

    /// The hours before `now` and not older than 30 days; what a wrong clock left in the future is passed over.
    fn before(&self, now: HourNumber) -> impl Iterator<Item = &Hour> {
        let kept = i64::try_from(limits::HOURS_KEPT).unwrap_or(i64::MAX);
        let from = HourNumber(now.0.saturating_sub(kept));
        self.hours.iter().filter(move |hour| hour.number >= from && hour.number < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(number: i64, us: u64, samples: u64) -> Hour {
        let mut hour = Hour::new(HourNumber(number));
        (0..samples).for_each(|_| hour.syncs.add(Duration::from_micros(us)));
        hour
    }

    #[test]
    fn normal_is_the_median_of_hours_and_needs_a_day_of_them() {
        let mut history = History::default();
        (0..23).for_each(|number| history.push(hour(number, 10_000, 20)));
        assert_eq!(history.normal_sync(HourNumber(23)), None);
        history.push(hour(23, 10_000, 19));
        assert_eq!(history.normal_sync(HourNumber(24)), None, "an hour with 19 samples does not count");
        history.push(hour(24, 10_000, 20));
        let normal = history.normal_sync(HourNumber(25)).expect("a day of hours");
        assert!((10_000..11_893).contains(&normal.as_micros()), "{normal:?}");
        // The present hour is not part of it, and one bad night does not move it.
        (25..32).for_each(|number| history.push(hour(number, 900_000, 20)));
        assert_eq!(history.normal_sync(HourNumber(32)), Some(normal));
    }

    #[test]
    fn a_month_is_kept_and_equal_hours_are_merged() {
        let mut history = History::default();
        (0..800).for_each(|number| history.push(hour(number, 10, 1)));
        history.push(hour(799, 10, 4));
        assert_eq!(history.hours().len(), limits::HOURS_KEPT);
        let last = history.hours().last().expect("there");
        assert_eq!((last.number, last.syncs.count()), (HourNumber(799), 5));
        assert_eq!(history.take(HourNumber(799)).map(|hour| hour.syncs.count()), Some(5));
        assert_eq!(history.take(HourNumber(799)), None);
    }

    #[test]
    fn hours_in_the_future_and_long_ago_do_not_count() {
        let mut history = History::default();
        (0..24).for_each(|number| history.push(hour(number, 10_000, 20)));
        (5_000..5_024).for_each(|number| history.push(hour(number, 400_000, 20)));
        assert!(history.normal_sync(HourNumber(24)).is_some_and(|normal| normal < Duration::from_millis(12)));
        assert!(history.normal_sync(HourNumber(5_024)).is_some_and(|normal| normal > Duration::from_millis(390)));
        assert_eq!(history.normal_sync(HourNumber(9_000)), None);
    }

    #[test]
    fn growth_needs_a_day_and_looks_back_a_week() {
        let mut history = History::default();
        let with_free = |number, free| Hour { free_bytes: Some(free), ..Hour::new(HourNumber(number)) };
        history.push(with_free(0, 9_000));
        assert_eq!(history.growth(HourNumber(23), 1_000), None);
        assert_eq!(history.growth(HourNumber(24), 1_000), Some(Growth { bytes: 8_000, hours: 24 }));
        assert_eq!(history.growth(HourNumber(24), 10_000), Some(Growth { bytes: 0, hours: 24 }));
        history.push(with_free(100, 5_000));
        assert_eq!(history.growth(HourNumber(200), 1_000), Some(Growth { bytes: 4_000, hours: 100 }));
    }
}
