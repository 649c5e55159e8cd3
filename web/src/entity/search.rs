//! Hashtags and search results (client API, Tag, Search).

use super::{PreviewCard, SharedAccount, Status};
use serde::Serialize;
use std::sync::Arc;

/// A hashtag (client API, Tag).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Tag")]
pub struct Tag {
    pub id: String,
    pub name: String,
    pub url: String,
    pub history: Vec<TagHistory>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub following: Option<bool>,
    /// With a viewer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featuring: Option<bool>,
}

/// A day of a hashtag (client API, Tag#history); numbers are strings there.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Tag#history")]
pub struct TagHistory {
    pub day: String,
    pub uses: String,
    pub accounts: String,
}

/// A page that is talked of (client API, Trends::Link).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Trends::Link")]
pub struct TrendsLink {
    #[serde(flatten)]
    pub card: PreviewCard,
    pub history: Vec<TagHistory>,
}

/// What a search found (client API, Search).
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Search")]
pub struct Search {
    pub accounts: Vec<Arc<SharedAccount>>,
    pub statuses: Vec<Status>,
    pub hashtags: Vec<Tag>,
}

/// What a search found, as older apps see it: hashtags are names.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Search")]
pub struct V1Search {
    pub accounts: Vec<Arc<SharedAccount>>,
    pub statuses: Vec<Status>,
    pub hashtags: Vec<String>,
}

/// A hashtag on a profile (client API, FeaturedTag).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FeaturedTag")]
pub struct FeaturedTag {
    pub id: String,
    pub name: String,
    pub url: String,
    /// A number as text.
    pub statuses_count: String,
    /// A date without time.
    pub last_status_at: Option<String>,
}
