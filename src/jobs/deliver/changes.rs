//! What the plan has to tell the store, and in which order that becomes durable.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};
use storage::{
    ActivityId,
    delivery::{Delivery, Owed},
    manner::Refusal,
    peer::{InboxId, Peer},
    undelivered::Undelivered,
};

/// What the store must be told.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Changes {
    /// Activities whose bitmap changed.
    pub(super) activities: BTreeSet<ActivityId>,
    /// Rows for failing peers, made or changed.
    pub(super) spills: Vec<(Delivery, Owed)>,
    /// Of peers that were purged while these were becoming rows: if they did, the rows go again.
    pub(super) dropped: Vec<Delivery>,
    /// Rows that are settled.
    pub(super) settled: Vec<Delivery>,
    /// Deliveries that ended without being taken.
    pub(super) undelivered: Vec<(ActivityId, Undelivered)>,
    /// What peers would not have, the newest of each.
    pub(super) refusals: BTreeMap<Arc<str>, Vec<Refusal>>,
    /// Peers whose schedule changed.
    pub(super) peers: HashSet<Arc<str>>,
    /// Shared inboxes that answered 410.
    pub(super) gone: Vec<InboxId>,
}

/// What one flush writes.
#[derive(Debug, Clone, Default)]
pub(super) struct Flush {
    /// (activity, bitmap, everything is handled), in order.
    pub(super) progress: Vec<(ActivityId, Vec<u8>, bool)>,
    /// Peers as the plan knows them.
    pub(super) peers: Vec<(String, Peer)>,
    /// The rest.
    pub(super) changes: Changes,
}

impl Flush {
    /// Whether nothing is left to write but rows that owe, which are made and dropped before.
    pub(super) fn is_empty(&self) -> bool {
        self.progress.is_empty()
            && self.peers.is_empty()
            && self.changes.settled.is_empty()
            && self.changes.undelivered.is_empty()
            && self.changes.refusals.is_empty()
            && self.changes.gone.is_empty()
    }

    /// Takes the first `rows` of what is left, in the order in which it must become durable.
    pub(super) fn split_off(&mut self, rows: usize) -> Flush {
        fn front<T>(list: &mut Vec<T>, room: &mut usize) -> Vec<T> {
            let count = list.len().min(*room);
            *room -= count;
            list.drain(..count).collect()
        }
        let mut room = rows;
        // While something is owed its activity is there, so that what is told of it has its place.
        let undelivered = front(&mut self.changes.undelivered, &mut room);
        let progress = front(&mut self.progress, &mut room);
        let settled = front(&mut self.changes.settled, &mut room);
        let peers = front(&mut self.peers, &mut room);
        let gone = front(&mut self.changes.gone, &mut room);
        let known = &mut self.changes.refusals;
        let refusals = std::iter::from_fn(|| known.pop_first()).take(room).collect();
        Flush { progress, peers, changes: Changes { settled, undelivered, gone, refusals, ..Changes::default() } }
    }
}
