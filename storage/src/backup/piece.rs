//! Pieces of log: `version u8 · { lsn u64 · time i64 · length u32 · record }`, little-endian; a record is what
//! `log::transaction` says. They lead from base to point without a gap; where two overlap they say the same.

use super::{object::Kind, point::PieceName, repository::Repository};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    log::recovery::Gaps,
    store::Store,
};
use std::ops::ControlFlow;

const VERSION: u8 = 1;
/// Bytes before a record.
const RECORD_HEAD: usize = 20;

/// What was shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// The last transaction that is in the repository now.
    pub upto: Lsn,
    /// Its time; 0 if nothing was shipped.
    pub time: Timestamp,
    /// Bytes of the objects written.
    pub bytes: u64,
    /// Objects written.
    pub pieces: u64,
}

/// One transaction of a piece.
#[derive(Debug, Clone, Copy)]
pub struct PieceRecord<'a> {
    /// Its number.
    pub lsn: Lsn,
    /// Its time.
    pub time: Timestamp,
    /// What `Transaction::decode` reads.
    pub bytes: &'a [u8],
}

impl Repository {
    /// Ships the store's transactions `from` to `upto`, both included, in pieces of about `limits::PIECE_BYTES`; one that
    /// is there already is written again with the same content.
    ///
    /// # Errors
    /// `Corrupt` if the store's log has them no longer or cannot be read; those of the target. What was shipped until
    /// then stays and is of use.
    pub fn ship(&self, store: &Store, line: u64, from: Lsn, upto: Lsn) -> Result<Shipped> {
        let mut shipped = Shipped { upto: Lsn(from.0.saturating_sub(1)), time: Timestamp(0), bytes: 0, pieces: 0 };
        let mut piece = Vec::new();
        let flush = |piece: &mut Vec<u8>, shipped: &mut Shipped, last: Lsn| -> Result<()> {
            if !piece.is_empty() {
                let name = PieceName { line, first: Lsn(shipped.upto.0 + 1), last };
                shipped.bytes += self.put(Kind::Log, &name.object(), piece)?;
                shipped.pieces += 1;
                shipped.upto = last;
                piece.clear();
            }
            Ok(())
        };
        let shared = store.shared();
        let _files = shared.bases.reading_files();
        let mut last = shipped.upto;
        shared.segments.read_records(from, upto, Gaps::Refuse, |record| {
            if piece.len() + record.bytes.len() > limits::PIECE_BYTES {
                flush(&mut piece, &mut shipped, last)?;
            }
            if piece.is_empty() {
                piece.push(VERSION);
            }
            put_record(&mut piece, &PieceRecord { lsn: record.lsn, time: record.time, bytes: record.bytes });
            (last, shipped.time) = (record.lsn, record.time);
            Ok(ControlFlow::Continue(()))
        })?;
        flush(&mut piece, &mut shipped, last)?;
        Ok(shipped)
    }

    /// Calls `visit` with each transaction from behind `from` on, without a gap, until it breaks or the pieces end;
    /// answers the last one visited. Where a piece cannot be read another one that has the same serves.
    ///
    /// # Errors
    /// `Corrupt` naming a piece that cannot be read and that no other one replaces; `Io`; those of `visit`.
    pub fn read_pieces(
        &self,
        line: u64,
        from: Lsn,
        mut visit: impl FnMut(PieceRecord<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<Lsn> {
        let (mut upto, mut damaged) = (from, Vec::new());
        for (piece, _) in self.pieces(line)? {
            if piece.last <= upto {
                continue;
            }
            if piece.first.0 > upto.0 + 1 {
                break;
            }
            let content = match self.whole(&piece) {
                Ok(content) => content,
                Err(error @ Error::Corrupt { .. }) => {
                    damaged.push((piece.last, error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            if read_piece(&piece, &content, &mut upto, &mut visit)?.is_break() {
                return Ok(upto);
            }
        }
        for (last, error) in damaged {
            if last > upto {
                return Err(error);
            }
            tracing::error!(%error, "a piece of log in the backup is damaged; another one has the same");
        }
        Ok(upto)
    }

    /// The content of a piece all of which can be read.
    fn whole(&self, piece: &PieceName) -> Result<Vec<u8>> {
        let content = self.get(Kind::Log, &piece.object())?;
        let mut upto = Lsn(piece.first.0 - 1);
        let read = read_piece(piece, &content, &mut upto, &mut |_: PieceRecord<'_>| Ok(ControlFlow::Continue(())));
        read.map(|_| content)
    }

    /// The last transaction of a piece.
    pub(super) fn last_of(&self, piece: &PieceName) -> Result<(Timestamp, Vec<u8>)> {
        let content = self.get(Kind::Log, &piece.object())?;
        let (mut upto, mut found) = (Lsn(piece.first.0 - 1), (Timestamp(0), Vec::new()));
        let walked = read_piece(piece, &content, &mut upto, &mut |record: PieceRecord<'_>| {
            if record.lsn == piece.last {
                found = (record.time, record.bytes.to_vec());
            }
            Ok(ControlFlow::Continue(()))
        });
        walked.map(|_| found)
    }
}

fn put_record(piece: &mut Vec<u8>, record: &PieceRecord<'_>) {
    piece.extend_from_slice(&record.lsn.0.to_le_bytes());
    piece.extend_from_slice(&record.time.0.to_le_bytes());
    // Records are bounded by `RECORD_BYTES_MAX`, far below 4 GiB.
    piece.extend_from_slice(&u32::try_from(record.bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    piece.extend_from_slice(record.bytes);
}

fn take_record<'a>(rest: &mut &'a [u8]) -> Option<PieceRecord<'a>> {
    let (head, tail) = rest.split_at_checked(RECORD_HEAD)?;
    let length = u32::from_le_bytes(head[16..].try_into().ok()?) as usize;
    let (bytes, tail) = tail.split_at_checked(length).filter(|_| length <= limits::RECORD_BYTES_MAX)?;
    *rest = tail;
    Some(PieceRecord {
        lsn: Lsn(u64::from_le_bytes(head[..8].try_into().ok()?)),
        time: Timestamp(i64::from_le_bytes(head[8..16].try_into().ok()?)),
        bytes,
    })
}

/// Visits what of a piece lies behind `upto` and moves that along.
fn read_piece(
    name: &PieceName,
    content: &[u8],
    upto: &mut Lsn,
    visit: &mut impl FnMut(PieceRecord<'_>) -> Result<ControlFlow<()>>,
) -> Result<ControlFlow<()>> {
    let corrupt = |why: String| Error::corrupt(format!("the backup's object {}", name.object()), "a record", why);
    let Some((version, mut rest)) = content.split_first() else { return Err(corrupt("it is empty".into())) };
    if *version > VERSION {
        return Err(Error::Format { found: (*version).into(), known: VERSION.into() });
    }
    let mut expected = name.first;
    while !rest.is_empty() {
        let record = take_record(&mut rest).filter(|record| record.lsn == expected && expected <= name.last);
        let record = record.ok_or_else(|| corrupt(format!("transaction {expected} does not follow")))?;
        expected = Lsn(expected.0 + 1);
        if record.lsn <= *upto {
            continue;
        }
        let outcome = visit(record)?;
        if outcome.is_break() {
            return Ok(outcome);
        }
        *upto = record.lsn;
    }
    if expected.0 != name.last.0 + 1 {
        return Err(corrupt(format!("it ends before transaction {expected}")));
    }
    Ok(ControlFlow::Continue(()))
}
