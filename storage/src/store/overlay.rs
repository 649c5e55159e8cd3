//! The overlay: what is executed and not yet in the engine, several versions a key, each with its LSN.
//!
//! Readers see versions above what their engine state holds and up to what is durable. An entry goes only when the
//! engine holds it and no reader is left whose engine state is older.

use crate::{
    id::Lsn,
    limits,
    log::{Operation, Transaction},
    table::{Direction, KeyRange, TableId},
};
use bytes::Bytes;
use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Versions visible to somebody: above what his engine state holds, up to his horizon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The engine state holds everything up to here.
    pub(super) above: Lsn,
    /// The horizon.
    pub(super) upto: Lsn,
}

/// A row of the overlay: the key, and the value or its absence.
pub(super) type Row = (Bytes, Option<Bytes>);

struct Version {
    lsn: Lsn,
    value: Option<Bytes>,
}

type Tables = BTreeMap<TableId, BTreeMap<Bytes, Vec<Version>>>;

#[derive(Default)]
pub(super) struct Overlay {
    tables: RwLock<Tables>,
    bytes: AtomicUsize,
    pins: Mutex<Pins>,
    held: Mutex<VecDeque<(Lsn, Arc<Transaction>)>>,
}

#[derive(Default)]
struct Pins {
    floor: Lsn,
    readers: BTreeMap<Lsn, usize>,
}

/// Keeps versions a reader may need; dropping lets them go.
pub(super) struct Pin<'a> {
    overlay: &'a Overlay,
    floor: Lsn,
}

impl Drop for Pin<'_> {
    fn drop(&mut self) {
        let mut pins = self.overlay.pins();
        if let Some(count) = pins.readers.get_mut(&self.floor) {
            *count -= 1;
            if *count == 0 {
                pins.readers.remove(&self.floor);
            }
        }
    }
}

impl Overlay {
    /// An overlay over an engine that holds everything up to `floor`.
    pub(super) fn new(floor: Lsn) -> Self {
        let overlay = Overlay::default();
        overlay.pins().floor = floor;
        overlay
    }

    fn pins(&self) -> MutexGuard<'_, Pins> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Acquire)
    }

    /// To be taken before an engine state: every version above that state stays until the pin goes.
    pub(super) fn pin(&self) -> Pin<'_> {
        let mut pins = self.pins();
        let floor = pins.floor;
        *pins.readers.entry(floor).or_default() += 1;
        Pin { overlay: self, floor }
    }

    pub(super) fn insert(&self, lsn: Lsn, transaction: &Arc<Transaction>) {
        let mut added = 0;
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for operation in &transaction.operations {
            added += cost(operation);
            let rows = tables.entry(operation.table).or_default();
            let versions = rows.entry(operation.key.clone()).or_default();
            versions.push(Version { lsn, value: operation.value.clone() });
        }
        drop(tables);
        self.bytes.fetch_add(added, Ordering::AcqRel);
        self.held.lock().unwrap_or_else(PoisonError::into_inner).push_back((lsn, transaction.clone()));
    }

    /// The value in the window, if any version is: `Some(None)` is a row removed.
    #[allow(clippy::option_option, reason = "not in the overlay, deleted there, or stored there: three answers")]
    pub(super) fn get(&self, table: TableId, key: &[u8], window: Window) -> Option<Option<Bytes>> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        newest(tables.get(&table)?.get(key)?, window).map(|version| version.value.clone())
    }

    /// As `get`, for many keys under one lock.
    #[allow(clippy::option_option, reason = "as for `get`")]
    pub(super) fn get_many(&self, table: TableId, keys: &[Vec<u8>], window: Window) -> Vec<Option<Option<Bytes>>> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let Some(rows) = tables.get(&table).filter(|rows| !rows.is_empty()) else { return vec![None; keys.len()] };
        let value = |key: &Vec<u8>| newest(rows.get(&key[..])?, window).map(|version| version.value.clone());
        keys.iter().map(value).collect()
    }

    /// At most `SCAN_CHUNK` rows of the range behind `after`, in order, and whether there may be more.
    pub(super) fn chunk(
        &self,
        table: TableId,
        range: &KeyRange,
        direction: Direction,
        after: Option<&Bytes>,
        window: Window,
    ) -> (VecDeque<Row>, bool) {
        let mut lower = Bound::Included(&range.from[..]);
        let mut upper = range.until.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        match (after, direction) {
            (Some(after), Direction::Ascending) => lower = Bound::Excluded(&after[..]),
            (Some(after), Direction::Descending) => upper = Bound::Excluded(&after[..]),
            (None, _) => {}
        }
        if empty(lower, upper) {
            return (VecDeque::new(), false);
        }
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let Some(rows) = tables.get(&table) else { return (VecDeque::new(), false) };
        let visible = |(key, versions): (&Bytes, &Vec<Version>)| {
            newest(versions, window).map(|version| (key.clone(), version.value.clone()))
        };
        let rows = rows.range::<[u8], _>((lower, upper));
        let rows: VecDeque<Row> = match direction {
            Direction::Ascending => rows.filter_map(visible).take(limits::SCAN_CHUNK).collect(),
            Direction::Descending => rows.rev().filter_map(visible).take(limits::SCAN_CHUNK).collect(),
        };
        let more = rows.len() == limits::SCAN_CHUNK;
        (rows, more)
    }

    /// Forgets what the engine holds up to `applied`, as far as no reader needs it.
    pub(super) fn release(&self, applied: Lsn) {
        let floor = {
            let mut pins = self.pins();
            let oldest = pins.readers.keys().next().copied().unwrap_or(applied);
            pins.floor = pins.floor.max(applied);
            oldest.min(pins.floor)
        };
        loop {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let count = held.iter().take(64).take_while(|(lsn, _)| *lsn <= floor).count();
            let gone: Vec<_> = held.drain(..count).collect();
            drop(held);
            if gone.is_empty() {
                return;
            }
            // In small steps: readers and the sequencer wait for this lock.
            self.forget(&gone, |version| version.lsn > floor);
        }
    }

    /// Forgets what will never be durable.
    pub(super) fn drop_above(&self, durable: Lsn) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let keep = held.partition_point(|(lsn, _)| *lsn <= durable);
        let gone: Vec<_> = held.drain(keep..).collect();
        drop(held);
        self.forget(&gone, |version| version.lsn <= durable);
    }

    fn forget(&self, gone: &[(Lsn, Arc<Transaction>)], keep: impl Fn(&Version) -> bool) {
        let mut freed = 0;
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for operation in gone.iter().flat_map(|(_, transaction)| &transaction.operations) {
            freed += cost(operation);
            let Some(rows) = tables.get_mut(&operation.table) else { continue };
            if let Some(versions) = rows.get_mut(&operation.key[..]) {
                versions.retain(&keep);
                if versions.is_empty() {
                    rows.remove(&operation.key[..]);
                }
            }
        }
        drop(tables);
        self.bytes.fetch_sub(freed, Ordering::AcqRel);
    }
}

fn newest(versions: &[Version], window: Window) -> Option<&Version> {
    versions.iter().rev().find(|version| version.lsn <= window.upto).filter(|version| version.lsn > window.above)
}

fn cost(operation: &Operation) -> usize {
    limits::OVERLAY_ENTRY_BYTES + operation.key.len() + operation.value.as_ref().map_or(0, Bytes::len)
}

/// Whether nothing lies between two bounds; `BTreeMap::range` panics on some of these.
pub(super) fn empty(lower: Bound<&[u8]>, upper: Bound<&[u8]>) -> bool {
    match (lower, upper) {
        (Bound::Included(from), Bound::Excluded(until)) => from >= until,
        (Bound::Excluded(from), Bound::Excluded(until)) => from >= until,
        _ => false,
    }
}
