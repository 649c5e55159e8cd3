//! Lives here: records + viewer → `web` entities, for api, pages, streams and push.
//! May use: core rooms, `storage`, `web`, `visibility`. Must never name: HTTP, the network, edges.
//! Invariants: nothing leaves that `visibility::can_see` hides; a page of entities reads each account once.

pub mod account;
pub mod instance;
pub mod moderation;
mod notification;
mod relationship;
mod status;
mod tag;

use crate::origin::Origin;
use std::{cell::RefCell, collections::HashMap, sync::Arc};
use storage::{AccountId, Read, Timestamp};

/// One answer being drawn: what is read, for whom, under which origin. Accounts are drawn once and shared.
pub struct Context<'a> {
    /// The view or transaction.
    pub read: &'a dyn Read,
    /// Joins paths kept in rows to absolute addresses.
    pub origin: &'a Origin,
    /// Who looks; `None`: nobody is signed in.
    pub viewer: Option<AccountId>,
    /// The time, where it shows: polls end.
    now: Option<Timestamp>,
    accounts: RefCell<HashMap<AccountId, Arc<web::entity::SharedAccount>>>,
}

impl<'a> Context<'a> {
    /// A context for one answer.
    #[must_use]
    pub fn new(read: &'a dyn Read, origin: &'a Origin, viewer: Option<AccountId>) -> Self {
        Context { read, origin, viewer, now: None, accounts: RefCell::default() }
    }

    /// The same at a known time.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Context { now: Some(now), ..self }
    }
}

#[cfg(test)]
mod tests;
