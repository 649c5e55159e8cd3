//! Long texts of the server (client API, ExtendedDescription, PrivacyPolicy, TermsOfService).

use serde::Serialize;

/// What the server is, or its privacy policy (client API, ExtendedDescription, PrivacyPolicy).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, ExtendedDescription")]
pub struct ServerText {
    pub updated_at: String,
    /// Sanitised HTML.
    pub content: String,
}

/// A version of the terms of service (client API, TermsOfService).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, TermsOfService")]
pub struct TermsOfService {
    pub effective_date: String,
    pub effective: bool,
    /// Sanitised HTML.
    pub content: String,
    /// Only where a newer version is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded_by: Option<String>,
}

/// What happened in a week (client API, instance#activity); numbers are strings there.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, instance#activity")]
pub struct WeekOfActivity {
    pub week: String,
    pub statuses: String,
    pub logins: String,
    pub registrations: String,
}

/// A status in another language (client API, Translation).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Translation")]
pub struct TranslatedStatus {
    pub content: String,
    pub spoiler_text: String,
    pub poll: Option<TranslatedPoll>,
    pub media_attachments: Vec<TranslatedAttachment>,
    pub language: String,
    pub detected_source_language: String,
    pub provider: &'static str,
}

/// Its poll (client API, Translation::Poll).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Translation::Poll")]
pub struct TranslatedPoll {
    pub id: String,
    pub options: Vec<TranslatedOption>,
}

/// One of its options (client API, Translation::Poll::Option).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Translation::Poll::Option")]
pub struct TranslatedOption {
    pub title: String,
}

/// What is said of an attachment (client API, Translation::Attachment).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Translation::Attachment")]
pub struct TranslatedAttachment {
    pub id: String,
    pub description: String,
}

/// A language (client API, instance#languages).
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, instance#languages")]
pub struct Language {
    pub code: &'static str,
    pub name: &'static str,
}
