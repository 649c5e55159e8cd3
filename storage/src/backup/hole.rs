//! Holes of the shipped log: what the pieces of a line lack although the repository has what came later.

use super::repository::{Repository, covered};
use crate::{error::Result, id::Lsn};

/// Transactions that are missing, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hole {
    /// The first one.
    pub(super) first: Lsn,
    /// The last one that is known to be.
    pub(super) last: Lsn,
}

/// What is missing behind a transaction to which the pieces of a line led; `None` if nothing later is there, and if what
/// comes next was shipped meanwhile.
///
/// # Errors
/// `Io`.
pub(super) fn behind(repository: &Repository, line: u64, upto: Lsn) -> Result<Option<Hole>> {
    // First the points: the log up to one is there before it.
    let points = repository.points()?;
    let pieces = repository.pieces(line)?;
    if covered(&pieces, upto) > upto {
        return Ok(None);
    }
    let next = pieces.iter().map(|(piece, _)| piece.first).filter(|first| *first > upto).min();
    let named = points.iter().filter(|point| point.line == line && point.lsn > upto).map(|point| point.lsn).max();
    let last = next.map(|next| Lsn(next.0 - 1)).or(named);
    Ok(last.map(|last| Hole { first: Lsn(upto.0 + 1), last }))
}
