//! Filters as the client API shows them, and what of a status they match (client API, Filter, FilterResult).

use super::Context;
use crate::{
    clock,
    error::Result,
    filter::{Compiled, Match, Whole, action_name, context_name},
};
use std::{borrow::Borrow, sync::Arc};
use storage::{
    filter::{FilterAction, FilterContext},
    status::Status as Record,
};
use web::entity::{Filter, FilterResult, FilterStatus, FilterWord, Status, V1Filter};

/// A filter with everything in it.
#[must_use]
pub fn whole(filter: &Whole) -> Filter {
    Filter { keywords: Some(words(filter)), statuses: Some(statuses(filter)), ..bare(filter) }
}

/// Its words.
#[must_use]
pub fn words(filter: &Whole) -> Vec<FilterWord> {
    let word = |(id, word): &(storage::RowId, storage::filter::FilterKeyword)| FilterWord {
        id: id.to_string(),
        keyword: word.keyword.clone(),
        whole_word: word.whole_word,
    };
    filter.keywords.iter().map(word).collect()
}

/// Its statuses.
#[must_use]
pub fn statuses(filter: &Whole) -> Vec<FilterStatus> {
    let status = |(id, status): &(storage::RowId, storage::StatusId)| FilterStatus {
        id: id.to_string(),
        status_id: status.to_string(),
    };
    filter.statuses.iter().map(status).collect()
}

/// Its keywords as filters of the first version.
#[must_use]
pub fn of_first_version(filter: &Whole) -> Vec<V1Filter> {
    let one = |(id, word): &(storage::RowId, storage::filter::FilterKeyword)| V1Filter {
        id: id.to_string(),
        phrase: word.keyword.clone(),
        context: contexts(filter),
        whole_word: word.whole_word,
        expires_at: filter.filter.expires_at.map(clock::iso),
        irreversible: filter.filter.action == FilterAction::Hide,
    };
    filter.keywords.iter().map(one).collect()
}

fn bare(filter: &Whole) -> Filter {
    Filter {
        id: filter.id.to_string(),
        title: filter.filter.title.clone(),
        context: contexts(filter),
        expires_at: filter.filter.expires_at.map(clock::iso),
        filter_action: action_name(filter.filter.action),
        keywords: None,
        statuses: None,
    }
}

fn contexts(filter: &Whole) -> Vec<&'static str> {
    filter.filter.contexts.iter().map(|context| context_name(*context)).collect()
}

impl Context<'_> {
    /// The statuses of a list that stands in `place`, in order; what a filter hides there is left out. At home nothing says
    /// that one is here because of a relay.
    ///
    /// # Errors
    /// As `status`.
    pub fn statuses_in<R: Borrow<Record>>(&self, place: FilterContext, records: &[R]) -> Result<Vec<Status>> {
        let mut drawn = self.statuses(records)?;
        drawn.retain(|status| !hidden_in(place, status));
        if place == FilterContext::Home {
            drawn = drawn.into_iter().map(Status::at_home).collect();
        }
        Ok(drawn)
    }

    /// What the viewer's filters find in a status that is no reblog; `None` without a viewer.
    pub(super) fn filtered(&self, record: &Record) -> Result<Option<Vec<FilterResult>>> {
        let Some(viewer) = self.viewer else { return Ok(None) };
        let (Some(now), true) = (self.now, record.account != viewer) else { return Ok(Some(Vec::new())) };
        let compiled = self.compiled(viewer)?;
        if compiled.is_empty() {
            return Ok(Some(Vec::new()));
        }
        Ok(Some(compiled.matches(record, now).into_iter().map(result).collect()))
    }

    /// Whether the viewer has filters at all.
    pub(super) fn has_filters(&self, viewer: storage::AccountId) -> Result<bool> {
        Ok(self.now.is_some() && !self.compiled(viewer)?.is_empty())
    }

    fn compiled(&self, viewer: storage::AccountId) -> Result<Arc<Compiled>> {
        if let Some(ready) = self.filters.borrow().as_ref() {
            return Ok(Arc::clone(ready));
        }
        let ready = match self.cache {
            Some(cache) => cache.get(self.read, viewer)?,
            None => Arc::new(Compiled::read(self.read, viewer)?),
        };
        *self.filters.borrow_mut() = Some(Arc::clone(&ready));
        Ok(ready)
    }
}

/// Whether a filter of the viewer hides a drawn status in `place`.
pub fn hidden_in(place: FilterContext, status: &Status) -> bool {
    hides(place, status.filtered.as_deref().unwrap_or_default())
}

/// Whether one of the filters that match hides what they match in `place`.
pub(super) fn hides(place: FilterContext, found: &[FilterResult]) -> bool {
    let (hide, place) = (action_name(FilterAction::Hide), context_name(place));
    found.iter().any(|found| found.filter.filter_action == hide && found.filter.context.contains(&place))
}

fn result(found: Match<'_>) -> FilterResult {
    FilterResult {
        filter: bare(found.filter),
        keyword_matches: (!found.keywords.is_empty()).then_some(found.keywords),
        status_matches: (!found.statuses.is_empty()).then(|| found.statuses.iter().map(ToString::to_string).collect()),
    }
}
