//! Which servers are known to have a status of somebody here, whether it was sent there or not: somebody there did something
//! with it.

use crate::{error::Result, limits};
use std::collections::HashSet;
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, account,
    poll::BALLOTS,
    quote::QUOTES_OF,
    reaction::REACTIONS,
    status::{self, FAVOURITED_BY, REBLOGS, REPLIES, Status},
};

/// Who elsewhere shared, favourited, answered or quoted `status`, put an emoji on it or voted in it: one account for each
/// inbox, at most `limits::HOLDERS_MAX`, among `limits::HOLDERS_LOOKED_AT` of these deeds, one kind after another, the newest
/// first. Nobody for what is not for everybody, or stays here.
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
    let (id, all, newest) = (&status.id, Bounds::NONE, Direction::Descending);
    for (_, who) in REBLOGS.list(read, id, all, newest, found.left())? {
        found.add(read, who)?;
    }
    for (_, who) in FAVOURITED_BY.list(read, id, all, newest, found.left())? {
        found.add(read, who)?;
    }
    for ((_, _, who), _) in REACTIONS.list(read, id, all, newest, found.left())? {
        found.add(read, who)?;
    }
    for ((_, who), _) in BALLOTS.list(read, id, all, newest, found.left())? {
        found.add(read, who)?;
    }
    for ((_, written), ()) in REPLIES.list(read, id, all, newest, found.left())? {
        found.add_author(read, written)?;
    }
    for ((_, written), ()) in QUOTES_OF.list(read, id, all, newest, found.left())? {
        found.add_author(read, written)?;
    }
    Ok(found.accounts)
}

#[derive(Default)]
struct Found {
    accounts: Vec<AccountId>,
    /// Deeds looked at.
    looked_at: usize,
    seen: HashSet<AccountId>,
    /// By domain, so that nobody stands for another's server by naming its inbox.
    inboxes: HashSet<(Option<String>, String)>,
}

impl Found {
    /// How many deeds are still looked at.
    fn left(&self) -> usize {
        if self.accounts.len() >= limits::HOLDERS_MAX {
            0
        } else {
            limits::HOLDERS_LOOKED_AT.saturating_sub(self.looked_at)
        }
    }

    fn add_author(&mut self, read: &dyn Read, written: StatusId) -> Result<()> {
        let Some(written) = status::find(read, written)?.filter(|written| !written.local) else {
            self.looked_at += 1;
            return Ok(());
        };
        self.add(read, written.account)
    }

    fn add(&mut self, read: &dyn Read, who: AccountId) -> Result<()> {
        self.looked_at += 1;
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
