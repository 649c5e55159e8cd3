//! The store's own files: the log, which is the truth; the base snapshots, the checkpoint, the disk's history and the
//! engine, each of which can be made anew from what else there is.

use super::{Check, Finding, Repair, Told};
use crate::{
    base,
    error::{Error, Result},
    latency, limits,
    log::recovery::Gaps,
    store::{
        Store, bases,
        checkpoint::{self, FILE as CHECKPOINT},
        shared::Shared,
    },
};
use std::ops::ControlFlow;

/// What is to be done about a base snapshot that the disk does not give.
const UNREAD: &str = "that may pass, so nothing is done to it: look after the disk, then check again";

impl Check<'_> {
    /// Log, bases, engine, checkpoint and the disk's history. A damaged engine ends the check: its rows say nothing, and
    /// once it is rebuilt they can be asked again.
    pub(super) fn own_files(&mut self, store: &Store, repair: Repair) -> Result<ControlFlow<()>> {
        let shared = store.shared();
        let mut damaged = Vec::new();
        let read = self.log(shared)?;
        if read.is_break() || self.bases(shared, &mut damaged)?.is_break() || self.reading("engine", 0).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        damaged.extend(
            checkpoint::damage(shared)?.map(|why| Damaged::new(Derived::Checkpoint, CHECKPOINT.to_owned(), why)),
        );
        damaged.extend(history(shared)?.map(|why| Damaged::new(Derived::History, latency::FILE.to_owned(), why)));
        let engine = shared.engine();
        let is_open = engine.is_some();
        // Whoever rebuilds it waits until nobody holds it.
        let verified = engine.map_or(Err(Error::Unavailable), |engine| engine.verify());
        if let Err(error) = verified {
            // The log has every row: the engine is rebuilt from it while the store is open.
            if is_open {
                shared.suspect(&error);
            }
            for each in &damaged {
                if self.found(&each.finding(each.derived.remedy())).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            if !is_open {
                return Err(error);
            }
            let what = format!("{error}; it is rebuilt from base snapshots and log: check again then");
            // The check ends here whoever listens.
            let _ends: ControlFlow<()> = self.found(&Finding::new("engine", what));
            return Ok(ControlFlow::Break(()));
        }
        for each in &damaged {
            let flow = match repair {
                Repair::Nothing => self.found(&each.finding(each.derived.remedy())),
                Repair::Derived => self.make_anew(shared, each),
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn log(&mut self, shared: &Shared) -> Result<ControlFlow<()>> {
        let _files = shared.bases.reading_files();
        let begin = shared.segments.begin();
        let mut transactions = 0;
        let mut flow = self.reading("log", 0);
        let walked = shared.segments.read(begin, shared.visible(), Gaps::Refuse, |_, _| {
            transactions += 1;
            if transactions % limits::CHECK_TOLD == 0 {
                flow = self.reading("log", transactions);
            }
            Ok(flow)
        });
        match walked {
            Err(Error::Corrupt { table, key, why }) if flow.is_continue() => {
                Ok(self.found(&Finding::new(format!("{table} at {key}"), why)))
            }
            Ok(()) | Err(Error::Corrupt { .. }) => Ok(flow),
            Err(error) => Err(error),
        }
    }

    /// Reads all base snapshots; of a damaged one nothing is expected any more. One that the disk does not give may be whole:
    /// it is told, and stays.
    fn bases(&mut self, shared: &Shared, damaged: &mut Vec<Damaged>) -> Result<ControlFlow<()>> {
        let (vfs, dir) = (shared.options.vfs.as_ref(), &shared.options.dir);
        let _files = shared.bases.reading_files();
        for found in base::list(vfs, dir)? {
            if self.reading(&found.name, 0).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            match base::verify(vfs, dir, &found.name, &|| true) {
                Ok(_) => {}
                Err(Error::Corrupt { table, key, why }) => {
                    shared.bases.distrust(&found.name);
                    damaged.push(Damaged::new(Derived::Base(found.name), format!("{table} at {key}"), why));
                }
                Err(Error::Io { source, .. }) => {
                    let what = format!("it cannot be read: {source}; {UNREAD}");
                    if self.found(&Finding::new(found.name, what)).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Tells what came of it; what cannot be made anew is one finding, and the check goes on.
    fn make_anew(&mut self, shared: &Shared, damaged: &Damaged) -> ControlFlow<()> {
        match damaged.derived.make_anew(shared) {
            Ok(()) => {
                self.summary.mended += 1;
                (self.hear)(Told::Mended(&damaged.finding(damaged.derived.mended())))
            }
            Err(error) => self.found(&damaged.finding(&format!("it could not be made anew: {error}"))),
        }
    }
}

/// A file that can be made anew from what else there is.
enum Derived {
    /// The base snapshot of this name.
    Base(String),
    Checkpoint,
    /// What is normal for the disk.
    History,
}

impl Derived {
    /// What is to be done about a damaged one.
    fn remedy(&self) -> &'static str {
        match self {
            Derived::Base(_) => "`dassie check --repair` writes another one from the engine",
            Derived::Checkpoint => "the next checkpoint writes it anew, and so does `dassie check --repair`",
            Derived::History => {
                "a start that finds it like this learns anew what is normal for the disk; `dassie check --repair` writes \
                 down what is known"
            }
        }
    }

    fn mended(&self) -> &'static str {
        match self {
            Derived::Base(_) => "another one, written from the engine and read back, is there in its place",
            Derived::Checkpoint => "it was written anew",
            Derived::History => {
                "it was written anew, with what is known of the disk; a start that found it damaged begins anew"
            }
        }
    }

    fn make_anew(&self, shared: &Shared) -> Result<()> {
        let (vfs, dir) = (shared.options.vfs.as_ref(), &shared.options.dir);
        match self {
            Derived::Base(name) => {
                bases::replace(shared, name)?;
                if vfs.exists(&dir.join(name)).map_err(|error| Error::io(format!("look for {name}"), error))? {
                    base::verify(vfs, dir, name, &|| true)?;
                }
                Ok(())
            }
            Derived::Checkpoint => checkpoint::make_anew(shared),
            Derived::History => {
                shared.keep_history().map_err(|error| Error::io(format!("write {}", latency::FILE), error))
            }
        }
    }
}

struct Damaged {
    derived: Derived,
    place: String,
    why: String,
}

impl Damaged {
    fn new(derived: Derived, place: String, why: String) -> Damaged {
        Damaged { derived, place, why }
    }

    /// What is wrong, and what is or was done about it.
    fn finding(&self, deed: &str) -> Finding {
        Finding::new(self.place.clone(), format!("{}; {deed}", self.why))
    }
}

/// What is wrong with the file of the disk's history.
fn history(shared: &Shared) -> Result<Option<String>> {
    let damage = latency::damage(shared.options.vfs.as_ref(), &shared.options.dir);
    damage.map_err(|error| Error::io(format!("read {}", latency::FILE), error))
}
