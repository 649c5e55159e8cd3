//! Files shipped with the log: a file that a transaction refers to is in the repository before the piece of log that says
//! so. An empty object `sent/LINE/LSN-NAME` says which transaction that was: as long as that piece is needed, so is the
//! file, although no point lists it. It is stored before the file is looked for, so that whoever sweeps sees it.

use super::{
    files::{self, Put},
    object::Kind,
    repository::Repository,
    shipping::Shipper,
};
use crate::{blob::BlobHash, error::Result, id::Lsn, limits, media, store::Store, table::hex};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Where the marks are.
pub(super) const SENT: &str = "sent/";

/// Files (by store and name) shipped since a sweep last read the marks. A sweep and the shipping go on beside each other in
/// one process: a file whose mark came too late for the sweep is in here.
static SPARED: Mutex<BTreeSet<(u64, String)>> = Mutex::new(BTreeSet::new());

fn spared() -> MutexGuard<'static, BTreeSet<(u64, String)>> {
    SPARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A mark as its object's name tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) line: u64,
    /// The transaction that refers to the file.
    pub(super) lsn: Lsn,
    /// The name under which the file's parts are.
    pub(super) file: String,
}

impl Mark {
    fn object(&self) -> String {
        format!("{SENT}{:016x}/{:020}-{}", self.line, self.lsn.0, self.file)
    }

    pub(super) fn parse(object: &str) -> Option<Mark> {
        let (line, rest) = object.strip_prefix(SENT)?.split_once('/')?;
        let (lsn, file) = rest.split_once('-')?;
        let mark =
            Mark { line: u64::from_str_radix(line, 16).ok()?, lsn: Lsn(lsn.parse().ok()?), file: file.to_owned() };
        (mark.object() == object).then_some(mark)
    }
}

/// The marks. Files whose marks come later are spared by `remove_unless_sent` until these are read again.
pub(super) fn marks(repository: &Repository) -> Result<Vec<Mark>> {
    // What is in it now has its mark already.
    spared().retain(|(store, _)| *store != repository.store());
    listed(repository)
}

/// The names of files that were shipped and may be there still.
pub(super) fn names(repository: &Repository) -> Result<BTreeSet<String>> {
    Ok(listed(repository)?.into_iter().map(|mark| mark.file).collect())
}

fn listed(repository: &Repository) -> Result<Vec<Mark>> {
    Ok(repository.list(SENT)?.iter().filter_map(|object| Mark::parse(&object.name)).collect())
}

/// Removes a part of a file, unless it was shipped since the marks were read.
pub(super) fn remove_unless_sent(repository: &Repository, object: &str, file: &str) -> Result<()> {
    let spared = spared();
    if spared.contains(&(repository.store(), file.to_owned())) {
        return Ok(());
    }
    // Under the lock: whoever ships it looks afterwards whether it is there.
    repository.remove(object)
}

/// Ships the files that the transactions `from` to `upto` refer to, as many as one round takes; answers up to which
/// transaction the log may follow.
pub(super) fn ship(shipper: &Shipper, store: &Store, data_dir: &Path, from: Lsn, upto: Lsn) -> Result<Lsn> {
    let (mut named, mut bytes, mut until) = (BTreeMap::new(), 0_u64, upto);
    store.read_log(from, |lsn, transaction| {
        if lsn > upto {
            return Ok(ControlFlow::Break(()));
        }
        for (hash, blob) in media::files_in(&transaction) {
            let Some(blob) = blob else { continue };
            // The last transaction that does: its piece is needed longest.
            if named.insert(hash, (lsn, blob.bytes)).is_none() {
                bytes = bytes.saturating_add(blob.bytes);
            }
        }
        if named.len() >= limits::SHIP_FILES || bytes >= limits::SHIP_FILE_BYTES {
            until = lsn;
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (hash, (lsn, bytes)) in named {
        ship_file(shipper, store, data_dir, lsn, (hash, bytes))?;
    }
    Ok(until)
}

fn ship_file(
    shipper: &Shipper,
    store: &Store,
    data_dir: &Path,
    lsn: Lsn,
    (hash, bytes): (BlobHash, u64),
) -> Result<()> {
    let repository = shipper.repository();
    let file = hex(&repository.name_of(&hash.0));
    let mark = Mark { line: shipper.line().number, lsn, file };
    repository.put(Kind::Sent, &mark.object(), &[])?;
    spared().insert((repository.store(), mark.file.clone()));
    if files::is_there(repository, &hash.0, bytes)? {
        return Ok(());
    }
    let path = media::file_path(hash);
    match files::put_named(repository, store.vfs(), data_dir, hash)? {
        Put::Done => {}
        // Of what was posted and deleted within a round, the moments between have no file.
        Put::Absent if !media::is_referred_to(store, hash)? => {}
        Put::Absent => tracing::warn!(%path, "a file that rows refer to is missing, so it is not shipped"),
        Put::Rotten => tracing::error!(%path, "a file is damaged, so it is not shipped; `dassie check` says more"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_back_and_foreign_names_do_not() {
        let mark = Mark { line: 0xab, lsn: Lsn(7), file: "0f".repeat(32) };
        let object = format!("sent/00000000000000ab/00000000000000000007-{}", "0f".repeat(32));
        assert_eq!(mark.object(), object);
        assert_eq!(Mark::parse(&object), Some(mark));
        for foreign in ["", "sent/", "sent/ab/7-x", "sent/00000000000000AB/00000000000000000007-x", "file/00/x"] {
            assert_eq!(Mark::parse(foreign), None, "{foreign}");
        }
    }
}
