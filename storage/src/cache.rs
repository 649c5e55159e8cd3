//! Copies of other servers' pictures under `DATA/cache/aa/NAME`. They can be fetched again: there is no row for them, and
//! the whole directory may be removed at any time.
//!
//! A file's modification time says when it was last used, in steps of a day.

use crate::{
    error::{Error, Result},
    id::{DAY_MS, Timestamp},
    key::Digest,
    vfs::{OpenMode, RealDisk, Vfs, VfsFile, absent_is_fine},
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

/// Days that are told apart when room is made; what is older counts as this old.
const DAYS: usize = 64;

/// The directory of copies; cheap to clone. Everything here waits for the disk: never on an async worker.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    root: PathBuf,
    counter: AtomicU64,
}

/// What making room led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evicted {
    /// Files removed.
    pub files: u64,
    /// Their bytes.
    pub bytes_gone: u64,
    /// Bytes still there.
    pub bytes_left: u64,
}

impl Cache {
    /// The copies below `data`.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Cache(Arc::new(Inner { root: data.join("cache"), counter: AtomicU64::new(0) }))
    }

    /// The copy called `name`, marked as used; `None` if there is none.
    ///
    /// # Errors
    /// `Io`.
    pub fn find(&self, name: Digest, now: Timestamp) -> Result<Option<Arc<dyn VfsFile>>> {
        let path = self.path(name);
        let file = match RealDisk.open(&path, OpenMode::Existing) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("open", &path, error)),
        };
        let used = fs::metadata(&path).map_err(|error| failed("look at", &path, error))?;
        if age_days(&used, now) > 0 {
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
            let file = RealDisk.open(&beside, OpenMode::Truncate)?;
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

    /// Removes what was not used for `age_ms`, and then the longest unused until at most `bytes_max` are left.
    ///
    /// Walks all copies twice; memory does not grow with their number.
    ///
    /// # Errors
    /// `Io`.
    pub fn make_room(&self, now: Timestamp, age_ms: i64, bytes_max: u64) -> Result<Evicted> {
        self.evict(now, age_ms, |_| bytes_max)
    }

    /// Removes what was not used for `age_ms`, and then the longest unused until half is left, but nothing that was used
    /// within a day: somebody looks at it.
    ///
    /// # Errors
    /// `Io`.
    pub fn halve(&self, now: Timestamp, age_ms: i64) -> Result<Evicted> {
        self.evict(now, age_ms, |by_age| (by_age.iter().sum::<u64>() / 2).max(by_age[0]))
    }

    /// The same with the bytes that may stay by those of each age in days.
    fn evict(&self, now: Timestamp, age_ms: i64, may_stay: impl FnOnce(&[u64; DAYS]) -> u64) -> Result<Evicted> {
        let mut bytes_by_age = [0_u64; DAYS];
        self.walk(&mut |_, used| {
            bytes_by_age[age_days(used, now).min(DAYS - 1)] += used.len();
            Ok(())
        })?;
        let bytes_max = may_stay(&bytes_by_age);
        let age_max = usize::try_from(age_ms / DAY_MS).unwrap_or(0).clamp(1, DAYS - 1);
        // The first age that goes. Ages are whole days, so what was used today goes together or stays together.
        let mut left = 0_u64;
        let too_much = bytes_by_age[..age_max].iter().position(|bytes| {
            left = left.saturating_add(*bytes);
            left > bytes_max
        });
        let first_gone = too_much.unwrap_or(age_max);
        let mut evicted = Evicted::default();
        self.walk(&mut |path, used| {
            if age_days(used, now) < first_gone {
                evicted.bytes_left += used.len();
                return Ok(());
            }
            evicted.files += 1;
            evicted.bytes_gone += used.len();
            absent_is_fine(fs::remove_file(path))
        })?;
        Ok(evicted)
    }

    fn walk(&self, visit: &mut dyn FnMut(&Path, &fs::Metadata) -> io::Result<()>) -> Result<()> {
        for first in 0..=u8::MAX {
            let dir = self.0.root.join(format!("{first:02x}"));
            let entries = match fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed("list", &dir, error)),
            };
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
        Ok(())
    }

    fn path(&self, name: Digest) -> PathBuf {
        let hex: String = name.0.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.root.join(&hex[..2]).join(hex)
    }
}

/// Whole days since a file was last used.
fn age_days(used: &fs::Metadata, now: Timestamp) -> usize {
    let at = used.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let at = at.and_then(|at| i64::try_from(at.as_millis()).ok()).unwrap_or(0);
    usize::try_from((now.0 - at) / DAY_MS).unwrap_or(0)
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

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn days(count: i64) -> Timestamp {
        NOW.plus_ms(count * DAY_MS)
    }

    #[test]
    fn what_is_old_goes_and_what_is_used_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        let (one, two) = (Digest::of("one"), Digest::of("two"));
        cache.keep(one, b"1", NOW).expect("kept");
        cache.keep(two, b"22", NOW).expect("kept");
        assert!(cache.find(two, days(20)).expect("looked").is_some());
        let evicted = cache.make_room(days(31), 30 * DAY_MS, 1_000).expect("made");
        assert_eq!(evicted, Evicted { files: 1, bytes_gone: 1, bytes_left: 2 });
        assert!(cache.find(one, days(31)).expect("looked").is_none());
        assert!(cache.find(two, days(31)).expect("looked").is_some());
    }

    #[test]
    fn the_longest_unused_go_first_when_room_is_short() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        for day in 0..4 {
            cache.keep(Digest::of(&day.to_string()), &[0; 100], days(day)).expect("kept");
        }
        let evicted = cache.make_room(days(3), 30 * DAY_MS, 250).expect("made");
        assert_eq!(evicted, Evicted { files: 2, bytes_gone: 200, bytes_left: 200 });
        for (day, there) in [(0, false), (1, false), (2, true), (3, true)] {
            let found = cache.find(Digest::of(&day.to_string()), days(3)).expect("looked");
            assert_eq!(found.is_some(), there, "day {day}");
        }
        assert_eq!(cache.make_room(days(3), 30 * DAY_MS, 0).expect("made").bytes_left, 0);
    }

    #[test]
    fn the_longer_unused_half_goes_but_nothing_that_was_used_within_a_day() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        for day in 0..4 {
            cache.keep(Digest::of(&day.to_string()), &[0; 100], days(day)).expect("kept");
        }
        let halve = || cache.halve(days(3), 30 * DAY_MS).expect("made").bytes_left;
        assert_eq!([halve(), halve(), halve()], [200, 100, 100]);
        assert!(cache.find(Digest::of("3"), days(3)).expect("looked").is_some());
    }

    #[test]
    fn copy_is_replaced_whole() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        let name = Digest::of("one");
        cache.keep(name, b"long before", NOW).expect("kept");
        cache.keep(name, b"now", NOW).expect("kept");
        let file = cache.find(name, NOW).expect("looked").expect("there");
        assert_eq!(file.size().expect("a size"), 3);
    }
}
