//! Tables: a number, a name, a key type and a record type; and the one way to read through a transaction or a view.

use crate::{
    changes::Horizon,
    error::{Error, Result},
    key::Key,
    record::Record,
    store::Tx,
};
use bytes::Bytes;
use std::{marker::PhantomData, ops::ControlFlow};

/// The number of a table in the log and in every engine. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u16);

/// Which way a scan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Ascending,
    /// Largest key first: newest first for snowflakes.
    Descending,
}

/// A range of raw keys: `from ≤ key < until`; `until` empty means no upper end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// The first key inside.
    pub from: Vec<u8>,
    /// The first key behind the range; `None`: to the end of the table.
    pub until: Option<Vec<u8>>,
}

impl KeyRange {
    /// The whole table.
    #[must_use]
    pub fn all() -> Self {
        KeyRange { from: Vec::new(), until: None }
    }

    /// All keys that begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        KeyRange { from: prefix.to_vec(), until: after_prefix(prefix) }
    }
}

/// The smallest key above every key that begins with `prefix`.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

/// A visitor of raw rows; breaks to end the scan.
pub type Visit<'v> = &'v mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>>;

/// Reading, the same for a transaction (sees everything executed) and a view (sees everything durable).
pub trait Read {
    /// The value under `key`.
    ///
    /// # Errors
    /// Whatever the engine says.
    fn get_bytes(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>>;

    /// The values under `keys`, in their order: many rows for one look at what is executed and not yet in the engine.
    ///
    /// # Errors
    /// Whatever the engine says.
    fn get_many_bytes(&self, table: TableId, keys: &[Vec<u8>]) -> Result<Vec<Option<Bytes>>> {
        keys.iter().map(|key| self.get_bytes(table, key)).collect()
    }

    /// Calls `visit` with each row of the range in order until it breaks.
    ///
    /// # Errors
    /// Whatever the engine or `visit` says.
    fn scan_bytes(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()>;

    /// What is known of changes; `None` where rows may change while they are read (a transaction).
    fn horizon(&self) -> Option<Horizon<'_>> {
        None
    }
}

/// One table of the catalogue.
pub struct Table<K, R> {
    /// Its number.
    pub id: TableId,
    /// Its name in messages and in `docs/STORAGE.md`.
    pub name: &'static str,
    types: PhantomData<fn() -> (K, R)>,
}

impl<K: Key, R: Record> Table<K, R> {
    /// Declares a table; only the catalogue's entity files do.
    #[must_use]
    pub const fn new(id: u16, name: &'static str) -> Self {
        Table { id: TableId(id), name, types: PhantomData }
    }

    /// The record under `key`.
    ///
    /// # Errors
    /// Storage errors, and `Corrupt` naming this table and key.
    pub fn get(&self, read: &dyn Read, key: &K) -> Result<Option<R>> {
        let key = key.to_bytes();
        let Some(bytes) = read.get_bytes(self.id, &key)? else { return Ok(None) };
        self.decode(&key, &bytes).map(Some)
    }

    /// Whether there is a row under `key`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn contains(&self, read: &dyn Read, key: &K) -> Result<bool> {
        Ok(read.get_bytes(self.id, &key.to_bytes())?.is_some())
    }

    /// Stores `record` under `key`, replacing what was there.
    pub fn put(&self, tx: &mut Tx<'_>, key: &K, record: &R) {
        tx.put_bytes(self.id, key.to_bytes(), record.encode());
    }

    /// The record under `key`, or what it is where nobody has chosen otherwise.
    ///
    /// # Errors
    /// As `get`.
    pub fn get_or_default(&self, read: &dyn Read, key: &K) -> Result<R>
    where
        R: Default,
    {
        Ok(self.get(read, key)?.unwrap_or_default())
    }

    /// Stores `record` under `key`; what it is by default takes no row.
    pub fn put_unless_default(&self, tx: &mut Tx<'_>, key: &K, record: &R)
    where
        R: Default + PartialEq,
    {
        if *record == R::default() {
            self.delete(tx, key);
        } else {
            self.put(tx, key, record);
        }
    }

    /// Removes the row under `key`, if any.
    pub fn delete(&self, tx: &mut Tx<'_>, key: &K) {
        tx.delete_bytes(self.id, key.to_bytes());
    }

    /// Rows whose key begins with `prefix`, in `direction`, bounded by `bounds` on the part behind the prefix,
    /// until `visit` breaks.
    ///
    /// # Errors
    /// Storage errors, those of `visit`, and `Corrupt` naming this table and key.
    pub fn scan<P: Key>(
        &self,
        read: &dyn Read,
        prefix: &P,
        bounds: Bounds,
        direction: Direction,
        mut visit: impl FnMut(K, R) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let range = bounds.range(&prefix.to_bytes());
        read.scan_bytes(self.id, &range, direction, &mut |key, value| {
            let record = self.decode(key, value)?;
            let typed = K::from_bytes(key).ok_or_else(|| Error::corrupt(self.name, hex(key), "unreadable key"))?;
            visit(typed, record)
        })
    }

    /// At most `limit` rows whose key begins with `prefix`.
    ///
    /// # Errors
    /// As `scan`.
    pub fn list<P: Key>(
        &self,
        read: &dyn Read,
        prefix: &P,
        bounds: Bounds,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(K, R)>> {
        let mut rows = Vec::new();
        if limit == 0 {
            return Ok(rows);
        }
        self.scan(read, prefix, bounds, direction, |key, record| {
            rows.push((key, record));
            Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(rows)
    }

    fn decode(&self, key: &[u8], value: &[u8]) -> Result<R> {
        R::decode(value).map_err(|error| match error {
            Error::Corrupt { why, .. } => Error::corrupt(self.name, hex(key), why),
            other => other,
        })
    }
}

/// Bounds of a scan on the id right behind the prefix, both exclusive, as the client API's `max_id` and
/// `since_id`/`min_id`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Only ids below this.
    pub below: Option<u64>,
    /// Only ids above this.
    pub above: Option<u64>,
}

impl Bounds {
    /// No bounds.
    pub const NONE: Bounds = Bounds { below: None, above: None };

    fn range(self, prefix: &[u8]) -> KeyRange {
        let with = |id: u64| [prefix, &id.to_be_bytes()[..]].concat();
        let whole = KeyRange::prefix(prefix);
        KeyRange {
            from: match self.above {
                Some(u64::MAX) => return KeyRange { from: prefix.to_vec(), until: Some(prefix.to_vec()) },
                Some(above) => with(above + 1),
                None => whole.from,
            },
            until: self.below.map(with).or(whole.until),
        }
    }
}

/// Bytes in hexadecimal, for messages.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
