//! Opening: the log's end, then the engine brought up to it, then the threads.

use super::{
    Options,
    applier::{self, afresh, replay},
    bases::{self, Bases},
    checkpoint::{Checkpoint, sample},
    committer, loss,
    overlay::Overlay,
    probe,
    rebuild::{Progress, rebuild},
    sequencer::{self, panic_text},
    shared::{Queue, Shared, lock, wait_for},
    tx::{ID_MARK, Ids, META},
};
use crate::{
    Key, base,
    changes::Changes,
    engine::{self, Engine, EngineKind, Exported, Row, Sink},
    error::{Error, Result},
    id::Lsn,
    latency::{self, Meter, Purpose, Timed, TimedDisk},
    limits,
    log::{
        recovery::{Gaps, Recovered, recover},
        writer::Writer,
    },
    record::Record,
    reserve,
    unnamed::Watched,
    vfs::OpenMode,
};
use std::{
    any::Any,
    ffi::OsStr,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU64},
        mpsc::sync_channel,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// The threads and the lock, as long as the store is open.
pub(super) struct Running {
    pub(super) threads: Mutex<Vec<JoinHandle<()>>>,
    pub(super) background: Mutex<Vec<JoinHandle<()>>>,
    pub(super) lock: Mutex<Option<Box<dyn Any + Send + Sync>>>,
}

/// Opens everything and starts the threads.
pub(super) fn open(options: Options) -> Result<(Arc<Shared>, Running)> {
    let timed = Arc::new(Timed::default());
    let options = timing(options, &timed);
    let vfs = options.vfs.clone();
    let dir = options.dir.clone();
    let log_dir = dir.join("log");
    let io = |what: &'static str| move |error| Error::io(what, error);
    vfs.make_dir(&dir).map_err(io("make the store's directory"))?;
    vfs.make_dir(&log_dir).map_err(io("make log"))?;
    vfs.make_dir(&dir.join(base::DIR)).map_err(io("make base"))?;
    let held = vfs.lock(&dir.join("LOCK")).map_err(io("lock the store's directory"))?.ok_or(Error::Locked)?;
    vfs.sync_dir(&dir).map_err(io("sync the store's directory"))?;
    // The directory's own name must survive too, and that of the data directory made with it.
    for place in dir.ancestors().skip(1).take(2).filter(|place| !place.as_os_str().is_empty()) {
        if let Err(error) = vfs.sync_dir(place) {
            tracing::warn!(%error, place = %place.display(), "a directory above the store's cannot be synced");
        }
    }
    let (checkpoint, trusted) = match Checkpoint::read(vfs.as_ref(), &dir) {
        Ok(checkpoint) => (checkpoint, true),
        // A view of the log can always be made again; what the file said of the log's end is lost.
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(%error, "the engine is not trusted without it and is rebuilt");
            (None, false)
        }
        Err(error) => return Err(error),
    };
    // Before anything is written, also where that needs new blocks for what was there.
    let free = vfs.free_space(&dir).map_err(io("look at the free space"))?;
    if free < options.sizes.segments.first.saturating_mul(2) {
        reserve::release(vfs.as_ref(), &reserve::file(&dir));
    }
    let mut recovered = recover(&vfs, &log_dir)?;
    let mut bases = Bases::find(&options)?;
    let without_start = refuse_cut(&options, &recovered, &bases)?;
    let mut opened = open_engine(&options, checkpoint, trusted, &recovered, bases.reach())?;
    super::shrink::remove_unfinished(&options)?;
    if without_start || opened.last > recovered.last {
        opened.last = loss::begin_behind(&options, opened.engine.as_ref(), &mut recovered, opened.last)?;
        bases = Bases::find(&options)?;
    }
    let next = Lsn(opened.last.0 + 1);
    let ids = read_ids(opened.engine.as_ref())?;
    // 0 is from before groups had times.
    let known_until = Some(recovered.time).filter(|time| time.0 > 0);
    let (mut writer, allocator) = Writer::begin(vfs.clone(), &log_dir, options.sizes.segments, recovered, next)?;
    writer.reserve(reserve::file(&dir));
    let highest = options.tables.iter().map(|table| usize::from(table.id.0)).max().unwrap_or(0);
    let mut tables = vec![false; highest + 1];
    for table in options.tables {
        tables[usize::from(table.id.0)] = true;
    }
    let engine_bytes = opened.engine.stats()?.disk_bytes;
    let meter = Meter::new(vfs.clone(), latency::read(vfs.as_ref(), &dir), (options.environment.now)()).keeping(timed);
    let last = opened.last.0;
    let shared = Arc::new(Shared {
        overlay: Overlay::new(opened.last),
        changes: Changes::new(tables.len(), opened.last),
        watched: Watched::default(),
        engine: RwLock::new(Some(opened.engine)),
        executed: AtomicU64::new(last),
        visible: AtomicU64::new(last),
        applied: AtomicU64::new(last),
        checkpoint: AtomicU64::new(checkpoint.map_or(0, |checkpoint| checkpoint.lsn.0)),
        checkpointed_ms: AtomicU64::new(u64::try_from(vfs.elapsed().as_millis()).unwrap_or(u64::MAX)),
        keeping_history: Mutex::default(),
        engine_bytes: AtomicU64::new(engine_bytes),
        queue: Mutex::new(Queue::default()),
        queue_changed: Default::default(),
        queue_closing: Default::default(),
        pending: Mutex::default(),
        pending_changed: Default::default(),
        unapplied: Mutex::default(),
        unapplied_changed: Default::default(),
        progress: Mutex::default(),
        progressed: Default::default(),
        bases,
        consumed: AtomicU64::new(options.consumed.0),
        engine_per_cent: AtomicU64::new(limits::ENGINE_ROOM_PER_CENT),
        spare: AtomicU64::new(u64::MAX),
        spare_of: AtomicU64::new(0),
        appended: AtomicU64::new(0),
        backed_up: AtomicU64::new(u64::MAX),
        sweep: Default::default(),
        read_only: Mutex::default(),
        full: AtomicBool::new(false),
        listeners: RwLock::default(),
        known_until,
        meter,
        segments: writer.segments(),
        allocator,
        gaps: if options.accept_log_loss { Gaps::Accept } else { Gaps::Refuse },
        tables,
        options,
    });
    let running = start(&shared, writer, ids, opened.dirty_bytes, held).map_err(io("start a thread"))?;
    Ok((shared, running))
}

/// The same on a disk whose syncs are timed.
fn timing(options: Options, timed: &Arc<Timed>) -> Options {
    let dir = options.dir.clone();
    let vfs = TimedDisk::new(options.vfs.clone(), Arc::clone(timed), move |path| purpose(&dir, path));
    Options { vfs: Arc::new(vfs), ..options }
}

/// What is synced for what, below the store's directory.
fn purpose(dir: &Path, path: &Path) -> Option<Purpose> {
    let below = path.strip_prefix(dir).ok()?;
    let engines = [EngineKind::Redb, EngineKind::Sled].map(engine::place);
    let mut parts = below.iter();
    Some(match parts.next().and_then(OsStr::to_str) {
        // Names there change when a segment is made or goes, never with a group.
        Some("log") if parts.next().is_none() => Purpose::Segments,
        Some("log" | probe::FILE) => Purpose::Log,
        Some(base::DIR) => Purpose::Bases,
        Some(super::shrink::BESIDE) => Purpose::Tables,
        Some(name) if engines.contains(&name) => Purpose::Tables,
        _ => Purpose::Notes,
    })
}

fn start(
    shared: &Arc<Shared>,
    writer: Writer,
    ids: Ids,
    dirty_bytes: u64,
    held: Box<dyn Any + Send + Sync>,
) -> std::io::Result<Running> {
    let spawn = |name: &str, body: Box<dyn FnOnce(&Shared) + Send>| {
        let shared = shared.clone();
        std::thread::Builder::new().name(format!("store-{name}")).spawn(move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(&shared))) {
                stop_for_good(&shared, &panic_text(panic.as_ref()));
            }
        })
    };
    let threads = vec![
        spawn("sequencer", Box::new(move |shared| sequencer::run(shared, ids)))?,
        spawn("committer", Box::new(move |shared| committer::run(shared, writer)))?,
        spawn("applier", Box::new(move |shared| applier::run(shared, dirty_bytes)))?,
    ];
    let background = vec![
        spawn("segments", Box::new(|shared| shared.allocator.run(shared.options.sizes.background_delay)))?,
        spawn("reserve", Box::new(make_reserve))?,
        spawn("probe", Box::new(probe::run))?,
        spawn("bases", Box::new(bases::run))?,
    ];
    Ok(Running { threads: Mutex::new(threads), background: Mutex::new(background), lock: Mutex::new(Some(held)) })
}

/// A thread of the store panicked, which is a defect: nothing is accepted any more, nobody waits for ever.
fn stop_for_good(shared: &Shared, why: &str) {
    tracing::error!(why, "a store thread panicked; the store is read-only until restarted");
    lock(&shared.read_only).get_or_insert_with(|| format!("a store thread panicked: {why}"));
    let mut queue = lock(&shared.queue);
    queue.closing = true;
    let jobs = std::mem::take(&mut queue.jobs);
    drop(queue);
    let mut pending = lock(&shared.pending);
    pending.closing = true;
    let executed = std::mem::take(&mut pending.executed);
    drop(pending);
    let mut unapplied = lock(&shared.unapplied);
    unapplied.closing = true;
    drop(unapplied);
    for changed in [&shared.queue_changed, &shared.pending_changed, &shared.unapplied_changed, &shared.progressed] {
        changed.notify_all();
    }
    // What is dropped unanswered tells whoever waits that there is nobody any more.
    drop((jobs, executed));
}

struct Opened {
    engine: Arc<dyn Engine>,
    last: Lsn,
    dirty_bytes: u64,
}

fn open_engine(
    options: &Options,
    checkpoint: Option<Checkpoint>,
    trusted: bool,
    recovered: &Recovered,
    based: Lsn,
) -> Result<Opened> {
    let kind = options.engine;
    let begin = recovered.segments.begin();
    let gaps = if options.accept_log_loss { Gaps::Accept } else { Gaps::Refuse };
    let noted = checkpoint.map_or(Lsn(0), |checkpoint| checkpoint.lsn);
    refuse_loss(options, "CHECKPOINT", noted, recovered.last)?;
    refuse_loss(options, "a consumer", options.consumed, recovered.last)?;
    refuse_loss(options, "a base snapshot", based, recovered.last)?;
    let engine = match checkpoint {
        Some(checkpoint) if checkpoint.engine != kind => switch(options, checkpoint, begin)?,
        _ if trusted => match trusted_engine(options, checkpoint, begin) {
            Ok(engine) => engine,
            Err(error @ (Error::Corrupt { .. } | Error::Io { .. })) => {
                tracing::warn!(%error, engine = %kind, "the engine cannot be relied on and is rebuilt");
                rebuild(options, begin)?
            }
            Err(error) => return Err(error),
        },
        _ => rebuild(options, begin)?,
    };
    let applied = engine.reader()?.applied();
    refuse_loss(options, "the engine", applied, recovered.last).inspect_err(|_| engine.distrust())?;
    let start = Instant::now();
    let mut engine = engine;
    let (segments, opening) = (&recovered.segments, &options.opening);
    let dirty_bytes = match replay(engine.as_ref(), segments, recovered.last, gaps, opening) {
        // A damaged page that shows only now; damage of the log shows again below.
        Err(error @ Error::Corrupt { .. }) if applied > Lsn(0) => {
            tracing::warn!(%error, engine = %kind, "the engine is rebuilt");
            engine.distrust();
            drop(engine);
            engine = rebuild(options, begin)?;
            replay(engine.as_ref(), segments, recovered.last, gaps, opening)?
        }
        other => other?,
    };
    if recovered.last > applied {
        let took_ms = start.elapsed().as_millis();
        tracing::info!(from = applied.0, upto = recovered.last.0, took_ms, "the log was replayed");
    }
    // Numbers above what the log holds were given out if a loss is accepted: none is used again.
    let last = recovered.last.max(noted).max(applied).max(options.consumed).max(based);
    if last > recovered.last {
        engine.apply(last, &mut std::iter::empty())?;
    }
    // An engine switched or rebuilt has no checkpoint of its own yet: one byte makes it due.
    let fresh = checkpoint.is_none_or(|checkpoint| checkpoint.engine != kind || applied < checkpoint.lsn);
    Ok(Opened { engine, last, dirty_bytes: dirty_bytes.max(u64::from(fresh && last > Lsn(0))) })
}

/// A log whose start is not there is whole only with a base that holds what went. Answers whether that it is not is accepted.
fn refuse_cut(options: &Options, recovered: &Recovered, bases: &Bases) -> Result<bool> {
    let Some(first) = &recovered.cut else { return Ok(false) };
    // By their names: whether one can be read matters only to a rebuild, which says which cannot.
    if bases.named().is_some_and(|lsn| lsn.0 + 1 >= first.header.first_lsn.0) {
        return Ok(false);
    }
    let why = "the segment before it is missing and no base snapshot holds what was in it; restore from a backup";
    if options.accept_log_loss {
        tracing::error!(segment = first.name(), why, "the loss is accepted");
        return Ok(true);
    }
    Err(Error::corrupt("log", first.name(), why))
}

fn refuse_loss(options: &Options, who: &str, position: Lsn, last: Lsn) -> Result<()> {
    if position <= last {
        return Ok(());
    }
    let why = format!(
        "it ends at transaction {last}, but {who} holds everything up to {position}: acknowledged data was lost; \
         restore from a backup, or start once with --accept-log-loss"
    );
    if options.accept_log_loss {
        tracing::error!(why, "the loss is accepted");
        return Ok(());
    }
    Err(Error::corrupt("log", "the end", why))
}

/// The engine as it lies there, if nothing speaks against it.
fn trusted_engine(options: &Options, checkpoint: Option<Checkpoint>, begin: Lsn) -> Result<Arc<dyn Engine>> {
    let engine = engine::open(options.engine, &options.vfs, &options.dir, options.tables)?;
    speaks_for_itself(options, engine.as_ref(), checkpoint, begin).inspect_err(|_| engine.distrust())?;
    Ok(engine)
}

fn speaks_for_itself(options: &Options, engine: &dyn Engine, checkpoint: Option<Checkpoint>, begin: Lsn) -> Result<()> {
    let applied = engine.reader()?.applied();
    let place = engine::place(options.engine);
    if applied.0 + 1 < begin.0 {
        let why = format!("it holds transactions up to {applied}; the log begins with {begin}");
        return Err(Error::corrupt(place, "the end", why));
    }
    let Some(checkpoint) = checkpoint else { return Ok(()) };
    if applied < checkpoint.lsn {
        let why = format!("it holds transactions up to {applied}; it once held {}", checkpoint.lsn);
        return Err(Error::corrupt(place, "the end", why));
    }
    if applied == checkpoint.lsn && sample(engine, options.tables)? != checkpoint.sample {
        return Err(Error::corrupt(place, "a sample", "its rows are not those of the checkpoint"));
    }
    Ok(())
}

/// Fills the engine asked for from the one in use, or from base and log if that one is no good.
fn switch(options: &Options, checkpoint: Checkpoint, begin: Lsn) -> Result<Arc<dyn Engine>> {
    let (kind, vfs, dir, tables) = (options.engine, &options.vfs, &options.dir, options.tables);
    tracing::info!(from = %checkpoint.engine, to = %kind, "the engine is changed");
    let old = Options { engine: checkpoint.engine, ..options.clone() };
    // What lies there of the other one goes only when there is something to fill it from.
    let copied = trusted_engine(&old, Some(checkpoint), begin).and_then(|old| {
        let (lsn, rows) = (old.reader()?.applied(), old.stats()?.rows);
        let new = afresh(kind, vfs, dir, tables)?;
        let mut progress = Progress::new(&options.opening, "the tables are copied into the other engine", rows);
        copy(lsn, |sink| old.export(sink), new.as_ref(), &mut || progress.add(1))?;
        tracing::info!(rows, engine = %kind, "the tables were copied");
        Ok(new)
    });
    copied.or_else(|error| {
        tracing::warn!(%error, "the engine in use cannot be copied; the new one is rebuilt");
        rebuild(options, begin)
    })
}

/// Fills an engine with all rows that `export` gives, a bounded number of them in memory; it then holds `lsn`. `counted` is
/// called for each row.
pub(super) fn copy(
    lsn: Lsn,
    export: impl FnOnce(Sink<'_>) -> Result<Exported> + Send,
    new: &dyn Engine,
    counted: &mut dyn FnMut(),
) -> Result<()> {
    let (send, receive) = sync_channel::<Result<Row>>(1000);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let sent = export(&mut |table, key, value| {
                let row = (table, key.to_vec(), value.to_vec());
                send.send(Ok(row)).map_err(|_| Error::Unavailable)
            });
            if let Err(error) = sent
                && send.send(Err(error)).is_err()
            {
                tracing::warn!("copying an engine ended early");
            }
        });
        new.import(lsn, &mut receive.into_iter().inspect(|_| counted()))
    })
}

/// Removes the engine that is not in use, once the one in use has a checkpoint.
pub(super) fn remove_others(shared: &Shared) {
    let options = &shared.options;
    let other = match options.engine {
        EngineKind::Redb => EngineKind::Sled,
        EngineKind::Sled => EngineKind::Redb,
    };
    let gone = options.vfs.exists(&options.dir.join(engine::place(other))).map_err(|error| Error::io("look", error));
    let gone =
        gone.and_then(|there| if there { engine::remove(other, options.vfs.as_ref(), &options.dir) } else { Ok(()) });
    if let Err(error) = gone {
        tracing::warn!(%error, engine = %other, "the engine not in use could not be removed");
    }
}

fn read_ids(engine: &dyn Engine) -> Result<Ids> {
    let stored = engine.reader()?.get(META.id, &ID_MARK.to_owned().to_bytes())?;
    let mark = stored.map_or(Ok(0), |bytes| <u64 as Record>::decode(&bytes))?;
    Ok(Ids { last: mark, mark })
}

/// Writes the reserve file, late and slowly: nothing waits for it; and again when it was given away and there is room.
fn make_reserve(shared: &Shared) {
    let sizes = &shared.options.sizes;
    let (vfs, path) = (&shared.options.vfs, reserve::file(&shared.options.dir));
    let closing = |time: Duration| {
        let queue = lock(&shared.queue);
        queue.closing || wait_for(&shared.queue_closing, queue, time).closing
    };
    let make = || -> std::io::Result<()> {
        let free = vfs.free_space(&shared.options.dir)?;
        // Half of one is written to the end: the store may have been closed meanwhile.
        let whole = vfs.exists(&path)? && vfs.open(&path, OpenMode::ReadOnly)?.size()? >= sizes.reserve;
        if whole || free < sizes.free_min.saturating_add(sizes.reserve.saturating_mul(4)) {
            return Ok(());
        }
        reserve::make(vfs.as_ref(), &path, sizes.reserve, || !closing(Duration::from_millis(5)))
    };
    if sizes.reserve == 0 {
        return;
    }
    let mut rest = sizes.background_delay * 2;
    loop {
        let deadline = Instant::now() + rest;
        while Instant::now() < deadline {
            if closing(deadline.saturating_duration_since(Instant::now())) {
                return;
            }
        }
        if let Err(error) = make() {
            tracing::warn!(%error, "the reserve file could not be made");
        }
        rest = sizes.reserve_look;
    }
}
