//! Seeing a backup restored: into a scratch directory, opened, checked, compared; every file read, those too that are on no
//! list and that rows refer to; the scratch removed.

use super::{
    Tell,
    amiss::Amiss,
    fetch::fetch,
    files::{Known, read_lists},
    point::{Point, PointName},
    repository::Repository,
    restore::{begin, compare, place_point},
    told,
};
use crate::{
    blob::BlobHash,
    error::{Error, Result},
    limits, media,
    store::{Options, Store},
};
use std::{collections::BTreeSet, ops::ControlFlow};

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
/// `Corrupt` saying what is not as it was; `Refused` if there is no backup or no room, and if rows refer to files that are
/// on none of its lists and that it has not, or not whole; those of opening a store.
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
            newest = repository.newest()?.ok_or_else(none)?;
            &newest
        }
    };
    let point = repository.point(name)?;
    let clear =
        || options.vfs.remove_dir(&options.dir).map_err(|error| Error::io("remove the scratch directory", error));
    clear()?;
    let known = read_lists(repository, &point.lists)?;
    let seen = see_restored(repository, &point, &known, options, tell);
    let cleared = clear();
    let unlisted = seen?;
    cleared?;
    let files = read_files(repository, &point, &known, tell)? + read_unlisted(repository, &unlisted, tell)?;
    Ok(Verified { point, files })
}

/// Answers the files that rows refer to and that are on none of the point's lists.
fn see_restored(
    repository: &Repository,
    point: &Point,
    known: &Known,
    options: &Options,
    tell: Tell<'_>,
) -> Result<Vec<BlobHash>> {
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
            None => unlisted(&store, known),
            Some(first) => {
                let why = format!("a check finds {} things wrong, the first: {first}", findings.len());
                Err(Error::corrupt("the restored store", "its rows", why))
            }
        }
    };
    let looked = look();
    let closed = store.close();
    let unlisted = looked?;
    closed.map(|()| unlisted)
}

fn unlisted(store: &Store, known: &Known) -> Result<Vec<BlobHash>> {
    let mut unlisted = Vec::new();
    media::each_file(store, |hash, _| {
        if known.get(&hash.path()).is_none_or(|entry| entry.hash != hash.0) {
            unlisted.push(hash);
        }
        let many = unlisted.len() >= limits::BACKUP_FILES_MAX;
        Ok(if many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(unlisted)
}

/// Those must be there all the same: shipped with the log. One that is not, or not whole, was not here to be listed: a
/// backup anew would not have it either.
fn read_unlisted(repository: &Repository, hashes: &[BlobHash], tell: Tell<'_>) -> Result<u64> {
    let mut missing = Amiss::default();
    for (index, hash) in hashes.iter().enumerate() {
        told(tell, "reading files", index as u64, hashes.len() as u64)?;
        if !repository.has_file(*hash)? {
            missing.add(hash.path());
        }
    }
    if missing.is_empty() {
        return Ok(hashes.len() as u64);
    }
    let why = format!(
        "rows refer to files that are not in it, or not whole ({}): {missing}; `dassie check` says whether they are here",
        missing.count
    );
    Err(Error::Refused(why))
}

fn read_files(repository: &Repository, point: &Point, known: &Known, tell: Tell<'_>) -> Result<u64> {
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
