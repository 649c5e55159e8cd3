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
    /// Where they signed up from.
    pub ip: Option<String>,
    /// The same, and when; no others are kept.
    pub ips: Vec<AdminIp>,
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

/// An address somebody came from (client API, Admin::Ip).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Ip")]
pub struct AdminIp {
    pub ip: String,
    pub used_at: String,
}

/// What moderators decided about somebody, as that person sees it (client API, AccountWarning).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, AccountWarning")]
pub struct AccountWarning {
    pub id: String,
    pub action: &'static str,
    pub text: String,
    pub status_ids: Vec<String>,
    pub target_account: Arc<SharedAccount>,
    pub appeal: Option<Appeal>,
    pub created_at: String,
}

/// What somebody said against that (client API, Appeal).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Appeal")]
pub struct Appeal {
    pub text: String,
    pub state: &'static str,
}

/// A domain whose e-mail addresses nobody signs up with (client API, Admin::EmailDomainBlock).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::EmailDomainBlock")]
pub struct AdminEmailDomainBlock {
    pub id: String,
    pub domain: String,
    pub created_at: String,
    pub allow_with_approval: bool,
    pub history: Vec<AdminEmailDomainHistory>,
}

/// Attempts of one day (client API, Admin::EmailDomainBlock#history).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::EmailDomainBlock")]
pub struct AdminEmailDomainHistory {
    pub day: String,
    pub accounts: String,
    pub uses: String,
}

/// A network whose requests are treated otherwise (client API, Admin::IpBlock).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::IpBlock")]
pub struct AdminIpBlock {
    pub id: String,
    pub ip: String,
    pub severity: &'static str,
    pub comment: String,
    pub created_at: String,
    pub expires_at: Option<String>,
}

/// An e-mail address that nobody signs up with (client API, Admin::CanonicalEmailBlock).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::CanonicalEmailBlock")]
pub struct AdminCanonicalEmailBlock {
    pub id: String,
    pub canonical_email_hash: String,
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

/// A server that is let in while federation is limited (client API, Admin::DomainAllow).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::DomainAllow")]
pub struct AdminDomainAllow {
    pub id: String,
    pub domain: String,
    pub created_at: String,
}

/// Numbers of a time (client API, Admin::Measure); they are strings there.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Measure")]
pub struct AdminMeasure {
    pub key: String,
    pub unit: Option<String>,
    pub total: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_total: Option<String>,
    pub data: Vec<MeasureDay>,
}

/// A day of it (client API, Admin::Measure#data).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Measure#data")]
pub struct MeasureDay {
    pub date: String,
    pub value: String,
}

/// Numbers put together by what they are of (client API, Admin::Dimension).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Dimension")]
pub struct AdminDimension {
    pub key: String,
    pub data: Vec<DimensionRow>,
}

/// One of them (client API, Admin::Dimension#data).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Dimension#data")]
pub struct DimensionRow {
    pub key: String,
    pub human_key: String,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human_value: Option<String>,
}

/// People who came together, and how many stayed (client API, Admin::Cohort).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Cohort")]
pub struct AdminCohort {
    pub period: String,
    pub frequency: &'static str,
    pub data: Vec<CohortDay>,
}

/// A day or month of theirs (client API, Admin::Cohort#data).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Admin::Cohort#data")]
pub struct CohortDay {
    pub date: String,
    pub rate: f64,
    pub value: String,
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
    /// `account`, `domain`, `report`, `network`, `email` or `custom_emoji`.
    pub subject_type: &'static str,
    /// Its number, or the domain, the network, the address's hash, the shortcode.
    pub subject: String,
}
