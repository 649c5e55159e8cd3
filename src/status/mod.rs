//! Lives here: statuses: writing, editing, deleting, sharing and marking them, threads, and taking in those of peers.
//! May use: timeline, notification, relationship, account, visibility, text, the lowest rooms, `storage`.
//! Must never name: HTTP, ActivityPub, edges, the server, the clock of the system.
//! Invariants: a status, its rows, notifications and intents are one commit; nobody answers, shares or marks what they
//! may not see; what was deleted is not stored again.

pub mod accept;
pub mod backfill;
pub mod cleanup;
mod compose;
mod context;
mod create;
mod delete;
mod edit;
mod group;
mod holders;
pub mod interaction;
mod lists;
mod mark;
pub mod purge;
mod quote;
pub mod quote_answer;
pub mod react;
mod readdress;
mod reblog;
pub mod scheduled;
mod tell;
mod thread;

pub use compose::{Composed, compose, handles, tag_page, text_and_warning};
pub use context::{Context, Part, context, context_part};
pub use create::{Created, NewStatus, create};
pub use delete::delete;
pub use edit::{Change, Version, edit, history};
pub use group::{group_answered, group_of, is_group};
pub use holders::holders;
pub use interaction::{Leave, Waiting, Wanted, authorization, interaction_policy, leave};
pub use lists::{Marked, People, bookmarks, favourited_by, favourites, quotes, reblogged_by};
pub use mark::{bookmark, favourite, is_pinned, pin, unbookmark, unfavourite, unpin};
pub use quote::{
    Choice, Stance, fallback, is_same_for_all, policy, policy_of, revoke, set_policy, stamp_path, stamped, stance,
    stance_under,
};
pub use readdress::{led_to, readdress, readdressed};
pub use reblog::{asked_for, reblog, unreblog};
pub use tell::answered_here;
pub use thread::{
    Conversations, conversation, conversation_of, conversations, first_of_thread, is_thread_muted, mute_thread,
    mutes_any_thread, read_conversation, remove_conversation, unmute_thread, unread_conversation,
};

use crate::{
    error::{Error, Result},
    origin::Origin,
    text::normalise_hashtag,
    visibility,
};
use storage::{
    AccountId, Read, StatusId,
    account::{self, Account},
    status::{self, ContentType, Status},
    tag,
};

/// The MIME type of how a text was written (client API, `content_type`).
#[must_use]
pub fn mime(content_type: ContentType) -> &'static str {
    match content_type {
        ContentType::Plain => "text/plain",
        ContentType::Markdown => "text/markdown",
    }
}

/// How texts may be written, all of them.
pub const CONTENT_TYPES: [ContentType; 2] = [ContentType::Plain, ContentType::Markdown];

/// The status `id`, if `viewer` may see it.
///
/// # Errors
/// `NotFound` if there is none or it is not to be seen.
pub fn require(read: &dyn Read, viewer: Option<AccountId>, id: StatusId) -> Result<Status> {
    let status = status::find(read, id)?.ok_or(Error::NotFound)?;
    if visibility::can_see(read, viewer, &status)? { Ok(status) } else { Err(Error::NotFound) }
}

/// The status `id`, or what it shares if it is a reblog, if `viewer` may see it.
///
/// # Errors
/// `NotFound` if there is none or it is not to be seen.
///
/// Source: client API, statuses: interactions with a reblog mean the original.
pub fn require_original(read: &dyn Read, viewer: AccountId, id: StatusId) -> Result<Status> {
    let status = require(read, Some(viewer), id)?;
    match status.reblog_of {
        Some(original) => require(read, Some(viewer), original),
        None => Ok(status),
    }
}

/// A status (of a reblog: the original) that may be shown to a translation service: what few may read, or only people
/// here, is shown to none.
///
/// # Errors
/// `NotFound` if `viewer` may not see it; `Forbidden` if few may.
pub fn require_translatable(read: &dyn Read, viewer: AccountId, id: StatusId) -> Result<Status> {
    let status = require_original(read, viewer, id)?;
    if status.is_public() && !status.local_only {
        Ok(status)
    } else {
        Err(Error::Forbidden("This action is not allowed"))
    }
}

/// The status with this ActivityPub id or, for statuses of this server, this page.
///
/// # Errors
/// Storage errors.
pub fn find_by_uri(read: &dyn Read, origin: &Origin, uri: &str) -> Result<Option<Status>> {
    match origin.path_of(uri) {
        Some(path) => find_by_path(read, path),
        None => Ok(status::find_by_uri(read, uri)?),
    }
}

/// The local status at `path`: its id, the id of its activity, or its page.
fn find_by_path(read: &dyn Read, path: &str) -> Result<Option<Status>> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_suffix("/activity").unwrap_or(path);
    let Some((front, id)) = path.rsplit_once('/') else { return Ok(None) };
    let Ok(id) = id.parse::<StatusId>() else { return Ok(None) };
    let Some(status) = status::find(read, id)?.filter(|status| status.local) else { return Ok(None) };
    if status.uri == path {
        return Ok(Some(status));
    }
    let Some(name) = front.strip_prefix("/@") else { return Ok(None) };
    let author = account::find(read, status.account)?;
    Ok(author.is_some_and(|author| author.username.eq_ignore_ascii_case(name)).then_some(status))
}

/// The path of a status of `author`, who lives here.
fn own_path(author: &Account, id: StatusId) -> String {
    format!("{}/statuses/{id}", author.uri)
}

/// A hashtag as it is stored: as written, unless its letters have a plainer form (NFKC), in which it is compared.
fn stored_tag(name: &str) -> String {
    let key = normalise_hashtag(name);
    if key == tag::normalise(name) { name.to_owned() } else { key }
}

#[cfg(test)]
mod tests;
