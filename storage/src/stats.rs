//! What a store holds, table by table: for the command line and for people who wonder where their disk went.

use crate::{
    error::{Error, Result},
    store::{State, Store},
    table::TableId,
};
use std::collections::BTreeMap;

/// What one table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableStats {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// Rows.
    pub rows: u64,
    /// Bytes of keys and values, without what the engine adds.
    pub bytes: u64,
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// What the store is doing, with its log and bases.
    pub state: State,
    /// Every table of the catalogue, by number.
    pub tables: Vec<TableStats>,
}

impl Store {
    /// Reads every row in the engine and counts. As long as a check; writing goes on meanwhile.
    ///
    /// # Errors
    /// As the engine says; `Unavailable` if it is being reopened.
    pub fn stats(&self) -> Result<Stats> {
        let shared = self.shared();
        let engine = shared.engine().ok_or(Error::Unavailable)?;
        let mut counts: BTreeMap<TableId, (u64, u64)> = BTreeMap::new();
        engine.export(&mut |table, key, value| {
            let count = counts.entry(table).or_default();
            *count = (count.0 + 1, count.1 + (key.len() + value.len()) as u64);
            Ok(())
        })?;
        let tables = shared.options.tables.iter().map(|table| {
            let (rows, bytes) = counts.get(&table.id).copied().unwrap_or_default();
            TableStats { name: table.name, rows, bytes }
        });
        Ok(Stats { tables: tables.collect(), state: self.state() })
    }
}
