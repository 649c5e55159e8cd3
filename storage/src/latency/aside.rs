//! How long syncs take that are not the log's: of files beside the store, which may lie on a disk of their own.

use super::{Histogram, LatencyFigures};
use crate::vfs::Vfs;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const HOUR_SECONDS: u64 = 3_600;

/// Measures them, of this hour and the one before by the disk's stopwatch: they are few. Nobody steps aside for what they
/// take.
pub(crate) struct Aside {
    disk: Arc<dyn Vfs>,
    hours: Mutex<Hours>,
}

#[derive(Default)]
struct Hours {
    number: u64,
    now: Histogram,
    before: Histogram,
}

impl Hours {
    fn turn(&mut self, at: Duration) {
        let number = at.as_secs() / HOUR_SECONDS;
        if number == self.number {
            return;
        }
        let ended = std::mem::take(&mut self.now);
        self.before = if number == self.number + 1 { ended } else { Histogram::default() };
        self.number = number;
    }
}

impl Aside {
    /// Measures by the stopwatch of `disk`.
    pub(crate) fn new(disk: Arc<dyn Vfs>) -> Self {
        Aside { disk, hours: Mutex::default() }
    }

    /// Times what `work` does.
    pub(crate) fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        let begun = self.disk.elapsed();
        let done = work();
        let now = self.disk.elapsed();
        self.with(now, |hours| hours.now.add(now.saturating_sub(begun)));
        done
    }

    /// How long they took.
    pub(crate) fn figures(&self) -> LatencyFigures {
        self.with(self.disk.elapsed(), |hours| {
            let mut all = Histogram::default();
            all.merge(&hours.now);
            all.merge(&hours.before);
            LatencyFigures::of(&all)
        })
    }

    fn with<T>(&self, now: Duration, act: impl FnOnce(&mut Hours) -> T) -> T {
        // Plain numbers: whatever panicked left them whole.
        let mut hours = self.hours.lock().unwrap_or_else(PoisonError::into_inner);
        hours.turn(now);
        act(&mut hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;

    #[test]
    fn syncs_of_this_hour_and_the_one_before_count() {
        let disk = SimulatedDisk::new();
        let at = |seconds| disk.set_elapsed(Duration::from_secs(seconds));
        at(0);
        let aside = Aside::new(Arc::new(disk.clone()));
        aside.time(|| at(2));
        let figures = aside.figures();
        assert_eq!((figures.count, figures.max), (1, Duration::from_secs(2)));
        at(HOUR_SECONDS);
        aside.time(|| at(HOUR_SECONDS + 1));
        assert_eq!(aside.figures().count, 2);
        at(2 * HOUR_SECONDS);
        assert_eq!((aside.figures().count, aside.figures().max), (1, Duration::from_secs(1)));
        at(4 * HOUR_SECONDS);
        assert_eq!(aside.figures(), LatencyFigures::default());
    }
}
