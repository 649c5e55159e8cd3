//! Lives here: records + viewer → `web` entities, for api, pages, streams and push.
//! May use: core rooms, `storage`, `web`, `visibility`. Must never name: HTTP, the network, edges.
//! Invariants: nothing leaves that `visibility::can_see` hides; a page of entities reads each account once.

pub mod account;
mod announcement;
mod card;
mod collection;
mod emoji;
pub mod filter;
pub mod instance;
pub mod interaction;
pub mod language;
mod list;
mod media;
pub mod moderation;
pub mod notification;
mod page;
mod reaction;
pub mod relationship;
mod scheduled;
mod status;
mod tag;
mod text;

pub use collection::collection_item;
pub use list::list;
pub use page::Kept;

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
    /// What was drawn before.
    kept: Option<&'a Kept>,
    /// What is counted of hashtags by day; without it they have no history.
    trends: Option<&'a Trends>,
    filters: RefCell<Option<Arc<Compiled>>>,
    mutes_threads: Cell<Option<bool>>,
    /// What the viewer did with the statuses of a page.
    marked: RefCell<Arc<page::Marked>>,
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
            kept: None,
            trends: None,
            filters: RefCell::default(),
            mutes_threads: Cell::default(),
            marked: RefCell::default(),
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

    /// The same with what was drawn before.
    #[must_use]
    pub fn with_kept(self, kept: &'a Kept) -> Self {
        Context { kept: Some(kept), ..self }
    }

    /// The same with what is counted by day.
    #[must_use]
    pub fn with_trends(self, trends: &'a Trends) -> Self {
        Context { trends: Some(trends), ..self }
    }

    /// The same through another reader of the same view.
    #[must_use]
    pub fn over<'b>(&'b self, read: &'b dyn Read) -> Context<'b> {
        Context {
            read,
            origin: self.origin,
            viewer: self.viewer,
            now: self.now,
            cache: self.cache,
            kept: self.kept,
            trends: self.trends,
            filters: RefCell::new(self.filters.borrow().clone()),
            mutes_threads: self.mutes_threads.clone(),
            marked: RefCell::new(self.marked.borrow().clone()),
            accounts: RefCell::default(),
            addresses: OnceCell::new(),
        }
    }
}

#[cfg(test)]
mod tests;
