//! A page of another server, whatever its address looks like (`/notice/…`, `/notes/…`, `/w/…`): no index knows it, so it is
//! looked for among the accounts of its host and what they posted.

use super::{
    names::Domains,
    why::{Explained, of_account, of_status},
};
use crate::{error::Result, limits, origin::Origin};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Key, Read,
    account::{self, ACCOUNT_BY_NAME},
    peer,
    status::{self, STATUSES_OF_ACCOUNT},
    table::{KeyRange, hex},
};

/// A walk over the accounts of a host, a step of rows at a time.
#[derive(Debug)]
pub(super) struct PageWalk {
    page: String,
    /// Domains of another name whose accounts live at the host.
    domains: Domains,
    /// They are known.
    named: bool,
    /// Domains whose accounts are still to be looked at; the last one is next.
    places: Vec<String>,
    /// Where it goes on among the accounts of that one; empty at their beginning.
    from: Vec<u8>,
    /// Rows that may still be looked at.
    pub(super) left: usize,
    /// What has this page.
    pub(super) found: Option<Explained>,
    /// Nothing is left to do.
    pub(super) done: bool,
}

impl PageWalk {
    /// At its end at once if `page` is no address.
    pub(super) fn of(page: &str) -> Self {
        let host = peer::authority_of(page);
        PageWalk {
            page: page.to_owned(),
            domains: host.as_deref().map(Domains::living_at).unwrap_or_default(),
            named: false,
            done: host.is_none(),
            places: host.into_iter().collect(),
            from: Vec::new(),
            left: limits::EXPLAIN_PAGE_ROWS,
            found: None,
        }
    }

    /// Looks at some more; at most two times `limits::EXPLAIN_STATUSES` rows.
    pub(super) fn step(mut self, read: &dyn Read, origin: &Origin) -> Result<Self> {
        if !self.named {
            if !self.domains.step(read)? {
                self.named = true;
                self.places.extend(std::mem::take(&mut self.domains.found));
            }
            return Ok(self);
        }
        let mut rows = 0;
        while rows < limits::EXPLAIN_STATUSES && self.found.is_none() {
            let Some(place) = self.places.last().cloned() else { break };
            match self.next_of(read, &place)? {
                Some(id) => rows += self.look_at(read, origin, id)?,
                None => drop(self.places.pop()),
            }
        }
        self.left = self.left.saturating_sub(rows);
        self.done = self.found.is_some() || self.places.is_empty() || self.left == 0;
        Ok(self)
    }

    /// The next account of a domain.
    fn next_of(&mut self, read: &dyn Read, domain: &str) -> Result<Option<AccountId>> {
        let whole = KeyRange::prefix(&domain.to_owned().to_bytes());
        let from = if self.from.is_empty() { whole.from } else { std::mem::take(&mut self.from) };
        let (mut next, mut behind) = (None, Vec::new());
        let range = KeyRange { from, until: whole.until };
        read.scan_bytes(ACCOUNT_BY_NAME.id, &range, Direction::Ascending, &mut |key, value| {
            let unreadable = || storage::Error::corrupt(ACCOUNT_BY_NAME.name, hex(key), "unreadable id");
            next = Some(AccountId::from_bytes(value).ok_or_else(unreadable)?);
            behind = [key, &[0][..]].concat();
            Ok(ControlFlow::Break(()))
        })?;
        self.from = behind;
        Ok(next)
    }

    /// Whether the page is an account's or one of its newest statuses; answers how many rows were looked at.
    fn look_at(&mut self, read: &dyn Read, origin: &Origin, id: AccountId) -> Result<usize> {
        let page = self.page.as_str();
        if let Some(account) = account::find(read, id)?.filter(|account| account.url.as_deref() == Some(page)) {
            self.found = Some(Explained::Account(of_account(read, origin, &account)?));
            return Ok(1);
        }
        let most = limits::EXPLAIN_STATUSES;
        let rows = STATUSES_OF_ACCOUNT.list(read, &id, Bounds::NONE, Direction::Descending, most)?;
        for ((_, id), _) in &rows {
            if let Some(status) = status::find(read, *id)?.filter(|status| status.url.as_deref() == Some(page)) {
                self.found = Some(Explained::Status(of_status(read, origin, &status)?));
                break;
            }
        }
        Ok(rows.len() + 1)
    }
}
