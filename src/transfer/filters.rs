//! Filters as one file of JSON: each as the client API tells it (client API, Filter), without numbers and without the posts
//! that were put into it by hand, which are posts of this server.

use crate::{
    clock,
    error::{Error, Result},
    filter::{self, FilterChange, KeywordChange, Whole, action_name, action_named, context_name, context_named},
    limits,
};
use serde::{Deserialize, Serialize};
use storage::{
    AccountId, Read, RowId, Timestamp, Tx,
    filter::{FilterAction, FilterContext, FilterKeyword},
};

/// The file: a list, or the object that this server writes around it.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Whole { filters: Vec<Told> },
    Bare(Vec<Told>),
}

#[derive(Serialize)]
struct Written {
    filters: Vec<Told>,
}

/// A filter as the file tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    title: String,
    context: Vec<String>,
    #[serde(default)]
    filter_action: Option<String>,
    #[serde(default)]
    expires_at: Option<String>,
    #[serde(default)]
    keywords: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Word {
    keyword: String,
    #[serde(default = "whole")]
    whole_word: bool,
}

fn whole() -> bool {
    true
}

/// A filter that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    title: String,
    contexts: Vec<FilterContext>,
    action: FilterAction,
    expires_at: Option<Timestamp>,
    keywords: Vec<FilterKeyword>,
}

impl Brought {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether it could be made where there is no other.
    ///
    /// # Errors
    /// `Invalid` as the rule by which one is made.
    pub fn check(&self, now: Timestamp) -> Result<()> {
        filter::check(now, &self.change(now))
    }

    fn change(&self, now: Timestamp) -> FilterChange {
        FilterChange {
            title: Some(self.title.clone()),
            contexts: Some(self.contexts.clone()),
            action: Some(self.action),
            lasts_ms: Some(self.expires_at.map(|ends| ends.ms_since(now).max(1))),
            keywords: self.keywords.iter().cloned().map(KeywordChange::Add).collect(),
        }
    }
}

/// The filters of `owner` as a file.
///
/// # Errors
/// Storage errors.
pub fn written(read: &dyn Read, owner: AccountId) -> Result<Vec<u8>> {
    let filters = filter::list(read, owner)?.iter().map(told).collect();
    serde_json::to_vec_pretty(&Written { filters }).map_err(|error| Error::Bug(format!("filters as JSON: {error}")))
}

fn told(known: &Whole) -> Told {
    let words = known.keywords.iter();
    Told {
        title: known.filter.title.clone(),
        context: known.filter.contexts.iter().map(|context| context_name(*context).to_owned()).collect(),
        filter_action: Some(action_name(known.filter.action).to_owned()),
        expires_at: known.filter.expires_at.map(clock::iso),
        keywords: words.map(|(_, word)| Word { keyword: word.keyword.clone(), whole_word: word.whole_word }).collect(),
    }
}

/// Reads a file of at most `limits::IMPORT_BYTES`, with at most `limits::FILTERS_MAX` filters and
/// `limits::FILTER_KEYWORDS_MAX` keywords in all of them. Those whose time is over are passed over.
///
/// # Errors
/// `Invalid` beyond the bounds, and for what is no such file.
pub fn read_filters(bytes: &[u8], now: Timestamp) -> Result<Vec<Brought>> {
    let refuse = |why: String| Error::invalid("file", why);
    if bytes.len() > limits::IMPORT_BYTES {
        return Err(refuse(format!("file has {} bytes; at most {}", bytes.len(), limits::IMPORT_BYTES)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file = serde_json::from_slice(bytes).map_err(|_| refuse("file is no list of filters".to_owned()))?;
    let (File::Whole { filters } | File::Bare(filters)) = file;
    if filters.len() > limits::FILTERS_MAX {
        return Err(refuse(format!("file has {} filters; at most {}", filters.len(), limits::FILTERS_MAX)));
    }
    let mut brought = Vec::with_capacity(filters.len());
    for told in filters {
        let filter = parsed(told)?;
        if filter.expires_at.is_none_or(|ends| ends > now) {
            brought.push(filter);
        }
    }
    if brought.is_empty() {
        return Err(refuse("file has no filters".to_owned()));
    }
    let (keywords, most) =
        (brought.iter().map(|filter| filter.keywords.len()).sum::<usize>(), limits::FILTER_KEYWORDS_MAX);
    if keywords > most {
        return Err(refuse(format!("file has {keywords} keywords; at most {most}")));
    }
    Ok(brought)
}

fn parsed(told: Told) -> Result<Brought> {
    let unknown = |field, why: &str| Error::invalid(field, why);
    let context = |name: &String| {
        let why = "context is not home, notifications, public, thread or account";
        context_named(name).ok_or_else(|| unknown("context", why))
    };
    let action = match told.filter_action.as_deref() {
        None => FilterAction::Warn,
        Some(word) => {
            action_named(word).ok_or_else(|| unknown("filter_action", "filter_action is not warn, hide or blur"))?
        }
    };
    let expires_at = match told.expires_at.as_deref() {
        None => None,
        Some(text) => Some(
            clock::parse_moment(text)
                .ok_or_else(|| unknown("expires_at", "expires_at is no moment, as 2030-01-31T12:00:00Z"))?,
        ),
    };
    let words = told.keywords.into_iter();
    // As the rule keeps them.
    let mut contexts = Vec::new();
    for name in &told.context {
        let named = context(name)?;
        if !contexts.contains(&named) {
            contexts.push(named);
        }
    }
    Ok(Brought {
        contexts,
        title: told.title.trim().to_owned(),
        action,
        expires_at,
        keywords: words.map(|word| FilterKeyword { keyword: word.keyword, whole_word: word.whole_word }).collect(),
    })
}

/// Makes the filter, unless the owner has the very same one; answers which it is.
///
/// # Errors
/// Those of the rule by which one is made.
pub fn bring(tx: &mut Tx<'_>, owner: AccountId, brought: &Brought) -> Result<RowId> {
    if let Some(known) = filter::list(tx, owner)?.iter().find(|known| is(known, brought)) {
        return Ok(known.id);
    }
    let change = brought.change(tx.now());
    filter::create(tx, owner, &change)
}

/// The filters of `owner` that are none of these.
///
/// # Errors
/// Storage errors.
pub fn others(read: &dyn Read, owner: AccountId, kept: &[RowId]) -> Result<Vec<RowId>> {
    Ok(filter::list(read, owner)?.into_iter().map(|known| known.id).filter(|id| !kept.contains(id)).collect())
}

/// The oldest filter of `owner` that the file does not have, if `next`, which [`Brought::check`] let pass, does not fit
/// beside those there are: it goes a little before the others that are to go.
///
/// # Errors
/// Storage errors.
pub fn in_the_way(read: &dyn Read, owner: AccountId, next: &Brought, all: &[Brought]) -> Result<Option<RowId>> {
    let (known, state) = (filter::list(read, owner)?, storage::filter::state(read, owner)?);
    let fits = known.len() < limits::FILTERS_MAX
        && state.keywords as usize + next.keywords.len() <= limits::FILTER_KEYWORDS_MAX;
    if fits || known.iter().any(|known| is(known, next)) {
        return Ok(None);
    }
    Ok(known.iter().find(|known| !all.iter().any(|brought| is(known, brought))).map(|known| known.id))
}

/// Whether a filter says the same; to the second, which is what files tell.
fn is(known: &Whole, brought: &Brought) -> bool {
    let second = |time: Option<Timestamp>| time.map(|time| time.0.div_euclid(1_000));
    let words = known.keywords.iter().map(|(_, word)| word);
    known.filter.title == brought.title
        && known.filter.contexts == brought.contexts
        && known.filter.action == brought.action
        && second(known.filter.expires_at) == second(brought.expires_at)
        && words.eq(brought.keywords.iter())
}
