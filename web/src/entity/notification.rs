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
