//! What tells a store from others and a moment from others: its number, its line of history, and what it holds.

use super::{Store, tx::META};
use crate::{
    Key,
    backup::{Line, Summary},
    checksum,
    engine::Snapshot,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    log::{Operation, recovery::Gaps},
    record::Record,
    table::{Direction, KeyRange, Read, TableId},
};
use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// The row of `META` with the store's random number.
const STORE: &str = "store";
/// The row with the random number of the line of history.
const LINE: &str = "line";
/// The row with the time at which the line began.
const LINE_BEGAN: &str = "line_began";

impl Store {
    /// The store's random number and its line of history; `None` before the first backup.
    ///
    /// # Errors
    /// As `read`.
    pub fn history(&self) -> Result<Option<(u64, Line)>> {
        self.read(|view| known(view))
    }

    /// The same, made if there is none.
    ///
    /// # Errors
    /// As `write`.
    pub fn identify(&self) -> Result<(u64, Line)> {
        if let Some(known) = self.history()? {
            return Ok(known);
        }
        self.write(|tx| {
            // Two numbers more on a full disk; without them nothing there can be saved.
            tx.accept_when_full();
            if let Some(known) = known(tx)? {
                return Ok(known);
            }
            let (store, number) = (tx.random(), tx.random());
            for (name, value) in [(STORE, store), (LINE, number), (LINE_BEGAN, 0)] {
                META.put(tx, &name.to_owned(), &value);
            }
            Ok((store, Line { number, began: Timestamp(0) }))
        })
    }

    /// Begins another line of history: what comes from now on shares its numbers with something else. A store without a number,
    /// being of a moment before its first backup, is called `store` from now on, as the one whose data it has. Whatever the clock
    /// shows, it begins behind the line of before, behind the log of before, and behind `others`, when the last of the lines
    /// known elsewhere began: the one that began last is the newest.
    ///
    /// # Errors
    /// As `write`.
    pub fn begin_line(&self, store: u64, others: Timestamp) -> Result<Line> {
        let known_until = self.known_until().unwrap_or_default();
        self.write(move |tx| {
            // As above: whoever promotes or restores has stopped the other server already.
            tx.accept_when_full();
            let began = tx.now().max(known_until).max(others.plus_ms(1)).max(began(tx)?.plus_ms(1));
            let line = Line { number: tx.random(), began };
            if META.get(tx, &STORE.to_owned())?.is_none() {
                META.put(tx, &STORE.to_owned(), &store);
            }
            META.put(tx, &LINE.to_owned(), &line.number);
            META.put(tx, &LINE_BEGAN.to_owned(), &u64::try_from(line.began.0).unwrap_or(0));
            Ok(line)
        })
    }

    /// What the store holds, everything that is durable now included. Reads a few rows of each table.
    ///
    /// # Errors
    /// As the engine says; `Unavailable` if it does not come to hold what is durable within `limits::BACKUP_WAIT`.
    pub fn summary(&self) -> Result<Summary> {
        let shared = self.shared();
        let wanted = shared.visible();
        let deadline = Instant::now() + limits::BACKUP_WAIT;
        while self.state().applied < wanted {
            if Instant::now() >= deadline {
                return Err(Error::Unavailable);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let engine = shared.engine().ok_or(Error::Unavailable)?;
        let mut tables: Vec<TableId> = shared.options.tables.iter().map(|table| table.id).collect();
        tables.sort_unstable();
        let held = engine.reader().and_then(|snapshot| summed(snapshot.as_ref(), &tables));
        held.inspect_err(|error| shared.suspect(error))
    }

    /// The time of a transaction; `None` if the log begins behind it.
    ///
    /// # Errors
    /// As `read_log`.
    pub fn time_of(&self, lsn: Lsn) -> Result<Option<Timestamp>> {
        Ok(self.record(lsn)?.map(|(time, _)| time))
    }

    /// A transaction as it stands in the log, with its time.
    pub(crate) fn record(&self, lsn: Lsn) -> Result<Option<(Timestamp, Vec<u8>)>> {
        let shared = self.shared();
        let _files = shared.bases.reading_files();
        if lsn < shared.segments.begin() || lsn > shared.visible() {
            return Ok(None);
        }
        let mut found = None;
        shared.segments.read_records(lsn, lsn, Gaps::Accept, |record| {
            found = (record.lsn == lsn).then(|| (record.time, record.bytes.to_vec()));
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// Up to where the durable log reaches.
    #[must_use]
    pub fn durable(&self) -> Lsn {
        self.shared().visible()
    }
}

/// What begins another line of history, for an engine that is not served yet; nothing where there is none to leave.
pub(super) fn another_line(held: &dyn Snapshot, now: Timestamp, number: u64) -> Result<Vec<Operation>> {
    if held.get(META.id, &LINE.to_owned().to_bytes())?.is_none() {
        return Ok(Vec::new());
    }
    let before = held.get(META.id, &LINE_BEGAN.to_owned().to_bytes())?;
    let before = before.map_or(Ok(0), |bytes| <u64 as Record>::decode(&bytes))?;
    let began = u64::try_from(now.0).unwrap_or(0).max(before.saturating_add(1));
    let row = |name: &str, value: u64| Operation {
        table: META.id,
        key: name.to_owned().to_bytes().into(),
        value: Some(Record::encode(&value).into()),
    };
    Ok(vec![row(LINE, number), row(LINE_BEGAN, began)])
}

fn known(read: &dyn Read) -> Result<Option<(u64, Line)>> {
    let number = |name: &str| META.get(read, &name.to_owned());
    let (Some(store), Some(line)) = (number(STORE)?, number(LINE)?) else { return Ok(None) };
    Ok(Some((store, Line { number: line, began: began(read)? })))
}

/// When the line began; 0 for the first.
fn began(read: &dyn Read) -> Result<Timestamp> {
    let began = META.get(read, &LINE_BEGAN.to_owned())?.unwrap_or(0);
    Ok(Timestamp(i64::try_from(began).unwrap_or(0)))
}

fn summed(snapshot: &dyn Snapshot, tables: &[TableId]) -> Result<Summary> {
    let (rows, sum) = snapshot.rows_and_sum()?;
    let (mut sample, mut counts) = (0, Vec::new());
    for table in tables {
        if let Some(count) = snapshot.rows_of(*table)?
            && count > 0
        {
            counts.push((table.0, count));
        }
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut seen = 0;
            snapshot.scan(*table, &KeyRange::all(), direction, &mut |key, value| {
                for part in [&table.0.to_le_bytes()[..], key, value] {
                    sample = checksum::extend(sample, part);
                }
                seen += 1;
                Ok(if seen < limits::SAMPLE_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
        }
    }
    Ok(Summary { lsn: snapshot.applied(), rows, sum, sample, tables: counts })
}
