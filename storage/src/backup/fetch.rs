//! Files fetched from a repository: whole, or nothing of them is left at their place.

use super::{
    Tell,
    amiss::Amiss,
    files::{CONFIG, Known, open, part_name, parts_of, whole},
    object::Kind,
    point::Entry,
    repository::Repository,
    told,
};
use crate::{
    blob::BlobHash,
    error::{Error, Result},
    limits, media,
    store::Store,
    vfs::{OpenMode, Vfs},
};
use aws_lc_rs::digest::{Context, SHA256};
use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Where files are fetched to.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) vfs: &'p dyn Vfs,
    pub(super) data_dir: &'p Path,
    /// So many bytes stay free behind each file; 0 for whoever looked at the room beforehand.
    pub(super) floor_bytes: u64,
}

impl Place<'_> {
    /// `Full` if a file of `bytes` in `dir` would leave less than is to stay free.
    fn refuse_full(&self, dir: &Path, bytes: u64) -> Result<()> {
        if self.floor_bytes == 0 {
            return Ok(());
        }
        let free = self.vfs.free_space(dir).map_err(|error| Error::io("look at the free space", error))?;
        if free < self.floor_bytes.saturating_add(bytes) { Err(Error::Full) } else { Ok(()) }
    }
}

/// Fetches a file part by part.
///
/// # Errors
/// `Corrupt` naming it if its parts together are not the file; `Io`; those of `each`.
pub(super) fn fetch(
    repository: &Repository,
    entry: &Entry,
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<()> {
    let (mut hash, mut at) = (Context::new(&SHA256), 0);
    for part in 0..parts_of(entry.bytes) {
        let content = repository.get(Kind::File, &part_name(repository, &entry.hash, part))?;
        hash.update(&content);
        each(at, &content)?;
        at += content.len() as u64;
    }
    if at != entry.bytes || whole(hash) != entry.hash {
        let why = format!("its {at} bytes are not those of the file that was copied, {}", entry.path);
        return Err(Error::corrupt(
            format!("the backup's object {}", part_name(repository, &entry.hash, 0)),
            "the whole",
            why,
        ));
    }
    Ok(())
}

/// Reads a file whose length nobody knows, by its hash; answers its bytes, `None` if it is not there.
///
/// # Errors
/// `Corrupt` naming it if its parts together are not the file; `Io`.
pub(super) fn fetch_by_hash(repository: &Repository, hash: &[u8; 32]) -> Result<Option<u64>> {
    let (mut sum, mut at) = (Context::new(&SHA256), 0);
    for part in 0..limits::BACKUP_FILE_PARTS {
        let Some(content) = repository.find(Kind::File, &part_name(repository, hash, part))? else {
            if part == 0 {
                return Ok(None);
            }
            break;
        };
        sum.update(&content);
        at += content.len() as u64;
        if content.len() < limits::BACKUP_PART_BYTES {
            break;
        }
    }
    if whole(sum) != *hash {
        let why = format!("its {at} bytes do not have the hash they are named by");
        let object = format!("the backup's object {}", part_name(repository, hash, 0));
        return Err(Error::corrupt(object, "the whole", why));
    }
    Ok(Some(at))
}

/// Writes a file into a data directory, unless the same lies there. A configuration that differs is written beside.
///
/// # Errors
/// As `fetch`.
fn restore(repository: &Repository, entry: &Entry, place: Place<'_>, part: &mut [u8]) -> Result<()> {
    let path = place.data_dir.join(&entry.path);
    if let Some((file, bytes)) = open(place.vfs, &path)? {
        if bytes == entry.bytes {
            let read = BlobHash::of_file(file.as_ref(), part, || Ok(()));
            let (_, hash) = read.map_err(|error| Error::io(format!("read {}", entry.path), error))?;
            if hash.0 == entry.hash {
                return Ok(());
            }
        }
        // What somebody wrote there for this start stays; what was backed up lies beside it.
        if entry.path == CONFIG {
            return write(repository, entry, place, &path.with_extension("toml.restored"));
        }
    }
    write(repository, entry, place, &path)
}

fn write(repository: &Repository, entry: &Entry, place: Place<'_>, path: &Path) -> Result<()> {
    let io = |error| Error::io(format!("write {}", path.display()), error);
    let (vfs, dir) = (place.vfs, path.parent().unwrap_or(Path::new(".")));
    let beside = dir.join(".unfinished");
    vfs.make_dir(dir).map_err(io)?;
    place.refuse_full(dir, entry.bytes)?;
    vfs.remove(&beside).map_err(io)?;
    let file = vfs.open(&beside, OpenMode::Truncate).map_err(io)?;
    let fetched = fetch(repository, entry, |at, content| file.write_at(at, content).map_err(io));
    let whole = fetched.and_then(|()| file.sync_data().map_err(io));
    drop(file);
    if whole.is_err() {
        // What cannot be removed now is replaced by the next file that is written here.
        let _ = vfs.remove(&beside);
    }
    whole?;
    vfs.rename(&beside, path).map_err(io)
}

/// Writes files into a data directory; answers which of them lie there now. What is damaged in the repository is noted and
/// passed over.
///
/// # Errors
/// Those of the target and the disk; `Full` where less would stay free than `place` says; `Unavailable` if `tell` ends it.
pub(super) fn restore_all(
    repository: &Repository,
    known: &Known,
    place: Place<'_>,
    damaged: &mut Amiss,
    tell: Tell<'_>,
) -> Result<Fetched> {
    let (mut names, mut fetched, total) = (Names::default(), Fetched::default(), known.len() as u64);
    let mut part = vec![0; limits::FILL_BYTES];
    for (index, entry) in known.values().enumerate() {
        told(tell, "fetching files", index as u64, total)?;
        match restore(repository, entry, place, &mut part) {
            Ok(()) => {
                names.add(place.data_dir, &entry.path);
                (fetched.files, fetched.bytes) = (fetched.files + 1, fetched.bytes + entry.bytes);
            }
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, path = %entry.path, "a file in the backup is damaged and passed over");
                damaged.add(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    names.settle(place.vfs)?;
    told(tell, "fetching files", total, total)?;
    Ok(fetched)
}

/// What fetching files came to.
#[derive(Default)]
pub(super) struct Fetched {
    /// Files that were fetched.
    pub(super) files: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Those that rows refer to and that the repository has not, or not whole.
    pub(super) missing: Amiss,
}

/// Fetches what the rows of a store refer to and does not lie in its place: shipped with the log, or on no list that could
/// be read.
///
/// # Errors
/// As `restore_all`.
pub(super) fn fetch_referred(
    repository: &Repository,
    store: &Store,
    place: Place<'_>,
    tell: Tell<'_>,
) -> Result<Fetched> {
    let (mut fetched, mut names, mut looked) = (Fetched::default(), Names::default(), 0);
    let all = media::each_file(store, |hash, blob| {
        looked += 1;
        told(tell, "looking for files that posts refer to", looked, 0)?;
        let entry = Entry { path: hash.path(), bytes: blob.bytes, hash: hash.0 };
        if lies_there(place, &entry)? {
            return Ok(ControlFlow::Continue(()));
        }
        match fetch_referred_file(repository, place, &entry)? {
            true => {
                names.add(place.data_dir, &entry.path);
                (fetched.files, fetched.bytes) = (fetched.files + 1, fetched.bytes + entry.bytes);
            }
            false => fetched.missing.add(entry.path),
        }
        Ok(ControlFlow::Continue(()))
    });
    // Those that were fetched lie there also where the next one could not be.
    names.settle(place.vfs)?;
    all?;
    Ok(fetched)
}

/// Fetches a file; whether the repository had it. Its name must still be made durable.
///
/// # Errors
/// Those of the target and the disk; `Full` as `restore_all`.
pub(super) fn fetch_referred_file(repository: &Repository, place: Place<'_>, entry: &Entry) -> Result<bool> {
    match write(repository, entry, place, &place.data_dir.join(&entry.path)) {
        Ok(()) => Ok(true),
        Err(error @ Error::Corrupt { .. }) => {
            tracing::warn!(%error, path = %entry.path, "a file that rows refer to cannot be had from the backup");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Whether a file of this length has this name.
///
/// # Errors
/// `Io`.
pub(super) fn lies_there(place: Place<'_>, entry: &Entry) -> Result<bool> {
    Ok(open(place.vfs, &place.data_dir.join(&entry.path))?.is_some_and(|(_, bytes)| bytes == entry.bytes))
}

impl Repository {
    /// Whether the file with this hash is there, whole.
    ///
    /// # Errors
    /// Those of the target but for damage.
    pub fn has_file(&self, hash: BlobHash) -> Result<bool> {
        match fetch_by_hash(self, &hash.0) {
            Ok(bytes) => Ok(bytes.is_some()),
            Err(Error::Corrupt { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes the file with this hash to its place below a data directory, replacing what lies there.
    ///
    /// # Errors
    /// `Corrupt` naming the object that is missing or damaged, and nothing is replaced; those of the target and the disk.
    pub fn put_back(&self, hash: BlobHash, bytes: u64, vfs: &dyn Vfs, data_dir: &Path) -> Result<()> {
        let entry = Entry { path: hash.path(), bytes, hash: hash.0 };
        write(self, &entry, Place { vfs, data_dir, floor_bytes: 0 }, &data_dir.join(&entry.path))?;
        let mut names = Names::default();
        names.add(data_dir, &entry.path);
        names.settle(vfs)
    }
}

/// Names of files that must be made durable: their directories, 65 793 at most for files named by hashes.
#[derive(Default)]
pub(super) struct Names(BTreeSet<PathBuf>);

impl Names {
    /// One more file.
    pub(super) fn add(&mut self, data_dir: &Path, path: &str) {
        self.0.extend(Path::new(path).ancestors().skip(1).map(|dir| data_dir.join(dir)));
    }

    /// Makes them durable.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn settle(&self, vfs: &dyn Vfs) -> Result<()> {
        for dir in &self.0 {
            vfs.sync_dir(dir).map_err(|error| Error::io(format!("sync {}", dir.display()), error))?;
        }
        Ok(())
    }
}
