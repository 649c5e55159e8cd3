//! Follows, follow requests and blocks between accounts.

use crate::{
    account,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    event::Event,
    id::{AccountId, RowId, Timestamp},
    key::Digest,
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// A follow, or a request for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// The row in both lists (a cursor in `Link` headers).
    pub row: RowId,
    /// The Follow's ActivityPub id: a path if the follower is local; may be empty.
    pub uri: String,
    /// Reblogs are shown in the home timeline.
    pub reblogs: bool,
    /// New statuses notify.
    pub notify: bool,
    /// Only statuses in these languages; empty: all.
    pub languages: Vec<String>,
    /// When.
    pub created_at: Timestamp,
}
record!(Follow, 1);

impl Follow {
    /// One that shows reblogs and all languages, and does not notify.
    #[must_use]
    pub fn bare(row: RowId, uri: String, created_at: Timestamp) -> Self {
        Follow { row, uri, reblogs: true, notify: false, languages: Vec::new(), created_at }
    }
}

/// Who follows whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The follower (or blocker).
    pub from: AccountId,
    /// The followed (or blocked).
    pub to: AccountId,
}
record!(Pair, 1);

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// When.
    pub created_at: Timestamp,
    /// The Block's ActivityPub id; may be empty.
    pub uri: String,
}
record!(Block, 1);

/// (follower, followed) → follow.
pub const FOLLOWS: Table<(AccountId, AccountId), Follow> = Table::new(80, "follow");
/// (follower, row) → followed: the list "following".
pub const FOLLOWING_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(81, "following_row");
/// (followed, row) → follower: the list "followers".
pub const FOLLOWER_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(82, "follower_row");
/// (requester, target) → request.
pub const FOLLOW_REQUESTS: Table<(AccountId, AccountId), Follow> = Table::new(83, "follow_request");
/// (target, row) → requester: the list "follow requests".
pub const FOLLOW_REQUEST_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(84, "follow_request_row");
/// Digest of a Follow's uri → who and whom, for Accept, Reject and Undo by id.
pub const FOLLOW_BY_URI: Table<Digest, Pair> = Table::new(85, "follow_by_uri");
/// (blocker, blocked) → block.
pub const BLOCKS: Table<(AccountId, AccountId), Block> = Table::new(86, "block");
/// (blocker here, row) → blocked: the list "blocks".
pub const BLOCK_ROWS: Table<(AccountId, RowId), AccountId> = Table::new(172, "block_row");
/// (blocker here, blocked elsewhere): blocks of which the server of who is blocked does not hear.
pub const UNTOLD_BLOCKS: Table<(AccountId, AccountId), ()> = Table::new(489, "block_untold");

/// The path of a Follow made here, from its row: the id under which peers know it.
#[must_use]
pub fn follow_path(follower: &account::Account, row: RowId) -> String {
    format!("{}#follows/{row}", follower.uri)
}

/// Who follows, or asks to follow, whom by the Follow with this uri (a path if the follower is local).
///
/// # Errors
/// Storage errors.
pub fn find_by_uri(read: &dyn Read, uri: &str) -> Result<Option<Pair>> {
    let Some(pair) = FOLLOW_BY_URI.get(read, &Digest::of(uri))? else { return Ok(None) };
    let follow = find(read, pair.from, pair.to)?;
    let request = find_request(read, pair.from, pair.to)?;
    // The digest only leads to the row; the row holds the uri itself.
    Ok([follow, request].into_iter().flatten().any(|row| row.uri == uri).then_some(pair))
}
/// (followed, follower): followers who asked to hear of every new status.
pub const FOLLOWERS_TOLD: Table<(AccountId, AccountId), ()> = Table::new(155, "follower_told");

/// Whether anybody known follows `account`; followers of one elsewhere that are known here all live here.
///
/// # Errors
/// Storage errors.
pub fn has_followers(read: &dyn Read, account: AccountId) -> Result<bool> {
    Ok(!FOLLOWER_ROWS.list(read, &account, Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}

/// Whether there is a follow or a request from or to `account`.
///
/// # Errors
/// Storage errors.
pub fn is_tied(read: &dyn Read, account: AccountId) -> Result<bool> {
    let ascending = Direction::Ascending;
    Ok(!FOLLOWS.list(read, &account, Bounds::NONE, ascending, 1)?.is_empty()
        || has_followers(read, account)?
        || !FOLLOW_REQUESTS.list(read, &account, Bounds::NONE, ascending, 1)?.is_empty()
        || !FOLLOW_REQUEST_ROWS.list(read, &account, Bounds::NONE, ascending, 1)?.is_empty())
}

/// The follow from `follower` to `target`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, follower: AccountId, target: AccountId) -> Result<Option<Follow>> {
    FOLLOWS.get(read, &(follower, target))
}

/// The request from `requester` to `target`.
///
/// # Errors
/// Storage errors.
pub fn find_request(read: &dyn Read, requester: AccountId, target: AccountId) -> Result<Option<Follow>> {
    FOLLOW_REQUESTS.get(read, &(requester, target))
}

/// Stores a new follow, its lists and counters. Replaces an existing one, keeping its row.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, follower: AccountId, target: AccountId, follow: &Follow) -> Result<()> {
    let mut follow = follow.clone();
    keep_free_uri(tx, &mut follow, follower, target)?;
    match find(tx, follower, target)? {
        Some(before) => {
            follow.row = before.row;
            if before.uri != follow.uri {
                forget_uri(tx, &before.uri);
            }
        }
        None => {
            account::count(tx, follower, |stats| stats.following += 1)?;
            account::count(tx, target, |stats| stats.followers += 1)?;
            FOLLOWING_ROWS.put(tx, &(follower, follow.row), &target);
            FOLLOWER_ROWS.put(tx, &(target, follow.row), &follower);
        }
    }
    FOLLOWS.put(tx, &(follower, target), &follow);
    if follow.notify {
        FOLLOWERS_TOLD.put(tx, &(target, follower), &());
    } else {
        FOLLOWERS_TOLD.delete(tx, &(target, follower));
    }
    remember_uri(tx, &follow.uri, follower, target);
    tx.emit(Event::FollowChanged { follower, target });
    Ok(())
}

/// Removes a follow; answers what was removed.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, follower: AccountId, target: AccountId) -> Result<Option<Follow>> {
    let Some(follow) = find(tx, follower, target)? else { return Ok(None) };
    FOLLOWS.delete(tx, &(follower, target));
    FOLLOWING_ROWS.delete(tx, &(follower, follow.row));
    FOLLOWER_ROWS.delete(tx, &(target, follow.row));
    FOLLOWERS_TOLD.delete(tx, &(target, follower));
    forget_uri(tx, &follow.uri);
    account::count(tx, follower, |stats| stats.following = stats.following.saturating_sub(1))?;
    account::count(tx, target, |stats| stats.followers = stats.followers.saturating_sub(1))?;
    tx.emit(Event::FollowChanged { follower, target });
    Ok(Some(follow))
}

/// Stores a follow request; a repeated one keeps its row.
///
/// # Errors
/// Storage errors.
pub fn put_request(tx: &mut Tx<'_>, requester: AccountId, target: AccountId, request: &Follow) -> Result<()> {
    let mut request = request.clone();
    keep_free_uri(tx, &mut request, requester, target)?;
    if let Some(before) = find_request(tx, requester, target)? {
        request.row = before.row;
        if before.uri != request.uri {
            forget_uri(tx, &before.uri);
        }
    }
    FOLLOW_REQUESTS.put(tx, &(requester, target), &request);
    FOLLOW_REQUEST_ROWS.put(tx, &(target, request.row), &requester);
    remember_uri(tx, &request.uri, requester, target);
    Ok(())
}

/// Removes a follow request; answers what was removed.
///
/// # Errors
/// Storage errors.
pub fn remove_request(tx: &mut Tx<'_>, requester: AccountId, target: AccountId) -> Result<Option<Follow>> {
    let Some(request) = find_request(tx, requester, target)? else { return Ok(None) };
    FOLLOW_REQUESTS.delete(tx, &(requester, target));
    FOLLOW_REQUEST_ROWS.delete(tx, &(target, request.row));
    forget_uri(tx, &request.uri);
    Ok(Some(request))
}

/// Whether `blocker` blocks `target`.
///
/// # Errors
/// Storage errors.
pub fn blocks(read: &dyn Read, blocker: AccountId, target: AccountId) -> Result<bool> {
    BLOCKS.contains(read, &(blocker, target))
}

/// The path of a Block made here, from its row: the id under which peers know it.
#[must_use]
pub fn block_path(blocker: &account::Account, row: RowId) -> String {
    format!("{}#blocks/{row}", blocker.uri)
}

/// Stores a block by the local `blocker`; answers its row, or `None` if it was there.
///
/// # Errors
/// Storage errors.
pub fn put_block(tx: &mut Tx<'_>, blocker: &account::Account, target: AccountId) -> Result<Option<RowId>> {
    if blocks(tx, blocker.id, target)? {
        return Ok(None);
    }
    let (row, created_at): (RowId, _) = (tx.next_id(), tx.now());
    BLOCKS.put(tx, &(blocker.id, target), &Block { created_at, uri: block_path(blocker, row) });
    BLOCK_ROWS.put(tx, &(blocker.id, row), &target);
    Ok(Some(row))
}

/// Notes that nobody elsewhere hears of a block made here, nor of its end.
pub fn keep_untold(tx: &mut Tx<'_>, blocker: AccountId, target: AccountId) {
    UNTOLD_BLOCKS.put(tx, &(blocker, target), &());
}

/// Whether nobody elsewhere has heard of a block made here.
///
/// # Errors
/// Storage errors.
pub fn is_untold(read: &dyn Read, blocker: AccountId, target: AccountId) -> Result<bool> {
    UNTOLD_BLOCKS.contains(read, &(blocker, target))
}

/// Removes a block made here; answers its row, or `None` if there was none.
///
/// # Errors
/// Storage errors.
pub fn remove_block(tx: &mut Tx<'_>, blocker: AccountId, target: AccountId) -> Result<Option<RowId>> {
    let Some(block) = BLOCKS.get(tx, &(blocker, target))? else { return Ok(None) };
    BLOCKS.delete(tx, &(blocker, target));
    UNTOLD_BLOCKS.delete(tx, &(blocker, target));
    let row = row_of(&block);
    if let Some(row) = row {
        BLOCK_ROWS.delete(tx, &(blocker, row));
    }
    Ok(row)
}

/// The row of a block made here stands in its path; one made elsewhere has a whole uri and no row.
fn row_of(block: &Block) -> Option<RowId> {
    let (_, row) = block.uri.strip_prefix('/')?.rsplit_once("#blocks/")?;
    row.parse().ok()
}

/// An id that names the follow of two others already does not name this one.
fn keep_free_uri(read: &dyn Read, follow: &mut Follow, from: AccountId, to: AccountId) -> Result<()> {
    let known = if follow.uri.is_empty() { None } else { FOLLOW_BY_URI.get(read, &Digest::of(&follow.uri))? };
    if known.is_some_and(|known| known != Pair { from, to }) {
        follow.uri.clear();
    }
    Ok(())
}

fn remember_uri(tx: &mut Tx<'_>, uri: &str, from: AccountId, to: AccountId) {
    if !uri.is_empty() {
        FOLLOW_BY_URI.put(tx, &Digest::of(uri), &Pair { from, to });
    }
}

fn forget_uri(tx: &mut Tx<'_>, uri: &str) {
    if !uri.is_empty() {
        FOLLOW_BY_URI.delete(tx, &Digest::of(uri));
    }
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &FOLLOWING_ROWS,
        of: &[&FOLLOWS],
        wants: |(follower, followed), follow| vec![((*follower, follow.row), *followed)],
        owner: |(follower, _), followed| (*follower, *followed),
        claim: Claim::Sole,
    },
    &Index {
        table: &FOLLOWER_ROWS,
        of: &[&FOLLOWS],
        wants: |(follower, followed), follow| vec![((*followed, follow.row), *follower)],
        owner: |(followed, _), follower| (*follower, *followed),
        claim: Claim::Sole,
    },
    &Index {
        table: &FOLLOWERS_TOLD,
        of: &[&FOLLOWS],
        wants: |(follower, followed), follow| {
            if follow.notify { vec![((*followed, *follower), ())] } else { Vec::new() }
        },
        owner: |(followed, follower), ()| (*follower, *followed),
        claim: Claim::Sole,
    },
    &Index {
        table: &FOLLOW_REQUEST_ROWS,
        of: &[&FOLLOW_REQUESTS],
        wants: |(requester, target), request| vec![((*target, request.row), *requester)],
        owner: |(target, _), requester| (*requester, *target),
        claim: Claim::Sole,
    },
    &Index {
        table: &FOLLOW_BY_URI,
        of: &[&FOLLOWS, &FOLLOW_REQUESTS],
        wants: |(from, to), follow| {
            let named = (!follow.uri.is_empty()).then(|| Digest::of(&follow.uri));
            named.into_iter().map(|digest| (digest, Pair { from: *from, to: *to })).collect()
        },
        owner: |_, pair| (pair.from, pair.to),
        claim: Claim::Sole,
    },
    &Index {
        table: &BLOCK_ROWS,
        of: &[&BLOCKS],
        wants: |(blocker, target), block| row_of(block).into_iter().map(|row| ((*blocker, row), *target)).collect(),
        owner: |(blocker, _), target| (*blocker, *target),
        claim: Claim::Sole,
    },
    &Reference { of: &FOLLOWS, to: |pair, _| both(pair), unless: always },
    &Reference { of: &FOLLOW_REQUESTS, to: |pair, _| both(pair), unless: always },
    &Reference { of: &BLOCKS, to: |pair, _| both(pair), unless: always },
    &Reference { of: &UNTOLD_BLOCKS, to: |pair, ()| vec![Pointer::to(&BLOCKS, pair)], unless: always },
];

fn both((from, to): &(AccountId, AccountId)) -> Vec<Pointer> {
    [from, to].map(|account| Pointer::to(&account::ACCOUNTS, account)).to_vec()
}
