//! Lives here: which accounts of other servers no row names any more, found out by reading every row once (docs/STORAGE.md,
//! Retention).
//! May use: the entities, the catalogue. Must never name: an engine, what is to become of such accounts.
//! Invariants: of what is watched nothing goes that a row names, that somebody looked at since, or that a row is about to name.
//!
//! A set of accounts is watched while the rows are read, a step at a time, each step in a view of its own. Until it is watched
//! no more every row that is written counts as read, and so does every look at the account itself: whoever is about to write
//! something that names it has looked at it before. What nothing has named in the end, nothing names: it may go within the
//! transaction that asks (`Tx`), since transactions are executed one after another. Who looks at a state of before that
//! transaction may have it at hand all the same: for as long as it is watched still, what names it is refused.
//!
//! No index leads from an account to what names it, for there are some sixty tables that may, and nearly all ask the other
//! way. A table that is added needs no line here: every `AccountId` in a key or a record names (`names`).

mod names;

use crate::{
    account::{ACCOUNT_BY_NAME, ACCOUNT_BY_URI, ACCOUNT_STATS, ACCOUNT_WORDS, ACCOUNTS, ACTOR_KEYS, KEYS_OF_ACCOUNT},
    backfill,
    catalogue::TableInfo,
    directory,
    error::{Error, Result},
    id::AccountId,
    key::Key,
    limits,
    log::Operation,
    record::Record,
    table::{Direction, KeyRange, Read, TableId, hex},
    tag::{FEATURED_TAG_ROWS, FEATURED_TAGS},
};
use serde::Serialize;
use std::{
    ops::ControlFlow,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

/// Tables whose rows belong to the account that they name, and go with it (`account::forget`).
const BELONGING: &[TableId] = &[
    ACCOUNTS.id,
    ACCOUNT_BY_NAME.id,
    ACCOUNT_BY_URI.id,
    ACCOUNT_STATS.id,
    ACCOUNT_WORDS.id,
    ACTOR_KEYS.id,
    KEYS_OF_ACCOUNT.id,
    backfill::PROFILES.id,
    directory::ENTRIES.id,
    directory::BY_ARRIVAL.id,
    directory::BY_ACTIVITY.id,
    FEATURED_TAGS.id,
    FEATURED_TAG_ROWS.id,
];

/// Finds the accounts that a row (key, value) names.
pub(crate) type NamesIn = fn(&[u8], &[u8], &mut dyn FnMut(AccountId)) -> Result<()>;

/// `NamesIn` of a table of these keys and records.
pub(crate) fn names_in<K: Key + Serialize, R: Record + Serialize>(
    key: &[u8],
    value: &[u8],
    found: &mut dyn FnMut(AccountId),
) -> Result<()> {
    let corrupt = |why: &str| Error::corrupt("key", hex(key), why);
    let typed = K::from_bytes(key).ok_or_else(|| corrupt("unreadable key"))?;
    names::accounts_in(&typed, found).map_err(|error| corrupt(&error.to_string()))?;
    names::accounts_in(&R::decode(value)?, found).map_err(|error| corrupt(&error.to_string()))
}

/// Nothing has named it.
const UNSEEN: u8 = 0;
/// Something has.
const NAMED: u8 = 1;
/// It went.
const GONE: u8 = 2;

/// Accounts that are watched, and what has become of them since.
#[derive(Debug)]
pub struct Unnamed {
    ids: Box<[AccountId]>,
    states: Box<[AtomicU8]>,
}

impl Unnamed {
    /// These, named by nothing so far.
    #[must_use]
    pub fn new(mut ids: Vec<AccountId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        let states = ids.iter().map(|_| AtomicU8::new(UNSEEN)).collect();
        Unnamed { ids: ids.into(), states }
    }

    /// The next of those behind `behind` that nothing has named, at most `limit`.
    #[must_use]
    pub fn left(&self, behind: Option<AccountId>, limit: usize) -> Vec<AccountId> {
        let from = behind.map_or(0, |behind| self.ids.partition_point(|id| *id <= behind));
        let rest = self.ids.iter().zip(&self.states).skip(from);
        rest.filter(|(_, state)| state.load(Ordering::Acquire) == UNSEEN).map(|(id, _)| *id).take(limit).collect()
    }

    fn state(&self, id: AccountId) -> Option<&AtomicU8> {
        self.ids.binary_search(&id).ok().and_then(|at| self.states.get(at))
    }

    /// It is named; what has gone stays so.
    fn name(&self, id: AccountId) {
        if let Some(state) = self.state(id) {
            // If it is not as it was, it is one of the two already.
            let _ = state.compare_exchange(UNSEEN, NAMED, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    fn is_gone(&self, id: AccountId) -> bool {
        self.state(id).is_some_and(|state| state.load(Ordering::Acquire) == GONE)
    }

    /// What has not gone stays; whether anything would have gone.
    fn keep_all(&self) -> bool {
        let mut any = false;
        for state in self.states.iter() {
            any |= state.compare_exchange(UNSEEN, NAMED, Ordering::AcqRel, Ordering::Acquire).is_ok();
        }
        any
    }

    /// What a transaction does to them; `tables` are those of the store. A row that cannot be read is no reason to refuse it:
    /// since nobody knows whom it names, it names all.
    fn heed(&self, tables: &[TableInfo], operations: &[Operation]) -> Result<()> {
        let (mut named, mut went) = (Vec::new(), Vec::new());
        for operation in operations {
            if let Some(value) = &operation.value {
                let table = tables.iter().find(|table| table.id == operation.table && !BELONGING.contains(&table.id));
                if let Some(table) = table
                    && let Err(error) = (table.names)(&operation.key, value, &mut |id| named.push(id))
                    && self.keep_all()
                {
                    let table = table.name;
                    tracing::warn!(table, %error, "whom a row names cannot be read: all stay until the next look");
                }
            } else if operation.table == ACCOUNTS.id {
                went.extend(AccountId::from_bytes(&operation.key));
            }
        }
        if named.iter().any(|id| self.is_gone(*id)) {
            return Err(Error::Overloaded { retry_after: limits::RETRY_AFTER });
        }
        named.into_iter().for_each(|id| self.name(id));
        for state in went.into_iter().filter_map(|id| self.state(id)) {
            state.store(GONE, Ordering::Release);
        }
        Ok(())
    }
}

/// How far reading all rows has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    table: usize,
    from: Vec<u8>,
}

/// Reads the next `limits::NAMES_ROWS` rows, or fewer large ones, of `tables`; answers where to go on, `None` at the end.
///
/// # Errors
/// Storage errors; `Corrupt` for a row that cannot be read: nobody knows whom it names.
pub fn read_on(read: &dyn Read, tables: &[TableInfo], at: &Place, unnamed: &Unnamed) -> Result<Option<Place>> {
    let Some(table) = tables.get(at.table) else { return Ok(None) };
    let next_table = Place { table: at.table + 1, from: Vec::new() };
    if BELONGING.contains(&table.id) {
        return Ok(Some(next_table));
    }
    let (mut rows, mut bytes, mut last) = (0, 0, Vec::new());
    let range = KeyRange { from: at.from.clone(), until: None };
    read.scan_bytes(table.id, &range, Direction::Ascending, &mut |key, value| {
        if rows == limits::NAMES_ROWS || bytes >= limits::NAMES_BYTES {
            last = key.to_vec();
            return Ok(ControlFlow::Break(()));
        }
        (rows, bytes) = (rows + 1, bytes + key.len() + value.len());
        (table.names)(key, value, &mut |id| unnamed.name(id))?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Some(if last.is_empty() { next_table } else { Place { from: last, ..*at } }))
}

/// What is watched in a store, if anything is.
#[derive(Default)]
pub(crate) struct Watched {
    /// Whether anything is: asked at every look at an account.
    any: AtomicBool,
    accounts: RwLock<Option<Arc<Unnamed>>>,
}

impl Watched {
    /// Watches these and no others.
    pub(crate) fn set(&self, accounts: Option<Arc<Unnamed>>) {
        let any = accounts.is_some();
        *self.accounts.write().unwrap_or_else(PoisonError::into_inner) = accounts;
        self.any.store(any, Ordering::SeqCst);
    }

    fn get(&self) -> Option<Arc<Unnamed>> {
        if !self.any.load(Ordering::SeqCst) {
            return None;
        }
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody looks at the row `key` of `table`.
    pub(crate) fn looked_at(&self, table: TableId, key: &[u8]) {
        if table == ACCOUNTS.id
            && let Some(watched) = self.get()
            && let Some(id) = AccountId::from_bytes(key)
        {
            watched.name(id);
        }
    }

    /// A transaction is to write this. Called by one thread, in the order of transactions, before anybody sees it.
    ///
    /// # Errors
    /// `Overloaded` where it names an account that has gone a moment ago: whoever tries again finds that out.
    pub(crate) fn writes(&self, tables: &[TableInfo], operations: &[Operation]) -> Result<()> {
        self.get().map_or(Ok(()), |watched| watched.heed(tables, operations))
    }
}
