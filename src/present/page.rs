//! Pages of statuses: what looks the same to everybody who is signed in is drawn and written once and kept, until a row
//! that it was drawn from changes; what only this viewer sees so is drawn anew, its rows read many at once.

use super::{Context, filter::hides, relationship::Known};
use crate::{
    error::{Error, Result},
    limits, status as rules,
};
use std::{collections::HashSet, sync::Arc};
use storage::{
    AccountId, Ahead, Bounds, Direction, Kept as Rows, Read, StatusId, Table, card,
    filter::FilterContext,
    interaction, quote,
    record::Record as Stored,
    status::{self, BOOKMARKS, FAVOURITES, REBLOG_BY, STATUSES, Status as Record},
};
use web::entity::{SharedAccount, ShownStatus, StatusMarks, WrittenStatus};

/// What was drawn before; cheap to clone, all clones are the same.
#[derive(Clone)]
pub struct Kept(Arc<Drawn>);

pub(super) struct Drawn {
    /// `None`: it has to be drawn for each viewer.
    statuses: Rows<StatusId, Option<Fixed>>,
    /// By account, and whether somebody is signed in.
    pub(super) accounts: Rows<(AccountId, bool), Arc<SharedAccount>>,
    /// (viewer, the other) → how they stand to each other; `None`: nobody is there.
    pub(super) relations: Rows<(AccountId, AccountId), Option<Known>>,
}

impl Default for Kept {
    fn default() -> Self {
        let status = |fixed: &Option<Fixed>| fixed.as_ref().map_or(0, |fixed| fixed.written.len());
        // As an entity and, once it was shown, as JSON.
        let account = |account: &Arc<SharedAccount>| size_of::<SharedAccount>() + 2 * (1_000 + account.note.len());
        Kept(Arc::new(Drawn {
            statuses: Rows::new(limits::DRAWN_KEPT_BYTES, status),
            accounts: Rows::new(limits::PEOPLE_KEPT_BYTES, account),
            relations: Rows::new(limits::RELATIONS_KEPT_BYTES, |known| {
                size_of::<Known>() + known.as_ref().map_or(0, |known| known.relationship.note.len())
            }),
        }))
    }
}

impl Kept {
    pub(super) fn drawn(&self) -> &Drawn {
        &self.0
    }
}

/// What of a status is the same for everybody who is signed in, but for who wrote it.
#[derive(Clone)]
struct Fixed {
    author: AccountId,
    shares: Option<StatusId>,
    written: Arc<WrittenStatus>,
}

/// Somebody who is signed in and has nothing to do with anybody; no account has this number.
const ANYBODY: AccountId = AccountId(0);

/// What the viewer did with the statuses of a page, between the oldest and the newest of them. `None`: too much to read at
/// once.
#[derive(Default)]
pub(super) struct Marked {
    span: Option<(StatusId, StatusId)>,
    favourites: Option<HashSet<StatusId>>,
    reblogs: Option<HashSet<StatusId>>,
    bookmarks: Option<HashSet<StatusId>>,
}

impl Marked {
    fn of(read: &dyn Read, viewer: AccountId, span: (StatusId, StatusId)) -> Result<Self> {
        Ok(Marked {
            span: Some(span),
            favourites: between(read, &FAVOURITES, viewer, span)?,
            reblogs: between(read, &REBLOG_BY, viewer, span)?,
            bookmarks: between(read, &BOOKMARKS, viewer, span)?,
        })
    }

    fn covers(&self, id: StatusId) -> bool {
        self.span.is_some_and(|(oldest, newest)| oldest <= id && id <= newest)
    }
}

/// The statuses of a span that the viewer has a row about.
fn between<R: Stored>(
    read: &dyn Read,
    table: &Table<(AccountId, StatusId), R>,
    viewer: AccountId,
    (oldest, newest): (StatusId, StatusId),
) -> Result<Option<HashSet<StatusId>>> {
    let bounds = Bounds { above: oldest.0.checked_sub(1), below: newest.0.checked_add(1) };
    let rows = table.list(read, &viewer, bounds, Direction::Descending, limits::MARKS_READ_MAX)?;
    let whole = rows.len() < limits::MARKS_READ_MAX;
    Ok(whole.then(|| rows.into_iter().map(|((_, id), _)| id).collect()))
}

impl Context<'_> {
    /// The statuses of a page that stands in `place`, in order; what a filter hides there is left out. At home nothing says
    /// that one is here because of a relay.
    ///
    /// # Errors
    /// As `status`.
    pub fn shown(&self, place: FilterContext, records: &[Arc<Record>]) -> Result<Vec<ShownStatus>> {
        let mut page = self.written_or_drawn(records)?;
        page.retain(|shown| match shown {
            ShownStatus::Drawn(status) => !hides(place, status.filtered.as_deref().unwrap_or_default()),
            ShownStatus::Written { marks, .. } => !hides(place, &marks.filtered),
        });
        if place == FilterContext::Home {
            page = page.into_iter().map(ShownStatus::at_home).collect();
        }
        Ok(page)
    }

    /// The same of statuses that were asked for by their ids, whatever filters say.
    ///
    /// # Errors
    /// As `status`.
    pub fn written_or_drawn(&self, records: &[Arc<Record>]) -> Result<Vec<ShownStatus>> {
        self.look_at_marks(records.iter().map(|record| record.reblog_of.unwrap_or(record.id)))?;
        let known = records.iter().map(|record| self.written(record)).collect::<Result<Vec<_>>>()?;
        let anew: Vec<&Record> =
            records.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(record, _)| &**record).collect();
        let mut drawn = self.reading_ahead(&anew, |context| {
            anew.iter().map(|record| context.status(record)).collect::<Result<Vec<_>>>()
        })?;
        let mut drawn = drawn.drain(..);
        let complete = |known: Option<ShownStatus>| match known {
            Some(known) => Ok(known),
            None => Ok(ShownStatus::Drawn(Box::new(drawn.next().ok_or(Error::NotFound)?))),
        };
        known.into_iter().map(complete).collect()
    }

    /// Draws with the rows of `records` read many at once.
    pub(super) fn reading_ahead<T>(
        &self,
        records: &[&Record],
        draw: impl FnOnce(&Context<'_>) -> Result<T>,
    ) -> Result<T> {
        if records.len() < 2 {
            return draw(self);
        }
        let ahead = Ahead::new(self.read);
        let ids: Vec<StatusId> = records.iter().map(|record| record.id).collect();
        ahead.statuses(self.viewer, &ids)?;
        let links = records.iter().filter_map(|record| crate::link::of(self.origin, record, None));
        ahead.fetch(&card::CARDS, links.map(|link| storage::Digest::of(&link)))?;
        draw(&self.over(&ahead))
    }

    /// Reads at once what the viewer did with these statuses.
    pub(super) fn look_at_marks(&self, ids: impl Iterator<Item = StatusId> + Clone) -> Result<()> {
        let (Some(viewer), Some(oldest), Some(newest)) = (self.viewer, ids.clone().min(), ids.max()) else {
            return Ok(());
        };
        if oldest < newest {
            *self.marked.borrow_mut() = Arc::new(Marked::of(self.read, viewer, (oldest, newest))?);
        }
        Ok(())
    }

    pub(super) fn has_favourited(&self, viewer: AccountId, id: StatusId) -> Result<bool> {
        self.has(&FAVOURITES, |marked| marked.favourites.as_ref(), viewer, id)
    }

    pub(super) fn has_reblogged(&self, viewer: AccountId, id: StatusId) -> Result<bool> {
        self.has(&REBLOG_BY, |marked| marked.reblogs.as_ref(), viewer, id)
    }

    pub(super) fn has_bookmarked(&self, viewer: AccountId, id: StatusId) -> Result<bool> {
        self.has(&BOOKMARKS, |marked| marked.bookmarks.as_ref(), viewer, id)
    }

    fn has<R: Stored>(
        &self,
        table: &Table<(AccountId, StatusId), R>,
        of: impl FnOnce(&Marked) -> Option<&HashSet<StatusId>>,
        viewer: AccountId,
        id: StatusId,
    ) -> Result<bool> {
        let marked = self.marked.borrow();
        match of(&marked).filter(|_| marked.covers(id)) {
            Some(known) => Ok(known.contains(&id)),
            None => Ok(table.contains(self.read, &(viewer, id))?),
        }
    }

    /// A status that was written before, or is worth it; `None` if it looks like this to this viewer alone.
    fn written(&self, record: &Record) -> Result<Option<ShownStatus>> {
        let (Some(kept), Some(viewer)) = (self.kept, self.viewer) else { return Ok(None) };
        if self.read.horizon().is_none() {
            return Ok(None);
        }
        let others = |fixed: &Fixed| fixed.author != viewer;
        let Some(status) = self.fixed(kept, record.id)?.filter(others) else { return Ok(None) };
        let shared = match status.shares {
            Some(shared) => {
                match self.fixed(kept, shared)?.filter(|shared| others(shared) && shared.shares.is_none()) {
                    Some(shared) => Some(shared.written),
                    None => return Ok(None),
                }
            }
            None => None,
        };
        let shown = status.shares.unwrap_or(record.id);
        let marks = self.marks_of_another(viewer, shown, record)?;
        Ok(Some(ShownStatus::Written { status: status.written, shared, marks }))
    }

    fn marks_of_another(&self, viewer: AccountId, shown: StatusId, record: &Record) -> Result<StatusMarks> {
        let shared = match record.id == shown {
            true => None,
            // Only whoever has filters or muted a thread needs to look at what is shared.
            false if self.has_filters(viewer)? || self.mutes_threads(viewer)? => status::find(self.read, shown)?,
            false => None,
        };
        let about = shared.as_ref().unwrap_or(record);
        Ok(StatusMarks {
            favourited: self.has_favourited(viewer, shown)?,
            reblogged: self.has_reblogged(viewer, shown)?,
            muted: self.mutes_threads(viewer)? && rules::is_thread_muted(self.read, viewer, about)?,
            bookmarked: self.has_bookmarked(viewer, shown)?,
            filtered: self.filtered(about)?.unwrap_or_default(),
        })
    }

    fn fixed(&self, kept: &Kept, id: StatusId) -> Result<Option<Fixed>> {
        kept.drawn().statuses.look(self.read, &id, |read| {
            let Some(record) = STATUSES.get(read, &id)? else { return Ok(None) };
            Context { viewer: Some(ANYBODY), ..self.over(read) }.fix(&record)
        })
    }

    /// Draws what everybody sees alike; `None` if there is something that not everybody does.
    fn fix(&self, record: &Record) -> Result<Option<Fixed>> {
        let original = record.reblog_of.map(|id| status::find(self.read, id)).transpose()?.flatten();
        if record.reblog_of.is_some() != original.is_some() {
            return Ok(None);
        }
        if !self.looks_the_same(original.as_ref().unwrap_or(record))? {
            return Ok(None);
        }
        let written = self.unmarked(record, original.as_ref())?;
        let written = WrittenStatus::new(&written).map_err(|error| Error::Bug(format!("a status: {error}")))?;
        Ok(Some(Fixed { author: record.account, shares: record.reblog_of, written: Arc::new(written) }))
    }

    /// Whether everybody who is signed in sees a status, which is no reblog, as everybody else, but for its author and for
    /// what they did with it.
    pub(super) fn looks_the_same(&self, record: &Record) -> Result<bool> {
        Ok(record.poll.is_none()
            // Whether one of them is the viewer's.
            && status::stats(self.read, record.id)?.reactions == 0
            // Whether the quoted is seen, and who may quote, depends on the viewer.
            && !quote::QUOTES.contains(self.read, &record.id)?
            && rules::is_same_for_all(self.read, record)?
            // And who may do what else.
            && interaction::policy(self.read, record.id)?.is_none())
    }
}

#[cfg(test)]
mod tests;
