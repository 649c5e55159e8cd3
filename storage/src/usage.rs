//! How much room files take: bytes allocated on the disk, not their length, in bounded steps.

use crate::{
    error::{Error, Result},
    limits,
    store::{
        Store, bases,
        shrink::{self, Anew},
    },
    vfs::{Entries, Vfs},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What the files of a store take, by what they are for. Bytes allocated on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreUsage {
    /// The engine in use (and another one not yet removed).
    pub engine: u64,
    /// What it would take written anew; an engine made before rows were measured does not know until it is. About.
    pub engine_new: Option<u64>,
    /// It is one that is never written anew: what is free inside comes back only as far as it gives that back by itself.
    pub never_anew: bool,
    /// What is still to be written beside all files while the engine is written anew, now or whenever that becomes worth
    /// it: the new one, and the log that has to stay meanwhile. 0 where it never is.
    pub beside: u64,
    /// The engine that is being written anew.
    pub smaller: u64,
    /// The log.
    pub log: u64,
    /// What its files take at most while base snapshots come in time: its cap, the rest of the segment being written, and
    /// the one made beforehand.
    pub log_most: u64,
    /// Base snapshots, one being written included.
    pub bases: u64,
    /// What those that are kept will take when they have been written anew, going by the rows there are now. About.
    pub bases_next: u64,
    /// What is still to be written of the next base snapshot while those that are kept are still there. About.
    pub base_beside: u64,
    /// Bytes of transactions that were written to the log since the store was opened, when this was measured.
    pub appended: u64,
    /// What is still to be written whatever happens: the log up to what it takes between base snapshots, and the reserve.
    pub to_come: u64,
    /// Everything else: the reserve, the hours of latency, the lock.
    pub rest: u64,
}

/// A walk over everything below a directory, some entries at a time. Links are not followed; what this program may not look
/// into, as `lost+found`, is not its own and takes no room.
pub struct Walk {
    open: Vec<PathBuf>,
    entries: Option<Entries>,
    bytes: u64,
}

impl Walk {
    /// Begins at `dir`; one that does not exist takes no room.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Walk { open: vec![dir.into()], entries: None, bytes: 0 }
    }

    /// Looks at up to `limit` entries; answers the bytes of all once the walk is at its end. What vanishes meanwhile
    /// does not count.
    ///
    /// # Errors
    /// As the disk says; `Other` for more directories at once than `limits::USAGE_DIRECTORIES_MAX`.
    pub fn step(&mut self, vfs: &dyn Vfs, limit: usize) -> io::Result<Option<u64>> {
        for _ in 0..limit {
            let next = match &mut self.entries {
                Some(entries) => entries.next(),
                None => {
                    let Some(dir) = self.open.pop() else { return Ok(Some(self.bytes)) };
                    match vfs.entries(&dir) {
                        Ok(entries) => self.entries = Some(entries),
                        Err(error) if is_passed_over(&error) => {}
                        Err(error) => return Err(error),
                    }
                    continue;
                }
            };
            match next {
                None => self.entries = None,
                Some(Err(error)) if is_passed_over(&error) => {}
                Some(Err(error)) => return Err(error),
                Some(Ok(entry)) => {
                    self.bytes = self.bytes.saturating_add(entry.bytes);
                    if entry.is_dir {
                        if self.open.len() >= limits::USAGE_DIRECTORIES_MAX {
                            let why = format!("more than {} directories wait", limits::USAGE_DIRECTORIES_MAX);
                            return Err(io::Error::other(why));
                        }
                        self.open.push(entry.path);
                    }
                }
            }
        }
        Ok(None)
    }
}

/// What has vanished takes no room; a mount has a directory at its top that nobody but root may look into.
fn is_passed_over(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
}

/// All of a directory at once, for one that is known to be small.
fn whole(vfs: &dyn Vfs, dir: &Path) -> io::Result<u64> {
    let mut walk = Walk::new(dir);
    loop {
        if let Some(bytes) = walk.step(vfs, limits::USAGE_STEP)? {
            return Ok(bytes);
        }
    }
}

impl Store {
    /// What the store's files take. Looks at some dozens of files; not for an async worker.
    ///
    /// # Errors
    /// As the disk says.
    pub fn usage(&self) -> Result<StoreUsage> {
        let (vfs, dir) = (self.vfs(), self.dir());
        let io = |error| Error::io("measure the store", error);
        // Before anything is looked at: what comes meanwhile may not be in any file yet.
        let mut usage = StoreUsage { appended: self.appended(), ..StoreUsage::default() };
        for entry in vfs.entries(dir).map_err(io)? {
            let entry = match entry {
                Err(error) if is_passed_over(&error) => continue,
                entry => entry.map_err(io)?,
            };
            let inside = if entry.is_dir { whole(vfs, &entry.path).map_err(io)? } else { 0 };
            let class = match entry.path.file_name().and_then(|name| name.to_str()) {
                Some("log") => &mut usage.log,
                Some("base") => &mut usage.bases,
                Some(shrink::BESIDE) => &mut usage.smaller,
                Some(name) if name.starts_with("engine.") => &mut usage.engine,
                _ => &mut usage.rest,
            };
            *class = class.saturating_add(entry.bytes).saturating_add(inside);
        }
        let sizes = &self.shared().options.sizes;
        usage.log_most = sizes.log_bytes_max.saturating_add(sizes.segments.other.saturating_mul(2));
        self.look_inside(&mut usage);
        usage.to_come = bases::log_expected(sizes, usage.engine_new.unwrap_or(usage.engine)).saturating_sub(usage.log);
        usage.to_come = usage.to_come.saturating_add(sizes.reserve.saturating_sub(usage.rest));
        Ok(usage)
    }
}

impl StoreUsage {
    /// All files.
    #[must_use]
    pub fn on_disk(&self) -> u64 {
        [self.smaller, self.log, self.bases, self.rest].into_iter().fold(self.engine, u64::saturating_add)
    }
}

/// Bytes that all files of a store take now.
///
/// # Errors
/// As the disk says.
pub(crate) fn of_store(vfs: &dyn Vfs, dir: &Path) -> Result<u64> {
    whole(vfs, dir).map_err(|error| Error::io("measure the store", error))
}

impl Store {
    /// What engine and bases would take written anew, as far as there is an engine to ask.
    fn look_inside(&self, usage: &mut StoreUsage) {
        usage.bases_next = usage.bases;
        let Some(stats) = self.shared().engine().and_then(|engine| engine.stats().ok()) else { return };
        let anew = Anew::of(self.shared(), &stats, usage.engine);
        usage.never_anew = !shrink::is_ever(&self.shared().options);
        usage.engine_new = stats.live_bytes.map(|_| anew.needs).filter(|_| !usage.never_anew);
        usage.beside = anew.beside.saturating_sub(usage.smaller);
        // Before there is one it is as large as its rows: packed they may be no smaller.
        let bases = self.shared().bases.all();
        let next = match bases.last().filter(|newest| newest.rows > 0) {
            Some(newest) => u128::from(newest.bytes) * u128::from(stats.rows) / u128::from(newest.rows),
            None => u128::from(stats.live_bytes.unwrap_or(0)),
        };
        usage.bases_next = u64::try_from(next * limits::BASES_KEPT as u128).unwrap_or(u64::MAX);
        let kept = bases.iter().fold(0, |sum: u64, base| sum.saturating_add(base.bytes));
        let unfinished = usage.bases.saturating_sub(kept);
        usage.base_beside = u64::try_from(next).unwrap_or(u64::MAX).saturating_sub(unfinished);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::EngineKind,
        store::Options,
        vfs::{Fault, FaultOn, OpenMode, RealDisk, SimulatedDisk},
    };
    use std::sync::Arc;

    #[test]
    fn a_walk_goes_on_where_it_stopped_and_counts_what_is_allocated() {
        let dir = std::env::temp_dir().join(format!("dassie-usage-{}", std::process::id()));
        let deep = dir.join("a/b");
        RealDisk.make_dir(&deep).expect("made");
        for number in 0..10 {
            std::fs::write(deep.join(number.to_string()), vec![1; 10_000]).expect("written");
        }
        let sparse = RealDisk.open(&dir.join("sparse"), OpenMode::OrCreate).expect("open");
        sparse.set_len(1 << 30).expect("grown");
        let (mut walk, mut steps) = (Walk::new(&dir), 0);
        let bytes = loop {
            steps += 1;
            if let Some(bytes) = walk.step(&RealDisk, 3).expect("it can be read") {
                break bytes;
            }
        };
        std::fs::remove_dir_all(&dir).expect("removed");
        assert!(steps > 4, "{steps} steps of three entries");
        assert!((100_000..1_000_000).contains(&bytes), "{bytes}: the hole takes no room");
        assert_eq!(Walk::new(&dir).step(&RealDisk, 3).expect("absent is empty"), Some(0));
    }

    #[test]
    fn a_simulated_disk_is_walked_as_well() {
        let disk = SimulatedDisk::new();
        for (name, bytes) in [("/d/one", 10_usize), ("/d/x/two", 200), ("/d/x/y/three", 3_000), ("/other", 7)] {
            let file = disk.open(Path::new(name), OpenMode::OrCreate).expect("open");
            file.write_at(0, &vec![0; bytes]).expect("written");
        }
        assert_eq!(whole(&disk, Path::new("/d")).expect("walked"), 3_210);
    }

    #[test]
    fn only_of_an_engine_that_is_written_anew_it_is_said_how_small_it_will_be() {
        let dir = tempfile::tempdir().expect("a directory");
        for (engine, never) in [(EngineKind::Redb, false), (EngineKind::Sled, true)] {
            let budget = Some(64_000_000);
            let options = Options { engine, budget, ..Options::new(dir.path().join(engine.to_string())) };
            let store = Store::open(options).expect("opens");
            let usage = store.usage().expect("measured");
            store.close().expect("closed");
            assert_eq!((usage.never_anew, usage.engine_new.is_none(), usage.beside == 0), (never, never, never));
        }
    }

    #[test]
    fn what_may_not_be_looked_into_takes_no_room_and_the_rest_is_measured() {
        let disk = SimulatedDisk::new();
        let options = Options { vfs: Arc::new(disk.clone()), ..Options::new("/d/store") };
        let store = Store::open(options).expect("opens");
        let before = store.usage().expect("measured");
        let file = disk.open(Path::new("/d/store/lost+found/inode"), OpenMode::OrCreate).expect("open");
        file.write_at(0, &[0; 1_000]).expect("written");
        let (name, kind) = ("lost+found".to_owned(), io::ErrorKind::PermissionDenied);
        disk.inject(Fault { name, on: FaultOn::List, after: 0, times: usize::MAX, kind });
        assert_eq!(store.usage().expect("measured").rest, before.rest);
        assert!(whole(&disk, Path::new("/d")).expect("walked") >= before.on_disk());
        store.close().expect("closed");
        disk.heal();
        assert!(whole(&disk, Path::new("/d/store/lost+found")).expect("walked") == 1_000);
    }
}
