//! From the words that name a place to the place.

use crate::{
    error::{Error, Result},
    s3::{Credentials, S3},
};
use std::{path::Path, sync::Arc};
use storage::{
    backup::{Directory, target::Target},
    vfs::RealDisk,
};

/// The target that `text` names: a directory, or a bucket of an object store.
///
/// # Errors
/// `Invalid` in words for what is no place for backups.
pub fn open_target(text: &str) -> Result<Arc<dyn Target>> {
    if text.starts_with("s3://") {
        return Ok(Arc::new(S3::open(text, &Credentials::of_environment()?)?));
    }
    if text.is_empty() || text.contains("://") {
        return Err(Error::invalid("backup.to", format!("{text:?} is no place for backups; name a directory")));
    }
    let place = std::path::absolute(text);
    let place = place.map_err(|error| Error::invalid("backup.to", format!("{text:?}: {error}")))?;
    Ok(Arc::new(Directory::new(Arc::new(RealDisk), place)))
}

/// Whether two words name one place.
pub(super) fn same_place(a: &str, b: &str) -> bool {
    let absolute = |text: &str| std::path::absolute(text).ok();
    a == b || !a.contains("://") && !b.contains("://") && absolute(a) == absolute(b)
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
            assert!(open_target(other).is_err(), "{other}");
        }
        let data = tempfile::tempdir().expect("a directory");
        let inside = data.path().join("backups").to_string_lossy().into_owned();
        assert!(refuse_inside(&inside, data.path()).is_err());
        assert!(refuse_inside("/elsewhere", data.path()).is_ok());
    }
}
