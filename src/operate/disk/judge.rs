//! From figures and time to a state, with hysteresis: a state is entered when it lasts and left when it is clearly over.

use crate::limits;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use storage::{Timestamp, latency::DiskFigures};

/// How the disk under the data directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiskState {
    /// As it always is.
    Ok,
    /// Making data safe takes far longer than it normally does.
    Slow,
    /// Data cannot be made safe at present.
    Stalled,
    /// It refused to take data; nothing is written until a restart.
    ReadOnly,
}

/// Now, on two clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The time of day, for words; it may jump.
    pub now: Timestamp,
    /// A stopwatch, to tell how long something lasts.
    pub up: Duration,
}

/// What a state is judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Half of the syncs of the last half minute took no longer; `None` if there were too few to say.
    pub sync_p50: Option<Duration>,
    /// How long the sync under way has been running.
    pub syncing_for: Option<Duration>,
    /// What is normal here, if that is known yet.
    pub normal: Option<Duration>,
    /// The store takes nothing any more.
    pub read_only: bool,
}

impl Figures {
    /// Those of the store.
    #[must_use]
    pub fn of(disk: &DiskFigures, read_only: bool) -> Self {
        let enough = disk.sync.count >= limits::DISK_SYNCS_MIN;
        Figures {
            sync_p50: enough.then_some(disk.sync.p50),
            syncing_for: disk.syncing_for,
            normal: disk.normal_sync,
            read_only,
        }
    }

    /// From where on this disk is slow.
    fn slow_from(&self) -> Duration {
        self.normal.map_or(limits::DISK_SLOW_UNKNOWN, |normal| {
            (normal * limits::DISK_SLOW_TIMES).clamp(limits::DISK_SLOW_MIN, limits::DISK_SLOW_MAX)
        })
    }
}

/// The state, and what it may be about to become.
#[derive(Debug, Clone)]
pub struct Judge {
    state: DiskState,
    since: Timestamp,
    turning: Option<(DiskState, Moment)>,
}

impl Judge {
    /// A disk that nothing is known of counts as OK.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Judge { state: DiskState::Ok, since: now, turning: None }
    }

    /// The state, and since when it is so.
    #[must_use]
    pub fn state(&self) -> (DiskState, Timestamp) {
        (self.state, self.since)
    }

    /// Looks at the figures; answers the new state if it changed. To be called every second or so.
    pub fn look(&mut self, figures: &Figures, moment: Moment) -> Option<DiskState> {
        let wanted = self.wanted(figures);
        if wanted == self.state {
            // Where nothing is known, nothing speaks against what began to show.
            self.turning = self.turning.filter(|_| figures.sync_p50.is_none());
            return None;
        }
        let began = match self.turning {
            Some((target, began)) if target == wanted => began,
            _ => moment,
        };
        self.turning = Some((wanted, began));
        if moment.up.saturating_sub(began.up) < self.patience(wanted) {
            return None;
        }
        self.turning = None;
        self.state = wanted;
        self.since = match (wanted, figures.syncing_for) {
            (DiskState::Stalled, Some(time)) => {
                moment.now.plus_ms(i64::try_from(time.as_millis()).map_or(i64::MIN, |ms| -ms))
            }
            _ => began.now,
        };
        Some(wanted)
    }

    /// What the figures speak for, seen from the present state: leaving one needs clearly better figures.
    fn wanted(&self, figures: &Figures) -> DiskState {
        let p50_from = |bound: Duration| figures.sync_p50.is_some_and(|p50| p50 >= bound);
        let slow = figures.slow_from();
        let (syncing, stalled_p50, slow_p50) = match self.state {
            DiskState::Stalled => (limits::DISK_STALLED_OVER, limits::DISK_STALLED_P50 / 2, slow),
            DiskState::Slow => (limits::DISK_STALLED, limits::DISK_STALLED_P50, slow / 2),
            DiskState::Ok | DiskState::ReadOnly => (limits::DISK_STALLED, limits::DISK_STALLED_P50, slow),
        };
        // Without a sync nothing has become better.
        let still_slow = self.state == DiskState::Slow && figures.sync_p50.is_none();
        if figures.read_only {
            DiskState::ReadOnly
        } else if figures.syncing_for.is_some_and(|time| time > syncing) || p50_from(stalled_p50) {
            DiskState::Stalled
        } else if still_slow || p50_from(slow_p50) {
            DiskState::Slow
        } else {
            DiskState::Ok
        }
    }

    /// How long the figures must speak for `wanted` before it is so.
    fn patience(&self, wanted: DiskState) -> Duration {
        match (self.state, wanted) {
            (_, DiskState::Stalled | DiskState::ReadOnly) => Duration::ZERO,
            (DiskState::Stalled, _) => limits::DISK_RECOVERY_STALLED,
            (_, DiskState::Slow) => limits::DISK_SLOW_FOR,
            (_, DiskState::Ok) => limits::DISK_RECOVERY_SLOW,
        }
    }
}
