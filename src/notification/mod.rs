//! Lives here: reading, counting, dismissing and clearing the notifications of an account, and requests of those whose
//! notifications its policy filters.
//! May use: relationship, account, visibility, the lowest rooms, `storage`. Must never name: HTTP, ActivityPub, edges.
//! Invariants: nobody sees a notification of another; none shows what its owner may not see; a clear is obeyed at once;
//! what is filtered is shown only where it is asked for.

mod group;
mod list;
mod request;

pub use group::{GROUPED, Group, Groups, dismiss_group, group, group_key, grouped, members, unread_groups};
pub use list::{Filter, Page, list, show, unread_count};
pub use request::{
    Change, Requests, accept, change_policy, counted, destroy, dismiss_request, each, is_merged, last_status,
    merge_step, merged, pending, request, requests,
};

use crate::error::{Error, Result};
use storage::{
    AccountId, NotificationId, Tx,
    notification::{self, NotificationKind},
};

/// Every kind with its word in the client API (Notification#type).
const KINDS: [(NotificationKind, &str); 19] = [
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
    (NotificationKind::AdminSignUp, "admin.sign_up"),
    (NotificationKind::Reaction, "pleroma:emoji_reaction"),
    (NotificationKind::AddedToCollection, "added_to_collection"),
    (NotificationKind::CollectionUpdate, "collection_update"),
    (NotificationKind::PendingFavourite, "pending.favourite"),
    (NotificationKind::PendingReply, "pending.reply"),
    (NotificationKind::PendingReblog, "pending.reblog"),
    (NotificationKind::ModerationWarning, "moderation_warning"),
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
#[cfg(test)]
mod treatment;
