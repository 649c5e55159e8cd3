//! What those who look after a server see (client API, Admin entities), and reports.

use super::{Role, Rule, SharedAccount, Status};
use serde::Serialize;
use std::sync::Arc;

/// An account with what is not public (client API, Admin::Account).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Account")]
pub struct AdminAccount {
    pub id: String,
    pub username: String,
    pub domain: Option<String>,
    pub created_at: String,
    /// Empty for accounts that do not sign in here.
    pub email: String,
    /// Addresses are not kept.
    pub ip: Option<String>,
    /// Addresses are not kept.
    pub ips: Vec<String>,
    pub locale: String,
    pub invite_request: Option<String>,
    pub role: Role,
    pub confirmed: bool,
    pub approved: bool,
    pub disabled: bool,
    pub silenced: bool,
    pub suspended: bool,
    pub sensitized: bool,
    pub account: Arc<SharedAccount>,
    pub created_by_application_id: Option<String>,
    pub invited_by_account_id: Option<String>,
}

/// A report as moderators see it (client API, Admin::Report).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Report")]
pub struct AdminReport {
    pub id: String,
    pub action_taken: bool,
    pub action_taken_at: Option<String>,
    pub category: &'static str,
    pub comment: String,
    pub forwarded: bool,
    pub created_at: String,
    pub updated_at: String,
    pub account: AdminAccount,
    pub target_account: AdminAccount,
    pub assigned_account: Option<AdminAccount>,
    pub action_taken_by_account: Option<AdminAccount>,
    /// As they read when they were reported.
    pub statuses: Vec<Status>,
    pub rules: Vec<Rule>,
}

/// A report as whoever made it sees it (client API, Report).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Report")]
pub struct Report {
    pub id: String,
    pub action_taken: bool,
    pub action_taken_at: Option<String>,
    pub category: &'static str,
    pub comment: String,
    pub forwarded: bool,
    pub created_at: String,
    pub status_ids: Vec<String>,
    pub rule_ids: Vec<String>,
    pub collection_ids: Vec<String>,
    pub target_account: Arc<SharedAccount>,
}

/// A block of a domain as moderators see it (client API, Admin::DomainBlock).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::DomainBlock")]
pub struct AdminDomainBlock {
    pub id: String,
    pub domain: String,
    /// SHA-256 of the domain, in hexadecimal.
    pub digest: String,
    pub created_at: String,
    pub severity: &'static str,
    pub reject_media: bool,
    pub reject_reports: bool,
    pub private_comment: Option<String>,
    pub public_comment: Option<String>,
    pub obfuscate: bool,
}

/// A block of a domain as everybody sees it (client API, DomainBlock).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, DomainBlock")]
pub struct DomainBlock {
    pub domain: String,
    /// SHA-256 of the domain, in hexadecimal: tells those who know the domain that it is meant.
    pub digest: String,
    pub severity: &'static str,
    pub comment: String,
}

/// A row of the audit log; an extension of this server.
#[derive(Debug, Clone, Serialize)]
pub struct AuditRow {
    /// Its number.
    pub id: String,
    /// When.
    pub created_at: String,
    /// What was done.
    pub action: &'static str,
    /// Why, as they wrote it.
    pub reason: String,
    /// Who; none if the account is not known any more.
    pub account: Option<Arc<SharedAccount>>,
    /// `account`, `domain` or `report`.
    pub subject_type: &'static str,
    /// Its number, or the domain.
    pub subject: String,
}
