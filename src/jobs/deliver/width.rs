//! How many deliveries to healthy peers run at once: found from how long they take, under fixed bounds.

use crate::limits;
use std::time::Duration;

/// Grows while deliveries stay about as quick as they ever were, shrinks when they queue behind each other here.
#[derive(Debug)]
pub(super) struct Width {
    now: usize,
    measured: u32,
    sum: Duration,
    best: Option<Duration>,
}

impl Default for Width {
    fn default() -> Self {
        Width { now: limits::DELIVERIES_FAST_START, measured: 0, sum: Duration::ZERO, best: None }
    }
}

impl Width {
    /// The width now.
    pub(super) fn get(&self) -> usize {
        self.now
    }

    /// A delivery succeeded after `took`.
    pub(super) fn measured(&mut self, took: Duration) {
        self.measured += 1;
        self.sum += took;
        if self.measured < limits::DELIVERY_SAMPLE {
            return;
        }
        let mean = self.sum / self.measured;
        (self.measured, self.sum) = (0, Duration::ZERO);
        // What was best fades, since peers and the machine change.
        let best = self.best.map_or(mean, |best| (best + best / 20).min(mean));
        self.best = Some(best);
        self.now = if mean > best * 4 { self.now * 3 / 4 } else { self.now + 4 };
        self.now = self.now.clamp(limits::DELIVERIES_FAST_MIN, limits::DELIVERIES_FAST_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(width: &mut Width, ms: u64, rounds: u32) {
        for _ in 0..rounds * limits::DELIVERY_SAMPLE {
            width.measured(Duration::from_millis(ms));
        }
    }

    #[test]
    fn the_width_follows_what_deliveries_cost_between_its_bounds() {
        let mut width = Width::default();
        feed(&mut width, 10, 100);
        assert_eq!(width.get(), limits::DELIVERIES_FAST_MAX);
        feed(&mut width, 100, 3);
        assert!(width.get() < limits::DELIVERIES_FAST_MAX);
        feed(&mut width, 1_000, 10);
        assert_eq!(width.get(), limits::DELIVERIES_FAST_MIN);
        feed(&mut width, 10, 1);
        assert!(width.get() > limits::DELIVERIES_FAST_MIN);
    }
}
