//! The lists followers, following, follow requests, blocks, mutes and endorsements, newest first, by row.

use crate::{error::Result, limits, visibility::Sight};
use std::{collections::HashSet, ops::ControlFlow};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Table,
    account::{self, Account},
    endorsement::ENDORSEMENT_ROWS,
    mute::MUTE_ROWS,
    relationship::{BLOCK_ROWS, FOLLOW_REQUEST_ROWS, FOLLOWER_ROWS, FOLLOWING_ROWS, blocks},
};

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows shown, newest first.
    pub rows: Vec<(RowId, AccountId)>,
    /// The newest and the oldest row *examined*: the cursors of the neighbouring pages.
    pub examined: Option<(RowId, RowId)>,
    /// The list may go on behind what was examined.
    pub more: bool,
}

/// Who follows `owner`, as `viewer` may see it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#followers.
pub fn followers(
    read: &dyn Read,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    of_profile(read, &FOLLOWER_ROWS, owner, viewer, bounds, direction, limit)
}

/// Whom `owner` follows, as `viewer` may see it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#following.
pub fn following(
    read: &dyn Read,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    of_profile(read, &FOLLOWING_ROWS, owner, viewer, bounds, direction, limit)
}

/// Whom `owner` recommends, as `viewer` may see it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#endorsements.
pub fn endorsements(
    read: &dyn Read,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    let sight = Sight::new(read, viewer);
    if !sight.shows(owner.id)? {
        return Ok(Rows::default());
    }
    scan(read, &ENDORSEMENT_ROWS, owner.id, bounds, direction, limit, |who| sight.lists_account(who))
}

/// Who asks to follow `owner`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, follow_requests.
pub fn requests(read: &dyn Read, owner: AccountId, bounds: Bounds, direction: Direction, limit: usize) -> Result<Rows> {
    own(read, &FOLLOW_REQUEST_ROWS, owner, bounds, direction, limit)
}

/// Whom `owner` blocks.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, blocks.
pub fn blocked(read: &dyn Read, owner: AccountId, bounds: Bounds, direction: Direction, limit: usize) -> Result<Rows> {
    own(read, &BLOCK_ROWS, owner, bounds, direction, limit)
}

/// Whom `owner` mutes.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, mutes.
pub fn muted(read: &dyn Read, owner: AccountId, bounds: Bounds, direction: Direction, limit: usize) -> Result<Rows> {
    own(read, &MUTE_ROWS, owner, bounds, direction, limit)
}

/// The followers of `target` whom `viewer` follows, the newest followers first, at most
/// `limits::FAMILIAR_FOLLOWERS_MAX` among `limits::FAMILIAR_EXAMINED` followers looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#familiar_followers.
pub fn familiar_followers(
    read: &dyn Read,
    viewer: AccountId,
    followed: &HashSet<AccountId>,
    target: &Account,
) -> Result<Vec<AccountId>> {
    if hidden(read, target, Some(viewer))? {
        return Ok(Vec::new());
    }
    let sight = Sight::new(read, Some(viewer));
    let (newest, most) = (Direction::Descending, limits::FAMILIAR_EXAMINED);
    let mut found = Vec::new();
    for (_, follower) in FOLLOWER_ROWS.list(read, &target.id, Bounds::NONE, newest, most)? {
        if followed.contains(&follower) && follower != viewer && sight.lists_account(follower)? {
            found.push(follower);
        }
        if found.len() == limits::FAMILIAR_FOLLOWERS_MAX {
            break;
        }
    }
    Ok(found)
}

/// Everybody `account` follows, at most `limits::FOLLOWING_MAX`.
///
/// # Errors
/// Storage errors.
pub fn followed_by(read: &dyn Read, account: AccountId) -> Result<HashSet<AccountId>> {
    let most = usize::try_from(limits::FOLLOWING_MAX).unwrap_or(usize::MAX);
    let rows = FOLLOWING_ROWS.list(read, &account, Bounds::NONE, Direction::Descending, most)?;
    Ok(rows.into_iter().map(|(_, followed)| followed).collect())
}

/// On how many other servers the followers of `owner` are; `None` if there are more than `limits::REACH_FOLLOWERS`, as
/// nobody waits for them to be looked at.
///
/// # Errors
/// Storage errors.
pub fn servers_of_followers(read: &dyn Read, owner: AccountId) -> Result<Option<usize>> {
    let most = limits::REACH_FOLLOWERS;
    let rows = FOLLOWER_ROWS.list(read, &owner, Bounds::NONE, Direction::Descending, most + 1)?;
    if rows.len() > most {
        return Ok(None);
    }
    let mut servers = HashSet::new();
    for (_, follower) in rows {
        servers.extend(account::find(read, follower)?.and_then(|follower| follower.domain));
    }
    Ok(Some(servers.len()))
}

/// Lists are not for others if their owner hides them, is suspended, or blocks the viewer.
fn hidden(read: &dyn Read, owner: &Account, viewer: Option<AccountId>) -> Result<bool> {
    if owner.suspended_at.is_some() {
        return Ok(true);
    }
    match viewer {
        Some(viewer) if viewer == owner.id => Ok(false),
        Some(viewer) => Ok(owner.hide_collections || blocks(read, owner.id, viewer)?),
        None => Ok(owner.hide_collections),
    }
}

fn of_profile(
    read: &dyn Read,
    table: &People,
    owner: &Account,
    viewer: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    if hidden(read, owner, viewer)? {
        return Ok(Rows::default());
    }
    let sight = Sight::new(read, viewer);
    // One's own lists hold also those whom one mutes.
    let own = viewer == Some(owner.id);
    scan(
        read,
        table,
        owner.id,
        bounds,
        direction,
        limit,
        |who| {
            if own { sight.shows(who) } else { sight.lists_account(who) }
        },
    )
}

fn own(
    read: &dyn Read,
    table: &People,
    owner: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Rows> {
    // Not as `owner` sees them: blocks are in one of these lists.
    let sight = Sight::new(read, None);
    scan(read, table, owner, bounds, direction, limit, |who| sight.shows(who))
}

/// A list of accounts by row.
type People = Table<(AccountId, RowId), AccountId>;

fn scan(
    read: &dyn Read,
    table: &People,
    owner: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
    shown: impl Fn(AccountId) -> Result<bool>,
) -> Result<Rows> {
    let mut examined: Vec<(RowId, AccountId)> = Vec::new();
    let mut rows = Vec::new();
    let mut more = false;
    if limit == 0 {
        return Ok(Rows::default());
    }
    // A rule's error travels beside the scan, which knows only the store's.
    let mut failure = None;
    table.scan(read, &owner, bounds, direction, |(_, row), other| {
        if rows.len() == limit || examined.len() == limits::ROWS_EXAMINED_MAX {
            more = true;
            return Ok(ControlFlow::Break(()));
        }
        examined.push((row, other));
        match shown(other) {
            Ok(true) => rows.push((row, other)),
            Ok(false) => {}
            Err(error) => {
                failure = Some(error);
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    if direction == Direction::Ascending {
        rows.reverse();
        examined.reverse();
    }
    let ends = examined.first().zip(examined.last()).map(|(newest, oldest)| (newest.0, oldest.0));
    Ok(Rows { rows, examined: ends, more })
}
