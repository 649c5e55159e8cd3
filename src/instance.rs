//! What this server says of itself: counts for instance answers and nodeinfo, and changing its settings. Settings and
//! identity are records of `storage::instance`.
//!
//! May use: `text`, `user`, `storage`. Must never name: other rooms, HTTP, the network. Invariant: counting is bounded,
//! whatever is stored.

pub mod settings;
pub mod texts;

use crate::clock::DAY_MS;
use crate::{error::Result, limits};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Read, Timestamp,
    account::{self, ACCOUNT_BY_NAME, LOCAL_ACCOUNTS},
    activity::{self, Activity, Day, Week},
    moderation::{block_of, is_suspended},
    table::KeyRange,
    user,
};

/// How many there are, as far as `limits::COUNTED_MAX` reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts here.
    pub users: u64,
    /// Accounts here that posted in the last 30 days.
    pub active_month: u64,
    /// Accounts here that posted in the last 180 days.
    pub active_half_year: u64,
    /// Statuses and reblogs of accounts here.
    pub statuses: u64,
}

/// Counts people here, of whom nobody waits to be let in, and what they wrote; whoever is gone left their name only.
///
/// # Errors
/// Storage errors.
pub fn counts(read: &dyn Read, now: Timestamp) -> Result<Counts> {
    let mut counts = Counts::default();
    for id in local_accounts(read, limits::COUNTED_MAX)? {
        if user::find(read, id)?.is_none_or(|user| user.is_waiting()) {
            continue;
        }
        let stats = account::stats(read, id)?;
        let age = stats.last_status_at.map(|at| now.ms_since(at));
        counts.users += 1;
        counts.active_month += u64::from(age.is_some_and(|age| age < 30 * DAY_MS));
        counts.active_half_year += u64::from(age.is_some_and(|age| age < 180 * DAY_MS));
        counts.statuses += stats.statuses;
    }
    Ok(counts)
}

/// What happened here in the last `limits::ACTIVITY_WEEKS` weeks, the newest first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, instance#activity.
pub fn weeks(read: &dyn Read, now: Timestamp) -> Result<Vec<(Week, Activity)>> {
    let newest = Day::of(now).week();
    let weeks = (0..limits::ACTIVITY_WEEKS).map(|back| Week(newest.0.saturating_sub(back)));
    weeks.map(|week| Ok((week, activity::of_week(read, week)?))).collect()
}

/// Servers that everybody may know this one knows, in order, at most `limit`: none that is blocked.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, instance#peers.
pub fn peers(read: &dyn Read, limit: usize) -> Result<Vec<String>> {
    let mut peers = Vec::new();
    for domain in known_domains(read, limit)? {
        if block_of(read, &domain)?.is_none() {
            peers.push(domain);
        }
    }
    Ok(peers)
}

/// Known servers whose name begins with `prefix` and that are not suspended, in order, at most
/// `limits::PEERS_FOUND_MAX`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, peers#search.
pub fn search_peers(read: &dyn Read, prefix: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for domain in domains_with(read, prefix, limits::PEERS_FOUND_MAX * 4)? {
        if found.len() < limits::PEERS_FOUND_MAX && !is_suspended(read, &domain)? {
            found.push(domain);
        }
    }
    Ok(found)
}

/// Accounts that live here, oldest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn local_accounts(read: &dyn Read, limit: usize) -> Result<Vec<AccountId>> {
    let rows = LOCAL_ACCOUNTS.list(read, &(), Bounds::NONE, Direction::Ascending, limit)?;
    Ok(rows.into_iter().map(|(id, ())| id).collect())
}

/// The servers whose accounts are known here, in order, at most `limit`; one step of the index for each.
///
/// # Errors
/// Storage errors.
pub fn known_domains(read: &dyn Read, limit: usize) -> Result<Vec<String>> {
    domains_with(read, "", limit)
}

fn domains_with(read: &dyn Read, prefix: &str, limit: usize) -> Result<Vec<String>> {
    let mut domains: Vec<String> = Vec::new();
    // Behind the accounts of this server, whose domain is empty; each next step begins behind all names of the last.
    let mut from = if prefix.is_empty() { vec![1] } else { prefix.as_bytes().to_vec() };
    while domains.len() < limit.min(limits::COUNTED_MAX) {
        let mut next = None;
        let range = KeyRange { from, until: None };
        read.scan_bytes(ACCOUNT_BY_NAME.id, &range, Direction::Ascending, &mut |key, _| {
            next = key.iter().position(|byte| *byte == 0).map(|end| key[..end].to_vec());
            Ok(ControlFlow::Break(()))
        })?;
        let Some(mut domain) = next.filter(|domain| domain.starts_with(prefix.as_bytes())) else { break };
        domains.push(String::from_utf8_lossy(&domain).into_owned());
        domain.push(1);
        from = domain;
    }
    Ok(domains)
}
