//! The watch over the disk that the server keeps, and its section of the state.

use super::{
    flush,
    judge::{Cause, DiskState, Figures, Judge, Moment},
    jumps::Jumps,
    mount::{self, Kind, Mount},
    space, words,
};
use crate::clock;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use storage::{
    Timestamp,
    latency::{DiskFigures, LatencyFigures, Purpose},
    retention::AgesRest,
};

/// The disk, in the state of the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Disk {
    /// How it is.
    pub state: DiskState,
    /// What is slow, while it is slow.
    #[serde(default)]
    pub cause: Option<Cause>,
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
    /// Making files beside the store durable (uploads, archives), in the last day; `None`: there were none. `media/` may be a
    /// disk of its own, and what it takes makes nothing step aside.
    #[serde(default)]
    pub files: Option<Times>,
    /// What else was made durable in the last day, by what it was for: `log`, `segments`, `tables`, `bases`, `notes`,
    /// `copies`, `backups`, `search`. Only the log's says how the disk is: a checkpoint of many megabytes takes its time on
    /// any.
    #[serde(default)]
    pub syncs_of_day: BTreeMap<String, Times>,
    /// What half of the syncs normally take at most here, microseconds; absent before some minutes are known.
    pub normal_sync_us: Option<u64>,
    /// What 99 of 100 syncs normally take at most here, microseconds.
    #[serde(default)]
    pub normal_sync_p99_us: Option<u64>,
    /// What half of the reads normally take at most here, microseconds.
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
    /// The day from which on nothing but deletes is accepted at this growth, if that is within ten years.
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
    jumps: Jumps,
    warned: bool,
}

impl Watch {
    /// Begins to watch the disk under `data_dir`.
    #[must_use]
    pub fn new(data_dir: &Path, mount: Option<Mount>, now: Timestamp) -> Self {
        let seen = Seen { judge: Judge::new(now), jumps: Jumps::default(), warned: false };
        let watch = Watch { data_dir: data_dir.display().to_string(), mount, seen: Mutex::new(seen) };
        for note in [watch.memory_note(), watch.program_note()].into_iter().flatten() {
            tracing::warn!("{note}");
        }
        watch
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

    /// It does what it is asked to, later than usual.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.state() == DiskState::Slow
    }

    /// What can wait should.
    #[must_use]
    pub fn is_in_trouble(&self) -> bool {
        self.state() != DiskState::Ok
    }

    /// What is known of before the start: up to when the log reached, and what rested then. To be told before the first
    /// look.
    pub fn remember(&self, known: Option<Timestamp>, before: Option<AgesRest>) {
        self.seen().jumps.remember(known, before);
    }

    /// Whether the clock can be believed as far as ages go; if not, nothing is to be removed for its age. Compares the
    /// clocks now: the time of day and the stopwatch that goes with it.
    #[must_use]
    pub fn trusts_ages(&self, clocks: Moment) -> bool {
        let mut seen = self.seen();
        seen.look_at_clocks(clocks);
        !seen.jumps.rests(clocks.up)
    }

    /// Until when ages are not trusted, if that is to come and the store does not know it yet: a restart would forget it.
    #[must_use]
    pub fn ages_rest_to_keep(&self, clocks: Moment) -> Option<AgesRest> {
        self.seen().jumps.to_keep(clocks.up)
    }

    /// The store knows it now.
    pub fn ages_rest_is_kept(&self, rest: AgesRest) {
        self.seen().jumps.kept(rest);
    }

    /// Looks at the figures, and at the time of day beside its stopwatch; a change of state goes to the log.
    pub fn look(&self, figures: &DiskFigures, read_only: bool, clocks: Moment) {
        let now = clocks.now;
        let moment = Moment { now, up: figures.at };
        let mut seen = self.seen();
        seen.look_at_clocks(clocks);
        let changed = seen.judge.look(&Figures::of(figures, read_only), moment);
        let note = self.flush_note(figures).filter(|_| !std::mem::replace(&mut seen.warned, true));
        let (since, cause) = (seen.judge.state().1, seen.judge.cause());
        drop(seen);
        if let Some(note) = note {
            tracing::warn!("{note}");
        }
        let Some(state) = changed else { return };
        match words::problem(&self.section(figures, (state, cause), since, now), since, now) {
            Some(problem) => tracing::warn!("{problem}"),
            None => tracing::info!(?state, "the state of the disk changed"),
        }
    }

    /// The section of the state, and its problems, worst first.
    #[must_use]
    pub fn report(&self, figures: &DiskFigures, clocks: Moment) -> (Disk, Vec<String>) {
        let now = clocks.now;
        let (state, since, cause, jumped, rests) = {
            let seen = self.seen();
            let (state, since) = seen.judge.state();
            (state, since, seen.judge.cause(), seen.jumps.problem(clocks), seen.jumps.note(clocks.up))
        };
        let mut disk = self.section(figures, (state, cause), since, now);
        disk.notes.extend(rests);
        let problems = [words::problem(&disk, since, now), space::problem(&disk), jumped];
        (disk, problems.into_iter().flatten().collect())
    }

    fn section(
        &self,
        figures: &DiskFigures,
        (state, cause): (DiskState, Option<Cause>),
        since: Timestamp,
        now: Timestamp,
    ) -> Disk {
        let space = figures.free_bytes.zip(figures.total_bytes);
        Disk {
            state,
            cause,
            since: clock::iso(since),
            data_dir: self.data_dir.clone(),
            filesystem: self.mount.as_ref().map(|mount| mount.filesystem.clone()),
            device: self.mount.as_ref().map(|mount| mount.device.clone()),
            syncs: Times::of(&figures.sync),
            reads: Times::of(&figures.read),
            files: None,
            syncs_of_day: BTreeMap::new(),
            normal_sync_us: figures.normal_sync.map(us),
            normal_sync_p99_us: figures.normal_sync_p99.map(us),
            normal_read_us: figures.normal_read.map(us),
            syncing_for_us: figures.syncing_for.map(us),
            free_bytes: figures.free_bytes,
            total_bytes: figures.total_bytes,
            free_per_cent: space.and_then(|(free, total)| space::per_cent(free, total)),
            growth_bytes: figures.growth.map(|growth| growth.bytes),
            growth_hours: figures.growth.map(|growth| growth.hours),
            full_on: space::refused_on(figures, now),
            notes: [self.memory_note(), self.program_note(), self.flush_note(figures)].into_iter().flatten().collect(),
        }
    }

    fn memory_note(&self) -> Option<String> {
        let mount = self.mount.as_ref().filter(|mount| mount.kind() == Kind::Memory)?;
        let (dir, kind) = (&self.data_dir, &mount.filesystem);
        Some(format!("the data directory {dir} is in memory ({kind}): everything is gone with the next power cut"))
    }

    fn program_note(&self) -> Option<String> {
        mount::note(&self.data_dir, self.mount.as_ref()?)
    }

    fn flush_note(&self, figures: &DiskFigures) -> Option<String> {
        // Some minutes are too few to say so of a disk.
        let normal = figures.normal_sync.filter(|_| !figures.learning)?;
        flush::note(self.mount.as_ref()?, us(normal))
    }
}

impl Disk {
    /// Notes how long all syncs of the last day took, by what they were for.
    pub fn note_syncs(&mut self, syncs: &[(Purpose, LatencyFigures)]) {
        for (purpose, figures) in syncs {
            match purpose {
                Purpose::Files => self.files = Some(Times::of(figures)),
                other => {
                    self.syncs_of_day.insert(other.name().to_owned(), Times::of(figures));
                }
            }
        }
    }
}

impl Seen {
    fn look_at_clocks(&mut self, clocks: Moment) {
        if let Some(by_ms) = self.jumps.look(clocks) {
            tracing::warn!(by_ms, "the clock jumped, or the machine slept");
        }
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
        if let Some(files) = &self.files {
            write!(f, "; keeping a file {}", words::took(files.p50_us))?;
        }
        if let (Some(free), Some(total)) = (self.free_bytes, self.total_bytes) {
            write!(f, "; {} of {} free", words::amount(free), words::amount(total))?;
        }
        if let Some(forecast) = space::forecast(self) {
            write!(f, ", {forecast}")?;
        }
        writeln!(f)?;
        for (purpose, what) in [
            (Purpose::Tables, "the tables"),
            (Purpose::Bases, "base snapshots"),
            (Purpose::Search, "the search index"),
            (Purpose::Backups, "backups"),
        ] {
            let Some(Times { p50_us, p99_us, count, .. }) = self.syncs_of_day.get(purpose.name()) else { continue };
            let (p50, p99) = (words::took(*p50_us), words::took(*p99_us));
            writeln!(f, "  a sync of {what} takes {p50}, 99 of 100 at most {p99} ({count} in the last day)")?;
        }
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        Ok(())
    }
}
