//! Filters as a request says them (client API, filters).

use crate::{
    error::{Error, Result},
    filter::{FilterChange, KeywordChange, action_named, context_named},
    http::value::Map,
};
use storage::filter::{FilterContext, FilterKeyword};

/// What is to be changed of a filter.
///
/// # Errors
/// `Invalid` for an unknown context or action.
///
/// Source: client API, filters#create.
pub fn change(params: &Map) -> Result<FilterChange> {
    Ok(FilterChange {
        title: params.str("title").map(str::to_owned),
        contexts: contexts(params)?,
        action: match params.str("filter_action").filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => Some(
                action_named(word)
                    .ok_or_else(|| Error::invalid("filter_action", "filter_action is not warn, hide or blur"))?,
            ),
        },
        lasts_ms: lasts_ms(params),
        keywords: params.maps("keywords_attributes").into_iter().map(keyword_change).collect(),
    })
}

/// Where a filter is to count; `None` if nothing is said.
///
/// # Errors
/// `Invalid` for an unknown context.
pub fn contexts(params: &Map) -> Result<Option<Vec<FilterContext>>> {
    if !params.has("context") {
        return Ok(None);
    }
    let unknown = || Error::invalid("context", "context is not home, notifications, public, thread or account");
    let named = |name: &str| context_named(name).ok_or_else(unknown);
    params.texts("context").into_iter().map(named).collect::<Result<_>>().map(Some)
}

/// How long it is to last. Omitted: as it was. Empty or null: for ever.
#[must_use]
pub fn lasts_ms(params: &Map) -> Option<Option<i64>> {
    params.has("expires_in").then(|| params.int("expires_in").map(|seconds| seconds.saturating_mul(1_000)))
}

fn keyword_change(sent: &Map) -> KeywordChange {
    let keyword = sent.str("keyword").map(str::to_owned);
    match sent.id("id") {
        Some(row) if sent.bool("_destroy").unwrap_or(false) => KeywordChange::Remove(row),
        Some(row) => KeywordChange::Change(row, keyword, sent.bool("whole_word")),
        None => KeywordChange::Add(FilterKeyword {
            keyword: keyword.unwrap_or_default(),
            whole_word: sent.bool("whole_word").unwrap_or(true),
        }),
    }
}
