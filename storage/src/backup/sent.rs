//! Files shipped with the log: a file that a transaction refers to is in the repository before the piece of log that says
//! so. An empty object `sent/LINE/LSN-NAME` says which transaction that was: as long as that piece is needed, so is the
//! file, although no point lists it. It is stored before the file is looked for, so that whoever sweeps sees it.

use super::{
    Tell,
    files::{self, Put},
    object::Kind,
    repository::Repository,
    shipping::Shipper,
    told,
};
use crate::{blob::BlobHash, error::Result, id::Lsn, limits, media, store::Store, table::hex};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::Path,
};

/// Where the marks are.
pub(super) const SENT: &str = "sent/";

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

/// The marks.
pub(super) fn marks(repository: &Repository) -> Result<Vec<Mark>> {
    Ok(repository.list(SENT)?.iter().filter_map(|object| Mark::parse(&object.name)).collect())
}

/// The names of files that were shipped and may be there still.
pub(super) fn names(repository: &Repository) -> Result<BTreeSet<String>> {
    Ok(marks(repository)?.into_iter().map(|mark| mark.file).collect())
}

/// Ships the files that the transactions `from` to `upto` refer to, as many as one round takes; answers up to which
/// transaction the log may follow. Between two files `tell` may end it.
pub(super) fn ship(
    shipper: &Shipper,
    (store, data_dir): (&Store, &Path),
    (from, upto): (Lsn, Lsn),
    tell: Tell<'_>,
) -> Result<Lsn> {
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
    let (total, mut part) = (named.len() as u64, vec![0; limits::FILL_BYTES]);
    for (index, (hash, (lsn, bytes))) in named.into_iter().enumerate() {
        told(tell, "shipping files", index as u64, total)?;
        ship_file(shipper, (store, data_dir), lsn, (hash, bytes), &mut part)?;
    }
    Ok(until)
}

/// Ships a file, which is read by way of `part`.
fn ship_file(
    shipper: &Shipper,
    (store, data_dir): (&Store, &Path),
    lsn: Lsn,
    (hash, bytes): (BlobHash, u64),
    part: &mut [u8],
) -> Result<()> {
    let repository = shipper.repository();
    let file = hex(&repository.name_of(&hash.0));
    let mark = Mark { line: shipper.line().number, lsn, file };
    repository.put(Kind::Sent, &mark.object(), &[])?;
    // Behind the mark and before the look: a sweep that came too early for the mark spares the file, or has removed it by now.
    store.shared().sweep.ship(&mark.file);
    if files::is_there(repository, &hash.0, bytes)? {
        return Ok(());
    }
    let path = hash.path();
    match files::put_named(repository, store.vfs(), data_dir, hash, part)? {
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
