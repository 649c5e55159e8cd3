//! When rows last changed, so that what was made of them can be kept in memory until one does.
//!
//! Every row has a place by the hash of its key, shared with others; a change of any of them counts for all, which costs
//! whoever kept something a needless look and is never wrong. Only tables that somebody asked for are written down.

use crate::{
    id::Lsn,
    limits,
    log::Operation,
    table::{KeyRange, Read, TableId, Visit},
};
use bytes::Bytes;
use foldhash::quality::FixedState;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    hash::{BuildHasher, Hash},
    sync::atomic::{AtomicU64, Ordering},
};

/// Bytes of a key that most scans have in common: an id in front.
const PREFIX: usize = 8;
/// In the place of the LSN from which on a table's changes are known, while that is found out.
const BEGINNING: u64 = u64::MAX;

/// What of a table a place stands for.
#[derive(Hash)]
enum Part<'a> {
    Whole,
    Prefix(&'a [u8]),
    Row(&'a [u8]),
}

/// The changes of one store.
pub(crate) struct Changes {
    /// The last transaction that changed a row of the place.
    places: Box<[AtomicU64]>,
    /// By table: its changes are known above this; 0: they are not.
    known: Box<[AtomicU64]>,
    /// The last transaction that was noted.
    latest: AtomicU64,
}

impl Changes {
    /// Of a store whose tables have numbers below `tables`, and that holds everything up to `upto`.
    pub(crate) fn new(tables: usize, upto: Lsn) -> Self {
        let noughts = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect();
        Changes { places: noughts(limits::CHANGE_PLACES), known: noughts(tables), latest: AtomicU64::new(upto.0) }
    }

    /// Notes what a transaction changes, before anybody sees it. Called by one thread, in the order of LSNs.
    pub(crate) fn note(&self, lsn: Lsn, operations: &[Operation]) {
        // Before the tables are looked at: whoever asks for one meanwhile begins behind this transaction.
        self.latest.store(lsn.0, Ordering::SeqCst);
        for operation in operations {
            let known = self.known.get(usize::from(operation.table.0));
            if known.is_none_or(|known| known.load(Ordering::SeqCst) == 0) {
                continue;
            }
            let key = &operation.key[..];
            for part in [Some(Part::Whole), key.get(..PREFIX).map(Part::Prefix), Some(Part::Row(key))] {
                if let Some(place) = part.and_then(|part| self.places.get(place_of(operation.table, &part) as usize)) {
                    place.store(lsn.0, Ordering::Release);
                }
            }
        }
    }

    /// From now on the changes of `table` are written down; above which LSN all of them are.
    fn known_above(&self, table: TableId) -> u64 {
        let Some(known) = self.known.get(usize::from(table.0)) else { return BEGINNING };
        match known.load(Ordering::SeqCst) {
            0 => {}
            above => return above,
        }
        if known.compare_exchange(0, BEGINNING, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            // A transaction noted before may have passed this table over; one noted from here on has not.
            known.store(self.latest.load(Ordering::SeqCst).max(1), Ordering::SeqCst);
        }
        known.load(Ordering::SeqCst)
    }
}

fn place_of(table: TableId, part: &Part<'_>) -> u32 {
    // Whoever finds keys that share a place makes others look in vain, no more, so no secret is in it.
    let hash = FixedState::default().hash_one((table.0, part));
    // The number of places fits; the lowest bits of a hash are as good as any.
    (hash % limits::CHANGE_PLACES as u64) as u32
}

/// What a view knows of changes: it shows everything up to its LSN.
#[derive(Clone, Copy)]
pub struct Horizon<'a> {
    changes: &'a Changes,
    lsn: Lsn,
    /// Whoever notes what is read now; what was kept counts as read.
    noting: Option<&'a Noting<'a>>,
}

impl<'a> Horizon<'a> {
    pub(crate) fn new(changes: &'a Changes, lsn: Lsn) -> Self {
        Horizon { changes, lsn, noting: None }
    }

    /// Whether what was made on `basis` would be made the same way now; if so, whoever notes reads of this view notes those
    /// rows too.
    #[must_use]
    pub fn holds(&self, basis: &Basis) -> bool {
        let unchanged = |place: &u32| {
            self.changes.places.get(*place as usize).is_some_and(|last| last.load(Ordering::Acquire) <= basis.lsn.0)
        };
        let holds = basis.lsn <= self.lsn && basis.places.iter().all(unchanged);
        if let (true, Some(noting)) = (holds, self.noting) {
            noting.places.borrow_mut().extend(basis.places.iter().copied());
        }
        holds
    }
}

/// The rows that something was made of, and the view's LSN.
#[derive(Debug, Clone)]
pub struct Basis {
    lsn: Lsn,
    places: Box<[u32]>,
}

impl Basis {
    /// How many places it names; four bytes each.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether no row was read at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// Reads through another, and notes what was read.
pub struct Noting<'a> {
    read: &'a dyn Read,
    horizon: Horizon<'a>,
    places: RefCell<BTreeSet<u32>>,
    /// Changes of every table read so far are known from the view's LSN on.
    known: Cell<bool>,
}

impl<'a> Noting<'a> {
    /// Notes what is read through it of `read`; `None` if nobody can tell when its rows change (a transaction).
    #[must_use]
    pub fn new(read: &'a dyn Read) -> Option<Self> {
        let horizon = read.horizon()?;
        Some(Noting { read, horizon, places: RefCell::default(), known: Cell::new(true) })
    }

    /// What was read so far; `None` if some of it may have changed without anybody's notice.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        let places = self.places.borrow().iter().copied().collect();
        self.known.get().then_some(Basis { lsn: self.horizon.lsn, places })
    }

    fn note(&self, table: TableId, part: &Part<'_>) {
        if self.horizon.changes.known_above(table) > self.horizon.lsn.0 {
            self.known.set(false);
        }
        self.places.borrow_mut().insert(place_of(table, part));
    }
}

impl Read for Noting<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> crate::Result<Option<Bytes>> {
        self.note(table, &Part::Row(key));
        self.read.get_bytes(table, key)
    }

    fn get_many_bytes(&self, table: TableId, keys: &[Vec<u8>]) -> crate::Result<Vec<Option<Bytes>>> {
        for key in keys {
            self.note(table, &Part::Row(key));
        }
        self.read.get_many_bytes(table, keys)
    }

    fn scan_bytes(
        &self,
        table: TableId,
        range: &KeyRange,
        direction: crate::table::Direction,
        visit: Visit<'_>,
    ) -> crate::Result<()> {
        self.note(table, &part_of(range));
        self.read.scan_bytes(table, range, direction, visit)
    }

    fn horizon(&self) -> Option<Horizon<'_>> {
        Some(Horizon { changes: self.horizon.changes, lsn: self.horizon.lsn, noting: Some(self) })
    }
}

/// What a range lies in: rows with one prefix, or all of the table.
fn part_of(range: &KeyRange) -> Part<'_> {
    let (Some(prefix), Some(until)) = (range.from.get(..PREFIX), &range.until) else { return Part::Whole };
    let inside = until.starts_with(prefix) || KeyRange::prefix(prefix).until.as_ref() == Some(until);
    if inside { Part::Prefix(prefix) } else { Part::Whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_behind_one_id_is_no_whole_table() {
        let id = 7_u64.to_be_bytes();
        let prefix = |range: &KeyRange| matches!(part_of(range), Part::Prefix(found) if found == id);
        assert!(prefix(&KeyRange::prefix(&id)));
        assert!(prefix(&KeyRange { from: [id, id].concat(), until: Some([id, [9; 8]].concat()) }));
        assert!(prefix(&KeyRange { from: [id, id].concat(), until: KeyRange::prefix(&id).until }));
        assert!(!prefix(&KeyRange { from: id.to_vec(), until: Some(9_u64.to_be_bytes().to_vec()) }));
        assert!(!prefix(&KeyRange { from: id.to_vec(), until: None }));
        assert!(matches!(part_of(&KeyRange::all()), Part::Whole));
        assert!(matches!(part_of(&KeyRange::prefix(&[1, 2])), Part::Whole));
    }

    #[test]
    fn a_table_is_known_only_above_what_was_noted_before_somebody_asked() {
        let changes = Changes::new(5, Lsn(3));
        let row = |key: &[u8]| Operation { table: TableId(4), key: Bytes::copy_from_slice(key), value: None };
        changes.note(Lsn(4), &[row(b"a")]);
        assert_eq!(changes.known_above(TableId(4)), 4);
        changes.note(Lsn(5), &[row(b"a")]);
        let last = |part: &Part<'_>| changes.places[place_of(TableId(4), part) as usize].load(Ordering::Acquire);
        assert_eq!((last(&Part::Row(b"a")), last(&Part::Whole), last(&Part::Row(b"b"))), (5, 5, 0));
        assert_eq!(changes.known_above(TableId(4)), 4);
        assert_eq!(changes.known_above(TableId(9)), BEGINNING, "no such table");
    }
}
