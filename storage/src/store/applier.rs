//! The applier: brings durable transactions into the engine, makes checkpoints, reopens an engine that failed and
//! goes on with one that was written anew.

use super::{
    checkpoint::{Checkpoint, sample},
    rebuild::{Opening, Progress, rebuild},
    sequencer::panic_text,
    shared::{Shared, is_full, lock, wait_for},
    shrink::{Swap, swap},
};
use crate::{
    catalogue::FORMAT,
    engine::{self, Engine, EngineKind},
    error::{Error, Result},
    id::Lsn,
    limits,
    log::{
        Operation, Transaction,
        recovery::{Gaps, Segments},
    },
    vfs::Vfs,
};
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Weak, atomic::Ordering},
    time::{Duration, Instant},
};

struct Applier<'a> {
    shared: &'a Shared,
    dirty_bytes: u64,
    checkpointed: Instant,
    rest: Duration,
    /// The files of the other engine are gone.
    alone: bool,
}

/// The body of the applier's thread. `dirty_bytes` were replayed since the last checkpoint.
pub(super) fn run(shared: &Shared, dirty_bytes: u64) {
    let mut applier = Applier { shared, dirty_bytes, checkpointed: Instant::now(), rest: Duration::ZERO, alone: false };
    while let Some(work) = applier.next() {
        let done = catch_unwind(AssertUnwindSafe(|| applier.step(&work))).unwrap_or_else(|panic| {
            Err(Error::corrupt("the engine", "a step", format!("it panicked: {}", panic_text(panic.as_ref()))))
        });
        if let Err(error) = done
            && !applier.reopen(&error)
        {
            return;
        }
        shared.overlay.release(shared.applied());
        lock(&shared.unapplied).lag.forget(shared.applied());
        shared.progress();
    }
}

enum Work {
    Apply(Vec<(Lsn, Arc<Transaction>)>),
    Checkpoint,
    Suspect(String),
    Swap(Arc<dyn Engine>, Weak<dyn Engine>),
}

impl Applier<'_> {
    fn next(&self) -> Option<Work> {
        let sizes = &self.shared.options.sizes;
        let mut unapplied = lock(&self.shared.unapplied);
        let mut gathering: Option<Instant> = None;
        loop {
            if let Some(why) = unapplied.suspect.take() {
                return Some(Work::Suspect(why));
            }
            match unapplied.smaller.take() {
                Some(Swap::Wanted(engine, of)) => return Some(Work::Swap(engine, of)),
                done => unapplied.smaller = done,
            }
            let wanted = std::mem::take(&mut unapplied.checkpoint_wanted);
            if wanted || self.checkpoint_due(unapplied.closing && unapplied.transactions.is_empty()) {
                return Some(Work::Checkpoint);
            }
            let enough = unapplied.closing
                || unapplied.bytes >= limits::APPLY_GATHER_BYTES
                || unapplied.transactions.len() >= limits::APPLY_TRANSACTIONS_MAX
                || gathering.is_some_and(|since| since.elapsed() >= sizes.apply_gather);
            if !unapplied.transactions.is_empty() && enough {
                let count = unapplied.transactions.len().min(limits::APPLY_TRANSACTIONS_MAX);
                let batch: Vec<_> = unapplied.transactions.drain(..count).collect();
                unapplied.bytes = 0;
                return Some(Work::Apply(batch));
            }
            if unapplied.closing && unapplied.transactions.is_empty() {
                return None;
            }
            let time = if unapplied.transactions.is_empty() {
                gathering = None;
                sizes.checkpoint_interval
            } else {
                gathering.get_or_insert_with(Instant::now);
                sizes.apply_gather.max(Duration::from_micros(50))
            };
            unapplied = wait_for(&self.shared.unapplied_changed, unapplied, time);
        }
    }

    fn checkpoint_due(&self, last: bool) -> bool {
        let sizes = &self.shared.options.sizes;
        let since = self.checkpointed.elapsed();
        let due = since >= sizes.checkpoint_interval || self.dirty_bytes >= sizes.checkpoint_bytes;
        self.dirty_bytes > 0 && (last || (due && since >= self.rest))
    }

    fn step(&mut self, work: &Work) -> Result<()> {
        let engine = self.shared.engine().ok_or(Error::Unavailable)?;
        match work {
            Work::Suspect(why) => Err(Error::corrupt(engine::place(engine.kind()), "a read", why.clone())),
            Work::Checkpoint => self.checkpoint(engine.as_ref()),
            Work::Swap(new, of) => {
                drop(engine);
                self.swap(new, of);
                Ok(())
            }
            Work::Apply(batch) => {
                apply(engine.as_ref(), batch)?;
                self.dirty_bytes += batch.iter().map(|(_, transaction)| size(transaction)).sum::<u64>();
                if let Some((last, _)) = batch.last() {
                    self.shared.applied.store(last.0, Ordering::Release);
                }
                Ok(())
            }
        }
    }

    fn checkpoint(&mut self, engine: &dyn Engine) -> Result<()> {
        if let Some(lsn) = checkpoint(engine, self.shared)? {
            self.shared.checkpointed_ms.store(self.shared.elapsed_ms(), Ordering::Release);
            self.shared.checkpoint.store(lsn.0, Ordering::Release);
            if !std::mem::replace(&mut self.alone, true) {
                super::open::remove_others(self.shared);
            }
        }
        self.dirty_bytes = 0;
        self.checkpointed = Instant::now();
        self.rest = engine.rest();
        self.shared.bases.wake();
        Ok(())
    }

    /// Goes on with an engine that was written anew; one that fails is not taken, and the one in use stays.
    fn swap(&mut self, new: &Arc<dyn Engine>, of: &Weak<dyn Engine>) {
        let done = catch_unwind(AssertUnwindSafe(|| swap(self.shared, new, of))).unwrap_or_else(|panic| {
            Err(Error::corrupt("the new engine", "its start", format!("it panicked: {}", panic_text(panic.as_ref()))))
        });
        self.dirty_bytes = self.dirty_bytes.max(1);
        lock(&self.shared.unapplied).smaller = Some(Swap::Done(done));
        self.shared.unapplied_changed.notify_all();
    }

    /// Closes the failed engine, opens it again and replays the log; `false` when the store closes meanwhile.
    fn reopen(&mut self, error: &Error) -> bool {
        let shared = self.shared;
        let kind = shared.options.engine;
        tracing::error!(%error, engine = %kind, "the engine failed and is opened again");
        if let Some(engine) = shared.set_engine(None) {
            if matches!(error, Error::Corrupt { .. }) {
                engine.distrust();
            }
            if !self.close(engine) {
                return false;
            }
        }
        if is_full(error) {
            shared.release_reserve();
        }
        let mut damaged = matches!(error, Error::Corrupt { .. });
        let mut pause = limits::REOPEN_WAIT;
        let mut failures = 0;
        loop {
            let opened = catch_unwind(AssertUnwindSafe(|| self.try_reopen(damaged))).unwrap_or_else(|panic| {
                Err(Error::corrupt("the engine", "opening", format!("it panicked: {}", panic_text(panic.as_ref()))))
            });
            match opened {
                Ok(engine) => {
                    self.dirty_bytes = self.dirty_bytes.max(1);
                    shared.set_engine(Some(engine));
                    tracing::info!(engine = %kind, applied = shared.applied().0, "the engine is back");
                    return true;
                }
                Err(error) => {
                    tracing::error!(%error, engine = %kind, "the engine could not be opened again yet");
                    failures += 1;
                    // A file that cannot even be opened is as good as damaged: the log has everything.
                    let hopeless = failures % limits::REOPEN_TRIES == 0 && !is_full(&error);
                    damaged = hopeless || (matches!(error, Error::Corrupt { .. }) && !damaged);
                    if is_full(&error) {
                        shared.release_reserve();
                    }
                }
            }
            let unapplied = lock(&shared.unapplied);
            if unapplied.closing {
                return false;
            }
            drop(wait_for(&shared.unapplied_changed, unapplied, pause));
            pause = (pause * 2).min(limits::REOPEN_WAIT_MAX);
        }
    }

    /// Waits until no reader holds the engine: two handles on one file would harm it.
    fn close(&self, engine: Arc<dyn Engine>) -> bool {
        while Arc::strong_count(&engine) > 1 {
            // Views last 50 ms at most; there is nothing to be woken by.
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(engine))) {
            tracing::error!(panic = panic_text(panic.as_ref()), "the engine panicked while it was closed");
        }
        true
    }

    fn try_reopen(&self, damaged: bool) -> Result<Arc<dyn Engine>> {
        let shared = self.shared;
        let options = &shared.options;
        let _files = shared.bases.reading_files();
        let make = || rebuild(options, shared.segments.begin());
        let engine = if damaged {
            tracing::warn!(engine = %options.engine, "the engine is damaged and is rebuilt");
            make()?
        } else {
            let engine = engine::open(options.engine, &options.vfs, &options.dir, options.tables)?;
            let applied = engine.reader()?.applied();
            if applied.0 < shared.checkpoint.load(Ordering::Acquire) {
                tracing::warn!(%applied, "the engine lost data and is rebuilt");
                engine.distrust();
                drop(engine);
                make()?
            } else {
                engine
            }
        };
        let upto = shared.visible();
        replay(engine.as_ref(), &shared.segments, upto, shared.gaps, &shared.options.opening)?;
        let mut unapplied = lock(&shared.unapplied);
        unapplied.transactions.retain(|(lsn, _)| *lsn > upto);
        unapplied.suspect = None;
        drop(unapplied);
        shared.applied.store(upto.0, Ordering::Release);
        Ok(engine)
    }
}

fn size(transaction: &Transaction) -> u64 {
    let bytes = |op: &Operation| 16 + op.key.len() + op.value.as_ref().map_or(0, bytes::Bytes::len);
    transaction.operations.iter().map(bytes).sum::<usize>() as u64 + 32
}

fn apply(engine: &dyn Engine, batch: &[(Lsn, Arc<Transaction>)]) -> Result<()> {
    let Some((last, _)) = batch.last() else { return Ok(()) };
    let mut operations = batch.iter().flat_map(|(_, transaction)| &transaction.operations);
    engine.apply(*last, &mut operations)
}

/// Makes the engine durable and says so in `CHECKPOINT`; `None` if that could not be written and names what it did before.
fn checkpoint(engine: &dyn Engine, shared: &Shared) -> Result<Option<Lsn>> {
    let options = &shared.options;
    let sample = sample(engine, options.tables)?;
    let lsn = engine.checkpoint()?;
    let written = Checkpoint { lsn, engine: engine.kind(), format: FORMAT, sample };
    // The engine is fine if only this fails: its state is ahead of the file, which is never harmful.
    if let Err(error) = written.write(options.vfs.as_ref(), &options.dir) {
        tracing::error!(%error, "the checkpoint was not noted; the next one will be");
        if is_full(&error) {
            shared.release_reserve();
        }
        return Ok(None);
    }
    match engine.stats() {
        Ok(stats) => shared.engine_bytes.store(stats.disk_bytes, Ordering::Relaxed),
        Err(error) => tracing::warn!(%error, "the engine's size is unknown"),
    }
    Ok(Some(lsn))
}

/// Brings an engine from what it holds to `upto`; answers the bytes replayed.
pub(super) fn replay(
    engine: &dyn Engine,
    segments: &Segments,
    upto: Lsn,
    gaps: Gaps,
    opening: &Opening,
) -> Result<u64> {
    let applied = engine.reader()?.applied();
    let mut progress = Progress::new(opening, "the log is replayed", upto.0.saturating_sub(applied.0));
    let mut batch: Vec<(Lsn, Arc<Transaction>)> = Vec::new();
    let mut bytes = 0;
    let mut in_batch = 0;
    segments.read(Lsn(applied.0 + 1), upto, gaps, |lsn, transaction| {
        in_batch += size(&transaction);
        batch.push((lsn, Arc::new(transaction)));
        if batch.len() >= limits::APPLY_TRANSACTIONS_MAX || in_batch > limits::GROUP_BYTES_MAX as u64 {
            apply(engine, &batch)?;
            progress.add(batch.len() as u64);
            bytes += in_batch;
            in_batch = 0;
            batch.clear();
        }
        Ok(ControlFlow::Continue(()))
    })?;
    apply(engine, &batch)?;
    let applied = engine.reader()?.applied();
    if applied < upto && gaps == Gaps::Refuse {
        let why =
            format!("it ends at transaction {applied}; everything up to {upto} was durable; restore from a backup");
        return Err(Error::corrupt("log", "the end", why));
    }
    if applied < upto {
        engine.apply(upto, &mut std::iter::empty())?;
    }
    Ok(bytes + in_batch)
}

/// Removes an engine's files and opens an empty one.
pub(super) fn afresh(
    kind: EngineKind,
    vfs: &Arc<dyn Vfs>,
    dir: &Path,
    tables: &'static [crate::catalogue::TableInfo],
) -> Result<Arc<dyn Engine>> {
    engine::remove(kind, vfs.as_ref(), dir)?;
    engine::open(kind, vfs, dir, tables)
}
