//! Lives here: filters: making and changing them, what they are made into, and what of a status matches.
//! May use: status, `poll`, `text`, `storage`. Must never name: HTTP, ActivityPub, edges, `present`.
//! Invariants: what is kept in memory is what one view's rows say, told by a version; matching reads no row; one's own
//! statuses are never filtered.

mod change;
mod compiled;
mod trial;

pub use change::{
    FilterChange, KeywordChange, add_keyword, add_status, change_keyword, check, create, delete, delete_phrase,
    remove_keyword, remove_status, update,
};
pub use compiled::{Cache, Compiled, Match};
pub use trial::found_in;

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId,
    filter::{FILTER_KEYWORDS, FILTER_STATUSES, FILTERS, Filter, FilterAction, FilterContext, FilterKeyword},
};

/// A filter with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its number.
    pub id: RowId,
    /// Title, contexts, action, end.
    pub filter: Filter,
    /// Its words, oldest first.
    pub keywords: Vec<(RowId, FilterKeyword)>,
    /// Its statuses, oldest first.
    pub statuses: Vec<(RowId, StatusId)>,
}

/// Every context with its word in the client API.
const CONTEXTS: [(FilterContext, &str); 5] = [
    (FilterContext::Home, "home"),
    (FilterContext::Notifications, "notifications"),
    (FilterContext::Public, "public"),
    (FilterContext::Thread, "thread"),
    (FilterContext::Account, "account"),
];

/// Every action with its word in the client API.
const ACTIONS: [(FilterAction, &str); 3] =
    [(FilterAction::Warn, "warn"), (FilterAction::Hide, "hide"), (FilterAction::Blur, "blur")];

/// The word of a context.
#[must_use]
pub fn context_name(context: FilterContext) -> &'static str {
    CONTEXTS.iter().find(|(known, _)| *known == context).map_or("home", |(_, name)| name)
}

/// The context a word means.
#[must_use]
pub fn context_named(name: &str) -> Option<FilterContext> {
    CONTEXTS.iter().find(|(_, known)| *known == name).map(|(context, _)| *context)
}

/// The word of an action.
#[must_use]
pub fn action_name(action: FilterAction) -> &'static str {
    ACTIONS.iter().find(|(known, _)| *known == action).map_or("warn", |(_, name)| name)
}

/// The action a word means.
#[must_use]
pub fn action_named(name: &str) -> Option<FilterAction> {
    ACTIONS.iter().find(|(_, known)| *known == name).map(|(action, _)| *action)
}

/// The filters of `account`, oldest first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, filters.
pub fn list(read: &dyn Read, account: AccountId) -> Result<Vec<Whole>> {
    let rows = FILTERS.list(read, &account, Bounds::NONE, Direction::Ascending, limits::FILTERS_MAX)?;
    rows.into_iter().map(|((_, id), filter)| whole(read, account, id, filter)).collect()
}

/// One filter of `account`.
///
/// # Errors
/// `NotFound` if it has none with this id.
pub fn show(read: &dyn Read, account: AccountId, id: RowId) -> Result<Whole> {
    let filter = FILTERS.get(read, &(account, id))?.ok_or(Error::NotFound)?;
    whole(read, account, id, filter)
}

fn whole(read: &dyn Read, account: AccountId, id: RowId, filter: Filter) -> Result<Whole> {
    let (oldest, most) = (Direction::Ascending, limits::FILTER_ENTRIES_MAX);
    let keywords = FILTER_KEYWORDS.list(read, &(account, id), Bounds::NONE, oldest, most)?;
    let statuses = FILTER_STATUSES.list(read, &(account, id), Bounds::NONE, oldest, most)?;
    Ok(Whole {
        id,
        filter,
        keywords: keywords.into_iter().map(|((_, _, row), keyword)| (row, keyword)).collect(),
        statuses: statuses.into_iter().map(|((_, _, row), status)| (row, status)).collect(),
    })
}

#[cfg(test)]
mod tests;
