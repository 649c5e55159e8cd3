//! Conversations of direct statuses, and threads that notify no more.

use super::tell;
use crate::{
    error::{Error, Result},
    limits, policy,
    timeline::Window,
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Tx,
    conversation::{self, CONVERSATION_OF, CONVERSATION_ORDER, CONVERSATIONS, Conversation, THREAD_MUTES},
    filtered::Treatment,
    notification::NotificationKind,
    retention::TOUCHED,
    status::{self, REPLIES, Status, Visibility},
};

/// A part of the list of conversations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversations {
    /// Conversations with their newest statuses, the newest first.
    pub rows: Vec<(RowId, Conversation, Status)>,
    /// The newest and the oldest row looked at, by newest status.
    pub examined: Option<(u64, u64)>,
}

/// The conversations of `owner` whose newest status they may see, and whose author they avoid in no way.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, conversations.
pub fn conversations(read: &dyn Read, owner: AccountId, window: Window) -> Result<Conversations> {
    let mut rows: Vec<(StatusId, RowId)> = Vec::new();
    CONVERSATION_ORDER.scan(read, &owner, window.bounds, window.direction, |(_, last), id| {
        rows.push((last, id));
        Ok(if rows.len() < window.limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    window.newest_first(&mut rows);
    let sight = Sight::new(read, Some(owner));
    let mut found = Conversations {
        examined: rows.first().zip(rows.last()).map(|(newest, oldest)| (newest.0.0, oldest.0.0)),
        rows: Vec::with_capacity(rows.len()),
    };
    for (last, id) in rows {
        let Some(status) = status::find(read, last)? else { continue };
        let Some(known) = CONVERSATIONS.get(read, &(owner, id))? else { continue };
        if sight.lists(&status)? {
            found.rows.push((id, known, status));
        }
    }
    Ok(found)
}

/// One conversation of `owner` with its newest status, if that may be seen.
///
/// # Errors
/// `NotFound` for somebody else's.
pub fn conversation(read: &dyn Read, owner: AccountId, id: RowId) -> Result<(Conversation, Option<Status>)> {
    let known = CONVERSATIONS.get(read, &(owner, id))?.ok_or(Error::NotFound)?;
    let last = match status::find(read, known.last)? {
        Some(last) if Sight::new(read, Some(owner)).can_see(&last)? => Some(last),
        _ => None,
    };
    Ok((known, last))
}

/// The conversation of `owner` that a direct status is in, if it is on their list.
///
/// # Errors
/// Storage errors.
pub fn conversation_of(read: &dyn Read, owner: AccountId, status: StatusId) -> Result<Option<RowId>> {
    let Some(id) = CONVERSATION_OF.get(read, &(owner, status))? else { return Ok(None) };
    Ok(CONVERSATIONS.contains(read, &(owner, id))?.then_some(id))
}

/// Says that a conversation is read.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, conversations#read.
pub fn read_conversation(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<()> {
    mark(tx, owner, id, |known| known.unread = false)
}

/// Says that a conversation is not read.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, conversations#unread.
pub fn unread_conversation(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<()> {
    mark(tx, owner, id, |known| known.unread = true)
}

/// Removes a conversation from the list; its statuses stay.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, conversations#delete.
pub fn remove_conversation(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<()> {
    if conversation::remove(tx, owner, id)? { Ok(()) } else { Err(Error::NotFound) }
}

fn mark(tx: &mut Tx<'_>, owner: AccountId, id: RowId, change: impl FnOnce(&mut Conversation)) -> Result<()> {
    let mut known = CONVERSATIONS.get(tx, &(owner, id))?.ok_or(Error::NotFound)?;
    change(&mut known);
    conversation::put(tx, owner, id, &known);
    Ok(())
}

/// Puts a new direct status into the conversations of its people here, at most `limits::CONVERSATION_PEOPLE`, as far as
/// `chosen` names them, but of those whose policy keeps it from them: it comes in once its author is accepted, or answered.
pub(super) fn enter(tx: &mut Tx<'_>, status: &Status, chosen: impl Fn(AccountId) -> bool) -> Result<()> {
    let mention = NotificationKind::Mention;
    for owner in people_here(tx, status)? {
        if owner == status.account {
            enter_answered(tx, owner, status)?;
        } else if !chosen(owner)
            || policy::treatment(tx, tx.now(), owner, mention, status.account, Some(status))? != Treatment::Accept
        {
            continue;
        }
        conversation::enter(tx, owner, status)?;
    }
    Ok(())
}

/// What `owner` answers directly is in one of their conversations, also if it was filtered.
fn enter_answered(tx: &mut Tx<'_>, owner: AccountId, answer: &Status) -> Result<()> {
    let Some(parent) = answer.reply.as_ref().and_then(|reply| reply.status) else { return Ok(()) };
    if CONVERSATION_OF.contains(tx, &(owner, parent))? {
        return Ok(());
    }
    match status::find(tx, parent)? {
        Some(parent) if parent.visibility == Visibility::Direct && parent.mentions.contains(&owner) => {
            Ok(conversation::enter(tx, owner, &parent)?)
        }
        _ => Ok(()),
    }
}

/// Takes a deleted one out of them.
pub(super) fn leave(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    for owner in people_here(tx, status)? {
        conversation::leave(tx, owner, status)?;
    }
    Ok(())
}

fn people_here(read: &dyn Read, status: &Status) -> Result<Vec<AccountId>> {
    let mut people = Vec::new();
    if status.visibility != Visibility::Direct || status.reblog_of.is_some() {
        return Ok(people);
    }
    for account in std::iter::once(status.account).chain(status.mentions.iter().copied()) {
        let room = people.len() < limits::CONVERSATION_PEOPLE;
        if room && !people.contains(&account) && tell::is_local(read, account)? {
            people.push(account);
        }
    }
    Ok(people)
}

/// What happens in the thread of a status notifies `account` no more.
///
/// # Errors
/// `NotFound` if `account` may not see it.
///
/// Source: client API, statuses#mute.
pub fn mute_thread(tx: &mut Tx<'_>, account: AccountId, id: StatusId) -> Result<Status> {
    let status = super::require_original(tx, account, id)?;
    let root = first_of_thread(tx, &status)?.id;
    THREAD_MUTES.put(tx, &(account, root), &());
    Ok(status)
}

/// Takes that back.
///
/// # Errors
/// `NotFound` if `account` may not see it.
///
/// Source: client API, statuses#unmute.
pub fn unmute_thread(tx: &mut Tx<'_>, account: AccountId, id: StatusId) -> Result<Status> {
    let status = super::require_original(tx, account, id)?;
    for above in walk_up(tx, &status, |_| true)? {
        THREAD_MUTES.delete(tx, &(account, above.id));
    }
    Ok(status)
}

/// Whoever here wrote `reply`, takes part below it, or is mentioned in it, and muted the thread that it leaves, has
/// muted its own too.
///
/// # Errors
/// Storage errors.
pub(super) fn keep_muted(tx: &mut Tx<'_>, reply: &Status) -> Result<()> {
    let most = limits::MUTES_KEPT_FOR;
    let holders = TOUCHED.list(tx, &reply.id, Bounds::NONE, Direction::Ascending, most)?;
    let named = reply.mentions.iter().copied().chain([reply.account]);
    for account in holders.into_iter().map(|((_, account), _)| account).chain(named) {
        if is_thread_muted(tx, account, reply)? {
            THREAD_MUTES.put(tx, &(account, reply.id), &());
        }
    }
    Ok(())
}

/// The same for the first replies of a status that goes.
///
/// # Errors
/// Storage errors.
pub(super) fn keep_muted_below(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    for ((_, reply), ()) in REPLIES.list(tx, &id, Bounds::NONE, Direction::Ascending, limits::MUTES_KEPT_FOR)? {
        if let Some(reply) = status::find(tx, reply)? {
            keep_muted(tx, &reply)?;
        }
    }
    Ok(())
}

/// Whether `account` muted any thread: nearly nobody did, and then no thread is walked.
///
/// # Errors
/// Storage errors.
pub fn mutes_any_thread(read: &dyn Read, account: AccountId) -> Result<bool> {
    Ok(!THREAD_MUTES.list(read, &account, Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}

/// Whether `account` muted the thread of a status. What stands above the muted root may have arrived later, so every
/// status on the way up is looked for.
///
/// # Errors
/// Storage errors.
pub fn is_thread_muted(read: &dyn Read, account: AccountId, status: &Status) -> Result<bool> {
    if !mutes_any_thread(read, account)? {
        return Ok(false);
    }
    for above in walk_up(read, status, |_| true)? {
        if THREAD_MUTES.contains(read, &(account, above.id))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first status of the thread of `status`, as far as it is known here and at most `limits::THREAD_ABOVE_MAX` above.
///
/// # Errors
/// Storage errors.
pub fn first_of_thread(read: &dyn Read, status: &Status) -> Result<Status> {
    Ok(walk_up(read, status, |_| true)?.pop().unwrap_or_else(|| status.clone()))
}

/// A status and what stands above it, the first of the thread last: as far as it is known here, each of them `belongs`,
/// and at most `limits::THREAD_ABOVE_MAX` above. Peers state parents: a circle ends before what was met.
pub(super) fn walk_up(read: &dyn Read, status: &Status, belongs: impl Fn(&Status) -> bool) -> Result<Vec<Status>> {
    let (mut thread, mut next): (Vec<Status>, _) = (Vec::new(), Some(status.clone()));
    while let Some(row) = next.take().filter(&belongs) {
        if thread.iter().any(|met| met.id == row.id) {
            break;
        }
        if thread.len() < limits::THREAD_ABOVE_MAX {
            let above = row.reply.as_ref().and_then(|reply| reply.status);
            next = above.map(|above| status::find(read, above)).transpose()?.flatten();
        }
        thread.push(row);
    }
    Ok(thread)
}
