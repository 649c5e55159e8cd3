//! Points: each names exactly what is needed to restore it. And the names of objects, from which times and positions
//! can be read without a key.

use super::seal::Sealing;
use crate::{
    id::{Lsn, Timestamp},
    record,
};
use serde::{Deserialize, Serialize};

/// The first object of a repository: whose it is, and how it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// The store's random number; two stores never mix.
    pub(super) store: u64,
    /// When the repository was made.
    pub(super) made: Timestamp,
    /// `None`: everybody who has it can read it.
    pub(super) sealing: Option<Sealing>,
}
record!(Header, 1);

/// A line of history: a store's transactions as they followed each other. A restore begins another one, because what
/// comes after it shares its numbers with what came after the moment restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its random number.
    pub number: u64,
    /// When it began; 0 for the first.
    pub began: Timestamp,
}

/// A base snapshot in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseRef {
    /// The log is to be replayed behind this transaction.
    pub lsn: Lsn,
    /// The log must reach at least this far.
    pub upto: Lsn,
    /// The time of `upto`.
    pub time: Timestamp,
    /// When it was written.
    pub written: Timestamp,
    /// Rows in it.
    pub rows: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// Its numbered parts.
    pub parts: u32,
    /// SHA-256 of its file.
    pub hash: [u8; 32],
}

/// What a store held at a point, by which a restored one is known to be the same, whatever its engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Everything up to this transaction.
    pub lsn: Lsn,
    /// Rows of all tables.
    pub rows: u64,
    /// The sum over all rows in any order.
    pub sum: u64,
    /// The checksum of the first and last rows of each table.
    pub sample: u32,
    /// Rows of each table with any, by number; empty from an engine that would have to count them.
    pub tables: Vec<(u16, u64)>,
}

/// One backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// When it was made.
    pub made: Timestamp,
    /// The line of history it is on.
    pub line: Line,
    /// The time of its last transaction.
    pub time: Timestamp,
    /// The base behind which the log is replayed; `None`: from the first transaction on.
    pub base: Option<BaseRef>,
    /// What the store held.
    pub holds: Summary,
    /// The names of its lists of files.
    pub lists: Vec<[u8; 32]>,
    /// Files beside the store, the configuration among them.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// Bytes written by this backup.
    pub written: u64,
    /// The program's version.
    pub program: String,
}
record!(Point, 1);

impl Point {
    /// Where the log that is replayed begins: behind this.
    #[must_use]
    pub fn base_lsn(&self) -> Lsn {
        self.base.as_ref().map_or(Lsn(0), |base| base.lsn)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> PointName {
        PointName { made: self.made, line: self.line.number, lsn: self.holds.lsn }
    }
}

/// A file beside the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the data directory, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of it.
    pub hash: [u8; 32],
}

/// Some of the files of a point, by path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List(pub(super) Vec<Entry>);
record!(List, 1);

/// The object `repository`.
pub(super) const REPOSITORY: &str = "repository";
/// Where points are; the newest has the highest name.
pub(super) const POINTS: &str = "point/";
/// Where points are that were let go and still protect what they name.
pub(super) const RETIRED: &str = "retired/";

/// A point as its object's name tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointName {
    /// When it was made.
    pub made: Timestamp,
    /// The number of its line.
    pub line: u64,
    /// Its last transaction.
    pub lsn: Lsn,
}

impl PointName {
    fn stem(&self) -> String {
        let made = u64::try_from(self.made.0).unwrap_or(0);
        format!("{made:020}-{:016x}-{:020}", self.line, self.lsn.0)
    }

    pub(super) fn object(&self) -> String {
        format!("{POINTS}{}", self.stem())
    }

    pub(super) fn retired(&self, when: Timestamp) -> String {
        format!("{RETIRED}{:020}/{}", u64::try_from(when.0).unwrap_or(0), self.stem())
    }

    pub(super) fn parse(object: &str) -> Option<PointName> {
        let mut parts = object.rsplit('/').next()?.split('-');
        let made = digits(parts.next()?)?;
        let line = parts.next().filter(|line| line.len() == 16)?;
        let name = PointName {
            made: Timestamp(i64::try_from(made).ok()?),
            line: u64::from_str_radix(line, 16).ok()?,
            lsn: Lsn(digits(parts.next()?)?),
        };
        parts.next().is_none().then_some(name)
    }
}

/// When a retired point was let go.
pub(super) fn retired_at(object: &str) -> Option<Timestamp> {
    let when = object.strip_prefix(RETIRED)?.split('/').next()?;
    i64::try_from(digits(when)?).ok().map(Timestamp)
}

/// A piece of log as its object's name tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PieceName {
    /// The number of its line.
    pub line: u64,
    /// Its first transaction.
    pub first: Lsn,
    /// Its last.
    pub last: Lsn,
}

impl PieceName {
    pub(super) fn prefix(line: u64) -> String {
        format!("log/{line:016x}/")
    }

    pub(super) fn object(&self) -> String {
        format!("{}{:020}-{:020}", Self::prefix(self.line), self.first.0, self.last.0)
    }

    pub(super) fn parse(object: &str) -> Option<PieceName> {
        let (line, range) = object.strip_prefix("log/")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (Lsn(digits(first)?), Lsn(digits(last)?));
        let line = u64::from_str_radix(line, 16).ok().filter(|_| line.len() == 16)?;
        (Lsn(0) < first && first <= last).then_some(PieceName { line, first, last })
    }
}

fn digits(text: &str) -> Option<u64> {
    (text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn names_read_back_and_foreign_ones_do_not() {
        let point = PointName { made: Timestamp(1_800_000_000_000), line: 0xab, lsn: Lsn(7) };
        assert_eq!(point.object(), "point/00000001800000000000-00000000000000ab-00000000000000000007");
        assert_eq!(PointName::parse(&point.object()), Some(point));
        assert_eq!(PointName::parse(&point.retired(Timestamp(9))), Some(point));
        assert_eq!(retired_at(&point.retired(Timestamp(9))), Some(Timestamp(9)));
        let piece = PieceName { line: 0xab, first: Lsn(3), last: Lsn(9) };
        assert_eq!(piece.object(), "log/00000000000000ab/00000000000000000003-00000000000000000009");
        assert_eq!(PieceName::parse(&piece.object()), Some(piece));
        for foreign in
            ["", "point/1-2-3", "log/x/1-2", "log/00000000000000ab/00000000000000000009-00000000000000000003"]
        {
            assert_eq!((PointName::parse(foreign), PieceName::parse(foreign)), (None, None), "{foreign}");
        }
    }

    #[test]
    fn what_a_repository_stores_has_the_bytes_it_always_had() {
        let point = Point {
            made: Timestamp(3),
            line: Line { number: 5, began: Timestamp(1) },
            time: Timestamp(2),
            base: Some(BaseRef {
                lsn: Lsn(1),
                upto: Lsn(2),
                time: Timestamp(4),
                written: Timestamp(5),
                rows: 6,
                bytes: 7,
                parts: 1,
                hash: [9; 32],
            }),
            holds: Summary { lsn: Lsn(8), rows: 9, sum: 10, sample: 11, tables: vec![(12, 13)] },
            lists: vec![[7; 32]],
            files: 14,
            file_bytes: 15,
            written: 16,
            program: "1".into(),
        };
        let mut golden = vec![1, 6, 5, 2, 4, 1, 1, 2, 8, 10, 6, 7, 1];
        golden.extend([9; 32]);
        golden.extend([8, 9, 10, 11, 1, 12, 13, 1]);
        golden.extend([7; 32]);
        golden.extend([14, 15, 16, 1, b'1']);
        assert_eq!(point.encode(), golden);
        assert_eq!(Point::decode(&golden).expect("reads"), point);
        let header = Header { store: 300, made: Timestamp(1), sealing: None };
        assert_eq!(header.encode(), [1, 172, 2, 2, 0]);
        let list = List(vec![Entry { path: "a".into(), bytes: 2, hash: [1; 32] }]);
        assert_eq!(list.encode(), [&[1, 1, 1, b'a', 2][..], &[1; 32]].concat());
    }
}
