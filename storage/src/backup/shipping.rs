//! Shipping without end: what is durable goes to the repository as small pieces, which are put together later; the files
//! that a piece refers to go before it.

use super::{
    Tell,
    piece::Shipped,
    point::{Line, PieceName, Point},
    repository::{Repository, covered},
    sent,
};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    store::Store,
};
use std::path::{Path, PathBuf};

/// Ships a store's log, round after round.
pub struct Shipper {
    repository: Repository,
    line: Line,
    shipped: Lsn,
    /// Where the files lie that the log refers to.
    data_dir: Option<PathBuf>,
    /// Pieces shipped one by one, without a gap.
    small: Vec<PieceName>,
    /// Pieces whose content is in a larger one. They go a round of putting together later: whoever reads by a listing of
    /// before finds them still.
    doomed: Vec<PieceName>,
}

/// How shipping begins.
pub enum Begun {
    /// It can go on.
    Ready(Box<Shipper>),
    /// A backup must be made first, and why.
    NeedsBackup(&'static str),
}

impl Shipper {
    /// Shipping into a repository, from where its pieces end.
    ///
    /// # Errors
    /// Those of the target and the store.
    pub fn begin(repository: Repository, store: &Store) -> Result<Begun> {
        let (_, line) = store.identify()?;
        let on_line = repository.points()?.into_iter().rev().find(|point| point.line == line.number);
        let Some(name) = on_line else { return Ok(Begun::NeedsBackup("there is none of this store as it is now")) };
        let point = match repository.point(&name) {
            Ok(point) => point,
            Err(Error::Corrupt { .. }) => return Ok(Begun::NeedsBackup("the newest is damaged")),
            Err(error) => return Err(error),
        };
        let pieces = repository.pieces(line.number)?;
        let shipped = covered(&pieces, point.base_lsn());
        if shipped < point.holds.lsn {
            return Ok(Begun::NeedsBackup("a piece of log is missing from the newest"));
        }
        if store.state().log_begin.0 > shipped.0 + 1 {
            return Ok(Begun::NeedsBackup("the log no longer reaches back to where the newest ends"));
        }
        if let Some(why) = another_history(&repository, store, &pieces, point.base_lsn())? {
            return Ok(Begun::NeedsBackup(why));
        }
        let mut shipper = Shipper { repository, line, shipped, data_dir: None, small: Vec::new(), doomed: Vec::new() };
        shipper.take_stock(&pieces, &point);
        Ok(Begun::Ready(Box::new(shipper)))
    }

    /// What an earlier process left: pieces inside larger ones, and the last small ones.
    fn take_stock(&mut self, pieces: &[(PieceName, u64)], point: &Point) {
        let behind: Vec<_> = pieces.iter().filter(|(piece, _)| piece.last > point.base_lsn()).collect();
        let inside = |piece: &PieceName| {
            behind.iter().any(|(other, _)| other != piece && other.first <= piece.first && other.last >= piece.last)
        };
        self.doomed = behind.iter().map(|(piece, _)| *piece).filter(inside).collect();
        for (piece, bytes) in behind.iter().rev().filter(|(piece, _)| !inside(piece)) {
            let follows = self.small.first().is_none_or(|next| piece.last.0 + 1 == next.first.0);
            let fits = *bytes <= limits::SMALL_PIECE_BYTES && self.small.len() < limits::SMALL_PIECES_MAX;
            if !follows || !fits {
                break;
            }
            self.small.insert(0, *piece);
        }
    }

    /// From now on the files below a data directory are shipped before the log that refers to them.
    pub fn ship_files_of(&mut self, data_dir: &Path) {
        self.data_dir = Some(data_dir.to_owned());
    }

    /// The repository it ships to.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The line of history that is shipped.
    #[must_use]
    pub fn line(&self) -> Line {
        self.line
    }

    /// Up to where the repository has the log.
    #[must_use]
    pub fn shipped(&self) -> Lsn {
        self.shipped
    }

    /// The log up to here is not needed any more: it is shipped, and not among what will be put together.
    #[must_use]
    pub fn done_with(&self) -> Lsn {
        self.small.first().map_or(self.shipped, |first| Lsn(first.first.0 - 1))
    }

    /// Ships everything that is durable and not there yet, or as much as `limits::SHIP_FILES` and `SHIP_FILE_BYTES` allow of
    /// the files it refers to; puts small pieces together when there are many. Hears of each file.
    ///
    /// # Errors
    /// `Unavailable` if the log begins behind what was shipped, or the store is on another line by now: begin anew; and if
    /// `tell` ends it. Those of the target and the store; the next round goes on where this one ended.
    pub fn round(&mut self, store: &Store, tell: Tell<'_>) -> Result<Shipped> {
        if store.history()?.is_none_or(|(_, line)| line != self.line) || store.state().log_begin.0 > self.shipped.0 + 1
        {
            return Err(Error::Unavailable);
        }
        let (from, upto) = (Lsn(self.shipped.0 + 1), store.state().durable);
        if upto <= self.shipped {
            return Ok(Shipped { upto: self.shipped, time: Timestamp(0), bytes: 0, pieces: 0 });
        }
        let upto = match &self.data_dir {
            Some(data_dir) => sent::ship(self, (store, data_dir), (from, upto), tell)?,
            None => upto,
        };
        let shipped = self.repository.ship(store, self.line.number, from, upto)?;
        self.shipped = shipped.upto;
        if shipped.pieces == 1 && shipped.bytes <= limits::SMALL_PIECE_BYTES {
            self.small.push(PieceName { line: self.line.number, first: from, last: shipped.upto });
        } else {
            self.small.clear();
        }
        if self.small.len() >= limits::SMALL_PIECES_MAX {
            self.put_together(store)?;
        }
        Ok(shipped)
    }

    /// Writes the larger pieces first, reads them back, and removes those that were put together the time before.
    fn put_together(&mut self, store: &Store) -> Result<()> {
        let (Some(first), Some(last)) = (self.small.first(), self.small.last()) else { return Ok(()) };
        let (first, last) = (first.first, last.last);
        if store.state().log_begin > first {
            self.small.clear();
            return Ok(());
        }
        self.repository.ship(store, self.line.number, first, last)?;
        let mut larger = self.repository.pieces(self.line.number)?;
        larger.retain(|(piece, _)| piece.first >= first && piece.last <= last && !self.small.contains(piece));
        if covered(&larger, Lsn(first.0 - 1)) < last {
            let why = "what was just written there is not listed";
            return Err(Error::corrupt(
                format!("the backup's objects log/{:016x}", self.line.number),
                first.to_string(),
                why,
            ));
        }
        for (piece, _) in &larger {
            self.repository.last_of(piece)?;
        }
        for piece in std::mem::replace(&mut self.doomed, std::mem::take(&mut self.small)) {
            self.repository.remove(&piece.object())?;
        }
        Ok(())
    }
}

/// Why it cannot be said that the store holds what the last piece says it once did.
fn another_history(
    repository: &Repository,
    store: &Store,
    pieces: &[(PieceName, u64)],
    base_lsn: Lsn,
) -> Result<Option<&'static str>> {
    const PUT_BACK: Option<&str> = Some("this store was put back to an older state");
    let Some((last, _)) = pieces.iter().max_by_key(|(piece, _)| piece.last) else { return Ok(None) };
    if last.last > store.state().durable {
        return Ok(PUT_BACK);
    }
    let Some(record) = store.record(last.last)? else {
        // Inside the log it is lost.
        return Ok(if last.last < store.state().log_begin { None } else { PUT_BACK });
    };
    match repository.last_of(last) {
        Ok(there) => Ok(if there == record { None } else { PUT_BACK }),
        // A backup mends it, or begins with a base behind which nothing needs it.
        Err(Error::Corrupt { .. }) if last.last <= base_lsn => Ok(None),
        Err(Error::Corrupt { .. }) => Ok(Some("the newest piece of log is damaged")),
        Err(error) => Err(error),
    }
}
