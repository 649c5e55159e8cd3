//! Lives here: full-text search over statuses: what is indexed of each, what a search text means, who may find what.
//! May use: `storage` and its index, `visibility`, `account`, `tag`, `text`, `poll`, `timeline`. Must never name: edges.
//! Must never name: how the index is stored; HTTP, the network.
//! Invariants: the index only proposes; every status answered was read from the row and passed `visibility::can_see`
//! and the rules of `reach` in the same view; what was edited is asked for its words again.

mod describe;
mod parse;
mod plan;
mod reach;
mod recheck;
mod saved;
#[cfg(test)]
mod tests;
mod words;

pub use describe::Descriptions;
use describe::PUBLIC;

use crate::{error::Result, limits, timeline::Window, visibility::Sight};
use jiff::tz::TimeZone;
use parse::{Condition, Meaning, Order, What};
use plan::Terms;
use reach::Reach;
pub use saved::{forget, save, saved};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, dress,
    search::{Index, Query},
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
    /// Which part of what is found, newest first; where the text asks for the best, its direction does not count.
    pub window: Window,
    /// How many to pass over.
    pub offset: usize,
    /// Whose days `before:`, `after:` and `during:` name.
    pub zone: TimeZone,
}

/// How many conditions a text makes where days are those of `zone`; at most `limits::SEARCH_CONDITIONS`.
#[must_use]
pub fn conditions(text: &str, zone: &TimeZone) -> usize {
    parse::parse(text, zone).conditions.len()
}

/// The zone somebody has chosen for their times, universal time if none.
///
/// # Errors
/// Storage errors.
pub fn zone_of(read: &dyn Read, account: AccountId) -> Result<TimeZone> {
    let name = dress::of(read, account)?.zone;
    Ok(Some(name).filter(|name| !name.is_empty()).and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC))
}

/// The statuses that match and that the viewer may find, newest first; where the text says `sort:best`, those first that
/// fit best.
///
/// May be found: what is one's own, what those one follows wrote or shared into one's home, what has a hashtag one
/// follows, what mentions or quotes one, what one favourited, bookmarked, shared, reacted to, voted on or answered, and
/// public statuses whose author lets them be searched; of these only what one may see. Reblogs only if `is:boost` asks
/// for them. Looks at no more than `limits::SEARCH_EXAMINED` proposals of the index, which is some seconds behind.
/// `is_own` says which domains are this server.
///
/// # Errors
/// `Unavailable` (in `Storage`) while the index does not work; storage errors.
///
/// Source: client API, search.
pub fn statuses(read: &dyn Read, index: &Index, search: &Search, is_own: impl Fn(&str) -> bool) -> Result<Vec<Status>> {
    choose(read, search, is_own, index)
}

/// As [`statuses`], among what was said to those named alone.
///
/// # Errors
/// As [`statuses`].
pub fn messages(read: &dyn Read, index: &Index, search: &Search, is_own: impl Fn(&str) -> bool) -> Result<Vec<Status>> {
    let mut meaning = parse::parse(&search.text, &search.zone);
    if !meaning.conditions.is_empty() {
        meaning.conditions.push(Condition { negated: true, what: What::Mark(PUBLIC.to_owned()) });
    }
    choose_where(read, search, &meaning, is_own, index, |status| status.visibility == Visibility::Direct)
}

/// Whoever proposes statuses.
trait Propose {
    /// Those that match, in the order of the window.
    fn in_window(&self, query: &Query, window: Window) -> Result<Vec<StatusId>>;

    /// Those that match, the best first.
    fn best(&self, query: &Query, bounds: Bounds, limit: usize) -> Result<Vec<StatusId>>;
}

impl Propose for Index {
    fn in_window(&self, query: &Query, window: Window) -> Result<Vec<StatusId>> {
        Ok(self.search(query, window.bounds, window.direction, window.limit)?)
    }

    fn best(&self, query: &Query, bounds: Bounds, limit: usize) -> Result<Vec<StatusId>> {
        Ok(Index::best(self, query, bounds, limit)?)
    }
}

/// As [`statuses`], of what is proposed.
fn choose(
    read: &dyn Read,
    search: &Search,
    is_own: impl Fn(&str) -> bool,
    proposer: &impl Propose,
) -> Result<Vec<Status>> {
    choose_where(read, search, &parse::parse(&search.text, &search.zone), is_own, proposer, |_| true)
}

/// The same of those that are `wanted`.
fn choose_where(
    read: &dyn Read,
    search: &Search,
    Meaning { conditions, order }: &Meaning,
    is_own: impl Fn(&str) -> bool,
    proposer: &impl Propose,
    wanted: impl Fn(&Status) -> bool,
) -> Result<Vec<Status>> {
    if conditions.is_empty() {
        return Ok(Vec::new());
    }
    let mut reach = Reach::read(read, search.viewer)?;
    if reach.has_older_bookmarks() {
        let query = Terms { read, search, reach: &reach, is_own: &is_own }.bookmarkable(conditions)?;
        let window = Window { limit: limits::SEARCH_BEYOND, ..search.window };
        let matching = proposer.in_window(&query, window)?;
        let are_all = matching.len() < window.limit;
        reach.add_bookmarked(read, matching)?;
        let older = if are_all { Vec::new() } else { reach.older_bookmarks(read)? };
        // Of many that match those are named that may be bookmarked.
        if !older.is_empty() {
            let older = Query::Ids(older);
            let window = Window { limit: limits::SEARCH_OLDER_BOOKMARKS, ..search.window };
            reach.add_touched(proposer.in_window(&Query::All(vec![older, query]), window)?);
        }
    }
    let query = Terms { read, search, reach: &reach, is_own: &is_own }.plan(conditions)?;
    let sight = Sight::new(read, Some(search.viewer));
    let fits = |status: &Status| -> Result<bool> {
        Ok(wanted(status)
            && sight.lists(status)?
            && reach.holds(read, status)?
            && recheck::still_says(read, status, conditions)?)
    };
    let mut filling = Filling { read, search, passed: 0, found: Vec::new() };
    match order {
        // One question, however many are passed over: each page is a part of the same order.
        Order::Best => {
            for id in proposer.best(&query, search.window.bounds, limits::SEARCH_EXAMINED)? {
                if filling.look(id, fits)?.is_break() {
                    break;
                }
            }
        }
        Order::Newest => {
            in_window(&mut filling, &query, proposer, fits)?;
            search.window.newest_first(&mut filling.found);
        }
    }
    Ok(filling.found)
}

/// Asks for proposals step by step, in the order of the window, until enough are found.
fn in_window(
    filling: &mut Filling<'_>,
    query: &Query,
    proposer: &impl Propose,
    fits: impl Fn(&Status) -> Result<bool>,
) -> Result<()> {
    let mut window = Window { limit: limits::SEARCH_STEP, ..filling.search.window };
    let mut examined = 0;
    while examined < limits::SEARCH_EXAMINED {
        let ids = proposer.in_window(query, window)?;
        let last = ids.len() < window.limit;
        for id in ids {
            examined += 1;
            match window.direction {
                Direction::Descending => window.bounds.below = Some(id.0),
                Direction::Ascending => window.bounds.above = Some(id.0),
            }
            if filling.look(id, &fits)?.is_break() {
                return Ok(());
            }
        }
        if last {
            return Ok(());
        }
    }
    Ok(())
}

/// A page that is being filled.
struct Filling<'a> {
    read: &'a dyn Read,
    search: &'a Search,
    passed: usize,
    found: Vec<Status>,
}

impl Filling<'_> {
    /// Looks at a proposal; breaks once the page is full.
    fn look(&mut self, id: StatusId, fits: impl Fn(&Status) -> Result<bool>) -> Result<ControlFlow<()>> {
        let Some(status) = status::find(self.read, id)? else { return Ok(ControlFlow::Continue(())) };
        if !fits(&status)? {
            return Ok(ControlFlow::Continue(()));
        }
        if self.passed < self.search.offset {
            self.passed += 1;
            return Ok(ControlFlow::Continue(()));
        }
        self.found.push(status);
        Ok(if self.found.len() == self.search.window.limit {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}
