//! Copies of other servers' pictures under `DATA/cache/aa/NAME`. They can be fetched again: there is no row for them, and
//! the whole directory may be removed at any time.
//!
//! A file's modification time says when it was last used, in steps of a day.

use crate::{
    error::{Error, Result},
    id::{DAY_MS, Timestamp},
    key::Digest,
    vfs::{OpenMode, Vfs, VfsFile, absent_is_fine, allocated},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

/// Ages that are told apart when room is made: steps of ten minutes within a day...
const STEPS_A_DAY: usize = 144;
/// ... and days; what is older counts as the last.
const STEPS: usize = STEPS_A_DAY + 63;

/// The directory of copies; cheap to clone. Everything here waits for the disk: never on an async worker.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    disk: Arc<dyn Vfs>,
    root: PathBuf,
    counter: AtomicU64,
}

/// What making room led to. Bytes are those allocated on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evicted {
    /// Files removed.
    pub files: u64,
    /// Their bytes.
    pub bytes_gone: u64,
    /// Bytes still there, those of the directories included.
    pub bytes_left: u64,
}

impl Cache {
    /// The copies below `data` on `disk`: the real one, bare or in a layer that times it, as the system itself is asked for
    /// their ages and sizes.
    #[must_use]
    pub fn new(disk: Arc<dyn Vfs>, data: &Path) -> Self {
        Cache(Arc::new(Inner { disk, root: data.join("cache"), counter: AtomicU64::new(0) }))
    }

    /// The copy called `name`, marked as used; `None` if there is none.
    ///
    /// # Errors
    /// `Io`.
    pub fn find(&self, name: Digest, now: Timestamp) -> Result<Option<Arc<dyn VfsFile>>> {
        let path = self.path(name);
        let file = match self.0.disk.open(&path, OpenMode::Existing) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("open", &path, error)),
        };
        let used = fs::metadata(&path).map_err(|error| failed("look at", &path, error))?;
        if age_ms(&used, now) >= DAY_MS {
            mark_used(&path, now).map_err(|error| failed("touch", &path, error))?;
        }
        Ok(Some(file))
    }

    /// Keeps a copy: written beside, synced and renamed, so that it is whole or absent. Its name may vanish in a power
    /// cut; then it is fetched again.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep(&self, name: Digest, bytes: &[u8], now: Timestamp) -> Result<()> {
        let path = self.path(name);
        let beside = path.with_extension(format!("new{}", self.0.counter.fetch_add(1, Ordering::Relaxed)));
        let written = (|| {
            fs::create_dir_all(path.parent().unwrap_or(&self.0.root))?;
            let file = self.0.disk.open(&beside, OpenMode::Truncate)?;
            file.write_at(0, bytes)?;
            file.sync_data()?;
            mark_used(&beside, now)?;
            fs::rename(&beside, &path)
        })();
        written.map_err(|error| {
            // What cannot be removed now is as old as everything else one day.
            let _ = fs::remove_file(&beside);
            failed("write", &path, error)
        })
    }

    /// Removes what was not used for `age_ms`, and then the longest unused until at most `bytes_max` are left, those of the
    /// directories included.
    ///
    /// Walks all copies twice; memory does not grow with their number.
    ///
    /// # Errors
    /// `Io`.
    pub fn make_room(&self, now: Timestamp, age_ms: i64, bytes_max: u64) -> Result<Evicted> {
        self.evict(now, age_ms, |_, directories| bytes_max.saturating_sub(directories))
    }

    /// Removes what was not used for `age_ms`, and then the longest unused until half is left, but nothing that was used
    /// within a day: somebody looks at it.
    ///
    /// # Errors
    /// `Io`.
    pub fn halve(&self, now: Timestamp, age_ms: i64) -> Result<Evicted> {
        let may_stay = |by_age: &[u64; STEPS], _: u64| {
            let of_a_day: u64 = by_age[..STEPS_A_DAY].iter().sum();
            of_a_day.max(by_age.iter().sum::<u64>() / 2)
        };
        self.evict(now, age_ms, may_stay)
    }

    /// The same with the bytes of files that may stay by those of each age, and by what the directories take.
    fn evict(&self, now: Timestamp, age_ms: i64, may_stay: impl FnOnce(&[u64; STEPS], u64) -> u64) -> Result<Evicted> {
        let mut bytes_by_age = [0_u64; STEPS];
        let directories = self.walk(&mut |_, used| {
            bytes_by_age[age_step(used, now)] += allocated(used);
            Ok(())
        })?;
        let bytes_max = may_stay(&bytes_by_age, directories);
        let days_max = usize::try_from(age_ms / DAY_MS).unwrap_or(0).clamp(1, STEPS - STEPS_A_DAY);
        let age_max = STEPS_A_DAY + days_max - 1;
        // The first age that goes: what is of one age goes together or stays together.
        let mut left = 0_u64;
        let too_much = bytes_by_age[..age_max].iter().position(|bytes| {
            left = left.saturating_add(*bytes);
            left > bytes_max
        });
        let first_gone = too_much.unwrap_or(age_max);
        let mut evicted = Evicted::default();
        let directories = self.walk(&mut |path, used| {
            if age_step(used, now) < first_gone {
                evicted.bytes_left += allocated(used);
                return Ok(());
            }
            evicted.files += 1;
            evicted.bytes_gone += allocated(used);
            absent_is_fine(fs::remove_file(path))
        })?;
        evicted.bytes_left += directories;
        Ok(evicted)
    }

    /// Shows each copy; answers what the directories themselves take.
    fn walk(&self, visit: &mut dyn FnMut(&Path, &fs::Metadata) -> io::Result<()>) -> Result<u64> {
        let mut bytes = of_directory(&self.0.root)?;
        for first in 0..=u8::MAX {
            let dir = self.0.root.join(format!("{first:02x}"));
            let entries = match fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed("list", &dir, error)),
            };
            bytes += of_directory(&dir)?;
            for entry in entries {
                let entry = entry.map_err(|error| failed("list", &dir, error))?;
                let path = entry.path();
                match entry.metadata() {
                    Ok(used) if used.is_file() => {
                        visit(&path, &used).map_err(|error| failed("remove", &path, error))?;
                    }
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(failed("look at", &path, error)),
                }
            }
        }
        Ok(bytes)
    }

    fn path(&self, name: Digest) -> PathBuf {
        let hex: String = name.0.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.root.join(&hex[..2]).join(hex)
    }
}

/// What a directory itself takes; one that is not there nothing.
fn of_directory(dir: &Path) -> Result<u64> {
    match fs::metadata(dir) {
        Ok(about) => Ok(allocated(&about)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(failed("look at", dir, error)),
    }
}

/// Milliseconds since a file was last used, by its modification time.
fn age_ms(used: &fs::Metadata, now: Timestamp) -> i64 {
    let at = used.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    now.0 - at.and_then(|at| i64::try_from(at.as_millis()).ok()).unwrap_or(0)
}

/// Which of the ages that are told apart a file has; one from the future is new.
fn age_step(used: &fs::Metadata, now: Timestamp) -> usize {
    let (age, day) = (u64::try_from(age_ms(used, now)).unwrap_or(0), DAY_MS.unsigned_abs());
    let steps = STEPS_A_DAY as u64;
    let step = if age < day { age / (day / steps) } else { steps + age / day - 1 };
    usize::try_from(step).unwrap_or(usize::MAX).min(STEPS - 1)
}

fn mark_used(path: &Path, now: Timestamp) -> io::Result<()> {
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    absent_is_fine(fs::File::options().write(true).open(path).and_then(|file| file.set_modified(at)))
}

fn failed(what: &str, path: &Path, source: io::Error) -> Error {
    Error::Io { what: format!("{what} {}", path.display()), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::RealDisk;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn days(count: i64) -> Timestamp {
        NOW.plus_ms(count * DAY_MS)
    }

    /// Bytes that the copies of these names and all directories take on the disk.
    fn takes(cache: &Cache, names: &[Digest]) -> u64 {
        let files = names.iter().map(|name| allocated(&fs::metadata(cache.path(*name)).expect("there")));
        files.sum::<u64>() + cache.walk(&mut |_, _| Ok(())).expect("walked")
    }

    #[test]
    fn what_is_old_goes_and_what_is_used_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Arc::new(RealDisk), dir.path());
        let (one, two) = (Digest::of("one"), Digest::of("two"));
        cache.keep(one, &[1; 100_000], NOW).expect("kept");
        cache.keep(two, &[2; 200_000], NOW).expect("kept");
        assert!(cache.find(two, days(20)).expect("looked").is_some());
        let evicted = cache.make_room(days(31), 30 * DAY_MS, 1_000_000_000).expect("made");
        assert_eq!((evicted.files, evicted.bytes_left), (1, takes(&cache, &[two])));
        assert!(evicted.bytes_gone >= 100_000, "{evicted:?}");
        assert!(cache.find(one, days(31)).expect("looked").is_none());
        assert!(cache.find(two, days(31)).expect("looked").is_some());
    }

    #[test]
    fn the_longest_unused_go_first_when_room_is_short() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Arc::new(RealDisk), dir.path());
        let names: Vec<Digest> = (0..4).map(|day| Digest::of(&day.to_string())).collect();
        for (name, day) in names.iter().zip(0..) {
            cache.keep(*name, &[0; 100_000], days(day)).expect("kept");
        }
        let three = takes(&cache, &names[1..]);
        assert_eq!(cache.make_room(days(3), 30 * DAY_MS, three).expect("made").files, 1, "three fit");
        let evicted = cache.make_room(days(3), 30 * DAY_MS, three - 1).expect("made");
        assert_eq!((evicted.files, evicted.bytes_left), (1, takes(&cache, &names[2..])), "and not a byte more");
        for (name, there) in names.iter().zip([false, false, true, true]) {
            assert_eq!(cache.find(*name, days(3)).expect("looked").is_some(), there);
        }
        let evicted = cache.make_room(days(3), 30 * DAY_MS, 0).expect("made");
        assert_eq!((evicted.files, evicted.bytes_left), (2, takes(&cache, &[])));
    }

    #[test]
    fn of_one_day_the_first_fetched_go_first() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Arc::new(RealDisk), dir.path());
        let names: Vec<Digest> = (0..4).map(|step| Digest::of(&step.to_string())).collect();
        let later = |step: i64| NOW.plus_ms(step * DAY_MS / 144);
        for (name, step) in names.iter().zip(0..) {
            cache.keep(*name, &[0; 100_000], later(step)).expect("kept");
        }
        let evicted = cache.make_room(later(3), 30 * DAY_MS, takes(&cache, &names[1..])).expect("made");
        assert_eq!((evicted.files, evicted.bytes_left), (1, takes(&cache, &names[1..])));
        assert_eq!(cache.halve(later(3), 30 * DAY_MS).expect("made").files, 0, "somebody looks at them");
    }

    #[test]
    fn the_longer_unused_half_goes_but_nothing_that_was_used_within_a_day() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Arc::new(RealDisk), dir.path());
        for day in 0..4 {
            cache.keep(Digest::of(&day.to_string()), &[0; 100_000], days(day)).expect("kept");
        }
        let halve = || cache.halve(days(3), 30 * DAY_MS).expect("made").files;
        assert_eq!([halve(), halve(), halve()], [2, 1, 0]);
        assert!(cache.find(Digest::of("3"), days(3)).expect("looked").is_some());
    }

    #[test]
    fn copy_is_replaced_whole() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Arc::new(RealDisk), dir.path());
        let name = Digest::of("one");
        cache.keep(name, b"long before", NOW).expect("kept");
        cache.keep(name, b"now", NOW).expect("kept");
        let file = cache.find(name, NOW).expect("looked").expect("there");
        assert_eq!(file.size().expect("a size"), 3);
    }
}
