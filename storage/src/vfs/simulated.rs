//! The simulated disk: remembers every write and sync, so that the power can be cut at each of them afterwards.
//!
//! A run happens once; `image(n, cut)` then answers what a real disk might hold had the power failed right after
//! the n-th boundary. Nothing un-synced may be relied on: contents, lengths, names.

use super::{Entries, Entry, OpenMode, RealDisk, Vfs, VfsFile};
use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const PAGE: usize = 4096;
const SECTOR: usize = 512;

/// What of the un-synced survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing.
    Drop,
    /// A random subset of 4 KiB pages and of names; the seed makes it repeatable.
    Reorder(u64),
    /// All of it but the last write, of which a random part of 512 B sectors survives.
    Tear(u64),
}

/// Which operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultOn {
    /// Writing, growing, making a file.
    Write,
    /// Making data durable.
    Sync,
    /// Reading.
    Read,
    /// Looking into a directory (`entries`).
    List,
}

/// An operation that fails.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Part of the file's path.
    pub name: String,
    /// Which operation.
    pub on: FaultOn,
    /// How many of them succeed first.
    pub after: usize,
    /// How many fail then; `usize::MAX`: all.
    pub times: usize,
    /// `StorageFull` for ENOSPC, `Other` for EIO.
    pub kind: io::ErrorKind,
}

type Inode = usize;

/// What is called with the file's path before each sync of one; it may hold the sync up.
pub type OnSync = Arc<dyn Fn(&Path) + Send + Sync>;

#[derive(Clone)]
enum Step {
    Write { inode: Inode, offset: u64, bytes: Arc<[u8]> },
    SetLen { inode: Inode, len: u64 },
    Sync { inode: Inode },
    SyncLost { inode: Inode },
    Name { path: PathBuf, inode: Option<Inode> },
    Rename { from: PathBuf, to: PathBuf },
    SyncDir { dir: PathBuf },
    Mark(u64),
}

#[derive(Default)]
struct State {
    contents: Vec<Vec<u8>>,
    names: BTreeMap<PathBuf, Inode>,
    /// What was on the disk when this run began.
    base: Vec<Vec<u8>>,
    base_names: BTreeMap<PathBuf, Inode>,
    steps: Vec<Step>,
    faults: Vec<Fault>,
    /// With this file gone the disk is full no more.
    filled_by: Option<PathBuf>,
    failed: usize,
    locks: BTreeSet<PathBuf>,
    sync_delay: Duration,
    on_sync: Option<OnSync>,
    elapsed: Option<Duration>,
    free: Option<u64>,
    total: Option<u64>,
    silent: bool,
}

/// A disk in memory whose power can be cut. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimulatedDisk {
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for SimulatedDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedDisk")
    }
}

impl SimulatedDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Boundaries so far.
    #[must_use]
    pub fn boundaries(&self) -> usize {
        self.state().steps.len()
    }

    /// Remembers `mark` at this point of the run: what happened before it was acknowledged.
    pub fn mark(&self, mark: u64) {
        self.state().steps.push(Step::Mark(mark));
    }

    /// The marks among the first `boundary` steps.
    #[must_use]
    pub fn marks(&self, boundary: usize) -> Vec<u64> {
        let state = self.state();
        let before = state.steps.iter().take(boundary);
        before.filter_map(|step| if let Step::Mark(mark) = step { Some(*mark) } else { None }).collect()
    }

    /// Whether step `boundary` (from 0) changes the disk; marks do not.
    #[must_use]
    pub fn changes(&self, boundary: usize) -> bool {
        self.state().steps.get(boundary).is_some_and(|step| !matches!(step, Step::Mark(_)))
    }

    /// Operations that failed as injected.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.state().failed
    }

    /// Lets an operation fail from now on.
    pub fn inject(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// No more failures.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// What fails for want of room does so until this file is removed.
    pub fn filled_by(&self, path: &Path) {
        self.state().filled_by = Some(path.to_path_buf());
    }

    /// Every sync takes this long from now on.
    pub fn slow_syncs(&self, delay: Duration) {
        self.state().sync_delay = delay;
    }

    /// Before every sync of a file from now on `hook` is called; the sync goes on when it returns.
    pub fn on_sync(&self, hook: OnSync) {
        self.state().on_sync = Some(hook);
    }

    /// Stops the stopwatch of this disk and sets it; without this it is the system's.
    pub fn set_elapsed(&self, elapsed: Duration) {
        self.state().elapsed = Some(elapsed);
    }

    /// What `total_space` answers; `None`: plenty.
    pub fn set_total_space(&self, bytes: Option<u64>) {
        self.state().total = bytes;
    }

    /// What `free_space` answers; `None`: plenty.
    pub fn set_free_space(&self, bytes: Option<u64>) {
        self.state().free = bytes;
    }

    /// Stops remembering boundaries: for long runs that only need faults.
    pub fn forget_steps(&self) {
        let mut state = self.state();
        state.silent = true;
        state.steps.clear();
    }

    /// Flips one bit of a file, as a rotten sector does.
    ///
    /// # Errors
    /// `NotFound`, or `InvalidInput` beyond the end.
    pub fn rot(&self, path: &Path, offset: usize) -> io::Result<()> {
        let mut state = self.state();
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        let byte = state.contents[inode].get_mut(offset).ok_or(io::ErrorKind::InvalidInput)?;
        *byte ^= 0x40;
        Ok(())
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn contents(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        let inode = state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(state.contents[*inode].clone())
    }

    /// All files.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.state().names.keys().cloned().collect()
    }

    /// A new disk with what survives when the power fails after the first `boundary` steps.
    #[must_use]
    pub fn image(&self, boundary: usize, cut: Cut) -> SimulatedDisk {
        let state = self.state();
        let mut survivor = Survivor::new(&state.base, &state.base_names);
        for step in state.steps.iter().take(boundary) {
            survivor.step(step);
        }
        drop(state);
        let (contents, names) = survivor.cut(cut);
        let image = State { base: contents.clone(), base_names: names.clone(), contents, names, ..State::default() };
        SimulatedDisk { state: Arc::new(Mutex::new(image)) }
    }

    /// A new disk with everything as it is now: what a killed process leaves.
    #[must_use]
    pub fn killed(&self) -> SimulatedDisk {
        let state = self.state();
        let (contents, names) = (state.contents.clone(), state.names.clone());
        let image = State { base: contents.clone(), base_names: names.clone(), contents, names, ..State::default() };
        drop(state);
        SimulatedDisk { state: Arc::new(Mutex::new(image)) }
    }

    /// A new disk as a process leaves it that is killed after the first `boundary` steps: all they did is seen by the next
    /// one, and a power cut later still takes what was never synced.
    #[must_use]
    pub fn killed_at(&self, boundary: usize) -> SimulatedDisk {
        let state = self.state();
        let (base, base_names) = (state.base.clone(), state.base_names.clone());
        let steps: Vec<Step> = state.steps.iter().take(boundary).cloned().collect();
        drop(state);
        let (mut contents, mut names) = (base.clone(), base_names.clone());
        for step in &steps {
            if let Step::Write { inode, .. } | Step::SetLen { inode, .. } | Step::Name { inode: Some(inode), .. } = step
            {
                contents.resize(contents.len().max(inode + 1), Vec::new());
            }
            match step {
                Step::Write { inode, .. } | Step::SetLen { inode, .. } => apply(&mut contents[*inode], step),
                Step::Name { path, inode: Some(inode) } => {
                    names.insert(path.clone(), *inode);
                }
                Step::Name { path, inode: None } => {
                    names.remove(path);
                }
                Step::Rename { from, to } => {
                    if let Some(inode) = names.remove(from) {
                        names.insert(to.clone(), inode);
                    }
                }
                Step::Sync { .. } | Step::SyncLost { .. } | Step::SyncDir { .. } | Step::Mark(_) => {}
            }
        }
        let left = State { contents, names, base, base_names, steps, ..State::default() };
        SimulatedDisk { state: Arc::new(Mutex::new(left)) }
    }
}

impl State {
    fn record(&mut self, step: Step) {
        if !self.silent {
            self.steps.push(step);
        }
    }

    fn fails(&mut self, path: &Path, on: FaultOn) -> io::Result<()> {
        let text = path.to_string_lossy();
        for fault in &mut self.faults {
            if fault.on != on || !text.contains(&fault.name) {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
            } else if fault.times > 0 {
                fault.times = if fault.times == usize::MAX { usize::MAX } else { fault.times - 1 };
                self.failed += 1;
                return Err(io::Error::new(fault.kind, "injected"));
            }
        }
        Ok(())
    }
}

/// Replays steps and keeps apart what is durable and what is not.
struct Survivor {
    durable: Vec<Vec<u8>>,
    pending: Vec<Vec<Step>>,
    names: BTreeMap<PathBuf, Inode>,
    durable_names: BTreeMap<PathBuf, Inode>,
    last_write: Option<(Inode, usize)>,
}

impl Survivor {
    fn new(base: &[Vec<u8>], names: &BTreeMap<PathBuf, Inode>) -> Self {
        Survivor {
            durable: base.to_vec(),
            pending: vec![Vec::new(); base.len()],
            names: names.clone(),
            durable_names: names.clone(),
            last_write: None,
        }
    }

    fn make_room(&mut self, inode: Inode) {
        if self.durable.len() <= inode {
            self.durable.resize(inode + 1, Vec::new());
            self.pending.resize(inode + 1, Vec::new());
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Write { inode, .. } | Step::SetLen { inode, .. } => {
                self.make_room(*inode);
                self.pending[*inode].push(step.clone());
                self.last_write = Some((*inode, self.pending[*inode].len() - 1));
            }
            Step::Sync { inode } => {
                self.make_room(*inode);
                for write in std::mem::take(&mut self.pending[*inode]) {
                    apply(&mut self.durable[*inode], &write);
                }
                self.last_write = self.last_write.filter(|(of, _)| of != inode);
            }
            // The system forgot the pages: they are read back while it runs and are gone afterwards.
            Step::SyncLost { inode } => {
                self.make_room(*inode);
                self.pending[*inode].clear();
                self.last_write = self.last_write.filter(|(of, _)| of != inode);
            }
            Step::Name { path, inode } => {
                if let Some(inode) = inode {
                    self.make_room(*inode);
                    self.names.insert(path.clone(), *inode);
                } else {
                    self.names.remove(path);
                }
            }
            Step::Rename { from, to } => {
                if let Some(inode) = self.names.remove(from) {
                    self.names.insert(to.clone(), inode);
                }
            }
            Step::SyncDir { dir } => {
                let inside = |path: &Path| path.parent() == Some(dir.as_path());
                self.durable_names.retain(|path, _| !inside(path));
                let now = self.names.iter().filter(|(path, _)| inside(path));
                self.durable_names.extend(now.map(|(path, inode)| (path.clone(), *inode)));
            }
            Step::Mark(_) => {}
        }
    }

    fn cut(mut self, cut: Cut) -> (Vec<Vec<u8>>, BTreeMap<PathBuf, Inode>) {
        let (mut dice, names) = match cut {
            Cut::Drop => return (self.durable, self.durable_names),
            Cut::Reorder(seed) => (Dice(seed), None),
            Cut::Tear(seed) => (Dice(seed), Some(self.names.clone())),
        };
        let torn = self.last_write;
        for (inode, writes) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            for (index, write) in writes.iter().enumerate() {
                match (cut, write) {
                    (Cut::Tear(_), Step::Write { .. }) if torn == Some((inode, index)) => {
                        apply_part(&mut self.durable[inode], write, SECTOR, &mut dice);
                    }
                    (Cut::Tear(_), _) => apply(&mut self.durable[inode], write),
                    (_, Step::Write { .. }) => apply_part(&mut self.durable[inode], write, PAGE, &mut dice),
                    (_, _) => {
                        if dice.flip() {
                            apply(&mut self.durable[inode], write);
                        }
                    }
                }
            }
        }
        let names = names.unwrap_or_else(|| {
            let mut kept = BTreeMap::new();
            let all: BTreeSet<_> = self.names.keys().chain(self.durable_names.keys()).cloned().collect();
            for path in all {
                let from = if dice.flip() { &self.names } else { &self.durable_names };
                if let Some(inode) = from.get(&path) {
                    kept.insert(path, *inode);
                }
            }
            kept
        });
        (self.durable, names)
    }
}

fn apply(content: &mut Vec<u8>, step: &Step) {
    match step {
        Step::Write { offset, bytes, .. } => put(content, *offset, bytes),
        Step::SetLen { len, .. } => content.resize(usize::try_from(*len).unwrap_or(usize::MAX), 0),
        _ => {}
    }
}

/// Lets each `unit` of a write survive or not.
fn apply_part(content: &mut Vec<u8>, step: &Step, unit: usize, dice: &mut Dice) {
    let Step::Write { offset, bytes, .. } = step else { return };
    let mut start = 0;
    while start < bytes.len() {
        let place = *offset as usize + start;
        let end = bytes.len().min(start + unit - place % unit);
        if dice.flip() {
            put(content, place as u64, &bytes[start..end]);
        }
        start = end;
    }
}

fn put(content: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    if content.len() < start + bytes.len() {
        content.resize(start + bytes.len(), 0);
    }
    content[start..start + bytes.len()].copy_from_slice(bytes);
}

/// splitmix64: enough for coin flips, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn flip(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}

impl Vfs for SimulatedDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let mut state = self.state();
        let inode = match (state.names.get(path).copied(), mode) {
            (Some(inode), OpenMode::Existing | OpenMode::ReadOnly | OpenMode::OrCreate) => inode,
            (None, OpenMode::Existing | OpenMode::ReadOnly) => return Err(io::ErrorKind::NotFound.into()),
            (Some(inode), OpenMode::Truncate) => {
                state.fails(path, FaultOn::Write)?;
                state.contents[inode].clear();
                state.record(Step::SetLen { inode, len: 0 });
                inode
            }
            (None, _) => {
                state.fails(path, FaultOn::Write)?;
                state.contents.push(Vec::new());
                let inode = state.contents.len() - 1;
                state.names.insert(path.to_path_buf(), inode);
                state.record(Step::Name { path: path.to_path_buf(), inode: Some(inode) });
                inode
            }
        };
        drop(state);
        Ok(Arc::new(SimulatedFile { disk: self.clone(), inode, path: path.to_path_buf() }))
    }

    fn make_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let inside = state.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    fn entries(&self, dir: &Path) -> io::Result<Entries> {
        let mut state = self.state();
        state.fails(dir, FaultOn::List)?;
        let mut found: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        for (path, inode) in &state.names {
            let Some(first) = path.strip_prefix(dir).ok().and_then(|rest| rest.iter().next()) else { continue };
            let place = dir.join(first);
            let is_dir = place != *path;
            let bytes = if is_dir { 0 } else { state.contents[*inode].len() as u64 };
            found.insert(place.clone(), Entry { path: place, is_dir, bytes });
        }
        drop(state);
        if found.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Box::new(found.into_values().map(Ok)))
    }

    fn dirs(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let below = state.names.keys().filter_map(|path| path.strip_prefix(dir).ok());
        let deeper = below.filter(|below| below.components().count() > 1);
        let first = deeper.filter_map(|below| below.iter().next()?.to_str().map(str::to_owned));
        Ok(first.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(self.state().names.keys().any(|name| name.starts_with(path)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.fails(to, FaultOn::Write)?;
        let inode = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_path_buf(), inode);
        state.record(Step::Rename { from: from.to_path_buf(), to: to.to_path_buf() });
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if state.names.remove(path).is_some() {
            state.record(Step::Name { path: path.to_path_buf(), inode: None });
            if state.filled_by.as_deref() == Some(path) {
                state.faults.retain(|fault| fault.kind != io::ErrorKind::StorageFull);
            }
        }
        Ok(())
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let inside: Vec<_> = self.state().names.keys().filter(|name| name.starts_with(path)).cloned().collect();
        inside.iter().try_for_each(|name| self.remove(name))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.fails(dir, FaultOn::Sync)?;
        state.record(Step::SyncDir { dir: dir.to_path_buf() });
        Ok(())
    }

    fn free_space(&self, _dir: &Path) -> io::Result<u64> {
        Ok(self.state().free.unwrap_or(u64::MAX / 2))
    }

    fn total_space(&self, _dir: &Path) -> io::Result<u64> {
        Ok(self.state().total.unwrap_or(u64::MAX / 2))
    }

    fn elapsed(&self) -> Duration {
        let set = self.state().elapsed;
        set.unwrap_or_else(|| RealDisk.elapsed())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Any + Send + Sync>>> {
        if !self.state().locks.insert(path.to_path_buf()) {
            return Ok(None);
        }
        Ok(Some(Box::new(Lock { disk: self.clone(), path: path.to_path_buf() })))
    }
}

struct Lock {
    disk: SimulatedDisk,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

#[derive(Debug)]
struct SimulatedFile {
    disk: SimulatedDisk,
    inode: Inode,
    path: PathBuf,
}

impl VfsFile for SimulatedFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.state();
        state.fails(&self.path, FaultOn::Read)?;
        let content = &state.contents[self.inode];
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
        let count = into.len().min(content.len() - start);
        into[..count].copy_from_slice(&content[start..start + count]);
        Ok(count)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        state.fails(&self.path, FaultOn::Write)?;
        put(&mut state.contents[self.inode], offset, bytes);
        state.record(Step::Write { inode: self.inode, offset, bytes: bytes.into() });
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let state = self.disk.state();
        let (delay, hook) = (state.sync_delay, state.on_sync.clone());
        drop(state);
        if let Some(hook) = hook {
            hook(&self.path);
        }
        if !delay.is_zero() {
            std::thread::sleep(delay);
        }
        let mut state = self.disk.state();
        if let Err(error) = state.fails(&self.path, FaultOn::Sync) {
            state.record(Step::SyncLost { inode: self.inode });
            return Err(error);
        }
        state.record(Step::Sync { inode: self.inode });
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        state.fails(&self.path, FaultOn::Write)?;
        let inode = self.inode;
        apply(&mut state.contents[inode], &Step::SetLen { inode, len });
        state.record(Step::SetLen { inode, len });
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.disk.state().contents[self.inode].len() as u64)
    }
}
