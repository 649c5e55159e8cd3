//! Announcements and suggestions (client API, Announcement, Reaction, Suggestion).

use super::{CustomEmoji, SharedAccount, StatusMention, StatusTag};
use serde::Serialize;
use std::sync::Arc;

/// An announcement (client API, Announcement).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Announcement")]
pub struct Announcement {
    pub id: String,
    pub content: String,
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub all_day: bool,
    pub published_at: String,
    pub updated_at: String,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<bool>,
    pub mentions: Vec<StatusMention>,
    pub statuses: Vec<AnnouncementStatus>,
    pub tags: Vec<StatusTag>,
    pub emojis: Vec<CustomEmoji>,
    pub reactions: Vec<Reaction>,
}

/// A status that an announcement links to (client API, Announcement::Status).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Announcement::Status")]
pub struct AnnouncementStatus {
    pub id: String,
    pub url: String,
}

/// Reactions with one emoji (client API, Reaction).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Reaction")]
pub struct Reaction {
    pub name: String,
    pub count: u64,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub me: Option<bool>,
    /// Of a custom one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of a custom one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_url: Option<String>,
    /// On streams only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announcement_id: Option<String>,
}

/// Somebody to follow (client API, Suggestion).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Suggestion")]
pub struct Suggestion {
    /// The first of `sources` as older apps know it.
    pub source: &'static str,
    pub sources: Vec<&'static str>,
    pub account: Arc<SharedAccount>,
}
