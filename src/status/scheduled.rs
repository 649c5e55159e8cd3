//! Posting later: what was asked for waits as a row until a job posts it (client API, scheduled_statuses).
//!
//! Posting and removing the row are one commit, so that it is posted once, whenever the process dies.

use super::{Composed, NewStatus, create, quote::Choice};
use crate::{
    account::is_language,
    clock::DAY_MS,
    error::{Error, Result},
    limits,
    media::{self, Wanted},
    poll::NewPoll,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Timestamp, Tx, account,
    activity::Day,
    interaction::default_of,
    job::{self, JobKind},
    retention,
    scheduled::{self, SCHEDULED_OF_ACCOUNT, Scheduled, ScheduledPoll},
    user,
};

/// What is said of a time that is past or too near, in Mastodon's words.
pub const TOO_NEAR: &str = "Scheduled at date must be in the future";

/// Remembers to post `new` at `at`. What could not be posted now is refused now.
///
/// # Errors
/// As posting; `Invalid` in Mastodon's words for a time that is too near, and above the bounds of how many may wait.
///
/// Source: client API, statuses#create (`scheduled_at`).
pub(super) fn schedule(tx: &mut Tx<'_>, new: &NewStatus, at: Timestamp) -> Result<(RowId, Scheduled)> {
    let looked = create::look(tx, new)?;
    check_time(tx, at)?;
    let waiting = scheduled::of_account(tx, new.author, Bounds::NONE, Direction::Ascending, limits::SCHEDULED_MAX)?;
    if waiting.len() >= limits::SCHEDULED_MAX {
        let why = format!("You have exceeded the limit of {} scheduled posts", limits::SCHEDULED_MAX);
        return Err(Error::invalid("base", why));
    }
    check_day(&waiting, None, at)?;
    let id: RowId = tx.next_id();
    let attachments = media::reserve(tx, new.author, &new.media)?;
    let policy = new.interaction_policy.map_or_else(|| default_of(tx, new.author, looked.visibility), Ok)?;
    super::compose::check(&new.composed, &new.spoiler_text, &attachments, policy)?;
    new.poll.as_ref().map(|poll| poll.make(at)).transpose()?;
    let row = Scheduled {
        account: new.author,
        scheduled_at: at,
        job: job::enqueue_at(tx, JobKind::PublishScheduled { scheduled: id }, at),
        text: new.composed.text.clone(),
        spoiler_text: new.spoiler_text.clone(),
        media: new.media.ids.clone(),
        sensitive: new.sensitive,
        language: new.language.clone().filter(|language| is_language(language)),
        visibility: looked.visibility,
        in_reply_to: new.in_reply_to,
        quoted: new.quoted,
        quote_policy: new.quote_policy.map(Choice::policy),
        poll: new.poll.as_ref().map(kept_poll),
        application: new.application,
        idempotency_key: new.idempotency_key.clone(),
        local_only: new.local_only,
        content_type: new.composed.content_type,
        interaction_policy: new.interaction_policy,
    };
    scheduled::put(tx, id, &row);
    // What it is about stays until then, as if it were written already.
    for about in [new.in_reply_to, new.quoted] {
        retention::take_part(tx, about, new.author)?;
    }
    create::remember_key(tx, new, id.0.into())?;
    Ok((id, row))
}

/// The scheduled statuses of `owner`, in the order of the scan.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, scheduled_statuses#index.
pub fn page(
    read: &dyn Read,
    owner: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Vec<(RowId, Scheduled)>> {
    let mut found = Vec::new();
    for (id, _) in scheduled::of_account(read, owner, bounds, direction, limit)? {
        found.extend(scheduled::find(read, id)?.map(|row| (id, row)));
    }
    Ok(found)
}

/// A scheduled status of `owner`.
///
/// # Errors
/// `NotFound` if there is none with this number.
pub fn require(read: &dyn Read, owner: AccountId, id: RowId) -> Result<Scheduled> {
    scheduled::find(read, id)?.filter(|row| row.account == owner).ok_or(Error::NotFound)
}

/// Posts a scheduled status at another time.
///
/// # Errors
/// `NotFound` if it is not `owner`'s own; `Invalid` as scheduling.
///
/// Source: client API, scheduled_statuses#update.
pub fn reschedule(tx: &mut Tx<'_>, owner: AccountId, id: RowId, at: Timestamp) -> Result<Scheduled> {
    let mut row = require(tx, owner, id)?;
    if at == row.scheduled_at {
        return Ok(row);
    }
    check_time(tx, at)?;
    let waiting = scheduled::of_account(tx, owner, Bounds::NONE, Direction::Ascending, limits::SCHEDULED_MAX)?;
    check_day(&waiting, Some(id), at)?;
    job::finish(tx, row.job)?;
    row.job = job::enqueue_at(tx, JobKind::PublishScheduled { scheduled: id }, at);
    row.scheduled_at = at;
    scheduled::put(tx, id, &row);
    Ok(row)
}

/// Takes a scheduled status back; its pictures may be used again.
///
/// # Errors
/// `NotFound` if it is not `owner`'s own.
///
/// Source: client API, scheduled_statuses#destroy.
pub fn cancel(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<()> {
    tx.accept_when_full();
    let row = require(tx, owner, id)?;
    remove(tx, id, &row)
}

/// The scheduled status `id`, if its time has come.
///
/// # Errors
/// Storage errors.
pub fn due(read: &dyn Read, id: RowId, now: Timestamp) -> Result<Option<Scheduled>> {
    Ok(scheduled::find(read, id)?.filter(|row| row.scheduled_at <= now))
}

/// Posts the scheduled status `id`, whose text is composed, if its time has come, and forgets that it was scheduled.
/// Pictures that are gone are left out.
///
/// # Errors
/// As posting: what it answers or quotes may be gone or hidden by now, its author suspended or kept from signing in.
pub fn publish(tx: &mut Tx<'_>, id: RowId, composed: &Composed) -> Result<()> {
    let Some(row) = due(tx, id, tx.now())? else { return Ok(()) };
    if user::find(tx, row.account)?.is_some_and(|user| user.disabled) {
        return Err(Error::Forbidden("Your login is currently disabled"));
    }
    remove(tx, id, &row)?;
    let mut ids = Vec::with_capacity(row.media.len());
    for media in row.media {
        if storage::media::find(tx, media)?.is_some() {
            ids.push(media);
        }
    }
    let new = NewStatus {
        author: row.account,
        composed: composed.clone(),
        spoiler_text: row.spoiler_text,
        media: Wanted { ids, words: Vec::new() },
        sensitive: row.sensitive,
        language: row.language,
        visibility: Some(row.visibility),
        in_reply_to: row.in_reply_to,
        poll: row.poll.as_ref().map(new_poll),
        quoted: row.quoted,
        quote_policy: row.quote_policy.and_then(Choice::of),
        interaction_policy: row.interaction_policy,
        application: row.application,
        idempotency_key: row.idempotency_key,
        scheduled_at: None,
        local_only: row.local_only,
    };
    create::post(tx, &new).map(drop)
}

/// Gives up a scheduled status that cannot be posted any more.
///
/// # Errors
/// Storage errors.
pub fn give_up(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    tx.accept_when_full();
    match scheduled::find(tx, id)? {
        Some(row) => remove(tx, id, &row),
        None => Ok(()),
    }
}

/// Removes some of the scheduled statuses of `account`; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    tx.accept_when_full();
    let step = limits::SCHEDULED_DROPPED_AT_ONCE;
    let rows = scheduled::of_account(tx, account, Bounds::NONE, Direction::Ascending, step)?;
    for (id, _) in &rows {
        give_up(tx, *id)?;
        SCHEDULED_OF_ACCOUNT.delete(tx, &(account, *id));
    }
    Ok(rows.len() == step)
}

/// The same for an account that is suspended; of one that no longer is, nothing is removed.
///
/// # Errors
/// Storage errors.
pub fn drop_step(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let suspended = account::find(tx, account)?.is_some_and(|account| account.suspended_at.is_some());
    if suspended { purge_step(tx, account) } else { Ok(false) }
}

fn remove(tx: &mut Tx<'_>, id: RowId, row: &Scheduled) -> Result<()> {
    scheduled::remove(tx, id, row);
    job::finish(tx, row.job)?;
    // Looked at once all of this is done: what is posted now holds it anew.
    for about in [row.in_reply_to, row.quoted] {
        retention::leave(tx, about, row.account)?;
    }
    media::let_go(tx, &row.media)
}

fn check_time(tx: &Tx<'_>, at: Timestamp) -> Result<()> {
    if at.ms_since(tx.now()) < limits::SCHEDULED_AHEAD_MS {
        return Err(Error::invalid("scheduled_at", TOO_NEAR));
    }
    if at.ms_since(tx.now()) > limits::SCHEDULED_AHEAD_MAX_MS {
        let why = format!("scheduled_at is more than {} days ahead", limits::SCHEDULED_AHEAD_MAX_MS / DAY_MS);
        return Err(Error::invalid("scheduled_at", why));
    }
    Ok(())
}

/// Refuses one more on a day that is full, `but` not counting.
fn check_day(waiting: &[(RowId, Timestamp)], but: Option<RowId>, at: Timestamp) -> Result<()> {
    let same = waiting.iter().filter(|(id, other)| Some(*id) != but && Day::of(*other) == Day::of(at)).count();
    if same >= limits::SCHEDULED_A_DAY_MAX {
        let most = limits::SCHEDULED_A_DAY_MAX;
        return Err(Error::invalid("base", format!("You have exceeded the limit of {most} scheduled posts for today")));
    }
    Ok(())
}

fn kept_poll(poll: &NewPoll) -> ScheduledPoll {
    ScheduledPoll {
        options: poll.options.clone(),
        multiple: poll.multiple,
        hide_totals: poll.hide_totals,
        lasts_ms: poll.lasts_ms,
    }
}

fn new_poll(poll: &ScheduledPoll) -> NewPoll {
    NewPoll {
        options: poll.options.clone(),
        multiple: poll.multiple,
        hide_totals: poll.hide_totals,
        lasts_ms: poll.lasts_ms,
    }
}
