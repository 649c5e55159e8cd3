//! The real disk.

use super::{Entries, Entry, OpenMode, Vfs, VfsFile, absent_is_fine};
use crate::limits;
use std::{
    any::Any,
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Bytes that a file or a directory takes on the disk.
pub(crate) fn allocated(about: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    /// What `st_blocks` counts (stat(2)).
    const BLOCK_BYTES: u64 = 512;
    about.blocks().saturating_mul(BLOCK_BYTES)
}

/// The disk of this machine, through the standard library.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Vfs for RealDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        private(&mut options);
        match mode {
            OpenMode::Existing => {}
            OpenMode::ReadOnly => {
                options.write(false);
            }
            OpenMode::OrCreate => {
                options.create(true).truncate(false);
            }
            OpenMode::Truncate => {
                options.create(true).truncate(true);
            }
        }
        Ok(Arc::new(RealFile(options.open(path)?)))
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            // A name that is not UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn entries(&self, dir: &Path) -> io::Result<Entries> {
        let entries = std::fs::read_dir(dir)?.map(|entry| {
            let entry = entry?;
            let about = entry.metadata()?;
            Ok(Entry { path: entry.path(), is_dir: about.is_dir(), bytes: allocated(&about) })
        });
        Ok(Box::new(entries))
    }

    fn dirs(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut dirs = self.list(dir)?;
        // What goes while this looks was none.
        dirs.retain(|name| std::fs::metadata(dir.join(name)).is_ok_and(|what| what.is_dir()));
        Ok(dirs)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        absent_is_fine(std::fs::remove_file(path))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        absent_is_fine(std::fs::remove_dir_all(path))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn free_space(&self, dir: &Path) -> io::Result<u64> {
        fs2::available_space(dir)
    }

    fn total_space(&self, dir: &Path) -> io::Result<u64> {
        fs2::total_space(dir)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Any + Send + Sync>>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        // A program this process starts holds a copy of every lock until it has begun; so does one that starts
        // while a store is closed and opened again.
        let deadline = Instant::now() + limits::LOCK_WAIT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Box::new(file))),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Keys and private statuses: nobody else may look.
fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

#[derive(Debug)]
struct RealFile(File);

impl VfsFile for RealFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            let place = offset + done as u64;
            match at::read(&self.0, place, &mut into[done..]) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        at::write_all(&self.0, offset, bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    #[cfg(target_os = "linux")]
    fn write_back(&self, offset: u64, bytes: u64) {
        use rustix::fs::{Advice, fadvise};
        // The advice that it is not wanted in memory begins to write it (posix_fadvise(2)). It may be refused: the sync then
        // has more to do.
        let _ = fadvise(&self.0, offset, std::num::NonZeroU64::new(bytes), Advice::DontNeed);
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

#[cfg(unix)]
mod at {
    use std::{fs::File, io, os::unix::fs::FileExt};

    pub(super) fn read(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        file.read_at(into, offset)
    }

    pub(super) fn write_all(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }
}

#[cfg(windows)]
mod at {
    use std::{fs::File, io, os::windows::fs::FileExt};

    pub(super) fn read(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        file.seek_read(into, offset)
    }

    pub(super) fn write_all(file: &File, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = file.seek_write(bytes, offset)?;
            if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            offset += count as u64;
            bytes = &bytes[count..];
        }
        Ok(())
    }
}
