//! Requests: of whom notifications were filtered, and what becomes of them.

use crate::{
    error::{Error, Result},
    limits,
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Event, NotificationId, Read, RowId, Tx,
    conversation::{self, CONVERSATION_OF},
    filtered::{self, FILTERED, POLICIES, Policy, REQUESTS, Request, Treatment},
    notification::{self, Notification, NotificationKind},
    status::{self, Status, Visibility},
};

/// A part of the list of requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// Requests, the newest first.
    pub rows: Vec<(RowId, Request)>,
    /// The newest and the oldest row looked at.
    pub examined: Option<(RowId, RowId)>,
}

/// Changes to a policy; `None` leaves a rule as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// By whom the account does not follow.
    pub not_following: Option<Treatment>,
    /// By who does not follow the account.
    pub not_followers: Option<Treatment>,
    /// By new accounts.
    pub new_accounts: Option<Treatment>,
    /// Direct statuses that answer nothing.
    pub private_mentions: Option<Treatment>,
    /// By silenced accounts.
    pub limited_accounts: Option<Treatment>,
    /// By programs.
    pub bots: Option<Treatment>,
}

/// Changes the policy of `owner`. What was filtered before stays so.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications#update-the-filtering-policy-for-notifications.
pub fn change_policy(tx: &mut Tx<'_>, owner: AccountId, change: Change) -> Result<()> {
    let known = filtered::policy(tx, owner)?;
    let policy = Policy {
        not_following: change.not_following.unwrap_or(known.not_following),
        not_followers: change.not_followers.unwrap_or(known.not_followers),
        new_accounts: change.new_accounts.unwrap_or(known.new_accounts),
        private_mentions: change.private_mentions.unwrap_or(known.private_mentions),
        limited_accounts: change.limited_accounts.unwrap_or(known.limited_accounts),
        bots: change.bots.unwrap_or(known.bots),
        merging: known.merging,
    };
    POLICIES.put(tx, &owner, &policy);
    Ok(())
}

/// Requests of `owner` within `bounds`, newest first; at most `limit` of `limits::ROWS_EXAMINED_MAX` rows looked at. Those
/// about accounts that are suspended, blocked or muted are passed over.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications#get-requests.
pub fn requests(
    read: &dyn Read,
    owner: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Requests> {
    let cleared = notification::cleared(read, owner)?;
    let sight = Sight::new(read, Some(owner));
    let (mut found, mut seen) = (Requests::default(), 0);
    // A rule's error travels beside the scan, which knows only the store's.
    let mut failure = None;
    REQUESTS.scan(read, &owner, bounds, direction, |(_, at), request| {
        seen += 1;
        found.examined = Some(found.examined.map_or((at, at), |(newest, oldest)| (newest.max(at), oldest.min(at))));
        match is_open(&sight, &request, cleared) {
            Ok(true) => found.rows.push((at, request)),
            Ok(false) => {}
            Err(error) => failure = Some(error),
        }
        let stop = failure.is_some() || found.rows.len() >= limit || seen == limits::ROWS_EXAMINED_MAX;
        Ok(if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    if direction == Direction::Ascending {
        found.rows.reverse();
    }
    Ok(found)
}

fn is_open(sight: &Sight<'_>, request: &Request, cleared: Option<NotificationId>) -> Result<bool> {
    Ok(Some(request.newest) > cleared && sight.notifies(request.from)?)
}

/// How many requests `owner` has and how many notifications wait in them, counting at most `limits::REQUESTS_COUNTED`
/// requests and as many notifications of each.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, NotificationPolicy#summary.
pub fn pending(read: &dyn Read, owner: AccountId) -> Result<(usize, usize)> {
    let found = requests(read, owner, Bounds::NONE, Direction::Descending, limits::REQUESTS_COUNTED)?;
    let notifications = found.rows.iter().map(|(_, request)| counted(request)).sum();
    Ok((found.rows.len(), notifications))
}

/// How many notifications wait in a request, at most `limits::REQUESTS_COUNTED`.
#[must_use]
pub fn counted(request: &Request) -> usize {
    usize::try_from(request.count).unwrap_or(usize::MAX).min(limits::REQUESTS_COUNTED)
}

/// One request of `owner`.
///
/// # Errors
/// `NotFound` if there is none with this number, or its account is not to be seen.
///
/// Source: client API, notifications#get-one-request.
pub fn request(read: &dyn Read, owner: AccountId, at: RowId) -> Result<Request> {
    let found = REQUESTS.get(read, &(owner, at))?.ok_or(Error::NotFound)?;
    let cleared = notification::cleared(read, owner)?;
    if is_open(&Sight::new(read, Some(owner)), &found, cleared)? { Ok(found) } else { Err(Error::NotFound) }
}

/// The newest status of a request, if `owner` may see it.
///
/// # Errors
/// Storage errors.
pub fn last_status(read: &dyn Read, owner: AccountId, request: &Request) -> Result<Option<Status>> {
    let Some(about) = FILTERED.get(read, &(owner, request.newest))?.and_then(|row| row.status) else {
        return Ok(None);
    };
    let Some(status) = status::find(read, about)? else { return Ok(None) };
    Ok(if Sight::new(read, Some(owner)).can_see(&status)? { Some(status) } else { None })
}

/// Lets the account of a request through from now on; a job brings its notifications into the list.
///
/// # Errors
/// `NotFound` as [`request`].
///
/// Source: client API, notifications#accept-request.
pub fn accept(tx: &mut Tx<'_>, owner: AccountId, at: RowId) -> Result<()> {
    let found = request(tx, owner, at)?;
    Ok(filtered::permit(tx, owner, found.from)?)
}

/// Removes a request; a job removes its notifications.
///
/// # Errors
/// `NotFound` as [`request`].
///
/// Source: client API, notifications#dismiss-request.
pub fn dismiss_request(tx: &mut Tx<'_>, owner: AccountId, at: RowId) -> Result<()> {
    let found = request(tx, owner, at)?;
    Ok(filtered::dismiss(tx, owner, found.from)?)
}

/// What is done to a request.
type Answer = fn(&mut Tx<'_>, AccountId, RowId) -> Result<()>;

/// Does so to each of `rows`, once; those that `owner` does not have are passed over.
///
/// # Errors
/// `Invalid` above `limits::REQUESTS_AT_ONCE`.
///
/// Source: client API, notifications#accept-multiple-requests, #dismiss-multiple-requests.
pub fn each(tx: &mut Tx<'_>, owner: AccountId, rows: &[RowId], answer: Answer) -> Result<()> {
    within("id", rows.len(), limits::REQUESTS_AT_ONCE)?;
    for at in rows {
        match answer(tx, owner, *at) {
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes the notifications `ids` of `owner`, filtered ones too; unknown ones are passed over.
///
/// # Errors
/// `Invalid` above `limits::NOTIFICATIONS_DESTROYED_AT_ONCE`.
///
/// Source: client API, notifications (`destroy_multiple`).
pub fn destroy(tx: &mut Tx<'_>, owner: AccountId, ids: &[NotificationId]) -> Result<()> {
    within("ids", ids.len(), limits::NOTIFICATIONS_DESTROYED_AT_ONCE)?;
    for id in ids {
        notification::dismiss(tx, owner, *id)?;
    }
    Ok(())
}

fn within(field: &'static str, given: usize, most: usize) -> Result<()> {
    if given > most {
        return Err(Error::invalid(field, format!("{given} ids given; at most {most}")));
    }
    Ok(())
}

/// Brings some of what was filtered of the accepted `from` into the list, private mentions also into conversations; says
/// whether there may be more. The last step of the last sender tells streams.
///
/// The job `MergeNotifications` calls it until nothing is left.
///
/// # Errors
/// Storage errors.
pub fn merge_step(tx: &mut Tx<'_>, owner: AccountId, from: AccountId, upto: NotificationId) -> Result<bool> {
    let most = limits::NOTIFICATIONS_MERGED_AT_ONCE;
    let ids = filtered::of_sender(tx, owner, from, upto, most)?;
    for id in &ids {
        if let Some(row) = filtered::release(tx, owner, *id)? {
            converse(tx, owner, &row)?;
        }
    }
    Ok(ids.len() == most)
}

/// The notifications of an accepted sender are all in the list of `owner`: if no other sender's are on their way, streams
/// tell of it.
///
/// # Errors
/// Storage errors.
pub fn merged(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    let known = filtered::policy(tx, owner)?;
    let merging = known.merging.saturating_sub(1);
    POLICIES.put(tx, &owner, &Policy { merging, ..known });
    if merging == 0 {
        tx.emit(Event::NotificationsMerged { account: owner });
    }
    Ok(())
}

/// Whether nothing is on its way into the list of `owner`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications#requests-merged.
pub fn is_merged(read: &dyn Read, owner: AccountId) -> Result<bool> {
    Ok(filtered::policy(read, owner)?.merging == 0)
}

/// A private mention that was filtered enters the conversations of `owner`, unless it is in one by an answer.
fn converse(tx: &mut Tx<'_>, owner: AccountId, row: &Notification) -> Result<()> {
    let about = row.status.filter(|_| row.kind == NotificationKind::Mention);
    let Some(status) = about.map(|id| status::find(tx, id)).transpose()?.flatten() else { return Ok(()) };
    if status.visibility != Visibility::Direct || CONVERSATION_OF.contains(tx, &(owner, status.id))? {
        return Ok(());
    }
    Ok(conversation::enter(tx, owner, &status)?)
}
