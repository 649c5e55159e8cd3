//! What waits for one peer: a queue for each object, of which only the first may go.

use super::Document;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use storage::{
    ActivityId, Digest, Timestamp,
    delivery::{Owed, Priority},
    peer::{InboxId, Peer},
};

/// One delivery in memory.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The activity.
    pub(super) document: Arc<Document>,
    /// The inbox's number.
    pub(super) inbox: InboxId,
    /// Its URL.
    pub(super) url: Arc<str>,
    /// Which row says that it is owed.
    pub(super) source: Source,
}

/// Which row says that a delivery is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The position in the activity's own list.
    Listed(u32),
    /// A row of the peer.
    Owed(Owed),
}

impl Item {
    fn place(&self) -> (ActivityId, InboxId) {
        (self.document.id, self.inbox)
    }
}

/// A peer's lane.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its schedule.
    pub(super) peer: Peer,
    /// The peer is owed rows: what is new becomes a row behind them.
    pub(super) backlog: bool,
    /// Where reading of its rows goes on; none: from the first.
    pub(super) cursor: Option<(ActivityId, InboxId)>,
    /// Objects whose first row is not due: their later rows wait, too.
    pub(super) skipped: HashSet<Digest>,
    /// When its rows are worth reading from the first again.
    pub(super) rescan_at: Option<Timestamp>,
    /// Changes of its rows that are not durable yet.
    pub(super) unflushed: usize,
    /// Its last answer was slow.
    pub(super) slow: bool,
    /// Deliveries on their way.
    pub(super) in_flight: usize,
    /// Where the plan has put it.
    pub(super) spot: Spot,
    chains: HashMap<Digest, BTreeMap<(ActivityId, InboxId), Item>>,
    heads: BTreeSet<(Priority, ActivityId, InboxId, Digest)>,
    busy: HashSet<Digest>,
    length: usize,
}

/// Where a plan has put a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// Nowhere.
    Aside,
    /// May send.
    Ready(super::Class, Priority, u64),
    /// Waits for a time.
    Waiting(Timestamp),
    /// Needs its rows read.
    Hungry,
}

impl Lane {
    /// An empty lane.
    pub(super) fn new(peer: Peer) -> Self {
        Lane {
            backlog: peer.owed > 0 || peer.is_failing(),
            peer,
            cursor: None,
            skipped: HashSet::new(),
            rescan_at: None,
            unflushed: 0,
            slow: false,
            in_flight: 0,
            spot: Spot::Aside,
            chains: HashMap::new(),
            heads: BTreeSet::new(),
            busy: HashSet::new(),
            length: 0,
        }
    }

    /// Deliveries waiting in memory.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing would be lost by forgetting it.
    pub(super) fn is_idle(&self) -> bool {
        self.length == 0 && self.in_flight == 0 && self.unflushed == 0 && !self.backlog && !self.peer.is_failing()
    }

    /// Adds a delivery in the order of activities, not of arrival.
    pub(super) fn add(&mut self, item: Item) {
        let object = item.document.activity.object;
        self.behead(object);
        if self.chains.entry(object).or_default().insert(item.place(), item).is_none() {
            self.length += 1;
        }
        self.crown(object);
    }

    /// What may go first.
    pub(super) fn best(&self) -> Option<Priority> {
        self.heads.first().map(|head| head.0)
    }

    /// Takes what goes first; its object is busy until `release`.
    pub(super) fn take(&mut self) -> Option<Item> {
        let (_, activity, inbox, object) = self.heads.pop_first()?;
        let item = self.chains.get_mut(&object)?.remove(&(activity, inbox))?;
        self.busy.insert(object);
        self.length -= 1;
        Some(item)
    }

    /// The delivery about `object` has ended: the next one may go.
    pub(super) fn release(&mut self, object: Digest) {
        self.busy.remove(&object);
        self.crown(object);
    }

    /// Takes everything that waits, in order.
    pub(super) fn drain(&mut self) -> Vec<Item> {
        self.heads.clear();
        self.length = 0;
        let mut items: Vec<_> = self.chains.drain().flat_map(|(_, chain)| chain.into_values()).collect();
        items.sort_unstable_by_key(Item::place);
        items
    }

    fn behead(&mut self, object: Digest) {
        if let Some(head) = self.head(object) {
            self.heads.remove(&head);
        }
    }

    fn crown(&mut self, object: Digest) {
        if self.chains.get(&object).is_some_and(BTreeMap::is_empty) {
            self.chains.remove(&object);
        }
        if !self.busy.contains(&object)
            && let Some(head) = self.head(object)
        {
            self.heads.insert(head);
        }
    }

    fn head(&self, object: Digest) -> Option<(Priority, ActivityId, InboxId, Digest)> {
        let ((activity, inbox), item) = self.chains.get(&object)?.first_key_value()?;
        let priority = match item.source {
            Source::Listed(_) => item.document.activity.priority,
            // What was owed for long is caught up with in order.
            Source::Owed(_) => Priority::Public,
        };
        Some((priority, *activity, *inbox, object))
    }
}
