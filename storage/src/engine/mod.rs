//! Lives here: the trait of engines and the two that are compiled in; only their files name their libraries.
//! May use: `vfs`, `table`, `error`, `id`, `limits`, the log's operations.
//! Must never name: the store, the log's files, entities.
//! Invariants: an engine is a view of the log; `apply` is all or nothing and stores its LSN with the rows.

mod export;
pub(crate) mod held;
mod redb;
mod sled;

use self::redb::RedbEngine;
use self::sled::SledEngine;

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
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

/// Which engine holds the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// redb, the default.
    Redb,
    /// sled 1.0 alpha, a rebuildable view.
    Sled,
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EngineKind::Redb => "redb",
            EngineKind::Sled => "sled",
        })
    }
}

impl FromStr for EngineKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "redb" => Ok(EngineKind::Redb),
            "sled" => Ok(EngineKind::Sled),
            other => Err(format!("{other} is no engine; there are redb and sled")),
        }
    }
}

/// Figures of an engine, for the health page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EngineStats {
    /// Bytes of its files.
    pub disk_bytes: u64,
    /// Bytes of keys and values, if they are counted.
    pub live_bytes: Option<u64>,
    /// Rows.
    pub rows: u64,
    /// The transaction it holds everything up to.
    pub applied: Lsn,
    /// How long its last checkpoint took.
    pub last_checkpoint: Duration,
}

/// What the rows of an export stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Everything up to here is in the rows.
    pub lsn: Lsn,
    /// Some of what came up to here is in the rows as well: replayed from `lsn` to here they are what the engine held.
    /// The same as `lsn` unless the engine was written to meanwhile.
    pub upto: Lsn,
}

/// What takes the rows of an export.
pub type Sink<'s> = &'s mut dyn FnMut(TableId, &[u8], &[u8]) -> Result<()>;

/// A row of any table: where, its key, its value.
pub type Row = (TableId, Vec<u8>, Vec<u8>);

/// Rows of all tables in order, for `import`.
pub type Rows<'r> = &'r mut dyn Iterator<Item = Result<Row>>;

/// A materialised view of the log. Written by one thread, read by many.
pub trait Engine: Send + Sync {
    /// Which one this is.
    fn kind(&self) -> EngineKind;

    /// Applies operations in order over all tables at once and stores `lsn` with them. Need not be durable yet.
    ///
    /// # Errors
    /// Any error: the engine is to be closed, opened again and the log replayed from its applied LSN.
    fn apply(&self, lsn: Lsn, operations: &mut dyn Iterator<Item = &Operation>) -> Result<()>;

    /// A consistent state to read from. Short-lived: it may hold up `apply`.
    ///
    /// # Errors
    /// As the engine says.
    fn reader(&self) -> Result<Box<dyn Snapshot + '_>>;

    /// Returns when everything applied survives a power cut.
    ///
    /// # Errors
    /// As `apply`.
    fn checkpoint(&self) -> Result<Lsn>;

    /// It cannot be relied on: nothing is written to its files any more, not even on closing. A library that meets
    /// damage while it closes may end the process.
    fn distrust(&self) {}

    /// How long to wait after a checkpoint before the next.
    fn rest(&self) -> Duration {
        Duration::ZERO
    }

    /// Reads everything once, compares it with what was noted when it was stored, and looks each row up by its key:
    /// damage in what leads to rows takes none away from who reads them in order.
    ///
    /// # Errors
    /// `Corrupt` for damage.
    fn verify(&self) -> Result<()>;

    /// Calls `sink` with every row of every table, in order of table and key, and answers what they stand for.
    /// `apply` goes on meanwhile. All rows are compared with what was noted when they were stored.
    ///
    /// # Errors
    /// As the engine or `sink` says; `Corrupt` if the rows are not those that were stored.
    fn export(&self, sink: Sink<'_>) -> Result<Exported>;

    /// Fills an empty engine, a bounded part at a time; its LSN stands only when all rows do.
    ///
    /// # Errors
    /// As the engine or the source says.
    fn import(&self, lsn: Lsn, rows: Rows<'_>) -> Result<()> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        for row in rows {
            let (table, key, value) = row?;
            bytes += key.len() + value.len();
            batch.push(Operation { table, key: key.into(), value: Some(value.into()) });
            if batch.len() >= limits::IMPORT_ROWS_MAX || bytes >= limits::IMPORT_BYTES_MAX {
                self.apply(Lsn(0), &mut batch.iter())?;
                batch.clear();
                bytes = 0;
            }
        }
        self.apply(lsn, &mut batch.iter())
    }

    /// Figures.
    ///
    /// # Errors
    /// As the engine says.
    fn stats(&self) -> Result<EngineStats>;
}

/// A consistent state of an engine.
pub trait Snapshot {
    /// The transaction this state holds everything up to.
    fn applied(&self) -> Lsn;

    /// All rows of all tables, and the sum over them in any order, as noted when this state was made.
    ///
    /// # Errors
    /// As the engine says.
    fn rows_and_sum(&self) -> Result<(u64, u64)>;

    /// Rows of a table; `None` from an engine that would have to count them.
    ///
    /// # Errors
    /// As the engine says.
    fn rows_of(&self, table: TableId) -> Result<Option<u64>>;

    /// The value under a key.
    ///
    /// # Errors
    /// As the engine says.
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>>;

    /// Calls `visit` with each row of the range in order until it breaks.
    ///
    /// # Errors
    /// As the engine or `visit` says.
    fn scan(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()>;
}

/// Calls a library that may panic on damaged files; a panic is damage.
fn guarded<T>(place: &str, what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Error::corrupt(place, what, format!("it panicked: {}", text.unwrap_or_default())))
    })
}

/// Where an engine keeps its files, below the store's directory.
#[must_use]
pub fn place(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Redb => "engine.redb",
        EngineKind::Sled => "engine.sled",
    }
}

/// Opens or makes an engine.
///
/// # Errors
/// As the engine says; `Corrupt` if its files are no good any more.
pub fn open(kind: EngineKind, vfs: &Arc<dyn Vfs>, dir: &Path, tables: &'static [TableInfo]) -> Result<Arc<dyn Engine>> {
    let path = dir.join(place(kind));
    match kind {
        EngineKind::Redb => Ok(Arc::new(RedbEngine::open(vfs, &path, tables)?)),
        EngineKind::Sled => Ok(Arc::new(SledEngine::open(vfs, &path, tables)?)),
    }
}

/// Removes an engine's files.
///
/// # Errors
/// As the disk says.
pub fn remove(kind: EngineKind, vfs: &dyn Vfs, dir: &Path) -> Result<()> {
    let path = dir.join(place(kind));
    let io = |error| Error::io(format!("remove {}", place(kind)), error);
    match kind {
        EngineKind::Redb => vfs.remove(&path).map_err(io)?,
        EngineKind::Sled => vfs.remove_dir(&path).map_err(io)?,
    }
    vfs.sync_dir(dir).map_err(io)
}
