//! Threads of other servers: when they are asked for because somebody here looks, and what is known to be missing.

use super::{Context, require, thread};
use crate::{
    error::{Error, Result},
    limits,
};
use std::collections::VecDeque;
use storage::{
    AccountId, Ahead, Bounds, Direction, Read, StatusId, Timestamp, Tx,
    backfill::{self, Asked, STATED, THREADS},
    job::{self, JobClass, JobKind},
    status::{self, REPLIES, STATUS_STATS, Status},
};

/// A thread that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refresh {
    /// Its first known status, by which it is asked after.
    pub id: StatusId,
    /// Whether it is still being read.
    pub running: bool,
    /// Statuses that came by it so far.
    pub found: u32,
}

impl Refresh {
    fn of(id: StatusId, asked: &Asked, now: Timestamp) -> Self {
        let running = asked.ended_at.is_none() && now.ms_since(asked.at) < limits::THREAD_COOL_DOWN_MS;
        Refresh { id, running, found: asked.found }
    }
}

/// What opening `id` calls for: the status whose thread is to be asked for, if it is, and what is being read of it now.
///
/// Only what everybody may see is asked for, only if the status or the first of its thread is not of this server or somebody
/// elsewhere has answered in it, and only while not too much of the kind waits.
///
/// # Errors
/// Storage errors.
pub fn look(
    read: &dyn Read,
    now: Timestamp,
    viewer: AccountId,
    id: StatusId,
) -> Result<(Option<StatusId>, Option<Refresh>)> {
    let opened = match require(read, Some(viewer), id) {
        Err(Error::NotFound) => return Ok((None, None)),
        opened => opened?,
    };
    let Some(status) = status::find(read, opened.reblog_of.unwrap_or(id))? else { return Ok((None, None)) };
    let first = thread::first_of_thread(read, &status)?;
    if !status.is_public() || status.local_only {
        return Ok((None, None));
    }
    let asked = THREADS.get(read, &first.id)?;
    let running = asked.map(|asked| Refresh::of(first.id, &asked, now)).filter(|refresh| refresh.running);
    let due = asked.is_none_or(|asked| asked.is_due(now, limits::THREAD_COOL_DOWN_MS))
        && !job::is_crowded(read, JobClass::Backfill, limits::BACKFILLS_WAITING_MAX)?
        && (!status.local || !first.local || !answers_elsewhere(read, &first, 1)?.is_empty());
    Ok((due.then_some(status.id), running))
}

/// Statuses of other servers that everybody may see and that answer one of this server, below `first` and with it: their own
/// servers know what answers them in turn. At most `most`, of the first `limits::THREAD_ANSWERS_SCANNED` of the thread, breadth
/// first.
///
/// # Errors
/// Storage errors.
pub fn answers_elsewhere(read: &dyn Read, first: &Status, most: usize) -> Result<Vec<Status>> {
    let (mut found, mut left) = (Vec::new(), limits::THREAD_ANSWERS_SCANNED);
    let mut open = VecDeque::from([(first.id, first.local)]);
    while let Some((id, local)) = open.pop_front()
        && left > 0
    {
        let rows = REPLIES.list(read, &id, Bounds::NONE, Direction::Ascending, left)?;
        left -= rows.len();
        for ((_, reply), ()) in rows {
            let Some(reply) = status::find(read, reply)? else { continue };
            open.push_back((reply.id, reply.local));
            if local && !reply.local && reply.is_public() {
                found.push(reply);
                if found.len() == most {
                    return Ok(found);
                }
            }
        }
    }
    Ok(found)
}

/// Asks for the thread of a status: one job at a time, and not again before `limits::THREAD_COOL_DOWN_MS`.
///
/// # Errors
/// Storage errors.
pub fn ask(tx: &mut Tx<'_>, id: StatusId) -> Result<Refresh> {
    let now = tx.now();
    let Some(status) = status::find(tx, id)? else { return Ok(Refresh { id, running: false, found: 0 }) };
    let first = thread::first_of_thread(tx, &status)?.id;
    if let Some(asked) = THREADS.get(tx, &first)?.filter(|asked| !asked.is_due(now, limits::THREAD_COOL_DOWN_MS)) {
        return Ok(Refresh::of(first, &asked, now));
    }
    let asked = Asked { at: now, ended_at: None, found: 0 };
    THREADS.put(tx, &first, &asked);
    job::enqueue(tx, JobKind::FetchThread { first, status: id });
    Ok(Refresh::of(first, &asked, now))
}

/// Whether the thread of `opened` was asked for again later than at `at`, by `first` or by what has turned out to be
/// its first: what was asked for then has been taken over.
///
/// # Errors
/// Storage errors.
pub fn is_asked_anew(read: &dyn Read, first: StatusId, opened: StatusId, at: Timestamp) -> Result<bool> {
    let top = match status::find(read, opened)? {
        Some(status) => thread::first_of_thread(read, &status)?.id,
        None => first,
    };
    for id in [first, top] {
        if THREADS.get(read, &id)?.is_some_and(|asked| asked.at > at) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says how many statuses have come so far.
///
/// # Errors
/// Storage errors.
pub fn tell(tx: &mut Tx<'_>, first: StatusId, found: u32) -> Result<()> {
    if let Some(asked) = THREADS.get(tx, &first)? {
        THREADS.put(tx, &first, &Asked { found, ..asked });
    }
    Ok(())
}

/// Says that the thread of `opened` was read, also under the status that has turned out to be its first.
///
/// # Errors
/// Storage errors.
pub fn end(tx: &mut Tx<'_>, first: StatusId, opened: StatusId, found: u32) -> Result<()> {
    let now = tx.now();
    let at = THREADS.get(tx, &first)?.map_or(now, |asked| asked.at);
    let top = match status::find(tx, opened)? {
        Some(status) => thread::first_of_thread(tx, &status)?.id,
        None => first,
    };
    for id in [first, top] {
        if status::STATUSES.contains(tx, &id)? {
            THREADS.put(tx, &id, &Asked { at, ended_at: Some(now), found });
        }
    }
    Ok(())
}

/// What is being read of the thread whose first known status is `id`, or was read; nobody is told what it is.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, async_refreshes.
pub fn refresh(read: &dyn Read, now: Timestamp, id: StatusId) -> Result<Option<Refresh>> {
    Ok(THREADS.get(read, &id)?.map(|asked| Refresh::of(id, &asked, now)))
}

/// How many replies to the statuses of a thread there are at other servers, as those say, beyond what is known here.
///
/// # Errors
/// Storage errors.
pub fn missing<'a>(read: &dyn Read, thread: impl IntoIterator<Item = &'a Status>) -> Result<u64> {
    let ids: Vec<StatusId> = thread.into_iter().filter(|status| !status.local).map(|status| status.id).collect();
    let ahead = Ahead::new(read);
    ahead.fetch(&STATED, ids.iter().copied())?;
    ahead.fetch(&STATUS_STATS, ids.iter().copied())?;
    let mut missing: u64 = 0;
    for id in ids {
        if let Some(stated) = backfill::stated(&ahead, id)?.replies {
            let known = status::stats(&ahead, id)?.replies;
            missing = missing.saturating_add(stated.saturating_sub(known));
        }
    }
    Ok(missing)
}

/// The same of what stands `around` the status `id`, or around what it shares, itself included.
///
/// # Errors
/// Storage errors.
pub fn missing_around(read: &dyn Read, id: StatusId, around: &Context) -> Result<u64> {
    let named = status::find(read, id)?;
    let original = named.as_ref().and_then(|named| named.reblog_of);
    let opened = match original {
        Some(original) => status::find(read, original)?,
        None => named,
    };
    missing(read, around.ancestors.iter().chain(&opened).chain(&around.descendants))
}
