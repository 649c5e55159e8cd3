//! Rows read ahead, many of a table at once, for rules that then look at one after another: an answer about forty accounts
//! asks each table once and not forty times.

use crate::{
    account::{ACCOUNT_STATS, ACCOUNTS, Account},
    backfill::STATED,
    cause::{CAME, Cause},
    changes::Horizon,
    domain_allow::{self, DOMAIN_ALLOWS, LIMITED, ONLY},
    domain_block,
    endorsement::{ACCOUNT_NOTES, ENDORSEMENTS},
    error::Result,
    id::{AccountId, MediaId, StatusId},
    interaction::{PENDING_REPLIES, POLICIES},
    key::Key,
    media::{MEDIA, PROFILE_PICTURES, ProfilePart},
    moderation::{DOMAIN_BLOCKS, STANDINGS},
    mute::MUTES,
    oauth::APPLICATIONS,
    peer,
    poll::{BALLOTS, POLLS},
    quote::{QUOTABILITY, QUOTES},
    record::Record,
    relationship::{BLOCKS, FOLLOW_REQUESTS, FOLLOWS},
    relay::RELAYS,
    silent::SILENT,
    status::{STATUS_STATS, STATUSES, Status},
    table::{Direction, KeyRange, Read, Table, TableId, Visit},
    user::{USERS, WAITING},
};
use bytes::Bytes;
use std::{cell::RefCell, collections::HashMap};

type Rows = HashMap<TableId, HashMap<Vec<u8>, Option<Bytes>>>;

/// Reads through another; rows that were fetched before are at hand, as they were then: for one answer on one view.
pub struct Ahead<'a> {
    read: &'a dyn Read,
    rows: RefCell<Rows>,
}

impl<'a> Ahead<'a> {
    /// With nothing at hand yet.
    #[must_use]
    pub fn new(read: &'a dyn Read) -> Self {
        Ahead { read, rows: RefCell::default() }
    }

    /// Reads the rows of `table` under `keys` at once; those that are at hand are not read again.
    ///
    /// # Errors
    /// Storage errors.
    pub fn fetch<K: Key, R: Record>(&self, table: &Table<K, R>, keys: impl IntoIterator<Item = K>) -> Result<()> {
        let mut wanted: Vec<Vec<u8>> = keys.into_iter().map(|key| key.to_bytes()).collect();
        // In the order of the table: neighbours lie on one page of the engine.
        wanted.sort_unstable();
        wanted.dedup();
        if let Some(known) = self.rows.borrow().get(&table.id) {
            wanted.retain(|key| !known.contains_key(key));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let found = self.read.get_many_bytes(table.id, &wanted)?;
        self.rows.borrow_mut().entry(table.id).or_default().extend(wanted.into_iter().zip(found));
        Ok(())
    }

    /// What is read to draw these accounts, and to know whether they are to be shown at all.
    ///
    /// # Errors
    /// Storage errors.
    pub fn accounts(&self, ids: &[AccountId]) -> Result<()> {
        let known = self.standings(ids)?;
        self.fetch(&STANDINGS, ids.iter().copied())?;
        self.fetch(&ACCOUNT_STATS, ids.iter().copied())?;
        let here = || known.iter().filter(|account| account.is_local()).map(|account| account.id);
        self.fetch(&USERS, here())?;
        let parts = [ProfilePart::Avatar, ProfilePart::Header].map(|part| part as u8);
        self.fetch(&PROFILE_PICTURES, here().flat_map(|id| parts.map(|part| (id, part))))
    }

    /// Accounts, and what is read to know whether they are suspended or not let in yet.
    fn standings(&self, ids: &[AccountId]) -> Result<Vec<Account>> {
        self.fetch(&ACCOUNTS, ids.iter().copied())?;
        let known = self.known(&ACCOUNTS, ids.iter().copied())?;
        let authorities: Vec<String> = known.iter().flat_map(authorities).collect();
        let domains = || authorities.iter().flat_map(|authority| peer::named_by(authority)).map(str::to_owned);
        self.fetch(&DOMAIN_BLOCKS, domains())?;
        self.fetch(&LIMITED, [ONLY])?;
        if domain_allow::limited_since(self)?.is_some() {
            self.fetch(&DOMAIN_ALLOWS, domains())?;
        }
        self.fetch(&WAITING, known.iter().filter(|account| account.is_local()).map(|account| account.id))?;
        Ok(known)
    }

    /// What keeps `viewer` and these accounts, which were read, from each other.
    fn barriers(&self, viewer: AccountId, people: &[Account]) -> Result<()> {
        self.fetch(&BLOCKS, people.iter().flat_map(|other| [(viewer, other.id), (other.id, viewer)]))?;
        self.fetch(&MUTES, people.iter().map(|other| (viewer, other.id)))?;
        let domains = people.iter().filter_map(|other| other.domain.clone());
        self.fetch(&domain_block::DOMAIN_BLOCKS, domains.map(|domain| (viewer, domain)))
    }

    /// How `viewer` stands to these accounts, and the accounts.
    ///
    /// # Errors
    /// Storage errors.
    pub fn relations(&self, viewer: AccountId, ids: &[AccountId]) -> Result<()> {
        let both = || ids.iter().flat_map(|id| [(viewer, *id), (*id, viewer)]);
        let people = self.standings(ids)?;
        self.barriers(viewer, &people)?;
        self.fetch(&FOLLOWS, both())?;
        self.fetch(&FOLLOW_REQUESTS, both())?;
        self.fetch(&ENDORSEMENTS, ids.iter().map(|id| (viewer, *id)))?;
        self.fetch(&ACCOUNT_NOTES, ids.iter().map(|id| (viewer, *id)))
    }

    /// Statuses with what they share, and what is read to know whether `viewer` is to see them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn sights(&self, viewer: Option<AccountId>, ids: &[StatusId]) -> Result<()> {
        let rows = self.rows(ids)?;
        let replies = rows.iter().filter(|status| status.reply.is_some());
        self.fetch(&PENDING_REPLIES, replies.map(|status| status.id))?;
        let people = self.standings(&named(&rows))?;
        let Some(viewer) = viewer else { return Ok(()) };
        let few = rows.iter().filter(|status| !status.is_public());
        self.fetch(&FOLLOWS, few.map(|status| (viewer, status.account)))?;
        self.barriers(viewer, &people)
    }

    /// What is read to draw these statuses for `viewer`, but for their cards and emoji reactions.
    ///
    /// # Errors
    /// Storage errors.
    pub fn statuses(&self, viewer: Option<AccountId>, ids: &[StatusId]) -> Result<()> {
        let rows = self.rows(ids)?;
        let all = || rows.iter().map(|status| status.id);
        self.fetch(&STATUS_STATS, all())?;
        self.fetch(&STATED, all())?;
        let theirs =
            || rows.iter().filter(|status| !status.local && status.reblog_of.is_none()).map(|status| status.id);
        self.fetch(&CAME, theirs())?;
        let relays = self.known(&CAME, theirs())?.into_iter().filter_map(|came| match came.cause {
            Cause::Relay { relay } => Some(relay),
            _ => None,
        });
        self.fetch(&RELAYS, relays)?;
        let naming = |status: &&Status| !status.local && !status.mentions.is_empty();
        self.fetch(&SILENT, rows.iter().filter(naming).map(|status| status.id))?;
        self.fetch(&QUOTABILITY, all())?;
        self.fetch(&QUOTES, all())?;
        self.fetch(&POLICIES, all())?;
        self.fetch(&APPLICATIONS, rows.iter().filter_map(|status| status.application))?;
        let uploaded = |status: &Status| {
            let here = status.attachments.iter().filter(|attachment| attachment.url.starts_with('/'));
            here.map(|attachment| MediaId(attachment.id)).collect::<Vec<_>>()
        };
        self.fetch(&MEDIA, rows.iter().flat_map(uploaded))?;
        let polls = || rows.iter().filter(|status| status.poll.is_some()).map(|status| status.id);
        self.fetch(&POLLS, polls())?;
        if let Some(viewer) = viewer {
            self.fetch(&BALLOTS, polls().map(|id| (id, viewer)))?;
        }
        self.accounts(&named(&rows))
    }

    /// Statuses and what they share.
    fn rows(&self, ids: &[StatusId]) -> Result<Vec<Status>> {
        self.fetch(&STATUSES, ids.iter().copied())?;
        let mut rows = self.known(&STATUSES, ids.iter().copied())?;
        let shared: Vec<StatusId> = rows.iter().filter_map(|status| status.reblog_of).collect();
        self.fetch(&STATUSES, shared.iter().copied())?;
        rows.extend(self.known(&STATUSES, shared.iter().copied())?);
        Ok(rows)
    }

    /// Rows that were fetched.
    fn known<K: Key, R: Record>(&self, table: &Table<K, R>, keys: impl Iterator<Item = K>) -> Result<Vec<R>> {
        keys.filter_map(|key| table.get(self, &key).transpose()).collect()
    }
}

/// Who wrote these statuses and whom they mention.
fn named(rows: &[Status]) -> Vec<AccountId> {
    rows.iter().flat_map(|status| status.mentions.iter().copied().chain([status.account])).collect()
}

/// Whose blocks cover an account: of the domain in its handle, and of the server that it lives on.
fn authorities(account: &Account) -> Vec<String> {
    match &account.domain {
        Some(domain) => peer::authority_of(&account.uri).into_iter().chain([domain.clone()]).collect(),
        None => Vec::new(),
    }
}

impl Read for Ahead<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> Result<Option<Bytes>> {
        if let Some(row) = self.rows.borrow().get(&table).and_then(|rows| rows.get(key)) {
            return Ok(row.clone());
        }
        self.read.get_bytes(table, key)
    }

    fn get_many_bytes(&self, table: TableId, keys: &[Vec<u8>]) -> Result<Vec<Option<Bytes>>> {
        let at_hand = |key: &Vec<u8>| self.rows.borrow().get(&table).and_then(|rows| rows.get(key)).cloned();
        let known: Vec<Option<Option<Bytes>>> = keys.iter().map(at_hand).collect();
        let missing: Vec<Vec<u8>> =
            keys.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(key, _)| key.clone()).collect();
        let mut read =
            if missing.is_empty() { Vec::new() } else { self.read.get_many_bytes(table, &missing)? }.into_iter();
        Ok(known.into_iter().map(|known| known.unwrap_or_else(|| read.next().flatten())).collect())
    }

    fn scan_bytes(&self, table: TableId, range: &KeyRange, direction: Direction, visit: Visit<'_>) -> Result<()> {
        self.read.scan_bytes(table, range, direction, visit)
    }

    /// Whoever notes reads below has noted what was fetched.
    fn horizon(&self) -> Option<Horizon<'_>> {
        self.read.horizon()
    }
}
