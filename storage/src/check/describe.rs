//! Descriptions: what must hold between the rows of two tables. They stand in the file of the entity they belong to.

use crate::{
    error::{Error, Result},
    key::Key,
    limits,
    record::Record,
    store::Tx,
    table::{Direction, KeyRange, Read, Table, TableId, hex},
};
use std::ops::ControlFlow;

/// A table by number and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub id: TableId,
    /// Its name.
    pub name: &'static str,
}

impl Named {
    /// Number and name of `table`.
    #[must_use]
    pub const fn of<K: Key, R: Record>(table: &Table<K, R>) -> Self {
        Named { id: table.id, name: table.name }
    }
}

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The table of the row that is wrong.
    pub table: &'static str,
    /// Its key.
    pub key: Vec<u8>,
    /// What is expected and what is there.
    pub what: String,
    /// What follows from other rows and so can be made right.
    pub mend: Mend,
}

/// What would make a row right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// This value under the key.
    Put(Vec<u8>),
    /// No row under the key.
    Delete,
    /// This number instead of that.
    Count {
        /// What the row says.
        stored: u64,
        /// What it should say.
        counted: u64,
    },
    /// More rows than one look may count: `Described::rows` says which.
    Long,
    /// Nothing: the row is the truth, and only a backup has another.
    Nothing,
}

/// The order of looking: what is counted must be right before the counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// First: rows.
    Rows,
    /// Then: the numbers that count them.
    Counters,
}

/// What must hold between two tables.
pub trait Described: Sync {
    /// The table this is about.
    fn table(&self) -> Named;

    /// The tables whose rows `look` takes.
    fn walks(&self) -> Vec<Named>;

    /// Looks at a row (key, value) of the table `at`. That a row of the truth cannot be read is not its business.
    ///
    /// # Errors
    /// Storage errors.
    fn look(&self, read: &dyn Read, at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()>;

    /// Makes `flaw`, which `look` found at the row `key` of `at`, right; only derived rows. Looks again first: it may
    /// be right by now. Answers whether it changed anything.
    ///
    /// # Errors
    /// Storage errors.
    fn mend(&self, tx: &mut Tx<'_>, at: TableId, key: &[u8], flaw: &Flaw) -> Result<bool> {
        let Some(value) = tx.get_bytes(at, key)? else { return Ok(false) };
        let mut found = Vec::new();
        self.look(tx, at, (key, &value), &mut found)?;
        let Some(still) = found.into_iter().find(|still| still.key == flaw.key) else { return Ok(false) };
        match still.mend {
            Mend::Put(value) => tx.put_bytes(self.table().id, still.key, value),
            Mend::Delete => tx.delete_bytes(self.table().id, still.key),
            Mend::Count { .. } | Mend::Long | Mend::Nothing => return Ok(false),
        }
        Ok(true)
    }

    /// Whether all rows of the table follow from others.
    fn is_derived(&self) -> bool {
        false
    }

    /// When it is looked at.
    fn phase(&self) -> Phase {
        Phase::Rows
    }

    /// The rows that a counter under `key` counts; none if it is no counter.
    fn rows(&self, _key: &[u8]) -> Option<(TableId, KeyRange)> {
        None
    }

    /// What a counter under `key` says.
    ///
    /// # Errors
    /// Storage errors.
    fn stored(&self, _read: &dyn Read, _key: &[u8]) -> Result<u64> {
        Ok(0)
    }
}

/// Whether two entities may want the same row of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// No: that they do is a fault of the truth.
    Sole,
    /// Yes, and either of them may have it.
    Contested,
}

/// A table whose rows follow from those of another: nothing is in it that no entity wants, and all that one wants is.
pub struct Index<K: 'static, R: 'static, IK: 'static, IR: 'static> {
    /// The index.
    pub table: &'static Table<IK, IR>,
    /// What its rows follow from.
    pub of: &'static [&'static Table<K, R>],
    /// The rows that one row wants.
    pub wants: fn(&K, &R) -> Vec<(IK, IR)>,
    /// The key of the row that wants this one.
    pub owner: fn(&IK, &IR) -> K,
    /// Whether two rows may want the same.
    pub claim: Claim,
}

impl<K: Key, R: Record, IK: Key, IR: Record> Index<K, R, IK, IR> {
    /// Whether the row of the index `key` → `value` is wanted by the entity it leads to; `None`: that one says nothing,
    /// because it cannot be read.
    fn is_wanted(&self, read: &dyn Read, (key, value): (&[u8], &[u8])) -> Result<Option<bool>> {
        let (Some(index_key), Ok(index_row)) = (IK::from_bytes(key), IR::decode(value)) else { return Ok(Some(false)) };
        let (owner, value) = ((self.owner)(&index_key, &index_row), index_row.encode());
        for table in self.of {
            let entity = match table.get(read, &owner) {
                Ok(Some(entity)) => entity,
                Ok(None) => continue,
                Err(Error::Corrupt { .. } | Error::Format { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let wanted = (self.wants)(&owner, &entity);
            if wanted.iter().any(|(other, row)| other.to_bytes() == key && row.encode() == value) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    fn look_at_entity(
        &self,
        read: &dyn Read,
        of: &Table<K, R>,
        row: (&[u8], &[u8]),
        found: &mut Vec<Flaw>,
    ) -> Result<()> {
        let (Some(key), Ok(entity)) = (K::from_bytes(row.0), R::decode(row.1)) else { return Ok(()) };
        for (index_key, index_row) in (self.wants)(&key, &entity) {
            let (index_key, wanted) = (index_key.to_bytes(), index_row.encode());
            let mut flaw = |what: &str, mend| {
                let what = format!("{what} {} {}", of.name, hex(row.0));
                found.push(Flaw { table: self.table.name, key: index_key.clone(), what, mend });
            };
            let Some(there) = read.get_bytes(self.table.id, &index_key)? else {
                flaw("is missing; it follows from", Mend::Put(wanted));
                continue;
            };
            if IR::decode(&there).is_ok_and(|there| there.encode() == wanted) {
                continue;
            }
            match (self.is_wanted(read, (&index_key, &there))?, self.claim) {
                (Some(true), Claim::Contested) => {}
                (Some(true), Claim::Sole) => flaw("belongs to another row, and is wanted by", Mend::Nothing),
                _ => flaw("says something else than follows from", Mend::Put(wanted)),
            }
        }
        Ok(())
    }
}

impl<K: Key, R: Record, IK: Key, IR: Record> Described for Index<K, R, IK, IR> {
    fn table(&self) -> Named {
        Named::of(self.table)
    }

    fn is_derived(&self) -> bool {
        true
    }

    fn walks(&self) -> Vec<Named> {
        self.of.iter().map(|of| Named::of(of)).chain([Named::of(self.table)]).collect()
    }

    fn look(&self, read: &dyn Read, at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        if let Some(of) = self.of.iter().find(|of| of.id == at) {
            return self.look_at_entity(read, of, row, found);
        }
        if self.is_wanted(read, row)? == Some(false) && !self.is_another_value(read, row)? {
            let of = self.of.iter().map(|of| of.name).collect::<Vec<_>>().join(" or ");
            let what = format!("follows from no row of {of}");
            found.push(Flaw { table: self.table.name, key: row.0.to_vec(), what, mend: Mend::Delete });
        }
        Ok(())
    }
}

impl<K: Key, R: Record, IK: Key, IR: Record> Index<K, R, IK, IR> {
    /// Whether the entity wants the key with another value: then looking at the entity finds it.
    fn is_another_value(&self, read: &dyn Read, (key, value): (&[u8], &[u8])) -> Result<bool> {
        let (Some(index_key), Ok(index_row)) = (IK::from_bytes(key), IR::decode(value)) else { return Ok(false) };
        let owner = (self.owner)(&index_key, &index_row);
        for table in self.of {
            if let Some(entity) = table.get(read, &owner)?
                && (self.wants)(&owner, &entity).iter().any(|(other, _)| other.to_bytes() == key)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A number in a row that says how many rows another table has.
pub struct Counter<K: 'static, S: 'static> {
    /// Its name in the row.
    pub name: &'static str,
    /// The table with the number.
    pub table: &'static Table<K, S>,
    /// Whose rows lead to it.
    pub owners: &'static [Owner<K>],
    /// What is counted.
    pub counts: Counts<K>,
    /// The number; of no row: what its absence means.
    pub get: fn(Option<&S>) -> u64,
    /// The row with another number; `None`: no row.
    pub set: fn(Option<S>, u64) -> Option<S>,
}

/// A table whose rows say whose number is to be looked at.
pub struct Owner<K> {
    /// The table.
    pub table: Named,
    /// The key of the number, from the key of the row.
    pub key: fn(&[u8]) -> Option<K>,
}

impl<K: Key> Owner<K> {
    /// The rows of `table` have a number each, under the same key.
    #[must_use]
    pub const fn each<R: Record>(table: &Table<K, R>) -> Self {
        Owner { table: Named::of(table), key: K::from_bytes }
    }
}

/// What a counter counts.
pub enum Counts<K> {
    /// Rows of a table whose key begins with the counter's.
    Below(TableId),
    /// What this finds; `None`: too much for one look, which is passed over.
    Found(fn(&dyn Read, &K) -> Result<Option<u64>>),
}

impl<K: Key, S: Record> Counter<K, S> {
    fn count(&self, read: &dyn Read, key: &K, most: usize) -> Result<Option<u64>> {
        match self.counts {
            Counts::Below(table) => count_rows(read, table, &KeyRange::prefix(&key.to_bytes()), most),
            Counts::Found(find) => find(read, key),
        }
    }

    fn owner(&self, at: TableId, key: &[u8]) -> Option<K> {
        let owner = self.owners.iter().find(|owner| owner.table.id == at)?;
        (owner.key)(key)
    }

    /// What `look` says of a counter that says `stored` where there are `counted` rows.
    #[must_use]
    fn flaw(&self, key: &K, stored: u64, counted: u64) -> Flaw {
        let what = format!("{} says {stored}; there are {counted}", self.name);
        Flaw { table: self.table.name, key: key.to_bytes(), what, mend: Mend::Count { stored, counted } }
    }
}

/// The rows of a range; `None` above `most`.
pub(crate) fn count_rows(read: &dyn Read, table: TableId, range: &KeyRange, most: usize) -> Result<Option<u64>> {
    let mut counted = 0u64;
    read.scan_bytes(table, range, Direction::Ascending, &mut |_, _| {
        counted += 1;
        Ok(if counted <= most as u64 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok((counted <= most as u64).then_some(counted))
}

impl<K: Key, S: Record> Described for Counter<K, S> {
    fn table(&self) -> Named {
        Named::of(self.table)
    }

    fn walks(&self) -> Vec<Named> {
        self.owners.iter().map(|owner| owner.table).collect()
    }

    fn look(&self, read: &dyn Read, at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let Some(key) = self.owner(at, row.0) else { return Ok(()) };
        let stored = (self.get)(self.table.get(read, &key)?.as_ref());
        match (self.count(read, &key, limits::CHECK_COUNTED)?, &self.counts) {
            (Some(counted), _) if counted != stored => found.push(self.flaw(&key, stored, counted)),
            (None, Counts::Below(_)) => {
                let what = format!("{} says {stored}", self.name);
                found.push(Flaw { table: self.table.name, key: key.to_bytes(), what, mend: Mend::Long });
            }
            _ => {}
        }
        Ok(())
    }

    fn mend(&self, tx: &mut Tx<'_>, _at: TableId, _key: &[u8], flaw: &Flaw) -> Result<bool> {
        let (Mend::Count { stored, counted }, Some(key)) = (&flaw.mend, K::from_bytes(&flaw.key)) else {
            return Ok(false);
        };
        let row = self.table.get(tx, &key)?;
        let now = (self.get)(row.as_ref());
        // Few rows are counted again. Many are not, within a rule: only a number that has not moved is set, and the
        // next look sees whether it was right.
        let right = match self.counts {
            Counts::Below(_) if *counted <= limits::CHECK_RULE_ROWS as u64 => {
                self.count(tx, &key, limits::CHECK_RULE_ROWS)?
            }
            _ => (now == *stored).then_some(*counted),
        };
        let Some(right) = right.filter(|right| *right != now) else { return Ok(false) };
        match (self.set)(row, right) {
            Some(row) => self.table.put(tx, &key, &row),
            None => self.table.delete(tx, &key),
        }
        Ok(true)
    }

    fn phase(&self) -> Phase {
        Phase::Counters
    }

    fn rows(&self, key: &[u8]) -> Option<(TableId, KeyRange)> {
        match self.counts {
            Counts::Below(table) => Some((table, KeyRange::prefix(key))),
            Counts::Found(_) => None,
        }
    }

    fn stored(&self, read: &dyn Read, key: &[u8]) -> Result<u64> {
        let Some(key) = K::from_bytes(key) else { return Ok(0) };
        Ok((self.get)(self.table.get(read, &key)?.as_ref()))
    }
}

/// Derived rows that are there only beside the row they belong to, under the same key.
pub struct Beside<K: 'static, R: 'static, S: 'static> {
    /// The derived rows.
    pub table: &'static Table<K, S>,
    /// What they belong to.
    pub of: &'static Table<K, R>,
}

impl<K: Key, R: Record, S: Record> Described for Beside<K, R, S> {
    fn table(&self) -> Named {
        Named::of(self.table)
    }

    fn is_derived(&self) -> bool {
        true
    }

    fn walks(&self) -> Vec<Named> {
        vec![self.table()]
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let what = match S::decode(row.1) {
            Err(error) => Some(format!("cannot be read and is counted anew: {error}")),
            Ok(_) if read.get_bytes(self.of.id, row.0)?.is_none() => {
                Some(format!("belongs to no row of {}", self.of.name))
            }
            Ok(_) => None,
        };
        if let Some(what) = what {
            found.push(Flaw { table: self.table.name, key: row.0.to_vec(), what, mend: Mend::Delete });
        }
        Ok(())
    }
}

/// Rows that name other rows, which must be there. What is missing cannot be made again.
pub struct Reference<K: 'static, R: 'static> {
    /// The rows.
    pub of: &'static Table<K, R>,
    /// What one names.
    pub to: fn(&K, &R) -> Vec<Pointer>,
    /// What may be missing for a while, because a job is about to remove what names it.
    pub unless: fn(&dyn Read, &Pointer) -> Result<bool>,
}

/// A row that is named by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// Its table.
    pub table: Named,
    /// Its key.
    pub key: Vec<u8>,
}

impl Pointer {
    /// To the row of `table` under `key`.
    #[must_use]
    pub fn to<K: Key, R: Record>(table: &Table<K, R>, key: &K) -> Self {
        Pointer { table: Named::of(table), key: key.to_bytes() }
    }
}

/// For a `Reference` whose rows must always be there.
///
/// # Errors
/// None.
pub fn always(_: &dyn Read, _: &Pointer) -> Result<bool> {
    Ok(false)
}

impl<K: Key, R: Record> Described for Reference<K, R> {
    fn table(&self) -> Named {
        Named::of(self.of)
    }

    fn walks(&self) -> Vec<Named> {
        vec![self.table()]
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let (Some(key), Ok(entity)) = (K::from_bytes(row.0), R::decode(row.1)) else { return Ok(()) };
        for pointer in (self.to)(&key, &entity) {
            if read.get_bytes(pointer.table.id, &pointer.key)?.is_none() && !(self.unless)(read, &pointer)? {
                let what = format!("names {} {}, which is missing", pointer.table.name, hex(&pointer.key));
                found.push(Flaw { table: self.of.name, key: row.0.to_vec(), what, mend: Mend::Nothing });
            }
        }
        Ok(())
    }
}
