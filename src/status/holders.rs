//! Which servers are known to have a status of somebody here, whether it was sent there or not: somebody there did something
//! with it.

use crate::{error::Result, limits};
use std::collections::HashSet;
use storage::{
    AccountId, Bounds, Direction, Read, account,
    poll::BALLOTS,
    quote::QUOTES_OF,
    reaction::REACTIONS,
    status::{self, FAVOURITED_BY, REBLOGS, REPLIES, Status},
};

/// Who elsewhere shared, favourited, answered or quoted `status`, put an emoji on it or voted in it: one account for each
/// inbox, at most `limits::HOLDERS_MAX`, among the newest `limits::HOLDERS_LOOKED_AT` of each kind. Nobody for what is not
/// for everybody, or stays here.
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `StatusReachFinder#reached_account_ids`.
pub fn holders(read: &dyn Read, status: &Status) -> Result<Vec<AccountId>> {
    let mut found = Found::default();
    if !status.is_public() || status.local_only {
        return Ok(found.accounts);
    }
    let (id, all, newest, most) = (&status.id, Bounds::NONE, Direction::Descending, limits::HOLDERS_LOOKED_AT);
    for (_, who) in REBLOGS.list(read, id, all, newest, most)? {
        found.add(read, who)?;
    }
    for (_, who) in FAVOURITED_BY.list(read, id, all, newest, most)? {
        found.add(read, who)?;
    }
    for ((_, _, who), _) in REACTIONS.list(read, id, all, newest, most)? {
        found.add(read, who)?;
    }
    for ((_, who), _) in BALLOTS.list(read, id, all, newest, most)? {
        found.add(read, who)?;
    }
    let replies = REPLIES.list(read, id, all, newest, most)?;
    let quotes = QUOTES_OF.list(read, id, all, newest, most)?;
    for ((_, written), ()) in replies.into_iter().chain(quotes) {
        if let Some(written) = status::find(read, written)?.filter(|written| !written.local) {
            found.add(read, written.account)?;
        }
    }
    Ok(found.accounts)
}

#[derive(Default)]
struct Found {
    accounts: Vec<AccountId>,
    seen: HashSet<AccountId>,
    /// By domain, so that nobody stands for another's server by naming its inbox.
    inboxes: HashSet<(Option<String>, String)>,
}

impl Found {
    fn add(&mut self, read: &dyn Read, who: AccountId) -> Result<()> {
        if self.accounts.len() >= limits::HOLDERS_MAX || !self.seen.insert(who) {
            return Ok(());
        }
        let account = account::find(read, who)?.filter(|account| !account.is_local() && account.suspended_at.is_none());
        let Some(account) = account else { return Ok(()) };
        let inbox = account.endpoints.shared_inbox.unwrap_or(account.endpoints.inbox);
        if self.inboxes.insert((account.domain, inbox)) {
            self.accounts.push(who);
        }
        Ok(())
    }
}
