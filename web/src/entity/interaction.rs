//! Interaction policies and what waits for an author's word (GoToSocial).

use super::{SharedAccount, Status};
use serde::Serialize;
use std::sync::Arc;

/// Who may do what with a status (GoToSocial, interactionPolicy).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of GoToSocial, interactionPolicy")]
pub struct InteractionPolicy {
    pub can_favourite: InteractionRules,
    pub can_reply: InteractionRules,
    pub can_reblog: InteractionRules,
}

/// Who may do one thing, under its names and the older ones (GoToSocial, interactionPolicyRules).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of GoToSocial, interactionPolicyRules")]
pub struct InteractionRules {
    pub automatic_approval: Vec<&'static str>,
    pub manual_approval: Vec<&'static str>,
    pub always: Vec<&'static str>,
    pub with_approval: Vec<&'static str>,
}

/// The policies of new statuses (GoToSocial, defaultPolicies).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names of visibilities")]
pub struct InteractionDefaults {
    pub public: InteractionPolicy,
    pub unlisted: InteractionPolicy,
    pub private: InteractionPolicy,
    pub direct: InteractionPolicy,
}

/// Something that waits for an author's word, or has it (GoToSocial, interactionRequest).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of GoToSocial, interactionRequest")]
pub struct InteractionRequest {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub created_at: String,
    pub account: Arc<SharedAccount>,
    pub status: Status,
    /// Of a reply that is there only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Status>,
    /// Once accepted only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<String>,
    /// Once rejected only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_at: Option<String>,
    /// What shows that it was accepted; with `accepted_at` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}
