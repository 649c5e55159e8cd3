//! Walks all rows in small steps, each in one view, and mends what follows from other rows.

use super::{
    DESCRIPTIONS, Finding,
    describe::{Described, Flaw, Mend, Phase},
};
use crate::{
    catalogue::TableInfo,
    error::{Error, Result},
    id::Lsn,
    limits,
    store::Store,
    table::{Direction, KeyRange, Read, TableId, Visit, hex},
};
use bytes::Bytes;
use std::{cell::Cell, ops::ControlFlow};

/// A flaw with what found it and the row that it was found at.
#[derive(Clone)]
pub(super) struct Candidate {
    by: Option<&'static dyn Described>,
    at: TableId,
    row: Vec<u8>,
    flaw: Flaw,
}

impl Candidate {
    pub(super) fn finding(&self) -> Finding {
        Finding::new(format!("{} at {}", self.flaw.table, hex(&self.flaw.key)), &*self.flaw.what)
    }

    /// Rows that a rule would count again to mend it.
    pub(super) fn rows_to_count(&self) -> usize {
        match self.flaw.mend {
            Mend::Count { counted, .. } => usize::try_from(counted).unwrap_or(usize::MAX).min(limits::CHECK_RULE_ROWS),
            _ => 0,
        }
    }

    pub(super) fn can_be_mended(&self) -> bool {
        self.flaw.mend != Mend::Nothing
    }
}

/// What one step did.
pub(super) struct Step {
    /// The table it read.
    pub(super) table: &'static str,
    /// Rows looked at in that table so far.
    pub(super) rows: u64,
    /// Rows looked at now.
    pub(super) looked: u64,
    /// What is wrong, as one view saw it.
    pub(super) found: Vec<Candidate>,
}

/// How far a walk has come: a table and a key; nothing else is kept.
pub(super) struct Walk {
    tables: &'static [TableInfo],
    phase: Phase,
    at: usize,
    after: Option<Vec<u8>>,
    rows: u64,
}

/// Counts what is read through it, so that a step can end in time.
struct Metered<'a> {
    inner: &'a dyn Read,
    reads: Cell<usize>,
}

impl Read for Metered<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        self.reads.set(self.reads.get() + 1);
        self.inner.get_bytes(table, key)
    }

    fn scan_bytes(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        self.reads.set(self.reads.get() + 1);
        self.inner.scan_bytes(table, range, direction, &mut |key, value| {
            self.reads.set(self.reads.get() + 1);
            visit(key, value)
        })
    }
}

impl Walk {
    pub(super) fn new(tables: &'static [TableInfo], phase: Phase) -> Self {
        Walk { tables, phase, at: 0, after: None, rows: 0 }
    }

    /// Looks at some more rows; none: all were.
    pub(super) fn step(&mut self, store: &Store) -> Result<Option<Step>> {
        let (info, described) = loop {
            let Some(info) = self.tables.get(self.at) else { return Ok(None) };
            let described: Vec<_> = about(info).filter(|described| described.phase() == self.phase).collect();
            // Every row is read once; for the numbers only where there are any.
            if self.phase == Phase::Rows || !described.is_empty() {
                break (info, described);
            }
            self.at += 1;
        };
        let mut found = Vec::new();
        let (looked, last) = store.read(|view| {
            let read = Metered { inner: view, reads: Cell::new(0) };
            let (rows, mut all) = some_rows(&read, info.id, self.after.as_deref())?;
            let mut looked = 0;
            let mut last = None;
            for (key, value) in rows {
                if looked > 0 && read.reads.get() > limits::CHECK_READS {
                    all = false;
                    break;
                }
                look(&read, info, &described, (&key, &value), &mut found)?;
                looked += 1;
                last = Some(key);
            }
            Ok::<_, Error>((looked, if all { None } else { last }))
        })?;
        self.rows += looked;
        let step = Step { table: info.name, rows: self.rows, looked, found };
        match last {
            Some(last) => self.after = Some(last),
            None => (self.at, self.after, self.rows) = (self.at + 1, None, 0),
        }
        Ok(Some(step))
    }
}

/// What is described of the rows of a table. By name as well: tests have tables of their own.
fn about(info: &TableInfo) -> impl Iterator<Item = &'static dyn Described> {
    let (id, name) = (info.id, info.name);
    let all = DESCRIPTIONS.iter().flat_map(|entity| entity.iter()).copied();
    all.filter(move |described| described.walks().iter().any(|walked| walked.id == id && walked.name == name))
}

/// Rows behind `after`, and whether these are all.
#[expect(clippy::type_complexity, reason = "rows and whether they are all")]
fn some_rows(read: &dyn Read, table: TableId, after: Option<&[u8]>) -> Result<(Vec<(Vec<u8>, Vec<u8>)>, bool)> {
    let from = after.map_or_else(Vec::new, |after| [after, &[0]].concat());
    let (mut rows, mut bytes, mut all) = (Vec::new(), 0, true);
    read.scan_bytes(table, &KeyRange { from, until: None }, Direction::Ascending, &mut |key, value| {
        if rows.len() == limits::CHECK_ROWS || bytes > limits::CHECK_BYTES {
            all = false;
            return Ok(ControlFlow::Break(()));
        }
        bytes += key.len() + value.len();
        rows.push((key.to_vec(), value.to_vec()));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((rows, all))
}

fn look(
    read: &dyn Read,
    info: &TableInfo,
    described: &[&'static dyn Described],
    row: (&[u8], &[u8]),
    found: &mut Vec<Candidate>,
) -> Result<()> {
    let candidate = |by, flaw| Candidate { by, at: info.id, row: row.0.to_vec(), flaw };
    // What is derived is looked at all the same: it is made again.
    if !described.iter().any(|described| described.table().id == info.id && described.is_derived())
        && let Err(error) = (info.reread)(row.0, row.1)
    {
        let what = format!("cannot be read: {error}");
        found.push(candidate(None, Flaw { table: info.name, key: row.0.to_vec(), what, mend: Mend::Nothing }));
        return Ok(());
    }
    for by in described {
        let mut flaws = Vec::new();
        match by.look(read, info.id, row, &mut flaws) {
            Ok(()) => {}
            // A row that was asked for cannot be read: the walk comes to it by itself.
            Err(Error::Corrupt { .. } | Error::Format { .. }) => continue,
            Err(error) => return Err(error),
        }
        found.extend(flaws.into_iter().map(|flaw| candidate(Some(*by), flaw)));
    }
    Ok(())
}

/// A second look: what is still wrong, seen in one view, or counted in several.
pub(super) fn confirm(store: &Store, candidate: Candidate) -> Result<Option<Candidate>> {
    let Some(by) = candidate.by else { return Ok(Some(candidate)) };
    let mut again = Vec::new();
    store.read(|view| {
        let Some(value) = view.get_bytes(candidate.at, &candidate.row)? else { return Ok(()) };
        by.look(view, candidate.at, (&candidate.row, &value), &mut again)
    })?;
    let same = |flaw: &Flaw| flaw.key == candidate.flaw.key && flaw.table == candidate.flaw.table;
    let mut still = again.into_iter().find(same);
    if let Some(long) = still.take_if(|flaw| flaw.mend == Mend::Long) {
        still = count_at_length(store, by, long)?;
    }
    Ok(still.map(|flaw| Candidate { flaw, ..candidate }))
}

/// Counts more rows than fit into one view, view by view. The log tells whether any of them moved meanwhile: then it
/// begins again, and after a few times the number is left alone.
fn count_at_length(store: &Store, by: &'static dyn Described, flaw: Flaw) -> Result<Option<Flaw>> {
    let Some((table, range)) = by.rows(&flaw.key) else { return Ok(None) };
    for _ in 0..limits::CHECK_TRIES {
        let (begun, stored) = store.read(|view| Ok::<_, Error>((view.lsn(), by.stored(view, &flaw.key)?)))?;
        let mut rest = range.clone();
        let mut counted = 0;
        let ended = loop {
            let (lsn, rows, last) = store.read(|view| {
                let (mut rows, mut last) = (0u64, None);
                view.scan_bytes(table, &rest, Direction::Ascending, &mut |key, _| {
                    rows += 1;
                    let full = rows == limits::CHECK_COUNTED as u64;
                    last = full.then(|| [key, &[0]].concat());
                    Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                })?;
                Ok::<_, Error>((view.lsn(), rows, last))
            })?;
            counted += rows;
            match last {
                Some(last) => rest.from = last,
                None => break lsn,
            }
        };
        if !moved(store, (begun, ended), |op_table, key| {
            op_table == table && key >= &range.from[..] && range.until.as_deref().is_none_or(|until| key < until)
                || op_table == by.table().id && key == &flaw.key[..]
        })? {
            let what = format!("{}; there are {counted}", flaw.what);
            return Ok((counted != stored).then_some(Flaw { what, mend: Mend::Count { stored, counted }, ..flaw }));
        }
    }
    Ok(None)
}

/// Whether a transaction in `(after, upto]` touched a row that `concerns`.
pub(super) fn moved(
    store: &Store,
    (after, upto): (Lsn, Lsn),
    concerns: impl Fn(TableId, &[u8]) -> bool,
) -> Result<bool> {
    let mut touched = false;
    if upto <= after {
        return Ok(false);
    }
    let read = store.read_log(Lsn(after.0 + 1), |lsn, transaction| {
        touched = lsn <= upto && transaction.operations.iter().any(|op| concerns(op.table, &op.key));
        Ok(if touched || lsn >= upto { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    });
    match read {
        Ok(()) => Ok(touched),
        // The log was shortened meanwhile: nobody knows.
        Err(Error::Corrupt { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Makes right what can be, in one transaction; answers which were changed, by place.
pub(super) fn mend(store: &Store, candidates: &[Candidate]) -> Result<Vec<bool>> {
    let wanted: Vec<_> = candidates
        .iter()
        .map(|candidate| (candidate.by, candidate.at, candidate.row.clone(), candidate.flaw.clone()))
        .collect();
    store.write(move |tx| {
        let mut done = Vec::with_capacity(wanted.len());
        for (by, at, row, flaw) in &wanted {
            let Some(by) = by.filter(|_| flaw.mend != Mend::Nothing) else {
                done.push(false);
                continue;
            };
            done.push(by.mend(tx, *at, row, flaw)?);
        }
        Ok(done)
    })
}
