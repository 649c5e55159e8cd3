//! Removing what points to a deleted status or was left by a deleted account, step by step. Each step is one
//! transaction; a job calls it until nothing is left. Readers pass over all of it from the first moment.

use super::{delete, interaction, mark, own_path, react, reblog, scheduled, tell};
use crate::{
    error::{Error, Result},
    limits,
    media::Fate,
};
use storage::{
    AccountId, Bounds, Digest, Direction, Read, StatusId, Tx, account,
    intent::Intent,
    job::{self, JobKind},
    notification::{self, NotificationKind},
    poll::{BALLOTS, POLLS},
    relationship::FOLLOWERS_TOLD,
    retention::{self, Holding, TOUCHED},
    status::{
        self, BOOKMARK_ROWS, BOOKMARKS, FAVOURITE_ROWS, FAVOURITED_BY, GONE, ORPHANS, REBLOG_BY, REBLOGS, REPLIES,
        STATUSES_OF_ACCOUNT, Status,
    },
};

/// Removes some of the requests, reblogs, favourites, reactions, ballots, replies' links, holders and notifications of the
/// deleted status `id` of `author`; says whether there may be more. Who quotes it goes on saying so: that row goes with the
/// quoting status. Whoever heard of a reblog by somebody here is told that what it shared is gone.
///
/// Bookmarks have no list by status; a bookmark of nothing is dropped when its owner's list is purged.
///
/// # Errors
/// Storage errors.
pub fn of_status(tx: &mut Tx<'_>, author: AccountId, id: StatusId) -> Result<bool> {
    tx.accept_when_full();
    if interaction::purge_status(tx, id)? {
        return Ok(true);
    }
    let step = limits::MARKS_PURGED_AT_ONCE;
    let ascending = Direction::Ascending;
    let reblogs = REBLOGS.list(tx, &id, Bounds::NONE, ascending, step)?;
    let path = path_of_gone(tx, author, id)?;
    for ((_, reblog), who) in &reblogs {
        if let Some(row) = status::find(tx, *reblog)? {
            reblog::take_back(tx, &row)?;
            if let Some(path) = path.clone().filter(|_| row.local) {
                let (by, reblog) = (row.account, row.uri.clone());
                tell::peers_of(tx, &row, Intent::DeleteShared { account: author, path, by, reblog });
            }
        }
        REBLOGS.delete(tx, &(id, *reblog));
        REBLOG_BY.delete(tx, &(*who, id));
        notification::withdraw(tx, author, NotificationKind::Reblog, *who, Some(id))?;
        notification::withdraw(tx, *who, NotificationKind::Update, author, Some(id))?;
    }
    let favourites = FAVOURITED_BY.list(tx, &id, Bounds::NONE, ascending, step - reblogs.len())?;
    for ((_, row), who) in &favourites {
        mark::forget_favourite(tx, *who, id)?;
        FAVOURITED_BY.delete(tx, &(id, *row));
        notification::withdraw(tx, author, NotificationKind::Favourite, *who, Some(id))?;
    }
    let left = step - reblogs.len() - favourites.len();
    let left = left - react::purge_status(tx, author, id, left)?;
    let ballots = BALLOTS.list(tx, &id, Bounds::NONE, ascending, left)?;
    for (key, _) in &ballots {
        BALLOTS.delete(tx, key);
        notification::withdraw(tx, key.1, NotificationKind::Poll, author, Some(id))?;
    }
    notification::withdraw(tx, author, NotificationKind::Poll, author, Some(id))?;
    POLLS.delete(tx, &id);
    let left = left - ballots.len();
    let replies = REPLIES.list(tx, &id, Bounds::NONE, ascending, left)?;
    for (key, ()) in &replies {
        forget_parent(tx, key.1, id)?;
        REPLIES.delete(tx, key);
    }
    let left = left - replies.len();
    let holders = TOUCHED.list(tx, &id, Bounds::NONE, ascending, left)?;
    for (key, _) in &holders {
        TOUCHED.delete(tx, key);
    }
    if left > holders.len() {
        for ((_, follower), ()) in
            FOLLOWERS_TOLD.list(tx, &author, Bounds::NONE, ascending, limits::FOLLOWERS_TOLD_MAX)?
        {
            notification::withdraw(tx, follower, NotificationKind::Status, author, Some(id))?;
        }
    }
    Ok(left == holders.len())
}

/// The path of a deleted status of `author` that everybody could see. None if they are gone, too, which everybody is told.
fn path_of_gone(read: &dyn Read, author: AccountId, id: StatusId) -> Result<Option<String>> {
    if !GONE.contains(read, &id)? {
        return Ok(None);
    }
    let author = account::find(read, author)?.filter(|author| author.is_local() && author.suspended_at.is_none());
    Ok(author.map(|author| own_path(&author, id)))
}

/// Lets a status of another server go to make room: as if it had never come, so that it is taken in again when it is
/// met again, and replies to it then find it.
///
/// # Errors
/// Storage errors; `Bug` for a status of somebody here.
pub fn let_go(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    if status.local {
        return Err(Error::Bug(format!("status {} was written here and never goes for room", status.id)));
    }
    if status.reblog_of.is_some() {
        return reblog::take_back(tx, status);
    }
    if marks_at_once(tx, status)?.is_none() {
        return delete::remove(tx, status);
    }
    delete::remove_rows(tx, status)?;
    if of_status(tx, status.account, status.id)? {
        job::enqueue(tx, JobKind::PurgeStatus { status: status.id, author: status.account });
    }
    Ok(())
}

/// About how many rows letting a status go touches.
///
/// # Errors
/// Storage errors.
pub fn cost(read: &dyn Read, status: &Status) -> Result<usize> {
    Ok(operations_of(status) + marks_at_once(read, status)?.unwrap_or(0) * OPERATIONS_OF_A_MARK)
}

/// How many replies, reblogs, favourites and reactions `status` has, if they may go in the same step.
fn marks_at_once(read: &dyn Read, status: &Status) -> Result<Option<usize>> {
    let stats = status::stats(read, status.id)?;
    // The number of replies does not count those for a few.
    let most = limits::MARKS_LET_GO_AT_ONCE + 1;
    let replies = REPLIES.list(read, &status.id, Bounds::NONE, Direction::Ascending, most)?.len() as u64;
    let marks = [stats.reblogs, stats.favourites, stats.reactions].into_iter().fold(replies, u64::saturating_add);
    let marks = usize::try_from(marks).ok().filter(|marks| *marks <= limits::MARKS_LET_GO_AT_ONCE);
    Ok(marks.filter(|marks| operations_of(status) + marks * OPERATIONS_OF_A_MARK <= limits::PURGE_OPERATIONS))
}

/// About how many rows one reply, reblog or favourite less touches.
const OPERATIONS_OF_A_MARK: usize = 20;

/// A reply to a deleted status answers nobody any more (client API, `in_reply_to_id` null). If its parent may come
/// again, the reply waits for it.
fn forget_parent(tx: &mut Tx<'_>, reply: StatusId, parent: StatusId) -> Result<()> {
    let Some(mut row) = status::find(tx, reply)? else { return Ok(()) };
    if let Some(link) = row.reply.as_mut().filter(|link| link.status == Some(parent)) {
        // The author stays: who it was said to decides in whose home it stands.
        link.status = None;
        let digest = Digest::of(&link.uri);
        // Under a tombstone nothing comes; the row then waits for nobody and goes with the reply.
        if !link.uri.is_empty() {
            ORPHANS.put(tx, &(digest, reply), &());
        }
        status::STATUSES.put(tx, &reply, &row);
    }
    Ok(())
}

/// Removes some of the statuses, reblogs, favourites, bookmarks, reactions and scheduled statuses of the deleted account
/// `who`; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn of_account(tx: &mut Tx<'_>, who: AccountId) -> Result<bool> {
    tx.accept_when_full();
    let ascending = Direction::Ascending;
    let step = limits::MARKS_PURGED_AT_ONCE;
    let statuses = STATUSES_OF_ACCOUNT.list(tx, &who, Bounds::NONE, ascending, step)?;
    let mut operations = 0;
    for ((_, id), _) in &statuses {
        let row = status::find(tx, *id)?;
        operations += row.as_ref().map_or(1, operations_of);
        if operations > limits::PURGE_OPERATIONS {
            return Ok(true);
        }
        match row {
            Some(row) if row.reblog_of.is_some() => reblog::take_back(tx, &row)?,
            Some(row) if row.local => delete::remove_own(tx, &row, Fate::Gone)?,
            Some(row) => delete::remove(tx, &row)?,
            None => {}
        }
        STATUSES_OF_ACCOUNT.delete(tx, &(who, *id));
    }
    let left = step - statuses.len();
    let favourites = FAVOURITE_ROWS.list(tx, &who, Bounds::NONE, ascending, left)?;
    for ((_, row), id) in &favourites {
        match status::find(tx, *id)? {
            Some(status) => mark::remove_favourite(tx, who, &status)?,
            None => mark::forget_favourite(tx, who, *id)?,
        };
        FAVOURITE_ROWS.delete(tx, &(who, *row));
    }
    let left = left - favourites.len();
    let bookmarks = BOOKMARK_ROWS.list(tx, &who, Bounds::NONE, ascending, left)?;
    for ((_, row), id) in &bookmarks {
        mark::remove_mark(tx, (&BOOKMARKS, &BOOKMARK_ROWS), who, *id)?;
        BOOKMARK_ROWS.delete(tx, &(who, *row));
    }
    let left = left - bookmarks.len();
    let left = left - interaction::purge_account(tx, who, left)?;
    // What was scheduled goes in steps of its own.
    if react::purge_account(tx, who, left)? > 0 || left < step {
        return Ok(true);
    }
    scheduled::purge_step(tx, who)
}

/// The deleted account `who`, if it lived here, holds statuses of other servers no more, and its votes in their polls go:
/// some of those before `before`. Comes when what it wrote and marked is gone; answers before which to go on.
///
/// # Errors
/// Storage errors.
pub fn of_holder(tx: &mut Tx<'_>, who: AccountId, before: Option<Holding>) -> Result<Option<Holding>> {
    tx.accept_when_full();
    if !tell::is_local(tx, who)? {
        return Ok(None);
    }
    let most = (limits::HOLDINGS_LOOKED_AT, limits::HOLDINGS_RELEASED_AT_ONCE);
    let (held, next) = retention::held_by(tx, who, before, most)?;
    for id in held {
        BALLOTS.delete(tx, &(id, who));
        retention::release(tx, id, who)?;
    }
    Ok(next)
}

/// An answer of `who`, who lives here, to `parent` is gone: they hold no more what stood above it alone.
///
/// # Errors
/// Storage errors.
pub fn of_thread(tx: &mut Tx<'_>, who: AccountId, parent: StatusId) -> Result<()> {
    tx.accept_when_full();
    Ok(retention::drop_part(tx, parent, who)?)
}

/// About how many rows removing a status touches; never more than `limits::PURGE_OPERATIONS`.
fn operations_of(status: &Status) -> usize {
    let history = if status.edited_at.is_some() { limits::EDITS_MAX } else { 0 };
    31 + status.tags.len() + 2 * status.mentions.len() + 6 * status.attachments.len() + history
}
