//! Reading all of sled while `apply` goes on: it has no snapshots, so the rows come in parts, and what is applied
//! between two parts to rows already passed is counted, so that the sum still tells a damaged row.

use super::{SledEngine, prefixed};
use crate::{
    engine::{Engine, Exported, Row, Sink, held::Held},
    error::{Error, Result},
    id::Lsn,
    limits,
    table::{Direction, KeyRange, TableId},
};
use std::{
    ops::ControlFlow,
    sync::{Mutex, PoisonError},
};

/// How far an export has come, and what happened behind its back.
#[derive(Default)]
pub(super) struct Passed {
    /// The last key read, table first; empty before the first.
    key: Vec<u8>,
    /// What `apply` has since done to rows up to it.
    since: Held,
}

/// The export that is running, if one is.
pub(super) type Running = Mutex<Option<Passed>>;

impl Passed {
    /// `apply` replaces a row, which the export may have passed.
    pub(super) fn change(&mut self, key: &[u8], before: Option<&[u8]>, value: Option<&[u8]>) {
        if key > &self.key[..] {
            return;
        }
        if let Some(before) = before {
            self.since.subtract(key.split_at(2).into(), before);
        }
        if let Some(value) = value {
            self.since.add(key.split_at(2).into(), value);
        }
    }
}

/// Ends the count, whatever becomes of the export.
struct End<'a>(&'a Running);

impl Drop for End<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// One part: its rows, the LSN it was read at, and whether the table goes on behind it.
struct Part {
    rows: Vec<Row>,
    lsn: Lsn,
    more: bool,
}

impl SledEngine {
    /// # Errors
    /// As `Engine::export`, and `Unavailable` while another one runs.
    pub(super) fn export_in_parts(&self, sink: Sink<'_>) -> Result<Exported> {
        let begun = self.passed().replace(Passed::default());
        if begun.is_some() {
            *self.passed() = begun;
            return Err(Error::Unavailable);
        }
        let _end = End(&self.exporting);
        let mut found = Held::default();
        let mut first = None;
        for table in &self.tables {
            let mut range = KeyRange::all();
            loop {
                let part = self.part(*table, &range)?;
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
        self.compare(found, first.unwrap_or_default())
    }

    fn passed(&self) -> std::sync::MutexGuard<'_, Option<Passed>> {
        self.exporting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a part; `apply` is kept out until the place it ends at is noted.
    fn part(&self, table: TableId, range: &KeyRange) -> Result<Part> {
        let snapshot = self.reader()?;
        let mut part = Part { rows: Vec::new(), lsn: snapshot.applied(), more: false };
        let mut bytes = 0;
        snapshot.scan(table, range, Direction::Ascending, &mut |key, value| {
            bytes += key.len() + value.len();
            part.rows.push((table, key.to_vec(), value.to_vec()));
            part.more = part.rows.len() >= limits::SLED_EXPORT_ROWS || bytes >= limits::SLED_EXPORT_BYTES;
            Ok(if part.more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let key = match part.rows.last().filter(|_| part.more) {
            Some((_, last, _)) => prefixed(table, last),
            // Above every key of this table and below those of the next.
            None => [&prefixed(table, &[])[..], &[0xff; limits::KEY_MAX + 1]].concat(),
        };
        if let Some(passed) = &mut *self.passed() {
            passed.key = key;
        }
        drop(snapshot);
        Ok(part)
    }

    fn compare(&self, found: Held, lsn: Lsn) -> Result<Exported> {
        let gate = self.shared();
        let noted = self.with_owner("read", super::held)?.unwrap_or_default();
        let since = self.passed().take().unwrap_or_default().since;
        drop(gate);
        let bytes = noted.bytes.zip(since.bytes).map(|(noted, since)| noted.wrapping_sub(since));
        let (rows, sum) = (noted.rows.wrapping_sub(since.rows), noted.sum.wrapping_sub(since.sum));
        let expected = Held { lsn, rows, sum, bytes };
        expected.compare(Held { lsn, ..found }, "engine.sled")?;
        Ok(Exported { lsn, upto: noted.lsn })
    }
}
