//! What peers do to follows and blocks. The caller has verified the actor; here it is checked against the row.
//!
//! Whoever is not entitled (a stranger accepting, somebody undoing another's follow) gets `Forbidden` (SECURITY A8).
//! Uris are those of the rows: a path for Follows made here, so the edge takes our origin off first.

use super::{request::admit, sever, tell};
use crate::{
    account,
    error::{Error, Result},
    limits,
    origin::check_uri,
    policy,
};
use storage::{
    AccountId, Bounds, Digest, Direction, Tx, domain_block,
    intent::Intent,
    list, moderation,
    notification::NotificationKind,
    relationship::{self, BLOCKS, Block, Follow, Pair, blocks},
    status::TOMBSTONES,
};

/// The Follow an Accept, Reject or Undo speaks of: by its id, by who and whom, or both. The id is tried first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The Follow's id.
    pub uri: Option<String>,
    /// Follower and followed, as the inlined Follow says.
    pub pair: Option<Pair>,
}

/// What became of a remote account's Follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// It follows; an Accept is owed.
    Accepted,
    /// The account wants to be asked, or is asked because moderators silenced who wants to follow.
    Waiting,
    /// Refused; a Reject is owed.
    Rejected,
    /// Taken back before it came.
    Undone,
}

/// A Follow of the local `target` by the remote `follower` under the id `uri` (may be empty).
///
/// A repeated Follow is answered again with its new id (FEDERATION §3). Whoever is silenced, alone or with its domain, is a
/// request also where others follow at once, as at Mastodon.
///
/// # Errors
/// `NotFound` if either is unknown or `target` is not here; `Gone` if `follower` is suspended; `Invalid` for an
/// overlong id.
pub fn follow(tx: &mut Tx<'_>, follower: AccountId, target: AccountId, uri: &str) -> Result<Followed> {
    check_uri(uri)?;
    let from = account::require(tx, follower)?;
    let to = account::require(tx, target)?;
    if from.suspended_at.is_some() {
        return Err(Error::Gone);
    }
    if !to.is_local() || from.is_local() {
        return Err(Error::NotFound);
    }
    if is_undone(tx, uri)? {
        // It was this one: the next under its id is another.
        TOMBSTONES.delete(tx, &Digest::of(uri));
        return Ok(Followed::Undone);
    }
    let refused = match &from.domain {
        Some(domain) => domain_block::blocks(tx, target, domain)?,
        None => false,
    };
    if to.suspended_at.is_some() || to.moved_to.is_some() || refused || blocks(tx, target, follower)? {
        sever(tx, follower, target)?;
        tell(tx, Intent::RejectFollow { target, follower, follow_uri: uri.to_owned() });
        return Ok(Followed::Rejected);
    }
    if let Some(mut known) = relationship::find(tx, follower, target)? {
        uri.clone_into(&mut known.uri);
        relationship::put(tx, follower, target, &known)?;
        tell(tx, Intent::AcceptFollow { target, follower, follow_uri: uri.to_owned() });
        return Ok(Followed::Accepted);
    }
    let fresh = Follow::bare(tx.next_id(), uri.to_owned(), tx.now());
    if to.locked || moderation::is_silenced(tx, &from)? {
        relationship::put_request(tx, follower, target, &fresh)?;
        policy::notify(tx, target, NotificationKind::FollowRequest, follower, None)?;
        return Ok(Followed::Waiting);
    }
    sever(tx, follower, target)?;
    admit(tx, target, &from, &fresh)?;
    Ok(Followed::Accepted)
}

/// The remote `by` accepts a Follow made here. Whether anything changed: an Accept of nothing asked, or a second one,
/// changes nothing.
///
/// # Errors
/// `Forbidden` if the Follow was not addressed to `by`.
pub fn accepted(tx: &mut Tx<'_>, by: AccountId, named: &Named) -> Result<bool> {
    let Some(pair) = find(tx, named)? else { return Ok(false) };
    if pair.to != by {
        return Err(Error::Forbidden("only the followed account accepts"));
    }
    let Some(request) = relationship::remove_request(tx, pair.from, pair.to)? else { return Ok(false) };
    relationship::put(tx, pair.from, pair.to, &request)?;
    Ok(true)
}

/// The remote `by` refuses a Follow made here, or ends it after having accepted. Whether anything changed.
///
/// # Errors
/// `Forbidden` if the Follow was not addressed to `by`.
pub fn rejected(tx: &mut Tx<'_>, by: AccountId, named: &Named) -> Result<bool> {
    let Some(pair) = find(tx, named)? else { return Ok(false) };
    if pair.to != by {
        return Err(Error::Forbidden("only the followed account rejects"));
    }
    list::forget(tx, pair.from, pair.to)?;
    Ok(sever(tx, pair.from, pair.to)?.row().is_some())
}

/// The remote `by` takes its Follow back, accepted or waiting. Whether anything changed.
///
/// # Errors
/// `Forbidden` if the Follow is somebody else's.
pub fn undone(tx: &mut Tx<'_>, by: AccountId, named: &Named) -> Result<bool> {
    let Some(pair) = find(tx, named)? else { return Ok(false) };
    if pair.from != by {
        return Err(Error::Forbidden("only the follower undoes a follow"));
    }
    Ok(sever(tx, pair.from, pair.to)?.row().is_some())
}

/// The remote `blocker` blocks the local `target`: follows and requests end both ways.
///
/// # Errors
/// `NotFound` if `target` is not here; `Invalid` for an overlong id.
pub fn block(tx: &mut Tx<'_>, blocker: AccountId, target: AccountId, uri: &str) -> Result<()> {
    check_uri(uri)?;
    if !account::require(tx, target)?.is_local() || account::require(tx, blocker)?.is_local() {
        return Err(Error::NotFound);
    }
    if is_undone(tx, uri)? {
        return Ok(());
    }
    let created_at = tx.now();
    BLOCKS.put(tx, &(blocker, target), &Block { created_at, uri: uri.to_owned() });
    sever(tx, blocker, target)?;
    sever(tx, target, blocker)?;
    Ok(())
}

/// The remote `blocker` takes a Block back, named by its id, by the blocked account, or both. Whether there was one.
///
/// By id alone the first `limits::BLOCKS_SCANNED` blocks of the actor are looked through.
///
/// # Errors
/// Storage errors.
pub fn unblocked(tx: &mut Tx<'_>, blocker: AccountId, uri: Option<&str>, target: Option<AccountId>) -> Result<bool> {
    if let Some(target) = target {
        let there = blocks(tx, blocker, target)?;
        BLOCKS.delete(tx, &(blocker, target));
        return Ok(there);
    }
    let Some(uri) = uri.filter(|uri| !uri.is_empty()) else { return Ok(false) };
    let rows = BLOCKS.list(tx, &blocker, Bounds::NONE, Direction::Ascending, limits::BLOCKS_SCANNED)?;
    let Some((key, _)) = rows.into_iter().find(|(_, block)| block.uri == uri) else { return Ok(false) };
    BLOCKS.delete(tx, &key);
    Ok(true)
}

/// Whether what has this id was taken back a short while ago, when it was not here yet.
fn is_undone(tx: &Tx<'_>, uri: &str) -> Result<bool> {
    if uri.is_empty() {
        return Ok(false);
    }
    let undone = TOMBSTONES.get(tx, &Digest::of(uri))?;
    Ok(undone.is_some_and(|at| tx.now().ms_since(at) < limits::UNDONE_BEFORE_MS))
}

fn find(tx: &Tx<'_>, named: &Named) -> Result<Option<Pair>> {
    let uri = named.uri.as_deref().filter(|uri| !uri.is_empty());
    let known = uri.map(|uri| relationship::find_by_uri(tx, uri)).transpose()?.flatten();
    Ok(known.or(named.pair))
}
