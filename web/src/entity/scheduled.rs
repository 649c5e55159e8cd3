//! Statuses that are to be posted later (client API, ScheduledStatus).

use super::{InteractionPolicy, MediaAttachment, Status};
use serde::Serialize;

/// What posting answers: the status, or what will be posted.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Posted {
    /// The status.
    Now(Box<Status>),
    /// What will be posted.
    Later(Box<ScheduledStatus>),
}

/// A status that is to be posted later (client API, ScheduledStatus).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, ScheduledStatus")]
pub struct ScheduledStatus {
    pub id: String,
    pub scheduled_at: String,
    pub params: ScheduledParams,
    pub media_attachments: Vec<MediaAttachment>,
}

/// What was asked for. Numbers of the program and of what is answered are numbers here, as Mastodon has them.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, ScheduledStatus#params")]
pub struct ScheduledParams {
    pub text: String,
    pub media_ids: Option<Vec<String>>,
    pub sensitive: Option<bool>,
    pub spoiler_text: Option<String>,
    pub visibility: &'static str,
    pub language: Option<String>,
    pub poll: Option<ScheduledPoll>,
    pub in_reply_to_id: Option<u64>,
    pub quoted_status_id: Option<String>,
    /// Absent if nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_approval_policy: Option<&'static str>,
    /// Absent if nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interaction_policy: Option<InteractionPolicy>,
    pub application_id: u64,
    pub idempotency: Option<String>,
    pub local_only: Option<bool>,
    pub content_type: &'static str,
    /// Always null: the time stands beside.
    pub scheduled_at: Option<String>,
    pub with_rate_limit: bool,
}

/// A poll that will begin (client API, ScheduledStatus#params).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, ScheduledStatus#params")]
pub struct ScheduledPoll {
    pub options: Vec<String>,
    pub expires_in: i64,
    pub multiple: bool,
    pub hide_totals: bool,
}
