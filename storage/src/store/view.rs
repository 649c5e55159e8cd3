//! Views: what readers see, everything durable and nothing else.

use super::{
    merge,
    overlay::{Overlay, Window},
    shared::Shared,
};
use crate::{
    changes::Horizon,
    engine::Snapshot,
    error::Result,
    id::Lsn,
    table::{Direction, KeyRange, Read, TableId, Visit},
};
use bytes::Bytes;

/// A consistent view of everything durable.
pub struct View<'a> {
    pub(super) shared: &'a Shared,
    pub(super) overlay: &'a Overlay,
    pub(super) snapshot: Box<dyn Snapshot + 'a>,
    pub(super) window: Window,
}

impl View<'_> {
    /// The last transaction this view sees.
    #[must_use]
    pub fn lsn(&self) -> Lsn {
        self.window.upto
    }
}

impl Read for View<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        self.shared.known(table)?;
        self.shared.watched.looked_at(table, key);
        if let Some(value) = self.overlay.get(table, key, self.window) {
            return Ok(value);
        }
        let _timing = self.shared.meter.read();
        self.snapshot.get(table, key).inspect_err(|error| self.shared.suspect(error))
    }

    fn get_many_bytes(&self, table: TableId, keys: &[Vec<u8>]) -> Result<Vec<Option<Bytes>>> {
        self.shared.known(table)?;
        keys.iter().for_each(|key| self.shared.watched.looked_at(table, key));
        let above = self.overlay.get_many(table, keys, self.window);
        let _timing = self.shared.meter.read();
        let find = |(key, above): (&Vec<u8>, Option<Option<Bytes>>)| match above {
            Some(value) => Ok(value),
            None => self.snapshot.get(table, key).inspect_err(|error| self.shared.suspect(error)),
        };
        keys.iter().zip(above).map(find).collect()
    }

    fn scan_bytes(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        self.shared.known(table)?;
        let layers = (self.overlay, self.window);
        self.shared
            .scan(visit, |visit| merge::scan(None, layers, self.snapshot.as_ref(), (table, range, direction), visit))
    }

    fn horizon(&self) -> Option<Horizon<'_>> {
        Some(Horizon::new(&self.shared.changes, self.window.upto))
    }
}
