//! Files beside the store: pictures and the configuration. A file is stored once by its hash; lists name them.
//!
//! A file under `DATA/media` never changes under its name, so one of the same path and length is not read again.

use super::{
    Tell,
    object::Kind,
    point::{Entry, List},
    repository::Repository,
    told,
};
use crate::{
    checksum,
    error::{Error, Result},
    limits,
    record::Record,
    table::hex,
    vfs::{OpenMode, Vfs, VfsFile},
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

/// What `copy` did.
pub(super) struct Copied {
    pub(super) lists: Vec<[u8; 32]>,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Bytes of the objects written.
    pub(super) written: u64,
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

/// Copies what is not known yet and writes the lists of all.
///
/// # Errors
/// `Io`; `Refused` for more files than a backup takes.
pub(super) fn copy(
    repository: &Repository,
    vfs: &dyn Vfs,
    beside: Beside<'_>,
    known: &Known,
    tell: Tell<'_>,
) -> Result<Copied> {
    let paths = walk(vfs, beside.data_dir)?;
    let total = paths.len() as u64;
    let mut there: BTreeSet<[u8; 32]> = known.values().map(|entry| entry.hash).collect();
    let (mut entries, mut written) = (Vec::new(), 0);
    for (index, path) in paths.into_iter().enumerate() {
        told(tell, "copying files", index as u64, total)?;
        let place = beside.data_dir.join(&path);
        let Some((file, bytes)) = open(vfs, &place)? else { continue };
        let entry = match known.get(&path).filter(|entry| entry.bytes == bytes) {
            Some(entry) => entry.clone(),
            None => copy_file(repository, file.as_ref(), path, &mut there, &mut written)?,
        };
        entries.push(entry);
    }
    if let Some(config) = beside.config
        && let Some((file, _)) = open(vfs, config)?
    {
        entries.push(copy_file(repository, file.as_ref(), CONFIG.to_owned(), &mut there, &mut written)?);
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    let (files, bytes) = (entries.len() as u64, entries.iter().map(|entry| entry.bytes).sum());
    let lists = write_lists(repository, entries, &mut written)?;
    Ok(Copied { lists, files, bytes, written })
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

fn copy_file(
    repository: &Repository,
    file: &dyn VfsFile,
    path: String,
    there: &mut BTreeSet<[u8; 32]>,
    written: &mut u64,
) -> Result<Entry> {
    let mut part = vec![0; limits::BACKUP_PART_BYTES];
    let mut read = |hash: &mut Context, each: &mut dyn FnMut(u64, &[u8]) -> Result<()>| -> Result<u64> {
        let (mut at, mut number) = (0, 0);
        loop {
            let count = file.read_at(at, &mut part).map_err(|error| Error::io(format!("read {path}"), error))?;
            if count == 0 && at > 0 {
                return Ok(at);
            }
            hash.update(&part[..count]);
            each(number, &part[..count])?;
            at += count as u64;
            number += 1;
            if count < limits::BACKUP_PART_BYTES {
                return Ok(at);
            }
        }
    };
    let mut hash = Context::new(&SHA256);
    let bytes = read(&mut hash, &mut |_, _| Ok(()))?;
    let hash: [u8; 32] = whole(hash);
    if there.insert(hash) {
        let mut again = Context::new(&SHA256);
        let mut put = 0;
        let copied = read(&mut again, &mut |number, content| {
            put += repository.put(Kind::File, &part_name(repository, &hash, number), content)?;
            Ok(())
        })?;
        *written += put;
        if copied != bytes || whole(again) != hash {
            there.remove(&hash);
            let changed = io::Error::other("it changed while it was copied");
            return Err(Error::io(format!("copy {path}"), changed));
        }
    }
    Ok(Entry { path, bytes, hash })
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
fn write_lists(repository: &Repository, entries: Vec<Entry>, written: &mut u64) -> Result<Vec<[u8; 32]>> {
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
    for entry in entries {
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
        if known.len() > limits::BACKUP_FILES_MAX {
            return Err(Error::Refused(format!("the backup names more than {} files", limits::BACKUP_FILES_MAX)));
        }
    }
    Ok(known)
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
    fetch(repository, entry, |at, content| file.write_at(at, content).map_err(io))?;
    file.sync_data().map_err(io)?;
    drop(file);
    vfs.rename(&beside, path).map_err(io)
}

/// Makes the names of restored files durable.
///
/// # Errors
/// `Io`.
pub(super) fn settle(vfs: &dyn Vfs, data_dir: &Path, files: &Known) -> Result<()> {
    let mut dirs = BTreeSet::new();
    for path in files.keys() {
        dirs.extend(Path::new(path).ancestors().skip(1).map(|dir| data_dir.join(dir)));
    }
    for dir in &dirs {
        vfs.sync_dir(dir).map_err(|error| Error::io(format!("sync {}", dir.display()), error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_path;

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
