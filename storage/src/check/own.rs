//! The store's own files: the log, which is the truth; the base snapshots, the checkpoint, the disk's history and the
//! engine, each of which can be made anew from what else there is.

use super::{Check, Finding, Repair, Told};
use crate::{
    base,
    error::{Error, Result},
    id::Lsn,
    latency, limits,
    log::recovery::Gaps,
    store::{
        Store, bases,
        checkpoint::{self, FILE as CHECKPOINT},
        shared::Shared,
    },
    vfs::Rests,
};
use std::{io, ops::ControlFlow};

/// What is to be done about a base snapshot or a segment that the disk does not give.
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
            Err(Error::Corrupt { table, key, why }) if flow.is_continue() => Ok(self.found(&damage(&table, &key, why))),
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
            let flow = match base_flaw(shared, &found.name, &|| true)? {
                None => ControlFlow::Continue(()),
                Some(BaseFlaw::Damaged(each)) => {
                    damaged.push(each);
                    ControlFlow::Continue(())
                }
                Some(BaseFlaw::Unread(finding)) => self.found(&finding),
            };
            if flow.is_break() {
                return Ok(flow);
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

/// What is wrong with a base snapshot that is there.
enum BaseFlaw {
    Damaged(Damaged),
    /// The disk does not give it.
    Unread(Finding),
}

/// Reads all of a base snapshot; of a damaged one nothing is expected any more.
fn base_flaw(shared: &Shared, name: &str, goes_on: &dyn Fn() -> bool) -> Result<Option<BaseFlaw>> {
    match base::verify(shared.options.vfs.as_ref(), &shared.options.dir, name, goes_on) {
        Ok(_) => Ok(None),
        Err(Error::Corrupt { table, key, why }) => {
            shared.bases.distrust(name);
            let damaged = Damaged::new(Derived::Base(name.to_owned()), format!("{table} at {key}"), why);
            Ok(Some(BaseFlaw::Damaged(damaged)))
        }
        Err(Error::Io { source, .. }) => Ok(Some(BaseFlaw::Unread(unread(name, &source)))),
        Err(error) => Err(error),
    }
}

/// What is wrong with a base snapshot, and what can be done about it; also `None` where there is none of this LSN. Rests, and
/// ends when `goes_on` says no.
///
/// # Errors
/// `Unavailable` if it was broken off, `Io` if the bases cannot be listed.
pub(super) fn of_base(
    shared: &Shared,
    lsn: Lsn,
    rests: &Rests<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Finding>> {
    let _files = shared.bases.reading_files();
    let there = base::list(shared.options.vfs.as_ref(), &shared.options.dir)?;
    let Some(found) = there.into_iter().find(|found| found.lsn == lsn) else { return Ok(None) };
    let rested = || {
        bases::rest(shared, rests);
        goes_on()
    };
    Ok(base_flaw(shared, &found.name, &rested)?.map(|flaw| match flaw {
        BaseFlaw::Damaged(each) => each.finding(each.derived.remedy()),
        BaseFlaw::Unread(finding) => finding,
    }))
}

/// What is wrong with the segment of this number; also `None` where there is none, or where it is still written to. Rests, and
/// ends when `goes_on` says no.
///
/// # Errors
/// `Unavailable` if it was broken off, `Format` if a newer program wrote there.
pub(super) fn of_segment(
    shared: &Shared,
    number: u64,
    rests: &Rests<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Finding>> {
    let _files = shared.bases.reading_files();
    let all = shared.segments.all();
    let Some(at) = all.iter().position(|segment| segment.header.number == number) else { return Ok(None) };
    let Some(next) = all.get(at + 1) else { return Ok(None) };
    let (from, below) = (all[at].header.first_lsn, next.header.first_lsn);
    if below <= from {
        return Ok(None);
    }
    let (mut transactions, mut broken_off) = (0_u64, false);
    let walked = shared.segments.read(from, Lsn(below.0 - 1), Gaps::Refuse, |_, _| {
        transactions += 1;
        if transactions.is_multiple_of(limits::REREAD_TRANSACTIONS) {
            bases::rest(shared, rests);
            broken_off = !goes_on();
        }
        Ok(if broken_off { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    });
    match walked {
        _ if broken_off => Err(Error::Unavailable),
        Ok(()) => Ok(None),
        Err(Error::Corrupt { table, key, why }) => Ok(Some(damage(&table, &key, why))),
        Err(Error::Io { source, .. }) => Ok(Some(unread(&format!("log/{}", all[at].name()), &source))),
        Err(error) => Err(error),
    }
}

/// What does not hold in a file of the store.
fn damage(file: &str, at: &str, why: String) -> Finding {
    Finding::new(format!("{file} at {at}"), why)
}

/// The disk does not give a file, or not all of it.
fn unread(file: &str, why: &io::Error) -> Finding {
    Finding::new(file, format!("it cannot be read: {why}; {UNREAD}"))
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
