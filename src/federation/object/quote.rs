//! Quotes in their five spellings (FEDERATION §2, quotes).

use super::{policy, read};
use crate::limits;
use serde_json::Value;

/// The relation of a FEP-e232 link that is a quote.
const QUOTE_REL: &str = "https://misskey-hub.net/ns#_misskey_quote";

/// What a note quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quote {
    /// FEP-044f `quote`, with the stamp that shows the author's consent, if there is one.
    Native {
        /// The quoted note.
        uri: String,
        /// `quoteAuthorization`.
        authorization: Option<String>,
    },
    /// One of the older names: says nothing about consent.
    Legacy {
        /// The quoted note.
        uri: String,
    },
    /// There was one; its author removed it.
    Removed,
}

/// Reads `quote`, `_misskey_quote`, `quoteUrl`, `quoteUri`, then a FEP-e232 link; the first that is there.
#[must_use]
pub fn read(document: &Value) -> Option<Quote> {
    if let Some(quote) = read::list(document.get("quote")).first() {
        if read::types(quote).contains(&"Tombstone") {
            return Some(Quote::Removed);
        }
        if let Some(uri) = read::id(Some(quote)) {
            let authorization = read::id(document.get("quoteAuthorization")).map(str::to_owned);
            return Some(Quote::Native { uri: uri.to_owned(), authorization });
        }
    }
    let named = ["_misskey_quote", "quoteUrl", "quoteUri"].iter().find_map(|name| read::id(document.get(*name)));
    named.or_else(|| linked(document)).map(|uri| Quote::Legacy { uri: uri.to_owned() })
}

/// Who may do something, as a part of `interactionPolicy` says (FEP-044f; GoToSocial's older names are read too).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approval {
    /// Actors and collections who need not ask.
    pub automatic: Vec<String>,
    /// Actors and collections who may ask.
    pub manual: Vec<String>,
}

/// Reads who may quote; none if the document does not say.
#[must_use]
pub fn approval(document: &Value) -> Option<Approval> {
    policy::approval(document, "canQuote")
}

fn linked(document: &Value) -> Option<&str> {
    read::list(document.get("tag")).iter().take(limits::DOCUMENT_TAGS_MAX).find_map(|tag| {
        let quotes = read::list(tag.get("rel")).iter().any(|rel| rel.as_str() == Some(QUOTE_REL));
        (quotes && read::types(tag).contains(&"Link")).then(|| read::id(tag.get("href")))?
    })
}
