//! Following: a store made from a repository that goes on doing what is shipped there, with the same numbers, on the same
//! line of history, until it is promoted and begins its own.

use super::{
    Tell,
    amiss::Amiss,
    fetch::{self, Names, Place},
    files,
    piece::PieceRecord,
    point::{Entry, Line, Point, PointName},
    repository::Repository,
    restore, told,
};
use crate::{
    blob::BlobHash,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    log::Transaction,
    media,
    store::{Options, Store},
    vfs::Vfs,
};
use std::{collections::BTreeMap, ops::ControlFlow, path::Path, sync::Arc};

/// A store that follows a repository.
pub struct Follower {
    repository: Repository,
    store: Store,
    vfs: Arc<dyn Vfs>,
    line: Line,
    /// The newest point whose files are here.
    files_of: Option<PointName>,
    /// Files that transactions done since refer to, with their bytes, and that were not looked for yet.
    wanted: BTreeMap<BlobHash, u64>,
    /// All rows were looked through for files that are not here: `wanted` has what came since.
    looked: bool,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Transactions done by it.
    pub done: u64,
    /// Everything up to this one is here.
    pub upto: Lsn,
    /// The time of the last one done by it; 0 if none was.
    pub time: Timestamp,
}

impl Follower {
    /// Whether a store lies in the directory, whole.
    ///
    /// # Errors
    /// `Io`.
    pub fn is_set_up(options: &Options) -> Result<bool> {
        let there =
            options.vfs.exists(&options.dir.join("log")).map_err(|error| Error::io("look for a store", error))?;
        Ok(there && !restore::is_unfinished(options.vfs.as_ref(), &options.dir)?)
    }

    /// Makes the store in an empty directory from the newest point that can be read, and copies its files. What was broken
    /// off begins anew.
    ///
    /// # Errors
    /// As `Restore::run`; `Corrupt` if a point on a newer line cannot be read: nothing follows on an older one; `Full` where
    /// the files would leave less free than a store needs.
    pub fn set_up(repository: &Repository, options: &Options, data_dir: &Path, tell: Tell<'_>) -> Result<()> {
        let none = || Error::Refused(format!("there is no backup in {} to begin with", repository.describe()));
        let newest = repository.newest()?.ok_or_else(none)?;
        let (points, _) = restore::readable_points(repository)?;
        // On an older line nothing comes any more: then the error is that of the newest.
        let point = match points.last().filter(|point| point.line.number == newest.line) {
            Some(point) => point.clone(),
            None => repository.point(&newest)?,
        };
        let vfs = options.vfs.as_ref();
        let lock = restore::begin(vfs, &options.dir)?;
        let mut damaged = Amiss::default();
        let reached = restore::place_from_points(repository, (&point, &points), options, &mut damaged, tell)?;
        let known = files::read_lists_that_hold(repository, &point.lists, &mut damaged)?;
        let place = Place { vfs, data_dir, floor_bytes: options.sizes.free_min };
        fetch::restore_all(repository, &known, place, &mut damaged, tell)?;
        if !damaged.is_empty() {
            tracing::error!(%damaged, "parts of the backup are damaged; the standby is set up without them");
        }
        drop(lock);
        let store = Store::open_unfinished(options.clone())?;
        let same = store.summary().and_then(|holds| match reached.lsn == point.holds.lsn {
            true => restore::compare(&point.holds, &holds),
            false => {
                Err(Error::corrupt("the restored store", reached.lsn.to_string(), "it ends before the backup does"))
            }
        });
        let closed = store.close();
        same?;
        closed?;
        drop(store);
        restore::end(vfs, &options.dir)
    }

    /// Opens the store that `set_up` made.
    ///
    /// # Errors
    /// As `Store::open`; `Refused` in a sentence if it is another server's, or was promoted already.
    pub fn open(repository: Repository, options: Options) -> Result<Follower> {
        let vfs = Arc::clone(&options.vfs);
        let store = Store::open(options)?;
        let Some((number, line)) = store.history()? else {
            return Err(Error::Refused("the store here was never backed up, so it follows nothing".into()));
        };
        if number != repository.store() {
            let why = format!("{} holds the backups of another server than the one here", repository.describe());
            return Err(Error::Refused(why));
        }
        Ok(Follower { repository, store, vfs, line, files_of: None, wanted: BTreeMap::new(), looked: false })
    }

    /// Closes the store and opens it anew, as one must be whose log failed.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_anew(self, options: Options) -> Result<Follower> {
        let Follower { repository, store, .. } = self;
        if let Err(error) = store.close() {
            tracing::warn!(%error, "the store is opened anew");
        }
        drop(store);
        Follower::open(repository, options)
    }

    /// What it follows.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Does everything that was shipped and is not here yet.
    ///
    /// # Errors
    /// `Refused` in a sentence if what comes next will never be shipped; those of the target and the store. The next step
    /// goes on where this one ended.
    pub fn step(&mut self) -> Result<Step> {
        let from = self.store.state().durable;
        let (mut batch, mut bytes, mut time) = (Vec::new(), 0, Timestamp(0));
        let (store, wanted) = (&self.store, &mut self.wanted);
        self.repository.read_pieces(self.line.number, from, |record: PieceRecord<'_>| {
            let transaction = Transaction::decode(record.bytes)?;
            for (hash, blob) in media::files_in(&transaction) {
                if let Some(blob) = blob {
                    wanted.insert(hash, blob.bytes);
                } else {
                    wanted.remove(&hash);
                }
            }
            batch.push((record.lsn, transaction));
            (bytes, time) = (bytes + record.bytes.len(), record.time);
            if bytes >= limits::PIECE_BYTES || batch.len() >= limits::APPLY_TRANSACTIONS_MAX {
                store.adopt(std::mem::take(&mut batch))?;
                bytes = 0;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        store.adopt(batch)?;
        let upto = self.store.state().durable;
        if upto == from {
            self.refuse_hopeless(upto)?;
        }
        Ok(Step { done: upto.0 - from.0, upto, time })
    }

    /// What comes next is gone, or is on a line that this store is not on.
    fn refuse_hopeless(&self, upto: Lsn) -> Result<()> {
        let Some(newest) = self.repository.newest()? else { return Ok(()) };
        let again = "move this data directory away and set the standby up again";
        if newest.line != self.line.number {
            let why = format!("the server that is followed was restored or another took over; {again}");
            return Err(Error::Refused(why));
        }
        let pieces = self.repository.pieces(self.line.number)?;
        let ahead = pieces.iter().any(|(piece, _)| piece.last > upto);
        let next = pieces.iter().any(|(piece, _)| piece.first.0 <= upto.0 + 1 && piece.last > upto);
        if newest.lsn > upto && !next || ahead && !next && self.repository.point(&newest)?.base_lsn() > upto {
            return Err(Error::Refused(format!("the transaction behind {upto} is no longer in the backup; {again}")));
        }
        Ok(())
    }

    /// Whether what is followed is shipped on the line of this store: no longer once `end` has begun another.
    ///
    /// # Errors
    /// `Io`.
    pub fn is_on_shipped_line(&self) -> Result<bool> {
        let on_line = |point: &PointName| point.line == self.line.number;
        Ok(self.repository.points()?.iter().any(on_line) || !self.repository.pieces(self.line.number)?.is_empty())
    }

    /// Copies the files that are not here yet: those that what was shipped refers to, which are there before it, and those
    /// of the newest point that can be read.
    ///
    /// # Errors
    /// Those of the target and the disk; `Full` where a file would leave less free than the store needs to take what comes;
    /// the next call goes on.
    pub fn fetch_files(&mut self, data_dir: &Path, tell: Tell<'_>) -> Result<()> {
        self.fetch_wanted(data_dir, tell)?;
        let newest = self.repository.newest()?;
        if let Some(name) = newest.filter(|newest| self.files_of.as_ref() != Some(newest)) {
            let mut damaged = Amiss::default();
            let lists = self.newest_readable()?.map(|point| point.lists).unwrap_or_default();
            let mut known = files::read_lists_that_hold(&self.repository, &lists, &mut damaged)?;
            // The configuration is this machine's own from the beginning.
            known.retain(|path, _| path != files::CONFIG);
            fetch::restore_all(&self.repository, &known, self.place(data_dir), &mut damaged, tell)?;
            if !damaged.is_empty() {
                tracing::error!(%damaged, "parts of the newest backup are damaged; they are not copied");
            }
            self.files_of = Some(name);
        }
        if !self.looked {
            fetch::fetch_referred(&self.repository, &self.store, self.place(data_dir), tell)?;
            self.looked = true;
        }
        Ok(())
    }

    fn place<'p>(&'p self, data_dir: &'p Path) -> Place<'p> {
        Place { vfs: self.vfs.as_ref(), data_dir, floor_bytes: self.store.floor_bytes() }
    }

    fn newest_readable(&self) -> Result<Option<Point>> {
        for name in self.repository.points_by_line()?.iter().rev() {
            match self.repository.point(name) {
                Ok(point) => return Ok(Some(point)),
                Err(error @ Error::Corrupt { .. }) => {
                    tracing::error!(%error, "a backup is damaged; the files of an older one are copied");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn fetch_wanted(&mut self, data_dir: &Path, tell: Tell<'_>) -> Result<()> {
        let mut names = Names::default();
        let fetched = self.fetch_into(&mut names, data_dir, tell);
        names.settle(self.vfs.as_ref())?;
        fetched
    }

    fn fetch_into(&mut self, names: &mut Names, data_dir: &Path, tell: Tell<'_>) -> Result<()> {
        let place = Place { vfs: self.vfs.as_ref(), data_dir, floor_bytes: self.store.floor_bytes() };
        while let Some((hash, bytes)) = self.wanted.first_key_value().map(|(hash, bytes)| (*hash, *bytes)) {
            told(tell, "fetching files", 0, self.wanted.len() as u64)?;
            let entry = Entry { path: hash.path(), bytes, hash: hash.0 };
            let there = fetch::lies_there(place, &entry)?;
            if !there && fetch::fetch_referred_file(&self.repository, place, &entry)? {
                names.add(data_dir, &entry.path);
            }
            self.wanted.remove(&hash);
        }
        Ok(())
    }

    /// The files that rows refer to and that are not here, after trying to fetch them all.
    ///
    /// # Errors
    /// As `fetch_files`.
    pub fn missing_files(&self, data_dir: &Path, tell: Tell<'_>) -> Result<Amiss> {
        Ok(fetch::fetch_referred(&self.repository, &self.store, self.place(data_dir), tell)?.missing)
    }

    /// Ends following: what comes from now on is a line of history of its own.
    ///
    /// # Errors
    /// As `write`, and those of the target. The store must be opened anew before it is served (`Store::adopt`).
    pub fn end(self) -> Result<Lsn> {
        let lsn = self.store.state().durable;
        self.store.begin_line(self.repository.store(), self.repository.last_began()?)?;
        self.store.close()?;
        Ok(lsn)
    }

    /// The store, for looking at it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}
