//! Groups in whose threads statuses stand (FEP-1b12): what people here add to such a thread goes to its group, too.

use super::{accept::is_followed, thread::walk_up};
use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::{self, Account, ActorKind},
    backfill, domain_block,
    moderation::{self, Severity},
    relationship,
    status::{REBLOGS, Status},
};

/// The group that gets the answer `status` of somebody here although it may not name it; none for what answers nothing.
///
/// # Errors
/// Storage errors.
pub fn group_answered(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    if status.reply.is_none() {
        return Ok(None);
    }
    group_of(read, status.account, status)
}

/// The group in whose thread `status` stands and that may hear what `by` does about it; none for what not everybody may
/// read or stays here.
///
/// It is the one that the first status of the thread says it is for (`audience`), mentions, or, being of another server,
/// was announced by and that somebody here follows; if no group announced it, the one that the uppermost status below it
/// says it is for. The first status is the one that is known here, public and at most `limits::THREAD_ABOVE_MAX` above.
///
/// # Errors
/// Storage errors.
///
/// Source: FEP-1b12, "The audience property".
pub fn group_of(read: &dyn Read, by: AccountId, status: &Status) -> Result<Option<Account>> {
    let group = found(read, status)?;
    Ok(match group {
        Some(group) if may_hear(read, by, &group)? => Some(group),
        _ => None,
    })
}

/// Whether an account is a group of another server.
#[must_use]
pub fn is_group(account: &Account) -> bool {
    account.kind == ActorKind::Group && !account.is_local()
}

fn found(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    // It ends above at what not everybody may read, or nobody elsewhere knows of.
    let thread = walk_up(read, status, |row| row.is_public() && !row.local_only && row.reblog_of.is_none())?;
    let mut downwards = thread.iter().rev();
    let Some(first) = downwards.next() else { return Ok(None) };
    if let Some(group) = stated(read, first)? {
        return Ok(Some(group));
    }
    if let Some(group) = mentioned(read, first)? {
        return Ok(Some(group));
    }
    let announcers = announcers(read, first)?;
    if !announcers.is_empty() {
        // Whose followers here left them, or had to, loses the thread to nobody who claims it below.
        return first_followed(read, announcers);
    }
    for below in downwards {
        if let Some(group) = stated(read, below)? {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// The group that a status of another server says it is for, if it is known here to be one.
fn stated(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    if status.local {
        return Ok(None);
    }
    let Some(uri) = backfill::stated(read, status.id)?.group else { return Ok(None) };
    Ok(account::find_by_uri(read, &uri)?.filter(is_group))
}

/// The first group that a status mentions, among `limits::GROUP_ANNOUNCERS_SCANNED`.
fn mentioned(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    for id in status.mentions.iter().take(limits::GROUP_ANNOUNCERS_SCANNED) {
        if let Some(group) = account::find(read, *id)?.filter(is_group) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// The first groups that announced a status of another server. A status of this server any group may announce, and say
/// that it did so before all others: its author has chosen none by that.
fn announcers(read: &dyn Read, status: &Status) -> Result<Vec<Account>> {
    let mut groups = Vec::new();
    if status.local {
        return Ok(groups);
    }
    let most = limits::GROUP_ANNOUNCERS_SCANNED;
    for (_, by) in REBLOGS.list(read, &status.id, Bounds::NONE, Direction::Ascending, most)? {
        groups.extend(account::find(read, by)?.filter(is_group));
    }
    Ok(groups)
}

/// The first that somebody here follows.
fn first_followed(read: &dyn Read, groups: Vec<Account>) -> Result<Option<Account>> {
    for group in groups {
        if is_followed(read, group.id)? {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// Whether neither this server nor `by` shuts a group out, nor the group them.
fn may_hear(read: &dyn Read, by: AccountId, group: &Account) -> Result<bool> {
    if group.suspended_at.is_some()
        || moderation::block_of_account(read, group)?.is_some_and(|block| block.severity == Severity::Suspend)
        || relationship::blocks(read, by, group.id)?
        || relationship::blocks(read, group.id, by)?
    {
        return Ok(false);
    }
    match &group.domain {
        Some(domain) => Ok(!domain_block::blocks(read, by, domain)?),
        None => Ok(true),
    }
}
