//! sled 1.0 alpha: a view that can always be rebuilt, and is treated as one.
//!
//! It does its own file I/O, has no snapshots, panics where others answer, and its memory only grows. So: one tree
//! with the table's number before each key; readers and `apply` exclude each other; every call is guarded; handles
//! are dropped and opened again when memory passes a limit; and a checksum over all rows is kept with the applied
//! LSN and compared at every start and by `verify`, because a damaged sled may open without a word.

mod open;
mod retries;

use super::{Engine, EngineKind, EngineStats, Exported, Sink, Snapshot, export::Exports, held::Held};
use crate::{
    catalogue::TableInfo,
    error::{Error, Result},
    id::Lsn,
    limits,
    log::Operation,
    table::{Direction, KeyRange, TableId, Visit},
    vfs::Vfs,
};
use bytes::Bytes;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    ops::Bound,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// 1024, sled's default, writes four times as much (measured).
const LEAF_FANOUT: usize = 128;
/// Behind every table; its row says what the tree holds.
const APPLIED: &[u8] = b"\xff\xffapplied";
/// Growth since the last recycling below which another brings nothing.
const RSS_STEP: u64 = 64 * 1024 * 1024;

type Db = sled::Db<LEAF_FANOUT>;

pub(super) struct SledEngine {
    /// Told how long its syncs take.
    vfs: Arc<dyn Vfs>,
    path: PathBuf,
    tables: Vec<TableId>,
    /// Held shared by readers and checkpoints, alone by `apply` and recycling: sled has no snapshots.
    gate: RwLock<()>,
    owner: Mutex<Option<Db>>,
    readers: Mutex<Vec<Db>>,
    returned: Condvar,
    exports: Exports,
    last_checkpoint_us: AtomicU64,
    rss_recycled: AtomicU64,
}

impl SledEngine {
    pub(super) fn open(vfs: &Arc<dyn Vfs>, path: &Path, tables: &'static [TableInfo]) -> Result<Self> {
        retries::listen();
        let (owner, holds) = open::verified(path)?;
        let readers = readers_of(&owner);
        let mut tables: Vec<TableId> = tables.iter().map(|table| table.id).collect();
        tables.sort_unstable();
        let engine = SledEngine {
            vfs: Arc::clone(vfs),
            path: path.to_path_buf(),
            tables,
            gate: RwLock::default(),
            owner: Mutex::new(Some(owner)),
            readers: Mutex::new(readers),
            returned: Condvar::new(),
            exports: Exports::default(),
            last_checkpoint_us: AtomicU64::new(0),
            rss_recycled: AtomicU64::new(0),
        };
        if holds.is_none() {
            // Its own files are not all synced when it makes them; without this it may never open again.
            engine.with_owner("begin", |db| {
                db.insert(APPLIED, Held::default().encode())?;
                db.flush().map(drop)
            })?;
            sync_all(path).map_err(|error| Error::io("sync engine.sled", error))?;
            let parent = path.parent().unwrap_or(Path::new("."));
            File::open(parent).and_then(|dir| dir.sync_all()).map_err(|error| Error::io("sync engine.sled", error))?;
        }
        Ok(engine)
    }

    fn shared(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.gate.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Db>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_owner<T>(&self, what: &str, run: impl FnOnce(&Db) -> io::Result<T>) -> Result<T> {
        let owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(db) = owner.as_ref() else { return Err(Error::Unavailable) };
        guarded(what, || run(db))
    }

    /// Drops every handle and opens them again: the only way to get sled's memory back.
    fn recycle(&self) -> Result<()> {
        let alone = self.alone();
        let readers = std::mem::take(&mut *self.readers());
        let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        let before = owner.take();
        open::close(readers.into_iter().chain(before).collect());
        let new = open::handle(&self.path)?;
        *self.readers() = readers_of(&new);
        *owner = Some(new);
        drop(alone);
        Ok(())
    }
}

fn readers_of(owner: &Db) -> Vec<Db> {
    (0..limits::SLED_READERS).map(|_| owner.clone()).collect()
}

/// Calls sled and turns its panics and its own corruption errors into `Corrupt`.
fn guarded<T>(what: &str, run: impl FnOnce() -> io::Result<T>) -> Result<T> {
    super::guarded("engine.sled", what, || {
        retries::bounded(run).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => {
                Error::corrupt("engine.sled", what, error.to_string())
            }
            _ => Error::io(format!("{what} engine.sled"), error),
        })
    })
}

fn held(db: &Db) -> io::Result<Option<Held>> {
    let Some(bytes) = db.get(APPLIED)? else { return Ok(None) };
    let held = Held::decode(&bytes);
    held.map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the row of what it holds is damaged"))
}

fn sync_all(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            sync_all(&path)?;
        } else {
            File::open(&path)?.sync_all()?;
        }
    }
    File::open(dir)?.sync_all()
}

fn disk_bytes(dir: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // A file of sled's own may go between listing and looking.
        let Ok(data) = entry.metadata() else { continue };
        sum += if data.is_dir() { disk_bytes(&entry.path())? } else { data.len() };
    }
    Ok(sum)
}

/// Resident bytes of this process; `None` where the system does not say.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn prefixed(table: TableId, key: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 + key.len());
    out.extend_from_slice(&table.0.to_be_bytes());
    out.extend_from_slice(key);
    out
}

impl Engine for SledEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Sled
    }

    fn apply(&self, lsn: Lsn, operations: &mut dyn Iterator<Item = &Operation>) -> Result<()> {
        // The last value of each key counts.
        let mut last: BTreeMap<Vec<u8>, Option<&Bytes>> = BTreeMap::new();
        for operation in operations {
            last.insert(prefixed(operation.table, &operation.key), operation.value.as_ref());
        }
        let mut applying = self.exports.applying();
        let alone = self.alone();
        let applied = self.with_owner("write", |db| {
            let mut now = held(db)?.unwrap_or_default();
            let mut batch = sled::Batch::default();
            for (key, value) in last {
                let before = db.get(&key)?;
                if let Some(before) = &before {
                    now.subtract(key.split_at(2).into(), before);
                }
                let table = TableId(u16::from_be_bytes([key[0], key[1]]));
                applying.change(table, &key[2..], before.as_deref(), value.map(|value| &value[..]));
                match value {
                    Some(value) => {
                        now.add(key.split_at(2).into(), value);
                        batch.insert(key, &value[..]);
                    }
                    None => batch.remove(key),
                }
            }
            now.lsn = lsn;
            batch.insert(APPLIED, now.encode());
            db.apply_batch(batch)
        });
        drop((alone, applying));
        applied
    }

    fn reader(&self) -> Result<Box<dyn Snapshot + '_>> {
        let gate = self.shared();
        let mut readers = self.readers();
        let db = loop {
            match readers.pop() {
                Some(db) => break db,
                None => readers = self.returned.wait(readers).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(readers);
        let mut snapshot = SledSnapshot { engine: self, db: Some(db), applied: Lsn(0), _gate: gate };
        snapshot.applied = snapshot.ask("read", held)?.unwrap_or_default().lsn;
        Ok(Box::new(snapshot))
    }

    fn checkpoint(&self) -> Result<Lsn> {
        let start = Instant::now();
        // Nobody else applies: this thread is the one that does.
        let applied = self.with_owner("checkpoint", |db| {
            let applied = held(db)?.unwrap_or_default().lsn;
            db.flush()?;
            Ok(applied)
        })?;
        sync_all_dirs(&self.path).map_err(|error| Error::io("sync engine.sled", error))?;
        let took = start.elapsed();
        self.vfs.note_sync(&self.path, took);
        self.last_checkpoint_us.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        let resident = resident_bytes().unwrap_or(0);
        let due = resident > limits::SLED_RSS_MAX
            && resident > self.rss_recycled.load(Ordering::Relaxed).saturating_add(RSS_STEP);
        if due {
            tracing::info!(resident, "sled's handles are opened again to get memory back");
            self.recycle()?;
            self.rss_recycled.store(resident_bytes().unwrap_or(resident), Ordering::Relaxed);
        }
        Ok(applied)
    }

    fn rest(&self) -> Duration {
        Duration::from_micros(self.last_checkpoint_us.load(Ordering::Relaxed)) * limits::SLED_CHECKPOINT_REST
    }

    fn verify(&self) -> Result<()> {
        self.exports.verify(self, self.tables.iter().copied())
    }

    fn export(&self, sink: Sink<'_>) -> Result<Exported> {
        self.exports.export(self, self.tables.iter().copied(), sink)
    }

    fn stats(&self) -> Result<EngineStats> {
        let held = self.with_owner("read", held)?.unwrap_or_default();
        let disk_bytes = disk_bytes(&self.path).map_err(|error| Error::io("size of engine.sled", error))?;
        let last_checkpoint = Duration::from_micros(self.last_checkpoint_us.load(Ordering::Relaxed));
        Ok(EngineStats { disk_bytes, live_bytes: held.bytes, rows: held.rows, applied: held.lsn, last_checkpoint })
    }
}

impl Drop for SledEngine {
    fn drop(&mut self) {
        let readers = std::mem::take(&mut *self.readers());
        let owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner).take();
        open::close(readers.into_iter().chain(owner).collect());
    }
}

fn sync_all_dirs(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            sync_all_dirs(&path)?;
        }
    }
    File::open(dir)?.sync_all()
}

struct SledSnapshot<'a> {
    engine: &'a SledEngine,
    db: Option<Db>,
    applied: Lsn,
    _gate: RwLockReadGuard<'a, ()>,
}

impl Drop for SledSnapshot<'_> {
    fn drop(&mut self) {
        if let Some(db) = self.db.take() {
            self.engine.readers().push(db);
            self.engine.returned.notify_one();
        }
    }
}

impl SledSnapshot<'_> {
    fn ask<T>(&self, what: &str, run: impl FnOnce(&Db) -> io::Result<T>) -> Result<T> {
        let Some(db) = &self.db else { return Err(Error::Unavailable) };
        guarded(what, || run(db))
    }
}

impl Snapshot for SledSnapshot<'_> {
    fn applied(&self) -> Lsn {
        self.applied
    }

    fn rows_and_sum(&self) -> Result<(u64, u64)> {
        let held = self.ask("read", held)?.unwrap_or_default();
        Ok((held.rows, held.sum))
    }

    fn rows_of(&self, _: TableId) -> Result<Option<u64>> {
        Ok(None)
    }

    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        self.ask("read", |db| Ok(db.get(prefixed(table, key))?.map(|value| Bytes::copy_from_slice(&value))))
    }

    fn scan(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        if range.until.as_deref().is_some_and(|until| until <= &range.from[..]) {
            return Ok(());
        }
        let lower = prefixed(table, &range.from);
        let upper = match &range.until {
            Some(until) => prefixed(table, until),
            None => (table.0 + 1).to_be_bytes().to_vec(),
        };
        let bounds: (Bound<Vec<u8>>, Bound<Vec<u8>>) = (Bound::Included(lower), Bound::Excluded(upper));
        let mut rows = self.ask("scan", |db| Ok(db.range(bounds)))?;
        loop {
            let row = guarded("scan", || {
                match direction {
                    Direction::Ascending => rows.next(),
                    Direction::Descending => rows.next_back(),
                }
                .transpose()
            })?;
            let Some((key, value)) = row else { return Ok(()) };
            if visit(&key[2..], &value)?.is_break() {
                return Ok(());
            }
        }
    }
}
