//! The directory of the index: tantivy's own, with a stopwatch around each of its syncs.

use crate::vfs::Vfs;
use std::{
    fmt,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
    error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

/// Tantivy's directory, which opens its files itself; the disk is only told how long each sync took.
#[derive(Clone)]
pub(super) struct TimedDirectory {
    directory: MmapDirectory,
    stopwatch: Stopwatch,
}

#[derive(Clone)]
struct Stopwatch {
    disk: Arc<dyn Vfs>,
    root: PathBuf,
}

impl Stopwatch {
    fn time(&self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let begun = self.disk.elapsed();
        let done = sync();
        self.disk.note_sync(&self.root, self.disk.elapsed().saturating_sub(begun));
        done
    }
}

impl TimedDirectory {
    /// The directory at `root`, which is there.
    pub(super) fn open(root: &Path, disk: Arc<dyn Vfs>) -> Result<Self, OpenDirectoryError> {
        let directory = MmapDirectory::open(root)?;
        Ok(TimedDirectory { directory, stopwatch: Stopwatch { disk, root: root.to_owned() } })
    }
}

impl fmt::Debug for TimedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.directory, f)
    }
}

impl Directory for TimedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.directory.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.directory.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.directory.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        // Nothing was written yet, so nothing is left in its buffer.
        let (file, _) = self.directory.open_write(path)?.into_parts();
        Ok(WritePtr::new(Box::new(TimedWrite { file, stopwatch: self.stopwatch.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.directory.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.stopwatch.time(|| self.directory.atomic_write(path, data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.stopwatch.time(|| self.directory.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.directory.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.directory.watch(callback)
    }
}

/// A file being written; what ends it makes it durable.
struct TimedWrite {
    file: Box<dyn TerminatingWrite + Send + Sync>,
    stopwatch: Stopwatch,
}

impl Write for TimedWrite {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for TimedWrite {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        let TimedWrite { file, stopwatch } = self;
        stopwatch.time(|| file.terminate_ref(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::Timestamp,
        latency::{History, Meter, Purpose, TimedDisk},
        vfs::RealDisk,
    };

    #[test]
    fn each_way_to_make_something_durable_is_timed() {
        let scratch = tempfile::tempdir().expect("a directory");
        let meter = Meter::new(Arc::new(RealDisk), History::default(), Timestamp(0));
        let disk = TimedDisk::new(Arc::new(RealDisk), meter.timed(), |_| Some(Purpose::Search));
        let directory = TimedDirectory::open(scratch.path(), Arc::new(disk)).expect("opened");
        let count = || meter.syncs().iter().map(|(_, figures)| figures.count).sum::<usize>();
        let mut file = directory.open_write(Path::new("file")).expect("made");
        file.write_all(b"words").expect("written");
        assert_eq!(count(), 0);
        file.terminate().expect("durable");
        assert_eq!(count(), 1);
        directory.atomic_write(Path::new("small"), b"other words").expect("durable");
        assert_eq!(count(), 2);
        directory.sync_directory().expect("durable");
        assert_eq!(count(), 3);
        let read = |name: &str| directory.atomic_read(Path::new(name)).expect("read");
        assert_eq!((read("file"), read("small")), (b"words".to_vec(), b"other words".to_vec()));
    }
}
