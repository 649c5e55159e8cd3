//! A histogram of durations in fixed memory: four buckets a doubling, from 10 µs to 60 s.

use std::time::Duration;

/// Buckets: the first holds all up to 10 µs, the last all above 59 s.
const BUCKETS: usize = 92;
/// The upper end of the first bucket, nanoseconds.
const FIRST_NS: u64 = 10_000;
/// Buckets a doubling; so a quantile says at most 19 % too much.
const PER_DOUBLING: usize = 4;
/// The steps inside a doubling: 2 to the power of 0, 1/4, 1/2, 3/4, in millionths.
const STEPS: [u64; PER_DOUBLING] = [1_000_000, 1_189_207, 1_414_214, 1_681_793];

/// The upper ends of the buckets, nanoseconds; the last one has none.
const ENDS: [u64; BUCKETS - 1] = ends();

const fn ends() -> [u64; BUCKETS - 1] {
    let mut ends = [0; BUCKETS - 1];
    let mut at = 0;
    while at < ends.len() {
        ends[at] = (FIRST_NS << (at / PER_DOUBLING)) / 1_000 * STEPS[at % PER_DOUBLING] / 1_000;
        at += 1;
    }
    ends
}

/// How often something took how long. 380 bytes, whatever is added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Histogram {
    counts: [u32; BUCKETS],
    max: Duration,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: [0; BUCKETS], max: Duration::ZERO }
    }
}

impl Histogram {
    /// Counts one.
    pub fn add(&mut self, took: Duration) {
        let ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let bucket = ENDS.partition_point(|end| *end < ns);
        self.counts[bucket] = self.counts[bucket].saturating_add(1);
        self.max = self.max.max(took);
    }

    /// Counts all of `other` as well.
    pub fn merge(&mut self, other: &Histogram) {
        for (own, other) in self.counts.iter_mut().zip(&other.counts) {
            *own = own.saturating_add(*other);
        }
        self.max = self.max.max(other.max);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }

    /// The longest.
    #[must_use]
    pub fn max(&self) -> Duration {
        self.max
    }

    /// What `per_cent` of 100 took no longer than: the end of a bucket, so up to 19 % too much and never too little.
    /// `None` if nothing was counted.
    #[must_use]
    pub fn quantile(&self, per_cent: u64) -> Option<Duration> {
        let rank = (self.count() * per_cent.min(100)).div_ceil(100).max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                let end = ENDS.get(bucket).map_or(self.max, |ns| Duration::from_nanos(*ns));
                return Some(end.min(self.max));
            }
        }
        None
    }

    /// The same if at least `least` were counted.
    #[must_use]
    pub(super) fn quantile_of(&self, least: u64, per_cent: u64) -> Option<Duration> {
        if self.count() < least { None } else { self.quantile(per_cent) }
    }

    /// The buckets that hold something, for the file.
    #[must_use]
    pub(super) fn to_pairs(&self) -> Vec<(u8, u32)> {
        let pairs = (0..).zip(&self.counts).filter(|(_, count)| **count > 0);
        pairs.map(|(bucket, count)| (bucket, *count)).collect()
    }

    /// The histogram of such pairs; `None` for a bucket that is none. The longest is not kept: it counts as the end
    /// of its bucket.
    pub(super) fn from_pairs(pairs: &[(u8, u32)]) -> Option<Histogram> {
        let mut histogram = Histogram::default();
        for (bucket, count) in pairs {
            *histogram.counts.get_mut(usize::from(*bucket))? = *count;
            let end = ENDS[usize::from(*bucket).min(ENDS.len() - 1)];
            histogram.max = histogram.max.max(Duration::from_nanos(end));
        }
        Some(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buckets_reach_from_10_us_to_a_minute() {
        assert_eq!(ENDS[0], 10_000);
        assert_eq!(ENDS[4], 20_000);
        assert!(ENDS.is_sorted() && ENDS[90] > 59_000_000_000 && ENDS[90] < 60_000_000_000);
    }

    #[test]
    fn a_quantile_is_never_too_small_and_at_most_19_per_cent_too_large() {
        for us in [1, 10, 11, 13_000, 20_000, 412_000, 5_000_000, 59_000_000, 400_000_000] {
            let took = Duration::from_micros(us);
            let mut histogram = Histogram::default();
            histogram.add(took);
            histogram.add(took);
            histogram.add(Duration::from_secs(3_600));
            let said = histogram.quantile(50).expect("counted");
            assert!(said >= took, "{said:?} for {took:?}");
            let beyond = us <= 10 || us > 59_000_000;
            assert!(beyond || said <= took.mul_f64(1.1893), "{said:?} for {took:?}");
        }
    }

    #[test]
    fn ranks_merging_and_emptiness() {
        let mut histogram = Histogram::default();
        assert_eq!((histogram.quantile(50), histogram.count()), (None, 0));
        let mut slow = Histogram::default();
        (0..2).for_each(|_| slow.add(Duration::from_millis(400)));
        histogram.add(Duration::from_millis(1));
        histogram.merge(&slow);
        assert_eq!((histogram.count(), histogram.max()), (3, Duration::from_millis(400)));
        // The second of three is slow.
        assert_eq!(histogram.quantile(50), Some(Duration::from_millis(400)));
        assert!(histogram.quantile(33).expect("counted") < Duration::from_millis(2));
    }

    #[test]
    fn pairs_give_the_same_counts_back() {
        let mut histogram = Histogram::default();
        [1, 50, 13_000, 13_000, 99_000_000].into_iter().for_each(|us| histogram.add(Duration::from_micros(us)));
        let back = Histogram::from_pairs(&histogram.to_pairs()).expect("proper");
        assert_eq!((back.counts, back.count()), (histogram.counts, 5));
        assert_eq!(Histogram::from_pairs(&[(92, 1)]), None);
    }
}
