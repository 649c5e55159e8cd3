//! Transactions: what a rule sees and does while the sequencer executes it.

use super::{
    Environment,
    merge::{self, Own},
    overlay::{Overlay, Window},
    shared::Shared,
};
use crate::{
    engine::Snapshot,
    error::{Error, Result},
    event::Event,
    id::{FIRST_ID_TIME, Lsn, SNOWFLAKE_LOW_BITS, Timestamp},
    limits,
    log::{Operation, Transaction},
    table::{Direction, KeyRange, Read, Table, TableId, Visit},
    unnamed::Unnamed,
};
use bytes::Bytes;
use std::sync::Arc;

/// Numbers the store keeps for itself.
pub(crate) const META: Table<String, u64> = Table::new(1, "meta");
/// Positions of consumers.
pub(crate) const CONSUMERS: Table<String, Lsn> = Table::new(2, "consumer");
/// The row of `META` with the high-water mark of ids.
pub(super) const ID_MARK: &str = "id_mark";

/// Ids given out so far; belongs to the sequencer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    /// The highest given out; after a restart the stored mark.
    pub(super) last: u64,
    /// The stored mark: after a restart ids begin above it.
    pub(super) mark: u64,
}

/// A transaction being executed by the sequencer.
pub struct Tx<'a> {
    pub(super) shared: &'a Shared,
    pub(super) overlay: &'a Overlay,
    pub(super) snapshot: Box<dyn Snapshot + 'a>,
    pub(super) window: Window,
    pub(super) environment: &'a Environment,
    pub(super) now: Timestamp,
    pub(super) ids: &'a mut Ids,
    pub(super) mark: Option<u64>,
    pub(super) own: Own,
    pub(super) bytes: usize,
    pub(super) events: Vec<Event>,
    pub(super) broken: Option<Error>,
    pub(super) when_full: bool,
}

impl Tx<'_> {
    /// The time of this transaction.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// 64 random bits.
    pub fn random(&mut self) -> u64 {
        (self.environment.random)()
    }

    /// A fresh local id: above every id given out before, also after the clock went back.
    pub fn next_id<I: From<u64>>(&mut self) -> I {
        let by_clock = first_of(self.now);
        let id = by_clock.max(self.ids.last + 1);
        self.gave(id);
        I::from(id)
    }

    /// An id at `time` (clamped to [2018-06-01, now]) with random low bits, not yet taken according to `taken`.
    ///
    /// # Errors
    /// Those of `taken`; `Overloaded` if 64 milliseconds are crowded, which takes two million rows.
    pub fn id_at<I: From<u64> + Copy>(
        &mut self,
        time: Timestamp,
        taken: impl Fn(&dyn Read, I) -> Result<bool>,
    ) -> Result<I> {
        let time = time.min(self.now).max(FIRST_ID_TIME);
        for step in 0..limits::ID_STEPS {
            let first = first_of(time.plus_ms(-i64::from(step)));
            for _ in 0..limits::ID_DRAWS {
                let id = first | (self.random() & ((1 << SNOWFLAKE_LOW_BITS) - 1));
                if !taken(self, I::from(id))? {
                    self.gave(id);
                    return Ok(I::from(id));
                }
            }
        }
        Err(Error::Overloaded { retry_after: limits::RETRY_AFTER })
    }

    /// Notes an id as given out and moves the stored mark ahead if need be, in this same transaction.
    fn gave(&mut self, id: u64) {
        self.ids.last = self.ids.last.max(id);
        if id > self.mark.unwrap_or(self.ids.mark) {
            let mark = id.saturating_add(limits::ID_MARK_AHEAD_MS << SNOWFLAKE_LOW_BITS);
            self.mark = Some(mark);
        }
    }

    /// The LSN this transaction gets if it commits.
    #[must_use]
    pub fn lsn(&self) -> Lsn {
        Lsn(self.window.upto.0 + 1)
    }

    /// Remembers that a consumer of the log has done everything up to `position`.
    pub fn set_consumer(&mut self, name: &str, position: Lsn) {
        CONSUMERS.put(self, &name.to_owned(), &position);
    }

    /// Stores raw bytes; tables call this.
    pub fn put_bytes(&mut self, table: TableId, key: Vec<u8>, value: Vec<u8>) {
        if value.len() > limits::VALUE_MAX {
            self.refuse("a value", value.len(), limits::VALUE_MAX);
            return;
        }
        self.set(table, key, Some(value.into()));
    }

    /// Removes a raw key; tables call this.
    pub fn delete_bytes(&mut self, table: TableId, key: Vec<u8>) {
        self.set(table, key, None);
    }

    /// A full disk takes this transaction too, if rows grow by at most `limits::FULL_PUT_BYTES`, new ones counted whole: it
    /// removes more than it stores, or lets somebody in who may remove. Without this only what stores nothing is taken.
    pub fn accept_when_full(&mut self) {
        self.when_full = true;
    }

    /// Does what another store's transaction did, whose bounds were kept there.
    pub(super) fn adopt(&mut self, lsn: Lsn, done: &Transaction) -> Result<()> {
        if self.lsn() != lsn {
            let why = format!("the next transaction here is {}; it does not follow", self.lsn());
            return Err(Error::corrupt("log", format!("transaction {lsn}"), why));
        }
        for operation in &done.operations {
            self.shared.known(operation.table)?;
            self.own.insert((operation.table, operation.key.clone()), operation.value.clone());
        }
        self.events.clone_from(&done.events);
        Ok(())
    }

    /// From this transaction on whatever names or looks at one of these accounts is noted, and nothing else watched; none:
    /// nothing is. What was written before is in every view that is made once this transaction was answered.
    pub fn watch(&mut self, accounts: Option<Arc<Unnamed>>) {
        self.shared.watched.set(accounts);
    }

    /// Publishes `event` once this transaction is durable.
    pub fn emit(&mut self, event: Event) {
        if self.events.len() >= limits::TRANSACTION_EVENTS_MAX {
            self.refuse("a transaction's events", self.events.len() + 1, limits::TRANSACTION_EVENTS_MAX);
            return;
        }
        self.events.push(event);
    }

    fn set(&mut self, table: TableId, key: Vec<u8>, value: Option<Bytes>) {
        if let Err(error) = self.shared.known(table) {
            self.broken.get_or_insert(error);
            return;
        }
        if key.len() > limits::KEY_MAX {
            self.refuse("a key", key.len(), limits::KEY_MAX);
            return;
        }
        let size = |value: &Option<Bytes>| value.as_ref().map_or(0, Bytes::len);
        let (key_len, value_len) = (key.len(), size(&value));
        match self.own.insert((table, key.into()), value) {
            Some(before) => self.bytes -= size(&before),
            None => self.bytes += key_len,
        }
        self.bytes += value_len;
        if self.own.len() > limits::TRANSACTION_OPERATIONS_MAX {
            self.refuse("a transaction's operations", self.own.len(), limits::TRANSACTION_OPERATIONS_MAX);
        }
        if self.bytes > limits::TRANSACTION_BYTES_MAX {
            self.refuse("a transaction's bytes", self.bytes, limits::TRANSACTION_BYTES_MAX);
        }
    }

    fn refuse(&mut self, what: &'static str, size: usize, limit: usize) {
        self.broken.get_or_insert(Error::TooLarge { what, size, limit });
    }

    /// What there was before this transaction.
    fn stored(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        if let Some(value) = self.overlay.get(table, key, self.window) {
            return Ok(value);
        }
        self.snapshot.get(table, key).inspect_err(|error| self.shared.suspect(error))
    }

    /// What a full disk still accepts: what only removes, and what may store a little. A row that is written anew counts
    /// by what it grows.
    pub(super) fn fits_a_full_disk(&self) -> Result<bool> {
        let stored = || self.own.iter().filter_map(|((table, key), value)| Some((*table, key, value.as_ref()?)));
        let limit = if self.when_full { limits::FULL_PUT_BYTES } else { 0 };
        let all: usize = stored().map(|(_, key, value)| key.len() + value.len()).sum();
        if all <= limit || !self.when_full {
            return Ok(all <= limit);
        }
        let mut grown = 0;
        for (table, key, value) in stored() {
            let there = self.stored(table, key)?.map_or(0, |before| key.len() + before.len());
            grown += (key.len() + value.len()).saturating_sub(there);
        }
        Ok(grown <= limit)
    }

    /// What this transaction did, with the mark of ids if it moved.
    pub(super) fn finish(self) -> Transaction {
        let meta = self.mark.map(|mark| Operation {
            table: META.id,
            key: crate::Key::to_bytes(&ID_MARK.to_owned()).into(),
            value: Some(crate::record::Record::encode(&mark).into()),
        });
        let own = self.own.into_iter().map(|((table, key), value)| Operation { table, key, value });
        Transaction { operations: own.chain(meta).collect(), events: self.events }
    }
}

fn first_of(time: Timestamp) -> u64 {
    u64::try_from(time.0).unwrap_or(0) << SNOWFLAKE_LOW_BITS
}

impl Read for Tx<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        self.shared.known(table)?;
        self.shared.watched.looked_at(table, key);
        if !self.own.is_empty()
            && let Some(value) = self.own.get(&(table, Bytes::copy_from_slice(key)))
        {
            return Ok(value.clone());
        }
        self.stored(table, key)
    }

    fn scan_bytes(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        self.shared.known(table)?;
        let layers = (self.overlay, self.window);
        self.shared.scan(visit, |visit| {
            merge::scan(Some(&self.own), layers, self.snapshot.as_ref(), (table, range, direction), visit)
        })
    }
}
