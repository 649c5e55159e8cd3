//! From the words that name a place to the place.

use super::secret::secret;
use crate::{
    config::Config,
    error::{Error, Result},
    s3::{Credentials, S3},
};
use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use storage::{
    Store,
    backup::{Directory, Repository, target::Target},
    latency::Purpose,
    vfs::{RealDisk, Vfs},
};

/// The target that `text` names: a directory, or a bucket of an object store.
///
/// # Errors
/// `Invalid` in words for what is no place for backups.
pub fn open_target(text: &str) -> Result<Arc<dyn Target>> {
    open_on(Arc::new(RealDisk), text)
}

/// The same to write backups of `store` to: the syncs of a directory are timed among those of the store.
///
/// # Errors
/// As [`open_target`].
pub fn open_timed_target(store: &Store, text: &str) -> Result<Arc<dyn Target>> {
    open_on(store.timed(Arc::new(RealDisk), Purpose::Backups), text)
}

/// The backups by schedule, from which a damaged file may be had, if they can be reached.
#[must_use]
pub fn spare(config: &Config) -> Option<Repository> {
    let place = config.backups.to.as_ref()?;
    let opened = open_target(place).and_then(|target| {
        let secret = secret(&config.backups)?;
        Ok(Repository::open(target, secret.as_ref())?)
    });
    opened.unwrap_or_else(|error| {
        tracing::warn!(%error, "the backups cannot be asked for a damaged file");
        None
    })
}

fn open_on(disk: Arc<dyn Vfs>, text: &str) -> Result<Arc<dyn Target>> {
    if text.starts_with("s3://") {
        return Ok(Arc::new(S3::open(text, &Credentials::of_environment()?)?));
    }
    Ok(Arc::new(Directory::new(disk, directory(text)?)))
}

/// The words for the same place that hold wherever a program is started: a directory from the root on, a bucket as it was
/// named.
///
/// # Errors
/// `Invalid` in words for what is no place for backups.
pub fn absolute_place(text: &str) -> Result<String> {
    if text.starts_with("s3://") {
        S3::refuse_ill_named(text)?;
        return Ok(text.to_owned());
    }
    let refuse = |_| Error::invalid("backup.to", format!("{text:?} lies below a directory whose name is not UTF-8"));
    directory(text)?.into_os_string().into_string().map_err(refuse)
}

fn directory(text: &str) -> Result<PathBuf> {
    if text.is_empty() || text.contains("://") {
        return Err(Error::invalid("backup.to", format!("{text:?} is no place for backups; name a directory")));
    }
    std::path::absolute(text).map_err(|error| Error::invalid("backup.to", format!("{text:?}: {error}")))
}

/// Whether two words name one place.
#[must_use]
pub fn same_place(a: &str, b: &str) -> bool {
    let absolute = |text: &str| std::path::absolute(text).ok();
    a == b || !a.contains("://") && !b.contains("://") && absolute(a) == absolute(b)
}

/// The directory of backups that `text` names, if it lies on a file system on which the store or the pictures lie: such
/// backups are lost with them. Where it is not there yet, what it would lie in counts. Two file systems on one disk are
/// not told apart from two disks, nor subvolumes of one. Asks the disks; not for an async worker.
#[must_use]
pub fn on_disk_of(text: &str, data_dir: &Path) -> Option<PathBuf> {
    let place = if text.contains("://") { None } else { directory(text).ok() }?;
    let disk = |dir: &Path| dir.ancestors().find_map(|dir| std::fs::metadata(dir).ok()).map(|data| data.dev());
    let of_place = disk(&place)?;
    let shares = |part: &str| disk(&data_dir.join(part)) == Some(of_place);
    (shares("store") || shares("media")).then_some(place)
}

/// A place inside the data directory would be lost with it.
///
/// # Errors
/// `Invalid`.
pub(super) fn refuse_inside(text: &str, data_dir: &Path) -> Result<()> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    let (Some(place), Some(data)) = (real(Path::new(text)), real(data_dir)) else { return Ok(()) };
    if !text.contains("://") && place.starts_with(&data) {
        let why = format!("{text} lies inside the data directory and would be lost with it; choose another disk");
        return Err(Error::invalid("backup.to", why));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_a_place_and_other_words_are_not() {
        assert!(open_target("/mnt/backups").is_ok_and(|target| target.describe() == "/mnt/backups"));
        assert!(open_target("backups").is_ok_and(|target| Path::new(&target.describe()).is_absolute()));
        for other in ["", "ftp://host/x"] {
            assert!(open_target(other).is_err() && absolute_place(other).is_err(), "{other}");
        }
        let data = tempfile::tempdir().expect("a directory");
        let inside = data.path().join("backups").to_string_lossy().into_owned();
        assert!(refuse_inside(&inside, data.path()).is_err());
        assert!(refuse_inside("/elsewhere", data.path()).is_ok());
    }

    #[test]
    fn a_place_on_the_disk_of_the_data_is_known_before_it_is_made() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data, place) = (dir.path().join("data"), dir.path().join("deep/backups"));
        let text = place.to_string_lossy().into_owned();
        assert_eq!(on_disk_of(&text, &data), Some(place.clone()), "neither is there yet");
        std::fs::create_dir_all(&place).expect("made");
        std::fs::create_dir_all(data.join("store")).expect("made");
        assert_eq!(on_disk_of(&text, &data), Some(place));
        assert_eq!(on_disk_of("/proc/backups", &data), None, "another file system");
        assert_eq!(on_disk_of("s3://mine/a?endpoint=http://127.0.0.1:9000&region=here", &data), None);
        // The pictures alone lie elsewhere.
        std::os::unix::fs::symlink("/proc", data.join("media")).expect("linked");
        assert_eq!(on_disk_of("/proc/backups", &data), Some("/proc/backups".into()));
    }

    #[test]
    fn the_words_for_a_place_hold_everywhere_and_lead_there_again() {
        let here = std::env::current_dir().expect("a directory").join("backups");
        assert_eq!(absolute_place("backups").expect("a place"), here.to_string_lossy());
        assert_eq!(absolute_place("/mnt/backups").expect("a place"), "/mnt/backups");
        let bucket = "s3://mine/a?endpoint=http://127.0.0.1:9000&region=here";
        let place = absolute_place(bucket).expect("a place");
        assert!(place == bucket && same_place(&place, bucket) && absolute_place(&place).is_ok());
        assert!(absolute_place("s3://mine/a at 127.0.0.1").is_err(), "words for people name no place");
    }
}
