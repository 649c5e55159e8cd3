//! Filters made ready for matching, and kept in memory while their rows stay the same.

use super::{Whole, list};
use crate::{
    error::{Error, Result},
    limits, poll,
    text::plain::plain_text,
};
use aho_corasick::AhoCorasick;
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use storage::{AccountId, Read, StatusId, Timestamp, filter::state, status::Status};

/// The filters of one account, ready for matching.
#[derive(Debug, Default)]
pub struct Compiled {
    filters: Vec<Whole>,
    /// Finds every keyword in one pass; none without keywords.
    finder: Option<AhoCorasick>,
    /// In the order of the finder's patterns: which filter, which of its keywords, whole words only.
    patterns: Vec<(usize, usize, bool)>,
    statuses: HashMap<StatusId, Vec<usize>>,
}

/// A filter that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// The filter.
    pub filter: &'a Whole,
    /// The keywords found, each once.
    pub keywords: Vec<String>,
    /// The status' id, if it is in the filter.
    pub statuses: Vec<StatusId>,
}

impl Compiled {
    /// Reads and compiles the filters of `account`.
    ///
    /// # Errors
    /// Storage errors; `Bug` if the keywords cannot be compiled, which their bounds rule out.
    pub fn read(read: &dyn Read, account: AccountId) -> Result<Self> {
        Self::of(list(read, account)?)
    }

    /// Compiles filters, stored or not.
    ///
    /// # Errors
    /// `Bug` if the keywords cannot be compiled, which their bounds rule out.
    pub fn of(filters: Vec<Whole>) -> Result<Self> {
        let (mut patterns, mut words) = (Vec::new(), Vec::new());
        let mut statuses: HashMap<StatusId, Vec<usize>> = HashMap::new();
        for (at, filter) in filters.iter().enumerate() {
            for (which, (_, keyword)) in filter.keywords.iter().enumerate() {
                words.push(keyword.keyword.trim().to_lowercase());
                patterns.push((at, which, keyword.whole_word));
            }
            for (_, status) in &filter.statuses {
                statuses.entry(*status).or_default().push(at);
            }
        }
        let finder = match words.is_empty() {
            true => None,
            false => Some(AhoCorasick::new(&words).map_err(|error| Error::Bug(format!("filters: {error}")))?),
        };
        Ok(Compiled { filters, finder, patterns, statuses })
    }

    /// Whether there is nothing to match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// The filters that match `status` (what a reblog shares, not the reblog) at `now`, oldest first, wherever they
    /// count. Words are looked for in text, warning, poll and descriptions of media, whatever their case.
    ///
    /// Source: client API, Status#filtered.
    #[must_use]
    pub fn matches(&self, status: &Status, now: Timestamp) -> Vec<Match<'_>> {
        let mut found: Vec<Option<Match<'_>>> = self.filters.iter().map(|_| None).collect();
        let lasts = |filter: &Whole| filter.filter.expires_at.is_none_or(|end| end > now);
        for at in self.statuses.get(&status.id).into_iter().flatten() {
            let entry = self.entry(&mut found, *at);
            entry.statuses.push(status.id);
        }
        if let Some(finder) = &self.finder {
            let text = searched(status).to_lowercase();
            for hit in finder.find_overlapping_iter(&text) {
                let (at, which, whole_word) = self.patterns[hit.pattern().as_usize()];
                if whole_word && !stands_alone(&text, hit.start(), hit.end()) {
                    continue;
                }
                let keyword = &self.filters[at].keywords[which].1.keyword;
                let entry = self.entry(&mut found, at);
                if !entry.keywords.contains(keyword) {
                    entry.keywords.push(keyword.clone());
                }
            }
        }
        found.into_iter().flatten().filter(|found| lasts(found.filter)).collect()
    }

    fn entry<'a, 'f>(&'a self, found: &'f mut [Option<Match<'a>>], at: usize) -> &'f mut Match<'a> {
        let filter = &self.filters[at];
        found[at].get_or_insert_with(|| Match { filter, keywords: Vec::new(), statuses: Vec::new() })
    }
}

/// Everything of a status that words are looked for in.
fn searched(status: &Status) -> String {
    let mut text = plain_text(&status.content);
    let options = status.poll.iter().flat_map(|asked| &asked.options);
    let options: Vec<Cow<'_, str>> = options.map(|option| poll::shown_title(status, option)).collect();
    let options = options.iter().map(|title| &**title);
    let media = status.attachments.iter().map(|media| media.description.as_str());
    for part in std::iter::once(status.spoiler_text.as_str()).chain(options).chain(media) {
        if !part.is_empty() {
            text.push('\n');
            text.push_str(part);
        }
    }
    text
}

/// Whether what stands in `text` from `start` to `end` is bounded by word boundaries where it begins and ends with a
/// letter, digit or underscore itself.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let inside = &text[start..end];
    let apart = |inner: Option<char>, outer: Option<char>| !(inner.is_some_and(is_word) && outer.is_some_and(is_word));
    apart(inside.chars().next(), text[..start].chars().next_back())
        && apart(inside.chars().next_back(), text[end..].chars().next())
}

/// Compiled filters of those who read lately; cheap to clone, all clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Cache(Arc<Mutex<HashMap<AccountId, Kept>>>);

/// Filters with the version of the rows they were made from.
type Kept = (u64, Arc<Compiled>);

impl Cache {
    /// The filters of `account` as `read` shows them; one row is read if nothing has changed.
    ///
    /// # Errors
    /// As [`Compiled::read`].
    pub fn get(&self, read: &dyn Read, account: AccountId) -> Result<Arc<Compiled>> {
        let version = state(read, account)?.version;
        if version == 0 {
            return Ok(Arc::default());
        }
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned();
        if let Some((_, compiled)) = kept.filter(|(of, _)| *of == version) {
            return Ok(compiled);
        }
        let compiled = Arc::new(Compiled::read(read, account)?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= limits::FILTERS_CACHED && !kept.contains_key(&account) {
            kept.clear();
        }
        kept.insert(account, (version, Arc::clone(&compiled)));
        Ok(compiled)
    }
}
