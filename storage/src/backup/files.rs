//! Files beside the store: pictures and the configuration. A file is stored once by its hash; lists name them.
//!
//! A file under `DATA/media` never changes under its name, so one of the same path and length is not read again. A file
//! named by a SHA-256 whose content has another, or that cannot be read, is damaged: it is never stored as if it were good,
//! and keeps nothing else from being stored.

use super::{
    Tell,
    amiss::Amiss,
    fetch::fetch_by_hash,
    object::Kind,
    point::{Entry, List},
    repository::Repository,
    told,
};
use crate::{
    blob::BlobHash,
    checksum,
    error::{Error, Result},
    limits,
    record::Record,
    table::hex,
    vfs::{self, OpenMode, Vfs, VfsFile},
};
use aws_lc_rs::digest::{Context, SHA256, digest};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Component, Path},
    sync::Arc,
};

/// The directory of pictures in the data directory.
const MEDIA: &str = "media";
/// The configuration in the data directory and in a backup.
pub(super) const CONFIG: &str = "dassie.toml";

/// What of a data directory is copied beside the store.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The data directory.
    pub data_dir: &'a Path,
    /// The configuration file, wherever it lies.
    pub config: Option<&'a Path>,
}

/// Files that are in a repository, by path.
pub(super) type Known = BTreeMap<String, Entry>;

/// What was copied, by one or more rounds of `copy`.
#[derive(Default)]
pub(super) struct Copied {
    /// The files that are in the repository, also those gone from the disk since.
    pub(super) entries: Known,
    /// Files whose content is not what their name says, or cannot be read; whether the repository has them whole from before.
    pub(super) damaged: BTreeMap<String, bool>,
    /// Bytes of the objects written.
    pub(super) written: u64,
    /// What the point before lists and was not come upon yet.
    known: Known,
    /// The hashes of files that are in the repository.
    there: BTreeSet<[u8; 32]>,
    /// Names of files shipped with the log.
    sent: BTreeSet<String>,
    /// The lists that were read and hold.
    lists: BTreeSet<[u8; 32]>,
}

impl Copied {
    /// Nothing yet; `known`, which `lists` name, are in the repository, and so may be the files with the names `sent`.
    pub(super) fn new(known: Known, lists: &[[u8; 32]], sent: BTreeSet<String>) -> Copied {
        let there = known.values().map(|entry| entry.hash).collect();
        Copied { there, known, sent, lists: lists.iter().copied().collect(), ..Copied::default() }
    }

    /// Whether the file of this path and length is in the repository.
    fn has(&self, path: &str, bytes: u64) -> bool {
        let entry = self.entries.get(path).or_else(|| self.known.get(path));
        // What was stored while it was damaged is known under another hash.
        entry.is_some_and(|entry| entry.bytes == bytes && hash_in(path).is_none_or(|hash| hash.0 == entry.hash))
    }

    /// A file that is in the repository still is on the disk.
    fn keep(&mut self, path: String) {
        if let Some(entry) = self.known.remove(&path) {
            self.entries.entry(path).or_insert(entry);
        }
    }

    /// A file named by its hash is damaged on the disk: what the repository has of it stays listed.
    fn note_damaged(&mut self, repository: &Repository, path: String, name: BlobHash) -> Result<()> {
        let listed = self.known.remove(&path).filter(|entry| entry.hash == name.0);
        let kept = match listed {
            Some(entry) => Some(entry),
            None => kept_before(repository, &path, name)?,
        };
        self.damaged.insert(path.clone(), kept.is_some());
        self.entries.extend(kept.map(|entry| (path, entry)));
        Ok(())
    }

    /// What is damaged, in words.
    pub(super) fn told_damaged(&self) -> Amiss {
        let mut amiss = Amiss::default();
        for (path, kept) in &self.damaged {
            amiss.add(match kept {
                true => format!("{path} is damaged here; the backup has it as it was"),
                false => format!("{path} is damaged here and is not in the backup"),
            });
        }
        amiss
    }
}

pub(super) fn part_name(repository: &Repository, hash: &[u8; 32], part: u64) -> String {
    let name = hex(&repository.name_of(hash));
    format!("file/{}/{name}-{part:06}", &name[..2])
}

pub(super) fn list_name(name: &[u8; 32]) -> String {
    format!("list/{}", hex(name))
}

/// The name of the file that an object is a part of.
pub(super) fn file_of(object: &str) -> Option<&str> {
    object.strip_prefix("file/")?.get(3..)?.split('-').next()
}

/// The name under which a file's parts are.
pub(super) fn name_of_file(repository: &Repository, entry: &Entry) -> String {
    hex(&repository.name_of(&entry.hash))
}

/// The name of the list that an object is.
pub(super) fn list_of(object: &str) -> Option<&str> {
    object.strip_prefix("list/")
}

pub(super) fn parts_of(bytes: u64) -> u64 {
    bytes.div_ceil(limits::BACKUP_PART_BYTES as u64).max(1)
}

/// The SHA-256 that a path says its content has; `None` for names of another kind.
fn hash_in(path: &str) -> Option<BlobHash> {
    BlobHash::parse(path.rsplit('/').next()?).filter(|hash| hash.path() == path)
}

/// Copies what is not in `copied` yet.
///
/// # Errors
/// `Io`; `Refused` for more files than a backup takes.
pub(super) fn copy(
    repository: &Repository,
    vfs: &dyn Vfs,
    beside: Beside<'_>,
    copied: &mut Copied,
    tell: Tell<'_>,
) -> Result<()> {
    let paths = walk(vfs, beside.data_dir)?;
    let total = paths.len() as u64;
    let mut part = vec![0; limits::FILL_BYTES];
    for (index, path) in paths.into_iter().enumerate() {
        told(tell, "copying files", index as u64, total)?;
        // One that is named by its hash was looked at in the round before.
        let looked_at = hash_in(&path).is_some() && copied.entries.contains_key(&path);
        if looked_at || copied.damaged.contains_key(&path) {
            continue;
        }
        let seen = look(vfs, &beside.data_dir.join(&path), |bytes| copied.has(&path, bytes), &mut part);
        match (seen, hash_in(&path)) {
            (Ok(Seen::Gone), _) => {}
            (Ok(Seen::Known), _) => copied.keep(path),
            (Ok(Seen::Read(read)), Some(name)) if read.hash != name => copied.note_damaged(repository, path, name)?,
            (Ok(Seen::Read(read)), _) => copy_file(repository, &read, path, copied)?,
            (Err(error), Some(name)) if !is_passing(&error) => {
                tracing::error!(%error, %path, "a file cannot be read, so it is not backed up");
                copied.note_damaged(repository, path, name)?;
            }
            (Err(error), _) => return Err(error),
        }
    }
    if let Some(config) = beside.config
        && let Seen::Read(read) = look(vfs, config, |_| false, &mut part)?
    {
        copy_file(repository, &read, CONFIG.to_owned(), copied)?;
    }
    Ok(())
}

/// What lies at a path.
enum Seen {
    Gone,
    /// What was known, by its length.
    Known,
    Read(Read),
}

/// A file that was read to its end.
struct Read {
    file: Arc<dyn VfsFile>,
    bytes: u64,
    hash: BlobHash,
}

/// Reads a file by way of `part`, unless it is `known`, which is asked with its length.
///
/// # Errors
/// `Io`, of the disk that the file is on.
fn look(vfs: &dyn Vfs, at: &Path, known: impl FnOnce(u64) -> bool, part: &mut [u8]) -> Result<Seen> {
    let Some((file, bytes)) = open(vfs, at)? else { return Ok(Seen::Gone) };
    if known(bytes) {
        return Ok(Seen::Known);
    }
    let read = BlobHash::of_file(file.as_ref(), part, || Ok(()));
    let (bytes, hash) = read.map_err(|error| Error::io(format!("read {}", at.display()), error))?;
    Ok(Seen::Read(Read { file, bytes, hash }))
}

pub(super) fn open(vfs: &dyn Vfs, path: &Path) -> Result<Option<(Arc<dyn VfsFile>, u64)>> {
    let opened = vfs.open(path, OpenMode::ReadOnly).and_then(|file| Ok((file.size()?, file)));
    match opened {
        Ok((bytes, file)) => Ok(Some((file, bytes))),
        // Removed since it was listed: nothing that is restored refers to it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("read {}", path.display()), error)),
    }
}

/// Calls `each` with the parts of a file that has about `bytes`.
fn read_parts(
    (file, bytes): (&dyn VfsFile, u64),
    path: &str,
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<()> {
    let size = usize::try_from(bytes).unwrap_or(usize::MAX).clamp(1, limits::BACKUP_PART_BYTES);
    // A part more than the length says tells that there is no more.
    let mut part = vec![0; if size < limits::BACKUP_PART_BYTES { size + 1 } else { size }];
    let (mut at, mut number) = (0, 0);
    loop {
        let count = file.read_at(at, &mut part).map_err(|error| Error::io(format!("read {path}"), error))?;
        if count == 0 && at > 0 {
            return Ok(());
        }
        each(number, &part[..count])?;
        at += count as u64;
        number += 1;
        if count < part.len() {
            return Ok(());
        }
        if part.len() < limits::BACKUP_PART_BYTES {
            return Err(changed(path));
        }
    }
}

fn changed(path: &str) -> Error {
    Error::io(format!("copy {path}"), io::Error::other("it changed while it was copied"))
}

/// Copies a file that was read once, so that its hash is known, unless it is there by that.
fn copy_file(repository: &Repository, read: &Read, path: String, copied: &mut Copied) -> Result<()> {
    let Read { bytes, hash: BlobHash(hash), .. } = *read;
    let shipped = copied.sent.contains(&hex(&repository.name_of(&hash)));
    if copied.there.insert(hash) && !(shipped && is_there(repository, &hash, bytes)?) {
        match put_parts(repository, (read.file.as_ref(), bytes), &path, &hash) {
            Ok(written) => copied.written += written,
            Err(error) => {
                copied.there.remove(&hash);
                return Err(error);
            }
        }
    }
    copied.known.remove(&path);
    copied.entries.insert(path.clone(), Entry { path, bytes, hash });
    Ok(())
}

/// Stores the parts of a file whose hash is known; answers the bytes written.
fn put_parts(repository: &Repository, file: (&dyn VfsFile, u64), path: &str, hash: &[u8; 32]) -> Result<u64> {
    let (mut again, mut written) = (Context::new(&SHA256), 0);
    read_parts(file, path, |number, part| {
        again.update(part);
        written += repository.put(Kind::File, &part_name(repository, hash, number), part)?;
        Ok(())
    })?;
    if whole(again) == *hash { Ok(written) } else { Err(changed(path)) }
}

/// What can be read in the repository of a file that is damaged on the disk and that no list told of.
fn kept_before(repository: &Repository, path: &str, name: BlobHash) -> Result<Option<Entry>> {
    match fetch_by_hash(repository, &name.0) {
        Ok(bytes) => Ok(bytes.map(|bytes| Entry { path: path.to_owned(), bytes, hash: name.0 })),
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(%error, %path, "a file is damaged here and in the backup");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether there are objects for all parts of a file.
pub(super) fn is_there(repository: &Repository, hash: &[u8; 32], bytes: u64) -> Result<bool> {
    for part in 0..parts_of(bytes) {
        if !repository.has(&part_name(repository, hash, part))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What came of storing a file by its name.
pub(super) enum Put {
    /// It is there.
    Done,
    /// There is no such file.
    Absent,
    /// Its content is not what its name says, or cannot be read.
    Rotten,
}

/// Stores the file below `data_dir` that has this hash.
///
/// # Errors
/// Those of the target; of the disk where they say nothing of the file, or one that was just read cannot be read again.
pub(super) fn put_named(
    repository: &Repository,
    vfs: &dyn Vfs,
    data_dir: &Path,
    hash: BlobHash,
    part: &mut [u8],
) -> Result<Put> {
    let path = hash.path();
    // Read once before: what is stored under a hash is what has it.
    match look(vfs, &data_dir.join(&path), |_| false, part) {
        Ok(Seen::Read(read)) if read.hash == hash => {
            put_parts(repository, (read.file.as_ref(), read.bytes), &path, &hash.0).map(|_| Put::Done)
        }
        Ok(Seen::Read(_)) => Ok(Put::Rotten),
        Ok(Seen::Gone | Seen::Known) => Ok(Put::Absent),
        Err(error) if is_passing(&error) => Err(error),
        Err(error) => {
            tracing::error!(%error, %path, "a file cannot be read");
            Ok(Put::Rotten)
        }
    }
}

fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if vfs::is_passing(source))
}

pub(super) fn whole(hash: Context) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.finish().as_ref());
    bytes
}

/// The files under `DATA/media`, in order; hidden files are left out.
fn walk(vfs: &dyn Vfs, data_dir: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![MEDIA.to_owned()];
    while let Some(below) = open.pop() {
        let dir = data_dir.join(&below);
        let listed = vfs.dirs(&dir).and_then(|dirs| Ok((dirs, vfs.list(&dir)?)));
        let (dirs, names) = listed.map_err(|error| Error::io(format!("list {}", dir.display()), error))?;
        for name in names {
            let path = format!("{below}/{name}");
            if name.starts_with('.') || !is_path(&path) {
                continue;
            }
            if dirs.binary_search(&name).is_err() {
                found.push(path);
            }
        }
        let deeper = dirs.iter().filter(|name| !name.starts_with('.')).map(|name| format!("{below}/{name}"));
        open.extend(deeper.filter(|path| is_path(path)));
        if found.len() + open.len() > limits::BACKUP_FILES_MAX {
            let why = format!("there are more than {} files under {MEDIA}", limits::BACKUP_FILES_MAX);
            return Err(Error::Refused(why));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether a path may be written below a data directory: pictures and the configuration, nothing that leads elsewhere.
fn is_path(path: &str) -> bool {
    let parts = || Path::new(path).components();
    let plain = parts().all(|part| matches!(part, Component::Normal(_))) && !path.contains(['\0', '\\']);
    let ours = path == CONFIG || path.strip_prefix(MEDIA).is_some_and(|below| below.starts_with('/'));
    plain && ours && path.len() <= limits::BACKUP_PATH_BYTES && parts().count() <= limits::BACKUP_DEPTH
}

/// Writes the lists of what was copied; where one ends depends on the paths in it, so that most are those of the backup
/// before. Only those are not written again: what has the name of another one may be damaged.
///
/// # Errors
/// Those of the target.
pub(super) fn write_lists(repository: &Repository, copied: &mut Copied) -> Result<Vec<[u8; 32]>> {
    let (mut names, entries) = (Vec::new(), std::mem::take(&mut copied.entries));
    let Copied { written, lists: there, .. } = copied;
    let mut flush = |list: &mut Vec<Entry>| -> Result<()> {
        let content = List(std::mem::take(list)).encode();
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &content).as_ref());
        let name = repository.name_of(&hash);
        if there.insert(name) {
            *written += repository.put(Kind::List, &list_name(&name), &content)?;
        }
        names.push(name);
        Ok(())
    };
    let mut list = Vec::new();
    for entry in entries.into_values() {
        let cut = checksum::checksum(entry.path.as_bytes()).is_multiple_of(limits::BACKUP_LIST_CUT);
        list.push(entry);
        if cut || list.len() >= limits::BACKUP_LIST_FILES {
            flush(&mut list)?;
        }
    }
    if !list.is_empty() {
        flush(&mut list)?;
    }
    Ok(names)
}

/// Reads lists; each path must be one that may be written.
///
/// # Errors
/// `Corrupt` naming the list; `Io`.
pub(super) fn read_list(repository: &Repository, name: &[u8; 32]) -> Result<Vec<Entry>> {
    let object = list_name(name);
    let List(entries) = List::decode(&repository.get(Kind::List, &object)?)?;
    if let Some(entry) = entries.iter().find(|entry| !is_path(&entry.path)) {
        let why = format!("a file may not be at {:?}", entry.path);
        return Err(Error::corrupt(format!("the backup's object {object}"), "a path", why));
    }
    Ok(entries)
}

/// The files of lists by path; of two with one path the later counts.
///
/// # Errors
/// As `read_list`; `Refused` for more files than a backup takes.
pub(super) fn read_lists(repository: &Repository, lists: &[[u8; 32]]) -> Result<Known> {
    let mut known = Known::new();
    for name in lists {
        add(&mut known, read_list(repository, name)?)?;
    }
    Ok(known)
}

/// The same, without the lists that cannot be read, which are noted in `damaged`.
///
/// # Errors
/// `Refused` for more files than a backup takes; `Io`.
pub(super) fn read_lists_that_hold(repository: &Repository, lists: &[[u8; 32]], damaged: &mut Amiss) -> Result<Known> {
    let mut known = Known::new();
    for list in lists {
        match read_list(repository, list) {
            Ok(entries) => add(&mut known, entries)?,
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "a list of files in the backup is damaged and passed over");
                damaged.add(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(known)
}

fn add(known: &mut Known, entries: Vec<Entry>) -> Result<()> {
    known.extend(entries.into_iter().map(|entry| (entry.path.clone(), entry)));
    if known.len() > limits::BACKUP_FILES_MAX {
        return Err(Error::Refused(format!("the backup names more than {} files", limits::BACKUP_FILES_MAX)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{hash_in, is_path};
    use crate::blob::BlobHash;

    #[test]
    fn only_names_that_are_hashes_say_what_is_in_a_file() {
        let hash = BlobHash::of(b"picture");
        assert_eq!(hash_in(&hash.path()), Some(hash));
        for other in ["media/aa/bb/picture", "dassie.toml", &format!("media/{hash}"), &format!("media/aa/bb/{hash}")] {
            assert_eq!(hash_in(other), None, "{other}");
        }
    }

    #[test]
    fn only_pictures_and_the_configuration_may_be_written() {
        for fine in ["dassie.toml", "media/aa/bb/0123", "media/x"] {
            assert!(is_path(fine), "{fine}");
        }
        let deep = format!("media/{}x", "a/".repeat(8));
        for foreign in ["", "media", "media/../x", "/etc/passwd", "media/./x/../../y", "store/LOCK", "mediax/a", &deep]
        {
            assert!(!is_path(foreign), "{foreign}");
        }
    }
}
