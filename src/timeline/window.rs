//! A window on a list ordered by id, and the page it shows (client API, pagination).

use super::seen::Seen;
use crate::{error::Result, limits, visibility::Sight};
use std::{ops::ControlFlow, sync::Arc};
use storage::{
    Bounds, Direction, Read, StatusId,
    status::{self, Status},
};

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Exclusive bounds.
    pub bounds: Bounds,
    /// Downwards from the newest, or upwards from the lower bound (`min_id`).
    pub direction: Direction,
    /// How many to show.
    pub limit: usize,
}

impl Window {
    /// The newest `limit`.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Window { bounds: Bounds::NONE, direction: Direction::Descending, limit }
    }

    /// Whether `id` lies within the bounds.
    #[must_use]
    pub fn holds(&self, id: u64) -> bool {
        self.bounds.below.is_none_or(|below| id < below) && self.bounds.above.is_none_or(|above| id > above)
    }

    /// Turns what was found in the window's direction into the order of answers: newest first.
    pub fn newest_first<T>(&self, found: &mut [T]) {
        if self.direction == Direction::Ascending {
            found.reverse();
        }
    }
}

/// A page of a timeline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The statuses shown, newest first.
    pub statuses: Vec<Arc<Status>>,
    /// The newest and the oldest row *looked at*: the cursors of the neighbouring pages.
    pub examined: Option<(u64, u64)>,
}

/// Which of the statuses that the viewer may see stand on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Of one author, whom the viewer asked for: only shared statuses of people they avoid are left out.
    OfAuthor,
    /// Of everybody: nothing by people they avoid.
    OfMany,
    /// Of those they follow.
    Home,
}

/// A page being filled row by row, in the window's direction.
pub(super) struct Filling<'a> {
    read: &'a dyn Read,
    sight: &'a Sight<'a>,
    choice: Choice,
    window: Window,
    page: Page,
    examined: usize,
    /// What was found out before.
    seen: Option<&'a Seen>,
}

impl<'a> Filling<'a> {
    pub(super) fn new(read: &'a dyn Read, sight: &'a Sight<'a>, choice: Choice, window: Window) -> Self {
        Filling { read, sight, choice, window, page: Page::default(), examined: 0, seen: None }
    }

    /// The same with what was found out before at hand.
    pub(super) fn remembering(self, seen: &'a Seen) -> Self {
        Filling { seen: Some(seen), ..self }
    }

    /// Looks at the row `id`; `wanted` says whether its status belongs here. Breaks when the page is full or enough has
    /// been looked at.
    pub(super) fn look(
        &mut self,
        id: StatusId,
        wanted: impl FnOnce(&Status) -> Result<bool>,
    ) -> Result<ControlFlow<()>> {
        if self.is_full() {
            return Ok(ControlFlow::Break(()));
        }
        self.pass(id);
        let found = match self.seen {
            Some(seen) => seen.status(self.read, id)?,
            None => status::find(self.read, id)?.map(Arc::new),
        };
        if let Some(status) = found
            && wanted(&status)?
            && self.shows(&status)?
        {
            self.page.statuses.push(status);
        }
        Ok(self.flow())
    }

    fn shows(&self, status: &Status) -> Result<bool> {
        match self.choice {
            Choice::OfAuthor => Ok(self.sight.can_see(status)? && self.sight.lists_original(status)?),
            Choice::OfMany => self.sight.lists(status),
            Choice::Home => match self.seen {
                Some(seen) => seen.lists_at_home(self.read, self.sight, status),
                None => self.sight.lists_at_home(status),
            },
        }
    }

    /// Counts the row `id` as looked at without showing it.
    pub(super) fn skip(&mut self, id: StatusId) -> ControlFlow<()> {
        self.pass(id);
        self.flow()
    }

    /// Whether nothing more is looked at.
    pub(super) fn is_full(&self) -> bool {
        self.page.statuses.len() >= self.window.limit || self.examined >= limits::SCAN_MAX
    }

    fn pass(&mut self, id: StatusId) {
        self.examined += 1;
        let ends = self.page.examined.map_or((id.0, id.0), |(newest, oldest)| (newest.max(id.0), oldest.min(id.0)));
        self.page.examined = Some(ends);
    }

    fn flow(&self) -> ControlFlow<()> {
        if self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub(super) fn finish(mut self) -> Page {
        self.window.newest_first(&mut self.page.statuses);
        self.page
    }
}

/// Runs `scan` with a visitor that may fail as rules do: its error travels beside the scan, which knows only the
/// store's.
pub(super) fn scanning<K, R>(
    scan: impl FnOnce(&mut dyn FnMut(K, R) -> storage::Result<ControlFlow<()>>) -> storage::Result<()>,
    mut visit: impl FnMut(K, R) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut failure = None;
    scan(&mut |key, record| {
        Ok(visit(key, record).unwrap_or_else(|error| {
            failure = Some(error);
            ControlFlow::Break(())
        }))
    })?;
    failure.map_or(Ok(()), Err)
}
