//! Lives here: the client API, one file per chapter of Mastodon's documentation.
//! May use: core rooms, `present`, `http`, `server`, `federation::fetch` (to resolve before a rule runs).
//! Must never name: other edges, engines, ActivityPub documents.
//! Invariants: a handler reads the request, calls one rule, shapes the answer; what a viewer may not see is 404; every
//! route that needs a person says which scope it needs.

pub mod accounts;
pub mod apps;
pub mod custom_emojis;
pub mod filters;
pub mod follow_requests;
pub mod instance;
pub mod interactions;
pub mod markers;
pub mod notifications;
pub mod oembed;
pub mod preferences;
pub mod quotes;
pub mod search;
pub mod statuses;
pub mod timelines;

mod draw;

#[cfg(test)]
mod tests;
