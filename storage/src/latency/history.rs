//! The hours of the last 30 days: how long syncs and reads took in each, and how much room was left.

use super::{histogram::Histogram, purpose::ByPurpose};
use crate::{
    id::{HOUR_MS, Timestamp},
    limits,
};
use std::{collections::VecDeque, time::Duration};

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
    /// Every sync, by what it was for. Says nothing of what is normal: that is the log's alone.
    pub by_purpose: ByPurpose,
    /// Reading the engine, one in `limits::READ_SAMPLE`.
    pub reads: Histogram,
    /// Bytes free at the last look.
    pub free_bytes: Option<u64>,
}

impl Hour {
    /// An hour in which nothing was measured yet.
    #[must_use]
    pub fn new(number: HourNumber) -> Self {
        Hour {
            number,
            syncs: Histogram::default(),
            by_purpose: ByPurpose::default(),
            reads: Histogram::default(),
            free_bytes: None,
        }
    }

    fn merge(&mut self, other: &Hour) {
        self.syncs.merge(&other.syncs);
        self.by_purpose.merge(&other.by_purpose);
        self.reads.merge(&other.reads);
        self.free_bytes = other.free_bytes.or(self.free_bytes);
    }
}

/// What is normal here, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Normal {
    /// Half of the syncs take no longer.
    pub sync: Option<Duration>,
    /// 99 of 100 syncs take no longer.
    pub sync_p99: Option<Duration>,
    /// Half of the reads take no longer.
    pub read: Option<Duration>,
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
    /// Adds an hour; one that is there already (a restart, a clock set back) is merged. The oldest goes, but before it what
    /// a wrong clock left behind the one added.
    pub fn push(&mut self, hour: Hour) {
        let number = hour.number;
        match self.hours.binary_search_by_key(&number, |known| known.number) {
            Ok(at) => self.hours[at].merge(&hour),
            Err(at) => self.hours.insert(at, hour),
        }
        while self.hours.len() > limits::HOURS_KEPT {
            match self.hours.back().is_some_and(|last| last.number > number) {
                true => self.hours.pop_back(),
                false => self.hours.pop_front(),
            };
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

    /// What is normal in the hours before `now`: of the figures of each hour the lower quartile. The median would call
    /// a disk normal that has been slow for half of the month; so it is one only after three quarters of what is known.
    /// An hour with a handful of samples does not count, for the slowest syncs one with less than
    /// `limits::P99_SAMPLES_MIN`; and less than a day of hours says nothing (`None`).
    #[must_use]
    pub fn normal(&self, now: HourNumber) -> Normal {
        self.normal_of(now, limits::NORMAL_HOURS_MIN)
    }

    /// What was normal before a start in the hour `now`, its beginning included: by as little as one hour, because what
    /// the disk has been since the start has no part in it.
    #[must_use]
    pub(super) fn normal_before_start(&self, now: HourNumber) -> Normal {
        self.normal_of(HourNumber(now.0.saturating_add(1)), 1)
    }

    fn normal_of(&self, now: HourNumber, least: u64) -> Normal {
        let (enough, many) = (limits::HOUR_SAMPLES_MIN, limits::P99_SAMPLES_MIN);
        Normal {
            sync: self.usual(now, least, |hour| hour.syncs.quantile_of(enough, 50)),
            sync_p99: self.usual(now, least, |hour| hour.syncs.quantile_of(many, 99)),
            read: self.usual(now, least, |hour| hour.reads.quantile_of(enough, 50)),
        }
    }

    /// The lower quartile of a figure of each hour, if at least `least` hours have it.
    fn usual(&self, now: HourNumber, least: u64, figure: impl Fn(&Hour) -> Option<Duration>) -> Option<Duration> {
        let mut figures = Histogram::default();
        self.before(now).filter_map(figure).for_each(|took| figures.add(took));
        figures.quantile_of(least, 25)
    }

    /// How long syncs took, by what they were for, in the last `limits::SYNCS_TOLD_HOURS` hours before `now`.
    pub(super) fn lately(&self, now: HourNumber) -> ByPurpose {
        let from = HourNumber(now.0.saturating_sub(limits::SYNCS_TOLD_HOURS));
        let mut all = ByPurpose::default();
        self.before(now).filter(|hour| hour.number >= from).for_each(|hour| all.merge(&hour.by_purpose));
        all
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
    fn normal_is_the_lower_quartile_of_hours_and_needs_a_day_of_them() {
        let mut history = History::default();
        (0..23).for_each(|number| history.push(hour(number, 10_000, 20)));
        assert_eq!(history.normal(HourNumber(23)), Normal::default());
        history.push(hour(23, 10_000, 19));
        assert_eq!(history.normal(HourNumber(24)).sync, None, "an hour with 19 samples does not count");
        history.push(hour(24, 10_000, 20));
        let is_normal = |history: &History, now: i64| {
            let normal = history.normal(HourNumber(now)).sync.expect("a day of hours");
            assert!((10_000..11_893).contains(&normal.as_micros()), "{normal:?}");
        };
        is_normal(&history, 25);
        assert_eq!(history.normal(HourNumber(25)).read, None, "nothing was read");
        // The present hour is not part of it, and one bad night does not move it.
        (25..32).for_each(|number| history.push(hour(number, 900_000, 20)));
        is_normal(&history, 32);
    }

    #[test]
    fn three_weeks_of_a_slow_disk_are_not_normal() {
        let mut history = History::default();
        let month = i64::try_from(limits::HOURS_KEPT).expect("small");
        (0..month).for_each(|number| history.push(hour(number, 13_000, 20)));
        let is_normal = |history: &History, now: i64| {
            let normal = history.normal(HourNumber(now)).sync;
            assert!(normal.is_some_and(|sync| sync < Duration::from_millis(16)), "{normal:?}");
        };
        is_normal(&history, month);
        let (three_weeks, four_weeks) = (month + 21 * 24, month + 28 * 24);
        (month..three_weeks).for_each(|number| history.push(hour(number, 412_000, 20)));
        is_normal(&history, three_weeks);
        (three_weeks..four_weeks).for_each(|number| history.push(hour(number, 412_000, 20)));
        let at_last = history.normal(HourNumber(four_weeks));
        assert!(at_last.sync.is_some_and(|sync| sync > Duration::from_millis(400)), "{at_last:?}");
    }

    #[test]
    fn what_one_in_a_hundred_takes_has_a_normal_of_its_own() {
        let mut history = History::default();
        for number in 0..24 {
            let mut one = hour(number, 1_000, 95);
            (0..5).for_each(|_| one.syncs.add(Duration::from_millis(80)));
            (0..20).for_each(|_| one.reads.add(Duration::from_micros(30)));
            history.push(one);
        }
        let Normal { sync, sync_p99, read } = history.normal(HourNumber(24));
        assert!(sync.is_some_and(|sync| sync < Duration::from_millis(2)), "{sync:?}");
        assert!(sync_p99.is_some_and(|p99| p99 >= Duration::from_millis(80)), "{sync_p99:?}");
        assert!(read.is_some_and(|read| read < Duration::from_micros(40)), "{read:?}");
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
    fn a_month_in_the_future_makes_room_for_what_is_now() {
        let mut history = History::default();
        (9_000..9_720).for_each(|number| history.push(hour(number, 400_000, 20)));
        (0..24).for_each(|number| history.push(hour(number, 1_000, 20)));
        assert_eq!(history.hours().len(), limits::HOURS_KEPT);
        let normal = history.normal(HourNumber(24)).sync;
        assert!(normal.is_some_and(|normal| normal < Duration::from_millis(2)), "{normal:?}");
    }

    #[test]
    fn hours_in_the_future_and_long_ago_do_not_count() {
        let mut history = History::default();
        (0..24).for_each(|number| history.push(hour(number, 10_000, 20)));
        (5_000..5_024).for_each(|number| history.push(hour(number, 400_000, 20)));
        let normal = |now| history.normal(HourNumber(now)).sync;
        assert!(normal(24).is_some_and(|normal| normal < Duration::from_millis(12)));
        assert!(normal(5_024).is_some_and(|normal| normal > Duration::from_millis(390)));
        assert_eq!(normal(9_000), None);
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
