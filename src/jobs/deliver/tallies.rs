//! How many followers an account has on each server, for what is told to them (FEP-8fcf): counted for all servers at once,
//! and again only after followers changed.

use crate::{
    federation::synchronization::{self, Tally},
    limits,
    server::Server,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use storage::{AccountId, Timestamp, account};
use tokio::sync::watch;

/// Tallies in memory: of at most `limits::TALLIED_ACCOUNTS_MAX` accounts and `limits::TALLIES_MAX` servers together.
#[derive(Clone, Default)]
pub(super) struct Tallies(Arc<Mutex<HashMap<AccountId, Known>>>);

#[derive(Default)]
struct Known {
    hosts: HashMap<String, Tally>,
    /// How many followers those are together.
    followers: usize,
    /// When they were counted; never: not yet.
    counted_at: Option<Timestamp>,
    /// Grows with every change of followers.
    changes: u64,
    /// `changes` when what is known was read.
    counted: u64,
    /// They are being counted; closed when that has ended.
    counting: Option<watch::Receiver<()>>,
}

impl Tallies {
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The followers of `account` here that live on `domain`; none if there are none there, too many to be named, or if it
    /// is not known yet. Of few followers it is counted while the delivery waits; of many beside, and what was known before
    /// is told meanwhile: whoever finds that it does not agree asks for the names, which are right.
    pub(super) async fn of(&self, server: &Server, account: AccountId, domain: &str) -> Option<Tally> {
        if let Some(mut counted) = self.begin(server, account) {
            let look = move |view: &storage::View<'_>| Ok(account::stats(view, account)?.followers);
            if server.read(look).await.ok()? <= limits::FOLLOWERS_TALLIED_STEP as u64 {
                let patience = Duration::from_millis(limits::TALLY_WAIT_MS);
                // It ends by being closed; if it takes too long, this delivery goes without.
                let _ = tokio::time::timeout(patience, counted.changed()).await;
            }
        }
        let tally = self.lock().get(&account)?.hosts.get(domain).copied();
        tally.filter(|tally| tally.count <= limits::FOLLOWERS_NAMED_MAX)
    }

    /// Followers of `account` may have changed.
    pub(super) fn changed(&self, account: AccountId) {
        if let Some(known) = self.lock().get_mut(&account) {
            known.changes += 1;
        }
    }

    /// Followers of any account may have.
    pub(super) fn clear(&self) {
        self.lock().values_mut().for_each(|known| known.changes += 1);
    }

    /// Begins to count if that is due; answers what ends with the count under way.
    fn begin(&self, server: &Server, account: AccountId) -> Option<watch::Receiver<()>> {
        let now = server.now();
        let mut all = self.lock();
        make_room(&mut all, account);
        let known = all.entry(account).or_default();
        if let Some(counting) = known.counting.as_ref().filter(|counting| counting.has_changed().is_ok()) {
            return Some(counting.clone());
        }
        let many = known.followers > limits::FOLLOWERS_TALLIED_STEP;
        let lately = known.counted_at.is_some_and(|at| now.ms_since(at) < limits::TALLIES_KEPT_MS);
        let current = known.counted_at.is_some() && known.counted == known.changes;
        if current || (many && lately) {
            return None;
        }
        let (end, counting) = watch::channel(());
        let changes = known.changes;
        known.counting = Some(counting.clone());
        drop(all);
        let (tallies, of_task) = (self.clone(), server.clone());
        server.spawn("followers of servers", async move {
            match synchronization::tallies(&of_task, account).await {
                Ok(hosts) => {
                    if let Some(known) = tallies.lock().get_mut(&account) {
                        known.hosts = hosts.unwrap_or_default();
                        known.followers = known.hosts.values().map(|tally| tally.count).sum();
                        known.counted_at = Some(now);
                        known.counted = changes;
                    }
                }
                Err(error) => tracing::info!(%account, %error, "followers could not be counted"),
            }
            drop(end);
        });
        Some(counting)
    }
}

/// Forgets some others if there are too many; they are counted again when they are needed.
fn make_room(all: &mut HashMap<AccountId, Known>, account: AccountId) {
    let too_many = |all: &HashMap<AccountId, Known>| {
        let hosts: usize = all.values().map(|known| known.hosts.len()).sum();
        all.len() >= limits::TALLIED_ACCOUNTS_MAX || hosts >= limits::TALLIES_MAX
    };
    while !all.contains_key(&account) && too_many(all) {
        let Some(some) = all.keys().next().copied() else { return };
        all.remove(&some);
    }
}
