//! Disks: what the store asks of one, the real one, and the simulated one of the crash tests.
//!
//! Everything the log and redb do goes through here, so that a test can cut the power at every boundary.

mod real;
mod rests;
mod simulated;
mod trickle;

pub use real::RealDisk;
pub(crate) use real::allocated;
pub(crate) use rests::Rests;
pub use simulated::{Cut, Fault, FaultOn, OnSync, SimulatedDisk};
pub(crate) use trickle::Trickle;

use std::{
    any::Any,
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

/// How to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// It must exist.
    Existing,
    /// It must exist and is only read: it may lie where this program may not write.
    ReadOnly,
    /// It is made if absent.
    OrCreate,
    /// It is made, or emptied if it exists.
    Truncate,
}

/// Something in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// A directory; a link to one is none.
    pub is_dir: bool,
    /// Bytes allocated for it on the disk.
    pub bytes: u64,
}

/// What is in a directory, read as it is asked for.
pub type Entries = Box<dyn Iterator<Item = io::Result<Entry>> + Send>;

/// A disk: real or simulated.
pub trait Vfs: Send + Sync {
    /// Opens a file for reading and writing; one that is made is for its owner alone.
    ///
    /// # Errors
    /// As the system says; `NotFound` for an absent file in mode `Existing`.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>>;

    /// Makes a directory and its parents, for their owner alone.
    ///
    /// # Errors
    /// As the system says.
    fn make_dir(&self, path: &Path) -> io::Result<()>;

    /// The names of the files in a directory, sorted; empty if it does not exist.
    ///
    /// # Errors
    /// As the system says.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// What is in a directory, in any order.
    ///
    /// # Errors
    /// As the system says; `NotFound` if it does not exist, also for an entry that has vanished meanwhile.
    fn entries(&self, dir: &Path) -> io::Result<Entries>;

    /// The names of the directories in a directory, sorted; empty if it does not exist.
    ///
    /// # Errors
    /// As the system says.
    fn dirs(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Whether there is a file or directory of this name.
    ///
    /// # Errors
    /// As the system says.
    fn exists(&self, path: &Path) -> io::Result<bool>;

    /// Gives a file a new name, replacing what has it.
    ///
    /// # Errors
    /// As the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file; absent is fine.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes a directory and all in it; absent is fine.
    ///
    /// # Errors
    /// As the system says.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a directory durable.
    ///
    /// # Errors
    /// As the system says.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Bytes free for this program on the disk that holds `dir`.
    ///
    /// # Errors
    /// As the system says.
    fn free_space(&self, dir: &Path) -> io::Result<u64>;

    /// Bytes of the file system that holds `dir`.
    ///
    /// # Errors
    /// As the system says.
    fn total_space(&self, dir: &Path) -> io::Result<u64>;

    /// A stopwatch that never goes back, to time what this disk does; a simulated disk's is set by hand.
    fn elapsed(&self) -> Duration {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed()
    }

    /// Is told of a sync below `path` that went past this disk: a library opens its files by itself. Most disks do not mind.
    fn note_sync(&self, _path: &Path, _took: Duration) {}

    /// Locks a file against every other process and store; `None` if somebody holds it. Dropping unlocks.
    ///
    /// # Errors
    /// As the system says.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Any + Send + Sync>>>;
}

/// An open file, read and written at offsets.
pub trait VfsFile: Send + Sync + fmt::Debug {
    /// Reads up to `into.len()` bytes; fewer only at the end of the file.
    ///
    /// # Errors
    /// As the system says.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Writes all of `bytes`, growing the file if needed.
    ///
    /// # Errors
    /// As the system says.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Returns when content and length survive a power cut (fdatasync).
    ///
    /// # Errors
    /// As the system says; after an error nothing written since the last success may be trusted.
    fn sync_data(&self) -> io::Result<()>;

    /// The same for a log segment made beforehand, which is all zeros: it is told apart from what somebody waits for.
    ///
    /// # Errors
    /// As `sync_data`.
    fn sync_blank(&self) -> io::Result<()> {
        self.sync_data()
    }

    /// Has what was written there go to the disk from now on, without waiting, so that the next sync finds little left to do.
    /// It promises nothing.
    fn write_back(&self, _offset: u64, _bytes: u64) {}

    /// Cuts or grows (with zeros) the file.
    ///
    /// # Errors
    /// As the system says.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Bytes of the file.
    ///
    /// # Errors
    /// As the system says.
    fn size(&self) -> io::Result<u64>;
}

/// Whether an error says nothing of the file that was asked for: too many are open, or memory is short. It passes.
pub(crate) fn is_passing(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let passing = [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::INTR];
    error.kind() == io::ErrorKind::OutOfMemory || Errno::from_io_error(error).is_some_and(|no| passing.contains(&no))
}

/// What is not there need not be removed, or marked.
pub(crate) fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Reads a whole small file; `None` if absent.
///
/// # Errors
/// As the system says, and `InvalidData` beyond `max` bytes.
pub(crate) fn read_small(vfs: &dyn Vfs, path: &Path, max: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match vfs.open(path, OpenMode::ReadOnly) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let size = usize::try_from(file.size()?).unwrap_or(usize::MAX);
    if size > max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{size} bytes; at most {max}")));
    }
    let mut bytes = vec![0; size];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

/// Writes a small file so that after a power cut either the old or the new one is there: temp, rename, directory.
///
/// # Errors
/// As the system says.
pub(crate) fn replace_small(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temp = path.with_extension("new");
    let file = vfs.open(&temp, OpenMode::Truncate)?;
    file.write_at(0, bytes)?;
    file.sync_data()?;
    drop(file);
    vfs.rename(&temp, path)?;
    vfs.sync_dir(path.parent().unwrap_or(Path::new(".")))
}
