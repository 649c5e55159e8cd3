//! How long what is durable waits for the engine.

use crate::{id::Lsn, limits};
use std::{collections::VecDeque, time::Duration};

/// When what the engine does not hold yet became durable, by the disk's stopwatch, in steps of `limits::LAG_STEP`; never
/// more of them than transactions wait, and those are bounded with the overlay.
#[derive(Debug, Default)]
pub(super) struct Lag(VecDeque<(Lsn, Duration)>);

impl Lag {
    /// Everything up to `last` became durable `now`.
    pub(super) fn note(&mut self, last: Lsn, now: Duration) {
        match self.0.back_mut() {
            Some((upto, since)) if now.saturating_sub(*since) < limits::LAG_STEP => *upto = last,
            _ => self.0.push_back((last, now)),
        }
    }

    /// The engine holds everything up to `applied`.
    pub(super) fn forget(&mut self, applied: Lsn) {
        while self.0.front().is_some_and(|(upto, _)| *upto <= applied) {
            self.0.pop_front();
        }
    }

    /// How long the oldest has been waiting.
    pub(super) fn at(&self, now: Duration) -> Duration {
        self.0.front().map_or(Duration::ZERO, |(_, since)| now.saturating_sub(*since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_that_waits_tells_the_lag_in_bounded_steps() {
        let (mut lag, ms) = (Lag::default(), Duration::from_millis);
        assert_eq!(lag.at(ms(10_000)), Duration::ZERO);
        for lsn in 1..=100 {
            lag.note(Lsn(lsn), ms(1_000 + lsn));
        }
        assert_eq!((lag.at(ms(8_001)), lag.0.len()), (ms(7_000), 1), "one step");
        lag.note(Lsn(101), ms(1_101));
        assert_eq!(lag.0.len(), 2);
        lag.forget(Lsn(99));
        assert_eq!(lag.at(ms(8_001)), ms(7_000), "not all of the step is there");
        lag.forget(Lsn(100));
        assert_eq!(lag.at(ms(8_001)), ms(6_900));
        lag.forget(Lsn(101));
        assert_eq!(lag.at(ms(8_001)), Duration::ZERO);
    }
}
