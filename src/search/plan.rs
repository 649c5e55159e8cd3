//! Conditions as a question to the index.

use super::{
    Search,
    describe::{self, REBLOG},
    parse::{Condition, Scope, What},
    reach::Reach,
    words::is_lone_character,
};
use crate::{account::Handle, error::Result};
use storage::{AccountId, Read, account, search::Query};

/// What conditions mean: who asks, what they may find, and whose handles are whose.
pub(super) struct Terms<'a, F> {
    pub(super) read: &'a dyn Read,
    pub(super) search: &'a Search,
    pub(super) reach: &'a Reach,
    /// Whether a domain is this server's.
    pub(super) is_own: &'a F,
}

impl<F: Fn(&str) -> bool> Terms<'_, F> {
    /// What to ask for: the conditions, within what the viewer may find. Whoever is named and unknown has no statuses.
    pub(super) fn plan(&self, conditions: &[Condition]) -> Result<Query> {
        let mut all = vec![self.reach.query(), Query::Not(Box::new(self.reach.unwanted()))];
        all.extend(self.wanted(conditions)?);
        Ok(Query::All(all))
    }

    /// What to hold against bookmarks that `reach` does not know: the conditions but for the scope that would leave them
    /// out.
    pub(super) fn bookmarkable(&self, conditions: &[Condition]) -> Result<Query> {
        let others = conditions.iter().filter(|condition| condition.what != What::In(Scope::Library));
        let others: Vec<Condition> = others.cloned().collect();
        Ok(Query::All(self.wanted(&others)?))
    }

    fn wanted(&self, conditions: &[Condition]) -> Result<Vec<Query>> {
        let mut all: Vec<Query> =
            self.search.account.map(|account| marked(describe::from(account))).into_iter().collect();
        for condition in conditions {
            let query = self.query(&condition.what)?;
            all.push(if condition.negated { Query::Not(Box::new(query)) } else { query });
        }
        if !conditions.iter().any(|condition| condition.what == What::Reblog) {
            all.push(Query::Not(Box::new(marked(REBLOG.to_owned()))));
        }
        Ok(all)
    }

    fn query(&self, what: &What) -> Result<Query> {
        let of_account = |handle: &str, mark: fn(AccountId) -> String| -> Result<Query> {
            Ok(self.named(handle)?.map_or(Query::Any(Vec::new()), |account| marked(mark(account))))
        };
        Ok(match what {
            What::Words(words) if is_lone_character(words) => Query::Beginning(words[0].text.clone()),
            What::Words(words) => Query::Words(words.clone()),
            What::Tag(tag) => marked(describe::tagged(tag)),
            What::From(handle) => of_account(handle, describe::from)?,
            What::To(handle) => of_account(handle, describe::to)?,
            What::Mentions(handle) => of_account(handle, describe::mentions)?,
            What::Mark(mark) => marked(mark.clone()),
            What::Reblog => marked(REBLOG.to_owned()),
            What::Language(language) => marked(describe::in_language(language)),
            What::Posted(from, until) => Query::Posted { from: *from, until: *until },
            What::In(scope) => self.reach.scope(*scope),
            What::Anywhere => Query::All(Vec::new()),
        })
    }

    fn named(&self, handle: &str) -> Result<Option<AccountId>> {
        if handle.eq_ignore_ascii_case("me") {
            return Ok(Some(self.search.viewer));
        }
        let Some(handle) = Handle::parse(handle, self.is_own) else { return Ok(None) };
        let account = account::find_by_name(self.read, &handle.username, handle.domain.as_deref())?;
        Ok(account.map(|account| account.id))
    }
}

fn marked(mark: String) -> Query {
    Query::Marks(vec![mark])
}
