//! redb, the default engine: one table for each of the catalogue, through `vfs` so that tests can cut its power.
//!
//! Groups are committed without durability; a checkpoint commits durably with quick repair, without which opening
//! after a crash walks the whole file (measured: 5.5 s at 2.7 million statuses).
//!
//! Between two commits all readers share one state with the tables that any of them has opened: finding a table costs more
//! than a row of it, and most views and rules read a row or two of many tables.

use super::{Engine, EngineKind, EngineStats, Exported, Sink, Snapshot, export::Exports, held::Held};
use crate::{
    catalogue::TableInfo,
    error::{Error, Result},
    id::Lsn,
    limits,
    log::Operation,
    table::{Direction, KeyRange, TableId, Visit, hex},
    vfs::{OpenMode, Vfs, VfsFile},
};
use bytes::Bytes;
use redb::{
    Builder, Database, Durability, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable,
    ReadableTableMetadata, StorageBackend, StorageError, TableDefinition, TableError, WriteTransaction,
};
use std::{
    io,
    mem::ManuallyDrop,
    ops::Bound,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
type Opened = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// What the tables hold and up to which LSN; a name no catalogue entry may take.
const HELD: TableDefinition<'static, (), &'static [u8]> = TableDefinition::new(" held");

pub(super) struct RedbEngine {
    /// `None` only while it is dropped.
    database: Option<Database>,
    file: Arc<dyn VfsFile>,
    tables: Arc<Tables>,
    latest: Mutex<Latest>,
    exports: Exports,
    last_checkpoint: Mutex<Duration>,
}

/// What readers see until something else is written.
#[derive(Default)]
struct Latest {
    /// Changes before and after each commit: a state that was begun before may not be kept behind it.
    turn: u64,
    state: Option<Arc<State>>,
}

/// A state of the database.
struct State {
    held: Held,
    /// By table number. Before the transaction, so that tables go first.
    opened: Vec<OnceLock<Box<Opened>>>,
    transaction: ReadTransaction,
}

/// What the engine and its snapshots share.
struct Tables {
    /// By table number.
    definitions: Vec<Option<Definition>>,
    /// Damage was seen: nothing is written any more, not even on closing.
    damaged: AtomicBool,
}

impl Tables {
    /// Calls redb and notes what it finds damaged.
    fn guarded<T>(&self, what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
        self.noted(guarded(what, run))
    }

    fn noted<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.inspect_err(|error| {
            if matches!(error, Error::Corrupt { .. }) {
                self.damaged.store(true, Ordering::Release);
            }
        })
    }

    /// All tables in rising order.
    fn numbers(&self) -> impl Iterator<Item = TableId> {
        self.definitions.iter().zip(0..).filter_map(|(table, number)| table.map(|_| TableId(number)))
    }

    fn find(&self, table: TableId) -> Result<Definition> {
        let found = self.definitions.get(usize::from(table.0)).copied().flatten();
        found.ok_or_else(|| Error::corrupt("catalogue", table.0.to_string(), "no such table in this program"))
    }
}

impl RedbEngine {
    pub(super) fn open(vfs: &Arc<dyn Vfs>, path: &Path, tables: &'static [TableInfo]) -> Result<Self> {
        let io = |error| Error::io("open engine.redb", error);
        let existed = vfs.exists(path).map_err(io)?;
        let file = vfs.open(path, OpenMode::OrCreate).map_err(io)?;
        let database = guarded("open", || {
            let mut builder = Builder::new();
            let database = builder.set_cache_size(limits::REDB_CACHE_BYTES).create_with_backend(Backend(file.clone()));
            database.map_err(|error| engine_error("open", error.into()))
        })?;
        let highest = tables.iter().map(|table| usize::from(table.id.0)).max().unwrap_or(0);
        let mut definitions = vec![None; highest + 1];
        for table in tables {
            definitions[usize::from(table.id.0)] = Some(TableDefinition::new(table.name));
        }
        let engine = RedbEngine {
            database: Some(database),
            file,
            tables: Arc::new(Tables { definitions, damaged: AtomicBool::new(false) }),
            latest: Mutex::default(),
            exports: Exports::default(),
            last_checkpoint: Mutex::default(),
        };
        engine.tables.guarded("open", || engine.make_tables())?;
        if !existed {
            vfs.sync_dir(path.parent().unwrap_or(Path::new("."))).map_err(io)?;
        }
        Ok(engine)
    }

    fn database(&self) -> Result<&Database> {
        self.database.as_ref().ok_or(Error::Unavailable)
    }

    /// Makes the tables that are missing, so that readers find each.
    fn make_tables(&self) -> Result<()> {
        let reader = self.database()?.begin_read().map_err(|error| engine_error("read", error.into()))?;
        let missing = |definition: &Definition| match reader.open_table(*definition) {
            Ok(_) => Ok(false),
            Err(TableError::TableDoesNotExist(_)) => Ok(true),
            Err(error) => Err(engine_error("open a table", error.into())),
        };
        let mut wanted = Vec::new();
        for definition in self.tables.definitions.iter().flatten() {
            if missing(definition)? {
                wanted.push(*definition);
            }
        }
        let held = reader.open_table(HELD).is_ok();
        drop(reader);
        if wanted.is_empty() && held {
            return Ok(());
        }
        self.commit(Durability::None, |transaction| {
            for definition in wanted {
                transaction.open_table(definition)?;
            }
            let mut held = transaction.open_table(HELD)?;
            if held.get(())?.is_none() {
                held.insert((), &Held::default().encode()[..])?;
            }
            Ok(())
        })
    }

    fn commit(
        &self,
        durability: Durability,
        write: impl FnOnce(&WriteTransaction) -> Result<(), Failed>,
    ) -> Result<()> {
        let database = self.database()?;
        // Nothing that is freed behind a state is used again while that is kept.
        self.forget_latest();
        let run = || -> Result<(), Failed> {
            // Rolling back after a panic meets what the panic left and panics again, which would end the process: then
            // it is left as it is, and nothing is written to this file any more.
            let mut transaction = ManuallyDrop::new(database.begin_write()?);
            let written = (|| {
                transaction.set_durability(durability)?;
                transaction.set_quick_repair(matches!(durability, Durability::Immediate));
                write(&transaction)
            })();
            let transaction = ManuallyDrop::into_inner(transaction);
            written?;
            transaction.commit()?;
            Ok(())
        };
        let outcome = self.tables.guarded("write", || run().map_err(|error| engine_error("write", *error.0)));
        self.forget_latest();
        outcome
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever reads from now on sees another state.
    fn forget_latest(&self) {
        let mut latest = self.latest();
        latest.turn += 1;
        let before = latest.state.take();
        drop(latest);
        drop(before);
    }

    fn snapshot(&self) -> Result<RedbSnapshot> {
        let latest = self.latest();
        let (turn, known) = (latest.turn, latest.state.clone());
        drop(latest);
        let state = match known {
            Some(state) => state,
            None => self.keep(turn, Arc::new(self.state()?)),
        };
        Ok(RedbSnapshot { state, tables: self.tables.clone() })
    }

    /// Others read this state, too, unless something was written since `turn`.
    fn keep(&self, turn: u64, state: Arc<State>) -> Arc<State> {
        let mut latest = self.latest();
        if latest.turn == turn {
            latest.state = Some(state.clone());
        }
        state
    }

    fn state(&self) -> Result<State> {
        let transaction = self.database()?.begin_read().map_err(|error| engine_error("read", error.into()))?;
        let held = transaction
            .open_table(HELD)
            .map_err(|error| engine_error("read", error.into()))?
            .get(())
            .map_err(|error| engine_error("read", error.into()))?
            .map_or(Some(Held::default()), |value| Held::decode(value.value()));
        let held = held.ok_or_else(|| Error::corrupt("engine.redb", "read", "what it holds cannot be read"))?;
        let opened = self.tables.definitions.iter().map(|_| OnceLock::new()).collect();
        Ok(State { held, opened, transaction })
    }
}

impl Drop for RedbEngine {
    fn drop(&mut self) {
        self.forget_latest();
        let database = self.database.take();
        if self.tables.damaged.load(Ordering::Acquire) {
            tracing::warn!(
                "a damaged redb is left unclosed; its memory and its room on the disk are given back at the next start"
            );
            return std::mem::forget(database);
        }
        // It writes while it closes, and panics, even twice, if what it finds is damaged.
        if let Err(error) = guarded("close", || {
            drop(database);
            Ok(())
        }) {
            tracing::warn!(%error, "redb was closed in trouble");
        }
    }
}

/// Calls redb; it panics on some damaged pages.
fn guarded<T>(what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    super::guarded("engine.redb", what, run)
}

/// Any of redb's errors, so that `?` takes each.
struct Failed(Box<redb::Error>);

macro_rules! failures {
    ($($kind:ident),*) => {$(
        impl From<redb::$kind> for Failed {
            fn from(error: redb::$kind) -> Self { Failed(Box::new(error.into())) }
        }
    )*};
}
failures!(TableError, StorageError, TransactionError, CommitError, SetDurabilityError);

impl Engine for RedbEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Redb
    }

    fn apply(&self, lsn: Lsn, operations: &mut dyn Iterator<Item = &Operation>) -> Result<()> {
        let mut operations: Vec<&Operation> = operations.collect();
        for operation in &operations {
            self.tables.find(operation.table)?;
        }
        // Opening a table costs more than a row, and rows in their order meet the same page again: all of a table's
        // operations together by key, those of one key in their own order, of which the last one counts.
        operations.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        let mut applying = self.exports.applying();
        let mut now = self.tables.guarded("read", || self.snapshot())?.state.held;
        now.lsn = lsn;
        self.commit(Durability::None, |transaction| {
            for chunk in operations.chunk_by(|a, b| a.table == b.table) {
                let Ok(definition) = self.tables.find(chunk[0].table) else { continue };
                let mut table = transaction.open_table(definition)?;
                let number = chunk[0].table.0.to_be_bytes();
                for operation in chunk.chunk_by(|a, b| a.key == b.key).filter_map(<[_]>::last) {
                    let key = [&number[..], &operation.key[..]];
                    let before = match &operation.value {
                        Some(value) => {
                            now.add(key, value);
                            table.insert(&operation.key[..], &value[..])?
                        }
                        None => table.remove(&operation.key[..])?,
                    };
                    let before = before.as_ref().map(|before| before.value());
                    if let Some(before) = before {
                        now.subtract(key, before);
                    }
                    applying.change(operation.table, &operation.key, before, operation.value.as_deref());
                }
            }
            transaction.open_table(HELD)?.insert((), &now.encode()[..])?;
            Ok(())
        })
    }

    fn reader(&self) -> Result<Box<dyn Snapshot + '_>> {
        Ok(Box::new(self.tables.guarded("read", || self.snapshot())?))
    }

    fn checkpoint(&self) -> Result<Lsn> {
        let start = Instant::now();
        let held = self.tables.guarded("read", || self.snapshot())?.state.held;
        self.commit(Durability::Immediate, |transaction| {
            transaction.open_table(HELD)?.insert((), &held.encode()[..])?;
            Ok(())
        })?;
        *self.last_checkpoint.lock().unwrap_or_else(PoisonError::into_inner) = start.elapsed();
        Ok(held.lsn)
    }

    fn distrust(&self) {
        self.tables.damaged.store(true, Ordering::Release);
    }

    fn verify(&self) -> Result<()> {
        self.tables.noted(self.exports.verify(self, self.tables.numbers()))
    }

    fn export(&self, sink: Sink<'_>) -> Result<Exported> {
        let numbers = self.tables.numbers();
        let mut by_sink = false;
        let exported = self
            .exports
            .export(self, numbers, &mut |table, key, value| sink(table, key, value).inspect_err(|_| by_sink = true));
        if by_sink { exported } else { self.tables.noted(exported) }
    }

    fn stats(&self) -> Result<EngineStats> {
        let disk_bytes = self.file.size().map_err(|error| Error::io("size of engine.redb", error))?;
        let last_checkpoint = *self.last_checkpoint.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.tables.guarded("read", || self.snapshot())?.state.held;
        Ok(EngineStats { disk_bytes, live_bytes: held.bytes, rows: held.rows, applied: held.lsn, last_checkpoint })
    }
}

struct RedbSnapshot {
    state: Arc<State>,
    tables: Arc<Tables>,
}

impl RedbSnapshot {
    fn table(&self, table: TableId) -> Result<&Opened> {
        let definition = self.tables.find(table)?;
        let place = &self.state.opened[usize::from(table.0)];
        if let Some(opened) = place.get() {
            return Ok(opened);
        }
        let opened = self.tables.guarded("read", || {
            self.state.transaction.open_table(definition).map_err(|error| engine_error("read", error.into()))
        })?;
        // Another reader may have been faster.
        Ok(place.get_or_init(|| Box::new(opened)))
    }
}

impl Snapshot for RedbSnapshot {
    fn applied(&self) -> Lsn {
        self.state.held.lsn
    }

    fn rows_and_sum(&self) -> Result<(u64, u64)> {
        Ok((self.state.held.rows, self.state.held.sum))
    }

    fn rows_of(&self, table: TableId) -> Result<Option<u64>> {
        let opened = self.table(table)?;
        self.tables.guarded("read", || opened.len().map(Some).map_err(|error| row_error(table, &[], error)))
    }

    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        let opened = self.table(table)?;
        self.tables.guarded("read", || {
            let found = opened.get(key).map_err(|error| row_error(table, key, error))?;
            Ok(found.map(|value| Bytes::copy_from_slice(value.value())))
        })
    }

    fn scan(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        let upper = range.until.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        if range.until.as_deref().is_some_and(|until| until <= &range.from[..]) {
            return Ok(());
        }
        let bounds = (Bound::Included(&range.from[..]), upper);
        let opened = self.table(table)?;
        let mut rows = self
            .tables
            .guarded("scan", || opened.range::<&[u8]>(bounds).map_err(|error| row_error(table, &range.from, error)))?;
        // Pages that rot may lead back to where one was: rows that do not go on are the only sign of it.
        let mut last: Option<Vec<u8>> = None;
        loop {
            let row = self.tables.guarded("scan", || {
                let row = match direction {
                    Direction::Ascending => rows.next(),
                    Direction::Descending => rows.next_back(),
                };
                row.transpose().map_err(|error| row_error(table, &range.from, error))
            })?;
            let Some((key, value)) = row else { return Ok(()) };
            let (key, value) = self.tables.guarded("scan", || Ok((key.value(), value.value())))?;
            let goes_on = last.as_deref().is_none_or(|last| match direction {
                Direction::Ascending => key > last,
                Direction::Descending => key < last,
            });
            if !goes_on {
                let place = format!("engine.redb table {}", table.0);
                return Err(Error::corrupt(place, hex(key), "its rows do not stand in their order"));
            }
            let known = last.get_or_insert_default();
            known.clear();
            known.extend_from_slice(key);
            if visit(key, value)?.is_break() {
                return Ok(());
            }
        }
    }
}

fn row_error(table: TableId, key: &[u8], error: StorageError) -> Error {
    match engine_error("read", error.into()) {
        Error::Corrupt { why, .. } => Error::corrupt(format!("engine.redb table {}", table.0), hex(key), why),
        other => other,
    }
}

fn engine_error(what: &str, error: redb::Error) -> Error {
    match error {
        redb::Error::Io(error) => Error::io(format!("{what} engine.redb"), error),
        redb::Error::PreviousIo => {
            Error::io(format!("{what} engine.redb"), io::Error::other("the engine stopped after an earlier failure"))
        }
        other => Error::corrupt("engine.redb", what, other.to_string()),
    }
}

/// redb's file on our disk.
#[derive(Debug)]
struct Backend(Arc<dyn VfsFile>);

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.0.read_at(offset, out)? < out.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write_at(offset, data)
    }
}
