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
    /// It takes far longer than it normally does: [`Cause`] says what.
    Slow,
    /// Data cannot be made safe at present.
    Stalled,
    /// It refused to take data; nothing is written until a restart.
    ReadOnly,
}

/// What is slow about a slow disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Making data safe, half of the time or more.
    Syncs,
    /// Reading, half of the time or more.
    Reads,
    /// Making data safe, now and then.
    Hiccups,
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
    /// 99 of 100 of them took no longer; `None` if there were too few to say.
    pub sync_p99: Option<Duration>,
    /// Half of the reads took no longer; `None` if there were too few to say.
    pub read_p50: Option<Duration>,
    /// How long the sync under way has been running.
    pub syncing_for: Option<Duration>,
    /// What is normal here for half of the syncs, if that is known yet.
    pub normal_sync: Option<Duration>,
    /// What is normal for 99 of 100 syncs.
    pub normal_sync_p99: Option<Duration>,
    /// What is normal for half of the reads.
    pub normal_read: Option<Duration>,
    /// A day of hours is not known yet, so that what is called normal may be as slow as the disk has become.
    pub learning: bool,
    /// The store takes nothing any more.
    pub read_only: bool,
}

impl Figures {
    /// Those of the store.
    #[must_use]
    pub fn of(disk: &DiskFigures, read_only: bool) -> Self {
        let of_enough = |count: usize, least: usize, figure: Duration| (count >= least).then_some(figure);
        let many = usize::try_from(storage::limits::P99_SAMPLES_MIN).unwrap_or(usize::MAX);
        Figures {
            sync_p50: of_enough(disk.sync.count, limits::DISK_SYNCS_MIN, disk.sync.p50),
            sync_p99: of_enough(disk.sync.count, many, disk.sync.p99),
            read_p50: of_enough(disk.read.count, limits::DISK_READS_MIN, disk.read.p50),
            syncing_for: disk.syncing_for,
            normal_sync: disk.normal_sync,
            normal_sync_p99: disk.normal_sync_p99,
            normal_read: disk.normal_read,
            learning: disk.learning,
            read_only,
        }
    }
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
struct Against {
    /// What is normal; zero where that is not known.
    normal: Duration,
    /// From here on it is slow.
    bound: Duration,
}

impl Against {
    /// So many times what is normal, within bounds; where nothing is known, one bound for all.
    fn new(normal: Option<Duration>, (least, most): (Duration, Duration), unknown: Duration) -> Self {
        let bound = normal.map_or(unknown, |normal| normal.saturating_mul(limits::DISK_SLOW_TIMES).clamp(least, most));
        Against { normal: normal.unwrap_or_default(), bound }
    }
}

/// The state, and what it may be about to become.
#[derive(Debug, Clone)]
pub struct Judge {
    state: DiskState,
    since: Timestamp,
    stall: Strain,
    syncs: Strain,
    reads: Strain,
    hiccups: Strain,
}

/// One way in which a disk may be in trouble: whether it is, since when, and since when the figures say otherwise.
#[derive(Debug, Clone)]
struct Strain {
    is: bool,
    since: Timestamp,
    turning: Option<Moment>,
}

impl Strain {
    fn new(now: Timestamp) -> Self {
        Strain { is: false, since: now, turning: None }
    }

    /// `over`: whether the figures speak for it; `patience`: how long they must before it begins, and before it ends.
    fn look(&mut self, over: bool, patience: (Duration, Duration), moment: Moment) {
        if over == self.is {
            self.turning = None;
            return;
        }
        let began = *self.turning.get_or_insert(moment);
        let patience = if over { patience.0 } else { patience.1 };
        if moment.up.saturating_sub(began.up) >= patience {
            *self = Strain { is: over, since: began.now, turning: None };
        }
    }

    /// The same by a figure against a bound; it is over below half of it, but never only below what is normal.
    fn hold(&mut self, figure: Duration, against: Against, patience: (Duration, Duration), moment: Moment) {
        let bound = match self.is {
            true => (against.bound / 2).max(against.normal.saturating_mul(3) / 2).min(against.bound),
            false => against.bound,
        };
        self.look(figure >= bound, patience, moment);
    }
}

impl Judge {
    /// A disk that nothing is known of counts as OK.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let strain = Strain::new(now);
        Judge {
            state: DiskState::Ok,
            since: now,
            stall: strain.clone(),
            syncs: strain.clone(),
            reads: strain.clone(),
            hiccups: strain,
        }
    }

    /// The state, and since when it is so.
    #[must_use]
    pub fn state(&self) -> (DiskState, Timestamp) {
        (self.state, self.since)
    }

    /// What makes it slow: of several the one that is felt most. `None` while it is not.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.slow().map(|(cause, _)| cause).filter(|_| self.state == DiskState::Slow)
    }

    fn slow(&self) -> Option<(Cause, Timestamp)> {
        let causes = [(Cause::Syncs, &self.syncs), (Cause::Reads, &self.reads), (Cause::Hiccups, &self.hiccups)];
        causes.into_iter().find(|(_, strain)| strain.is).map(|(cause, strain)| (cause, strain.since))
    }

    /// Looks at the figures; answers the new state if it changed. To be called every second or so.
    pub fn look(&mut self, figures: &Figures, moment: Moment) -> Option<DiskState> {
        self.look_for_stalls(figures, moment);
        self.look_for_slowness(figures, moment);
        let (state, since) = if figures.read_only {
            (DiskState::ReadOnly, moment.now)
        } else if self.stall.is {
            let hangs = figures
                .syncing_for
                .map(|time| moment.now.plus_ms(i64::try_from(time.as_millis()).map_or(i64::MIN, |ms| -ms)));
            (DiskState::Stalled, hangs.unwrap_or(self.stall.since))
        } else if let Some((_, since)) = self.slow() {
            (DiskState::Slow, since)
        } else {
            let ended = [&self.stall, &self.syncs, &self.reads, &self.hiccups].map(|strain| strain.since);
            (DiskState::Ok, ended.into_iter().max().unwrap_or(moment.now))
        };
        if state == self.state {
            return None;
        }
        (self.state, self.since) = (state, since);
        Some(state)
    }

    /// One sync that hangs is enough; it is over when nothing has hung for a while.
    fn look_for_stalls(&mut self, figures: &Figures, moment: Moment) {
        let (syncing, p50) = match self.stall.is {
            true => (limits::DISK_STALLED_OVER, limits::DISK_STALLED_P50 / 2),
            false => (limits::DISK_STALLED, limits::DISK_STALLED_P50),
        };
        let hangs =
            figures.syncing_for.is_some_and(|time| time > syncing) || figures.sync_p50.is_some_and(|took| took >= p50);
        self.stall.look(hangs, (Duration::ZERO, limits::DISK_RECOVERY_STALLED), moment);
    }

    fn look_for_slowness(&mut self, figures: &Figures, moment: Moment) {
        let patience = (limits::DISK_SLOW_FOR, limits::DISK_RECOVERY_SLOW);
        // Where nothing is known of syncs nothing has become better, and nothing speaks against what began to show.
        if let Some(took) = figures.sync_p50 {
            // What was learned since a first start makes no disk good that would be slow without it.
            let most = if figures.learning { limits::DISK_SLOW_UNKNOWN } else { limits::DISK_SLOW_MAX };
            let bounds = (limits::DISK_SLOW_MIN, most);
            let against = Against::new(figures.normal_sync, bounds, limits::DISK_SLOW_UNKNOWN);
            self.syncs.hold(took, against, patience, moment);
            // Of a few syncs one in a hundred is none.
            let bounds = (limits::DISK_HICCUPS_MIN, limits::DISK_HICCUPS_MAX);
            let against = Against::new(figures.normal_sync_p99, bounds, limits::DISK_HICCUPS_MAX);
            let patience = (limits::DISK_HICCUPS_FOR, limits::DISK_RECOVERY_SLOW);
            self.hiccups.hold(figures.sync_p99.unwrap_or_default(), against, patience, moment);
        }
        // Where hardly anybody reads, nobody waits for it.
        let bounds = (limits::DISK_SLOW_MIN, limits::DISK_SLOW_UNKNOWN);
        let against = Against::new(figures.normal_read, bounds, limits::DISK_SLOW_UNKNOWN);
        self.reads.hold(figures.read_p50.unwrap_or_default(), against, patience, moment);
    }
}
