//! The desk: the running server's work on backups, done on a thread that may wait; begun, looked at, broken off.

use super::{
    Bench, Done, Ended, Job, ReadByHand, Wanted, Work, carry_out,
    scratch::{self, SCRATCH},
    target::same_place,
    work::{BROKEN_OFF, remember_read},
};
use crate::{
    error::{Error, Result},
    limits,
    server::Server,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};
use storage::{
    Options, Timestamp,
    backup::{
        Progress,
        deed::{Deeds, Task},
    },
};
use tokio::{runtime::Handle, sync::oneshot};

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
            for dir in [dir, &self.bench.config.data_dir.join(SCRATCH)] {
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

    /// Whether a reading of all that lies there was broken off a moment ago: other work comes first.
    pub(super) fn rests(&self, now: Timestamp) -> bool {
        let left = self.bench.reading().as_ref().and_then(|reading| reading.left);
        // One of the future says nothing.
        left.is_some_and(|left| (0..limits::BACKUP_READ_REST_MS).contains(&now.ms_since(left)))
    }

    /// A reading of all that lies there that came to no end yet: since when, and how many objects held so far.
    pub(super) fn reading(&self) -> Option<(Timestamp, u64)> {
        let under_way = self.work().filter(|work| work.ended.is_none() && work.wanted.job.task() == Task::Read);
        let reading = self.bench.reading();
        let (begun, before) = reading.as_ref().map(|reading| (reading.begun, reading.so_far.objects()))?;
        Some((begun, under_way.map_or(before, |work| work.done)))
    }

    /// Has a reading of all that lies there, which takes hours, broken off for what is due meanwhile; it goes on later.
    pub fn make_way(&self) {
        let current = self.current();
        if current.as_ref().is_some_and(|work| work.ended.is_none() && work.wanted.job.task() == Task::Read) {
            self.bench.awaited.store(true, Ordering::Relaxed);
        }
    }

    /// Remembers what a command came to that read all that lies in a place by itself, if that is the configured one.
    ///
    /// # Errors
    /// `Invalid` if no thread can be started.
    pub async fn remember_read(&self, server: &Server, read: ReadByHand) -> Result<()> {
        let (desk, of_thread) = (self.clone(), server.clone());
        let remember = move || {
            remember_read(&desk.bench, of_thread.store(), read);
            Ok(())
        };
        in_background("backup", remember).await
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
            desk.end(in_background("backup", move || at_work.at_work(&of_thread, &wanted)).await);
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
                tracing::info!("work on the backups: {why}");
                Ended::Failed(why.to_owned())
            }
            Err(Error::Invalid { why, .. }) if why == BROKEN_OFF => {
                tracing::info!("the reading of all that lies with the backups: {why}");
                Ended::Failed(why)
            }
            Err(error) => {
                tracing::error!(%error, "work on the backups failed");
                Ended::Failed(error.to_string())
            }
        };
        if let Some(work) = &mut *self.current() {
            work.ended = Some(ended);
        }
    }
}

/// Runs `work` on a thread of its own, which gets the processor when others leave it: it hashes, packs and seals pieces of
/// up to 8 MiB, and a post that becomes durable meanwhile is not to wait for the rest of one.
///
/// # Errors
/// Those of `work`; `Invalid` if no thread can be started, `Bug` if it panics.
pub async fn in_background<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    // An object store is spoken with through it.
    let runtime = Handle::current();
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        storage::step_back(storage::limits::BACKGROUND_STEPS);
        let _entered = runtime.enter();
        // Nobody listens any more: the server stops, and there is nobody to tell.
        let _ = answer.send(work());
    });
    started.map_err(|error| Error::invalid("threads", format!("cannot start a thread: {error}")))?;
    answered.await.unwrap_or_else(|_| Err(Error::Bug("the work ended without an answer".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::{By, lab::Lab};
    use std::{cell::Cell, path::Path};
    use storage::backup::{Tell, deed::deeds};

    #[test]
    fn a_reading_of_all_that_lies_there_makes_way_for_a_backup_and_goes_on_behind_it() {
        let lab = Lab::new();
        let desk = Desk::new(lab.bench.clone());
        let wanted = |job| lab.wanted(job, By::Server);
        let carried_out = |job, tell: Tell<'_>| lab.carry_out(job, By::Server, tell);
        let known = || lab.store.read(|view| deeds(view)).expect("read");
        let now = || (lab.bench.scratch.environment.now)();
        carried_out(Job::Backup, &|_| true).expect("made");
        desk.make_way();
        desk.enter(&wanted(Job::ReadAll)).expect("begun");
        desk.enter(&wanted(Job::ReadAll)).expect_err("one is under way");
        carried_out(Job::ReadAll, &|_| true).expect("nothing else waits for it");
        assert!(desk.reading().is_none() && !desk.rests(now()));
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
            let before = known();
            let why = carried_out(Job::ReadAll, awaits).expect_err("broken off").to_string();
            assert!(why.contains(BROKEN_OFF), "{why}");
            assert_eq!(known(), before, "it has not ended");
            let (begun, _) = desk.reading().expect("it goes on");
            let rests = [begun.plus_ms(-1), now(), now().plus_ms(limits::BACKUP_READ_REST_MS)].map(|at| desk.rests(at));
            assert_eq!(rests, [false, true, false]);
            desk.end(Err(Error::invalid("backup", BROKEN_OFF)));
            desk.enter(&wanted(Job::ReadAll)).expect("begun once more");
            carried_out(Job::ReadAll, &|_| true).expect("all is read");
            assert!(desk.reading().is_none() && known().read_failed.is_none());
        }
        // What was found damaged before is told on.
        let below = |dir: &Path| {
            let entry = std::fs::read_dir(dir).expect("a directory").next().expect("something");
            entry.expect("an entry").path()
        };
        std::fs::write(below(&below(&lab.place().join("log"))), "rotten").expect("damaged");
        let why = carried_out(Job::ReadAll, &|_| true).expect_err("it does not hold").to_string();
        carried_out(Job::ReadAll, &due).expect_err("broken off");
        let failed = known().read_failed.expect("remembered");
        assert!(failed.damaged && failed.failed == Some(why), "{failed:?}");
        lab.store.close().expect("closed");
    }

    #[test]
    fn a_reading_that_takes_longer_than_the_time_between_two_backups_comes_to_an_end() {
        let lab = Lab::new();
        let desk = Desk::new(lab.bench.clone());
        let media = lab.bench.config.data_dir.join("media");
        std::fs::create_dir_all(&media).expect("made");
        for picture in 0..40_u8 {
            std::fs::write(media.join(format!("{picture:02}")), [picture; 99]).expect("written");
        }
        let carried_out = |job, tell: Tell<'_>| lab.carry_out(job, By::Server, tell);
        // Until the next backup is due it comes to 15 objects behind the points; answers how it ended, and after each
        // stretch before how many objects held so far.
        let round = || {
            let mut held = Vec::new();
            loop {
                carried_out(Job::Backup, &|_| true).expect("made");
                desk.enter(&lab.wanted(Job::ReadAll, By::Server)).expect("begun");
                let points = std::fs::read_dir(lab.place().join("point")).expect("a directory").count();
                let left = Cell::new(points + 15);
                let ended = carried_out(Job::ReadAll, &|_| {
                    match left.get().checked_sub(1) {
                        Some(less) => left.set(less),
                        None => desk.make_way(),
                    }
                    true
                });
                desk.end(Err(Error::invalid("backup", BROKEN_OFF)));
                match ended {
                    Err(Error::Invalid { why, .. }) if why == BROKEN_OFF => {}
                    ended => return (ended, held),
                }
                held.push(desk.reading().expect("it goes on").1);
                assert!(held.is_sorted() && held.len() < 9, "it makes no way: {held:?}");
            }
        };
        let (ended, held) = round();
        let done = ended.expect("all is read");
        assert!(done.files > 40 && held.len() > 1, "{done:?} {held:?}");
        // What is found damaged by the first stretch is told by the last.
        let files = lab.place().join("file");
        let first = |dir: &Path| {
            let entries = std::fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path());
            entries.min().expect("something")
        };
        std::fs::write(first(&first(&files)), "rotten").expect("damaged");
        let (ended, held) = round();
        let why = ended.expect_err("it does not hold").to_string();
        assert!(why.contains("1 object is damaged or missing, file/") && held.len() > 1, "{why} {held:?}");
        assert!(desk.reading().is_none(), "the next one begins anew");
        lab.store.close().expect("closed");
    }
}
