//! Which points stay, and removing what none of them needs. A point let go protects what it names for a day more.

use super::{
    Tell,
    base::prefix,
    files::{file_of, list_of, name_of_file, read_list},
    object::Kind,
    point::{PieceName, Point, PointName, retired_at},
    repository::Repository,
    sent::{self, Mark, SENT},
    told,
};
use crate::{
    error::{Error, Result},
    id::{DAY_MS, Lsn, Timestamp},
    limits,
    record::Record,
    store::{Store, sweep::Sweeping},
    table::hex,
};
use std::collections::{BTreeMap, BTreeSet};

/// Which points stay: the newest ones and the young ones; always the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// So many.
    pub last: usize,
    /// And all that are younger than so many days.
    pub days: u32,
}

impl Keep {
    /// The points that go. `points` are the newest last (`Repository::points_by_line`).
    #[must_use]
    pub fn gone<'p>(&self, points: &'p [PointName], now: Timestamp) -> Vec<&'p PointName> {
        let since = now.plus_ms(-i64::from(self.days) * DAY_MS);
        let newest = points.len().saturating_sub(self.last.max(1));
        points[..newest].iter().filter(|point| point.made <= since).collect()
    }
}

/// What came of tidying.
pub(super) struct Tidied {
    /// Points that went.
    pub(super) retired: usize,
    /// Why no file went: a list is damaged, and nobody knows which files it names.
    pub(super) files_kept: Option<String>,
}

/// Lets points go and removes what nobody needs. `store`, whose backups these are, may be shipped from meanwhile.
///
/// # Errors
/// `Io`; `Corrupt` or `Format` if a point that stays cannot be read: nothing is removed then, because nobody knows
/// what it needs.
pub(super) fn tidy(repository: &Repository, store: &Store, keep: Keep, line: u64, tell: Tell<'_>) -> Result<Tidied> {
    let now = (store.shared().options.environment.now)();
    let points = repository.points_by_line()?;
    let gone = keep.gone(&points, now);
    for name in &gone {
        match repository.point(name) {
            Ok(point) => {
                repository.put(Kind::Point, &name.retired(now), &point.encode())?;
            }
            Err(error @ Error::Corrupt { .. }) => tracing::warn!(%error, "a damaged backup is let go"),
            Err(error) => return Err(error),
        }
        repository.remove(&name.object())?;
    }
    let mut needed = Needed::default();
    for name in points.iter().filter(|point| !gone.contains(point)) {
        needed.add(repository, &repository.point(name)?)?;
    }
    for (object, point) in repository.retired()? {
        let old = retired_at(&object).is_none_or(|when| now.ms_since(when) > limits::BACKUP_GRACE_MS);
        match point {
            Ok(point) if !old => needed.add(repository, &point)?,
            Ok(_) | Err(Error::Corrupt { .. }) => repository.remove(&object)?,
            Err(error) => return Err(error),
        }
    }
    // What was shipped on the line that goes on is of use to its first point.
    needed.pieces.entry(line).or_insert(Lsn(0));
    // So are the files shipped with it: a moment between two points may have one that neither lists. One whose mark comes
    // behind this listing is spared by the sweep, which has begun before.
    let sweeping = store.shared().sweep.begin();
    let mut marks = sent::marks(repository)?;
    marks.retain(|mark| needed.needs_sent(mark));
    needed.files.extend(marks.into_iter().map(|mark| mark.file));
    needed.sweep(repository, &sweeping, tell)?;
    Ok(Tidied { retired: gone.len(), files_kept: needed.unknown })
}

/// What the points that stay name.
#[derive(Default)]
struct Needed {
    bases: BTreeSet<String>,
    lists: BTreeSet<String>,
    files: BTreeSet<String>,
    /// Why it is not known which files they name.
    unknown: Option<String>,
    /// For each line, the transaction behind which pieces are needed.
    pieces: BTreeMap<u64, Lsn>,
}

impl Needed {
    fn add(&mut self, repository: &Repository, point: &Point) -> Result<()> {
        let line = point.line.number;
        self.bases.extend(point.base.as_ref().map(|base| prefix(line, base)));
        let behind = self.pieces.entry(line).or_insert(point.base_lsn());
        *behind = point.base_lsn().min(*behind);
        for name in &point.lists {
            if self.lists.insert(hex(name)) {
                match read_list(repository, name) {
                    Ok(entries) => self.files.extend(entries.iter().map(|entry| name_of_file(repository, entry))),
                    Err(error @ Error::Corrupt { .. }) => {
                        self.unknown.get_or_insert_with(|| error.to_string());
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Whether the log that refers to a file which was shipped is needed.
    fn needs_sent(&self, mark: &Mark) -> bool {
        self.pieces.get(&mark.line).is_some_and(|behind| mark.lsn > *behind)
    }

    fn needs(&self, object: &str) -> bool {
        if object.starts_with(SENT) {
            return Mark::parse(object).is_some_and(|mark| self.needs_sent(&mark));
        }
        if let Some(piece) = PieceName::parse(object) {
            return self.pieces.get(&piece.line).is_some_and(|behind| piece.last > *behind);
        }
        if let Some(list) = list_of(object) {
            return self.lists.contains(list);
        }
        if let Some(file) = file_of(object) {
            return self.unknown.is_some() || self.files.contains(file);
        }
        object.rsplit_once('/').is_some_and(|(base, _)| self.bases.contains(&format!("{base}/")))
    }

    fn sweep(&self, repository: &Repository, sweeping: &Sweeping<'_>, tell: Tell<'_>) -> Result<()> {
        for prefix in ["base/", "log/", "list/", "file/", SENT] {
            for object in repository.list(prefix)?.iter().filter(|object| !self.needs(&object.name)) {
                told(tell, "removing what no backup needs", 0, 0)?;
                match file_of(&object.name) {
                    Some(file) => sweeping.remove(file, || repository.remove(&object.name))?,
                    None => repository.remove(&object.name)?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_and_the_young_stay() {
        let day = DAY_MS;
        let point = |at: i64| PointName { made: Timestamp(at * day), line: 1, lsn: Lsn(1) };
        let points: Vec<_> = (0..10).map(point).collect();
        let gone = |last, days| Keep { last, days }.gone(&points, Timestamp(10 * day)).len();
        assert_eq!(gone(3, 0), 7);
        assert_eq!(gone(0, 0), 9, "never the newest");
        assert_eq!(gone(1, 4), 7, "those younger than four days stay");
        assert_eq!((gone(20, 0), gone(1, 100)), (0, 0));
        assert!(Keep { last: 1, days: 0 }.gone(&[], Timestamp(0)).is_empty());
    }
}
