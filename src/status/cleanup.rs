//! Automatic deletion: which of somebody's old statuses go, and how far that has come. Each goes by the rule of a deletion
//! by hand.

use super::delete::delete;
use crate::{
    clock::DAY_MS,
    error::{Error, Result},
    limits,
    media::Fate,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, JobId, Read, StatusId, Timestamp, Tx, account,
    cleanup::{CLEANUPS, Cleanup, CleanupPolicy},
    job::{self, JOBS, JobKind},
    status::{self, BOOKMARKS, FAVOURITES, PINS, STATUSES_OF_ACCOUNT, Shape, Status, Visibility},
};

/// Ages that may be chosen, days: a week to two years.
///
/// Source: Mastodon, `AccountStatusesCleanupPolicy::ALLOWED_MIN_STATUS_AGE`.
pub const AGES: [u16; 8] = [7, 14, 30, 60, 90, 180, 365, 730];

/// What the job is to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Statuses that go now, the oldest first, at most `limits::CLEANUP_AT_ONCE`.
    pub doomed: Vec<StatusId>,
    /// The last one that was looked at.
    pub behind: Option<StatusId>,
    /// There is nothing behind it that is old enough.
    pub ends: bool,
}

/// What somebody wants, with how far it has come; `None` before they said so.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, owner: AccountId) -> Result<Option<Cleanup>> {
    Ok(CLEANUPS.get(read, &owner)?)
}

/// Says what becomes of one's old statuses; a pass begins at once where something is to go.
///
/// # Errors
/// `Invalid` for an age that is none of `AGES`, and for a number of favourites or reblogs that is not from 1 to
/// `limits::CLEANUP_COUNT_MAX`.
pub fn set(tx: &mut Tx<'_>, owner: AccountId, policy: CleanupPolicy) -> Result<()> {
    if !AGES.contains(&policy.age_days) {
        return Err(Error::invalid("age_days", "age is none of those that can be chosen"));
    }
    for (field, count) in [("min_favourites", policy.min_favourites), ("min_reblogs", policy.min_reblogs)] {
        if count.is_some_and(|count| count == 0 || count > limits::CLEANUP_COUNT_MAX) {
            let why = format!("{field} is no number from 1 to {}", limits::CLEANUP_COUNT_MAX);
            return Err(Error::invalid(field, why));
        }
    }
    account::find(tx, owner)?.filter(account::Account::is_local).ok_or(Error::NotFound)?;
    let before = find(tx, owner)?;
    if let Some(job) = before.and_then(|before| before.job) {
        job::finish(tx, job)?;
    }
    let job = policy.enabled.then(|| job::enqueue(tx, JobKind::CleanUp { account: owner }));
    let removed = before.map_or(0, |before| before.removed);
    let now = tx.now();
    CLEANUPS.put(tx, &owner, &Cleanup { policy, changed_at: now, job, behind: None, passed_at: None, removed });
    Ok(())
}

/// Whether something is to go and no job waits for it, because it was given up.
fn sleeps(read: &dyn Read, known: &Cleanup) -> Result<bool> {
    let waits = known.job.map(|job| JOBS.contains(read, &job)).transpose()?;
    Ok(known.policy.enabled && waits != Some(true))
}

/// For whom something is to go and no job waits, at most `most` of those who said so.
///
/// # Errors
/// Storage errors.
pub fn sleeping(read: &dyn Read, most: usize) -> Result<Vec<AccountId>> {
    let rows = CLEANUPS.list(read, &(), Bounds::NONE, Direction::Ascending, most)?;
    let mut found = Vec::new();
    for (owner, known) in rows {
        if sleeps(read, &known)? {
            found.push(owner);
        }
    }
    Ok(found)
}

/// Goes on for whom it sleeps.
///
/// # Errors
/// Storage errors.
pub fn wake(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    if let Some(mut known) = find(tx, owner)?
        && sleeps(tx, &known)?
    {
        known.job = Some(job::enqueue(tx, JobKind::CleanUp { account: owner }));
        CLEANUPS.put(tx, &owner, &known);
    }
    Ok(())
}

/// How many statuses would go now by a policy, and whether there were more to look at than
/// `limits::CLEANUP_PREVIEW_ROWS`.
///
/// # Errors
/// Storage errors.
pub fn preview(read: &dyn Read, owner: AccountId, policy: &CleanupPolicy, now: Timestamp) -> Result<(u64, bool)> {
    let (rows, whole) = old(read, owner, policy, None, now, limits::CLEANUP_PREVIEW_ROWS)?;
    let mut count = 0;
    for (id, shape) in rows {
        count += u64::from(!stays_by_shape(policy, shape) && goes(read, policy, id)?.is_some());
    }
    Ok((count, !whole))
}

/// What the job `job` is to do next; `None` if it is not the one that does it, or nothing is to go. While somebody is
/// suspended nothing goes.
///
/// # Errors
/// Storage errors.
pub fn next(read: &dyn Read, owner: AccountId, job: JobId, now: Timestamp) -> Result<Option<Step>> {
    let Some(known) = find(read, owner)?.filter(|known| known.policy.enabled && known.job == Some(job)) else {
        return Ok(None);
    };
    let mut step = Step { doomed: Vec::new(), behind: known.behind, ends: true };
    if account::find(read, owner)?.is_none_or(|account| account.suspended_at.is_some()) {
        return Ok(Some(step));
    }
    let (rows, whole) = old(read, owner, &known.policy, known.behind, now, limits::CLEANUP_LOOKED_AT)?;
    step.ends = whole;
    for (id, shape) in rows {
        if !stays_by_shape(&known.policy, shape) && goes(read, &known.policy, id)?.is_some() {
            if step.doomed.len() == limits::CLEANUP_AT_ONCE {
                step.ends = false;
                break;
            }
            step.doomed.push(id);
        }
        step.behind = Some(id);
    }
    Ok(Some(step))
}

/// Deletes one status for the job `job`, if it still goes.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, job: JobId, id: StatusId) -> Result<()> {
    let Some(mut known) = find(tx, owner)?.filter(|known| known.policy.enabled && known.job == Some(job)) else {
        return Ok(());
    };
    if goes(tx, &known.policy, id)?.is_none_or(|found| found.account != owner) {
        return Ok(());
    }
    delete(tx, owner, id, Fate::Gone)?;
    known.removed += 1;
    CLEANUPS.put(tx, &owner, &known);
    Ok(())
}

/// Ends the step of the job `job`; another one takes the next, in a while, or begins the next pass.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, owner: AccountId, job: JobId, step: &Step) -> Result<()> {
    let Some(mut known) = find(tx, owner)?.filter(|known| known.policy.enabled && known.job == Some(job)) else {
        return Ok(());
    };
    let now = tx.now();
    let wait = if step.ends { limits::CLEANUP_PASS_MS } else { limits::CLEANUP_STEP_MS };
    known.behind = step.behind.filter(|_| !step.ends);
    known.passed_at = if step.ends { Some(now) } else { known.passed_at };
    known.job = Some(job::enqueue_at(tx, JobKind::CleanUp { account: owner }, now.plus_ms(wait)));
    CLEANUPS.put(tx, &owner, &known);
    Ok(())
}

/// Statuses of `owner` that are old enough, the oldest first, behind one, at most `most`; and whether these are all.
fn old(
    read: &dyn Read,
    owner: AccountId,
    policy: &CleanupPolicy,
    behind: Option<StatusId>,
    now: Timestamp,
    most: usize,
) -> Result<(Vec<(StatusId, Shape)>, bool)> {
    let latest = now.plus_ms(-i64::from(policy.age_days) * DAY_MS);
    let bounds = Bounds { above: behind.map(|id| id.0), ..Bounds::NONE };
    let (mut rows, mut whole) = (Vec::new(), true);
    STATUSES_OF_ACCOUNT.scan(read, &owner, bounds, Direction::Ascending, |(_, id), shape| {
        if id.time() > latest {
            return Ok(ControlFlow::Break(()));
        }
        if rows.len() == most {
            whole = false;
            return Ok(ControlFlow::Break(()));
        }
        rows.push((id, shape));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((rows, whole))
}

/// What stays by what the index says already.
fn stays_by_shape(policy: &CleanupPolicy, shape: Shape) -> bool {
    policy.keep_direct && shape.visibility == Visibility::Direct || policy.keep_media && shape.media
}

/// A status that is old enough, if it goes.
///
/// Source: Mastodon, `AccountStatusesCleanupPolicy#statuses_to_delete`.
fn goes(read: &dyn Read, policy: &CleanupPolicy, id: StatusId) -> Result<Option<Status>> {
    let Some(found) = status::find(read, id)? else { return Ok(None) };
    let key = (found.account, found.id);
    let stays = stays_by_shape(policy, status::shape(&found))
        || policy.keep_polls && found.poll.is_some()
        || policy.keep_pinned && PINS.contains(read, &key)?
        || policy.keep_favourited && FAVOURITES.contains(read, &key)?
        || policy.keep_bookmarked && BOOKMARKS.contains(read, &key)?;
    if stays {
        return Ok(None);
    }
    if policy.min_favourites.is_none() && policy.min_reblogs.is_none() {
        return Ok(Some(found));
    }
    let stats = status::stats(read, id)?;
    let reaches = |count: u64, least: Option<u32>| least.is_some_and(|least| count >= u64::from(least));
    let liked = reaches(stats.favourites, policy.min_favourites) || reaches(stats.reblogs, policy.min_reblogs);
    Ok((!liked).then_some(found))
}
