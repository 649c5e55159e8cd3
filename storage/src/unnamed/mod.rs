//! Accounts of other servers that no row names any more: found out by reading every row once.
//!
//! A set of accounts is watched while the rows are read, a step at a time, each step in a view of its own. Until it is watched
//! no more every row that is written counts as read, and so does every look at the account itself: whoever is about to write
//! something that names it has looked at it before. What nothing has named in the end, nothing names, and nobody has it at
//! hand: it may go within the transaction that asks (`Tx`), since transactions are executed one after another.
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
        atomic::{AtomicBool, Ordering},
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

/// Accounts that are watched, and which of them something has named since.
#[derive(Debug)]
pub struct Unnamed {
    ids: Box<[AccountId]>,
    named: Box<[AtomicBool]>,
}

impl Unnamed {
    /// These, named by nothing so far.
    #[must_use]
    pub fn new(mut ids: Vec<AccountId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        let named = ids.iter().map(|_| AtomicBool::new(false)).collect();
        Unnamed { ids: ids.into(), named }
    }

    /// The next of those behind `behind` that nothing has named, at most `limit`.
    #[must_use]
    pub fn left(&self, behind: Option<AccountId>, limit: usize) -> Vec<AccountId> {
        let from = behind.map_or(0, |behind| self.ids.partition_point(|id| *id <= behind));
        let rest = self.ids.iter().zip(&self.named).skip(from);
        rest.filter(|(_, named)| !named.load(Ordering::Acquire)).map(|(id, _)| *id).take(limit).collect()
    }

    fn name(&self, id: AccountId) {
        if let Ok(at) = self.ids.binary_search(&id)
            && let Some(named) = self.named.get(at)
        {
            named.store(true, Ordering::Release);
        }
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

    /// A transaction writes this. Called by one thread, in the order of transactions, before anybody sees it.
    pub(crate) fn wrote(&self, tables: &[TableInfo], operations: &[Operation]) {
        let Some(watched) = self.get() else { return };
        for operation in operations {
            let Some(value) = &operation.value else { continue };
            let table = tables.iter().find(|table| table.id == operation.table && !BELONGING.contains(&table.id));
            // What was just encoded can be read; a table without records names nobody.
            if let Some(table) = table
                && let Err(error) = (table.names)(&operation.key, value, &mut |id| watched.name(id))
            {
                tracing::error!(table = table.name, %error, "nobody knows whom a row names; no account goes");
                self.set(None);
                watched.named.iter().for_each(|named| named.store(true, Ordering::Release));
                return;
            }
        }
    }
}
