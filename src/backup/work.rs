//! The work: a backup, or one seen restored; by the running server on a thread that may wait, or by a command alone.

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
    limits,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use storage::{
    Options, Store, Timestamp,
    backup::{
        Backup, Begin, Beside, Keep, Made, PointName, Progress, ReadThrough, Repository, Tell,
        deed::{self, Deed, Deeds, Task},
        read_through_beside, store_bytes,
        target::Target,
        verify,
    },
};
use tokio::{runtime::Handle, sync::oneshot};

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
    fn task(self) -> Task {
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
    awaited: Arc<AtomicBool>,
}

/// What is said of a reading that something else was due beside.
const BROKEN_OFF: &str = "broken off, because a backup or its verification is due";

/// Whether that is why a reading failed.
pub(super) fn is_broken_off(failed: &Deed) -> bool {
    failed.failed.as_ref().is_some_and(|why| why.ends_with(BROKEN_OFF))
}

impl Bench {
    /// For the store of `config`, opened like `store`.
    #[must_use]
    pub fn new(config: &Config, store: &Options) -> Self {
        let dir = scratch::dir(config);
        let scratch = Options { dir, consumed: storage::Lsn(0), ..store.clone() };
        Bench { scratch, config: config.clone(), unkept: Arc::default(), awaited: Arc::default() }
    }

    fn unkept(&self) -> MutexGuard<'_, Deeds> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_awaited(&self) -> bool {
        self.awaited.load(Ordering::Relaxed)
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

/// Runs `work` on a thread of its own, which gets the processor when others leave it: it hashes, packs and seals pieces of
/// up to 8 MiB, and a post that becomes durable meanwhile is not to wait for the rest of one.
async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    // An object store is spoken with through it.
    let runtime = Handle::current();
    let started = std::thread::Builder::new().name("backup".to_owned()).spawn(move || {
        storage::step_back(storage::limits::BACKGROUND_STEPS);
        let _entered = runtime.enter();
        // Nobody listens any more: the server stops, and there is nobody to tell.
        let _ = answer.send(work());
    });
    started.map_err(|error| Error::invalid("threads", format!("cannot start a thread: {error}")))?;
    answered.await.unwrap_or_else(|_| Err(Error::Bug("the work ended without an answer".to_owned())))
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

/// Reads all that lies with the backups, and rests beside the store.
///
/// # Errors
/// `Storage(Corrupt)` saying how much does not hold or is missing; `Invalid` for a place or key that cannot be used; those of
/// the target.
fn read_all(bench: &Bench, store: &Store, wanted: &Wanted, tell: Tell<'_>) -> Result<Done> {
    let begun = Instant::now();
    let (place, repository, newest) = newest(bench, wanted)?;
    let seen = read_through_beside(&repository, store, tell)?;
    if !seen.is_whole() {
        let ReadThrough { damaged, lost, incomplete, .. } = &seen;
        let first = damaged.first_key_value().map(|(name, why)| format!(", {name} for one ({why})"));
        let (first, damaged) = (first.unwrap_or_default(), damaged.len());
        let why = format!(
            "{damaged} objects are damaged or missing{first}; {} stretches of time cannot be restored, {} backups lack \
             files",
            lost.len(),
            incomplete.len()
        );
        return Err(storage::Error::corrupt("a place of backups", place, why).into());
    }
    Ok(Done {
        job: wanted.job,
        made: clock::iso(newest.made),
        lsn: newest.lsn.0,
        rows: 0,
        files: seen.objects,
        bytes_written: 0,
        bytes_read: seen.bytes,
        took_ms: elapsed_ms(begun),
        let_go: 0,
        untidy: None,
        amiss: Vec::new(),
        same_disk: on_disk_of(&wanted.place, &bench.config.data_dir).is_some(),
        place,
    })
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
                // That is remembered, or it would begin again behind each backup.
                Err(Error::Storage(storage::Error::Unavailable)) if bench.is_awaited() => {
                    Err(Error::invalid("backup", BROKEN_OFF))
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
    bench.unkept().note(wanted.job.task(), deed);
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
            tracing::warn!(%error, "how a backup or its verification ended is remembered until the server stops, no longer");
        }
    }
    done
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

/// The server's work on backups: one at a time, looked at by whoever asks.
#[derive(Clone)]
pub struct Desk {
    bench: Arc<Bench>,
    current: Arc<Mutex<Option<Work>>>,
}

impl Desk {
    /// A desk with nothing on it.
    #[must_use]
    pub fn new(bench: Bench) -> Self {
        Desk { bench: Arc::new(bench), current: Arc::default() }
    }

    fn current(&self) -> MutexGuard<'_, Option<Work>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the store remembers, and what ended and could not be stored.
    #[must_use]
    pub fn known(&self, stored: &Deeds) -> Deeds {
        self.bench.known(stored)
    }

    /// The work under way, or the last that ended since the server started.
    #[must_use]
    pub fn work(&self) -> Option<Work> {
        self.current().clone()
    }

    /// Removes what a verification left in its directory, unless one is under way.
    pub(super) fn clear_scratch(&self) -> Result<()> {
        let current = self.current();
        if current.as_ref().is_none_or(|work| work.ended.is_some()) {
            let Options { vfs, dir, .. } = &self.bench.scratch;
            // Also where it was before `backup.scratch` said something else.
            for dir in [dir, &self.bench.config.data_dir.join(scratch::SCRATCH)] {
                let gone = vfs.remove_dir(dir);
                gone.map_err(|error| storage::Error::io(format!("remove {}", dir.display()), error))?;
            }
        }
        Ok(())
    }

    /// Whether work is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.under_way().is_some()
    }

    /// What is under way.
    #[must_use]
    pub fn under_way(&self) -> Option<Job> {
        self.current().as_ref().filter(|work| work.ended.is_none()).map(|work| work.wanted.job)
    }

    /// Has a reading of all that lies there, which takes hours, broken off for what is due meanwhile.
    pub fn make_way(&self) {
        let current = self.current();
        if current.as_ref().is_some_and(|work| work.ended.is_none() && work.wanted.job.task() == Task::Read) {
            self.bench.awaited.store(true, Ordering::Relaxed);
        }
    }

    /// Begins work in the background; answers its number. A reading of all that lies there makes way for other work.
    ///
    /// # Errors
    /// `Invalid` if some is under way.
    pub fn begin(&self, server: &Server, wanted: Wanted) -> Result<u64> {
        server.fence().left().map_err(|why| Error::invalid("backup", why))?;
        let number = self.enter(&wanted)?;
        let (desk, of_task) = (self.clone(), server.clone());
        // It ends between two objects when the server stops.
        server.spawn_ending("backup", async move {
            let (at_work, of_thread) = (desk.clone(), of_task.clone());
            desk.end(in_background(move || at_work.at_work(&of_thread, &wanted)).await);
        });
        Ok(number)
    }

    /// Notes that work begins; answers its number.
    fn enter(&self, wanted: &Wanted) -> Result<u64> {
        let mut current = self.current();
        if let Some(Work { ended: None, wanted: other, doing, .. }) = &*current {
            let (what, then) = match other.job.task() {
                Task::Backup => ("a backup is being made", "wait until it has ended"),
                Task::Verify => ("a backup is being verified", "wait until it has ended"),
                Task::Read => {
                    let what = "all that lies with the backups is being read";
                    if wanted.job.task() == Task::Read {
                        (what, "wait until it has ended")
                    } else {
                        self.bench.awaited.store(true, Ordering::Relaxed);
                        (what, "it is broken off for this; try again in a moment")
                    }
                }
            };
            return Err(Error::invalid("backup", format!("{what} just now ({doing}); {then}")));
        }
        let number = current.as_ref().map_or(0, |work| work.number) + 1;
        let begun = Work { number, wanted: wanted.clone(), doing: "beginning".into(), done: 0, total: 0, ended: None };
        *current = Some(begun);
        self.bench.awaited.store(false, Ordering::Relaxed);
        Ok(number)
    }

    fn at_work(&self, server: &Server, wanted: &Wanted) -> Result<Done> {
        let stopping = server.stopping();
        // What another machine has taken over from adds nothing to the backups: not a backup that was under way, either.
        let fenced = || server.fence().left().err().filter(|_| wanted.job.task() == Task::Backup);
        let goes_on = || !*stopping.borrow() && fenced().is_none();
        let tell = |progress: Progress| {
            self.note(progress);
            while server.disk().is_stalled() && goes_on() {
                std::thread::sleep(Duration::from_millis(limits::BACKUP_PAUSE_MS));
            }
            if server.disk().is_in_trouble() {
                std::thread::sleep(Duration::from_millis(limits::BACKUP_PAUSE_MS));
            }
            goes_on()
        };
        // Before the room was measured once, it is looked at here.
        let taken = || server.room().lasting().map_or_else(|| scratch::taken(&self.bench), Ok);
        let done = match carry_out(&self.bench, server.store(), wanted, &taken, &tell) {
            Err(Error::Storage(storage::Error::Unavailable)) if !*stopping.borrow() => {
                return Err(fenced().map_or(storage::Error::Unavailable.into(), |why| Error::invalid("backup", why)));
            }
            done => done?,
        };
        let scheduled = self.bench.config.backups.to.as_ref().is_some_and(|to| same_place(to, &wanted.place));
        if scheduled && wanted.job.task() == Task::Backup {
            server.store().keep_log_behind(Some(storage::Lsn(done.lsn)));
        }
        Ok(done)
    }

    fn note(&self, progress: Progress) {
        if let Some(work) = &mut *self.current() {
            progress.what.clone_into(&mut work.doing);
            (work.done, work.total) = (progress.done, progress.total);
        }
    }

    fn end(&self, outcome: Result<Done>) {
        let ended = match outcome {
            Ok(done) => {
                tracing::info!("{done}");
                Ended::Done(done)
            }
            Err(Error::Storage(storage::Error::Unavailable)) => {
                let why = "it was broken off, because the server stops or its engine is being reopened";
                tracing::info!("a backup or its verification: {why}");
                Ended::Failed(why.to_owned())
            }
            Err(Error::Invalid { why, .. }) if why == BROKEN_OFF => {
                tracing::info!("the reading of all that lies with the backups: {why}");
                Ended::Failed(why)
            }
            Err(error) => {
                tracing::error!(%error, "a backup or its verification failed");
                Ended::Failed(error.to_string())
            }
        };
        if let Some(work) = &mut *self.current() {
            work.ended = Some(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::latency::{LatencyFigures, Purpose};

    #[test]
    fn only_a_person_begins_anew_where_backups_were_and_are_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data_dir, place) = (dir.path().join("data"), dir.path().join("place"));
        let options = Options::new(data_dir.join("store"));
        let store = Store::open(options.clone()).expect("opens");
        let bench = Bench::new(&Config::embedded(&data_dir, None), &options);
        let carried_out = |job, by| {
            let wanted = Wanted { job, place: place.to_string_lossy().into_owned(), by };
            carry_out(&bench, &store, &wanted, &|| Ok(0), &|_| true)
        };
        carried_out(Job::Backup, By::Server).expect("made");
        let timed = |(purpose, _): &(Purpose, LatencyFigures)| *purpose == Purpose::Backups;
        assert!(store.syncs().iter().any(timed), "what the other disk takes is known");
        carried_out(Job::BackupAnew, By::Server).expect("made beside what is there");
        // What is seen of a disk that is not mounted.
        std::fs::remove_dir_all(&place).expect("gone");
        for (job, by) in [(Job::Backup, By::Server), (Job::Backup, By::Person), (Job::BackupAnew, By::Server)] {
            let why = carried_out(job, by).expect_err("refused").to_string();
            assert!(why.contains("is its disk mounted?") && !place.exists(), "{job:?} by {by:?}: {why}");
        }
        carried_out(Job::BackupAnew, By::Person).expect("made");
        store.close().expect("closed");
    }

    #[test]
    fn a_reading_of_all_that_lies_there_makes_way_for_a_backup_and_is_remembered_as_broken_off() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data_dir, place) = (dir.path().join("data"), dir.path().join("place"));
        let options = Options::new(data_dir.join("store"));
        let store = Store::open(options.clone()).expect("opens");
        let bench = Bench::new(&Config::embedded(&data_dir, None), &options);
        let desk = Desk::new(bench.clone());
        let wanted = |job| Wanted { job, place: place.to_string_lossy().into_owned(), by: By::Server };
        let carried_out = |job, tell: Tell<'_>| carry_out(&bench, &store, &wanted(job), &|| Ok(0), tell);
        let known = || store.read(|view| deed::deeds(view)).expect("read").read_failed;
        carried_out(Job::Backup, &|_| true).expect("made");
        desk.make_way();
        desk.enter(&wanted(Job::ReadAll)).expect("begun");
        desk.enter(&wanted(Job::ReadAll)).expect_err("one is under way");
        carried_out(Job::ReadAll, &|_| true).expect("nothing else waits for it");
        let refused = |_: Progress| {
            let why = desk.enter(&wanted(Job::Backup)).expect_err("it is under way").to_string();
            assert!(why.contains("it is broken off for this"), "{why}");
            true
        };
        let due = |_: Progress| {
            desk.make_way();
            true
        };
        for awaits in [&refused as Tell<'_>, &due] {
            let why = carried_out(Job::ReadAll, awaits).expect_err("broken off").to_string();
            assert!(why.contains(BROKEN_OFF), "{why}");
            let failed = known().expect("it does not begin again at once");
            assert!(!failed.damaged && is_broken_off(&failed) && failed.failed.as_ref() == Some(&why), "{failed:?}");
            desk.end(Err(Error::invalid("backup", BROKEN_OFF)));
            desk.enter(&wanted(Job::ReadAll)).expect("begun once more");
            carried_out(Job::ReadAll, &|_| true).expect("all is read");
            assert_eq!(known(), None);
        }
        // What was found damaged before is told on.
        let below = |dir: &std::path::Path| {
            let entry = std::fs::read_dir(dir).expect("a directory").next().expect("something");
            entry.expect("an entry").path()
        };
        std::fs::write(below(&below(&place.join("log"))), "rotten").expect("damaged");
        let why = carried_out(Job::ReadAll, &|_| true).expect_err("it does not hold").to_string();
        carried_out(Job::ReadAll, &due).expect_err("broken off");
        let failed = known().expect("remembered");
        assert!(failed.damaged && failed.failed == Some(why), "{failed:?}");
        store.close().expect("closed");
    }
}
