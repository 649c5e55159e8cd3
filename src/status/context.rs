//! The thread around a status.

use super::thread::walk_up;
use crate::{error::Result, limits, visibility::Sight};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId,
    status::{self, REPLIES, Status},
};

/// What stands before and behind a status.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// What it answers, the root first; at most `limits::THREAD_ABOVE_MAX`.
    pub ancestors: Vec<Status>,
    /// What answers it, each reply right before its own replies; at most `limits::THREAD_BELOW_MAX` looked at.
    pub descendants: Vec<Status>,
}

/// The thread of `id` as `viewer` may see it. What is hidden is left out; what stands behind it is not.
///
/// # Errors
/// `NotFound` if `viewer` may not see the status itself.
///
/// Source: client API, statuses#context.
pub fn context(read: &dyn Read, viewer: Option<AccountId>, id: StatusId) -> Result<Context> {
    let status = super::require(read, viewer, id)?;
    let status = match status.reblog_of {
        Some(original) => super::require(read, viewer, original)?,
        None => status,
    };
    let sight = Sight::new(read, viewer);
    Ok(Context { ancestors: ancestors(read, &sight, &status)?, descendants: descendants(read, &sight, status.id)? })
}

/// A part of a thread.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// What stands before the status, in the first part alone, and the replies of this part.
    pub context: Context,
    /// From a direct reply down to the reply behind which the part goes on; empty in the first one.
    pub trail: Vec<StatusId>,
    /// The reply behind which the next part goes on; `None` if this is the last.
    pub more: Option<StatusId>,
}

/// The thread of `id` as `viewer` may see it, at most `limit` replies behind the reply `after`, each right before its own
/// replies; from the beginning without it. An `after` that is no reply of `id`, or lies deeper than
/// `limits::THREAD_BELOW_MAX`, is the beginning.
///
/// # Errors
/// `NotFound` if `viewer` may not see the status itself.
pub fn context_part(
    read: &dyn Read,
    viewer: Option<AccountId>,
    id: StatusId,
    after: Option<StatusId>,
    limit: usize,
) -> Result<Part> {
    let status = super::require(read, viewer, id)?;
    let sight = Sight::new(read, viewer);
    let trail = after.map(|after| trail(read, status.id, after)).transpose()?.unwrap_or_default();
    let mut part = Part { trail, ..Part::default() };
    if part.trail.is_empty() {
        part.context.ancestors = ancestors(read, &sight, &status)?;
    }
    let mut open = open_behind(read, status.id, &part.trail)?;
    let (found, last) = below(read, &sight, status.id, &mut open, limit)?;
    part.more = last.filter(|_| !open.is_empty());
    part.context.descendants = found;
    Ok(part)
}

/// From a direct reply to `root` down to `reply`; empty if that is none.
fn trail(read: &dyn Read, root: StatusId, reply: StatusId) -> Result<Vec<StatusId>> {
    let (mut trail, mut next) = (Vec::new(), reply);
    for _ in 0..limits::THREAD_BELOW_MAX {
        let Some(status) = status::find(read, next)? else { break };
        trail.push(next);
        match parent(&status) {
            Some(id) if id == root => {
                trail.reverse();
                return Ok(trail);
            }
            Some(id) => next = id,
            None => break,
        }
    }
    Ok(Vec::new())
}

/// What is still to be shown behind the end of a trail, the next on top.
fn open_behind(read: &dyn Read, root: StatusId, trail: &[StatusId]) -> Result<Vec<StatusId>> {
    let (mut open, mut above) = (Vec::new(), root);
    for id in trail {
        let younger = Bounds { above: Some(id.0), below: None };
        open.extend(children_within(read, above, younger, limits::THREAD_BELOW_MAX)?);
        above = *id;
    }
    open.extend(children(read, above, limits::THREAD_BELOW_MAX)?);
    Ok(open)
}

fn ancestors(read: &dyn Read, sight: &Sight<'_>, status: &Status) -> Result<Vec<Status>> {
    let mut found = Vec::new();
    for ancestor in walk_up(read, status, |_| true)?.into_iter().skip(1).rev() {
        if sight.lists(&ancestor)? {
            found.push(ancestor);
        }
    }
    Ok(found)
}

fn parent(status: &Status) -> Option<StatusId> {
    status.reply.as_ref().and_then(|reply| reply.status)
}

fn descendants(read: &dyn Read, sight: &Sight<'_>, root: StatusId) -> Result<Vec<Status>> {
    let mut open = children(read, root, limits::THREAD_BELOW_MAX)?;
    Ok(below(read, sight, root, &mut open, limits::THREAD_BELOW_MAX)?.0)
}

/// Takes at most `limit` statuses that may be seen from a stack of ids still to be shown, the next on top: a tree without
/// recursion; and which was looked at last. At most `limits::THREAD_BELOW_MAX` are looked at.
fn below(
    read: &dyn Read,
    sight: &Sight<'_>,
    root: StatusId,
    open: &mut Vec<StatusId>,
    limit: usize,
) -> Result<(Vec<Status>, Option<StatusId>)> {
    let (mut found, mut last) = (Vec::new(), None);
    for left in (0..limits::THREAD_BELOW_MAX).rev() {
        if found.len() == limit {
            break;
        }
        let Some(id) = open.pop() else { break };
        last = Some(id);
        // Each answers one: a circle leads back to the root, and to nothing else that was met.
        let Some(status) = status::find(read, id)?.filter(|status| status.id != root) else { continue };
        open.extend(children(read, id, left.max(1))?);
        if sight.lists(&status)? {
            found.push(status);
        }
    }
    Ok((found, last))
}

/// Replies to `id`, the oldest last, at most `limit` of the oldest.
fn children(read: &dyn Read, id: StatusId, limit: usize) -> Result<Vec<StatusId>> {
    children_within(read, id, Bounds::NONE, limit)
}

fn children_within(read: &dyn Read, id: StatusId, bounds: Bounds, limit: usize) -> Result<Vec<StatusId>> {
    let rows = REPLIES.list(read, &id, bounds, Direction::Ascending, limit)?;
    Ok(rows.into_iter().rev().map(|((_, reply), ())| reply).collect())
}
