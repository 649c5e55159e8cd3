//! Finding accounts by the beginning of a name or of a word of the display name.

use super::handle::{self, Handle};
use crate::{error::Result, limits, visibility::may_meet};
use std::{cmp::Reverse, collections::BTreeSet};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::{self, Account, LOCAL_ACCOUNTS, searchable, words_of},
    fold::is_dropped,
    relationship::{self, FOLLOWS},
    user,
};

/// A search for accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words, or the beginning of a handle.
    pub text: String,
    /// Who searches.
    pub viewer: Option<AccountId>,
    /// Only accounts the viewer follows.
    pub following: bool,
    /// How many to pass over.
    pub offset: usize,
    /// How many to answer.
    pub limit: usize,
}

/// Accounts that match, the best first: the exact name, then followed ones, then those here, then by followers.
///
/// Looks at those whom the searcher follows, those here and `limits::ACCOUNTS_SEARCHED` others, as far as they stand in the
/// first `limits::ACCOUNT_WORDS_SEARCHED` index rows. Suspended accounts and those on either side of a block are not found, but
/// for whom one has blocked oneself and names whole. `is_own` says which domains are this server.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#search.
pub fn search(read: &dyn Read, query: &Query, is_own: impl Fn(&str) -> bool) -> Result<Vec<Account>> {
    let text = query.text.trim();
    let Some(wanted) = Wanted::parse(text, &is_own) else { return Ok(Vec::new()) };
    let others = if query.following { 0 } else { limits::ACCOUNTS_SEARCHED };
    let all = account::search_by_prefix(read, &wanted.typed, limits::ACCOUNT_WORDS_SEARCHED)?;
    let (first, behind) = all.split_at(others.min(all.len()));
    let mut ids = first.to_vec();
    ids.extend(near(read, query, behind)?);
    if let Some(exact) = Handle::parse(text, &is_own) {
        // A busy prefix may hide the very account that was named.
        ids.extend(account::find_by_name(read, &exact.username, exact.domain.as_deref())?.map(|account| account.id));
    }
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            continue;
        }
        let Some(account) = account::find(read, id)?.filter(|account| wanted.matches(account)) else { continue };
        if let Some(rank) = rank(read, query, &wanted, &account)? {
            found.push((rank, account));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, account)| account).skip(query.offset).take(query.limit).collect())
}

/// Those of `ids` whom a searcher knows: those they follow and, if they do not want these alone, those here. What is typed
/// letter by letter costs by what it finds, not by how many people are here or followed; only of very many, as a letter alone
/// finds them, those are listed.
fn near(read: &dyn Read, query: &Query, ids: &[AccountId]) -> Result<Vec<AccountId>> {
    if ids.len() > limits::ACCOUNTS_LOOKED_UP {
        let known = known(read, query)?;
        return Ok(ids.iter().copied().filter(|id| known.contains(id)).collect());
    }
    let mut near = Vec::new();
    for id in ids {
        let followed = match query.viewer {
            Some(viewer) => FOLLOWS.contains(read, &(viewer, *id))?,
            None => false,
        };
        if followed || (!query.following && LOCAL_ACCOUNTS.contains(read, id)?) {
            near.push(*id);
        }
    }
    Ok(near)
}

/// All whom a searcher knows.
fn known(read: &dyn Read, query: &Query) -> Result<BTreeSet<AccountId>> {
    let mut known = BTreeSet::new();
    if let Some(viewer) = query.viewer {
        let most = usize::try_from(limits::FOLLOWING_MAX).unwrap_or(usize::MAX);
        let follows = FOLLOWS.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
        known.extend(follows.into_iter().map(|((_, target), _)| target));
    }
    if !query.following {
        // The newest: of more than are looked through some are strangers.
        let most = limits::ACCOUNT_WORDS_SEARCHED;
        let here = LOCAL_ACCOUNTS.list(read, &(), Bounds::NONE, Direction::Descending, most)?;
        known.extend(here.into_iter().map(|(account, ())| account));
    }
    Ok(known)
}

/// Smaller is better.
type Rank = (bool, bool, bool, Reverse<u64>, AccountId);

fn rank(read: &dyn Read, query: &Query, wanted: &Wanted, account: &Account) -> Result<Option<Rank>> {
    if account.suspended_at.is_some() || (account.is_local() && user::is_waiting(read, account.id)?) {
        return Ok(None);
    }
    let mut followed = false;
    let named = wanted.is_whole(account);
    if let Some(viewer) = query.viewer {
        let unwanted = relationship::blocks(read, viewer, account.id)? && !named;
        if unwanted || relationship::blocks(read, account.id, viewer)? {
            return Ok(None);
        }
        followed = relationship::find(read, viewer, account.id)?.is_some();
    }
    if query.following && !followed {
        return Ok(None);
    }
    // Whoever names a silenced account whole finds it.
    if !named && !may_meet(read, query.viewer, account.id)? {
        return Ok(None);
    }
    let exact = searchable(&account.username) == wanted.longest;
    let known = account::stats(read, account.id)?.followers;
    Ok(Some((!exact, !followed, !account.is_local(), Reverse(known), account.id)))
}

/// What a search text asks for.
struct Wanted {
    /// The longest word as it was typed.
    typed: String,
    /// The same as it is looked up in the index.
    longest: String,
    /// The other words, each the beginning of some word of the account.
    others: Vec<String>,
    /// The beginning of the domain, behind an `@`; empty: any server.
    domain: String,
    /// Only accounts of this server: an own domain was named whole.
    here: bool,
}

impl Wanted {
    fn parse(text: &str, is_own: &impl Fn(&str) -> bool) -> Option<Self> {
        if text.len() > limits::SEARCH_TEXT_BYTES_MAX {
            return None;
        }
        let bare = text.strip_prefix('@').unwrap_or(text);
        if let Some((name, domain)) = bare.split_once('@') {
            let whole = handle::normalise_domain(domain);
            let here = whole.as_deref().is_some_and(is_own);
            let longest = searchable(name);
            return (!longest.is_empty()).then(|| Wanted {
                typed: name.to_owned(),
                longest,
                others: Vec::new(),
                domain: if here { String::new() } else { domain.to_lowercase() },
                here,
            });
        }
        let words = bare.split(|c: char| !(c.is_alphanumeric() || is_dropped(c) || matches!(c, '_' | '-' | '.')));
        let words = words.map(|word| (searchable(word), word)).filter(|(word, _)| !word.is_empty());
        let mut words: Vec<(String, &str)> = words.take(limits::SEARCH_WORDS_MAX).collect();
        words.sort_by_key(|(word, _)| word.len());
        let (longest, typed) = words.pop()?;
        let others = words.into_iter().map(|(word, _)| word).collect();
        Some(Wanted { typed: typed.to_owned(), longest, others, domain: String::new(), here: false })
    }

    /// Whether the text is the whole handle of `account`, accents and all.
    fn is_whole(&self, account: &Account) -> bool {
        let at = account.domain.as_deref().unwrap_or_default();
        let named = account.username.to_lowercase() == self.typed.to_lowercase();
        self.others.is_empty() && named && at == self.domain
    }

    fn matches(&self, account: &Account) -> bool {
        let at = account.domain.as_deref().unwrap_or_default();
        if (self.here && !account.is_local()) || !at.starts_with(&self.domain) {
            return false;
        }
        let words = words_of(account);
        self.others.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
    }
}
