//! Notifications (client API, Notification).

use super::{AccountWarning, Collection, Report, SharedAccount, Status};
use serde::Serialize;
use std::sync::Arc;

/// Something happened (client API, Notification).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Notification")]
pub struct Notification {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub group_key: String,
    pub created_at: String,
    pub account: Arc<SharedAccount>,
    /// Where it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub filtered: bool,
    /// With the kinds that are about a status only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// With the kinds that are about a collection only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// With `admin.report` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// With `moderation_warning` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation_warning: Option<AccountWarning>,
    /// With `pleroma:emoji_reaction` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// With that, of a custom one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji_url: Option<String>,
}

/// Notifications in groups, with what they name (client API, GroupedNotificationsResults).
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, GroupedNotificationsResults")]
pub struct GroupedNotifications {
    pub accounts: Vec<Arc<SharedAccount>>,
    pub statuses: Vec<Status>,
    pub notification_groups: Vec<NotificationGroup>,
}

/// Notifications that say the same (client API, NotificationGroup).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, NotificationGroup")]
pub struct NotificationGroup {
    pub group_key: String,
    pub notifications_count: u64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// A number, alone among ids: Mastodon writes it so, and apps with types read it so.
    pub most_recent_notification_id: u64,
    pub page_min_id: String,
    pub page_max_id: String,
    pub latest_page_notification_at: String,
    pub sample_account_ids: Vec<String>,
    /// With the kinds that are about a status only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<String>,
    /// With `admin.report` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// With the kinds that are about a collection only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// With `moderation_warning` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moderation_warning: Option<AccountWarning>,
}

/// What an account wants of notifications by strangers and others (client API, NotificationPolicy).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, NotificationPolicy")]
pub struct NotificationPolicy {
    pub for_not_following: &'static str,
    pub for_not_followers: &'static str,
    pub for_new_accounts: &'static str,
    pub for_private_mentions: &'static str,
    pub for_limited_accounts: &'static str,
    pub for_bots: &'static str,
    pub summary: NotificationSummary,
}

/// The same as the first version of that route has it (client API, V1::NotificationPolicy).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::NotificationPolicy")]
pub struct V1NotificationPolicy {
    pub filter_not_following: bool,
    pub filter_not_followers: bool,
    pub filter_new_accounts: bool,
    pub filter_private_mentions: bool,
    pub summary: NotificationSummary,
}

/// What waits (client API, NotificationPolicy#summary).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, NotificationPolicy#summary")]
pub struct NotificationSummary {
    pub pending_requests_count: u64,
    pub pending_notifications_count: u64,
}

/// Of whom notifications were filtered (client API, NotificationRequest).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, NotificationRequest")]
pub struct NotificationRequest {
    pub id: String,
    pub created_at: String,
    pub updated_at: String,
    /// A string, as Mastodon writes it.
    pub notifications_count: String,
    pub account: Arc<SharedAccount>,
    pub last_status: Option<Status>,
}

/// Whether accepted requests have come into the list (client API, notifications#requests-merged).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API")]
pub struct Merged {
    pub merged: bool,
}
