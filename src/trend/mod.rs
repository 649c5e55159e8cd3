//! Lives here: what is much talked of: hashtags, links and statuses, counted by day from what this server saw.
//! May use: link, visibility, status' rows, the lowest rooms, `storage`.
//! Must never name: HTTP, ActivityPub, edges, the server, the clock of the system.
//! Invariants: all of it is in memory, bounded, and can be counted anew from the rows; one account makes no trend; what a
//! decision of moderators hides trends no more from its commit on.

mod count;
mod rank;

pub use count::DayUse;
pub use rank::{Link, links, statuses, tags};

use crate::clock::DAY_MS;
use crate::{error::Result, limits, link, origin::Origin};
use count::{Counted, Seen};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::{
    Bounds, Direction, Read, StatusId, Timestamp, account, interaction, moderation, quote,
    status::{self, PUBLIC_TIMELINE, REBLOGS, Status, Visibility},
    tag,
};

/// What was counted; cheap to clone, all clones are the same.
#[derive(Clone, Default)]
pub struct Trends(Arc<Mutex<Counted>>);

impl Trends {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        // Nothing in here panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the status `id`, once however often it is told; what is old, not for everybody, or by somebody silenced does
    /// not count.
    ///
    /// # Errors
    /// Storage errors.
    pub fn count(&self, read: &dyn Read, origin: &Origin, now: Timestamp, id: StatusId) -> Result<()> {
        match seen(read, origin, now, id)? {
            Some(seen) => self.counted().add(day_of(now), seen),
            None => self.counted().forget_before(day_of(now)),
        }
        Ok(())
    }

    /// Somebody marked the status `id`, or took that back.
    pub fn marked(&self, id: StatusId) {
        self.counted().mark(id);
    }

    /// The uses of a hashtag in the last `limits::TREND_DAYS`, today first.
    #[must_use]
    pub fn of_tag(&self, name: &str, now: Timestamp) -> Vec<DayUse> {
        let name = tag::normalise(name);
        self.counted().by_day(day_of(now), |day| day.tags.get(&name).into_iter().collect())
    }

    /// Counts anew a part of what was posted within the days that are kept: public statuses above `after`, with who shared
    /// them. Where the next part begins; `None` at the end.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recount(
        &self,
        read: &dyn Read,
        origin: &Origin,
        now: Timestamp,
        after: StatusId,
    ) -> Result<Option<StatusId>> {
        let bounds = Bounds { below: None, above: Some(after.0) };
        let rows = PUBLIC_TIMELINE.list(read, &(), bounds, Direction::Ascending, limits::TREND_STEP)?;
        for (id, _) in &rows {
            self.count(read, origin, now, *id)?;
            let stats = status::stats(read, *id)?;
            if stats.reblogs + stats.favourites > 0 {
                self.marked(*id);
            }
            if stats.reblogs > 0 {
                let reblogs =
                    REBLOGS.list(read, id, Bounds::NONE, Direction::Descending, limits::TREND_REBLOGS_COUNTED)?;
                for ((_, reblog), _) in reblogs {
                    self.count(read, origin, now, reblog)?;
                }
            }
        }
        Ok(rows.last().map(|(id, _)| *id).filter(|_| rows.len() == limits::TREND_STEP))
    }
}

/// Where counting anew begins: the first moment of the days that are kept.
#[must_use]
pub fn first_kept(now: Timestamp) -> StatusId {
    let first = i64::from(day_of(now)) - i64::from(limits::TREND_DAYS);
    StatusId(u64::try_from(first * DAY_MS).unwrap_or(0) << storage::id::SNOWFLAKE_LOW_BITS)
}

/// Days since 1970.
fn day_of(time: Timestamp) -> u32 {
    u32::try_from(time.0 / DAY_MS).unwrap_or(0)
}

/// What of a status counts.
///
/// Source: Mastodon, `Trends::Tags#register`, `Trends::Links#register`.
fn seen(read: &dyn Read, origin: &Origin, now: Timestamp, id: StatusId) -> Result<Option<Seen>> {
    let Some(status) = status::find(read, id)? else { return Ok(None) };
    let day = day_of(status.created_at);
    let is_kept = day <= day_of(now) && day + limits::TREND_DAYS >= day_of(now);
    if !is_kept || !counts(read, &status)? {
        return Ok(None);
    }
    let original = match status.reblog_of {
        Some(id) => status::find(read, id)?,
        None => Some(status.clone()),
    };
    let Some(original) = original.filter(|original| original.visibility == Visibility::Public) else { return Ok(None) };
    if original.id != status.id && !counts(read, &original)? {
        return Ok(None);
    }
    let mut tags: Vec<String> = match status.reblog_of {
        Some(_) => Vec::new(),
        None => status.tags.iter().map(|name| tag::normalise(name)).collect(),
    };
    tags.sort_unstable();
    tags.dedup();
    let link = if original.sensitive || !original.spoiler_text.is_empty() {
        None
    } else {
        let quoted = quote::find(read, original.id)?.map(|row| row.uri);
        link::of(origin, &original, quoted.as_deref())
    };
    Ok(Some(Seen { status: id, account: status.account, day, at: status.created_at, tags, link }))
}

/// Whether a status is for everybody, waits for nobody's word, and is by somebody whom strangers may meet.
fn counts(read: &dyn Read, status: &Status) -> Result<bool> {
    Ok(status.visibility == Visibility::Public
        && !status.local_only
        && !interaction::is_pending(read, status)?
        && may_trend(read, status.account)?)
}

/// Whether what an account does makes trends.
fn may_trend(read: &dyn Read, id: storage::AccountId) -> Result<bool> {
    let there = account::find(read, id)?.filter(|account| account.suspended_at.is_none());
    there.map_or(Ok(false), |account| Ok(!moderation::is_silenced(read, &account)?))
}

#[cfg(test)]
mod tests;
