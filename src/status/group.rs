//! Groups in whose threads statuses stand (FEP-1b12): what people here add to such a thread goes to its group, too.

use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::{self, Account, ActorKind},
    backfill, domain_block,
    moderation::{self, Severity},
    relationship,
    status::{self, REBLOGS, Status},
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
/// It is the one that the first status of the thread says it is for (`audience`), mentions, or was announced by; else the
/// one that the uppermost status below it says it is for. The first status is the one that is known here, public and at
/// most `limits::THREAD_ABOVE_MAX` above.
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

fn found(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    let thread = upwards(read, status)?;
    let mut downwards = thread.iter().rev();
    let Some(first) = downwards.next() else { return Ok(None) };
    if let Some(group) = stated(read, first)? {
        return Ok(Some(group));
    }
    if let Some(group) = first_group(read, first.mentions.iter().copied())? {
        return Ok(Some(group));
    }
    let most = limits::GROUP_ANNOUNCERS_SCANNED;
    let announcers = REBLOGS.list(read, &first.id, Bounds::NONE, Direction::Ascending, most)?;
    if let Some(group) = first_group(read, announcers.into_iter().map(|(_, by)| by))? {
        return Ok(Some(group));
    }
    for below in downwards {
        if let Some(group) = stated(read, below)? {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// A status and what stands above it, as far as everybody may read it and it is known elsewhere; the first of the thread
/// last. Peers state parents: the bound ends a circle, too.
fn upwards(read: &dyn Read, status: &Status) -> Result<Vec<Status>> {
    let (mut thread, mut next) = (Vec::new(), Some(status.clone()));
    while let Some(row) = next.take().filter(|row| row.is_public() && !row.local_only && row.reblog_of.is_none()) {
        if thread.len() < limits::THREAD_ABOVE_MAX {
            let above = row.reply.as_ref().and_then(|reply| reply.status);
            next = above.map(|above| status::find(read, above)).transpose()?.flatten();
        }
        thread.push(row);
    }
    Ok(thread)
}

/// The group that a status of another server says it is for, if it is known here to be one.
fn stated(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    if status.local {
        return Ok(None);
    }
    let Some(uri) = backfill::stated(read, status.id)?.group else { return Ok(None) };
    Ok(account::find_by_uri(read, &uri)?.filter(is_group))
}

fn first_group(read: &dyn Read, accounts: impl IntoIterator<Item = AccountId>) -> Result<Option<Account>> {
    for id in accounts {
        if let Some(group) = account::find(read, id)?.filter(is_group) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

fn is_group(account: &Account) -> bool {
    account.kind == ActorKind::Group && !account.is_local()
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
