//! Reading through all that a place of backups holds: each object is read, opened and held against its checksum, also
//! what lies behind the newest point and no verification restores; what of a point's base, lists and files is not there
//! is missing; and what follows from both for the moments that can be restored. Nothing is restored or written.

use super::{
    Tell,
    base::prefix,
    files::{list_name, part_name, parts_of, read_list},
    object::Kind,
    point::{BaseRef, POINTS, PieceName, Point, PointName, RETIRED},
    repository::{Repository, covered},
    restore::bases_of,
    sent::SENT,
    target::Object,
    told,
};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    key::Digest,
    record::Record,
    store::Store,
    vfs::Rests,
};
use std::collections::{BTreeMap, BTreeSet};

/// What reading through came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadThrough {
    /// Objects that hold.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects that do not hold, or are missing, by name; and why.
    pub damaged: BTreeMap<String, String>,
    /// The moments that cannot be restored.
    pub lost: Vec<Lost>,
    /// When those backups were made of which lists or files are damaged or missing.
    pub incomplete: Vec<Timestamp>,
}

impl ReadThrough {
    /// All is there, and whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damaged.is_empty() && self.lost.is_empty()
    }
}

/// What a reading has read that came to no end yet: what held is not read again by the one that goes on. Some 25 bytes
/// for each part of a base or file, some 50 for each piece of log; also for what has gone since.
#[derive(Debug, Default)]
pub struct ReadSoFar {
    /// The names of parts of bases and files, of marks and retired points.
    whole: BTreeSet<Digest>,
    /// Pieces of log, and when their last transactions were.
    pieces: BTreeMap<PieceName, Timestamp>,
}

impl ReadSoFar {
    /// Objects that held and are not read again.
    #[must_use]
    pub fn objects(&self) -> u64 {
        (self.whole.len() + self.pieces.len()) as u64
    }
}

/// A stretch of a line of history of which no moment can be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The number of the line.
    pub line: u64,
    /// What comes after this; `None`: all before the end of the stretch.
    pub from: Option<Timestamp>,
    /// What comes before this; `None`: all after its beginning.
    pub until: Option<Timestamp>,
}

/// Reads every object of points, bases, log, lists and files, each that holds once; twice where the target fails. Holds
/// the points in memory, some 50 bytes for each part of a base, list and file, some 100 for each piece of log, and one
/// listing at a time. What comes or goes meanwhile is no damage.
///
/// # Errors
/// Those of the target, but for an object that is there and twice cannot be read, which is damaged; `Unavailable` if
/// `tell` ends it.
pub fn read_through(repository: &Repository, tell: Tell<'_>) -> Result<ReadThrough> {
    read(repository, &mut ReadSoFar::default(), None, tell)
}

/// The same beside a store that is in use: it rests behind each object, longer while the store is written to. It goes
/// on where the one ended that left `so_far`; points and lists are read again, and so is what did not hold: it may have
/// been mended.
///
/// # Errors
/// As [`read_through`]; what held until then is in `so_far`.
pub fn read_through_beside(
    repository: &Repository,
    store: &Store,
    so_far: &mut ReadSoFar,
    tell: Tell<'_>,
) -> Result<ReadThrough> {
    read(repository, so_far, Some(Rests::beside(&store.shared().appended)), tell)
}

fn read(
    repository: &Repository,
    so_far: &mut ReadSoFar,
    rests: Option<Rests<'_>>,
    tell: Tell<'_>,
) -> Result<ReadThrough> {
    let (whole, lists) = (BTreeSet::new(), BTreeMap::new());
    let mut reading = Reading { repository, tell, rests, so_far, whole, lists, seen: ReadThrough::default() };
    let (mut points, mut lines) = (Vec::<Point>::new(), BTreeSet::new());
    let mut pieces: BTreeMap<PieceName, Timestamp> = BTreeMap::new();
    // First those: what a point names is there before it, and stays for a day after it.
    for object in repository.list(POINTS)? {
        lines.extend(PointName::parse(&object.name).map(|name| name.line));
        points.extend(reading.object(&object, || Point::decode(&repository.get(Kind::Point, &object.name)?))?);
    }
    for (prefix, kind) in [("base/", Kind::Base), ("file/", Kind::File), (SENT, Kind::Sent), (RETIRED, Kind::Point)] {
        for object in repository.list(prefix)? {
            reading.once(&object, kind)?;
        }
    }
    // Behind the files, so that what a list names is looked for as it is read.
    let named = points.iter().flat_map(|point| &point.lists);
    let named: BTreeMap<String, [u8; 32]> = named.map(|name| (list_name(name), *name)).collect();
    for object in repository.list("list/")? {
        match named.get(&object.name) {
            Some(name) => reading.list(&object, name)?,
            // No point needs it, and a file that it names may be gone.
            None => drop(reading.object(&object, || repository.get(Kind::List, &object.name))?),
        }
    }
    // Twice: small pieces are put together meanwhile, and go once the larger ones are there.
    for _ in 0..2 {
        for object in repository.list("log/")? {
            let Some(piece) = PieceName::parse(&object.name).filter(|piece| !pieces.contains_key(piece)) else {
                continue;
            };
            if let Some(time) = reading.piece(&object, piece)? {
                pieces.insert(piece, time);
            }
        }
    }
    for line in lines {
        let lost = reading.lost_on(line, &points, &pieces);
        reading.seen.lost.extend(lost);
    }
    let incomplete = points.iter().filter(|point| !reading.has_files(point)).map(|point| point.made).collect();
    Ok(ReadThrough { incomplete, ..reading.seen })
}

/// The prefixes of what points and lists name; of the log the pieces are known, and for nothing else is looked.
const LOOKED_FOR: [&str; 3] = ["base/", "file/", "list/"];

/// Reading under way.
struct Reading<'r> {
    repository: &'r Repository,
    tell: Tell<'r>,
    rests: Option<Rests<'r>>,
    so_far: &'r mut ReadSoFar,
    /// The names of the objects that are listed and hold, of those that `has` asks for.
    whole: BTreeSet<Digest>,
    /// Of each list that holds and that points name, whether what it names is there, whole.
    lists: BTreeMap<[u8; 32], bool>,
    seen: ReadThrough,
}

impl Reading<'_> {
    /// One object; `None` if it does not hold, which is noted, or has gone since it was listed.
    fn object<T>(&mut self, object: &Object, read: impl Fn() -> Result<T>) -> Result<Option<T>> {
        let mut content = self.rested(&read)?;
        // A bad sector fails again; a connection that broke, or want of handles, does not.
        if matches!(content, Err(Error::Io { .. })) {
            content = self.rested(&read)?;
        }
        match content {
            Ok(content) => {
                self.holds(object);
                Ok(Some(content))
            }
            Err(error) if is_damage(&error) => {
                if self.repository.has(&object.name)? {
                    self.note(object.name.clone(), &error);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn holds(&mut self, object: &Object) {
        (self.seen.objects, self.seen.bytes) = (self.seen.objects + 1, self.seen.bytes + object.bytes);
        if LOOKED_FOR.iter().any(|prefix| object.name.starts_with(*prefix)) {
            self.whole.insert(Digest::of(&object.name));
        }
    }

    /// One object from whose content nothing follows; it is not read if it held so far.
    fn once(&mut self, object: &Object, kind: Kind) -> Result<()> {
        let (repository, name) = (self.repository, Digest::of(&object.name));
        if self.so_far.whole.contains(&name) {
            self.holds(object);
        } else if self.object(object, || repository.get(kind, &object.name))?.is_some() {
            self.so_far.whole.insert(name);
        }
        Ok(())
    }

    /// When the last transaction of a piece of log was; it is not read if it held so far.
    fn piece(&mut self, object: &Object, piece: PieceName) -> Result<Option<Timestamp>> {
        let repository = self.repository;
        if let Some(time) = self.so_far.pieces.get(&piece).copied() {
            self.holds(object);
            return Ok(Some(time));
        }
        let time = self.object(object, || repository.last_of(&piece))?.map(|(time, _)| time);
        if let Some(time) = time {
            self.so_far.pieces.insert(piece, time);
        }
        Ok(time)
    }

    /// Reads once, and rests; the outer error is that `tell` ends it.
    fn rested<T>(&self, read: impl Fn() -> Result<T>) -> Result<Result<T>> {
        told(self.tell, "reading every object", self.seen.objects, 0)?;
        // Whoever was told may have waited.
        self.rests.iter().for_each(Rests::resume);
        let content = read();
        self.rests.iter().for_each(Rests::pause);
        Ok(content)
    }

    fn note(&mut self, name: String, error: &Error) {
        let why = match error {
            Error::Corrupt { key, why, .. } => format!("{key}: {why}"),
            other => other.to_string(),
        };
        self.seen.damaged.insert(name, why);
    }

    /// Whether an object that must be there is, whole.
    fn has(&mut self, name: String) -> bool {
        let has = self.whole.contains(&Digest::of(&name));
        if !has {
            self.seen.damaged.entry(name).or_insert_with(|| "it is missing".to_owned());
        }
        has
    }

    fn has_base(&mut self, line: u64, base: &BaseRef) -> bool {
        let prefix = prefix(line, base);
        (0..base.parts).all(|part| self.has(format!("{prefix}{part:06}")))
    }

    /// A list that points name, and whether all files that it names are there.
    fn list(&mut self, object: &Object, name: &[u8; 32]) -> Result<()> {
        let repository = self.repository;
        let Some(entries) = self.object(object, || read_list(repository, name))? else { return Ok(()) };
        let mut has = true;
        for entry in &entries {
            has &= (0..parts_of(entry.bytes)).all(|part| self.has(part_name(repository, &entry.hash, part)));
        }
        self.lists.insert(*name, has);
        Ok(())
    }

    /// Whether the lists of a point, and all files they name, are there.
    fn has_files(&mut self, point: &Point) -> bool {
        let mut has = true;
        for name in &point.lists {
            // One that was not read is missing or damaged.
            has &= self.has(list_name(name)) && self.lists.get(name).is_some_and(|whole| *whole);
        }
        has
    }

    /// The moments of a line to which no base that holds leads with the log behind it: from each base on they reach as far
    /// as the pieces that hold do without a gap.
    fn lost_on(&mut self, line: u64, points: &[Point], pieces: &BTreeMap<PieceName, Timestamp>) -> Vec<Lost> {
        let on_line = || points.iter().filter(|point| point.line.number == line);
        let whole: Vec<_> = pieces.keys().filter(|piece| piece.line == line).map(|piece| (*piece, 0)).collect();
        let damaged = self.seen.damaged.keys().filter_map(|name| PieceName::parse(name));
        let lasts = whole.iter().map(|(piece, _)| *piece).chain(damaged.filter(|piece| piece.line == line));
        let end = lasts.map(|piece| piece.last).chain(on_line().map(|point| point.holds.lsn)).max().unwrap_or(Lsn(0));
        let (mut lost, mut reached) = (Vec::new(), None::<(Lsn, Timestamp)>);
        for (index, base) in bases_of(on_line()).into_iter().rev().enumerate() {
            let (from, begin, since) = match &base {
                Some(base) => (base.lsn, base.upto, Some(base.time)),
                None => (Lsn(0), Lsn(1), None),
            };
            let upto = covered(&whole, from);
            let holds = base.as_ref().is_none_or(|base| self.has_base(line, base));
            if !holds || upto < begin {
                continue;
            }
            match reached {
                None if index > 0 => lost.push(Lost { line, from: None, until: since }),
                Some((last, time)) if begin.0 > last.0 + 1 => {
                    lost.push(Lost { line, from: Some(time), until: since });
                }
                _ => {}
            }
            if reached.is_none_or(|(last, _)| last < upto) {
                let ends = pieces.iter().find(|(piece, _)| piece.line == line && piece.last == upto);
                reached = Some((upto, ends.map_or(since.unwrap_or_default(), |(_, time)| *time)));
            }
        }
        match reached {
            None => lost.push(Lost { line, from: None, until: None }),
            Some((last, time)) if last < end => lost.push(Lost { line, from: Some(time), until: None }),
            Some(_) => {}
        }
        lost
    }
}

/// Whether an object that is there and answers with this is damaged: it may lie on a bad sector, or claim to be newer.
fn is_damage(error: &Error) -> bool {
    matches!(error, Error::Corrupt { .. } | Error::Format { .. } | Error::Io { .. })
}
