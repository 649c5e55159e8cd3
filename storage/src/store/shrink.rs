//! An engine's file that is in good part free is written anew while the store runs: redb's does not shrink by itself,
//! and pages that deletes left half empty stay so.
//!
//! On the thread of the base snapshots: the rows are copied from one of the engine's states, the log since then is
//! replayed beside, and only the last bit of it while the applier waits, which then goes on with the new one. Readers
//! keep the old one as long as they look at it.

use super::{
    Options,
    applier::replay,
    bases::{self, export},
    open::copy,
    shared::{Shared, lock, wait_for},
};
use crate::{
    engine::{self, Engine, EngineKind, EngineStats, Sink},
    error::{Error, Result},
    id::Lsn,
    limits, usage,
};
use std::{
    ops::ControlFlow,
    path::PathBuf,
    sync::{Arc, Weak, atomic::Ordering},
    time::{Duration, Instant},
};

/// Where the new one is made, in the store's directory.
pub(crate) const BESIDE: &str = "smaller";

fn beside(options: &Options) -> PathBuf {
    options.dir.join(BESIDE)
}

/// Removes what a crash left.
///
/// # Errors
/// As the disk says.
pub(super) fn remove_unfinished(options: &Options) -> Result<()> {
    let vfs = options.vfs.as_ref();
    let io = |error| Error::io("remove a half-written engine", error);
    if vfs.exists(&beside(options)).map_err(io)? { vfs.remove_dir(&beside(options)).map_err(io) } else { Ok(()) }
}

/// What it would be to write the engine anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anew {
    /// So much is free inside that it is worth the work, and a budget asks for it.
    pub(crate) is_worth_it: bool,
    /// Bytes of the new one.
    pub(crate) needs: u64,
    /// Bytes written beside all files there are: the new one, and the log, of which no segment goes meanwhile. 0 where
    /// it is never written anew.
    pub(crate) beside: u64,
}

impl Anew {
    /// By an engine's figures and the bytes that its file takes.
    pub(crate) fn of(shared: &Shared, stats: &EngineStats, takes: u64) -> Anew {
        let options = &shared.options;
        let per_cent = shared.engine_per_cent.load(Ordering::Relaxed);
        // One that does not know is written anew to learn it.
        // What is on its way into it counts as well.
        let on_its_way = shared.overlay.bytes() as u64;
        let room = |live: u64| live.saturating_add(on_its_way).saturating_mul(per_cent) / 100;
        let needs = stats.live_bytes.map_or(takes, |live| empty(options).saturating_add(room(live)));
        let worth = |budget| stats.live_bytes.is_none() || takes.saturating_sub(needs) > engine_slack(takes, budget);
        let is_worth_it = is_ever(options) && options.budget.is_some_and(worth);
        let log = (options.sizes.log_bytes_max / limits::SHRINK_LOG_SHARE).max(options.sizes.segments.other);
        let beside = if is_ever(options) { needs.saturating_add(log) } else { 0 };
        Anew { is_worth_it, needs, beside }
    }
}

/// Whether an engine opened so is ever written anew.
pub(crate) fn is_ever(options: &Options) -> bool {
    options.engine == EngineKind::Redb && options.budget.is_some()
}

/// When the engine was last written anew.
pub(super) struct Shrinking {
    not_before: Instant,
    /// The same where room is short.
    not_before_short: Instant,
}

impl Shrinking {
    pub(super) fn new() -> Self {
        Shrinking { not_before: Instant::now(), not_before_short: Instant::now() }
    }

    /// Writes the engine anew if that is worth it. What fails leaves the one there is. Answers whether there is no room for
    /// it that base snapshots might give back.
    pub(super) fn step(&mut self, shared: &Shared) -> bool {
        if Instant::now() < self.not_before_short {
            return false;
        }
        let begun = Instant::now();
        match self.shrink(shared) {
            Ok(Wish::Later) | Err(Error::Unavailable) => return false,
            Ok(Wish::NoRoom) => return true,
            Err(Error::Full) => {
                tracing::info!("there is no room to go on writing the engine anew; it stays as it is until there is");
            }
            Ok(Wish::Now { .. }) => {
                tracing::info!(took_ms = begun.elapsed().as_millis(), "the engine was written anew");
            }
            Err(error) => {
                tracing::warn!(%error, "the engine could not be written anew; it stays as it is");
                self.not_before_short = Instant::now() + shared.options.sizes.base_retry;
            }
        }
        // It reads and writes all rows: most of the time the disk is there for others. Other servers that wait for room
        // wait for this.
        let (took, now) = (begun.elapsed(), Instant::now());
        self.not_before_short = self.not_before_short.max(now + took.saturating_mul(limits::SHRINK_REST_SHORT));
        self.not_before = self.not_before_short.max(now + took.saturating_mul(limits::SHRINK_REST));
        false
    }

    /// Does it; answers what was wished.
    fn shrink(&self, shared: &Shared) -> Result<Wish> {
        let options = &shared.options;
        let wish = self.wish(shared)?;
        let Wish::Now { takes, needs } = wish else { return Ok(wish) };
        tracing::info!(takes, needs, "much of the engine's file is free; it is written anew");
        let _one = shared.bases.writing();
        // Until the log since then is replayed no segment of it may go.
        let _files = shared.bases.reading_files();
        let done = write(shared).and_then(|(new, of)| hand_over(shared, new, of));
        if done.is_err() {
            remove_unfinished(options)?;
        }
        if let Some(rows) = done?.live_bytes {
            let of_rows = takes_now(options)?.saturating_sub(empty(options));
            let per_cent = (of_rows.saturating_mul(100) / rows.max(1)).max(limits::ENGINE_ROOM_PER_CENT);
            shared.engine_per_cent.store(per_cent, Ordering::Relaxed);
        }
        Ok(wish)
    }

    /// Whether it is worth the work, there is room for it, and it has rested.
    fn wish(&self, shared: &Shared) -> Result<Wish> {
        let options = &shared.options;
        let stats = shared.engine().ok_or(Error::Unavailable)?.stats()?;
        let takes = takes_now(options)?;
        let anew = Anew::of(shared, &stats, takes);
        if !anew.is_worth_it {
            return Ok(Wish::Later);
        }
        let free = options.vfs.free_space(&options.dir).map_err(|error| Error::io("look at the free space", error))?;
        let fits = free >= options.sizes.free_min.saturating_add(anew.needs);
        let spare = spare_now(shared)?;
        let rested = Instant::now() >= self.not_before || spare < anew.beside.saturating_mul(2);
        // Beyond a budget only if nothing else gives room back.
        let beyond = spare == u64::MAX && shared.spare_of.load(Ordering::Acquire) > 0;
        let no_room = spare < anew.beside || (beyond && bases::gives_back(shared));
        Ok(match (fits, no_room, rested) {
            (true, false, true) => Wish::Now { takes, needs: anew.needs },
            (true, true, _) => Wish::NoRoom,
            _ => Wish::Later,
        })
    }
}

/// Whether the engine is to be written anew.
enum Wish {
    /// It is not worth it, or has to rest.
    Later,
    /// It would not fit beside what is there.
    NoRoom,
    /// Its file takes so many bytes, and its rows need so many.
    Now { takes: u64, needs: u64 },
}

/// Bytes that an engine takes without rows, about: they are no part of what each of its rows takes.
fn empty(options: &Options) -> u64 {
    options.budget.map_or(0, |budget| limits::ENGINE_EMPTY_BYTES.min(budget / limits::ENGINE_EMPTY_SHARE))
}

/// What is left of the budget: what was left when that was last looked at, but for what the store has grown by since.
fn spare_now(shared: &Shared) -> Result<u64> {
    let spare = shared.spare.load(Ordering::Acquire);
    if spare == u64::MAX {
        return Ok(spare);
    }
    let now = usage::of_store(shared.options.vfs.as_ref(), &shared.options.dir)?;
    Ok(spare.saturating_sub(now.saturating_sub(shared.spare_of.load(Ordering::Acquire))))
}

/// Bytes that the engine's file takes on the disk.
fn takes_now(options: &Options) -> Result<u64> {
    let path = options.dir.join(engine::place(options.engine));
    let entries = options.vfs.entries(&options.dir).map_err(|error| Error::io("measure the engine", error))?;
    let found = entries.filter_map(std::result::Result::ok).find(|entry| entry.path == path);
    Ok(found.map_or(0, |entry| entry.bytes))
}

/// Bytes free inside an engine's file of `takes` bytes that are not worth writing it anew: a quarter of it, or a small
/// part of the budget.
fn engine_slack(takes: u64, budget: u64) -> u64 {
    (takes / 4).max(budget / limits::ENGINE_SLACK_SHARE)
}

/// A new engine with all rows, nearly up to date, and the one that they are from.
fn write(shared: &Shared) -> Result<(Arc<dyn Engine>, Weak<dyn Engine>)> {
    let options = &shared.options;
    let dir = beside(options);
    options.vfs.make_dir(&dir).map_err(|error| Error::io("make a directory", error))?;
    let new = engine::open(options.engine, &options.vfs, &dir, options.tables)?;
    let old = shared.engine().ok_or(Error::Unavailable)?;
    // Rows may be newer than this already; the log holds final values, so it may be replayed from here.
    let from = old.reader()?.applied();
    let step = step_bytes(options);
    let export = |sink: Sink<'_>| {
        let mut unsynced = 0;
        export(shared, &old, &mut |table, key, value| {
            unsynced += key.len() + value.len();
            // Little by little: one sync of all at the end would hold up those of the log.
            if unsynced >= step {
                unsynced = 0;
                new.checkpoint()?;
                refuse_beyond(shared)?;
            }
            sink(table, key, value)
        })
    };
    copy(from, export, new.as_ref(), &mut || {})?;
    let of = Arc::downgrade(&old);
    drop(old);
    new.checkpoint()?;
    for _ in 0..limits::SHRINK_ROUNDS {
        let (upto, holds) = (shared.applied(), new.reader()?.applied());
        if upto.0.saturating_sub(holds.0) <= limits::APPLY_TRANSACTIONS_MAX as u64 {
            break;
        }
        catch_up(shared, new.as_ref(), upto)?;
    }
    Ok((new, of))
}

/// Bytes of rows between two syncs of the new engine: what is freed in its file is used again only after one.
fn step_bytes(options: &Options) -> usize {
    let of_budget = options.budget.map_or(u64::MAX, |budget| budget / limits::SHRINK_SYNC_SHARE);
    usize::try_from(of_budget).unwrap_or(usize::MAX).clamp(limits::SHRINK_SYNC_BYTES_MIN, limits::SHRINK_SYNC_BYTES)
}

/// Replays the log into the new engine up to `upto`, durable at every step.
fn catch_up(shared: &Shared, new: &dyn Engine, upto: Lsn) -> Result<()> {
    let step = step_bytes(&shared.options);
    loop {
        let holds = new.reader()?.applied();
        if holds >= upto {
            return Ok(());
        }
        // Where the next step ends; one transaction at least.
        let (mut end, mut bytes) = (upto, 0);
        shared.segments.read_records(Lsn(holds.0 + 1), upto, shared.gaps, |record| {
            bytes += record.bytes.len();
            end = record.lsn;
            Ok(if bytes < step { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        // A log with gaps may end before.
        let end = if bytes < step { upto } else { end };
        replay(new, &shared.segments, end, shared.gaps, &shared.options.opening)?;
        new.checkpoint()?;
        refuse_beyond(shared)?;
    }
}

/// What is left of the budget is looked at while the new engine is written: more may have come in than was reckoned with.
///
/// # Errors
/// `Full` where going on would go beyond the budget.
fn refuse_beyond(shared: &Shared) -> Result<()> {
    if spare_now(shared)? == 0 { Err(Error::Full) } else { Ok(()) }
}

/// Gives the new engine to the applier and waits until it is the one in use; its figures.
fn hand_over(shared: &Shared, new: Arc<dyn Engine>, of: Weak<dyn Engine>) -> Result<EngineStats> {
    let mut unapplied = lock(&shared.unapplied);
    unapplied.smaller = Some(Swap::Wanted(new, of));
    shared.unapplied_changed.notify_all();
    loop {
        match unapplied.smaller.take() {
            Some(Swap::Done(done)) => return done,
            _ if unapplied.closing || shared.bases.stopped() => return Err(Error::Unavailable),
            waiting => unapplied.smaller = waiting,
        }
        unapplied = wait_for(&shared.unapplied_changed, unapplied, Duration::from_millis(50));
    }
}

/// An engine that is to take the place of the one it was copied from, or how that went.
pub(super) enum Swap {
    Wanted(Arc<dyn Engine>, Weak<dyn Engine>),
    Done(Result<EngineStats>),
}

/// In the applier: brings the new engine up to the one in use and puts it into its place. An error leaves the old one.
///
/// An engine that failed meanwhile was opened again or rebuilt: what was copied from it is not to be trusted, and is
/// refused.
pub(super) fn swap(shared: &Shared, new: &Arc<dyn Engine>, of: &Weak<dyn Engine>) -> Result<EngineStats> {
    let options = &shared.options;
    let current = shared.engine().ok_or(Error::Unavailable)?;
    if !Arc::downgrade(&current).ptr_eq(of) {
        return Err(Error::Unavailable);
    }
    drop(current);
    replay(new.as_ref(), &shared.segments, shared.applied(), shared.gaps, &shared.options.opening)?;
    new.checkpoint()?;
    let place = engine::place(options.engine);
    let io = |error| Error::io("put the engine that was written anew in its place", error);
    options.vfs.rename(&beside(options).join(place), &options.dir.join(place)).map_err(io)?;
    // From here on the name is the new one's. If the rename does not last, the old file is behind the next CHECKPOINT
    // after a power cut, and is rebuilt.
    let before = shared.set_engine(Some(new.clone()));
    drop(before);
    let last = options.vfs.sync_dir(&options.dir).and_then(|()| options.vfs.remove_dir(&beside(options)));
    if let Err(error) = last {
        tracing::warn!(%error, "the engine was replaced; its directory could not be synced or cleared");
    }
    let stats = new.stats()?;
    shared.engine_bytes.store(stats.disk_bytes, Ordering::Relaxed);
    Ok(stats)
}
