//! Making a backup of a running store: files, base if one is due, what the store holds, the files that came meanwhile, log;
//! the point last.

use super::{
    Tell,
    amiss::Amiss,
    base::upload,
    files::{self, Beside, Copied, Known},
    object::Kind,
    point::{BaseRef, Line, PieceName, Point},
    repository::{Repository, covered},
    retention::{self, Keep, Tidied},
    seal::Secret,
    sent,
    target::Target,
    told,
};
use crate::{
    base::BaseInfo,
    blob::BlobHash,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits, media,
    record::Record,
    store::Store,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::Arc,
};

/// What a backup builds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// What is in the repository already.
    WhereItEnded,
    /// Nothing: a new base and all files once more, because what is there could not be restored.
    Anew,
}

/// How to make a backup.
pub struct Backup<'a> {
    /// The store.
    pub store: &'a Store,
    /// What is copied beside it.
    pub beside: Option<Beside<'a>>,
    /// Which points stay.
    pub keep: Keep,
    /// What it builds on.
    pub begin: Begin,
    /// The program's version, for the point.
    pub program: &'a str,
    /// Hears of progress.
    pub tell: Tell<'a>,
}

/// A backup that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// It.
    pub point: Point,
    /// Points that were let go.
    pub retired: usize,
    /// Why what nobody needs any more could not be removed; the next backup tries again.
    pub untidy: Option<String>,
    /// Files whose content is not what their name says.
    pub damaged: Amiss,
    /// Files that rows of the backup refer to and that were nowhere to be found.
    pub missing: Amiss,
}

impl Backup<'_> {
    /// Makes a backup. Reads and rules of others go on meanwhile.
    ///
    /// # Errors
    /// `Refused` in a sentence for a target that cannot be used, `Unavailable` if `tell` ends it; those of the target
    /// and the store. There is no point then; what was written shortens the next backup.
    pub fn run(&self, target: Arc<dyn Target>, secret: Option<&Secret>) -> Result<Made> {
        let (store, line) = self.store.identify()?;
        let repository = Repository::open_or_make(target, secret, store, self.now())?;
        let (line, previous) = self.line_that_goes_on(&repository, line)?;
        let begin = if previous.damaged { Begin::Anew } else { self.begin };
        let mut copied = self.nothing_copied(&repository, previous.point.as_ref(), begin)?;
        // First, because this takes long: a file may go meanwhile, and the log behind a base might. Files that come until it
        // is settled what the store holds are few and are copied behind that; all are there before the log that refers to them.
        self.copy_files(&repository, &mut copied)?;
        let (base, of_base) = self.base(&repository, line, previous.point.as_ref(), begin)?;
        let holds = self.store.summary()?;
        self.copy_files(&repository, &mut copied)?;
        let missing = self.missing(&copied, holds.lsn)?;
        let base_lsn = base.as_ref().map_or(Lsn(0), |base| base.lsn);
        let healed = match begin {
            Begin::Anew => self.heal(&repository, line)?,
            Begin::WhereItEnded => 0,
        };
        let of_log = self.ship(&repository, line, previous.point.as_ref(), base_lsn, holds.lsn)? + healed;
        let time = self.store.time_of(holds.lsn)?.or(base.as_ref().map(|base| base.time)).unwrap_or_default();
        let damaged = copied.told_damaged();
        let (files, file_bytes) = counted(&copied.entries);
        let lists = self.write_lists(&repository, &mut copied)?;
        let of_files = copied.written;
        // It takes much memory, and so does tidying.
        drop(copied);
        let newest = repository.points()?.last().map_or(Timestamp(i64::MIN), |newest| newest.made.plus_ms(1));
        let point = Point {
            made: self.now().max(newest),
            line,
            time,
            base,
            holds,
            lists,
            files,
            file_bytes,
            written: of_base + of_log + of_files,
            program: self.program.to_owned(),
        };
        told(self.tell, "naming the backup", 0, 0)?;
        repository.put(Kind::Point, &point.name().object(), &point.encode())?;
        // Whoever may not serve any more removes nothing, either.
        let tidied = told(self.tell, "letting old backups go", 0, 0)
            .and_then(|()| retention::tidy(&repository, self.store, self.keep, line.number, self.tell));
        let (retired, untidy) = match tidied {
            Ok(Tidied { retired, files_kept }) => (retired, files_kept),
            Err(error) => (0, Some(error.to_string())),
        };
        Ok(Made { point, retired, untidy, damaged, missing })
    }

    fn now(&self) -> Timestamp {
        (self.store.shared().options.environment.now)()
    }

    /// The line this backup is on, and the newest point on it. Another line begins where the store does not hold what
    /// it once shipped: it was put back to an older state by other means than a restore.
    fn line_that_goes_on(&self, repository: &Repository, line: Line) -> Result<(Line, Previous)> {
        let pieces = repository.pieces(line.number)?;
        let mut damaged = false;
        if let Some((last, _)) = pieces.last() {
            match self.still_holds(repository, last) {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!(
                        shipped = last.last.0,
                        holds = self.store.durable().0,
                        "this store does not hold what it once backed up: it was put back; another line of history begins"
                    );
                    return Ok((
                        self.store.begin_line(repository.store(), repository.last_began()?)?,
                        Previous::default(),
                    ));
                }
                Err(error @ Error::Corrupt { .. }) => {
                    tracing::error!(%error, "a part of the backup is damaged; this backup begins anew");
                    damaged = true;
                }
                Err(error) => return Err(error),
            }
        }
        let mut previous = Previous { damaged, point: None };
        for name in repository.points()?.iter().rev().filter(|point| point.line == line.number) {
            match repository.point(name) {
                Ok(point) => {
                    previous.point = Some(point);
                    break;
                }
                Err(error @ Error::Corrupt { .. }) => tracing::error!(%error, "a backup is damaged"),
                Err(error) => return Err(error),
            }
        }
        Ok((line, previous))
    }

    fn still_holds(&self, repository: &Repository, piece: &PieceName) -> Result<bool> {
        if piece.last > self.store.durable() {
            return Ok(false);
        }
        match self.store.record(piece.last)? {
            Some(record) => Ok(record == repository.last_of(piece)?),
            // Where the log begins behind it a base is due and what came before plays no part; inside the log it is lost.
            None => Ok(piece.last < self.store.shared().segments.begin()),
        }
    }

    /// The base this backup stands on, and the bytes written for it; none for a store whose log has it all.
    fn base(
        &self,
        repository: &Repository,
        line: Line,
        previous: Option<&Point>,
        begin: Begin,
    ) -> Result<(Option<BaseRef>, u64)> {
        let known = previous.and_then(|point| point.base.clone());
        let base_lsn = known.as_ref().map_or(Lsn(0), |base| base.lsn);
        let pieces = repository.pieces(line.number)?;
        let upto = covered(&pieces, base_lsn);
        let segments = &self.store.shared().segments;
        let goes_on = segments.begin().0 <= upto.0 + 1;
        let shipped: u64 = pieces.iter().filter(|(piece, _)| piece.last > base_lsn).map(|(_, bytes)| bytes).sum();
        let behind = shipped + segments.bytes_behind(upto);
        let bound = limits::BACKUP_LOG_BYTES.max(known.as_ref().map_or(0, |base| base.bytes / 2));
        let made = known.as_ref().map(|base| base.written);
        let oldest = repository.points()?.iter().find(|point| point.line == line.number).map(|point| point.made);
        let aged = made.or(oldest).is_some_and(|made| self.now().ms_since(made) > limits::BACKUP_BASE_MS);
        let written_since = self.store.durable() > base_lsn;
        if goes_on && begin == Begin::WhereItEnded && behind <= bound && !(aged && written_since) {
            return Ok((known, 0));
        }
        if begin == Begin::WhereItEnded
            && let Some(info) = self.local_base(base_lsn, bound / 2)
            && let Some((base, bytes)) = self.upload_if_whole(repository, line, &info)?
        {
            return Ok((Some(base), bytes));
        }
        told(self.tell, "making a base snapshot", 0, 0)?;
        // One that holds all there is need not be written again, but it may have rotted since it was.
        let info = self.store.write_base()?;
        if let Some((base, bytes)) = self.upload_if_whole(repository, line, &info)? {
            return Ok((Some(base), bytes));
        }
        let info = self.store.write_base()?;
        let (base, bytes) = upload(repository, self.store, line, &info, self.tell)?;
        Ok((Some(base), bytes))
    }

    /// Copies a base of the store; `None` if it is damaged, which is told.
    fn upload_if_whole(&self, repository: &Repository, line: Line, info: &BaseInfo) -> Result<Option<(BaseRef, u64)>> {
        match upload(repository, self.store, line, info, self.tell) {
            Ok(uploaded) => Ok(Some(uploaded)),
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "a base snapshot of the store is damaged; another is made for the backup");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A base of the store that spares it making another: newer than `than`, with little log behind it.
    fn local_base(&self, than: Lsn, log_bytes: u64) -> Option<BaseInfo> {
        let segments = &self.store.shared().segments;
        let newest = self.store.state().bases.pop()?;
        let fits = newest.lsn > than && segments.begin().0 <= newest.lsn.0 + 1;
        (fits && segments.bytes_behind(newest.lsn) <= log_bytes).then_some(newest)
    }

    /// Ships the log up to `upto`, from where the point before ends if the log still has that, so that every moment in
    /// between can be restored; else from the base on. Answers the bytes written.
    fn ship(
        &self,
        repository: &Repository,
        line: Line,
        previous: Option<&Point>,
        base_lsn: Lsn,
        upto: Lsn,
    ) -> Result<u64> {
        let pieces = repository.pieces(line.number)?;
        let without_gap = covered(&pieces, previous.map_or(Lsn(0), Point::base_lsn));
        let has_it = self.store.shared().segments.begin().0 <= without_gap.0 + 1;
        let there = if has_it { without_gap } else { covered(&pieces, base_lsn) };
        told(self.tell, "copying the log", 0, upto.0.saturating_sub(there.0))?;
        if there >= upto {
            return Ok(0);
        }
        Ok(repository.ship(self.store, line.number, Lsn(there.0 + 1), upto)?.bytes)
    }

    /// Writes the pieces that the log still has once more, as they were cut: one of them may be what could not be read.
    fn heal(&self, repository: &Repository, line: Line) -> Result<u64> {
        let begin = self.store.shared().segments.begin();
        let mut bytes = 0;
        for (piece, _) in repository.pieces(line.number)? {
            if begin <= piece.first {
                bytes += repository.ship(self.store, line.number, piece.first, piece.last)?.bytes;
            }
        }
        Ok(bytes)
    }

    fn nothing_copied(&self, repository: &Repository, previous: Option<&Point>, begin: Begin) -> Result<Copied> {
        if begin == Begin::Anew || self.beside.is_none() {
            return Ok(Copied::default());
        }
        let sent = sent::names(repository)?;
        let lists = previous.map_or(&[][..], |point| &point.lists[..]);
        match files::read_lists(repository, lists) {
            Ok(known) => Ok(Copied::new(known, lists, sent)),
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "a list of files in the backup is damaged; all files are copied once more");
                Ok(Copied::new(Known::new(), &[], sent))
            }
            Err(error) => Err(error),
        }
    }

    fn copy_files(&self, repository: &Repository, copied: &mut Copied) -> Result<()> {
        let Some(beside) = self.beside else { return Ok(()) };
        let vfs = self.store.shared().options.vfs.as_ref();
        files::copy(repository, vfs, beside, copied, self.tell)
    }

    fn write_lists(&self, repository: &Repository, copied: &mut Copied) -> Result<Vec<[u8; 32]>> {
        if self.beside.is_none() {
            return Ok(Vec::new());
        }
        files::write_lists(repository, copied)
    }

    /// The files that rows referred to at `holds` and that were not copied. Rows are read as they are now, and what the log
    /// says of them since is taken back; a file that is only referred to anew since may or may not have had a row then.
    fn missing(&self, all: &Copied, holds: Lsn) -> Result<Amiss> {
        let mut amiss = Amiss::default();
        if self.beside.is_none() {
            return Ok(amiss);
        }
        let copied = |hash: BlobHash| {
            let path = hash.path();
            // What is damaged is told by itself.
            all.entries.get(&path).is_some_and(|entry| entry.hash == hash.0) || all.damaged.contains_key(&path)
        };
        let mut missing = BTreeSet::new();
        media::each_file(self.store, |hash, _| {
            if !copied(hash) {
                missing.insert(hash);
            }
            let many = missing.len() >= limits::BACKUP_FILES_MAX;
            Ok(if many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        // Whether the first thing that happened to a row since took it away.
        let mut since: BTreeMap<BlobHash, bool> = BTreeMap::new();
        self.store.read_log(Lsn(holds.0 + 1), |_, transaction| {
            for (hash, blob) in media::files_in(&transaction) {
                since.entry(hash).or_insert(blob.is_none());
            }
            let many = since.len() >= limits::BACKUP_FILES_MAX;
            Ok(if many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        for (hash, went) in since {
            if went && !copied(hash) {
                missing.insert(hash);
            } else {
                missing.remove(&hash);
            }
        }
        missing.into_iter().for_each(|hash| amiss.add(hash.path()));
        Ok(amiss)
    }
}

/// How many files there are, and their bytes.
fn counted(entries: &Known) -> (u64, u64) {
    (entries.len() as u64, entries.values().map(|entry| entry.bytes).sum())
}

/// What a backup can build on.
#[derive(Default)]
struct Previous {
    point: Option<Point>,
    /// Something of it cannot be read.
    damaged: bool,
}
