//! Notifications (client API, Notification).

use super::{Report, SharedAccount, Status};
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
    /// With the kinds that are about a status only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// With `admin.report` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
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
}
