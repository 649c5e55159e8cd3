//! Groups in whose threads statuses stand (FEP-1b12): what people here add to such a thread goes to its group, too.

use super::thread::walk_up;
use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::{self, Account, ActorKind},
    backfill,
    cause::{self, Came, Cause},
    domain_block,
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

/// Whether nothing is known yet of the group that the first status of a thread says it is for.
///
/// # Errors
/// Storage errors.
pub(super) fn is_unmet(read: &dyn Read, group: Option<&str>) -> Result<bool> {
    Ok(match group {
        Some(uri) => account::find_by_uri(read, uri)?.is_none(),
        None => false,
    })
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
    match announced(read, first)? {
        Announced::By(group) => return Ok(Some(*group)),
        // Whose followers here left them, or had to, loses the thread to nobody who claims it below.
        Announced::ByFormer => return Ok(None),
        Announced::ByNone => {}
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

/// The first group that a status mentions, among `limits::GROUP_SCANNED`.
fn mentioned(read: &dyn Read, status: &Status) -> Result<Option<Account>> {
    for id in status.mentions.iter().take(limits::GROUP_SCANNED) {
        if let Some(group) = account::find(read, *id)?.filter(is_group) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// Which group announced a status of another server.
enum Announced {
    ByNone,
    /// One that somebody here follows.
    By(Box<Account>),
    /// Only such as nobody here follows any more.
    ByFormer,
}

/// Looks at the first who announced a status. One of this server any group may announce, and say that it did so before all
/// others: its author has chosen none by that. Nor does what stands on the profile of a group that nobody here followed.
fn announced(read: &dyn Read, status: &Status) -> Result<Announced> {
    let mut announced = Announced::ByNone;
    if status.local {
        return Ok(announced);
    }
    for ((_, reblog), by) in
        REBLOGS.list(read, &status.id, Bounds::NONE, Direction::Ascending, limits::GROUP_SCANNED)?
    {
        let Some(group) = account::find(read, by)?.filter(is_group) else { continue };
        if relationship::has_followers(read, group.id)? {
            return Ok(Announced::By(Box::new(group)));
        }
        if !matches!(cause::of(read, reblog)?, Some(Came { cause: Cause::ProfileOf { .. }, .. })) {
            announced = Announced::ByFormer;
        }
    }
    Ok(announced)
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
