//! Reading all of an engine while `apply` goes on: the rows come in parts, each from a state of its own, and what is
//! applied between two parts to rows already passed is counted, so that the sum still tells a damaged row.
//!
//! One state for the whole of it would cost more: sled has none, and redb does not use pages again that were freed
//! behind a state somebody reads, so that its file grows and its commits take longer.

use super::{Engine, Exported, Row, Sink, Snapshot, held::Held};
use crate::{
    error::{Error, Result},
    id::Lsn,
    limits,
    table::{Direction, KeyRange, TableId, hex},
};
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The exports of an engine that are running.
#[derive(Default)]
pub(super) struct Exports(Mutex<Running>);

#[derive(Default)]
struct Running {
    next: u64,
    passed: BTreeMap<u64, Passed>,
}

/// How far an export has come, and what happened behind its back.
#[derive(Default)]
struct Passed {
    /// Every row up to this key of this table was read; `None` for the key: the whole table. Tables before it, too.
    upto: Option<(TableId, Option<Vec<u8>>)>,
    /// What `apply` has since done to them.
    since: Held,
}

impl Passed {
    fn holds(&self, table: TableId, key: &[u8]) -> bool {
        self.upto.as_ref().is_some_and(|(last, upto)| {
            table < *last || (table == *last && upto.as_deref().is_none_or(|upto| key <= upto))
        })
    }
}

/// Held by `apply` from before it begins until readers see its rows: no part is read meanwhile.
pub(super) struct Applying<'a>(MutexGuard<'a, Running>);

impl Applying<'_> {
    /// A row is replaced, which an export may have passed.
    pub(super) fn change(&mut self, table: TableId, key: &[u8], before: Option<&[u8]>, value: Option<&[u8]>) {
        for passed in self.0.passed.values_mut().filter(|passed| passed.holds(table, key)) {
            let number = table.0.to_be_bytes();
            if let Some(before) = before {
                passed.since.subtract([&number, key], before);
            }
            if let Some(value) = value {
                passed.since.add([&number, key], value);
            }
        }
    }
}

/// How each row is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As it stands behind the one before it.
    InOrder,
    /// By its key as well, in the same state.
    ByKeyToo,
}

/// Ends the count, whatever becomes of the export.
struct End<'a>(&'a Exports, u64);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.running().passed.remove(&self.1);
    }
}

/// One part: its rows, the LSN it was read at, and whether the table goes on behind it.
struct Part {
    rows: Vec<Row>,
    lsn: Lsn,
    more: bool,
}

impl Exports {
    /// Whoever applies takes this first, before any lock of the engine's own.
    pub(super) fn applying(&self) -> Applying<'_> {
        Applying(self.running())
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As `Engine::export`; `tables` in rising order.
    ///
    /// # Errors
    /// As `Engine::export`.
    pub(super) fn export(
        &self,
        engine: &dyn Engine,
        tables: impl Iterator<Item = TableId>,
        sink: Sink<'_>,
    ) -> Result<Exported> {
        self.read_out(engine, tables, Reading::InOrder, sink)
    }

    /// As `Engine::verify`; `tables` in rising order.
    ///
    /// # Errors
    /// As `Engine::verify`.
    pub(super) fn verify(&self, engine: &dyn Engine, tables: impl Iterator<Item = TableId>) -> Result<()> {
        self.read_out(engine, tables, Reading::ByKeyToo, &mut |_, _, _| Ok(())).map(drop)
    }

    fn read_out(
        &self,
        engine: &dyn Engine,
        tables: impl Iterator<Item = TableId>,
        reading: Reading,
        sink: Sink<'_>,
    ) -> Result<Exported> {
        let end = {
            let mut running = self.running();
            running.next += 1;
            let number = running.next;
            running.passed.insert(number, Passed::default());
            End(self, number)
        };
        let mut found = Held::default();
        let mut first = None;
        for table in tables {
            let mut range = KeyRange::all();
            loop {
                let part = self.part(engine, end.1, (table, &range), reading)?;
                first.get_or_insert(part.lsn);
                for (table, key, value) in &part.rows {
                    found.add([&table.0.to_be_bytes(), key], value);
                    sink(*table, key, value)?;
                }
                let Some((_, last, _)) = part.rows.last().filter(|_| part.more) else { break };
                // The smallest key above the last one.
                range.from = [&last[..], &[0]].concat();
            }
        }
        self.compare(engine, end.1, found, first)
    }

    /// Reads a part; `apply` is kept out until the place it ends at is noted.
    fn part(
        &self,
        engine: &dyn Engine,
        number: u64,
        (table, range): (TableId, &KeyRange),
        reading: Reading,
    ) -> Result<Part> {
        let mut running = self.running();
        let snapshot = engine.reader()?;
        let mut part = Part { rows: Vec::new(), lsn: snapshot.applied(), more: false };
        let mut bytes = 0;
        snapshot.scan(table, range, Direction::Ascending, &mut |key, value| {
            // Damage may lead back to where this was, for ever.
            let goes_on = part.rows.last().map_or(key >= &range.from[..], |(_, last, _)| key > &last[..]);
            if !goes_on {
                let place = super::place(engine.kind());
                return Err(Error::corrupt(place, hex(key), "its rows do not stand in their order"));
            }
            bytes += key.len() + value.len();
            part.rows.push((table, key.to_vec(), value.to_vec()));
            part.more = part.rows.len() >= limits::EXPORT_PART_ROWS || bytes >= limits::EXPORT_PART_BYTES;
            Ok(if part.more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if let Some(passed) = running.passed.get_mut(&number) {
            passed.upto = Some((table, part.rows.last().filter(|_| part.more).map(|(_, last, _)| last.clone())));
        }
        if reading == Reading::ByKeyToo {
            // The state stays what it is, whatever is applied.
            drop(running);
            look_up(super::place(engine.kind()), snapshot.as_ref(), &part.rows)?;
        }
        Ok(part)
    }

    fn compare(&self, engine: &dyn Engine, number: u64, found: Held, first: Option<Lsn>) -> Result<Exported> {
        // Nothing is applied while this is held: both figures are of one state.
        let mut running = self.running();
        let bytes = engine.stats()?.live_bytes;
        let snapshot = engine.reader()?;
        let (upto, (rows, sum)) = (snapshot.applied(), snapshot.rows_and_sum()?);
        let since = running.passed.remove(&number).unwrap_or_default().since;
        let lsn = first.unwrap_or(upto);
        let bytes = bytes.zip(since.bytes).map(|(noted, since)| noted.wrapping_sub(since));
        let expected = Held { lsn, rows: rows.wrapping_sub(since.rows), sum: sum.wrapping_sub(since.sum), bytes };
        expected.compare(Held { lsn, ..found }, super::place(engine.kind()))?;
        Ok(Exported { lsn, upto })
    }
}

/// A scan may miss no row where pages that only lead to rows are damaged; a look-up goes through these.
///
/// # Errors
/// `Corrupt` for a row that a look-up does not find; those of the engine.
fn look_up(place: &str, snapshot: &dyn Snapshot, rows: &[Row]) -> Result<()> {
    for (table, key, value) in rows {
        let found = snapshot.get(*table, key)?;
        if found.as_deref() != Some(&value[..]) {
            let why = format!("its pages lead elsewhere: a look-up does not find this row of table {}", table.0);
            return Err(Error::corrupt(place, hex(key), why));
        }
    }
    Ok(())
}
