//! What the store remembers of its backups: the last that was made, the last that was seen restored, when all that lies with
//! them was read, and what failed.

use crate::{
    error::Result,
    id::{Lsn, Timestamp},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A backup.
    Backup,
    /// A backup was restored into a scratch directory and compared.
    Verify,
    /// All that lies with the backups was read.
    Read,
}

/// A backup, a verification or a reading that came to an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The place of the backups, without secrets.
    pub place: String,
    /// When it ended.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub took_ms: u64,
    /// When the point was made, or the newest where all were read; 0 if there is none.
    pub made: Timestamp,
    /// Its last transaction.
    pub lsn: Lsn,
    /// Rows of all tables in it.
    pub rows: u64,
    /// Files in it; objects where all were read.
    pub files: u64,
    /// Bytes written, or read where all were.
    pub bytes: u64,
    /// Why it failed, in words.
    pub failed: Option<String>,
    /// It failed because what lies there is not what was backed up.
    pub damaged: bool,
}
record!(Deed, 1);

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deeds {
    /// The last backup that was made.
    pub backup: Option<Deed>,
    /// The one that failed since.
    pub backup_failed: Option<Deed>,
    /// The last backup that was seen restored.
    pub verified: Option<Deed>,
    /// The verification that failed since.
    pub verify_failed: Option<Deed>,
    /// When all that lies with the backups was last read and held.
    pub read: Option<Deed>,
    /// The reading that failed since.
    pub read_failed: Option<Deed>,
}

impl Deeds {
    /// A task has ended so; a success forgets the failure before it.
    pub fn note(&mut self, task: Task, deed: Deed) {
        let (done, failed) = match task {
            Task::Backup => (&mut self.backup, &mut self.backup_failed),
            Task::Verify => (&mut self.verified, &mut self.verify_failed),
            Task::Read => (&mut self.read, &mut self.read_failed),
        };
        if deed.failed.is_some() {
            *failed = Some(deed);
        } else {
            (*done, *failed) = (Some(deed), None);
        }
    }

    /// Of each deed what `with` makes of it.
    #[must_use]
    pub fn filter_map(&self, with: impl Fn(&Deed) -> Option<Deed>) -> Deeds {
        let of = |deed: &Option<Deed>| deed.as_ref().and_then(&with);
        Deeds {
            backup: of(&self.backup),
            backup_failed: of(&self.backup_failed),
            verified: of(&self.verified),
            verify_failed: of(&self.verify_failed),
            read: of(&self.read),
            read_failed: of(&self.read_failed),
        }
    }

    /// What ended, each success before the failure since.
    pub fn ended(&self) -> impl Iterator<Item = (Task, &Deed)> {
        let ended = [
            (Task::Backup, &self.backup),
            (Task::Backup, &self.backup_failed),
            (Task::Verify, &self.verified),
            (Task::Verify, &self.verify_failed),
            (Task::Read, &self.read),
            (Task::Read, &self.read_failed),
        ];
        ended.into_iter().filter_map(|(task, deed)| Some((task, deed.as_ref()?)))
    }
}

/// 0: backup, 1: backup that failed, 2: verified, 3: verification that failed, 4: all was read, 5: reading that failed.
pub(crate) const DEEDS: Table<u8, Deed> = Table::new(210, "backup_deed");

fn key(task: Task, failed: bool) -> u8 {
    let first = match task {
        Task::Backup => 0,
        Task::Verify => 2,
        Task::Read => 4,
    };
    first + u8::from(failed)
}

/// Remembers how a task ended, also on a full disk; a success forgets the failure before it.
pub fn remember(tx: &mut Tx<'_>, task: Task, deed: &Deed) {
    tx.accept_when_full();
    DEEDS.put(tx, &key(task, deed.failed.is_some()), deed);
    if deed.failed.is_none() {
        DEEDS.delete(tx, &key(task, true));
    }
}

/// What is remembered.
///
/// # Errors
/// Storage errors.
pub fn deeds(read: &dyn Read) -> Result<Deeds> {
    let get = |task, failed| DEEDS.get(read, &key(task, failed));
    Ok(Deeds {
        backup: get(Task::Backup, false)?,
        backup_failed: get(Task::Backup, true)?,
        verified: get(Task::Verify, false)?,
        verify_failed: get(Task::Verify, true)?,
        read: get(Task::Read, false)?,
        read_failed: get(Task::Read, true)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, Options, Store, record::Record, vfs::SimulatedDisk};
    use std::sync::Arc;

    fn deed(failed: Option<String>) -> Deed {
        Deed {
            place: "p".into(),
            at: Timestamp(1),
            took_ms: 2,
            made: Timestamp(3),
            lsn: Lsn(4),
            rows: 5,
            files: 6,
            bytes: 7,
            damaged: failed.is_some(),
            failed,
        }
    }

    #[test]
    fn a_deed_has_the_bytes_it_always_had() {
        let deed = deed(Some("f".into()));
        let golden = [1, 1, b'p', 2, 2, 6, 4, 5, 6, 7, 1, 1, b'f', 1];
        assert_eq!(deed.encode(), golden);
        assert_eq!(Deed::decode(&golden).expect("reads"), deed);
    }

    #[test]
    fn a_full_disk_remembers_what_failed_and_what_was_made_since() {
        let disk = SimulatedDisk::new();
        let store = Store::open(Options { vfs: Arc::new(disk.clone()), ..Options::new("/store") }).expect("opens");
        disk.set_free_space(Some(1000));
        let known = || store.read(|view| deeds(view)).expect("read");
        for failed in [Some("why".to_owned()), None] {
            let (kept, made) = (deed(failed.clone()), deed(failed.clone()));
            let remembers = move |tx: &mut Tx<'_>| -> Result<(), Error> {
                remember(tx, Task::Backup, &kept);
                Ok(())
            };
            store.write(remembers).expect("taken");
            let (last, failing) = if failed.is_some() { (None, Some(made)) } else { (Some(made), None) };
            assert_eq!((known().backup, known().backup_failed), (last, failing));
        }
    }
}
