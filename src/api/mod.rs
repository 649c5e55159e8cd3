//! Lives here: the client API, one file per chapter of Mastodon's documentation.
//! May use: core rooms, `present`, `http`, `server`, `federation::fetch` (to resolve before a rule runs).
//! Must never name: other edges, engines, ActivityPub documents.
//! Invariants: a handler reads the request, calls one rule, shapes the answer; what a viewer may not see is 404; every
//! route that needs a person says which scope it needs.

pub mod accounts;
pub mod admin;
pub mod announcements;
pub mod apps;
pub mod blocks;
pub mod collections;
pub mod conversations;
pub mod custom_emojis;
pub mod directory;
pub mod domain_blocks;
pub mod endorsements;
pub mod filters;
pub mod follow_requests;
pub mod grouped_notifications;
pub mod instance;
pub mod interaction_policies;
pub mod interaction_requests;
pub mod interactions;
pub mod lists;
pub mod markers;
pub mod media;
pub mod mutes;
pub mod notification_requests;
pub mod notifications;
pub mod oembed;
pub mod polls;
pub mod preferences;
pub mod profile;
pub mod push;
pub mod quotes;
pub mod reactions;
pub mod relationships;
pub mod reports;
pub mod scheduled_statuses;
pub mod search;
pub mod statuses;
pub mod suggestions;
pub mod tags;
pub mod timelines;
pub mod translations;
pub mod trends;

mod draw;

#[cfg(test)]
mod tests;
