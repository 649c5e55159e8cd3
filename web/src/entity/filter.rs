//! Filters (client API, Filter and what belongs to it).

use serde::Serialize;

/// A filter (client API, Filter).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Filter")]
pub struct Filter {
    pub id: String,
    pub title: String,
    pub context: Vec<&'static str>,
    pub expires_at: Option<String>,
    pub filter_action: &'static str,
    /// Not in a status' `filtered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Vec<FilterWord>>,
    /// Not in a status' `filtered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<FilterStatus>>,
}

/// Words of a filter (client API, FilterKeyword).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FilterKeyword")]
pub struct FilterWord {
    pub id: String,
    pub keyword: String,
    pub whole_word: bool,
}

/// A status in a filter (client API, FilterStatus).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FilterStatus")]
pub struct FilterStatus {
    pub id: String,
    pub status_id: String,
}

/// A filter of the first version: one keyword (client API, V1::Filter).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, V1::Filter")]
pub struct V1Filter {
    pub id: String,
    pub phrase: String,
    pub context: Vec<&'static str>,
    pub whole_word: bool,
    pub expires_at: Option<String>,
    pub irreversible: bool,
}
