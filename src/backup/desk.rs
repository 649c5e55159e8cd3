//! The desk: the running server's work on backups, done on a thread that may wait; begun, looked at, broken off.

use super::{
    Bench, Done, Ended, Job, Wanted, Work, carry_out,
    scratch::{self, SCRATCH},
    target::same_place,
    work::BROKEN_OFF,
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
    Options,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::{By, lab::Lab, work::is_broken_off};
    use storage::backup::{Tell, deed::deeds};

    #[test]
    fn a_reading_of_all_that_lies_there_makes_way_for_a_backup_and_is_remembered_as_broken_off() {
        let lab = Lab::new();
        let desk = Desk::new(lab.bench.clone());
        let wanted = |job| lab.wanted(job, By::Server);
        let carried_out = |job, tell: Tell<'_>| lab.carry_out(job, By::Server, tell);
        let known = || lab.store.read(|view| deeds(view)).expect("read").read_failed;
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
        std::fs::write(below(&below(&lab.place().join("log"))), "rotten").expect("damaged");
        let why = carried_out(Job::ReadAll, &|_| true).expect_err("it does not hold").to_string();
        carried_out(Job::ReadAll, &due).expect_err("broken off");
        let failed = known().expect("remembered");
        assert!(failed.damaged && failed.failed == Some(why), "{failed:?}");
        lab.store.close().expect("closed");
    }
}
