//! What waits for one peer: a queue for each object, of which only the first may go.

use super::{
    Class, Document,
    rows::{Cursor, Look, OwedRow, Wanted},
};
use crate::limits;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use storage::{
    ActivityId, Digest, Timestamp,
    delivery::{Delivery, Owed, Priority},
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
    /// None any more: it was on its way when its peer was purged. If it fails nothing is owed.
    Purged,
}

impl Item {
    /// What a row of the peer says that it is owed.
    pub(super) fn owed(row: OwedRow) -> Self {
        let source = Source::Owed(row.owed);
        Item { document: row.document, inbox: row.inbox, url: row.row.url.as_str().into(), source }
    }

    /// It as a delivery to its peer.
    pub(super) fn delivery_to(&self, domain: &str) -> Delivery {
        Delivery { domain: domain.to_owned(), activity: self.document.id, inbox: self.inbox }
    }

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
    pub(super) cursor: Cursor,
    /// The pass over its rows: what has this priority is read.
    pub(super) pass: Priority,
    /// The priority of the next pass, as far as this one has seen what it leaves.
    pub(super) left: Option<Priority>,
    /// Looks of this pass so far.
    looks: usize,
    /// Reading begins again after the look that is due.
    again: bool,
    /// Something became owed that goes before this pass, which has taken nothing yet: the next one begins anew.
    pub(super) hurried: bool,
    /// Objects with a row that is not due, or whose pass comes later, and its activity: those behind it wait, too.
    pub(super) skipped: HashMap<Digest, ActivityId>,
    /// When its rows are worth reading from the first again.
    pub(super) rescan_at: Option<Timestamp>,
    /// Changes of its rows that are not durable yet.
    pub(super) unflushed: usize,
    /// Its last answer was slow.
    pub(super) slow: bool,
    /// Nothing is sent before: this server could not try.
    pub(super) held_until: Option<Timestamp>,
    /// Hearing from it does not lead to another try before: it failed just now, or wants to be left alone.
    pub(super) rests_until: Option<Timestamp>,
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
    Ready(Class, Priority, u64),
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
            pass: Priority::Direct,
            left: None,
            looks: 0,
            again: false,
            hurried: false,
            skipped: HashMap::new(),
            rescan_at: None,
            unflushed: 0,
            slow: false,
            held_until: None,
            rests_until: None,
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

    /// Which of its rows are to be read next.
    pub(super) fn look(&self) -> Look {
        let wanted = if self.peer.is_failing() { Wanted::Probe } else { Wanted::UpTo(self.pass) };
        Look { after: self.cursor, wanted }
    }

    /// Its rows are read from the first again, what goes first before the rest, once nothing of them is on its way. A look
    /// that is due already goes on where it is, before: rows that were sent may still be there.
    pub(super) fn begin_again(&mut self) {
        if self.spot == Spot::Hungry && self.cursor.is_some() {
            self.again = true;
            return;
        }
        self.again = false;
        self.cursor = None;
        self.pass = Priority::Direct;
        self.left = None;
        self.looks = 0;
        self.hurried = false;
        self.rescan_at = None;
    }

    /// A look at its rows has ended that took so many: where the pass is through, or has looked often enough while others
    /// wait, the next one begins.
    pub(super) fn read_on(&mut self, taken: usize) {
        self.looks += 1;
        if self.left.is_some() && self.looks >= limits::DELIVERY_PASS_LOOKS {
            self.cursor = None;
        }
        if self.cursor.is_none() {
            self.looks = 0;
            match self.left.take() {
                Some(next) => {
                    self.pass = next;
                    self.rescan_at = None;
                }
                None => {
                    self.pass = Priority::Direct;
                    self.hurried = false;
                }
            }
        }
        if self.again || (self.hurried && taken > 0) {
            self.begin_again();
        }
    }

    /// A row of this priority is made: if it goes before those being read, reading begins again. A pass that has not begun
    /// takes something before, so that what is urgent never holds up the rest for ever.
    pub(super) fn hurry(&mut self, priority: Priority) {
        if priority >= self.pass {
            return;
        }
        match self.cursor {
            Some(_) => self.begin_again(),
            None => self.hurried = true,
        }
    }

    /// Where it belongs now; `turn` is that of a lane that may send.
    pub(super) fn belongs(&self, turn: u64, now: Timestamp) -> Spot {
        let failing = self.peer.is_failing();
        // What was owed goes one by one, so that it arrives in order.
        let at_once = if failing || self.backlog { 1 } else { limits::DELIVERIES_PER_PEER };
        if self.in_flight >= at_once {
            return Spot::Aside;
        }
        if let Some(time) = self.peer.next_attempt_at.max(self.held_until).filter(|time| *time > now) {
            return if self.backlog || self.len() > 0 { Spot::Waiting(time) } else { Spot::Aside };
        }
        if let Some(priority) = self.best() {
            return match self.slow {
                _ if failing => Spot::Ready(Class::Failing, urgency_of_probe(&self.peer), turn),
                true => Spot::Ready(Class::Slow, priority, turn),
                false => Spot::Ready(Class::Fast, priority, turn),
            };
        }
        if !self.backlog || self.len() > 0 {
            return Spot::Aside;
        }
        if self.cursor.is_some() {
            return Spot::Hungry;
        }
        // From the first row only when nothing of it is on its way: neither to the peer nor to the store.
        match self.rescan_at {
            _ if self.unflushed > 0 || self.in_flight > 0 => Spot::Aside,
            Some(time) if time > now => Spot::Waiting(time),
            _ => Spot::Hungry,
        }
    }

    /// Failures of its peer in a row since something came through to it; none if it was heard from since they began.
    pub(super) fn failures_in_silence(&self) -> u32 {
        if is_heard_from(&self.peer) { 0 } else { self.peer.attempt }
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
        Some((item.document.activity.priority, *activity, *inbox, object))
    }
}

/// A failing peer is asked whether it is back, whatever with: whoever was heard from since it failed before those that
/// were not, each in its turn.
fn urgency_of_probe(peer: &Peer) -> Priority {
    if is_heard_from(peer) { Priority::Direct } else { Priority::Public }
}

/// Whether a failing peer was heard from since it failed.
fn is_heard_from(peer: &Peer) -> bool {
    peer.last_inbound > peer.failing_since
}
