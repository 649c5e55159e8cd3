//! A directory as a target: beside, synced, renamed, the directory synced; on any disk, also the simulated one.
//!
//! Several write to it at the same time: the backup, the shipping and the lease of a server, and other machines. Each object
//! is written under a name that nobody else uses.

use super::target::{OBJECT_BYTES_MAX, Object, Target};
use crate::{
    error::{Error, Result},
    id::Timestamp,
    limits,
    store::Environment,
    table::hex,
    vfs::{self, OpenMode, Rests, Trickle, Vfs},
};
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// What an object is called while it is written; then come the time and a random number. No object is called so (`is_name`).
const UNFINISHED: &str = ".unfinished-";
/// What it was called once, one a directory.
const UNFINISHED_ONCE: &str = "unfinished";

/// A target in a directory, made when the first object comes, for its owner alone.
pub struct Directory {
    vfs: Arc<dyn Vfs>,
    root: PathBuf,
    environment: Environment,
    /// Directories whose names are durable; one writer at a time.
    known: Mutex<BTreeSet<PathBuf>>,
}

impl Directory {
    /// The target in `root`.
    pub fn new(vfs: Arc<dyn Vfs>, root: impl Into<PathBuf>) -> Directory {
        // The system's: how old something is that was broken off is a matter of a day.
        Directory { vfs, root: root.into(), environment: Environment::system(), known: Mutex::default() }
    }

    fn failed(&self, what: &str, name: &str, error: io::Error) -> Error {
        Error::io(format!("{what} {}", self.root.join(name).display()), error)
    }

    /// Makes the directory of an object and its name durable, up to the one that holds the root.
    fn settle(&self, dir: &Path, known: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        if known.contains(dir) {
            return Ok(());
        }
        self.vfs.make_dir(dir)?;
        for above in dir.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            self.vfs.sync_dir(above)?;
            if !above.starts_with(&self.root) {
                break;
            }
        }
        self.clear(dir)?;
        known.insert(dir.to_owned());
        Ok(())
    }

    /// Removes what writers left there that were cut off. Whoever still writes after so long gets an error, and nobody
    /// another one's bytes.
    fn clear(&self, dir: &Path) -> io::Result<()> {
        let now = (self.environment.now)();
        let old = |begun: Timestamp| now.ms_since(begun).unsigned_abs() > limits::BACKUP_UNFINISHED_MS;
        for name in self.vfs.list(dir)? {
            if name == UNFINISHED_ONCE || begun(&name).is_some_and(old) {
                self.vfs.remove(&dir.join(name))?;
            }
        }
        Ok(())
    }

    /// A name in `dir` that nobody else uses.
    fn beside(&self, dir: &Path) -> PathBuf {
        let (now, number) = ((self.environment.now)(), (self.environment.random)());
        dir.join(format!("{UNFINISHED}{:020}-{}", u64::try_from(now.0).unwrap_or(0), hex(&number.to_be_bytes())))
    }

    fn write(&self, beside: &Path, content: &[u8]) -> io::Result<()> {
        let file = self.vfs.open(beside, OpenMode::Truncate)?;
        let (mut at, mut trickle, rests) = (0, Trickle::default(), Rests::begin());
        for piece in content.chunks(limits::WRITE_BACK_BYTES) {
            file.write_at(at, piece)?;
            at += piece.len() as u64;
            trickle.wrote(file.as_ref(), at)?;
            rests.pause();
        }
        file.sync_data()
    }

    fn walk(&self, below: &str, found: &mut Vec<Object>) -> io::Result<()> {
        let mut open = vec![below.trim_end_matches('/').to_owned()];
        while let Some(below) = open.pop() {
            let dir = self.root.join(&below);
            let inside = |name: &str| if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            let dirs = self.vfs.dirs(&dir)?;
            for name in self.vfs.list(&dir)? {
                if name == UNFINISHED_ONCE || dirs.contains(&name) || !is_name(&name) {
                    continue;
                }
                let name = inside(&name);
                let bytes = match self.vfs.open(&self.root.join(&name), OpenMode::ReadOnly) {
                    Ok(file) => file.size()?,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                };
                found.push(Object { name, bytes });
            }
            open.extend(dirs.iter().filter(|name| is_name(name)).map(|name| inside(name)));
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }
}

/// Whether a part of an object's name is what `Object::name` allows; what lies in the directory besides is not ours.
fn is_name(part: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
}

/// When it was begun, if a file of this name was not finished.
fn begun(name: &str) -> Option<Timestamp> {
    let (begun, _) = name.strip_prefix(UNFINISHED)?.split_once('-')?;
    begun.parse().ok().map(Timestamp)
}

impl Target for Directory {
    fn put(&self, name: &str, content: &[u8]) -> Result<()> {
        if content.len() > OBJECT_BYTES_MAX || !name.split('/').all(is_name) {
            let why = format!("{name:?} with {} bytes; at most {OBJECT_BYTES_MAX}", content.len());
            return Err(self.failed("write", name, io::Error::new(io::ErrorKind::InvalidInput, why)));
        }
        let path = self.root.join(name);
        let dir = path.parent().unwrap_or(&self.root);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let put = |known: &mut BTreeSet<PathBuf>| {
            self.settle(dir, known)?;
            let beside = self.beside(dir);
            let put = self
                .write(&beside, content)
                .and_then(|()| self.vfs.rename(&beside, &path))
                .and_then(|()| self.vfs.sync_dir(dir));
            // It holds room, which may be what was wanting; if it cannot go now, it goes when it is old.
            if put.is_err()
                && let Err(error) = self.vfs.remove(&beside)
            {
                tracing::warn!(%error, "half an object of a backup could not be removed");
            }
            put
        };
        put(&mut known).map_err(|error| self.failed("write", name, error))
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let read = vfs::read_small(self.vfs.as_ref(), &self.root.join(name), OBJECT_BYTES_MAX);
        read.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Error::corrupt(name, "its size", error.to_string()),
            _ => self.failed("read", name, error),
        })
    }

    fn size(&self, name: &str) -> Result<Option<u64>> {
        match self.vfs.open(&self.root.join(name), OpenMode::ReadOnly).and_then(|file| file.size()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed("look at", name, error)),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<Object>> {
        let mut found = Vec::new();
        self.walk(prefix, &mut found).map_err(|error| self.failed("list", prefix, error))?;
        Ok(found)
    }

    fn remove(&self, name: &str) -> Result<()> {
        let path = self.root.join(name);
        let gone = self.vfs.remove(&path).and_then(|()| self.vfs.sync_dir(path.parent().unwrap_or(&self.root)));
        match gone {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other.map_err(|error| self.failed("remove", name, error)),
        }
    }

    fn describe(&self) -> String {
        self.root.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;

    #[test]
    fn what_was_broken_off_is_no_object_and_goes_when_it_is_old() {
        let disk = SimulatedDisk::new();
        let target = || Directory::new(Arc::new(disk.clone()), "/target");
        let fresh = target().beside(Path::new("/target/log"));
        let old = Path::new("/target/log").join(format!("{UNFINISHED}{:020}-{:016x}", 5, 7));
        let once = Path::new("/target/log/unfinished").to_owned();
        for left in [&fresh, &old, &once] {
            disk.open(left, OpenMode::Truncate).expect("made");
        }
        assert_eq!(target().list("").expect("listed"), []);
        assert!(target().put("log/.unfinished-1-2", b"").is_err(), "no object is called so");
        target().put("log/one", b"one").expect("put");
        assert_eq!(disk.files(), [fresh, "/target/log/one".into()]);
        let listed = target().list("log/").expect("listed");
        assert_eq!(listed, [Object { name: "log/one".into(), bytes: 3 }]);
    }
}
