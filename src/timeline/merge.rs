//! The statuses of many authors in order of id, read from their indexes a few rows at a time.

use crate::error::Result;
use std::collections::{BinaryHeap, VecDeque};
use storage::{AccountId, Bounds, Direction, Read, StatusId, status::STATUSES_OF_ACCOUNT};

/// Rows read of an author at first; most authors of a merge give none or one of its rows.
const FIRST_ROWS: usize = 2;
/// Rows read of an author at once at most.
const MOST_ROWS: usize = 64;

/// The merge: `next` gives one id after another.
pub(super) struct Merge<'a> {
    read: &'a dyn Read,
    bounds: Bounds,
    direction: Direction,
    sources: Vec<Source>,
    /// The next id of each source that has one, the first of all on top.
    heads: BinaryHeap<Head>,
}

struct Source {
    author: AccountId,
    rows: VecDeque<StatusId>,
    /// How many rows are read next; none are left when it is 0.
    step: usize,
}

/// Orders by what comes first in the direction of the merge; a heap gives its greatest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    rank: u64,
    source: usize,
}

impl<'a> Merge<'a> {
    /// The statuses of `authors` within `bounds`.
    pub(super) fn new(
        read: &'a dyn Read,
        authors: impl IntoIterator<Item = AccountId>,
        bounds: Bounds,
        direction: Direction,
    ) -> Result<Self> {
        let source = |author| Source { author, rows: VecDeque::new(), step: FIRST_ROWS };
        let sources: Vec<_> = authors.into_iter().map(source).collect();
        let heads = BinaryHeap::with_capacity(sources.len());
        let mut merge = Merge { read, bounds, direction, sources, heads };
        for source in 0..merge.sources.len() {
            merge.read_more(source, bounds)?;
            merge.put_head(source);
        }
        Ok(merge)
    }

    /// The next id, until there is none.
    pub(super) fn next(&mut self) -> Result<Option<StatusId>> {
        let Some(Head { source, .. }) = self.heads.pop() else { return Ok(None) };
        let Some(id) = self.sources[source].rows.pop_front() else { return Ok(None) };
        if self.sources[source].rows.is_empty() {
            let rest = match self.direction {
                Direction::Descending => Bounds { below: Some(id.0), ..self.bounds },
                Direction::Ascending => Bounds { above: Some(id.0), ..self.bounds },
            };
            self.read_more(source, rest)?;
        }
        self.put_head(source);
        Ok(Some(id))
    }

    fn read_more(&mut self, source: usize, bounds: Bounds) -> Result<()> {
        let source = &mut self.sources[source];
        if source.step == 0 {
            return Ok(());
        }
        let rows = STATUSES_OF_ACCOUNT.list(self.read, &source.author, bounds, self.direction, source.step)?;
        source.step = if rows.len() < source.step { 0 } else { (source.step * 4).min(MOST_ROWS) };
        source.rows.extend(rows.into_iter().map(|((_, id), _)| id));
        Ok(())
    }

    fn put_head(&mut self, source: usize) {
        if let Some(id) = self.sources[source].rows.front() {
            let rank = match self.direction {
                Direction::Descending => id.0,
                Direction::Ascending => !id.0,
            };
            self.heads.push(Head { rank, source });
        }
    }
}
