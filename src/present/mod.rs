//! Lives here: records + viewer → `web` entities, for api, pages, streams and push.
//! May use: core rooms, `storage`, `web`, `visibility`. Must never name: HTTP, the network, edges.
//! Invariants: nothing leaves that `visibility::can_see` hides; a page of entities reads each account once.

pub mod account;
mod announcement;
mod card;
mod collection;
pub mod filter;
pub mod instance;
pub mod interaction;
pub mod language;
mod list;
mod media;
pub mod moderation;
pub mod notification;
mod reaction;
mod relationship;
mod scheduled;
mod status;
mod tag;
mod text;

pub use collection::collection_item;
pub use list::list;

use crate::{
    filter::{Cache, Compiled},
    media::Addresses,
    origin::Origin,
    trend::Trends,
};
use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    sync::Arc,
};
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
    /// Filters kept ready; without it they are read when they are needed.
    cache: Option<&'a Cache>,
    /// What is counted of hashtags by day; without it they have no history.
    trends: Option<&'a Trends>,
    filters: RefCell<Option<Arc<Compiled>>>,
    mutes_threads: Cell<Option<bool>>,
    accounts: RefCell<HashMap<AccountId, Arc<web::entity::SharedAccount>>>,
    /// Read once, when the first remote picture is drawn.
    addresses: OnceCell<Option<Addresses>>,
}

impl<'a> Context<'a> {
    /// A context for one answer.
    #[must_use]
    pub fn new(read: &'a dyn Read, origin: &'a Origin, viewer: Option<AccountId>) -> Self {
        Context {
            read,
            origin,
            viewer,
            now: None,
            cache: None,
            trends: None,
            filters: RefCell::default(),
            mutes_threads: Cell::default(),
            accounts: RefCell::default(),
            addresses: OnceCell::new(),
        }
    }

    /// The same at a known time; without it no filter of the viewer counts, because filters end.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Context { now: Some(now), ..self }
    }

    /// The same with filters that are kept ready.
    #[must_use]
    pub fn with_filters(self, cache: &'a Cache) -> Self {
        Context { cache: Some(cache), ..self }
    }

    /// The same with what is counted by day.
    #[must_use]
    pub fn with_trends(self, trends: &'a Trends) -> Self {
        Context { trends: Some(trends), ..self }
    }
}

#[cfg(test)]
mod tests;
