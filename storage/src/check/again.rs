//! Files that nobody may ask for in years, read again a part at a time while the store is at work: the same looks as those of
//! a check, and the same words. How far it has come stands in a small file, whose loss costs nothing.

use super::{
    Finding,
    files::{Shelf, Spare},
    own,
};
use crate::{
    base,
    blob::BlobHash,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    log::segment,
    media,
    store::Store,
    table::KeyRange,
    vfs::{self, Rests},
};
use std::{fmt, ops::ControlFlow, path::Path};

/// The file in the store's directory that says how far this has come.
const FILE: &str = "REREAD";
/// What it begins with.
const VERSION: &str = "1";

/// A file that is looked at by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// What was uploaded here, by its hash.
    Media(BlobHash),
    /// The segment of the log with this number.
    Log(u64),
    /// The base snapshot of this transaction.
    Base(Lsn),
}

impl Piece {
    /// Reads what `Display` writes; `None` for anything else.
    fn parse(text: &str) -> Option<Piece> {
        let (above, name) = text.rsplit_once('/')?;
        let piece = match above {
            "log" => Piece::Log(segment::number_of(name)?),
            "base" => Piece::Base(base::lsn_of(name)?),
            _ => Piece::Media(BlobHash::parse(name)?),
        };
        (piece.to_string() == text).then_some(piece)
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Media(hash) => f.write_str(&hash.path()),
            Piece::Log(number) => write!(f, "log/{}", segment::file_name(*number)),
            Piece::Base(lsn) => f.write_str(&base::name_of(*lsn)),
        }
    }
}

/// One of `of` parts of all files, `number` being counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which one; below `of`.
    pub number: u32,
    /// How many there are; at least one.
    pub of: u32,
}

impl Part {
    /// The hashes in it: what is uploaded spreads evenly over them.
    fn range(self) -> KeyRange {
        let bound = |number: u64| (number << 32) / u64::from(self.of.max(1));
        let key = |bound: u64| u32::try_from(bound).ok().map(|first| first.to_be_bytes().to_vec());
        let number = u64::from(self.number);
        KeyRange { from: key(bound(number)).unwrap_or_else(|| vec![0xff; 33]), until: key(bound(number + 1)) }
    }

    /// Whether a file with this number is in it.
    fn has(self, number: u64) -> bool {
        number % u64::from(self.of.max(1)) == u64::from(self.number)
    }
}

/// Reads files again.
pub struct Again<'a> {
    store: &'a Store,
    shelf: Shelf<'a>,
}

impl Store {
    /// Begins to read files again, with rests that are longer while the log is written to; it ends behind a piece of about a
    /// megabyte when `goes_on` says no.
    pub fn again<'a>(&'a self, data_dir: &'a Path, spare: Spare<'a>, goes_on: &'a dyn Fn() -> bool) -> Again<'a> {
        let rests = Rests::beside(&self.shared().appended);
        Again { store: self, shelf: Shelf::new(self, data_dir, spare, rests, goes_on) }
    }

    /// How far files were read again; `None` where nothing is known of that.
    ///
    /// # Errors
    /// `Io`.
    pub fn reread_so_far(&self) -> Result<Option<Progress>> {
        let read = vfs::read_small(self.vfs(), &self.dir().join(FILE), limits::REREAD_FILE_BYTES_MAX);
        let bytes = read.map_err(|error| Error::io(format!("read {FILE}"), error))?;
        Ok(bytes.and_then(|bytes| Progress::parse(&bytes)))
    }

    /// Remembers that; a power cut leaves what was remembered before, or this.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep_reread(&self, progress: &Progress) -> Result<()> {
        let written = vfs::replace_small(self.vfs(), &self.dir().join(FILE), progress.to_string().as_bytes());
        written.map_err(|error| Error::io(format!("write {FILE}"), error))
    }
}

impl Again<'_> {
    /// Reads a part: what was uploaded here and rows refer to, segments of the log that are written to no more, base
    /// snapshots. `hear` is told of each of them what is wrong with it and what can be done about it, if anything is.
    ///
    /// # Errors
    /// `Unavailable` if it was broken off or the engine is being reopened; what else keeps it from going on. Damage is none.
    pub fn part(&self, part: Part, hear: &mut dyn FnMut(Piece, Option<Finding>)) -> Result<()> {
        let (store, shared) = (self.store, self.store.shared());
        media::each_file_in(store, &part.range(), |hash, blob| {
            self.go_on()?;
            hear(Piece::Media(hash), self.shelf.finding(hash, blob)?);
            Ok(ControlFlow::Continue(()))
        })?;
        let numbers = shared.segments.all().into_iter().map(|segment| segment.header.number);
        let segments = numbers.filter(|number| part.has(*number)).map(Piece::Log);
        let found = base::list(self.store.vfs(), self.store.dir())?.into_iter().map(|found| found.lsn);
        let bases = found.filter(|lsn| part.has(lsn.0)).map(Piece::Base);
        for piece in segments.chain(bases) {
            hear(piece, self.look(piece)?);
        }
        Ok(())
    }

    /// Reads one file; `None` also if it is gone.
    ///
    /// # Errors
    /// As `part`.
    pub fn look(&self, piece: Piece) -> Result<Option<Finding>> {
        self.go_on()?;
        match piece {
            Piece::Media(hash) => match media::blob_of(self.store, hash)? {
                Some(blob) => self.shelf.finding(hash, &blob),
                None => Ok(None),
            },
            Piece::Log(number) => own::of_segment(self.store.shared(), number, &self.shelf.rests, self.shelf.goes_on),
            Piece::Base(lsn) => own::of_base(self.store.shared(), lsn, &self.shelf.rests, self.shelf.goes_on),
        }
    }

    fn go_on(&self) -> Result<()> {
        if (self.shelf.goes_on)() { Ok(()) } else { Err(Error::Unavailable) }
    }
}

/// How far files were read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The part that is read next.
    pub next: u32,
    /// When the one before it was due.
    pub since: Timestamp,
    /// What was wrong when it was last looked at.
    pub wrong: Vec<Piece>,
}

impl Progress {
    /// Reads what `Display` writes; `None` for anything else.
    fn parse(bytes: &[u8]) -> Option<Progress> {
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        let mut head = lines.next()?.split(' ');
        if head.next()? != VERSION {
            return None;
        }
        let (next, since) = (head.next()?.parse().ok()?, Timestamp(head.next()?.parse().ok()?));
        let wrong = lines.map(Piece::parse).collect::<Option<Vec<_>>>()?;
        Some(Progress { next, since, wrong })
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION} {} {}", self.next, self.since.0)?;
        self.wrong.iter().try_for_each(|piece| writeln!(f, "{piece}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hash_is_in_one_part_whatever_their_number() {
        for of in [1, 3, 672, u32::MAX] {
            let range = |number| Part { number, of }.range();
            assert_eq!(range(0).from, [0; 4], "{of}");
            assert_eq!(range(of - 1).until, None, "{of}");
            for number in [0, of / 2, of - 1].into_iter().filter(|number| *number + 1 < of) {
                assert_eq!(range(number).until, Some(range(number + 1).from), "{number} of {of}");
            }
        }
        let in_parts = |number| (0..672).filter(|part| Part { number: *part, of: 672 }.has(number)).count();
        assert_eq!([0, 1, 671, 672, u64::MAX].map(in_parts), [1; 5]);
    }

    #[test]
    fn how_far_it_has_come_is_read_as_written_and_anything_else_is_nothing() {
        let wrong = vec![Piece::Media(BlobHash::of(b"a")), Piece::Log(7), Piece::Base(Lsn(12))];
        let progress = Progress { next: 17, since: Timestamp(-3), wrong };
        let text = progress.to_string();
        assert!(text.ends_with("log/0000000007.seg\nbase/00000000000000000012.base\n"), "{text}");
        assert_eq!(Progress::parse(text.as_bytes()), Some(progress));
        for bad in ["", "1", "2 17 3\n", "1 -1 3\n", "1 17 x\n", "1 17 3\nlog/7.seg\n", "1 17 3\nmedia/../x\n"] {
            assert_eq!(Progress::parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(Progress::parse(&[0xff, 0x31]), None);
    }
}
