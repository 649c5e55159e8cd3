//! Base snapshots of a running store: when one is due, which are kept, and what of the log may go.
//!
//! A segment goes only when a checkpoint, every consumer and the older of two bases, both read back by this process,
//! cover it: so the newest base may rot and nothing is lost. On a thread of its own, which also writes the engine anew
//! where much of it is free; the log never waits for it.

use super::{
    Options, Sizes,
    shared::{Shared, is_full, lock, wait_for},
    shrink::Shrinking,
    tx::CONSUMERS,
};
use crate::{
    base::{self, BaseInfo},
    engine::{Engine, Exported, Sink},
    error::{Error, Result},
    id::Lsn,
    limits,
    record::Record,
    table::{Direction, KeyRange},
    vfs::Rests,
};
use std::{
    cell::Cell,
    ops::ControlFlow,
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The bases of a store.
pub(crate) struct Bases {
    known: Mutex<Known>,
    woken: Mutex<bool>,
    changed: Condvar,
    stop: AtomicBool,
    /// One is written at a time.
    writing: Mutex<()>,
    /// Whoever removes segments or bases holds it meanwhile.
    readers: Mutex<Readers>,
    /// Nobody reads them any more, or the store closes.
    unread: Condvar,
}

/// How many need segments or bases.
#[derive(Default)]
struct Readers {
    /// To read them.
    reading: usize,
    /// To remove some, until nobody reads.
    waiting: usize,
}

/// Held by whoever reads segments or bases.
pub(crate) struct ReadingFiles<'a>(&'a Bases);

impl Drop for ReadingFiles<'_> {
    fn drop(&mut self) {
        let mut readers = lock(&self.0.readers);
        readers.reading -= 1;
        if readers.reading == 0 {
            self.0.unread.notify_all();
        }
    }
}

#[derive(Default)]
struct Known {
    /// Oldest first.
    kept: Vec<Kept>,
    /// When this process wrote its last one, and how long that took.
    made: Option<(Instant, Duration)>,
    failed: Option<String>,
    overfull_told: bool,
}

#[derive(Clone)]
struct Kept {
    name: String,
    lsn: Lsn,
    info: Option<BaseInfo>,
    /// This process has read all of it.
    verified: bool,
    /// This process has found it damaged.
    damaged: bool,
}

impl Bases {
    /// Looks which there are.
    pub(super) fn find(options: &Options) -> Result<Bases> {
        let mut kept = Vec::new();
        for found in base::list(options.vfs.as_ref(), &options.dir)? {
            let info = match found.info {
                Ok(info) => Some(info),
                Err(error @ Error::Format { .. }) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, base = found.name, "a base snapshot cannot be read");
                    None
                }
            };
            kept.push(Kept { name: found.name, lsn: found.lsn, info, verified: false, damaged: false });
        }
        Ok(Bases {
            known: Mutex::new(Known { kept, ..Known::default() }),
            woken: Mutex::default(),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
            writing: Mutex::default(),
            readers: Mutex::default(),
            unread: Condvar::new(),
        })
    }

    /// It was found damaged: nothing leans on it any more, no backup takes it, and it goes when there are two that hold.
    pub(crate) fn distrust(&self, name: &str) {
        if let Some(kept) = lock(&self.known).kept.iter_mut().find(|kept| kept.name == name) {
            (kept.verified, kept.damaged) = (false, true);
            kept.info = None;
        }
    }

    fn is_distrusted(&self, name: &str) -> bool {
        lock(&self.known).kept.iter().any(|kept| kept.name == name && kept.damaged)
    }

    /// The LSN in the newest name.
    pub(super) fn named(&self) -> Option<Lsn> {
        lock(&self.known).kept.last().map(|kept| kept.lsn)
    }

    /// The highest transaction of which one that can be read holds something.
    pub(super) fn reach(&self) -> Lsn {
        self.all().iter().map(|info| info.upto).max().unwrap_or_default()
    }

    /// Those that can be read, oldest first.
    pub(crate) fn all(&self) -> Vec<BaseInfo> {
        lock(&self.known).kept.iter().filter_map(|kept| kept.info.clone()).collect()
    }

    pub(super) fn failed(&self) -> Option<String> {
        lock(&self.known).failed.clone()
    }

    /// While this is held no segment and no base is removed.
    pub(crate) fn reading_files(&self) -> ReadingFiles<'_> {
        lock(&self.readers).reading += 1;
        ReadingFiles(self)
    }

    /// While this is held nobody begins to read segments or bases; `None` if some are still being read after so long, or once
    /// the store closes.
    fn alone_with_files(&self, time: Duration) -> Option<MutexGuard<'_, Readers>> {
        let deadline = Instant::now() + time;
        let mut readers = lock(&self.readers);
        while readers.reading > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.stopped() {
                return None;
            }
            readers.waiting += 1;
            readers = wait_for(&self.unread, readers, left);
            readers.waiting -= 1;
        }
        Some(readers)
    }

    /// While this is held no base is written.
    pub(super) fn writing(&self) -> MutexGuard<'_, ()> {
        lock(&self.writing)
    }

    /// There may be something to do.
    pub(super) fn wake(&self) {
        *lock(&self.woken) = true;
        self.changed.notify_all();
    }

    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.wake();
        // Whoever is about to wait for those who read waits by now, and is woken, or sees it.
        drop(lock(&self.readers));
        self.unread.notify_all();
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// Waits until woken, at most so long; at once after `stop`.
    fn pause(&self, time: Duration) {
        let mut woken = lock(&self.woken);
        let deadline = Instant::now() + time;
        while !*woken && !self.stopped() && Instant::now() < deadline {
            woken = wait_for(&self.changed, woken, deadline.saturating_duration_since(Instant::now()));
        }
        *woken = false;
    }
}

/// The body of the thread.
pub(super) fn run(shared: &Shared) {
    let (bases, sizes) = (&shared.bases, &shared.options.sizes);
    let vfs = shared.options.vfs.as_ref();
    let one = bases.writing();
    if let Err(error) = base::remove_unfinished(vfs, &shared.options.dir) {
        tracing::warn!(%error, "a half-written base snapshot could not be removed");
    }
    drop(one);
    let delay = Instant::now() + sizes.background_delay;
    while !bases.stopped() && Instant::now() < delay {
        bases.pause(delay.saturating_duration_since(Instant::now()));
    }
    let mut not_before = Instant::now();
    let mut shrinking = Shrinking::new();
    let (mut short, pace) = (false, Pace::begin(shared));
    while !bases.stopped() {
        let wanted = || {
            due(shared)
                || (short && rested(shared, limits::SHRINK_REST_SHORT) && gives_back(shared))
                || (pace.is_quiet(shared) && rested(shared, limits::BASE_REST_QUIET) && pace.after_burst(shared))
        };
        if Instant::now() >= not_before && wanted() {
            not_before = Instant::now();
            if make(shared).is_err() {
                not_before += sizes.base_retry;
            }
        }
        if let Err(error) = let_go(shared) {
            tracing::warn!(%error, "log segments that are no longer needed could not be removed");
        }
        tell_overfull(shared);
        short = shrinking.step(shared);
        bases.pause(sizes.base_retry);
    }
}

/// Writes a base and lets go of what it makes superfluous.
pub(super) fn make_and_let_go(shared: &Shared) -> Result<BaseInfo> {
    let info = make(shared)?;
    let_go(shared)?;
    Ok(info)
}

/// Puts another base, read back, in the place of one that is distrusted, which goes.
///
/// # Errors
/// Those of `make`; `Refused` in a sentence if files are read for so long that it cannot go yet.
pub(crate) fn replace(shared: &Shared, name: &str) -> Result<()> {
    let bases = &shared.bases;
    if !bases.is_distrusted(name) {
        return Ok(());
    }
    make(shared)?;
    let Some(_alone) = bases.alone_with_files(limits::ENGINE_WAIT) else {
        let why = "another one holds; this one goes later, since base snapshots or the log are being read just now";
        return Err(Error::Refused(why.to_owned()));
    };
    remove(shared, lock(&bases.known), |kept| kept.damaged)
}

/// Whether enough log lies behind the newest base; or, with the log less than a segment below its cap, between the two
/// newest: with another one that may go.
fn due(shared: &Shared) -> bool {
    let bases = shared.bases.all();
    let behind = |back: usize| {
        let lsn = bases.iter().rev().nth(back).map_or(Lsn(0), |info| info.lsn);
        (lsn, shared.segments.bytes_behind(lsn))
    };
    let ((newest, behind_newest), (_, behind_older)) = (behind(0), behind(limits::BASES_KEPT - 1));
    let sizes = &shared.options.sizes;
    let lets_go = shared.segments.bytes().saturating_add(sizes.segments.other) >= sizes.log_bytes_max
        && behind_older.saturating_sub(behind_newest) >= sizes.base_log_bytes;
    shared.applied() > newest && (behind_newest >= wanted(shared) || lets_go)
}

/// Whether another base would give room back: those there are hold many rows that are gone, or hold up the log.
pub(super) fn gives_back(shared: &Shared) -> bool {
    let bases = shared.bases.all();
    let lsn = |back: usize| bases.iter().rev().nth(back).map_or(Lsn(0), |info| info.lsn);
    let Some(rows) = shared.engine().and_then(|engine| engine.stats().ok()).map(|stats| stats.rows) else {
        return false;
    };
    let holds_up = shared.segments.bytes_behind(lsn(limits::BASES_KEPT - 1));
    let of_rows_gone = bases.iter().any(|base| base.rows > rows.saturating_add(rows / 3));
    shared.applied() > lsn(0) && (of_rows_gone || holds_up >= shared.options.sizes.segments.other.saturating_mul(2))
}

/// Whether the last base is `times` as long ago as it took.
fn rested(shared: &Shared, times: u32) -> bool {
    let made = lock(&shared.bases.known).made;
    made.is_none_or(|(ended, took)| ended.elapsed() >= took.saturating_mul(times))
}

/// How fast the log grows.
struct Pace {
    /// When it was last looked at, and what had been written by then.
    looked: Cell<(Instant, u64)>,
    quiet: Cell<bool>,
    /// More log came than bases were written for, and it is not let go yet.
    burst: Cell<bool>,
}

impl Pace {
    fn begin(shared: &Shared) -> Pace {
        let appended = shared.appended.load(Ordering::Acquire);
        Pace { looked: Cell::new((Instant::now(), appended)), quiet: Cell::new(false), burst: Cell::new(false) }
    }

    /// Whether the log, going on as it did since the last look, would take `limits::QUIET_TIME` until a base is due.
    fn is_quiet(&self, shared: &Shared) -> bool {
        let ((then, before), appended) = (self.looked.get(), shared.appended.load(Ordering::Acquire));
        let took = then.elapsed();
        if took >= limits::QUIET_LOOK.min(shared.options.sizes.base_retry) {
            let grown = u128::from(appended.saturating_sub(before)) * limits::QUIET_TIME.as_millis();
            self.quiet.set(grown < u128::from(shared.options.sizes.base_log_bytes) * took.as_millis());
            self.looked.set((Instant::now(), appended));
        }
        self.quiet.get()
    }

    /// Whether more log is kept than bases in their time would leave, and enough that another base is worth its work: a
    /// burst is followed by two, of which the second makes the first the older one, whose log stays.
    fn after_burst(&self, shared: &Shared) -> bool {
        let bases = shared.bases.all();
        let [.., older, newest] = &bases[..] else { return false };
        let (sizes, kept) = (&shared.options.sizes, shared.segments.bytes_behind(older.lsn));
        let in_time = sizes.base_log_bytes.saturating_mul(2).saturating_add(sizes.segments.other);
        if kept >= in_time.max(newest.bytes / 2) {
            self.burst.set(true);
        } else if kept < sizes.segments.other.saturating_mul(2).max(newest.bytes / 4) {
            self.burst.set(false);
        }
        self.burst.get() && shared.applied() > newest.lsn
    }
}

/// Whether the log is half way from where a base was due at the latest to where it would be too much.
fn hurries(shared: &Shared) -> bool {
    let newest = shared.bases.all().last().map_or(Lsn(0), |info| info.lsn);
    let late = stretch(&shared.options.sizes, shared.engine_bytes.load(Ordering::Relaxed)).saturating_mul(3) / 2;
    shared.segments.bytes_behind(newest) >= late || shared.segments.bytes() >= shared.options.sizes.log_bytes_max / 2
}

/// Rests, unless the log waits to be shortened: it is not while a base is written or read.
pub(crate) fn rest(shared: &Shared, rests: &Rests<'_>) {
    if !hurries(shared) {
        rests.pause();
    }
}

/// Bytes of log behind the newest base that make another due.
fn wanted(shared: &Shared) -> u64 {
    let sizes = &shared.options.sizes;
    // A large store is read and written as a whole for it; where posts come slowly there is time for that.
    if rested(shared, limits::BASE_REST) || shared.segments.bytes() >= sizes.log_bytes_max {
        sizes.base_log_bytes
    } else {
        stretch(sizes, shared.engine_bytes.load(Ordering::Relaxed))
    }
}

/// Bytes of log between two bases at most. Two such stretches lie behind the older base, and the log is to stay below its cap.
fn stretch(sizes: &Sizes, engine_bytes: u64) -> u64 {
    sizes.base_log_bytes.max((engine_bytes / 2).min(sizes.log_bytes_max / 3))
}

/// Bytes that the files of the log take at most while bases come in time: two stretches and the time to write a base, the
/// rest of the segment being written, and the one made beforehand.
pub(crate) fn log_expected(sizes: &Sizes, engine_bytes: u64) -> u64 {
    let stretches = stretch(sizes, engine_bytes).saturating_mul(5) / 2;
    stretches.min(sizes.log_bytes_max).saturating_add(sizes.segments.other.saturating_mul(2))
}

/// Whether the log is beyond its cap and no base helps.
pub(super) fn overfull(shared: &Shared) -> bool {
    let (bytes, cap) = (shared.segments.bytes(), shared.options.sizes.log_bytes_max);
    bytes >= cap && (shared.bases.failed().is_some() || bytes >= cap.saturating_mul(2))
}

fn tell_overfull(shared: &Shared) {
    let now = overfull(shared);
    if std::mem::replace(&mut lock(&shared.bases.known).overfull_told, now) != now {
        let bytes = shared.segments.bytes();
        if now {
            let held_by = floor(shared).map_or("an engine that cannot be read", |(_, by)| by);
            tracing::error!(bytes, held_by, "the log is beyond its cap and cannot be shortened");
        } else {
            tracing::info!(bytes, "the log is below its cap again");
        }
    }
}

/// Writes a base, verifies it and the one before it.
fn make(shared: &Shared) -> Result<BaseInfo> {
    let _one = shared.bases.writing();
    let made = try_make(shared);
    let failed = match &made {
        Ok(_) => None,
        // The engine is just being reopened, or the store closes: nothing is wrong with the disk.
        Err(Error::Unavailable) => shared.bases.failed(),
        Err(error) => {
            tracing::error!(%error, "a base snapshot could not be written; the log is kept");
            if is_full(error) {
                shared.look_at_space();
            }
            Some(error.to_string())
        }
    };
    lock(&shared.bases.known).failed = failed;
    made
}

fn try_make(shared: &Shared) -> Result<BaseInfo> {
    let start = Instant::now();
    let (options, bases) = (&shared.options, &shared.bases);
    let vfs = options.vfs.as_ref();
    let engine = shared.engine().ok_or(Error::Unavailable)?;
    let newest = lock(&bases.known).kept.last().cloned();
    if let Some(Kept { info: Some(info), verified: true, .. }) = &newest
        && info.lsn == shared.applied()
    {
        return Ok(info.clone());
    }
    refuse_without_room(shared)?;
    // The log's syncs and the applier then seldom meet it.
    let rests = &Rests::beside(&shared.appended);
    let go_on = || {
        rest(shared, rests);
        !bases.stopped()
    };
    // It takes the engine along, which goes with it: one that fails while the base is read back is opened again at once.
    let export = move |sink: Sink<'_>| {
        let mut rows = 0_u64;
        export(shared, &engine, &mut |table, key, value| {
            rows += 1;
            if rows.is_multiple_of(limits::EXPORT_PART_ROWS as u64) {
                rest(shared, rests);
            }
            sink(table, key, value)
        })
    };
    let info = base::write(vfs, &options.dir, (options.environment.now)(), export, &go_on)?;
    let mut known = lock(&bases.known);
    known.made = Some((Instant::now(), start.elapsed()));
    known.kept.retain(|kept| kept.lsn != info.lsn);
    known.kept.push(Kept {
        name: info.name.clone(),
        lsn: info.lsn,
        info: Some(info.clone()),
        verified: true,
        damaged: false,
    });
    known.kept.sort_by_key(|kept| kept.lsn);
    let others: Vec<Kept> =
        known.kept.iter().rev().filter(|kept| kept.lsn != info.lsn && kept.info.is_some()).cloned().collect();
    drop(known);
    for other in others {
        if verify_again(shared, &other.name, &go_on)? {
            break;
        }
    }
    let took_ms = start.elapsed().as_millis();
    tracing::info!(base = info.name, rows = info.rows, bytes = info.bytes, took_ms, "a base snapshot was written");
    Ok(info)
}

/// Reads a base once more, long after it was written, before the log leans on it; answers whether it holds.
fn verify_again(shared: &Shared, name: &str, go_on: &dyn Fn() -> bool) -> Result<bool> {
    let (options, bases) = (&shared.options, &shared.bases);
    let read = base::verify(options.vfs.as_ref(), &options.dir, name, go_on);
    let holds = match read {
        Ok(_) => true,
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(%error, "the base snapshot before this one is damaged and is given up");
            false
        }
        Err(error) => return Err(error),
    };
    if !holds {
        bases.distrust(name);
        return Ok(false);
    }
    // Somebody else may have found it damaged meanwhile.
    let mut known = lock(&bases.known);
    let Some(kept) = known.kept.iter_mut().find(|kept| kept.name == name && kept.info.is_some()) else {
        return Ok(false);
    };
    kept.verified = true;
    Ok(true)
}

/// Reads the engine out, as long as it is the one in use.
pub(super) fn export(shared: &Shared, engine: &Arc<dyn Engine>, sink: Sink<'_>) -> Result<Exported> {
    let mut rows = 0_u64;
    let mut by_sink = false;
    let exported = engine.export(&mut |table, key, value| {
        rows += 1;
        // Whoever closes a failed engine waits until nobody holds it.
        let in_use = || shared.engine().is_some_and(|now| Arc::ptr_eq(&now, engine));
        if rows.is_multiple_of(256) && (shared.bases.stopped() || !in_use()) {
            by_sink = true;
            return Err(Error::Unavailable);
        }
        sink(table, key, value).inspect_err(|_| by_sink = true)
    });
    if let Err(error) = &exported
        && !by_sink
    {
        shared.suspect(error);
    }
    exported
}

fn refuse_without_room(shared: &Shared) -> Result<()> {
    let options = &shared.options;
    let free = options.vfs.free_space(&options.dir).map_err(|error| Error::io("look at the free space", error))?;
    let engine_bytes = shared.engine_bytes.load(Ordering::Relaxed);
    let wanted = shared.bases.all().last().map_or(engine_bytes / 2, |newest| newest.bytes + newest.bytes / 8);
    if free < options.sizes.free_min.saturating_add(wanted) {
        let why = format!("{free} bytes are free; a base snapshot of about {wanted} would leave too few");
        return Err(Error::io("write a base snapshot", std::io::Error::new(std::io::ErrorKind::StorageFull, why)));
    }
    Ok(())
}

/// Up to where the log may go, and who says so. With the log at its cap a consumer that stands still is left behind: it
/// finds that the log begins later and makes its work anew.
fn floor(shared: &Shared) -> Result<(Lsn, &'static str)> {
    let (own, consumers) = floors(shared)?;
    let at_cap = shared.segments.bytes() >= shared.options.sizes.log_bytes_max;
    Ok(if consumers.0 < own.0 && !at_cap { consumers } else { own })
}

type Floor = (Lsn, &'static str);

/// Up to where the store itself needs the log no more, and up to where its consumers do.
fn floors(shared: &Shared) -> Result<(Floor, Floor)> {
    let known = lock(&shared.bases.known);
    let mut verified = known.kept.iter().rev().filter(|kept| kept.verified).map(|kept| kept.lsn);
    let base = verified.nth(limits::BASES_KEPT - 1).unwrap_or_default();
    drop(known);
    let own = (base, "base snapshots").min((Lsn(shared.checkpoint.load(Ordering::Acquire)), "the checkpoint"));
    let outside = shared.consumed.load(Ordering::Acquire);
    let mut consumers = (if outside == 0 { Lsn(u64::MAX) } else { Lsn(outside) }, "a consumer outside the store");
    // A backup that fails for days must not fill the disk: beyond the cap the next one begins with a base instead.
    if shared.segments.bytes() < shared.options.sizes.log_bytes_max {
        let backed_up = Lsn(shared.backed_up.load(Ordering::Acquire));
        consumers = consumers.min((backed_up, "a backup that is still to be made"));
    }
    let engine = shared.engine().ok_or(Error::Unavailable)?;
    // Positions only grow, so what the engine does not hold yet errs on the safe side.
    engine.reader()?.scan(CONSUMERS.id, &KeyRange::all(), Direction::Ascending, &mut |_, value| {
        consumers = consumers.min((Lsn::decode(value)?, "a consumer"));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((own, consumers))
}

/// Removes bases and segments that are no longer needed, unless somebody reads files just now.
fn let_go(shared: &Shared) -> Result<()> {
    // First: whoever reads a base may find it damaged meanwhile.
    let Some(_alone) = shared.bases.alone_with_files(Duration::ZERO) else { return Ok(()) };
    let (floor, _) = match floor(shared) {
        Err(Error::Unavailable) => return Ok(()),
        other => other?,
    };
    let left_behind = floors(shared)?.1;
    remove_surplus(shared)?;
    let removed =
        shared.segments.remove_covered(shared.options.vfs.as_ref(), &shared.options.dir.join("log"), floor)?;
    if removed > 0 {
        tracing::info!(removed, upto = floor.0, "log segments that two base snapshots cover were removed");
        if left_behind.0.0.saturating_add(1) < shared.segments.begin().0 {
            let (who, at) = (left_behind.1, left_behind.0.0);
            tracing::warn!(who, at, "the log was at its cap because of one that reads it; that one has to begin anew");
        }
    }
    Ok(())
}

/// Keeps the newest two verified bases and everything newer, removes the rest.
fn remove_surplus(shared: &Shared) -> Result<()> {
    let known = lock(&shared.bases.known);
    let mut verified = known.kept.iter().rev().filter(|kept| kept.verified).map(|kept| kept.lsn);
    let Some(oldest) = verified.nth(limits::BASES_KEPT - 1) else { return Ok(()) };
    remove(shared, known, |kept| kept.lsn < oldest || kept.info.is_none())
}

/// Forgets and removes the bases of which `goes` says so.
fn remove(shared: &Shared, mut known: MutexGuard<'_, Known>, goes: impl Fn(&Kept) -> bool) -> Result<()> {
    let (vfs, dir) = (shared.options.vfs.as_ref(), &shared.options.dir);
    let io = |error| Error::io("remove a base snapshot", error);
    let (surplus, kept): (Vec<Kept>, Vec<Kept>) = known.kept.drain(..).partition(goes);
    known.kept = kept;
    drop(known);
    for base in &surplus {
        vfs.remove(&dir.join(&base.name)).map_err(io)?;
    }
    if !surplus.is_empty() {
        vfs.sync_dir(&dir.join(base::DIR)).map_err(io)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;
    use std::{sync::mpsc, thread};

    /// Longer than anything here takes, and shorter than what is waited for.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn bases() -> Arc<Bases> {
        let options = Options { vfs: Arc::new(SimulatedDisk::new()), ..Options::new("/store") };
        Arc::new(Bases::find(&options).expect("there are none"))
    }

    /// Whether somebody who waits for an hour gets the files alone; told once there is an answer.
    fn waits_for_files(bases: &Arc<Bases>) -> mpsc::Receiver<bool> {
        let (tell, told) = mpsc::channel();
        let waiter = bases.clone();
        thread::spawn(move || {
            let alone = waiter.alone_with_files(Duration::from_secs(3600)).is_some();
            // Nobody listens any more where the test has failed.
            let _failed = tell.send(alone);
        });
        // Seen under the lock: it is given back only by whoever waits to be woken.
        let deadline = Instant::now() + PATIENCE;
        while lock(&bases.readers).waiting == 0 {
            assert!(Instant::now() < deadline, "nobody waits for the files");
            thread::yield_now();
        }
        told
    }

    #[test]
    fn files_are_let_alone_while_somebody_reads_and_free_once_the_last_one_is_done() {
        let bases = bases();
        let (first, second) = (bases.reading_files(), bases.reading_files());
        let told = waits_for_files(&bases);
        drop(first);
        assert!(bases.alone_with_files(Duration::ZERO).is_none(), "one still reads");
        assert!(told.try_recv().is_err(), "one still reads");
        drop(second);
        assert_eq!(told.recv_timeout(PATIENCE), Ok(true));
        assert!(bases.alone_with_files(Duration::ZERO).is_some());
    }

    #[test]
    fn whoever_waits_for_files_is_told_when_the_store_closes() {
        let bases = bases();
        let _reader = bases.reading_files();
        let told = waits_for_files(&bases);
        bases.stop();
        assert_eq!(told.recv_timeout(PATIENCE), Ok(false));
    }
}
