//! The two names of a server whose accounts have another domain than its host (`@a@example.org` at `social.example.org`):
//! rows of accounts stand under the first, those of peers under the second.

use crate::{error::Result, limits};
use std::{collections::BTreeSet, ops::ControlFlow};
use storage::{
    AccountId, Direction, Key, Read,
    account::{self, ACCOUNT_BY_NAME, Account},
    peer,
    table::{KeyRange, hex},
};

/// A walk over the domains of accounts known here, for those of other names whose accounts live at one host, or get there
/// what they are sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Domains {
    host: String,
    /// Where it goes on; none at the end.
    from: Option<Vec<u8>>,
    /// What it found, at most `limits::EXPLAIN_NAMES`.
    pub(super) found: BTreeSet<String>,
}

impl Domains {
    pub(super) fn living_at(host: &str) -> Self {
        // Behind the accounts of this server, whose domain is empty.
        let from = KeyRange::prefix(&String::new().to_bytes()).until;
        Domains { host: host.to_owned(), from, found: BTreeSet::new() }
    }

    /// Looks at the first accounts of some of the domains; answers whether there may be more.
    pub(super) fn step(&mut self, read: &dyn Read) -> Result<bool> {
        for _ in 0..limits::EXPLAIN_DOMAINS {
            let Some(from) = self.from.take() else { return Ok(false) };
            let Some((domain, ids)) = first_of(read, from)? else { return Ok(false) };
            self.from = KeyRange::prefix(&domain.to_bytes()).until;
            if domain != self.host && self.is_home_of(read, &ids)? {
                self.found.insert(domain);
            }
            if self.found.len() >= limits::EXPLAIN_NAMES {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_home_of(&self, read: &dyn Read, ids: &[AccountId]) -> Result<bool> {
        for id in ids {
            if let Some(account) = account::find(read, *id)?
                && hosts_of(read, &account)?.contains(&self.host)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Where an account of another server lives, and where it gets what it is sent: what rows of peers stand under.
pub(super) fn hosts_of(read: &dyn Read, account: &Account) -> Result<BTreeSet<String>> {
    let target = peer::target_of(read, account)?.map(|target| target.domain);
    Ok(peer::authority_of(&account.uri).into_iter().chain(target).collect())
}

/// The first domain at or behind `from`, and its first accounts, at most `limits::EXPLAIN_SAMPLE`.
fn first_of(read: &dyn Read, from: Vec<u8>) -> Result<Option<(String, Vec<AccountId>)>> {
    let mut found: Option<(String, Vec<AccountId>)> = None;
    let range = KeyRange { from, until: None };
    read.scan_bytes(ACCOUNT_BY_NAME.id, &range, Direction::Ascending, &mut |key, value| {
        let unreadable = || storage::Error::corrupt(ACCOUNT_BY_NAME.name, hex(key), "unreadable key");
        let (domain, _) = <(String, String)>::from_bytes(key).ok_or_else(unreadable)?;
        let (first, ids) = found.get_or_insert_with(|| (domain.clone(), Vec::new()));
        if *first != domain {
            return Ok(ControlFlow::Break(()));
        }
        ids.extend(AccountId::from_bytes(value));
        let full = ids.len() >= limits::EXPLAIN_SAMPLE;
        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(found)
}
