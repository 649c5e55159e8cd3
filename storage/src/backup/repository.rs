//! A repository: the objects of one store's backups in a target, and the key they are sealed with.

use super::{
    object::{self, Kind},
    point::{Header, POINTS, PieceName, Point, PointName, REPOSITORY, RETIRED},
    seal::{Seal, Secret},
    target::{Object, Target},
};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    record::Record,
};
use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};

/// The backups of one store.
pub struct Repository {
    target: Arc<dyn Target>,
    store: u64,
    seal: Option<Seal>,
    /// When lines began, as far as it was asked; that never changes.
    began: Mutex<BTreeMap<u64, Timestamp>>,
}

impl Repository {
    /// The repository in a target; `None` if there is none. A sealed one needs its secret.
    ///
    /// # Errors
    /// `Refused` in a sentence for a wrong or missing key, and for a key where nothing is sealed; `Corrupt`, `Format`,
    /// `Io`.
    pub fn open(target: Arc<dyn Target>, secret: Option<&Secret>) -> Result<Option<Repository>> {
        let Some(bytes) = target.get(REPOSITORY)? else { return Ok(None) };
        let opened = object::decode(REPOSITORY, None, &bytes)?;
        if opened.kind != Kind::Repository as u8 {
            return Err(Error::corrupt("the backup's object repository", "the head", "another object has its name"));
        }
        let header = Header::decode(&opened.content)?;
        let place = target.describe();
        let seal = match (secret, &header.sealing) {
            (None, None) => None,
            (Some(secret), Some(sealing)) => Some(Seal::open(secret, sealing, header.store)?),
            (None, Some(_)) => {
                let why = format!("the backup in {place} is sealed; a key file or a passphrase opens it");
                return Err(Error::Refused(why));
            }
            (Some(_), None) => {
                let why = format!("the backup in {place} is not sealed although a key is given; choose another place");
                return Err(Error::Refused(why));
            }
        };
        Ok(Some(Repository { target, store: header.store, seal, began: Mutex::default() }))
    }

    /// The repository in a target for the backups of `store`, made if there is none.
    ///
    /// # Errors
    /// As `open`; `Refused` in a sentence if it belongs to another store.
    pub fn open_or_make(
        target: Arc<dyn Target>,
        secret: Option<&Secret>,
        store: u64,
        now: Timestamp,
    ) -> Result<Repository> {
        if let Some(repository) = Self::open(target.clone(), secret)? {
            return repository.of(store);
        }
        for prefix in [POINTS, "base/", "log/"] {
            if !target.list(prefix)?.is_empty() {
                let why =
                    format!("{} holds backups, but the object {REPOSITORY} is gone from there", target.describe());
                return Err(Error::Refused(why));
            }
        }
        let (seal, sealing) = match secret {
            Some(secret) => {
                let (seal, sealing) = Seal::make(secret, store)?;
                (Some(seal), Some(sealing))
            }
            None => (None, None),
        };
        let header = Header { store, made: now, sealing };
        target.put(REPOSITORY, &object::encode(REPOSITORY, Kind::Repository, store, None, &header.encode())?)?;
        Ok(Repository { target, store, seal, began: Mutex::default() })
    }

    /// Itself, if these are the backups of `store`.
    ///
    /// # Errors
    /// `Refused` in a sentence if they are another's.
    pub fn of(self, store: u64) -> Result<Repository> {
        if self.store == store {
            return Ok(self);
        }
        let why = format!(
            "{} holds the backups of another server (store {:016x}, this is {store:016x}); choose another place",
            self.describe(),
            self.store
        );
        Err(Error::Refused(why))
    }

    /// The number of the store whose backups these are.
    #[must_use]
    pub fn store(&self) -> u64 {
        self.store
    }

    /// Whether nobody reads it without a key.
    #[must_use]
    pub fn sealed(&self) -> bool {
        self.seal.is_some()
    }

    /// Where it is, in words for people.
    #[must_use]
    pub fn describe(&self) -> String {
        self.target.describe()
    }

    /// Stores an object; answers its bytes.
    pub(super) fn put(&self, kind: Kind, name: &str, content: &[u8]) -> Result<u64> {
        let bytes = object::encode(name, kind, self.store, self.seal.as_ref(), content)?;
        self.target.put(name, &bytes)?;
        Ok(bytes.len() as u64)
    }

    /// The content of an object that must be there.
    ///
    /// # Errors
    /// `Corrupt` naming it if it is not, does not hold, or is another one; `Io`.
    pub(super) fn get(&self, kind: Kind, name: &str) -> Result<Vec<u8>> {
        let missing = || Error::corrupt(format!("the backup's object {name}"), "the whole", "it is missing");
        self.find(kind, name)?.ok_or_else(missing)
    }

    /// The content of an object that may be there.
    ///
    /// # Errors
    /// `Corrupt` naming it if it does not hold, or is another one; `Io`.
    pub(super) fn find(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>> {
        let corrupt = |why: &str| Error::corrupt(format!("the backup's object {name}"), "the whole", why);
        let Some(bytes) = self.target.get(name)? else { return Ok(None) };
        let opened = object::decode(name, self.seal.as_ref(), &bytes)?;
        if opened.store != self.store {
            return Err(corrupt("it belongs to another store"));
        }
        if opened.kind != kind as u8 || opened.sealed != self.seal.is_some() {
            return Err(corrupt("another object has its name"));
        }
        Ok(Some(opened.content))
    }

    /// Whether there is an object of this name, whatever is in it.
    pub(super) fn has(&self, name: &str) -> Result<bool> {
        Ok(self.target.size(name)?.is_some())
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Object>> {
        self.target.list(prefix)
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        self.target.remove(name)
    }

    /// What an object with this content is called: its hash, or where it is sealed what only the key can make of it.
    pub(super) fn name_of(&self, hash: &[u8; 32]) -> [u8; 32] {
        self.seal.as_ref().map_or(*hash, |seal| seal.name(hash))
    }

    /// The points, oldest first.
    ///
    /// # Errors
    /// `Io`.
    pub fn points(&self) -> Result<Vec<PointName>> {
        let objects = self.list(POINTS)?;
        let mut points: Vec<_> = objects.iter().filter_map(|object| PointName::parse(&object.name)).collect();
        points.sort_unstable();
        Ok(points)
    }

    /// The points by their lines, the one that began last at the end, and on each line oldest first. What a machine backs up
    /// that another one has taken over from is on the older line and comes before, however late it is made.
    ///
    /// # Errors
    /// `Format`, `Io`.
    pub fn points_by_line(&self) -> Result<Vec<PointName>> {
        let mut points = self.points()?;
        // Most have one line alone, and nothing need be read.
        if points.windows(2).all(|pair| pair[0].line == pair[1].line) {
            return Ok(points);
        }
        let mut began = BTreeMap::new();
        for point in &points {
            if let Entry::Vacant(unknown) = began.entry(point.line) {
                unknown.insert(self.began(&points, point.line)?);
            }
        }
        points.sort_by_key(|point| (began.get(&point.line).copied(), *point));
        Ok(points)
    }

    /// The newest point: the last one on the line that began last.
    ///
    /// # Errors
    /// As `points_by_line`.
    pub fn newest(&self) -> Result<Option<PointName>> {
        Ok(self.points_by_line()?.pop())
    }

    /// When the line began that began last, of those with points; 0 where there is none.
    ///
    /// # Errors
    /// `Format`, `Io`.
    pub fn last_began(&self) -> Result<Timestamp> {
        let points = self.points()?;
        let lines: BTreeSet<u64> = points.iter().map(|point| point.line).collect();
        lines.into_iter().try_fold(Timestamp(0), |last, line| Ok(last.max(self.began(&points, line)?)))
    }

    /// When a line began; one of which no point can be read counts as begun when the first one there is was made.
    fn began(&self, points: &[PointName], line: u64) -> Result<Timestamp> {
        let known = || self.began.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(began) = known().get(&line) {
            return Ok(*began);
        }
        let on_line = || points.iter().filter(|point| point.line == line);
        for name in on_line().rev() {
            match self.point(name) {
                Ok(point) => {
                    known().insert(line, point.line.began);
                    return Ok(point.line.began);
                }
                Err(error @ Error::Corrupt { .. }) => tracing::error!(%error, "a backup is damaged"),
                Err(error) => return Err(error),
            }
        }
        // A guess: one that can be read may come.
        Ok(on_line().map(|point| point.made).min().unwrap_or_default())
    }

    /// A point.
    ///
    /// # Errors
    /// `Corrupt` naming it, `Format`, `Io`.
    pub fn point(&self, name: &PointName) -> Result<Point> {
        self.point_in(&name.object())
    }

    fn point_in(&self, object: &str) -> Result<Point> {
        Point::decode(&self.get(Kind::Point, object)?)
    }

    /// The objects of points let go, and those points as far as they can be read.
    pub(super) fn retired(&self) -> Result<Vec<(String, Result<Point>)>> {
        let objects = self.list(RETIRED)?;
        Ok(objects.into_iter().map(|object| (object.name.clone(), self.point_in(&object.name))).collect())
    }

    /// The pieces of log of a line with the bytes of their objects, by their first transaction.
    ///
    /// # Errors
    /// `Io`.
    pub fn pieces(&self, line: u64) -> Result<Vec<(PieceName, u64)>> {
        let objects = self.list(&PieceName::prefix(line))?;
        let named = objects.iter().filter_map(|object| Some((PieceName::parse(&object.name)?, object.bytes)));
        let mut pieces: Vec<_> = named.collect();
        pieces.sort_unstable();
        Ok(pieces)
    }
}

/// Up to where pieces lead without a gap from behind `from`.
#[must_use]
pub fn covered(pieces: &[(PieceName, u64)], from: Lsn) -> Lsn {
    pieces.iter().fold(
        from,
        |upto, (piece, _)| {
            if piece.first.0 <= upto.0 + 1 && piece.last > upto { piece.last } else { upto }
        },
    )
}
