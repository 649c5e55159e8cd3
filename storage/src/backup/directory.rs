//! A directory as a target: beside, synced, renamed, the directory synced; on any disk, also the simulated one.

use super::target::{OBJECT_BYTES_MAX, Object, Target};
use crate::{
    error::{Error, Result},
    limits,
    vfs::{self, OpenMode, Rests, Trickle, Vfs},
};
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// An object that is being written, one a directory.
const UNFINISHED: &str = "unfinished";

/// A target in a directory, made when the first object comes, for its owner alone.
pub struct Directory {
    vfs: Arc<dyn Vfs>,
    root: PathBuf,
    /// Directories whose names are durable; one writer at a time.
    known: Mutex<BTreeSet<PathBuf>>,
}

impl Directory {
    /// The target in `root`.
    pub fn new(vfs: Arc<dyn Vfs>, root: impl Into<PathBuf>) -> Directory {
        Directory { vfs, root: root.into(), known: Mutex::default() }
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
        known.insert(dir.to_owned());
        Ok(())
    }

    fn walk(&self, below: &str, found: &mut Vec<Object>) -> io::Result<()> {
        let mut open = vec![below.trim_end_matches('/').to_owned()];
        while let Some(below) = open.pop() {
            let dir = self.root.join(&below);
            let inside = |name: &str| if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            let dirs = self.vfs.dirs(&dir)?;
            for name in self.vfs.list(&dir)? {
                if name == UNFINISHED || dirs.contains(&name) || !is_name(&name) {
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

impl Target for Directory {
    fn put(&self, name: &str, content: &[u8]) -> Result<()> {
        if content.len() > OBJECT_BYTES_MAX || !name.split('/').all(is_name) {
            let why = format!("{name:?} with {} bytes; at most {OBJECT_BYTES_MAX}", content.len());
            return Err(self.failed("write", name, io::Error::new(io::ErrorKind::InvalidInput, why)));
        }
        let path = self.root.join(name);
        let dir = path.parent().unwrap_or(&self.root);
        let beside = dir.join(UNFINISHED);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let put = || {
            self.settle(dir, &mut known)?;
            // A file of its own: what a cut left under this name may be an object's other name.
            self.vfs.remove(&beside)?;
            let file = self.vfs.open(&beside, OpenMode::Truncate)?;
            let (mut at, mut trickle, rests) = (0, Trickle::default(), Rests::begin());
            for piece in content.chunks(limits::WRITE_BACK_BYTES) {
                file.write_at(at, piece)?;
                at += piece.len() as u64;
                trickle.wrote(file.as_ref(), at)?;
                rests.pause();
            }
            file.sync_data()?;
            drop(file);
            self.vfs.rename(&beside, &path)?;
            self.vfs.sync_dir(dir)
        };
        let mut put = put;
        put().map_err(|error| self.failed("write", name, error))
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
