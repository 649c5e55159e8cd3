//! The server as apps see it (client API, Instance, V1::Instance).

use super::SharedAccount;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// The server (client API, Instance).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance")]
pub struct Instance {
    pub domain: String,
    pub title: String,
    pub version: String,
    pub source_url: String,
    pub description: String,
    pub usage: Usage,
    pub thumbnail: Thumbnail,
    pub icon: Vec<Icon>,
    pub languages: Vec<String>,
    pub configuration: Configuration,
    pub registrations: Registrations,
    pub api_versions: BTreeMap<&'static str, u32>,
    pub contact: Contact,
    pub rules: Vec<Rule>,
}

/// Activity.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#usage")]
pub struct Usage {
    pub users: UsageUsers,
}

/// People who were active.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#usage")]
pub struct UsageUsers {
    pub active_month: u64,
}

/// A picture for the server.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#thumbnail")]
pub struct Thumbnail {
    pub url: String,
    pub blurhash: Option<String>,
    pub versions: BTreeMap<&'static str, String>,
    pub description: String,
}

/// An icon in one size.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, InstanceIcon")]
pub struct Icon {
    pub src: String,
    pub size: String,
}

/// Addresses and limits.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct Configuration {
    pub urls: InstanceUrls,
    pub vapid: Vapid,
    pub accounts: AccountLimits,
    pub statuses: StatusLimits,
    pub media_attachments: MediaLimits,
    pub polls: PollLimits,
    pub translation: Translation,
    pub timelines_access: TimelinesAccess,
    pub limited_federation: bool,
}

/// Addresses.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct InstanceUrls {
    pub streaming: String,
    pub status: Option<String>,
    pub about: Option<String>,
    pub privacy_policy: Option<String>,
    pub terms_of_service: Option<String>,
}

/// The key of web push.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct Vapid {
    pub public_key: String,
}

/// Limits of profiles.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct AccountLimits {
    pub max_featured_tags: u32,
    pub max_pinned_statuses: u32,
    pub max_profile_fields: u32,
    pub profile_field_name_limit: u32,
    pub profile_field_value_limit: u32,
    pub max_display_name_length: u32,
    pub max_note_length: u32,
}

/// Limits of statuses.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct StatusLimits {
    pub max_characters: u32,
    pub max_media_attachments: u32,
    pub characters_reserved_per_url: u32,
    /// How texts may be written (glitch-soc, GoToSocial).
    pub supported_mime_types: Vec<&'static str>,
}

/// Limits of media.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct MediaLimits {
    pub supported_mime_types: Vec<&'static str>,
    pub description_limit: u32,
    pub image_size_limit: u32,
    pub image_matrix_limit: u32,
    pub video_size_limit: u32,
    pub video_frame_rate_limit: u32,
    pub video_matrix_limit: u32,
}

/// Limits of polls.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct PollLimits {
    pub max_options: u32,
    pub max_characters_per_option: u32,
    pub min_expiration: u32,
    pub max_expiration: u32,
}

/// Whether statuses can be translated.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct Translation {
    pub enabled: bool,
}

/// Who may read which timelines.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct TimelinesAccess {
    pub live_feeds: TimelineAccess,
    pub hashtag_feeds: TimelineAccess,
    pub trending_link_feeds: TimelineAccess,
}

/// `public`, `authenticated` or `disabled`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#configuration")]
pub struct TimelineAccess {
    pub local: &'static str,
    pub remote: &'static str,
}

/// Whether one may sign up.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#registrations")]
pub struct Registrations {
    pub enabled: bool,
    pub approval_required: bool,
    pub reason_required: bool,
    pub message: Option<String>,
    pub min_age: Option<u32>,
    pub url: Option<String>,
}

/// Whom to ask.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Instance#contact")]
pub struct Contact {
    pub email: String,
    pub account: Option<Arc<SharedAccount>>,
}

/// A rule (client API, Rule).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Rule")]
pub struct Rule {
    pub id: String,
    pub text: String,
    pub hint: String,
}

/// The server as older apps see it (client API, V1::Instance).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::Instance")]
pub struct V1Instance {
    pub uri: String,
    pub title: String,
    pub short_description: String,
    pub description: String,
    pub email: String,
    pub version: String,
    pub urls: V1Urls,
    pub stats: V1Stats,
    pub thumbnail: Option<String>,
    pub languages: Vec<String>,
    pub registrations: bool,
    pub approval_required: bool,
    pub invites_enabled: bool,
    pub configuration: V1Configuration,
    pub contact_account: Option<Arc<SharedAccount>>,
    pub rules: Vec<Rule>,
    pub max_toot_chars: u32,
}

/// Addresses.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::Instance#urls")]
pub struct V1Urls {
    pub streaming_api: String,
}

/// Counts.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::Instance#stats")]
pub struct V1Stats {
    pub user_count: u64,
    pub status_count: u64,
    pub domain_count: u64,
}

/// Limits.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::Instance#configuration")]
pub struct V1Configuration {
    pub accounts: AccountLimits,
    pub statuses: StatusLimits,
    pub media_attachments: MediaLimits,
    pub polls: PollLimits,
}
