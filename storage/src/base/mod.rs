//! Lives here: base snapshots: all rows at an LSN in a format of our own; base and log make either engine again.
//! May use: `vfs`, `limits`, `checksum`, the engine's rows and their sum.
//! Must never name: the store, an engine's library, the log's files, tables' meaning.
//! Invariants: a base has its name only after it was read back and its names are durable; no byte is believed unseen.

mod format;
mod read;
mod write;

pub(crate) use format::{Packer, Unpacker};
pub use read::{BaseReader, RowRef};

use crate::{
    engine::{Exported, Sink},
    error::{Error, Result},
    id::{Lsn, Timestamp},
    vfs::{OpenMode, Vfs},
};
use std::path::{Path, PathBuf};
use write::BaseWriter;

/// The directory of bases in the store's directory.
pub const DIR: &str = "base";
/// A base that is being written.
const UNFINISHED: &str = "unfinished";

/// A base snapshot that can be read, as its last block describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseInfo {
    /// Its file in the store's directory, as `base/00000000000000000007.base`.
    pub name: String,
    /// The log is to be replayed behind this transaction.
    pub lsn: Lsn,
    /// The log must reach at least this far for the rows to be a state that existed; `lsn` from an engine with
    /// snapshots.
    pub upto: Lsn,
    /// Rows in it.
    pub rows: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// When it was written.
    pub written: Timestamp,
}

/// A file named as a base.
#[derive(Debug)]
pub struct Found {
    /// Its file in the store's directory.
    pub name: String,
    /// The transaction in its name.
    pub lsn: Lsn,
    /// What its last block says, or why that cannot be read.
    pub info: Result<BaseInfo>,
}

fn file_name(lsn: Lsn) -> String {
    format!("{:020}.base", lsn.0)
}

/// The file of a base in the store's directory.
pub(crate) fn name_of(lsn: Lsn) -> String {
    format!("{DIR}/{}", file_name(lsn))
}

/// The transaction in the name of a base's file.
pub(crate) fn lsn_of(file: &str) -> Option<Lsn> {
    let digits = file.strip_suffix(".base").filter(|digits| digits.len() == 20)?;
    digits.parse().ok().map(Lsn)
}

/// The files named as bases, oldest first; only their last blocks are read.
///
/// # Errors
/// `Io` if the directory cannot be listed; what is wrong with one file stands with it.
pub fn list(vfs: &dyn Vfs, store_dir: &Path) -> Result<Vec<Found>> {
    let files = vfs.list(&store_dir.join(DIR)).map_err(|error| Error::io("list base", error))?;
    let named = files.iter().filter_map(|file| Some((file, lsn_of(file)?)));
    let mut found: Vec<Found> = named
        .map(|(file, lsn)| {
            let name = format!("{DIR}/{file}");
            let info = BaseReader::open(vfs, store_dir, &name).map(|reader| reader.info().clone());
            Found { name, lsn, info }
        })
        .collect();
    found.sort_by_key(|found| found.lsn);
    Ok(found)
}

/// Reads all of a base; `go_on` is asked at each block and ends it with `Unavailable`.
///
/// # Errors
/// `Corrupt` naming file and byte, `Format` for one of a newer program, `Io`.
pub fn verify(vfs: &dyn Vfs, store_dir: &Path, name: &str, go_on: &dyn Fn() -> bool) -> Result<BaseInfo> {
    let mut reader = BaseReader::open(vfs, store_dir, name)?;
    let mut block = 0;
    while reader.next_row()?.is_some() {
        if reader.block() != block {
            block = reader.block();
            if !go_on() {
                return Err(Error::Unavailable);
            }
        }
    }
    Ok(reader.info().clone())
}

/// Writes a base of what `export` yields: beside, synced, read back, and only then under its name, durably.
///
/// # Errors
/// Those of `export`, `Io`, and `Corrupt` if what is read back is not what was written. The half-written file is
/// removed; nothing else was touched.
pub fn write(
    vfs: &dyn Vfs,
    store_dir: &Path,
    now: Timestamp,
    export: impl FnOnce(Sink<'_>) -> Result<Exported>,
    go_on: &dyn Fn() -> bool,
) -> Result<BaseInfo> {
    let (dir, beside) = (store_dir.join(DIR), unfinished(store_dir));
    let io = |what: &'static str| move |error| Error::io(what, error);
    let all = || {
        vfs.make_dir(&dir).map_err(io("make base"))?;
        let file = vfs.open(&beside, OpenMode::Truncate).map_err(io("make a base snapshot"))?;
        let mut writer = BaseWriter::begin(file)?;
        let exported = export(&mut |table, key, value| writer.add(table, key, value))?;
        writer.finish(exported, now)?;
        let beside_name = format!("{DIR}/{UNFINISHED}");
        let mut info = verify(vfs, store_dir, &beside_name, go_on)?;
        if (info.lsn, info.upto) != (exported.lsn, exported.upto) {
            return Err(Error::corrupt(beside_name, "the last block", "it was read back as another one"));
        }
        info.name = name_of(info.lsn);
        vfs.rename(&beside, &store_dir.join(&info.name)).map_err(io("rename a base snapshot"))?;
        vfs.sync_dir(&dir).map_err(io("sync base"))?;
        Ok(info)
    };
    let written = all();
    if written.is_err()
        && let Err(error) = remove_unfinished(vfs, store_dir)
    {
        tracing::warn!(%error, "a half-written base snapshot could not be removed");
    }
    written
}

fn unfinished(store_dir: &Path) -> PathBuf {
    store_dir.join(DIR).join(UNFINISHED)
}

/// Removes what a base leaves that was broken off.
///
/// # Errors
/// `Io`.
pub fn remove_unfinished(vfs: &dyn Vfs, store_dir: &Path) -> Result<()> {
    vfs.remove(&unfinished(store_dir)).map_err(|error| Error::io("remove base/unfinished", error))
}
