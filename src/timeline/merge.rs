//! The statuses of many authors, or with one of many tags, in order of id, read from their indexes a few rows at a time.

use crate::error::Result;
use std::collections::{BinaryHeap, VecDeque};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId,
    status::{STATUSES_OF_ACCOUNT, TAG_TIMELINE},
};

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

/// Which index a source reads.
enum Index {
    Author(AccountId),
    Tag(String),
}

struct Source {
    index: Index,
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
        Merge::of(read, authors.into_iter().map(Index::Author), bounds, direction)
    }

    /// Public statuses with one of `tags` within `bounds`; one with several comes several times in a row.
    pub(super) fn of_tags(read: &'a dyn Read, tags: &[String], bounds: Bounds, direction: Direction) -> Result<Self> {
        Merge::of(read, tags.iter().cloned().map(Index::Tag), bounds, direction)
    }

    fn of(
        read: &'a dyn Read,
        indexes: impl Iterator<Item = Index>,
        bounds: Bounds,
        direction: Direction,
    ) -> Result<Self> {
        let source = |index| Source { index, rows: VecDeque::new(), step: FIRST_ROWS };
        let sources: Vec<_> = indexes.map(source).collect();
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
        let (read, direction, step) = (self.read, self.direction, source.step);
        let rows: Vec<StatusId> = match &source.index {
            Index::Author(author) => {
                let rows = STATUSES_OF_ACCOUNT.list(read, author, bounds, direction, step)?;
                rows.into_iter().map(|((_, id), _)| id).collect()
            }
            Index::Tag(name) => {
                let rows = TAG_TIMELINE.list(read, name, bounds, direction, step)?;
                rows.into_iter().map(|((_, id), _)| id).collect()
            }
        };
        source.step = if rows.len() < step { 0 } else { (step * 4).min(MOST_ROWS) };
        source.rows.extend(rows);
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
