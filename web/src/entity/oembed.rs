//! A post as other sites embed it (oEmbed §2.3.4; client API, OEmbed).

use serde::Serialize;

/// Something to be embedded, of the type `rich`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of oEmbed")]
pub struct OEmbed {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub version: &'static str,
    pub title: String,
    pub author_name: String,
    pub author_url: String,
    pub provider_name: String,
    pub provider_url: String,
    /// Seconds.
    pub cache_age: u32,
    /// Safe on any site: text and links, nothing that loads or runs.
    pub html: String,
    /// Pixels.
    pub width: u32,
    /// As high as its text.
    pub height: Option<u32>,
}
