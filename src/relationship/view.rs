//! How two accounts stand to each other.

use crate::error::Result;
use storage::{
    AccountId, Read, Timestamp, account, domain_block,
    endorsement::{self, ACCOUNT_NOTES},
    mute::{self, Mute},
    relationship::{blocks, find, find_request},
};

/// How `viewer` and `target` stand to each other (client API, Relationship).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// The other account.
    pub target: AccountId,
    /// The viewer follows.
    pub following: bool,
    /// Reblogs are (or will be) shown.
    pub showing_reblogs: bool,
    /// New statuses notify.
    pub notifying: bool,
    /// Only these languages; empty: all, or no follow.
    pub languages: Vec<String>,
    /// The other follows the viewer.
    pub followed_by: bool,
    /// The viewer has asked to follow.
    pub requested: bool,
    /// The other has asked to follow.
    pub requested_by: bool,
    /// The viewer blocks.
    pub blocking: bool,
    /// The other blocks the viewer.
    pub blocked_by: bool,
    /// The viewer mutes.
    pub muting: bool,
    /// The mute hides notifications too.
    pub muting_notifications: bool,
    /// When the mute ends.
    pub muting_expires_at: Option<Timestamp>,
    /// The viewer blocks the other's domain.
    pub domain_blocking: bool,
    /// The viewer recommends the other.
    pub endorsed: bool,
    /// The viewer's private note; may be empty.
    pub note: String,
}

/// How `viewer` stands to `target`.
///
/// # Errors
/// Storage errors.
pub fn between(read: &dyn Read, viewer: AccountId, target: AccountId) -> Result<Relationship> {
    let follow = find(read, viewer, target)?;
    let request = find_request(read, viewer, target)?;
    let (following, requested) = (follow.is_some(), follow.is_none() && request.is_some());
    let options = follow.or(request);
    let muted = mute::find(read, viewer, target)?;
    let domain = account::find(read, target)?.and_then(|other| other.domain);
    Ok(Relationship {
        target,
        following,
        showing_reblogs: options.as_ref().is_some_and(|options| options.reblogs),
        notifying: options.as_ref().is_some_and(|options| options.notify),
        languages: options.map(|options| options.languages).unwrap_or_default(),
        followed_by: find(read, target, viewer)?.is_some(),
        requested,
        requested_by: find_request(read, target, viewer)?.is_some(),
        blocking: blocks(read, viewer, target)?,
        blocked_by: blocks(read, target, viewer)?,
        muting: muted.is_some(),
        muting_notifications: muted.as_ref().is_some_and(|mute| mute.notifications),
        muting_expires_at: muted.and_then(|Mute { expires_at, .. }| expires_at),
        domain_blocking: match domain {
            Some(domain) => domain_block::blocks(read, viewer, &domain)?,
            None => false,
        },
        endorsed: endorsement::endorses(read, viewer, target)?,
        note: ACCOUNT_NOTES.get(read, &(viewer, target))?.map(|note| note.comment).unwrap_or_default(),
    })
}
