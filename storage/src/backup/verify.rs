//! Seeing a backup restored: into a scratch directory, opened, checked, compared; every file read; the scratch removed.

use super::{
    Tell,
    files::{fetch, read_lists},
    point::{Point, PointName},
    repository::Repository,
    restore::{begin, compare, place_point},
    told,
};
use crate::{
    error::{Error, Result},
    store::{Options, Store},
};
use std::collections::BTreeSet;

/// A backup that was seen restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The point.
    pub point: Point,
    /// Files whose every byte was read.
    pub files: u64,
}

/// Restores a point (or the newest) into `options.dir`, which is removed before and afterwards, and compares.
///
/// # Errors
/// `Corrupt` saying what is not as it was; `Refused` if there is no backup or no room; those of opening a store.
pub fn verify(
    repository: &Repository,
    name: Option<&PointName>,
    options: &Options,
    tell: Tell<'_>,
) -> Result<Verified> {
    let newest;
    let name = match name {
        Some(name) => name,
        None => {
            let none = || Error::Refused(format!("there is no backup in {}", repository.describe()));
            newest = repository.points()?.last().copied().ok_or_else(none)?;
            &newest
        }
    };
    let point = repository.point(name)?;
    let clear =
        || options.vfs.remove_dir(&options.dir).map_err(|error| Error::io("remove the scratch directory", error));
    clear()?;
    let seen = see_restored(repository, &point, options, tell);
    let cleared = clear();
    seen?;
    cleared?;
    let files = read_files(repository, &point, tell)?;
    Ok(Verified { point, files })
}

fn see_restored(repository: &Repository, point: &Point, options: &Options, tell: Tell<'_>) -> Result<()> {
    let lock = begin(options.vfs.as_ref(), &options.dir)?;
    place_point(repository, point, options, tell)?;
    drop(lock);
    told(tell, "opening what was restored", 0, 0)?;
    let store = Store::open_unfinished(options.clone())?;
    let look = || {
        compare(&point.holds, &store.summary()?)?;
        told(tell, "checking what was restored", 0, 0)?;
        let findings = store.check()?;
        match findings.first() {
            None => Ok(()),
            Some(first) => {
                let why = format!("a check finds {} things wrong, the first: {first}", findings.len());
                Err(Error::corrupt("the restored store", "its rows", why))
            }
        }
    };
    let looked = look();
    let closed = store.close();
    looked.and(closed)
}

fn read_files(repository: &Repository, point: &Point, tell: Tell<'_>) -> Result<u64> {
    let known = read_lists(repository, &point.lists)?;
    let mut seen = BTreeSet::new();
    for (index, entry) in known.values().enumerate() {
        told(tell, "reading files", index as u64, known.len() as u64)?;
        if seen.insert(entry.hash) {
            fetch(repository, entry, |_, _| Ok(()))?;
        }
    }
    if known.len() as u64 != point.files {
        let why = format!("its lists name {} files; {} were backed up", known.len(), point.files);
        return Err(Error::corrupt("the backup's lists of files", "the whole", why));
    }
    Ok(known.len() as u64)
}
