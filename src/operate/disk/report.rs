//! The watch over the disk that the server keeps, and its section of the state.

use super::{
    flush,
    judge::{DiskState, Figures, Judge, Moment},
    jumps::Jumps,
    mount::{Kind, Mount, kind_of},
    space, words,
};
use crate::clock;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use storage::{
    Timestamp,
    latency::{DiskFigures, LatencyFigures},
};

/// The disk, in the state of the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Disk {
    /// How it is.
    pub state: DiskState,
    /// Since when it is so.
    pub since: String,
    /// The data directory.
    pub data_dir: String,
    /// The type of the file system under it, if the system says.
    pub filesystem: Option<String>,
    /// What is mounted there.
    pub device: Option<String>,
    /// Making data safe, in the last half minute.
    pub syncs: Times,
    /// Reading the engine, in the last half minute; one read in 64 is timed.
    pub reads: Times,
    /// What half of the syncs normally take at most here, microseconds; absent before a day is known.
    pub normal_sync_us: Option<u64>,
    /// The same for reads.
    pub normal_read_us: Option<u64>,
    /// How long the sync under way has been running, microseconds.
    pub syncing_for_us: Option<u64>,
    /// Bytes free.
    pub free_bytes: Option<u64>,
    /// Bytes of the file system.
    pub total_bytes: Option<u64>,
    /// Free bytes of 100.
    pub free_per_cent: Option<u64>,
    /// Bytes by which the free room shrank in `growth_hours`.
    pub growth_bytes: Option<u64>,
    /// The hours that is known for.
    pub growth_hours: Option<u64>,
    /// The day on which it is full at this growth, if that is within ten years.
    pub full_on: Option<String>,
    /// What somebody may want to know, and is no problem now.
    pub notes: Vec<String>,
}

/// Quantiles; each says up to 19 % too much, never too little.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Times {
    /// Half took no longer, microseconds.
    pub p50_us: u64,
    /// 99 of 100 took no longer, microseconds.
    pub p99_us: u64,
    /// The longest, microseconds.
    pub max_us: u64,
    /// How many.
    pub count: usize,
}

/// Watches the disk: fed with figures every second, asked by whoever must step aside.
#[derive(Debug)]
pub struct Watch {
    data_dir: String,
    mount: Option<Mount>,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    judge: Judge,
    /// `None` where the clock is set by hand: all it does is jump.
    jumps: Option<Jumps>,
    warned: bool,
}

impl Watch {
    /// Begins to watch the disk under `data_dir`.
    #[must_use]
    pub fn new(data_dir: &Path, mount: Option<Mount>, now: Timestamp) -> Self {
        let seen = Seen { judge: Judge::new(now), jumps: Some(Jumps::default()), warned: false };
        let watch = Watch { data_dir: data_dir.display().to_string(), mount, seen: Mutex::new(seen) };
        if let Some(note) = watch.memory_note() {
            tracing::warn!("{note}");
        }
        watch
    }

    /// The same for a clock that is set by hand.
    #[must_use]
    pub fn without_jumps(self) -> Self {
        self.seen().jumps = None;
        self
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the disk was at the last look.
    #[must_use]
    pub fn state(&self) -> DiskState {
        self.seen().judge.state().0
    }

    /// Nothing can be made safe: what others would send again is better refused.
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        self.state() == DiskState::Stalled
    }

    /// What can wait should.
    #[must_use]
    pub fn is_in_trouble(&self) -> bool {
        self.state() != DiskState::Ok
    }

    /// Looks at the figures; a change of state goes to the log.
    pub fn look(&self, figures: &DiskFigures, read_only: bool, now: Timestamp) {
        let moment = Moment { now, up: figures.at };
        let mut seen = self.seen();
        if let Some(by_ms) = seen.jumps.as_mut().and_then(|jumps| jumps.look(moment)) {
            tracing::warn!(by_ms, "the clock jumped, or the machine slept");
        }
        let changed = seen.judge.look(&Figures::of(figures, read_only), moment);
        let note = self.flush_note(figures).filter(|_| !std::mem::replace(&mut seen.warned, true));
        let since = seen.judge.state().1;
        drop(seen);
        if let Some(note) = note {
            tracing::warn!("{note}");
        }
        let Some(state) = changed else { return };
        match words::problem(&self.section(figures, state, since, now), since, now) {
            Some(problem) => tracing::warn!("{problem}"),
            None => tracing::info!(?state, "the state of the disk changed"),
        }
    }

    /// The section of the state, and its problems, worst first.
    #[must_use]
    pub fn report(&self, figures: &DiskFigures, now: Timestamp) -> (Disk, Vec<String>) {
        let moment = Moment { now, up: figures.at };
        let (state, since) = self.seen().judge.state();
        let disk = self.section(figures, state, since, now);
        let jumped = self.seen().jumps.as_ref().and_then(|jumps| jumps.problem(moment));
        let problems = [words::problem(&disk, since, now), space::problem(&disk), jumped];
        (disk, problems.into_iter().flatten().collect())
    }

    fn section(&self, figures: &DiskFigures, state: DiskState, since: Timestamp, now: Timestamp) -> Disk {
        let space = figures.free_bytes.zip(figures.total_bytes);
        let full_on = figures.free_bytes.zip(figures.growth);
        Disk {
            state,
            since: clock::iso(since),
            data_dir: self.data_dir.clone(),
            filesystem: self.mount.as_ref().map(|mount| mount.filesystem.clone()),
            device: self.mount.as_ref().map(|mount| mount.device.clone()),
            syncs: Times::of(&figures.sync),
            reads: Times::of(&figures.read),
            normal_sync_us: figures.normal_sync.map(us),
            normal_read_us: figures.normal_read.map(us),
            syncing_for_us: figures.syncing_for.map(us),
            free_bytes: figures.free_bytes,
            total_bytes: figures.total_bytes,
            free_per_cent: space.and_then(|(free, total)| space::per_cent(free, total)),
            growth_bytes: figures.growth.map(|growth| growth.bytes),
            growth_hours: figures.growth.map(|growth| growth.hours),
            full_on: full_on.and_then(|(free, growth)| space::full_on(free, growth, now)),
            notes: [self.memory_note(), self.flush_note(figures)].into_iter().flatten().collect(),
        }
    }

    fn memory_note(&self) -> Option<String> {
        let mount = self.mount.as_ref().filter(|mount| kind_of(&mount.filesystem) == Kind::Memory)?;
        let (dir, kind) = (&self.data_dir, &mount.filesystem);
        Some(format!("the data directory {dir} is in memory ({kind}): everything is gone with the next power cut"))
    }

    fn flush_note(&self, figures: &DiskFigures) -> Option<String> {
        flush::note(self.mount.as_ref()?, us(figures.normal_sync?))
    }
}

impl Times {
    fn of(figures: &LatencyFigures) -> Self {
        let LatencyFigures { p50, p99, max, count } = *figures;
        Times { p50_us: us(p50), p99_us: us(p99), max_us: us(max), count }
    }
}

fn us(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            DiskState::Ok => "ok",
            DiskState::Slow => "slow",
            DiskState::Stalled => "stalled",
            DiskState::ReadOnly => "read-only",
        };
        write!(f, "  disk: {state}")?;
        if self.syncs.count > 0 {
            write!(f, "; making data safe takes {}", words::took(self.syncs.p50_us))?;
        }
        if let Some(normal) = self.normal_sync_us {
            write!(f, " (normal: {})", words::took(normal))?;
        }
        if let (Some(free), Some(total)) = (self.free_bytes, self.total_bytes) {
            write!(f, "; {} of {} free", words::amount(free), words::amount(total))?;
        }
        if let Some(forecast) = space::forecast(self) {
            write!(f, ", {forecast}")?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        Ok(())
    }
}
