//! The work: a backup, one seen restored, or all that lies there read; by the running server, or by a command alone.

use super::{
    SAME_DISK, on_disk_of, open_target, open_timed_target,
    scratch::{self, Taken},
    secret,
    target::{refuse_inside, same_place},
};
use crate::{
    clock,
    config::Config,
    error::{Error, Result},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use storage::{
    Options, Store, Timestamp,
    backup::{
        Backup, Begin, Beside, Keep, Made, PointName, Progress, ReadSoFar, ReadThrough, Repository, Tell,
        deed::{self, Deed, Deeds, Task},
        read_through_beside, store_bytes,
        target::Target,
        verify,
    },
};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// A backup that goes on where the last one ended.
    Backup,
    /// A backup that relies on nothing that is there.
    BackupAnew,
    /// The newest backup, seen restored.
    Verify,
    /// All that lies with the backups, read.
    ReadAll,
}

impl Job {
    pub(super) fn task(self) -> Task {
        match self {
            Job::Backup | Job::BackupAnew => Task::Backup,
            Job::Verify => Task::Verify,
            Job::ReadAll => Task::Read,
        }
    }
}

/// Who wants work to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A person, who can know that a place was emptied for good.
    #[default]
    Person,
    /// The server: its schedule, or shipping.
    Server,
}

/// Work, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// What.
    pub job: Job,
    /// The place of the backups.
    pub place: String,
    /// Who wants it; commands of earlier versions do not say it.
    #[serde(default)]
    pub by: By,
}

/// Work under way, or the last that ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Work {
    /// Its number since the server started.
    pub number: u64,
    /// What, and where.
    pub wanted: Wanted,
    /// What is being done, in words.
    pub doing: String,
    /// Done of it.
    pub done: u64,
    /// All of it; 0 if that is not known.
    pub total: u64,
    /// How it ended; `None` while it goes on.
    pub ended: Option<Ended>,
}

/// How work ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Well.
    Done(Done),
    /// In words for people.
    Failed(String),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What.
    pub job: Job,
    /// The place of the backups.
    pub place: String,
    /// When the backup was made; the newest where all were read.
    pub made: String,
    /// Its last transaction.
    pub lsn: u64,
    /// Rows of all tables in it.
    pub rows: u64,
    /// Files in it; objects where all were read.
    pub files: u64,
    /// Bytes written.
    pub bytes_written: u64,
    /// Bytes read where all were.
    #[serde(default)]
    pub bytes_read: u64,
    /// How long it took, milliseconds.
    pub took_ms: u64,
    /// Older backups that were let go.
    pub let_go: usize,
    /// Why what nobody needs any more could not be removed.
    pub untidy: Option<String>,
    /// What is wrong with files beside the store, in sentences.
    pub amiss: Vec<String>,
    /// The place lies on the disk of the data directory, and is lost with it.
    #[serde(default)]
    pub same_disk: bool,
}

/// What a backup says of files that are damaged or missing here.
fn amiss(made: &Made) -> Vec<String> {
    let mut said = Vec::new();
    if !made.damaged.is_empty() {
        said.push(format!("{} files are damaged: {}; `dassie check` says more", made.damaged.count, made.damaged));
    }
    if !made.missing.is_empty() {
        let Made { missing, .. } = made;
        said.push(format!("{} files that rows refer to are missing here and in this backup: {missing}", missing.count));
    }
    said
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Done { place, made, rows, files, bytes_written, took_ms, .. } = self;
        match self.job {
            Job::Backup | Job::BackupAnew => {
                write!(f, "backed up to {place} as of {made}: {rows} rows, {files} files; ")?;
                write!(f, "{bytes_written} bytes written in {took_ms} ms")?;
                if self.let_go > 0 {
                    write!(f, "; {} older backups let go", self.let_go)?;
                }
                self.amiss.iter().try_for_each(|said| write!(f, "\n{said}"))?;
                if self.same_disk {
                    write!(f, "\n{SAME_DISK}")?;
                }
                match &self.untidy {
                    Some(why) => {
                        write!(f, "\nwhat no backup needs could not be removed: {why}; the next one tries again")
                    }
                    None => Ok(()),
                }
            }
            Job::Verify => {
                write!(
                    f,
                    "the backup of {made} in {place} was restored into a scratch directory, checked and compared: "
                )?;
                write!(f, "{rows} rows and {files} files are what was backed up ({took_ms} ms)")
            }
            Job::ReadAll => {
                write!(f, "all {files} objects in {place} hold: {} bytes read in {took_ms} ms", self.bytes_read)
            }
        }
    }
}

/// What work is done with.
#[derive(Clone)]
pub struct Bench {
    /// How a scratch store is opened; its directory is `DATA/restore-check`, or below `backup.scratch`.
    pub scratch: Options,
    /// The configuration.
    pub config: Config,
    /// What ended and the store does not remember yet.
    unkept: Arc<Mutex<Deeds>>,
    /// A backup or a verification waits for the reading of all that lies there, which ends between two objects.
    pub(super) awaited: Arc<AtomicBool>,
    /// The reading that goes on; of one place at most.
    reading: Arc<Mutex<Option<Unended>>>,
}

/// A reading of all that lies in a place that came to no end yet. It is kept as long as the process runs.
pub(super) struct Unended {
    place: String,
    /// When it began.
    pub(super) begun: Timestamp,
    /// When it was last broken off, or failed.
    pub(super) left: Option<Timestamp>,
    /// How long it took until then, milliseconds.
    took_ms: u64,
    /// What held until then; empty while it goes on.
    pub(super) so_far: ReadSoFar,
}

/// What is said of a reading that something else was due beside.
pub(super) const BROKEN_OFF: &str =
    "broken off, because a backup or its verification is due; it goes on where it was behind that";

impl Bench {
    /// For the store of `config`, opened like `store`.
    #[must_use]
    pub fn new(config: &Config, store: &Options) -> Self {
        let dir = scratch::dir(config);
        let scratch = Options { dir, consumed: storage::Lsn(0), ..store.clone() };
        let (unkept, awaited, reading) = (Arc::default(), Arc::default(), Arc::default());
        Bench { scratch, config: config.clone(), unkept, awaited, reading }
    }

    fn unkept(&self) -> MutexGuard<'_, Deeds> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_awaited(&self) -> bool {
        self.awaited.load(Ordering::Relaxed)
    }

    pub(super) fn reading(&self) -> MutexGuard<'_, Option<Unended>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a reading of all that lies in a place begins.
    fn begin_reading(&self, place: &str) -> ReadSoFar {
        let mut reading = self.reading();
        if let Some(reading) = reading.as_mut().filter(|reading| same_place(&reading.place, place)) {
            return std::mem::take(&mut reading.so_far);
        }
        let begun = (self.scratch.environment.now)();
        let (place, so_far) = (place.to_owned(), ReadSoFar::default());
        *reading = Some(Unended { place, begun, left: None, took_ms: 0, so_far });
        ReadSoFar::default()
    }

    /// Such a reading came to no end; the next one goes on there.
    fn leave_reading(&self, so_far: ReadSoFar, took_ms: u64) {
        if let Some(reading) = &mut *self.reading() {
            reading.left = Some((self.scratch.environment.now)());
            reading.took_ms = reading.took_ms.saturating_add(took_ms);
            reading.so_far = so_far;
        }
    }

    /// What the store remembers, and what ended since this process began and could not be stored.
    #[must_use]
    pub fn known(&self, stored: &Deeds) -> Deeds {
        let mut known = stored.clone();
        for (task, deed) in self.unkept().ended() {
            known.note(task, deed.clone());
        }
        known
    }
}

/// Makes a backup of an open store and lets go of old ones as configured.
///
/// # Errors
/// `Invalid` for a place or key that cannot be used; those of the store and the target.
fn make(bench: &Bench, store: &Store, wanted: &Wanted, tell: Tell<'_>) -> Result<Done> {
    let begun = Instant::now();
    let (config, settings) = (&bench.config, &bench.config.backups);
    refuse_inside(&wanted.place, &config.data_dir)?;
    let begin = if wanted.job == Job::BackupAnew { Begin::Anew } else { Begin::WhereItEnded };
    let backup = Backup {
        store,
        beside: Some(Beside { data_dir: &config.data_dir, config: Some(&config.file) }),
        keep: Keep { last: settings.keep_last, days: settings.keep_days },
        begin,
        program: env!("CARGO_PKG_VERSION"),
        tell,
    };
    let target = open_timed_target(store, &wanted.place)?;
    let place = target.describe();
    if (wanted.job, wanted.by) != (Job::BackupAnew, By::Person) {
        refuse_gone(store, &wanted.place, target.as_ref())?;
    }
    let made = backup.run(target, secret(settings)?.as_ref())?;
    let amiss = amiss(&made);
    amiss.iter().for_each(|said| tracing::warn!("{said}"));
    let point = made.point;
    Ok(Done {
        job: wanted.job,
        place,
        made: clock::iso(point.made),
        lsn: point.holds.lsn.0,
        rows: point.holds.rows,
        files: point.files,
        bytes_written: point.written,
        bytes_read: 0,
        took_ms: elapsed_ms(begun),
        let_go: made.retired,
        untidy: made.untidy,
        amiss,
        same_disk: on_disk_of(&wanted.place, &config.data_dir).is_some(),
    })
}

/// What is said of a place that is empty and was not.
pub const NO_BACKUPS: &str = "holds no backups although some were made there";

/// Whether the store remembers backups in a place.
///
/// # Errors
/// Storage errors.
pub fn remembers(store: &Store, place: &str) -> Result<bool> {
    let deeds = store.read(|view| deed::deeds(view))?;
    Ok([deeds.backup, deeds.verified].into_iter().flatten().any(|deed| same_place(&deed.place, place)))
}

/// A place that held backups and holds none now is a disk that is not mounted, most likely; one must not begin anew
/// there without being told.
fn refuse_gone(store: &Store, place: &str, target: &dyn Target) -> Result<()> {
    if remembers(store, place)? && target.list("point/")?.is_empty() {
        let why = format!(
            "{place} {NO_BACKUPS}; is its disk mounted? If they are gone for good, \
             `dassie backup now --anew` begins again"
        );
        return Err(Error::invalid("backup.to", why));
    }
    Ok(())
}

/// A place of backups, and the newest in it.
fn newest(bench: &Bench, wanted: &Wanted) -> Result<(String, Repository, PointName)> {
    let target = open_target(&wanted.place)?;
    let place = target.describe();
    let none = || Error::invalid("backup.to", format!("there is no backup in {place}"));
    let repository = Repository::open(target, secret(&bench.config.backups)?.as_ref())?.ok_or_else(none)?;
    let newest = repository.newest()?.ok_or_else(none)?;
    Ok((place, repository, newest))
}

/// Restores the newest backup into a scratch directory, checks and compares it, and removes the scratch.
///
/// # Errors
/// `Storage(Corrupt)` saying what is not as it was; `Invalid` for a place or key that cannot be used, and where there is no
/// room for it.
pub fn see_restored(bench: &Bench, wanted: &Wanted, taken: &Taken<'_>, tell: Tell<'_>) -> Result<Done> {
    let begun = Instant::now();
    let (place, repository, newest) = newest(bench, wanted)?;
    // What a verification that was cut off left goes first; this one needs the room.
    let Options { vfs, dir, .. } = &bench.scratch;
    let gone = vfs.remove_dir(dir);
    gone.map_err(|error| storage::Error::io(format!("remove {}", dir.display()), error))?;
    let needed = store_bytes(&repository, &repository.point(&newest)?, &bench.scratch)?;
    scratch::refuse_without_room(bench, needed, taken)?;
    let seen = verify(&repository, Some(&newest), &bench.scratch, tell)?;
    Ok(Done {
        job: wanted.job,
        made: clock::iso(seen.point.made),
        lsn: seen.point.holds.lsn.0,
        rows: seen.point.holds.rows,
        files: seen.files,
        bytes_written: 0,
        bytes_read: 0,
        took_ms: elapsed_ms(begun),
        let_go: 0,
        untidy: None,
        amiss: Vec::new(),
        same_disk: on_disk_of(&wanted.place, &bench.config.data_dir).is_some(),
        place,
    })
}

/// Reads all that lies with the backups, and rests beside the store; goes on where one was that came to no end.
///
/// # Errors
/// `Storage(Corrupt)` saying how much does not hold or is missing; `Invalid` for a place or key that cannot be used; those of
/// the target.
fn read_all(bench: &Bench, store: &Store, wanted: &Wanted, tell: Tell<'_>) -> Result<Done> {
    let begun = Instant::now();
    let (place, repository, newest) = newest(bench, wanted)?;
    let mut so_far = bench.begin_reading(&wanted.place);
    let seen = match read_through_beside(&repository, store, &mut so_far, tell) {
        Ok(seen) => seen,
        Err(error) => {
            bench.leave_reading(so_far, elapsed_ms(begun));
            return Err(error.into());
        }
    };
    let before_ms = bench.reading().take().map_or(0, |reading| reading.took_ms);
    if let Some(damage) = damage(&seen, &place) {
        return Err(damage.into());
    }
    Ok(Done {
        job: wanted.job,
        made: clock::iso(newest.made),
        lsn: newest.lsn.0,
        rows: 0,
        files: seen.objects,
        bytes_written: 0,
        bytes_read: seen.bytes,
        took_ms: elapsed_ms(begun).saturating_add(before_ms),
        let_go: 0,
        untidy: None,
        amiss: Vec::new(),
        same_disk: on_disk_of(&wanted.place, &bench.config.data_dir).is_some(),
        place,
    })
}

/// What is said where not all holds that lies in a place.
fn damage(seen: &ReadThrough, place: &str) -> Option<storage::Error> {
    if seen.is_whole() {
        return None;
    }
    let ReadThrough { damaged, lost, incomplete, .. } = seen;
    let first = damaged.first_key_value().map(|(name, why)| format!(", {name} for one ({why})"));
    let (objects, first) = (if damaged.len() == 1 { "object is" } else { "objects are" }, first.unwrap_or_default());
    let why = format!(
        "{} {objects} damaged or missing{first}; {} of time cannot be restored, {} files",
        damaged.len(),
        if lost.len() == 1 { "1 stretch".to_owned() } else { format!("{} stretches", lost.len()) },
        if incomplete.len() == 1 { "1 backup lacks".to_owned() } else { format!("{} backups lack", incomplete.len()) },
    );
    Some(storage::Error::corrupt("a place of backups", place, why))
}

/// What a command came to that read all that lies in a place by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadByHand {
    place: String,
    /// When the newest backup was made; 0 if there is none.
    made: Timestamp,
    lsn: storage::Lsn,
    objects: u64,
    bytes: u64,
    took_ms: u64,
    /// What does not hold, in words.
    damage: Option<String>,
}

impl ReadByHand {
    /// Of the place `seen` was read in since `begun`; `newest` is the newest backup there.
    #[must_use]
    pub fn new(place: &str, newest: Option<&PointName>, seen: &ReadThrough, begun: Instant) -> Self {
        ReadByHand {
            place: place.to_owned(),
            made: newest.map_or(Timestamp(0), |newest| newest.made),
            lsn: newest.map_or(storage::Lsn(0), |newest| newest.lsn),
            objects: seen.objects,
            bytes: seen.bytes,
            took_ms: elapsed_ms(begun),
            damage: damage(seen, place).map(|damage| damage.to_string()),
        }
    }
}

/// Remembers what a command read by itself like a reading by the schedule; of another place than the configured one it
/// stands for nothing here.
pub(super) fn remember_read(bench: &Bench, store: &Store, read: ReadByHand) {
    if !bench.config.backups.to.as_ref().is_some_and(|to| same_place(to, &read.place)) {
        return;
    }
    let ReadByHand { place, made, lsn, objects: files, bytes, took_ms, damage: failed } = read;
    let (at, damaged) = ((bench.scratch.environment.now)(), failed.is_some());
    keep(bench, store, Task::Read, Deed { place, at, took_ms, made, lsn, rows: 0, files, bytes, failed, damaged });
}

fn elapsed_ms(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Does work on an open store and remembers there how it ended; `bytes` tells what the data directory takes, a scratch store
/// left out.
///
/// # Errors
/// Those of the work.
pub fn carry_out(
    bench: &Bench,
    store: &Store,
    wanted: &Wanted,
    bytes: &dyn Fn() -> Result<u64>,
    tell: Tell<'_>,
) -> Result<Done> {
    let begun = Instant::now();
    let done = match wanted.job.task() {
        Task::Backup => make(bench, store, wanted, tell),
        Task::Verify => {
            let taken = Taken { bytes, floor_bytes: store.disk().floor_bytes };
            see_restored(bench, wanted, &taken, tell)
        }
        Task::Read => {
            let goes_on = |progress: Progress| tell(progress) && !bench.is_awaited();
            match read_all(bench, store, wanted, &goes_on) {
                // It goes on: that is no end to remember.
                Err(Error::Storage(storage::Error::Unavailable)) if bench.is_awaited() => {
                    return Err(Error::invalid("backup", BROKEN_OFF));
                }
                done => done,
            }
        }
    };
    // The end of the server ended it: that is nothing to remember.
    if matches!(done, Err(Error::Storage(storage::Error::Unavailable))) {
        return done;
    }
    let mut deed = deed_of(bench, wanted, &done, elapsed_ms(begun));
    if wanted.job.task() == Task::Read && deed.failed.is_some() && !deed.damaged {
        // What did not hold is told until a reading finds all whole; one that came to no end puts the next one off.
        let before = bench.known(&store.read(|view| deed::deeds(view))?).read_failed;
        if let Some(before) = before.filter(|before| before.damaged && same_place(&before.place, &wanted.place)) {
            deed = Deed { at: deed.at, ..before };
        }
    }
    keep(bench, store, wanted.job.task(), deed);
    done
}

/// Remembers how a task ended.
fn keep(bench: &Bench, store: &Store, task: Task, deed: Deed) {
    bench.unkept().note(task, deed);
    // Also what ended while nothing could be stored.
    let unkept = bench.unkept().clone();
    let remembered = store.write(move |tx| -> Result<()> {
        unkept.ended().for_each(|(task, deed)| deed::remember(tx, task, deed));
        Ok(())
    });
    match remembered {
        Ok(()) => *bench.unkept() = Deeds::default(),
        // What was made is made, also where nothing can be stored any more.
        Err(error) => {
            tracing::warn!(%error, "how work on the backups ended is remembered until the server stops, no longer");
        }
    }
}

fn deed_of(bench: &Bench, wanted: &Wanted, done: &Result<Done>, took_ms: u64) -> Deed {
    let failed = Deed {
        place: wanted.place.clone(),
        at: (bench.scratch.environment.now)(),
        took_ms,
        made: Timestamp(0),
        lsn: storage::Lsn(0),
        rows: 0,
        files: 0,
        bytes: 0,
        failed: None,
        damaged: false,
    };
    match done {
        Ok(done) => Deed {
            took_ms: done.took_ms,
            made: clock::parse_moment(&done.made).unwrap_or(Timestamp(0)),
            lsn: storage::Lsn(done.lsn),
            rows: done.rows,
            files: done.files,
            bytes: done.bytes_written + done.bytes_read,
            ..failed
        },
        Err(error) => {
            let damaged = matches!(error, Error::Storage(storage::Error::Corrupt { .. }));
            Deed { failed: Some(error.to_string()), damaged, ..failed }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::lab::Lab;
    use storage::latency::{LatencyFigures, Purpose};

    #[test]
    fn only_a_person_begins_anew_where_backups_were_and_are_none() {
        let lab = Lab::new();
        let carried_out = |job, by| lab.carry_out(job, by, &|_| true);
        carried_out(Job::Backup, By::Server).expect("made");
        let timed = |(purpose, _): &(Purpose, LatencyFigures)| *purpose == Purpose::Backups;
        assert!(lab.store.syncs().iter().any(timed), "what the other disk takes is known");
        carried_out(Job::BackupAnew, By::Server).expect("made beside what is there");
        // What is seen of a disk that is not mounted.
        std::fs::remove_dir_all(lab.place()).expect("gone");
        for (job, by) in [(Job::Backup, By::Server), (Job::Backup, By::Person), (Job::BackupAnew, By::Server)] {
            let why = carried_out(job, by).expect_err("refused").to_string();
            assert!(why.contains("is its disk mounted?") && !lab.place().exists(), "{job:?} by {by:?}: {why}");
        }
        carried_out(Job::BackupAnew, By::Person).expect("made");
        lab.store.close().expect("closed");
    }
}
