//! Lives here: the store as the server sees it: transactions, views, horizons, and the threads behind them.
//! May use: `log`, `engine`, `base`, `latency`, `vfs`, `table`, `limits`. Threads: sequencer, committer, applier, the probe,
//! three that make files.
//! Must never name: entities, an engine's library, anything asynchronous.
//! Invariants: executed ≥ durable ≥ applied; an answer means durable; views see what is durable and nothing else.

mod adopt;
mod applier;
pub(crate) mod bases;
pub(crate) mod checkpoint;
mod committer;
mod history;
mod lag;
mod loss;
mod merge;
mod open;
mod overlay;
mod probe;
mod rebuild;
mod sequencer;
pub(crate) mod shared;
pub(crate) mod shrink;
pub(crate) mod sweep;
mod tx;
mod view;

pub use crate::latency::LatencyFigures;
pub use checkpoint::Checkpoint;
pub use rebuild::Opening;
pub use tx::Tx;
pub(crate) use tx::{CONSUMERS, META};
pub use view::View;

use crate::{
    base::BaseInfo,
    catalogue::{TABLES, TableInfo},
    engine::EngineKind,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    latency::{DiskFigures, Purpose, TimedDisk},
    limits,
    log::{Transaction, recovery::Gaps, writer::SegmentSizes},
    vfs::{RealDisk, Vfs},
};
use open::Running;
use overlay::Window;
pub use shared::Listener;
use shared::{Inside, Shared, lock};
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, mpsc::sync_channel},
    time::Duration,
};

/// Where time and randomness come from; tests set them by hand.
#[derive(Clone)]
pub struct Environment {
    /// The time now.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// 64 random bits.
    pub random: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Environment {
    /// The system's clock and randomness.
    #[must_use]
    pub fn system() -> Self {
        // The default; the server hands its own clock in.
        let now = || {
            let since = std::time::UNIX_EPOCH.elapsed();
            Timestamp(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
        };
        let random = || {
            let mut bytes = [0; 8];
            aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes, or nothing here is safe");
            u64::from_le_bytes(bytes)
        };
        Environment { now: Arc::new(now), random: Arc::new(random) }
    }
}

/// Sizes and times; the defaults are those of `limits`, tests make them small.
#[derive(Debug, Clone)]
pub struct Sizes {
    /// Bytes of log segments.
    pub segments: SegmentSizes,
    /// Bytes of the overlay beyond which the sequencer waits.
    pub overlay: usize,
    /// How long the applier gathers.
    pub apply_gather: Duration,
    /// Time between checkpoints.
    pub checkpoint_interval: Duration,
    /// Bytes applied that make a checkpoint due.
    pub checkpoint_bytes: u64,
    /// How long the log lies idle before its last group is protected by a header.
    pub idle_header: Duration,
    /// Bytes that must stay free.
    pub free_min: u64,
    /// Bytes of the reserve file.
    pub reserve: u64,
    /// Time between two looks whether the reserve file is there and, where there is room again, can be made anew.
    pub reserve_look: Duration,
    /// How long after opening files are made beforehand.
    pub background_delay: Duration,
    /// Time without a sync after which the probe makes one.
    pub probe_interval: Duration,
    /// Bytes of log behind the newest base snapshot that make another due, or half the engine's size.
    pub base_log_bytes: u64,
    /// Bytes of log that force a base snapshot.
    pub log_bytes_max: u64,
    /// Time until a base snapshot that failed is tried again.
    pub base_retry: Duration,
    /// The shortest and the longest rest of the search index between two commits.
    pub search_rest: (Duration, Duration),
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes {
            segments: SegmentSizes { first: limits::FIRST_SEGMENT_BYTES, other: limits::SEGMENT_BYTES },
            overlay: limits::OVERLAY_BYTES_MAX,
            apply_gather: limits::APPLY_GATHER,
            checkpoint_interval: limits::CHECKPOINT_INTERVAL,
            checkpoint_bytes: limits::CHECKPOINT_BYTES,
            idle_header: limits::IDLE_HEADER,
            free_min: limits::FREE_BYTES_MIN,
            reserve: limits::RESERVE_BYTES,
            reserve_look: limits::RESERVE_LOOK,
            background_delay: Duration::from_secs(5),
            probe_interval: limits::PROBE_INTERVAL,
            base_log_bytes: limits::BASE_LOG_BYTES,
            log_bytes_max: limits::LOG_BYTES_MAX,
            base_retry: limits::BASE_RETRY,
            search_rest: (limits::SEARCH_REST_MIN, limits::SEARCH_REST_MAX),
        }
    }
}

impl Sizes {
    /// None larger than fits a data directory whose files may take `budget` bytes: the log a fifth, and a base snapshot
    /// soon enough that two stretches of log and the next segment stay below that.
    #[must_use]
    pub fn within(self, budget: u64) -> Self {
        let share = |bytes: u64, parts: u64, least: u64| bytes.min((budget / parts).max(least));
        // Whole blocks of the disk.
        let segment = |bytes| share(bytes, 64, limits::SEGMENT_BYTES_MIN) / 4096 * 4096;
        Sizes {
            segments: SegmentSizes { first: segment(self.segments.first), other: segment(self.segments.other) },
            reserve: share(self.reserve, 64, 0),
            base_log_bytes: share(self.base_log_bytes, 32, 0),
            log_bytes_max: share(self.log_bytes_max, 5, 3 * limits::SEGMENT_BYTES_MIN),
            // Pages freed since the last one are not used again before the next: the engine grows by a multiple of this.
            checkpoint_bytes: share(self.checkpoint_bytes, 128, 512 * 1024),
            ..self
        }
    }

    /// Small files, for tests: 64 KiB segments, no reserve.
    #[must_use]
    pub fn small() -> Self {
        Sizes {
            segments: SegmentSizes { first: 64 * 1024, other: 64 * 1024 },
            reserve: 0,
            free_min: 1024 * 1024,
            // Power cuts are counted by writes: the probe's would come in between.
            probe_interval: Duration::from_secs(3600),
            ..Sizes::default()
        }
    }
}

/// How to open a store.
#[derive(Clone)]
pub struct Options {
    /// The directory of the store (`DATA/store`); made if absent.
    pub dir: PathBuf,
    /// Which engine holds the tables.
    pub engine: EngineKind,
    /// The disk.
    pub vfs: Arc<dyn Vfs>,
    /// Clock and random.
    pub environment: Environment,
    /// Go on although the log lost acknowledged data (`--accept-log-loss`), from a base snapshot that is written at once.
    pub accept_log_loss: bool,
    /// The tables.
    pub tables: &'static [TableInfo],
    /// The position a consumer outside the store holds (a search index); the log behind it is kept. 0: there is none.
    pub consumed: Lsn,
    /// Bytes the whole data directory may take, if it is bounded: an engine's file that wastes a quarter of it is written
    /// anew.
    pub budget: Option<u64>,
    /// Where is shown how far the opening has come.
    pub opening: Opening,
    /// Sizes and times.
    pub sizes: Sizes,
}

impl Options {
    /// The defaults: redb on this machine's disk, its clock, all tables of the catalogue.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Options {
            dir: dir.into(),
            engine: EngineKind::Redb,
            vfs: Arc::new(RealDisk),
            environment: Environment::system(),
            accept_log_loss: false,
            tables: TABLES,
            consumed: Lsn(0),
            budget: None,
            opening: Opening::default(),
            sizes: Sizes::default(),
        }
    }
}

/// What the store is doing, for the health page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The last transaction executed.
    pub executed: Lsn,
    /// The last transaction that is durable and visible.
    pub durable: Lsn,
    /// The last transaction in the engine.
    pub applied: Lsn,
    /// The last transaction in the last checkpoint.
    pub checkpoint: Lsn,
    /// How long the oldest transaction that is durable and not yet in the engine has been so.
    pub lag: Duration,
    /// How long ago that checkpoint was made, or the store was opened.
    pub checkpoint_age: Duration,
    /// Rules waiting for the sequencer.
    pub queued: usize,
    /// Bytes executed and not yet let go by the engine.
    pub overlay_bytes: usize,
    /// Why nothing can be written until a restart.
    pub read_only: Option<String>,
    /// Only deletes are accepted.
    pub full: bool,
    /// The engine answers.
    pub engine_open: bool,
    /// Which engine.
    pub engine: EngineKind,
    /// Bytes of the engine's files at the last checkpoint.
    pub engine_bytes: u64,
    /// Bytes of log.
    pub log_bytes: u64,
    /// Segments of log.
    pub log_segments: usize,
    /// The first transaction in the log; what came before is in base snapshots only.
    pub log_begin: Lsn,
    /// The log has grown beyond its cap and cannot be shortened: what can be refused should be.
    pub log_overfull: bool,
    /// Base snapshots that can be read, oldest first.
    pub bases: Vec<BaseInfo>,
    /// Why the last base snapshot could not be written; `None` if it could.
    pub base_failed: Option<String>,
    /// How long it takes to make a group durable.
    pub sync: LatencyFigures,
}

/// The store: cheap to clone, one per data directory. Closed when the last clone goes.
#[derive(Clone)]
pub struct Store {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
    running: Running,
}

impl Store {
    /// Opens or makes the store and recovers it.
    ///
    /// # Errors
    /// `Locked`, `Format`, `Io`, and `Corrupt` in a sentence where acknowledged data is missing.
    pub fn open(options: Options) -> Result<Store> {
        crate::backup::refuse_unfinished(options.vfs.as_ref(), &options.dir)?;
        Self::open_unfinished(options)
    }

    /// The same for a store that is being restored.
    pub(crate) fn open_unfinished(options: Options) -> Result<Store> {
        let (shared, running) = open::open(options)?;
        Ok(Store { handle: Arc::new(Handle { shared, running }) })
    }

    /// Queues `rule` for the sequencer and returns at once; `answer` is called on a store thread when the outcome
    /// is durable (or refused). `answer` must not block.
    ///
    /// `rule` has no side effect and may run again. It sees everything executed before it. An `Err` leaves no trace.
    pub fn submit<T, E, F, A>(&self, rule: F, answer: A)
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        A: FnOnce(Result<T, E>) + Send + 'static,
    {
        let shared = &self.handle.shared;
        let mut job = sequencer::job(rule, answer);
        let mut queue = lock(&shared.queue);
        if queue.closing || queue.jobs.len() >= limits::QUEUE_MAX {
            let closing = queue.closing;
            drop(queue);
            job.spoil(if closing {
                Error::ReadOnly("the store is closed".into())
            } else {
                Error::Overloaded { retry_after: limits::RETRY_AFTER }
            });
            return job.answer();
        }
        queue.jobs.push_back(job);
        drop(queue);
        shared.queue_changed.notify_one();
    }

    /// `submit`, waiting for the answer: for the command line and tests, never on an async worker.
    ///
    /// # Errors
    /// Those of `rule`, and the store's.
    pub fn write<T, E, F>(&self, rule: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (send, receive) = sync_channel(1);
        self.submit(rule, move |outcome| {
            // The receiver waits below; there is nobody else to tell.
            drop(send.send(outcome));
        });
        receive.recv().unwrap_or_else(|_| Err(E::from(Error::ReadOnly("the store was closed".into()))))
    }

    /// Runs `look` on a consistent view of everything durable. Synchronous, meant to be short (≤ 50 ms).
    ///
    /// # Errors
    /// Those of `look`, and `Unavailable` while the engine is being reopened.
    pub fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(&View<'_>) -> Result<T, E>,
    {
        let shared = &self.handle.shared;
        let _inside = Inside::enter()?;
        let engine = shared.engine().ok_or(Error::Unavailable)?;
        // The pin first, the engine's state second, the horizon last: nothing between them can be missing.
        let _pin = shared.overlay.pin();
        let snapshot = engine.reader().inspect_err(|error| shared.suspect(error))?;
        let window = Window { above: snapshot.applied(), upto: shared.visible() };
        look(&View { shared, overlay: &shared.overlay, snapshot, window })
    }

    /// `listener` is called on a store thread for each durable transaction that emitted events, in LSN order, after
    /// it became visible and before it is answered. Must not block.
    pub fn subscribe(&self, listener: Listener) {
        self.handle.shared.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Calls `visit` with each durable transaction from `from` on, in order, until it breaks; for consumers that
    /// follow the log. At most the transactions durable when the call began.
    ///
    /// # Errors
    /// `Corrupt` if the log cannot be read or begins later (`State::log_begin`), and those of `visit`.
    pub fn read_log(&self, from: Lsn, visit: impl FnMut(Lsn, Transaction) -> Result<ControlFlow<()>>) -> Result<()> {
        let shared = &self.handle.shared;
        let _files = shared.bases.reading_files();
        shared.segments.read(from, shared.visible(), Gaps::Accept, visit)
    }

    /// Says how many bytes of the budget no file of the data directory takes while those of the store take `of`: the engine
    /// is written anew where that fits beside it. Until it is said, and for `u64::MAX`, there is no such bound.
    pub fn set_spare(&self, bytes: u64, of: u64) {
        let shared = &self.handle.shared;
        shared.spare_of.store(of, std::sync::atomic::Ordering::Release);
        shared.spare.store(bytes, std::sync::atomic::Ordering::Release);
        shared.bases.wake();
    }

    /// Bytes of transactions written to the log since the store was opened: how much came in, whatever it makes of it.
    #[must_use]
    pub fn appended(&self) -> u64 {
        self.handle.shared.appended.load(std::sync::atomic::Ordering::Acquire)
    }

    /// Says that a consumer outside the store (`Options::consumed`) needs nothing up to `position` any more.
    pub fn set_consumed(&self, position: Lsn) {
        self.handle.shared.consumed.fetch_max(position.0, std::sync::atomic::Ordering::AcqRel);
    }

    /// Keeps the log behind `position`, up to where a backup has it, until it is called again; `None` lets go.
    ///
    /// Beyond the cap of the log (`Sizes::log_bytes_max`) nothing is kept: the next backup begins with a base then.
    pub fn keep_log_behind(&self, position: Option<Lsn>) {
        let position = position.map_or(u64::MAX, |position| position.0);
        self.handle.shared.backed_up.store(position, std::sync::atomic::Ordering::Release);
        self.handle.shared.bases.wake();
    }

    /// Writes a base snapshot now, reads it back, and lets go of the log that is no longer needed.
    ///
    /// The store's own thread does this when it is due; this waits for it, if it is at it, and then begins.
    ///
    /// # Errors
    /// `Io`, `Corrupt` if the engine's rows are not those that were stored, `Unavailable` while it is being reopened.
    /// Nothing is removed then.
    pub fn write_base(&self) -> Result<BaseInfo> {
        bases::make_and_let_go(&self.handle.shared)
    }

    /// Up to where a consumer says it has done its work (`Tx::set_consumer`); 0 if it never did.
    ///
    /// # Errors
    /// As `read`.
    pub fn consumer(&self, name: &str) -> Result<Lsn> {
        self.read(|view| Ok(CONSUMERS.get(view, &name.to_owned())?.unwrap_or_default()))
    }

    /// Whether the log is beyond its cap and no base snapshot shortens it: what can be refused should be.
    #[must_use]
    pub fn log_overfull(&self) -> bool {
        bases::overfull(&self.handle.shared)
    }

    /// Whether nothing can be written until the next start.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.handle.shared.read_only().is_some()
    }

    /// Whether there is no room for anything but what makes room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.handle.shared.full.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// With fewer bytes free nothing but what makes room is accepted.
    pub(crate) fn floor_bytes(&self) -> u64 {
        self.handle.shared.floor_bytes()
    }

    /// What the store is doing.
    #[must_use]
    pub fn state(&self) -> State {
        use std::sync::atomic::Ordering::Relaxed;
        let shared = &self.handle.shared;
        let now = shared.options.vfs.elapsed();
        let lag = lock(&shared.unapplied).lag.at(now);
        State {
            executed: shared.executed(),
            durable: shared.visible(),
            applied: shared.applied(),
            checkpoint: Lsn(shared.checkpoint.load(Relaxed)),
            lag,
            checkpoint_age: Duration::from_millis(
                shared.elapsed_ms().saturating_sub(shared.checkpointed_ms.load(Relaxed)),
            ),
            queued: lock(&shared.queue).jobs.len(),
            overlay_bytes: shared.overlay.bytes(),
            read_only: shared.read_only(),
            full: shared.full.load(Relaxed),
            engine_open: shared.engine().is_some(),
            engine: shared.options.engine,
            engine_bytes: shared.engine_bytes.load(Relaxed),
            log_bytes: shared.segments.bytes(),
            log_segments: shared.segments.all().len(),
            log_begin: shared.segments.begin(),
            log_overfull: bases::overfull(shared),
            bases: shared.bases.all(),
            base_failed: shared.bases.failed(),
            sync: shared.meter.figures().sync,
        }
    }

    /// How the disk is doing. Never waits for it.
    #[must_use]
    pub fn disk(&self) -> DiskFigures {
        let shared = &self.handle.shared;
        DiskFigures { floor_bytes: shared.floor_bytes(), ..shared.meter.figures() }
    }

    /// How long syncs took, by what they were for, in this hour and the `limits::SYNCS_TOLD_HOURS` before it. Never waits
    /// for the disk.
    #[must_use]
    pub fn syncs(&self) -> Vec<(Purpose, LatencyFigures)> {
        self.handle.shared.meter.syncs()
    }

    /// `disk`, whose syncs are timed among those of this store as made for `purpose`.
    #[must_use]
    pub fn timed(&self, disk: Arc<dyn Vfs>, purpose: Purpose) -> Arc<dyn Vfs> {
        Arc::new(TimedDisk::new(disk, self.handle.shared.meter.timed(), move |_| Some(purpose)))
    }

    /// The time of the newest group that the log held when it was opened; `None`: there was none.
    #[must_use]
    pub fn known_until(&self) -> Option<Timestamp> {
        self.handle.shared.known_until
    }

    pub(crate) fn vfs(&self) -> &dyn Vfs {
        self.handle.shared.options.vfs.as_ref()
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.handle.shared.options.dir
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.handle.shared
    }

    /// Stops after everything queued is answered and a last checkpoint is made. Later writes answer `ReadOnly`.
    ///
    /// # Errors
    /// `ReadOnly` if the log failed, `Unavailable` if the engine is behind; what was answered is safe all the same.
    pub fn close(&self) -> Result<()> {
        self.handle.close()
    }
}

impl Handle {
    fn close(&self) -> Result<()> {
        let shared = &self.shared;
        lock(&shared.queue).closing = true;
        shared.queue_changed.notify_all();
        shared.queue_closing.notify_all();
        shared.progress();
        shared.allocator.stop();
        shared.bases.stop();
        let threads: Vec<_> = [&self.running.threads, &self.running.background]
            .into_iter()
            .flat_map(|threads| std::mem::take(&mut *lock(threads)))
            .collect();
        let held = lock(&self.running.lock).take();
        let me = std::thread::current().id();
        let by_itself = threads.iter().any(|thread| thread.thread().id() == me);
        let shared = shared.clone();
        let finish = move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a store thread panicked");
                }
            }
            drop(shared.set_engine(None));
            drop(held);
        };
        if by_itself {
            // The last clone went inside an answer, on a store thread, which cannot wait for itself.
            std::thread::Builder::new()
                .name("store-closer".into())
                .spawn(finish)
                .map_err(|error| Error::io("start a thread", error))?;
            return Ok(());
        }
        finish();
        let shared = &self.shared;
        if let Some(why) = shared.read_only() {
            return Err(Error::ReadOnly(why));
        }
        if shared.applied() < shared.visible() {
            return Err(Error::Unavailable);
        }
        Ok(())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::warn!(%error, "the store was closed in trouble");
        }
    }
}
