//! What is synced for what, and how long that takes: a layer over a disk times every sync that goes through it.

use super::Histogram;
use crate::vfs::{Entries, OpenMode, Vfs, VfsFile};
use std::{
    any::Any,
    fmt, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What something is synced for. The numbers stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The log: groups, and headers of its segments; and the probe's page.
    Log = 1,
    /// The engine's commits and checkpoints.
    Tables = 2,
    /// Base snapshots.
    Bases = 3,
    /// `CHECKPOINT` and the other small files of the store, the names in its directory.
    Notes = 4,
    /// Files beside the store and their names: uploads, archives.
    Files = 5,
    /// Log segments made beforehand, and their names: megabytes at once that seldom anybody waits for.
    Segments = 6,
    /// Copies of other servers' pictures.
    Copies = 7,
    /// Backups and the shipped log in a directory, which is on another disk.
    Backups = 8,
    /// The search index.
    Search = 9,
}

impl Purpose {
    const ALL: [Purpose; 9] = [
        Purpose::Log,
        Purpose::Tables,
        Purpose::Bases,
        Purpose::Notes,
        Purpose::Files,
        Purpose::Segments,
        Purpose::Copies,
        Purpose::Backups,
        Purpose::Search,
    ];

    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// That of a number; `None` for one of a newer program.
    pub(super) fn of(number: u8) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.number() == number)
    }

    /// One word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Log => "log",
            Purpose::Tables => "tables",
            Purpose::Bases => "bases",
            Purpose::Notes => "notes",
            Purpose::Files => "files",
            Purpose::Segments => "segments",
            Purpose::Copies => "copies",
            Purpose::Backups => "backups",
            Purpose::Search => "search",
        }
    }
}

/// How long syncs took, by what they were for; what was never synced for takes no room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByPurpose(Vec<(Purpose, Box<Histogram>)>);

impl ByPurpose {
    fn of(&mut self, purpose: Purpose) -> &mut Histogram {
        let at = match self.0.binary_search_by_key(&purpose, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (purpose, Box::default()));
                at
            }
        };
        &mut self.0[at].1
    }

    /// Counts all of `took` as well.
    pub(super) fn add(&mut self, purpose: Purpose, took: &Histogram) {
        self.of(purpose).merge(took);
    }

    /// Counts all of `other` as well.
    pub(super) fn merge(&mut self, other: &ByPurpose) {
        other.all().for_each(|(purpose, took)| self.add(purpose, took));
    }

    /// Whether nothing was synced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was measured.
    pub fn all(&self) -> impl Iterator<Item = (Purpose, &Histogram)> {
        self.0.iter().map(|(purpose, took)| (*purpose, took.as_ref()))
    }
}

/// What was timed and is not part of an hour yet; shared by the layers over the disks of a store.
#[derive(Default)]
pub(crate) struct Timed(Mutex<ByPurpose>);

impl Timed {
    fn lock(&self) -> MutexGuard<'_, ByPurpose> {
        // Plain numbers: whatever panicked left them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, purpose: Purpose, took: Duration) {
        self.lock().of(purpose).add(took);
    }

    /// Takes it, for the hour.
    pub(super) fn take(&self) -> ByPurpose {
        std::mem::take(&mut *self.lock())
    }
}

/// What is synced for what, by its path; `None`: that is not timed.
type Label = Box<dyn Fn(&Path) -> Option<Purpose> + Send + Sync>;

/// A disk whose syncs are timed by its own stopwatch. All else goes through as it is.
pub(crate) struct TimedDisk {
    disk: Arc<dyn Vfs>,
    timed: Arc<Timed>,
    label: Label,
}

impl TimedDisk {
    /// The layer over `disk`.
    pub(crate) fn new(
        disk: Arc<dyn Vfs>,
        timed: Arc<Timed>,
        label: impl Fn(&Path) -> Option<Purpose> + Send + Sync + 'static,
    ) -> Self {
        TimedDisk { disk, timed, label: Box::new(label) }
    }
}

impl Vfs for TimedDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let file = self.disk.open(path, mode)?;
        let Some(purpose) = (self.label)(path) else { return Ok(file) };
        Ok(Arc::new(TimedFile { file, disk: self.disk.clone(), timed: self.timed.clone(), purpose }))
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.make_dir(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.disk.list(dir)
    }

    fn entries(&self, dir: &Path) -> io::Result<Entries> {
        self.disk.entries(dir)
    }

    fn dirs(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.disk.dirs(dir)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        self.disk.exists(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_dir(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let Some(purpose) = (self.label)(dir) else { return self.disk.sync_dir(dir) };
        time(self.disk.as_ref(), &self.timed, purpose, || self.disk.sync_dir(dir))
    }

    fn free_space(&self, dir: &Path) -> io::Result<u64> {
        self.disk.free_space(dir)
    }

    fn total_space(&self, dir: &Path) -> io::Result<u64> {
        self.disk.total_space(dir)
    }

    fn elapsed(&self) -> Duration {
        self.disk.elapsed()
    }

    fn note_sync(&self, path: &Path, took: Duration) {
        if let Some(purpose) = (self.label)(path) {
            self.timed.add(purpose, took);
        }
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Any + Send + Sync>>> {
        self.disk.lock(path)
    }
}

struct TimedFile {
    file: Arc<dyn VfsFile>,
    disk: Arc<dyn Vfs>,
    timed: Arc<Timed>,
    purpose: Purpose,
}

impl fmt::Debug for TimedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.file, f)
    }
}

impl VfsFile for TimedFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, into)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(offset, bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        time(self.disk.as_ref(), &self.timed, self.purpose, || self.file.sync_data())
    }

    fn sync_blank(&self) -> io::Result<()> {
        time(self.disk.as_ref(), &self.timed, Purpose::Segments, || self.file.sync_blank())
    }

    fn write_back(&self, offset: u64, bytes: u64) {
        self.file.write_back(offset, bytes);
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

fn time(disk: &dyn Vfs, timed: &Timed, purpose: Purpose, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let begun = disk.elapsed();
    let done = sync();
    timed.add(purpose, disk.elapsed().saturating_sub(begun));
    done
}
