//! Accounts that move, here and elsewhere (FEDERATION §3, Move): who followed the old one follows the new one.

use super::{FollowOptions, follow, unfollow};
use crate::{
    account,
    clock::DAY_MS,
    error::{Error, Result},
    limits,
    origin::Origin,
};
use storage::{
    AccountId, Bounds, Direction, Event, RowId, Tx,
    account::ACCOUNTS,
    intent::Intent,
    job::{self, JobKind},
    relationship::{self, FOLLOWER_ROWS},
};

/// The remote account `from` has said that it moves to `to`; both are as they say now. Its followers here go with it, by a
/// job.
///
/// # Errors
/// `NotFound` for an unknown or suspended account; `Forbidden` unless the new account names the old one as its own, if the
/// old one says itself that it moved elsewhere (snac says nothing of it but the Move), and within
/// `limits::MOVE_HEEDED_AGAIN_MS` of the last move that was heeded.
///
/// Source: FEDERATION §3 (Move); SECURITY A8.
pub fn accept_move(tx: &mut Tx<'_>, origin: &Origin, from: AccountId, to: AccountId) -> Result<()> {
    let mut old = account::require_shown(tx, from)?;
    let new = account::require_shown(tx, to)?;
    if old.is_local() || from == to {
        return Err(Error::Forbidden("this account does not move from elsewhere"));
    }
    let target = origin.url(&new.uri);
    if old.moved_to.as_ref().is_some_and(|said| *said != target) {
        return Err(Error::Forbidden("it says itself that it moved elsewhere"));
    }
    if !new.also_known_as.contains(&old.uri) {
        return Err(Error::Forbidden("its target does not name it as an alias"));
    }
    let now = tx.now();
    if old.moved_at.is_some_and(|last| now.ms_since(last) < limits::MOVE_HEEDED_AGAIN_MS) {
        return Err(Error::Forbidden("it moved less than seven days ago"));
    }
    (old.moved_to, old.moved_at) = (Some(target), Some(now));
    storage::account::put(tx, &old)?;
    tx.emit(Event::AccountChanged { account: from });
    job::enqueue(tx, JobKind::MoveFollowers { from, to });
    Ok(())
}

/// Somebody here moves to `to`, which was read anew before. Followers here go with it, by a job; servers of others are
/// asked to do the same. From now on the old account does nothing new.
///
/// # Errors
/// `NotFound` for an unknown or suspended account; `Invalid` if the new account does not name the old one as its own, is
/// the old one, or has moved itself, and within `limits::MOVE_AGAIN_MS` of the last move.
///
/// Source: Mastodon's documentation, "Moving or leaving accounts".
pub fn move_away(tx: &mut Tx<'_>, origin: &Origin, from: AccountId, to: AccountId) -> Result<()> {
    let mut old = account::require_shown(tx, from)?;
    let new = account::require_shown(tx, to)?;
    let refuse = |why: String| Err(Error::invalid("target", why));
    if !old.is_local() || from == to {
        return refuse(format!("{} cannot move to {}", old.acct(), new.acct()));
    }
    if new.moved_to.is_some() {
        return refuse(format!("{} has moved itself", new.acct()));
    }
    if !new.also_known_as.contains(&origin.url(&old.uri)) {
        return refuse(format!("{} does not name {} as an alias", new.acct(), origin.url(&old.uri)));
    }
    let now = tx.now();
    if let Some(last) = old.moved_at.filter(|last| now.ms_since(*last) < limits::MOVE_AGAIN_MS) {
        let days = (limits::MOVE_AGAIN_MS - now.ms_since(last) + DAY_MS - 1).div_euclid(DAY_MS);
        return refuse(format!("{} moved lately; again in {days} days", old.acct()));
    }
    (old.moved_to, old.moved_at) = (Some(origin.url(&new.uri)), Some(now));
    storage::account::put(tx, &old)?;
    tx.emit(Event::AccountChanged { account: from });
    super::tell(tx, Intent::UpdateActor { account: from });
    super::tell(tx, Intent::Move { account: from, at: now });
    job::enqueue(tx, JobKind::MoveFollowers { from, to });
    Ok(())
}

/// Somebody here who moved acts again. Followers who went stay where they are, and the time until the next move goes on.
///
/// # Errors
/// `NotFound` for an unknown account; `Invalid` if it has not moved.
pub fn come_back(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let mut account = ACCOUNTS.get(tx, &id)?.filter(|account| account.is_local()).ok_or(Error::NotFound)?;
    if account.moved_to.take().is_none() {
        return Err(Error::invalid("account", format!("{} has not moved", account.acct())));
    }
    storage::account::put(tx, &account)?;
    tx.emit(Event::AccountChanged { account: id });
    super::tell(tx, Intent::UpdateActor { account: id });
    Ok(())
}

/// Lets some of the followers of `from` that live here follow `to` in its place, as they followed `from`; answers
/// behind which row to go on, `None` at the end. Whoever may not follow `to` stays.
///
/// The job `MoveFollowers` calls it until none is left; a crash repeats what was done, which changes nothing.
///
/// # Errors
/// Storage errors.
pub fn move_step(tx: &mut Tx<'_>, from: AccountId, to: AccountId, after: Option<RowId>) -> Result<Option<RowId>> {
    let step = limits::FOLLOWERS_MOVED_AT_ONCE;
    let bounds = Bounds { below: None, above: after.map(|row| row.0) };
    let rows = FOLLOWER_ROWS.list(tx, &from, bounds, Direction::Ascending, step)?;
    let next = rows.last().filter(|_| rows.len() == step).map(|((_, row), _)| *row);
    for (_, follower) in rows {
        // Whoever follows from elsewhere is moved by their own server.
        if !storage::account::find(tx, follower)?.is_some_and(|follower| follower.is_local()) {
            continue;
        }
        let Some(before) = relationship::find(tx, follower, from)? else { continue };
        let known =
            relationship::find(tx, follower, to)?.is_some() || relationship::find_request(tx, follower, to)?.is_some();
        let options = FollowOptions {
            reblogs: Some(before.reblogs),
            notify: Some(before.notify),
            languages: Some(before.languages),
        };
        match if known { Ok(()) } else { follow(tx, follower, to, &options) } {
            Ok(()) => unfollow(tx, follower, from)?,
            Err(error @ (Error::Storage(_) | Error::Bug(_))) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(next)
}
