//! What the store's threads and its readers share: the three horizons, the queues, the engine's place.

use super::{
    Options, bases::Bases, committer::Executed, lag::Lag, overlay::Overlay, sequencer::Job, shrink::Swap, sweep::Sweep,
};
use crate::{
    changes::Changes,
    engine::Engine,
    error::{Error, Result},
    event::Event,
    id::{Lsn, Timestamp},
    latency::{self, Meter},
    limits,
    log::{
        Transaction,
        recovery::{Gaps, Segments},
        writer::Allocator,
    },
    reserve,
    table::{TableId, Visit},
    unnamed::Watched,
};
use std::{
    cell::Cell,
    collections::VecDeque,
    io,
    ops::ControlFlow,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Who is told of durable transactions.
pub type Listener = Arc<dyn Fn(Lsn, &[Event]) + Send + Sync>;

#[derive(Default)]
pub(super) struct Queue {
    pub(super) jobs: VecDeque<Box<dyn Job>>,
    pub(super) closing: bool,
}

#[derive(Default)]
pub(super) struct Pending {
    pub(super) executed: Vec<Executed>,
    pub(super) bytes: usize,
    pub(super) closing: bool,
}

#[derive(Default)]
pub(super) struct Unapplied {
    pub(super) transactions: VecDeque<(Lsn, Arc<Transaction>)>,
    pub(super) bytes: usize,
    pub(super) lag: Lag,
    pub(super) suspect: Option<String>,
    /// A checkpoint is to be made although nothing may have been applied since the last one.
    pub(super) checkpoint_wanted: bool,
    /// An engine written anew, on its way to take the place of the one in use.
    pub(super) smaller: Option<Swap>,
    pub(super) closing: bool,
}

pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(super) overlay: Overlay,
    pub(super) changes: Changes,
    pub(super) watched: Watched,
    pub(super) engine: RwLock<Option<Arc<dyn Engine>>>,
    pub(super) executed: AtomicU64,
    pub(super) visible: AtomicU64,
    pub(super) applied: AtomicU64,
    pub(super) checkpoint: AtomicU64,
    /// When that was made, in milliseconds of the disk's stopwatch; the start, until one is.
    pub(super) checkpointed_ms: AtomicU64,
    pub(super) engine_bytes: AtomicU64,
    pub(super) queue: Mutex<Queue>,
    pub(super) queue_changed: Condvar,
    pub(super) queue_closing: Condvar,
    pub(super) pending: Mutex<Pending>,
    pub(super) pending_changed: Condvar,
    pub(super) unapplied: Mutex<Unapplied>,
    pub(super) unapplied_changed: Condvar,
    pub(super) progress: Mutex<()>,
    pub(super) progressed: Condvar,
    pub(crate) bases: Bases,
    /// Up to where a consumer outside the store has done its work; 0: there is none.
    pub(super) consumed: AtomicU64,
    /// Per cent of the bytes of its rows that the engine takes when it is new.
    pub(super) engine_per_cent: AtomicU64,
    /// Bytes that may be written beside the files there are.
    pub(super) spare: AtomicU64,
    /// What the files of the store took when that was so.
    pub(super) spare_of: AtomicU64,
    /// Bytes of transactions that this process wrote to the log.
    pub(crate) appended: AtomicU64,
    /// Up to where a backup has the log; `u64::MAX`: none waits for it.
    pub(super) backed_up: AtomicU64,
    pub(crate) sweep: Sweep,
    pub(super) read_only: Mutex<Option<String>>,
    pub(super) full: AtomicBool,
    pub(super) listeners: RwLock<Vec<Listener>>,
    pub(super) known_until: Option<Timestamp>,
    pub(crate) meter: Meter,
    /// Held while the file of the disk's history is written.
    pub(super) keeping_history: Mutex<()>,
    pub(crate) segments: Arc<Segments>,
    pub(super) allocator: Arc<Allocator>,
    pub(super) gaps: Gaps,
    pub(super) tables: Vec<bool>,
}

/// Locks; a panic elsewhere leaves plain data behind, which is still whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn wait<'a, T>(changed: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    changed.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn wait_for<'a, T>(changed: &Condvar, guard: MutexGuard<'a, T>, time: Duration) -> MutexGuard<'a, T> {
    changed.wait_timeout(guard, time).unwrap_or_else(PoisonError::into_inner).0
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Held while this thread is inside a view or a rule.
pub(super) struct Inside;

impl Inside {
    /// # Errors
    /// `Panic` if this thread is inside one already: with sled it would wait for itself for ever.
    pub(super) fn enter() -> Result<Inside> {
        if READING.replace(true) {
            return Err(Error::Panic("the store was read inside a view or a rule; use the one at hand".into()));
        }
        Ok(Inside)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        READING.set(false);
    }
}

impl Shared {
    pub(crate) fn visible(&self) -> Lsn {
        Lsn(self.visible.load(Ordering::Acquire))
    }

    pub(super) fn executed(&self) -> Lsn {
        Lsn(self.executed.load(Ordering::Acquire))
    }

    pub(super) fn applied(&self) -> Lsn {
        Lsn(self.applied.load(Ordering::Acquire))
    }

    /// Writes down what is known of the disk, one at a time.
    pub(crate) fn keep_history(&self) -> io::Result<()> {
        let _one = lock(&self.keeping_history);
        latency::write(self.options.vfs.as_ref(), &self.options.dir, &self.meter.history())
    }

    /// The disk's stopwatch in milliseconds.
    pub(super) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.options.vfs.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The engine, unless it is being reopened.
    pub(crate) fn engine(&self) -> Option<Arc<dyn Engine>> {
        self.engine.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_engine(&self, engine: Option<Arc<dyn Engine>>) -> Option<Arc<dyn Engine>> {
        let before = std::mem::replace(&mut *self.engine.write().unwrap_or_else(PoisonError::into_inner), engine);
        self.progress();
        before
    }

    /// The engine, waiting a little while it is being reopened.
    ///
    /// # Errors
    /// `Unavailable` if it is not back in time.
    pub(super) fn engine_soon(&self) -> Result<Arc<dyn Engine>> {
        let deadline = Instant::now() + limits::ENGINE_WAIT;
        let mut guard = lock(&self.progress);
        loop {
            if let Some(engine) = self.engine() {
                return Ok(engine);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || lock(&self.queue).closing {
                return Err(Error::Unavailable);
            }
            guard = wait_for(&self.progressed, guard, left);
        }
    }

    /// Wakes whoever waits for the applier.
    pub(super) fn progress(&self) {
        drop(lock(&self.progress));
        self.progressed.notify_all();
    }

    /// # Errors
    /// `Corrupt` naming the catalogue: a table this store was not opened with.
    pub(super) fn known(&self, table: TableId) -> Result<()> {
        if self.tables.get(usize::from(table.0)) == Some(&true) {
            return Ok(());
        }
        Err(Error::corrupt("catalogue", table.0.to_string(), "no such table in this program"))
    }

    /// The engine failed a reader: the applier is to close it and open it again.
    pub(crate) fn suspect(&self, error: &Error) {
        if matches!(error, Error::Io { .. } | Error::Corrupt { .. }) {
            lock(&self.unapplied).suspect.get_or_insert_with(|| error.to_string());
            self.unapplied_changed.notify_all();
        }
    }

    /// Runs a scan; an error is the engine's unless the visitor made it.
    pub(super) fn scan(&self, visit: Visit<'_>, run: impl FnOnce(Visit<'_>) -> Result<()>) -> Result<()> {
        let mut by_visitor = false;
        let result =
            run(&mut |key, value| -> Result<ControlFlow<()>> { visit(key, value).inspect_err(|_| by_visitor = true) });
        if let Err(error) = &result
            && !by_visitor
        {
            self.suspect(error);
        }
        result
    }

    pub(super) fn read_only(&self) -> Option<String> {
        lock(&self.read_only).clone()
    }

    /// With fewer bytes free nothing but deletes is accepted: the engine may grow by an eighth while it applies them.
    pub(super) fn floor_bytes(&self) -> u64 {
        self.options.sizes.free_min.max(self.engine_bytes.load(Ordering::Relaxed) / 8)
    }

    /// Looks how much room is left; what the engine may grow by is counted.
    pub(super) fn look_at_space(&self) {
        let free = match self.options.vfs.free_space(&self.options.dir) {
            Ok(free) => free,
            Err(error) => {
                tracing::warn!(%error, "the free space of the disk is unknown");
                return;
            }
        };
        let floor = self.floor_bytes();
        let full = free < floor || self.allocator.failing();
        if full != self.full.swap(full, Ordering::AcqRel) {
            if full {
                tracing::error!(free, floor, "the disk is nearly full; only deletes are accepted");
            } else {
                tracing::info!(free, "there is room on the disk again");
            }
        }
    }

    /// Gives the reserve file's room to the work that makes room.
    pub(super) fn release_reserve(&self) {
        reserve::release(self.options.vfs.as_ref(), &reserve::file(&self.options.dir));
    }
}

/// Whether an error says that the disk is full.
pub(super) fn is_full(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull)
}
