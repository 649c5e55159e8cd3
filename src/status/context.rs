//! The thread around a status.

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

fn ancestors(read: &dyn Read, sight: &Sight<'_>, status: &Status) -> Result<Vec<Status>> {
    let mut found: Vec<Status> = Vec::new();
    let mut next = parent(status);
    // Parents are only ever older rows, but peers state them: the bound ends a circle too.
    for _ in 0..limits::THREAD_ABOVE_MAX {
        let Some(id) = next else { break };
        let Some(ancestor) = status::find(read, id)? else { break };
        next = parent(&ancestor);
        if sight.lists(&ancestor)? {
            found.push(ancestor);
        }
    }
    found.reverse();
    Ok(found)
}

fn parent(status: &Status) -> Option<StatusId> {
    status.reply.as_ref().and_then(|reply| reply.status)
}

fn descendants(read: &dyn Read, sight: &Sight<'_>, root: StatusId) -> Result<Vec<Status>> {
    let mut found = Vec::new();
    let mut left = limits::THREAD_BELOW_MAX;
    // A stack of ids still to be shown, the next on top: a tree without recursion.
    let mut open = children(read, root, left)?;
    while let Some(id) = open.pop() {
        if left == 0 {
            break;
        }
        left -= 1;
        let Some(status) = status::find(read, id)? else { continue };
        open.extend(children(read, id, left)?);
        if id != root && sight.lists(&status)? {
            found.push(status);
        }
    }
    Ok(found)
}

/// Replies to `id`, the oldest last, at most `limit` of the oldest.
fn children(read: &dyn Read, id: StatusId, limit: usize) -> Result<Vec<StatusId>> {
    let rows = REPLIES.list(read, &id, Bounds::NONE, Direction::Ascending, limit)?;
    Ok(rows.into_iter().rev().map(|((_, reply), ())| reply).collect())
}
