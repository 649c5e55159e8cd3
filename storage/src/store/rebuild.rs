//! Making an engine again: from the newest base snapshot that holds, else the one before, else from nothing where the
//! log begins with the first transaction. The log behind is replayed by whoever asked.

use super::{Options, applier::afresh, shared::lock};
use crate::{
    base::{self, BaseReader, Found},
    engine::Engine,
    error::{Error, Result},
    id::Lsn,
    limits,
};
use std::sync::{Arc, Mutex};

/// Removes the engine's files and fills a new one; the answer holds everything up to some LSN from which the log,
/// whose first transaction is `begin`, goes on.
///
/// # Errors
/// `Corrupt`, in a sentence that names the bases, if none can be read that the log goes on from; those of the engine.
pub(super) fn rebuild(options: &Options, begin: Lsn) -> Result<Arc<dyn Engine>> {
    let bases = base::list(options.vfs.as_ref(), &options.dir)?;
    let mut unreadable = Vec::new();
    for found in bases.into_iter().rev().filter(|found| found.lsn.0 + 1 >= begin.0) {
        match fill(options, found)? {
            Filled::Whole(engine) => return Ok(engine),
            Filled::Damaged(error) => {
                tracing::error!(%error, "a base snapshot is damaged; the one before it is taken");
                unreadable.push(error.to_string());
            }
        }
    }
    if begin.0 > 1 {
        let gone = begin.0 - 1;
        let why = format!(
            "the transactions 1 to {gone} are in base snapshots only, and none of them can be read ({}); \
             restore the directory base, or everything, from a backup",
            if unreadable.is_empty() { "there is none".to_owned() } else { unreadable.join("; ") }
        );
        return Err(Error::corrupt("log", "the start", why));
    }
    tracing::info!(engine = %options.engine, "the engine is filled from the log alone");
    afresh(options.engine, &options.vfs, &options.dir, options.tables)
}

enum Filled {
    Whole(Arc<dyn Engine>),
    /// The base is no good; the engine is half full and is to be begun anew.
    Damaged(Error),
}

fn fill(options: &Options, found: Found) -> Result<Filled> {
    let opened = found.info.and_then(|info| BaseReader::open(options.vfs.as_ref(), &options.dir, &info.name));
    let reader = match opened {
        Ok(reader) => reader,
        Err(error @ (Error::Corrupt { .. } | Error::Io { .. })) => return Ok(Filled::Damaged(error)),
        Err(error) => return Err(error),
    };
    let info = reader.info().clone();
    tracing::info!(base = info.name, lsn = info.lsn.0, rows = info.rows, engine = %options.engine,
        "the engine is filled from a base snapshot");
    let engine = afresh(options.engine, &options.vfs, &options.dir, options.tables)?;
    let mut progress = Progress::new(&options.opening, "the engine is filled from a base snapshot", info.rows);
    let mut of_base = false;
    let mut rows = reader.inspect(|row| {
        of_base |= row.is_err();
        progress.add(1);
    });
    match engine.import(info.lsn, &mut rows) {
        Ok(()) => Ok(Filled::Whole(engine)),
        Err(error) if of_base => Ok(Filled::Damaged(error)),
        Err(error) => Err(error),
    }
}

/// How far long work of an opening has come, for whoever waits for it; its copies show the same.
#[derive(Debug, Clone, Default)]
pub struct Opening(Arc<Mutex<Option<(&'static str, u64)>>>);

impl Opening {
    /// What is being done, and how much of it is, per cent; `None` if nothing that takes long is.
    #[must_use]
    pub fn now(&self) -> Option<(&'static str, u64)> {
        *lock(&self.0)
    }

    fn set(&self, now: Option<(&'static str, u64)>) {
        *lock(&self.0) = now;
    }
}

/// Shows how far long work has come, and says it in the log ten times on the way.
pub(super) struct Progress {
    opening: Opening,
    what: &'static str,
    total: u64,
    done: u64,
    shown: u64,
}

impl Progress {
    pub(super) fn new(opening: &Opening, what: &'static str, total: u64) -> Progress {
        opening.set(Some((what, 0)));
        Progress { opening: opening.clone(), what, total, done: 0, shown: 0 }
    }

    pub(super) fn add(&mut self, count: u64) {
        self.done += count;
        let percent = self.done.saturating_mul(100) / self.total.max(1);
        if percent <= self.shown {
            return;
        }
        let tenth = percent / 10 > self.shown / 10;
        self.shown = percent;
        self.opening.set(Some((self.what, percent.min(100))));
        if self.total >= limits::PROGRESS_MIN && tenth {
            tracing::info!(done = self.done, total = self.total, percent, "{}", self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.opening.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_long_work_has_come_is_seen_while_it_lasts() {
        let opening = Opening::default();
        let mut progress = Progress::new(&opening, "the log is replayed", 5);
        assert_eq!(opening.now(), Some(("the log is replayed", 0)));
        progress.add(2);
        assert_eq!(opening.now(), Some(("the log is replayed", 40)));
        progress.add(9);
        assert_eq!(opening.now(), Some(("the log is replayed", 100)), "there was more than was thought");
        drop(progress);
        assert_eq!(opening.now(), None);
    }
}
