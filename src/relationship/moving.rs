//! Accounts elsewhere that move (FEDERATION §3, Move): who followed the old one follows the new one.

use super::{FollowOptions, follow, unfollow};
use crate::{
    account,
    error::{Error, Result},
    limits,
    origin::Origin,
};
use storage::{
    AccountId, Bounds, Direction, RowId, Tx,
    job::{self, JobKind},
    relationship::{self, FOLLOWER_ROWS},
};

/// The remote account `from` moves to `to`, both as they say now. Its followers here go with it, by a job.
///
/// # Errors
/// `NotFound` for an unknown or suspended account; `Forbidden` unless the old account names the new one as where it
/// moved, and the new one names the old one as its own.
///
/// Source: FEDERATION §3 (Move); SECURITY A8.
pub fn accept_move(tx: &mut Tx<'_>, origin: &Origin, from: AccountId, to: AccountId) -> Result<()> {
    let old = account::require_shown(tx, from)?;
    let new = account::require_shown(tx, to)?;
    if old.is_local() || from == to {
        return Err(Error::Forbidden("this account does not move from elsewhere"));
    }
    if old.moved_to.as_deref() != Some(origin.url(&new.uri).as_str()) {
        return Err(Error::Forbidden("it does not say itself that it moved there"));
    }
    if !new.also_known_as.contains(&old.uri) {
        return Err(Error::Forbidden("its target does not name it as an alias"));
    }
    job::enqueue(tx, JobKind::MoveFollowers { from, to });
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
