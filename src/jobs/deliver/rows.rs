//! Which of the rows that a peer is owed come into memory, and when.
//!
//! They are read in the order of activities, in one pass for each priority: what is addressed to people goes first, however
//! many rows there are. What is about one object keeps its order: a row behind one that waits for a later pass, or for its
//! time, waits with it (`Lane::skipped`), but not what is of the same activity for another inbox. A peer that fails is asked
//! with the oldest row that has not stepped aside, whatever its priority: whoever is tried too often is given up, and what
//! people wrote to each other shall not be spent on that. If all have, it is the one that waits longest. What may not be said
//! any more is not what it is asked with: where one such row is found, all of the look are dropped without a try.

use super::Document;
use crate::{error::Result, limits};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};
use storage::{
    ActivityId, Digest, Timestamp,
    delivery::{Owed, Pending, Priority},
    peer::{Inbox, InboxId},
    undelivered::Reason,
};

/// Behind which row of a peer reading goes on; none: from the first.
pub(super) type Cursor = Option<(ActivityId, InboxId)>;

/// A look at the rows of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Behind which row it begins.
    pub(super) after: Cursor,
    /// What it is for.
    pub(super) wanted: Wanted,
}

/// What a look is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A row that is due: the peer fails, and is asked whether it still does.
    Probe,
    /// Rows of this priority, and those before it that had to wait for one of them. Where all rows fit into memory they are
    /// all taken: it sorts them.
    UpTo(Priority),
}

/// What a look makes of a row. `T` is what is taken.
#[derive(Debug, Clone)]
pub(super) enum Found<T> {
    /// Its turn has come.
    Taken(T),
    /// It may not be sent any more, and why not.
    Dropped(T, Reason),
    /// It is not due before this time.
    NotDue {
        /// Its activity.
        activity: ActivityId,
        /// What that is about.
        object: Digest,
        /// When it is due.
        until: Timestamp,
    },
    /// Its pass comes later.
    Later {
        /// Its activity.
        activity: ActivityId,
        /// What that is about.
        object: Digest,
        /// Which.
        priority: Priority,
    },
}

/// What a look has found.
#[derive(Debug, Clone)]
pub(super) struct Page<T> {
    /// The rows, in order.
    pub(super) found: Vec<Found<T>>,
    /// Behind which row the next look begins; none: these were the last.
    pub(super) next: Cursor,
}

/// A row owed to a peer, with what is needed to send it.
#[derive(Debug, Clone)]
pub(super) struct OwedRow {
    /// The activity.
    pub(super) document: Arc<Document>,
    /// The inbox's number.
    pub(super) inbox: InboxId,
    /// The inbox.
    pub(super) row: Inbox,
    /// The row.
    pub(super) owed: Owed,
}

impl Look {
    /// Looks at rows until a window of them is taken, `limits::DELIVERY_LOOK_ROWS` were looked at, or there are no
    /// more. `read` gives the next ones behind a place, at most so many; `why_not` says why one may not be sent any
    /// more, which is asked only for a probe: of others it is found out when they are sent.
    ///
    /// # Errors
    /// Those of `read` and `why_not`.
    pub(super) fn sort(
        self,
        now: Timestamp,
        mut read: impl FnMut(Cursor, usize) -> Result<Vec<Pending>>,
        why_not: impl FnMut(&Pending) -> Result<Option<Reason>>,
    ) -> Result<Page<Pending>> {
        let step = limits::DELIVERY_WINDOW + 1;
        let mut rows = read(self.after, step)?;
        let all_fit = self.after.is_none() && rows.len() < step;
        let (room, last_priority) = match self.wanted {
            Wanted::Probe => return probe(self.after, now, read, why_not),
            Wanted::UpTo(_) if all_fit => (limits::DELIVERY_WINDOW, None),
            Wanted::UpTo(priority) => (limits::DELIVERY_WINDOW, Some(priority)),
        };
        let (mut page, mut taken) = (Page { found: Vec::new(), next: None }, 0);
        loop {
            let were_last = rows.len() < step;
            for row in rows {
                if taken == room || page.found.len() >= limits::DELIVERY_LOOK_ROWS {
                    return Ok(page);
                }
                page.next = Some((row.activity, row.inbox));
                page.found.push(if row.owed.not_before > now {
                    not_due(&row)
                } else if last_priority.is_some_and(|last| row.priority > last) {
                    Found::Later { activity: row.activity, object: row.object, priority: row.priority }
                } else {
                    taken += 1;
                    Found::Taken(row)
                });
            }
            if were_last {
                page.next = None;
                return Ok(page);
            }
            rows = read(page.next, step)?;
        }
    }
}

/// What a failing peer is asked with, of the next `limits::DELIVERY_LOOK_ROWS` rows. If that may not be sent, all that may not
/// are dropped, and it is another one. If none is due, they are all told.
fn probe(
    after: Cursor,
    now: Timestamp,
    mut read: impl FnMut(Cursor, usize) -> Result<Vec<Pending>>,
    mut why_not: impl FnMut(&Pending) -> Result<Option<Reason>>,
) -> Result<Page<Pending>> {
    let mut rows = read(after, limits::DELIVERY_LOOK_ROWS)?;
    let next = rows.last().filter(|_| rows.len() == limits::DELIVERY_LOOK_ROWS).map(|row| (row.activity, row.inbox));
    let (mut best, mut found) = (leader(&rows, now), Vec::new());
    if let Some(silent) = best
        && why_not(&silent)?.is_some()
    {
        let mut left = Vec::with_capacity(rows.len());
        for row in rows {
            match why_not(&row)? {
                None => left.push(row),
                Some(reason) => found.push(Found::Dropped(row, reason)),
            }
        }
        best = leader(&left, now);
        rows = left;
    }
    match best {
        Some(best) => found.push(Found::Taken(best)),
        None => found.extend(rows.iter().filter(|row| row.owed.not_before > now).map(not_due)),
    }
    Ok(Page { found, next })
}

/// Of rows that are due the oldest that never stepped aside, else the one that waits longest; none before another activity
/// about the same.
fn leader(rows: &[Pending], now: Timestamp) -> Option<Pending> {
    let mut first_about: HashMap<Digest, ActivityId> = HashMap::new();
    let mut best: Option<&Pending> = None;
    for row in rows {
        let leads = match first_about.entry(row.object) {
            Entry::Occupied(first) => *first.get() == row.activity,
            Entry::Vacant(free) => *free.insert(row.activity) == row.activity,
        };
        let is_due = row.owed.not_before <= now;
        if leads && is_due && best.is_none_or(|best| row.owed.not_before < best.owed.not_before) {
            best = Some(row);
        }
    }
    best.copied()
}

fn not_due<T>(row: &Pending) -> Found<T> {
    Found::NotDue { activity: row.activity, object: row.object, until: row.owed.not_before }
}

impl<T> Page<T> {
    /// The same with what is needed of each row that is taken.
    ///
    /// # Errors
    /// Those of `load`.
    pub(super) fn load<U>(self, mut load: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        let found = self.found.into_iter().map(|found| -> Result<Found<U>> {
            Ok(match found {
                Found::Taken(row) => Found::Taken(load(row)?),
                Found::Dropped(row, reason) => Found::Dropped(load(row)?, reason),
                Found::NotDue { activity, object, until } => Found::NotDue { activity, object, until },
                Found::Later { activity, object, priority } => Found::Later { activity, object, priority },
            })
        });
        Ok(Page { found: found.collect::<Result<_>>()?, next: self.next })
    }
}
