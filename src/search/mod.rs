//! Lives here: full-text search over statuses: what is indexed of each, what a search text means, who may find what.
//! May use: `storage` and its index, `visibility`, `account`, `text`, `timeline`'s windows. Must never name: edges.
//! Must never name: how the index is stored; HTTP, the network.
//! Invariants: the index only proposes; every status answered was read from the row and passed `visibility::can_see`
//! and the rules of `reach` in the same view.

mod describe;
mod parse;
mod plan;
mod reach;
mod saved;
#[cfg(test)]
mod tests;
mod words;

pub use describe::Descriptions;
use describe::PUBLIC;

use crate::{error::Result, limits, timeline::Window, visibility::Sight};
use parse::{Condition, What};
use reach::Reach;
pub use saved::{forget, save, saved};
use storage::{
    AccountId, Direction, Read, StatusId,
    search::Index,
    status::{self, Status, Visibility},
};

/// A search for statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Words, phrases in quotes, operators; a `-` before any excludes.
    pub text: String,
    /// Who searches.
    pub viewer: AccountId,
    /// Only statuses of this account.
    pub account: Option<AccountId>,
    /// Which part of what is found, newest first.
    pub window: Window,
    /// How many to pass over.
    pub offset: usize,
}

/// The statuses that match and that the viewer may find, newest first.
///
/// May be found: what is one's own, what those one follows wrote, what mentions one, what one favourited, bookmarked,
/// shared or answered, and public statuses whose author lets them be searched; of these only what one may see.
/// Reblogs only if `is:boost` asks for them. Looks at no more than `limits::SEARCH_EXAMINED` proposals of the index,
/// which is some seconds behind. `is_own` says which domains are this server.
///
/// # Errors
/// `Unavailable` (in `Storage`) while the index does not work; storage errors.
///
/// Source: client API, search.
pub fn statuses(read: &dyn Read, index: &Index, search: &Search, is_own: impl Fn(&str) -> bool) -> Result<Vec<Status>> {
    choose(read, search, is_own, proposed_by(index))
}

/// As [`statuses`], among what was said to those named alone.
///
/// # Errors
/// As [`statuses`].
pub fn messages(read: &dyn Read, index: &Index, search: &Search, is_own: impl Fn(&str) -> bool) -> Result<Vec<Status>> {
    let mut conditions = parse::parse(&search.text);
    if !conditions.is_empty() {
        conditions.push(Condition { negated: true, what: What::Mark(PUBLIC.to_owned()) });
    }
    choose_where(read, search, &conditions, is_own, proposed_by(index), |status| {
        status.visibility == Visibility::Direct
    })
}

fn proposed_by(index: &Index) -> impl Fn(&storage::search::Query, Window) -> Result<Vec<StatusId>> {
    move |query, window| Ok(index.search(query, window.bounds, window.direction, window.limit)?)
}

/// As [`statuses`], of what `propose` gives.
fn choose(
    read: &dyn Read,
    search: &Search,
    is_own: impl Fn(&str) -> bool,
    propose: impl Fn(&storage::search::Query, Window) -> Result<Vec<StatusId>>,
) -> Result<Vec<Status>> {
    choose_where(read, search, &parse::parse(&search.text), is_own, propose, |_| true)
}

/// The same of those that are `wanted`.
fn choose_where(
    read: &dyn Read,
    search: &Search,
    conditions: &[Condition],
    is_own: impl Fn(&str) -> bool,
    propose: impl Fn(&storage::search::Query, Window) -> Result<Vec<StatusId>>,
    wanted: impl Fn(&Status) -> bool,
) -> Result<Vec<Status>> {
    if conditions.is_empty() {
        return Ok(Vec::new());
    }
    let reach = Reach::read(read, search.viewer)?;
    let query = plan::plan(read, search, conditions, &reach, is_own)?;
    let sight = Sight::new(read, Some(search.viewer));
    let mut window = Window { limit: limits::SEARCH_STEP, ..search.window };
    let (mut found, mut passed, mut examined) = (Vec::new(), 0, 0);
    while examined < limits::SEARCH_EXAMINED {
        let ids = propose(&query, window)?;
        let last = ids.len() < window.limit;
        for id in ids {
            examined += 1;
            match window.direction {
                Direction::Descending => window.bounds.below = Some(id.0),
                Direction::Ascending => window.bounds.above = Some(id.0),
            }
            let Some(status) = status::find(read, id)? else { continue };
            if !wanted(&status) || !sight.lists(&status)? || !reach.holds(read, &status)? {
                continue;
            }
            if passed < search.offset {
                passed += 1;
                continue;
            }
            found.push(status);
            if found.len() == search.window.limit {
                search.window.newest_first(&mut found);
                return Ok(found);
            }
        }
        if last {
            break;
        }
    }
    search.window.newest_first(&mut found);
    Ok(found)
}
