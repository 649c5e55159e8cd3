//! Files beside the store: pictures and the configuration. A file is stored once by its hash; lists name them.
//!
//! A file under `DATA/media` never changes under its name, so one of the same path and length is not read again. A file
//! named by a SHA-256 whose content has another is damaged: it is never stored as if it were good.

use super::{
    Tell,
    amiss::Amiss,
    object::Kind,
    point::{Entry, List},
    repository::Repository,
    told,
};
use crate::{
    blob::BlobHash,
    checksum,
    error::{Error, Result},
    limits, media,
    record::Record,
    store::Store,
    table::hex,
    vfs::{OpenMode, Vfs, VfsFile},
};
use aws_lc_rs::digest::{Context, SHA256, digest};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::ControlFlow,
    path::{Component, Path, PathBuf},
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
    /// Files whose content is not what their name says; whether the repository has them whole from before.
    pub(super) damaged: BTreeMap<String, bool>,
    /// Bytes of the objects written.
    pub(super) written: u64,
    /// The hashes of files that are in the repository.
    there: BTreeSet<[u8; 32]>,
    /// Names of files shipped with the log.
    sent: BTreeSet<String>,
}

impl Copied {
    /// Nothing yet; `known` are in the repository, and so may be the files with the names `sent`.
    pub(super) fn new(known: &Known, sent: BTreeSet<String>) -> Copied {
        Copied { there: known.values().map(|entry| entry.hash).collect(), sent, ..Copied::default() }
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

fn part_name(repository: &Repository, hash: &[u8; 32], part: u64) -> String {
    let name = hex(&repository.name_of(hash));
    format!("file/{}/{name}-{part:06}", &name[..2])
}

fn list_name(name: &[u8; 32]) -> String {
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

fn parts_of(bytes: u64) -> u64 {
    bytes.div_ceil(limits::BACKUP_PART_BYTES as u64).max(1)
}

/// The SHA-256 that a path says its content has; `None` for names of another kind.
fn hash_in(path: &str) -> Option<BlobHash> {
    BlobHash::parse(path.rsplit('/').next()?).filter(|hash| media::file_path(*hash) == path)
}

/// Copies what is neither in `known` nor `copied` yet.
///
/// # Errors
/// `Io`; `Refused` for more files than a backup takes.
pub(super) fn copy(
    repository: &Repository,
    vfs: &dyn Vfs,
    beside: Beside<'_>,
    known: &Known,
    copied: &mut Copied,
    tell: Tell<'_>,
) -> Result<()> {
    let paths = walk(vfs, beside.data_dir)?;
    let total = paths.len() as u64;
    for (index, path) in paths.into_iter().enumerate() {
        told(tell, "copying files", index as u64, total)?;
        if copied.damaged.contains_key(&path) {
            continue;
        }
        let Some((file, bytes)) = open(vfs, &beside.data_dir.join(&path))? else { continue };
        // What was stored while it was damaged is known under another hash.
        let same = |entry: &&Entry| entry.bytes == bytes && hash_in(&path).is_none_or(|hash| hash.0 == entry.hash);
        let before = copied.entries.get(&path).or_else(|| known.get(&path));
        match before.filter(same).cloned() {
            Some(entry) => drop(copied.entries.insert(path, entry)),
            None => copy_file(repository, (file.as_ref(), bytes), path, known, copied)?,
        }
    }
    if let Some(config) = beside.config
        && let Some((file, bytes)) = open(vfs, config)?
    {
        copy_file(repository, (file.as_ref(), bytes), CONFIG.to_owned(), known, copied)?;
    }
    Ok(())
}

fn open(vfs: &dyn Vfs, path: &Path) -> Result<Option<(Arc<dyn VfsFile>, u64)>> {
    let opened = vfs.open(path, OpenMode::ReadOnly).and_then(|file| Ok((file.size()?, file)));
    match opened {
        Ok((bytes, file)) => Ok(Some((file, bytes))),
        // Removed since it was listed: nothing that is restored refers to it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("read {}", path.display()), error)),
    }
}

/// Calls `each` with the parts of a file that has about `bytes`; answers how many it has.
fn read_parts(
    (file, bytes): (&dyn VfsFile, u64),
    path: &str,
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<u64> {
    let size = usize::try_from(bytes).unwrap_or(usize::MAX).clamp(1, limits::BACKUP_PART_BYTES);
    // A part more than the length says tells that there is no more.
    let mut part = vec![0; if size < limits::BACKUP_PART_BYTES { size + 1 } else { size }];
    let (mut at, mut number) = (0, 0);
    loop {
        let count = file.read_at(at, &mut part).map_err(|error| Error::io(format!("read {path}"), error))?;
        if count == 0 && at > 0 {
            return Ok(at);
        }
        each(number, &part[..count])?;
        at += count as u64;
        number += 1;
        if count < part.len() {
            return Ok(at);
        }
        if part.len() < limits::BACKUP_PART_BYTES {
            return Err(changed(path));
        }
    }
}

fn changed(path: &str) -> Error {
    Error::io(format!("copy {path}"), io::Error::other("it changed while it was copied"))
}

fn copy_file(
    repository: &Repository,
    file: (&dyn VfsFile, u64),
    path: String,
    known: &Known,
    copied: &mut Copied,
) -> Result<()> {
    let mut hash = Context::new(&SHA256);
    let bytes = read_parts(file, &path, |_, part| {
        hash.update(part);
        Ok(())
    })?;
    let hash: [u8; 32] = whole(hash);
    if let Some(name) = hash_in(&path).filter(|name| name.0 != hash) {
        let kept = kept_before(repository, &path, name, known)?;
        copied.damaged.insert(path.clone(), kept.is_some());
        copied.entries.extend(kept.map(|entry| (path, entry)));
        return Ok(());
    }
    let shipped = copied.sent.contains(&hex(&repository.name_of(&hash)));
    if copied.there.insert(hash) && !(shipped && is_there(repository, &hash, bytes)?) {
        match put_parts(repository, file, &path, &hash) {
            Ok(written) => copied.written += written,
            Err(error) => {
                copied.there.remove(&hash);
                return Err(error);
            }
        }
    }
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

/// What the repository has of a file that is damaged on the disk: what a list said of it before, or else what can be read
/// there.
fn kept_before(repository: &Repository, path: &str, name: BlobHash, known: &Known) -> Result<Option<Entry>> {
    if let Some(entry) = known.get(path).filter(|entry| entry.hash == name.0) {
        return Ok(Some(entry.clone()));
    }
    match fetch_by_hash(repository, &name.0, |_, _| Ok(())) {
        Ok(bytes) => Ok(bytes.map(|bytes| Entry { path: path.to_owned(), bytes, hash: name.0 })),
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(%error, %path, "a file is damaged here and in the backup");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether a listing shows all parts of a file.
pub(super) fn is_there(repository: &Repository, hash: &[u8; 32], bytes: u64) -> Result<bool> {
    let first = part_name(repository, hash, 0);
    let folder = first.rsplit_once('/').map_or("", |(folder, _)| folder);
    let listed = repository.list(&format!("{folder}/"))?;
    let listed: BTreeSet<String> = listed.into_iter().map(|object| object.name).collect();
    Ok((0..parts_of(bytes)).all(|part| listed.contains(&part_name(repository, hash, part))))
}

/// What came of storing a file by its name.
pub(super) enum Put {
    /// It is there.
    Done,
    /// There is no such file.
    Absent,
    /// Its content is not what its name says.
    Rotten,
}

/// Stores the file below `data_dir` that has this hash.
///
/// # Errors
/// Those of the disk and the target.
pub(super) fn put_named(repository: &Repository, vfs: &dyn Vfs, data_dir: &Path, hash: BlobHash) -> Result<Put> {
    let path = media::file_path(hash);
    let Some((file, bytes)) = open(vfs, &data_dir.join(&path))? else { return Ok(Put::Absent) };
    // Read once before: what is stored under a hash is what has it.
    if hash_of(file.as_ref(), &path)? != hash.0 {
        return Ok(Put::Rotten);
    }
    put_parts(repository, (file.as_ref(), bytes), &path, &hash.0).map(|_| Put::Done)
}

fn whole(hash: Context) -> [u8; 32] {
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

/// Writes lists; where one ends depends on the paths in it, so that most are those of the backup before.
///
/// # Errors
/// Those of the target.
pub(super) fn write_lists(repository: &Repository, entries: Known, written: &mut u64) -> Result<Vec<[u8; 32]>> {
    let mut names = Vec::new();
    let mut there: BTreeSet<String> = repository.list("list/")?.into_iter().map(|object| object.name).collect();
    let mut flush = |list: &mut Vec<Entry>| -> Result<()> {
        let content = List(std::mem::take(list)).encode();
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &content).as_ref());
        let name = repository.name_of(&hash);
        if there.insert(list_name(&name)) {
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
        known.extend(read_list(repository, name)?.into_iter().map(|entry| (entry.path.clone(), entry)));
        refuse_too_many(known.len())?;
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
        match read_lists(repository, std::slice::from_ref(list)) {
            Ok(entries) => known.extend(entries),
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "a list of files in the backup is damaged and passed over");
                damaged.add(error.to_string());
            }
            Err(error) => return Err(error),
        }
        refuse_too_many(known.len())?;
    }
    Ok(known)
}

fn refuse_too_many(files: usize) -> Result<()> {
    if files > limits::BACKUP_FILES_MAX {
        return Err(Error::Refused(format!("the backup names more than {} files", limits::BACKUP_FILES_MAX)));
    }
    Ok(())
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

/// Fetches a file whose length nobody knows, by its hash; answers its bytes, `None` if it is not there.
///
/// # Errors
/// `Corrupt` naming it if its parts together are not the file; `Io`; those of `each`.
pub(super) fn fetch_by_hash(
    repository: &Repository,
    hash: &[u8; 32],
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<Option<u64>> {
    let (mut sum, mut at) = (Context::new(&SHA256), 0);
    for part in 0..limits::BACKUP_FILE_PARTS {
        let Some(content) = repository.find(Kind::File, &part_name(repository, hash, part))? else {
            if part == 0 {
                return Ok(None);
            }
            break;
        };
        sum.update(&content);
        each(at, &content)?;
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
pub(super) fn restore(repository: &Repository, entry: &Entry, vfs: &dyn Vfs, data_dir: &Path) -> Result<()> {
    let path = data_dir.join(&entry.path);
    if let Some((file, bytes)) = open(vfs, &path)? {
        if bytes == entry.bytes && hash_of(file.as_ref(), &entry.path)? == entry.hash {
            return Ok(());
        }
        // What somebody wrote there for this start stays; what was backed up lies beside it.
        if entry.path == CONFIG {
            return write(repository, entry, vfs, &path.with_extension("toml.restored"));
        }
    }
    write(repository, entry, vfs, &path)
}

fn hash_of(file: &dyn VfsFile, path: &str) -> Result<[u8; 32]> {
    let (mut hash, mut at) = (Context::new(&SHA256), 0);
    let mut part = vec![0; limits::FILL_BYTES];
    loop {
        let count = file.read_at(at, &mut part).map_err(|error| Error::io(format!("read {path}"), error))?;
        if count == 0 {
            return Ok(whole(hash));
        }
        hash.update(&part[..count]);
        at += count as u64;
    }
}

fn write(repository: &Repository, entry: &Entry, vfs: &dyn Vfs, path: &Path) -> Result<()> {
    let io = |error| Error::io(format!("write {}", path.display()), error);
    let dir = path.parent().unwrap_or(Path::new("."));
    let beside = dir.join(".unfinished");
    vfs.make_dir(dir).map_err(io)?;
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
/// Those of the target and the disk; `Unavailable` if `tell` ends it.
pub(super) fn restore_all(
    repository: &Repository,
    known: &Known,
    (vfs, data_dir): (&dyn Vfs, &Path),
    damaged: &mut Amiss,
    tell: Tell<'_>,
) -> Result<Fetched> {
    let (mut names, mut fetched, total) = (Names::default(), Fetched::default(), known.len() as u64);
    for (index, entry) in known.values().enumerate() {
        told(tell, "fetching files", index as u64, total)?;
        match restore(repository, entry, vfs, data_dir) {
            Ok(()) => {
                names.add(data_dir, &entry.path);
                (fetched.files, fetched.bytes) = (fetched.files + 1, fetched.bytes + entry.bytes);
            }
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, path = %entry.path, "a file in the backup is damaged and passed over");
                damaged.add(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    names.settle(vfs)?;
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

/// Fetches what the rows of a store refer to and does not lie below `data_dir`: shipped with the log, or on no list that
/// could be read.
///
/// # Errors
/// As `restore_all`.
pub(super) fn fetch_referred(
    repository: &Repository,
    store: &Store,
    (vfs, data_dir): (&dyn Vfs, &Path),
    tell: Tell<'_>,
) -> Result<Fetched> {
    let (mut fetched, mut names, mut looked) = (Fetched::default(), Names::default(), 0);
    media::each_file(store, |hash, blob| {
        looked += 1;
        told(tell, "looking for files that posts refer to", looked, 0)?;
        let entry = Entry { path: media::file_path(hash), bytes: blob.bytes, hash: hash.0 };
        if lies_there(vfs, data_dir, &entry)? {
            return Ok(ControlFlow::Continue(()));
        }
        match fetch_referred_file(repository, (vfs, data_dir), &entry)? {
            true => {
                names.add(data_dir, &entry.path);
                (fetched.files, fetched.bytes) = (fetched.files + 1, fetched.bytes + entry.bytes);
            }
            false => fetched.missing.add(entry.path),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    names.settle(vfs)?;
    Ok(fetched)
}

/// Fetches a file; whether the repository had it. Its name must still be made durable.
///
/// # Errors
/// Those of the target and the disk.
pub(super) fn fetch_referred_file(
    repository: &Repository,
    (vfs, data_dir): (&dyn Vfs, &Path),
    entry: &Entry,
) -> Result<bool> {
    match write(repository, entry, vfs, &data_dir.join(&entry.path)) {
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
pub(super) fn lies_there(vfs: &dyn Vfs, data_dir: &Path, entry: &Entry) -> Result<bool> {
    Ok(open(vfs, &data_dir.join(&entry.path))?.is_some_and(|(_, bytes)| bytes == entry.bytes))
}

impl Repository {
    /// Whether the file with this hash is there, whole.
    ///
    /// # Errors
    /// Those of the target but for damage.
    pub fn has_file(&self, hash: BlobHash) -> Result<bool> {
        match fetch_by_hash(self, &hash.0, |_, _| Ok(())) {
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
        let entry = Entry { path: media::file_path(hash), bytes, hash: hash.0 };
        write(self, &entry, vfs, &data_dir.join(&entry.path))?;
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

#[cfg(test)]
mod tests {
    use super::{hash_in, is_path};
    use crate::{blob::BlobHash, media};

    #[test]
    fn only_names_that_are_hashes_say_what_is_in_a_file() {
        let hash = BlobHash::of(b"picture");
        assert_eq!(hash_in(&media::file_path(hash)), Some(hash));
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
