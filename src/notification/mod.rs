//! Lives here: reading, counting, dismissing and clearing the notifications of an account.
//! May use: relationship, account, visibility, the lowest rooms, `storage`. Must never name: HTTP, ActivityPub, edges.
//! Invariants: nobody sees a notification of another; none shows what its owner may not see; a clear is obeyed at once.

mod group;
mod list;

pub use group::{GROUPED, Group, Groups, dismiss_group, group, group_key, grouped, members, unread_groups};
pub use list::{Filter, Page, list, show, unread_count};

use crate::error::{Error, Result};
use storage::{
    AccountId, NotificationId, Tx,
    notification::{self, NotificationKind},
};

/// Every kind with its word in the client API (Notification#type).
const KINDS: [(NotificationKind, &str); 11] = [
    (NotificationKind::Mention, "mention"),
    (NotificationKind::Status, "status"),
    (NotificationKind::Reblog, "reblog"),
    (NotificationKind::Follow, "follow"),
    (NotificationKind::FollowRequest, "follow_request"),
    (NotificationKind::Favourite, "favourite"),
    (NotificationKind::Update, "update"),
    (NotificationKind::Poll, "poll"),
    (NotificationKind::AdminReport, "admin.report"),
    (NotificationKind::Quote, "quote"),
    (NotificationKind::QuotedUpdate, "quoted_update"),
];

/// The word of a kind in the client API.
#[must_use]
pub fn kind_name(kind: NotificationKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("mention", |(_, name)| name)
}

/// The kind a word of the client API means; `None` for one that nothing here makes.
#[must_use]
pub fn kind_named(name: &str) -> Option<NotificationKind> {
    KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
}

/// Removes one notification of `owner`.
///
/// # Errors
/// `NotFound` if `owner` has none with this id.
///
/// Source: client API, notifications#dismiss.
pub fn dismiss(tx: &mut Tx<'_>, owner: AccountId, id: NotificationId) -> Result<()> {
    if notification::dismiss(tx, owner, id)? { Ok(()) } else { Err(Error::NotFound) }
}

/// Removes all notifications of `owner`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications#clear.
pub fn clear(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    Ok(notification::clear(tx, owner)?)
}

#[cfg(test)]
mod tests;
