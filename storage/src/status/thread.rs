//! What answers what: replies below their parents, and replies that wait for theirs.

use super::{
    LOCAL_TIMELINE, ORPHANS, PUBLIC_TIMELINE, REPLIES, STATUS_STATS, STATUSES, STATUSES_OF_ACCOUNT, Status,
    StatusStats, TAG_TIMELINE, count, find, shape,
};
use crate::{
    check::describe::{Claim, Counter, Counts, Described, Index, Owner},
    error::Result,
    id::StatusId,
    interaction,
    key::Digest,
    limits, retention,
    store::Tx,
    table::{Bounds, Direction, Read},
    tag,
};

/// Lists `status` below what it answers, or among those that wait for that.
pub(super) fn link_to_parent(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let Some(reply) = &status.reply else { return Ok(()) };
    match reply.status {
        Some(parent) => {
            REPLIES.put(tx, &(parent, status.id), &());
            // A number would tell strangers of what they may not see.
            if counts_as_reply(tx, status)? { count(tx, parent, |stats| stats.replies += 1) } else { Ok(()) }
        }
        // One from here has no uri; once it is gone it does not come again.
        None if reply.uri.is_empty() => Ok(()),
        None => {
            ORPHANS.put(tx, &(Digest::of(&reply.uri), status.id), &());
            Ok(())
        }
    }
}

/// Takes `status` out of there.
pub(super) fn unlink_from_parent(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let Some(reply) = &status.reply else { return Ok(()) };
    let Some(parent) = reply.status else {
        ORPHANS.delete(tx, &(Digest::of(&reply.uri), status.id));
        return Ok(());
    };
    REPLIES.delete(tx, &(parent, status.id));
    if counts_as_reply(tx, status)? && STATUSES.contains(tx, &parent)? {
        count(tx, parent, |stats| stats.replies = stats.replies.saturating_sub(1))?;
    }
    Ok(())
}

/// Whether everybody may read a reply: not one that waits for the word of who is answered.
fn counts_as_reply(read: &dyn Read, status: &Status) -> Result<bool> {
    Ok(status.is_public() && !interaction::is_pending(read, status)?)
}

/// A reply that waited for the word of who is answered waits no more, and counts.
///
/// # Errors
/// Storage errors.
pub fn show_reply(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let Some(parent) = status.reply.as_ref().and_then(|reply| reply.status) else { return Ok(()) };
    if counts_as_reply(tx, status)? && STATUSES.contains(tx, &parent)? {
        count(tx, parent, |stats| stats.replies += 1)?;
    }
    Ok(())
}

/// Replies that wait for the status at `uri`, the oldest first, at most 100.
///
/// # Errors
/// Storage errors.
pub fn orphans(read: &dyn Read, uri: &str) -> Result<Vec<StatusId>> {
    let waiting = ORPHANS.list(read, &Digest::of(uri), Bounds::NONE, Direction::Ascending, 100)?;
    Ok(waiting.into_iter().map(|((_, id), ())| id).collect())
}

/// Puts what waits for `parent` below it, but for those that stay `apart`.
pub(super) fn join_orphans(tx: &mut Tx<'_>, parent: &Status, apart: &[StatusId]) -> Result<()> {
    for id in orphans(tx, &parent.uri)? {
        if !apart.contains(&id) {
            join(tx, parent, id)?;
        }
    }
    Ok(())
}

/// Puts a reply that waited for `parent` below it.
///
/// # Errors
/// Storage errors.
pub fn join(tx: &mut Tx<'_>, parent: &Status, id: StatusId) -> Result<()> {
    ORPHANS.delete(tx, &(Digest::of(&parent.uri), id));
    let Some(mut child) = find(tx, id)? else { return Ok(()) };
    let Some(reply) = child.reply.as_mut().filter(|reply| reply.uri == parent.uri) else { return Ok(()) };
    reply.status = Some(parent.id);
    reply.account = Some(parent.account);
    STATUSES.put(tx, &id, &child);
    reshape(tx, &child)?;
    link_to_parent(tx, &child)?;
    retention::join(tx, parent, &child)
}

/// Takes `reply` from below what it answers. One of another server waits for that as one that was never let stand
/// there; one from here is no answer any more. What answers it stays below it.
///
/// # Errors
/// Storage errors.
pub fn part(tx: &mut Tx<'_>, reply: &Status) -> Result<()> {
    let mut apart = reply.clone();
    let Some(link) = apart.reply.as_mut() else { return Ok(()) };
    let parent = link.status.take();
    link.account = None;
    if reply.local {
        apart.reply = None;
        apart.conversation = None;
    }
    unlink_from_parent(tx, reply)?;
    STATUSES.put(tx, &apart.id, &apart);
    reshape(tx, &apart)?;
    link_to_parent(tx, &apart)?;
    if reply.local {
        retention::leave(tx, parent, reply.account)?;
    }
    match parent {
        Some(parent) => retention::part(tx, parent, apart.id),
        None => Ok(()),
    }
}

/// Who a reply answers is known now, or not any more: the indexes that tell threads from answers to others say so too.
fn reshape(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let shape = shape(status);
    STATUSES_OF_ACCOUNT.put(tx, &(status.account, status.id), &shape);
    if PUBLIC_TIMELINE.contains(tx, &status.id)? {
        PUBLIC_TIMELINE.put(tx, &status.id, &shape);
        if status.local {
            LOCAL_TIMELINE.put(tx, &status.id, &shape);
        }
        for tag in &status.tags {
            TAG_TIMELINE.put(tx, &(tag::normalise(tag), status.id), &shape);
        }
    }
    Ok(())
}

/// Replies to a status that everybody may read.
fn public_replies(read: &dyn Read, id: &StatusId) -> Result<Option<u64>> {
    let rows = REPLIES.list(read, id, Bounds::NONE, Direction::Ascending, limits::CHECK_REFERRERS + 1)?;
    if rows.len() > limits::CHECK_REFERRERS {
        return Ok(None);
    }
    let mut counted = 0;
    for ((_, reply), ()) in rows {
        if let Some(reply) = find(read, reply)? {
            counted += u64::from(counts_as_reply(read, &reply)?);
        }
    }
    Ok(Some(counted))
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &REPLIES,
        of: &[&STATUSES],
        wants: |id, status| {
            let parent = status.reply.as_ref().and_then(|reply| reply.status);
            parent.iter().map(|parent| ((*parent, *id), ())).collect()
        },
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &ORPHANS,
        of: &[&STATUSES],
        wants: |id, status| {
            // Also whose parent was let go: it may come again. One from here has no uri and does not.
            let waits = status.reply.iter().filter(|reply| reply.status.is_none() && !reply.uri.is_empty());
            waits.map(|reply| ((Digest::of(&reply.uri), *id), ())).collect()
        },
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Counter {
        name: "replies",
        table: &STATUS_STATS,
        owners: &[Owner::each(&STATUSES)],
        counts: Counts::Found(public_replies),
        get: |stats| stats.map_or(0, |stats| stats.replies),
        set: |stats, replies| Some(StatusStats { replies, ..stats.unwrap_or_default() }),
    },
];
