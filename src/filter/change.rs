//! Making and changing filters (client API, filters).

use crate::{
    error::{Error, Result},
    limits, status,
};
use storage::{
    AccountId, Bounds, Direction, RowId, StatusId, Timestamp, Tx,
    filter::{
        self, FILTER_KEYWORDS, FILTER_OF_KEYWORD, FILTER_OF_STATUS, FILTER_STATUSES, FILTERS, Filter, FilterAction,
        FilterContext, FilterKeyword,
    },
    retention::{self, Touch},
};

/// What is to be changed of a filter; `None` leaves it (or takes the default of a new one).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterChange {
    /// Its title.
    pub title: Option<String>,
    /// Where it counts.
    pub contexts: Option<Vec<FilterContext>>,
    /// What it does.
    pub action: Option<FilterAction>,
    /// How long it lasts from now, milliseconds; `Some(None)`: for ever.
    pub lasts_ms: Option<Option<i64>>,
    /// Changes of its keywords, in order.
    pub keywords: Vec<KeywordChange>,
}

/// One change of a filter's keywords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeywordChange {
    /// A new one.
    Add(FilterKeyword),
    /// A known one becomes something else; `None` leaves it.
    Change(RowId, Option<String>, Option<bool>),
    /// A known one goes.
    Remove(RowId),
}

/// Makes a filter and answers its id.
///
/// # Errors
/// `Invalid` without title or context, or beyond the bounds.
///
/// Source: client API, filters#create.
pub fn create(tx: &mut Tx<'_>, account: AccountId, change: &FilterChange) -> Result<RowId> {
    let most = limits::FILTERS_MAX;
    if filter::state(tx, account)?.filters as usize >= most {
        return Err(Error::invalid("title", format!("you have {most} filters; at most {most}")));
    }
    let mut fresh = blank();
    apply(tx.now(), &mut fresh, change)?;
    let id: RowId = tx.next_id();
    FILTERS.put(tx, &(account, id), &fresh);
    filter::touch(tx, account, |state| state.filters += 1)?;
    change_keywords(tx, account, id, &change.keywords)?;
    Ok(id)
}

/// Whether a filter could be made, by all that has nothing to do with those there are.
///
/// # Errors
/// As [`create`].
pub fn check(now: Timestamp, change: &FilterChange) -> Result<()> {
    apply(now, &mut blank(), change)?;
    check_count(change.keywords.len())?;
    change.keywords.iter().try_for_each(|change| match change {
        KeywordChange::Add(keyword) => check_keyword(&keyword.keyword),
        KeywordChange::Change(..) | KeywordChange::Remove(_) => Err(Error::NotFound),
    })
}

fn blank() -> Filter {
    Filter { title: String::new(), contexts: Vec::new(), action: FilterAction::Warn, expires_at: None }
}

/// Changes a filter.
///
/// # Errors
/// `NotFound` for somebody else's; as [`create`].
///
/// Source: client API, filters#update.
pub fn update(tx: &mut Tx<'_>, account: AccountId, id: RowId, change: &FilterChange) -> Result<()> {
    let mut known = FILTERS.get(tx, &(account, id))?.ok_or(Error::NotFound)?;
    apply(tx.now(), &mut known, change)?;
    FILTERS.put(tx, &(account, id), &known);
    filter::touch(tx, account, |_| {})?;
    change_keywords(tx, account, id, &change.keywords)
}

/// Removes a filter with everything in it.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, filters#delete.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: RowId) -> Result<()> {
    let whole = super::show(tx, account, id)?;
    for (row, _) in &whole.keywords {
        FILTER_KEYWORDS.delete(tx, &(account, id, *row));
        FILTER_OF_KEYWORD.delete(tx, &(account, *row));
    }
    for (row, _) in &whole.statuses {
        FILTER_STATUSES.delete(tx, &(account, id, *row));
        FILTER_OF_STATUS.delete(tx, &(account, *row));
    }
    let statuses: Vec<StatusId> = whole.statuses.iter().map(|(_, status)| *status).collect();
    retention::unfilter(tx, &statuses, account)?;
    FILTERS.delete(tx, &(account, id));
    let keywords = u32::try_from(whole.keywords.len()).unwrap_or(u32::MAX);
    filter::touch(tx, account, |state| {
        state.filters = state.filters.saturating_sub(1);
        state.keywords = state.keywords.saturating_sub(keywords);
    })?;
    Ok(())
}

/// Adds words to a filter and answers their id.
///
/// # Errors
/// `NotFound` for somebody else's filter; `Invalid` for blank or overlong words and beyond the bounds.
///
/// Source: client API, filters#keywords-create.
pub fn add_keyword(tx: &mut Tx<'_>, account: AccountId, id: RowId, keyword: &FilterKeyword) -> Result<RowId> {
    check_keyword(&keyword.keyword)?;
    let there = super::show(tx, account, id)?.keywords.len();
    let (most, most_of_all) = (limits::FILTER_ENTRIES_MAX, limits::FILTER_KEYWORDS_MAX);
    if there >= most || filter::state(tx, account)?.keywords as usize >= most_of_all {
        let why = format!("a filter has at most {most} keywords, all filters together {most_of_all}");
        return Err(Error::invalid("keyword", why));
    }
    let row: RowId = tx.next_id();
    FILTER_KEYWORDS.put(tx, &(account, id, row), keyword);
    FILTER_OF_KEYWORD.put(tx, &(account, row), &id);
    filter::touch(tx, account, |state| state.keywords += 1)?;
    Ok(row)
}

/// Changes words; `None` leaves.
///
/// # Errors
/// `NotFound` for somebody else's; `Invalid` for blank or overlong words.
///
/// Source: client API, filters#keywords-update.
pub fn change_keyword(
    tx: &mut Tx<'_>,
    account: AccountId,
    row: RowId,
    keyword: Option<&str>,
    whole_word: Option<bool>,
) -> Result<()> {
    let id = FILTER_OF_KEYWORD.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    let mut known = FILTER_KEYWORDS.get(tx, &(account, id, row))?.ok_or(Error::NotFound)?;
    if let Some(keyword) = keyword {
        check_keyword(keyword)?;
        keyword.clone_into(&mut known.keyword);
    }
    known.whole_word = whole_word.unwrap_or(known.whole_word);
    FILTER_KEYWORDS.put(tx, &(account, id, row), &known);
    filter::touch(tx, account, |_| {})?;
    Ok(())
}

/// Removes words.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, filters#keywords-delete.
pub fn remove_keyword(tx: &mut Tx<'_>, account: AccountId, row: RowId) -> Result<()> {
    let id = FILTER_OF_KEYWORD.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    FILTER_KEYWORDS.delete(tx, &(account, id, row));
    FILTER_OF_KEYWORD.delete(tx, &(account, row));
    filter::touch(tx, account, |state| state.keywords = state.keywords.saturating_sub(1))?;
    Ok(())
}

/// Removes words, and their filter if nothing is left in it: a filter of the first version is one phrase.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, filters#delete-v1.
pub fn delete_phrase(tx: &mut Tx<'_>, account: AccountId, row: RowId) -> Result<()> {
    let id = FILTER_OF_KEYWORD.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    remove_keyword(tx, account, row)?;
    let left = super::show(tx, account, id)?;
    if left.keywords.is_empty() && left.statuses.is_empty() {
        delete(tx, account, id)?;
    }
    Ok(())
}

/// Adds a status to a filter and answers its row; one that is in it already keeps its row. One of another server stays as long
/// as it is in one: if it came again it would have another id.
///
/// # Errors
/// `NotFound` for somebody else's filter and for a status that `account` may not see; `Invalid` beyond the bounds.
///
/// Source: client API, filters#statuses-add.
pub fn add_status(tx: &mut Tx<'_>, account: AccountId, id: RowId, wanted: StatusId) -> Result<RowId> {
    let whole = super::show(tx, account, id)?;
    let status = status::require(tx, Some(account), wanted)?;
    let wanted = status.id;
    if !status.local {
        retention::touch(tx, wanted, account, Touch::Marked)?;
    }
    if let Some((row, _)) = whole.statuses.iter().find(|(_, known)| *known == wanted) {
        return Ok(*row);
    }
    let most = limits::FILTER_ENTRIES_MAX;
    if whole.statuses.len() >= most {
        return Err(Error::invalid("status_id", format!("a filter has at most {most} statuses")));
    }
    let row: RowId = tx.next_id();
    FILTER_STATUSES.put(tx, &(account, id, row), &wanted);
    FILTER_OF_STATUS.put(tx, &(account, row), &id);
    filter::touch(tx, account, |_| {})?;
    Ok(row)
}

/// Takes a status out of a filter and answers which it was.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, filters#statuses-remove.
pub fn remove_status(tx: &mut Tx<'_>, account: AccountId, row: RowId) -> Result<StatusId> {
    let id = FILTER_OF_STATUS.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    let removed = FILTER_STATUSES.get(tx, &(account, id, row))?.ok_or(Error::NotFound)?;
    FILTER_STATUSES.delete(tx, &(account, id, row));
    FILTER_OF_STATUS.delete(tx, &(account, row));
    retention::unfilter(tx, &[removed], account)?;
    filter::touch(tx, account, |_| {})?;
    Ok(removed)
}

fn apply(now: Timestamp, filter: &mut Filter, change: &FilterChange) -> Result<()> {
    if let Some(title) = &change.title {
        title.trim().clone_into(&mut filter.title);
    }
    if let Some(contexts) = &change.contexts {
        filter.contexts.clear();
        for context in contexts {
            if !filter.contexts.contains(context) {
                filter.contexts.push(*context);
            }
        }
    }
    filter.action = change.action.unwrap_or(filter.action);
    if let Some(lasts) = change.lasts_ms {
        if lasts.is_some_and(|ms| ms > limits::FILTER_MS_MAX) {
            let why = format!("expires_in is above {} seconds", limits::FILTER_MS_MAX / 1_000);
            return Err(Error::invalid("expires_in", why));
        }
        // A time that is over ends it at once, however long ago that was.
        filter.expires_at = lasts.map(|ms| now.plus_ms(ms.max(0)));
    }
    if filter.title.is_empty() {
        return Err(Error::invalid("title", "title can't be blank"));
    }
    let chars = filter.title.chars().count();
    if chars > limits::FILTER_TITLE_CHARS_MAX {
        let why = format!("title has {chars} characters; at most {}", limits::FILTER_TITLE_CHARS_MAX);
        return Err(Error::invalid("title", why));
    }
    if filter.contexts.is_empty() {
        return Err(Error::invalid("context", "context can't be blank"));
    }
    Ok(())
}

fn check_count(changes: usize) -> Result<()> {
    let most = limits::FILTER_ENTRIES_MAX;
    if changes > most {
        return Err(Error::invalid("keywords_attributes", format!("{changes} keywords given; at most {most}")));
    }
    Ok(())
}

fn change_keywords(tx: &mut Tx<'_>, account: AccountId, id: RowId, changes: &[KeywordChange]) -> Result<()> {
    let most = limits::FILTER_ENTRIES_MAX;
    check_count(changes.len())?;
    // Only words of this filter: an id of another is unknown here.
    let own = |tx: &Tx<'_>, row: RowId| -> Result<()> {
        let there = FILTER_OF_KEYWORD.get(tx, &(account, row))?;
        if there == Some(id) { Ok(()) } else { Err(Error::NotFound) }
    };
    let there = FILTER_KEYWORDS.list(tx, &(account, id), Bounds::NONE, Direction::Ascending, most)?.len();
    let added = changes.iter().filter(|change| matches!(change, KeywordChange::Add(_))).count();
    let all = filter::state(tx, account)?.keywords as usize;
    if there + added > most || all + added > limits::FILTER_KEYWORDS_MAX {
        let why = format!("a filter has at most {most} keywords, all together {}", limits::FILTER_KEYWORDS_MAX);
        return Err(Error::invalid("keywords_attributes", why));
    }
    for change in changes {
        match change {
            KeywordChange::Add(keyword) => {
                check_keyword(&keyword.keyword)?;
                let row: RowId = tx.next_id();
                FILTER_KEYWORDS.put(tx, &(account, id, row), keyword);
                FILTER_OF_KEYWORD.put(tx, &(account, row), &id);
                filter::touch(tx, account, |state| state.keywords += 1)?;
            }
            KeywordChange::Change(row, keyword, whole_word) => {
                own(tx, *row)?;
                change_keyword(tx, account, *row, keyword.as_deref(), *whole_word)?;
            }
            KeywordChange::Remove(row) => {
                own(tx, *row)?;
                remove_keyword(tx, account, *row)?;
            }
        }
    }
    Ok(())
}

fn check_keyword(keyword: &str) -> Result<()> {
    let chars = keyword.chars().count();
    if keyword.trim().is_empty() {
        return Err(Error::invalid("keyword", "keyword can't be blank"));
    }
    if chars > limits::FILTER_KEYWORD_CHARS_MAX {
        let why = format!("keyword has {chars} characters; at most {}", limits::FILTER_KEYWORD_CHARS_MAX);
        return Err(Error::invalid("keyword", why));
    }
    Ok(())
}
