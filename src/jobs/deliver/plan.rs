//! Which delivery goes next: pure bookkeeping over lanes, without a clock, a socket or a store of its own.
//!
//! A lane carries at most `limits::DELIVERIES_PER_PEER` at once, one while its peer is failing or owed rows. Lanes of slow and
//! of failing peers draw on slots of their own, so that they never use up those of the others.

mod steered;

use super::{
    Class, Document,
    changes::{Changes, Flush},
    lane::{Item, Lane, Source, Spot},
    rows::{Found, Look, OwedRow, Page},
    slots::Slots,
    unloaded::Unloaded,
};
use crate::limits;
use bytes::Bytes;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    mem,
    sync::Arc,
};
use storage::{
    ActivityId, Digest, Timestamp,
    delivery::{self, Delivery, Memory, Owed, Part, Priority},
    manner::{Refusal, keep_newest},
    peer::{Failing, Peer, REVIVED_AFTER_MS, backoff_ms, honoured_ms},
    undelivered::{Reason, Undelivered},
};

/// All lanes, and what is not durable yet.
#[derive(Default)]
pub(super) struct Plan {
    lanes: HashMap<Arc<str>, Lane>,
    activities: BTreeMap<ActivityId, Progress>,
    ready: BTreeMap<Class, BTreeSet<(Priority, u64, Arc<str>)>>,
    waiting: BTreeSet<(Timestamp, Arc<str>)>,
    hungry: VecDeque<Arc<str>>,
    /// Nothing is begun for these; what they are owed becomes rows.
    paused: HashSet<Arc<str>>,
    sending: HashMap<u64, Sending>,
    slots: Slots,
    turn: u64,
    planned: usize,
    changes: Changes,
    /// Rows that the flush under way makes.
    spilling: usize,
    /// Purged since the last flush was begun, and when: what that makes rows of for them goes again.
    purged: HashMap<Arc<str>, Timestamp>,
    /// Purged while not all was in memory, or known: what comes of activities up to this one is dropped.
    purged_up_to: HashMap<Arc<str>, ActivityId>,
}

/// How far an activity has come.
struct Progress {
    document: Arc<Document>,
    done: Vec<u8>,
    handled: u32,
    loaded: u32,
    complete: bool,
}

/// A delivery on its way.
#[derive(Debug, Clone)]
pub(super) struct Sending {
    /// The peer.
    pub(super) domain: Arc<str>,
    /// What and where.
    pub(super) item: Item,
    /// Whose slot it began with.
    pub(super) class: Class,
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The peer took it.
    Done,
    /// The peer will never take it (or we may never send it).
    GiveUp {
        /// In words.
        why: String,
        /// In short; a peer that refused is there.
        reason: Reason,
        /// The shared inbox answered 410.
        inbox_gone: bool,
    },
    /// Again later.
    Retry(Setback),
    /// It was not tried, for reasons of this server alone: nothing is noted of the peer.
    NotTried {
        /// In words.
        why: String,
    },
}

/// Why a delivery is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setback {
    /// In words.
    pub(super) why: String,
    /// What the peer answered, if it did.
    pub(super) status: Option<u16>,
    /// How long it wants to be left alone.
    pub(super) retry_after_ms: Option<i64>,
}

impl Setback {
    /// What it says of the peer; 408, 429, 502, 503 and 504 are about its state, and no proxy's word that it is there.
    fn how(&self) -> Failing {
        match self.status {
            None | Some(408 | 429 | 502..=504) => Failing::Away,
            Some(_) => Failing::There,
        }
    }
}

impl Plan {
    /// How many deliveries wait in memory.
    #[cfg(test)]
    pub(super) fn planned(&self) -> usize {
        self.planned
    }

    /// Whether there is room for more where at most so many wait in memory, and as many are becoming rows.
    pub(super) fn has_room(&self, most: usize) -> bool {
        self.planned < most && self.changes.spills.len() + self.spilling < most
    }

    /// The position up to which an activity is loaded.
    pub(super) fn loaded(&self, id: ActivityId) -> u32 {
        self.activities.get(&id).map_or(0, |progress| progress.loaded)
    }

    /// A lane for a peer that is owed something or failing, known from the store.
    pub(super) fn add_peer(&mut self, domain: &str, peer: Peer, now: Timestamp) {
        let domain: Arc<str> = domain.into();
        self.lanes.entry(Arc::clone(&domain)).or_insert_with(|| Lane::new(peer));
        self.place(&domain, now);
    }

    /// Takes what was read of these; fewer parts than are wanted: the rest comes later.
    pub(super) fn take_parts(
        &mut self,
        unloaded: &mut Unloaded,
        wanted: Vec<(ActivityId, Digest)>,
        parts: Vec<Option<Part>>,
        peers: &HashMap<String, Peer>,
        now: Timestamp,
    ) {
        for ((id, object), part) in wanted.into_iter().zip(parts) {
            if part.as_ref().is_none_or(|part| part.at_end) {
                unloaded.loaded(id, object);
            }
            match part {
                Some(part) => self.add_part(id, part, peers, now),
                None => self.is_over(id),
            }
        }
    }

    /// Takes part of an activity's deliveries; `peers` are the rows of peers not known yet.
    pub(super) fn add_part(&mut self, id: ActivityId, part: Part, peers: &HashMap<String, Peer>, now: Timestamp) {
        let progress = self.activities.entry(id).or_insert_with(|| Progress {
            document: Arc::new(Document { id, activity: part.activity, bytes: Bytes::from(part.bytes) }),
            handled: part.done.iter().map(|byte| byte.count_ones()).sum(),
            done: part.done,
            loaded: 0,
            complete: false,
        });
        let document = Arc::clone(&progress.document);
        let from = progress.loaded;
        progress.loaded = progress.loaded.max(part.next);
        progress.complete |= part.complete;
        for (position, inbox, row) in part.items {
            if position < from {
                continue;
            }
            let domain: Arc<str> = row.domain.as_str().into();
            let item = Item {
                document: Arc::clone(&document),
                inbox,
                url: row.url.as_str().into(),
                source: Source::Listed(position),
            };
            if self.purged_up_to.get(&domain).is_some_and(|last| id <= *last) {
                self.tell_undelivered(&item, now, Reason::Purged);
                self.mark(id, position);
                continue;
            }
            let lane = self
                .lanes
                .entry(Arc::clone(&domain))
                .or_insert_with(|| Lane::new(peers.get(domain.as_ref()).cloned().unwrap_or_else(|| Peer::new(now))));
            lane.backlog |= self.paused.contains(&domain);
            if lane.backlog {
                self.spill(&domain, &item, 0, Timestamp(0));
            } else {
                lane.add(item);
                self.planned += 1;
            }
            self.place(&domain, now);
        }
        self.changes.activities.insert(id);
    }

    /// All there is has come into memory. Of activities whose inboxes are still being found out there will be more, which what
    /// was purged concerns as well.
    pub(super) fn all_loaded(&mut self) {
        if self.purged_up_to.is_empty() {
            return;
        }
        let growing = self.activities.iter().find(|(_, progress)| !progress.complete).map(|(id, _)| *id);
        self.purged_up_to.retain(|_, last| growing.is_some_and(|oldest| oldest <= *last));
    }

    /// An activity is finished in the store. Nobody was found who gets it, if it is still here: nothing more comes of it.
    pub(super) fn is_over(&mut self, id: ActivityId) {
        self.activities.remove(&id);
    }

    /// The next lane whose rows must be read, and which; the caller answers with `add_rows`.
    pub(super) fn next_hungry(&mut self) -> Option<(Arc<str>, Look)> {
        while let Some(domain) = self.hungry.pop_front() {
            let Some(lane) = self.lanes.get_mut(&domain) else { continue };
            lane.spot = Spot::Aside;
            if !self.paused.contains(&domain) {
                return Some((domain, lane.look()));
            }
        }
        None
    }

    /// Takes what was found of the rows owed to a peer.
    pub(super) fn add_rows(&mut self, domain: &Arc<str>, page: Page<OwedRow>, now: Timestamp) {
        let Some(lane) = self.lanes.get_mut(domain) else { return };
        if lane.cursor.is_none() {
            lane.skipped.clear();
            lane.left = None;
            lane.rescan_at = None;
            if page.found.is_empty() && lane.unflushed == 0 {
                // A failing peer that is owed nothing waits for something to be owed; others are served directly again.
                lane.backlog = lane.peer.is_failing();
                lane.rescan_at = lane.backlog.then_some(Timestamp(i64::MAX));
            }
        }
        lane.cursor = page.next;
        let (before, mut dropped) = (lane.len(), Vec::new());
        for found in page.found {
            match found {
                Found::Dropped(row, reason) => dropped.push((Item::owed(row), reason)),
                Found::NotDue { activity, object, until } => {
                    lane.skipped.entry(object).or_insert(activity);
                    lane.rescan_at = Some(lane.rescan_at.map_or(until, |known| known.min(until)));
                }
                Found::Later { activity, object, priority } => {
                    if *lane.skipped.entry(object).or_insert(activity) == activity {
                        lane.left = Some(lane.left.map_or(priority, |known| known.min(priority)));
                    }
                }
                Found::Taken(row)
                    if lane
                        .skipped
                        .get(&row.document.activity.object)
                        .is_some_and(|first| *first != row.document.id) => {}
                Found::Taken(row) => lane.add(Item::owed(row)),
            }
        }
        let taken = lane.len() - before;
        self.planned += taken;
        lane.read_on(taken);
        if !dropped.is_empty() {
            tracing::info!(peer = %domain, deliveries = dropped.len(), "they may not be sent any more: given up");
        }
        for (item, reason) in dropped {
            self.tell_undelivered(&item, now, reason);
            self.settle(domain, &item);
        }
        self.place(domain, now);
    }

    /// A peer's rows could not be read: again in a moment.
    pub(super) fn no_rows(&mut self, domain: &Arc<str>, now: Timestamp) {
        if let Some(lane) = self.lanes.get_mut(domain) {
            lane.begin_again();
            lane.rescan_at = Some(now.plus_ms(limits::JOB_STORE_RETRY_MS));
        }
        self.place(domain, now);
    }

    /// The next delivery to send, if a slot of its class is free. `fast` is how many the healthy ones may use.
    pub(super) fn next(&mut self, fast: usize, now: Timestamp) -> Option<(u64, Sending)> {
        self.wake(now);
        for class in [Class::Fast, Class::Slow, Class::Failing] {
            if !self.slots.are_free(class, fast) {
                continue;
            }
            let Some((_, _, domain)) = self.ready.get_mut(&class).and_then(BTreeSet::pop_first) else { continue };
            let Some(item) = self.lanes.get_mut(&domain).and_then(|lane| {
                lane.spot = Spot::Aside;
                let item = lane.take()?;
                lane.in_flight += 1;
                Some(item)
            }) else {
                self.place(&domain, now);
                continue;
            };
            self.planned -= 1;
            self.turn += 1;
            let (ticket, sending) = (self.turn, Sending { domain: Arc::clone(&domain), item, class });
            self.slots.begin(ticket, class);
            self.sending.insert(ticket, sending.clone());
            self.place(&domain, now);
            return Some((ticket, sending));
        }
        None
    }

    /// A delivery takes long: it leaves its slot to others, unless very many do.
    pub(super) fn linger(&mut self, ticket: u64, now: Timestamp) {
        let Some(sending) = self.sending.get(&ticket) else { return };
        let domain = Arc::clone(&sending.domain);
        self.slots.linger(ticket, sending.class);
        if let Some(lane) = self.lanes.get_mut(&domain) {
            lane.slow = true;
        }
        self.place(&domain, now);
    }

    /// A delivery has ended; `quick` if it never lingered.
    pub(super) fn ended(&mut self, ticket: u64, verdict: Verdict, quick: bool, now: Timestamp, random: u64) {
        let Some(Sending { domain, item, class }) = self.sending.remove(&ticket) else { return };
        self.slots.end(ticket, class);
        let Some(lane) = self.lanes.get_mut(&domain) else { return };
        lane.in_flight -= 1;
        let was_failing = lane.peer.is_failing();
        match verdict {
            Verdict::Done => {
                lane.slow = !quick;
                if lane.peer.succeed(now) {
                    self.changes.peers.insert(Arc::clone(&domain));
                }
                self.settle(&domain, &item);
            }
            Verdict::GiveUp { why, reason, inbox_gone } => {
                tracing::info!(peer = %domain, activity = %item.document.activity.uri, %why, "a delivery was given up");
                lane.slow = !quick;
                if let Reason::Refused(_) = reason {
                    lane.peer.succeed(now);
                }
                // That a sender is suspended or gone here says nothing of the peer.
                if reason != Reason::NoKey {
                    lane.peer.last_error = why.chars().take(limits::JOB_ERROR_CHARS).collect();
                    self.changes.peers.insert(Arc::clone(&domain));
                }
                if inbox_gone {
                    self.changes.gone.push(item.inbox);
                }
                self.tell_undelivered(&item, now, reason);
                self.tell_refused(&domain, &item, now, reason);
                self.settle(&domain, &item);
                // The next one that a failing peer is asked with is the oldest again.
                if let Some(lane) = self.lanes.get_mut(&domain).filter(|lane| lane.peer.is_failing()) {
                    lane.begin_again();
                }
            }
            Verdict::Retry(setback) => self.fail(&domain, &item, &setback, now, random),
            Verdict::NotTried { why } => {
                tracing::debug!(peer = %domain, activity = %item.document.activity.uri, %why, "a delivery was not tried");
                self.put_back(&domain, &item, now);
            }
        }
        if let Some(lane) = self.lanes.get_mut(&domain) {
            lane.release(item.document.activity.object);
            if was_failing && !lane.peer.is_failing() {
                // It was asked with the oldest; now what is addressed to people goes first.
                lane.begin_again();
            }
        }
        self.place(&domain, now);
    }

    /// A peer that failed has shown that it is there.
    pub(super) fn revive(&mut self, domain: &str, now: Timestamp) {
        let Some((domain, lane)) =
            self.lanes.get_key_value(domain).map(|(domain, _)| Arc::clone(domain)).and_then(|domain| {
                let lane = self.lanes.get_mut(&domain)?;
                Some((domain, lane))
            })
        else {
            return;
        };
        match lane.rests_until.filter(|until| *until > now && lane.peer.is_failing()) {
            // A server that is busy goes on sending: that it does is no reason to try it each time.
            Some(until) => lane.peer.hear_and_wait(now, until),
            None => {
                lane.peer.hear(now);
            }
        }
        lane.begin_again();
        self.changes.peers.insert(Arc::clone(&domain));
        self.place(&domain, now);
    }

    /// When there is something to do again: at once while rows wait to be read, else when something becomes due.
    pub(super) fn next_wake(&self, now: Timestamp) -> Option<Timestamp> {
        if self.is_hungry() { Some(now) } else { self.next_due() }
    }

    /// When something becomes due, whatever waits to be read.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(time, _)| *time)
    }

    /// Whether rows wait to be read.
    pub(super) fn is_hungry(&self) -> bool {
        !self.hungry.is_empty()
    }

    /// Whether there is something to make durable.
    pub(super) fn is_dirty(&self) -> bool {
        self.changes != Changes::default()
    }

    /// What must be made durable now; answered by `flushed` or `not_flushed`.
    pub(super) fn flush(&mut self) -> Flush {
        self.purged.clear();
        let changes = mem::take(&mut self.changes);
        self.spilling = changes.spills.len();
        let progress = changes.activities.iter().filter_map(|id| {
            let progress = self.activities.get(id)?;
            Some((*id, progress.done.clone(), progress.complete && progress.handled == progress.loaded))
        });
        let progress = progress.collect();
        let peers = changes
            .peers
            .iter()
            .filter_map(|domain| self.lanes.get(domain).map(|lane| (domain.to_string(), lane.peer.clone())));
        Flush { progress, peers: peers.collect(), changes: changes.clone() }
    }

    /// A flush is durable.
    pub(super) fn flushed(&mut self, flush: &Flush, now: Timestamp) {
        for (id, _, all) in &flush.progress {
            if *all {
                self.activities.remove(id);
            }
        }
        self.spilling = 0;
        let purged = mem::take(&mut self.purged);
        let made = flush.changes.spills.iter().map(|(delivery, _)| delivery);
        let (late, spills): (Vec<&Delivery>, Vec<_>) =
            made.partition(|delivery| purged.contains_key(delivery.domain.as_str()));
        // Nothing of their peers is read before they are gone: they stay counted.
        self.changes.dropped.extend(late.into_iter().cloned());
        let gone = flush.changes.settled.iter().chain(&flush.changes.dropped);
        for delivery in spills.iter().copied().chain(gone.clone()) {
            if let Some(lane) = self.lanes.get_mut(delivery.domain.as_str()) {
                lane.unflushed = lane.unflushed.saturating_sub(1);
            }
        }
        for delivery in &spills {
            if let Some(lane) = self.lanes.get_mut(delivery.domain.as_str()) {
                lane.rescan_at = Some(lane.rescan_at.map_or(now, |known| known.min(now)));
            }
        }
        let domains: HashSet<Arc<str>> = spills
            .into_iter()
            .chain(gone)
            .map(|delivery| delivery.domain.as_str().into())
            .chain(flush.changes.peers.iter().cloned())
            .collect();
        for domain in domains {
            self.place(&domain, now);
        }
    }

    /// A flush failed: its changes are owed again.
    pub(super) fn not_flushed(&mut self, flush: Flush) {
        self.spilling = 0;
        let newer = mem::replace(&mut self.changes, flush.changes);
        let purged = mem::take(&mut self.purged);
        for (delivery, owed) in mem::take(&mut self.changes.spills) {
            let Some(at) = purged.get(delivery.domain.as_str()) else {
                self.changes.spills.push((delivery, owed));
                continue;
            };
            // It may be a row by now, or not.
            let told = Undelivered { inbox: delivery.inbox, at: *at, reason: Reason::Purged };
            self.changes.undelivered.push((delivery.activity, told));
            self.changes.dropped.push(delivery);
        }
        self.changes.activities.extend(newer.activities);
        self.changes.spills.extend(newer.spills);
        self.changes.dropped.extend(newer.dropped);
        self.changes.settled.extend(newer.settled);
        self.changes.undelivered.extend(newer.undelivered);
        for (domain, refusals) in newer.refusals {
            keep_newest(self.changes.refusals.entry(domain).or_default(), refusals);
        }
        self.changes.peers.extend(newer.peers);
        self.changes.gone.extend(newer.gone);
    }

    fn wake(&mut self, now: Timestamp) {
        while let Some((time, domain)) = self.waiting.first().cloned()
            && time <= now
        {
            self.waiting.remove(&(time, Arc::clone(&domain)));
            if let Some(lane) = self.lanes.get_mut(&domain) {
                lane.spot = Spot::Aside;
            }
            self.place(&domain, now);
        }
    }

    /// A delivery is handled for good.
    fn settle(&mut self, domain: &Arc<str>, item: &Item) {
        match item.source {
            Source::Listed(position) => self.mark(item.document.id, position),
            // That it was dropped is told, and holds no more (`delivery::settle`).
            Source::Owed(_) | Source::Purged => {
                self.changes.settled.push(item.delivery_to(domain));
                self.count_unflushed(domain);
            }
        }
    }

    /// A delivery becomes a row of its peer.
    fn spill(&mut self, domain: &Arc<str>, item: &Item, attempts: u32, not_before: Timestamp) {
        let ends = item.document.activity.memory.ends();
        self.changes.spills.push((item.delivery_to(domain), Owed { ends, attempts, not_before }));
        self.count_unflushed(domain);
        if let Some(lane) = self.lanes.get_mut(domain) {
            lane.hurry(item.document.activity.priority);
        }
        if let Source::Listed(position) = item.source {
            self.mark(item.document.id, position);
        }
    }

    fn fail(&mut self, domain: &Arc<str>, item: &Item, setback: &Setback, now: Timestamp, random: u64) {
        let Some(lane) = self.lanes.get_mut(domain) else { return };
        let (Setback { why, status, retry_after_ms }, how) = (setback, setback.how());
        tracing::debug!(peer = %domain, activity = %item.document.activity.uri, %why, "a delivery failed");
        lane.peer.fail(now, why, how, *retry_after_ms, random);
        let (in_silence, next) = (lane.failures_in_silence(), lane.peer.next_attempt_at.unwrap_or(now));
        let silent_for = lane.peer.failing_since.map_or(0, |since| now.ms_since(since));
        lane.rests_until = Some(now.plus_ms(REVIVED_AFTER_MS.max(honoured_ms(*retry_after_ms))));
        lane.backlog = true;
        lane.begin_again();
        lane.rescan_at = lane.peer.next_attempt_at;
        let waiting = lane.drain();
        self.planned -= waiting.len();
        self.changes.peers.insert(Arc::clone(domain));
        for other in &waiting {
            if let Source::Listed(_) = other.source {
                self.spill(domain, other, 0, Timestamp(0));
            }
        }
        // One activity that a living peer cannot digest must not hold up the others: it is asked with another one next.
        let aside = |attempts| match how {
            Failing::Away if attempts <= limits::DELIVERY_STEP_ASIDE => Timestamp(0),
            // All its tries are the peer's failures: it lets others go first, and is due whenever the peer is.
            Failing::Away if attempts <= in_silence => now,
            Failing::Away | Failing::There => now.plus_ms(backoff_ms(attempts, random)).max(next.plus_ms(1)),
        };
        let mut owed = match item.source {
            Source::Listed(_) => return self.spill(domain, item, 1, aside(1)),
            Source::Owed(owed) => owed,
            Source::Purged => return,
        };
        owed.attempts += 1;
        let may_come_back =
            how == Failing::Away && owed.attempts <= in_silence && silent_for < limits::DELIVERY_SILENCE_MS;
        if owed.attempts >= limits::DELIVERY_ATTEMPTS && !may_come_back {
            tracing::info!(peer = %domain, activity = %item.document.activity.uri, %why, "a delivery was given up");
            self.tell_undelivered(item, now, Reason::Exhausted(*status));
            self.tell_refused(domain, item, now, Reason::Exhausted(*status));
            return self.settle(domain, item);
        }
        owed.not_before = aside(owed.attempts);
        self.changes.spills.push((item.delivery_to(domain), owed));
        self.count_unflushed(domain);
    }

    /// A delivery that was not tried waits again where it was.
    fn put_back(&mut self, domain: &Arc<str>, item: &Item, now: Timestamp) {
        let Some(lane) = self.lanes.get_mut(domain) else { return };
        lane.held_until = Some(now.plus_ms(limits::JOB_STORE_RETRY_MS));
        match item.source {
            Source::Listed(_) if lane.backlog => self.spill(domain, item, 0, Timestamp(0)),
            Source::Listed(_) | Source::Owed(_) => {
                let before = lane.len();
                lane.add(item.clone());
                self.planned += lane.len() - before;
            }
            Source::Purged => {}
        }
    }

    /// Its inbox will not have it. Of an activity that is forgotten once it has ended nothing is noted.
    fn tell_undelivered(&mut self, item: &Item, at: Timestamp, reason: Reason) {
        if item.document.activity.memory != Memory::Nothing {
            self.changes.undelivered.push((item.document.id, Undelivered { inbox: item.inbox, at, reason }));
        }
    }

    /// Its server will not have it, and has said so, whatever is remembered of the activity itself.
    fn tell_refused(&mut self, domain: &Arc<str>, item: &Item, at: Timestamp, reason: Reason) {
        if matches!(reason, Reason::Refused(_) | Reason::Exhausted(Some(400..=499))) {
            let refusal = Refusal::of(&item.document.activity.uri, at, reason);
            keep_newest(self.changes.refusals.entry(Arc::clone(domain)).or_default(), [refusal]);
        }
    }

    fn mark(&mut self, id: ActivityId, position: u32) {
        let Some(progress) = self.activities.get_mut(&id) else { return };
        if !delivery::bit(&progress.done, position) {
            delivery::set_bit(&mut progress.done, position);
            progress.handled += 1;
        }
        self.changes.activities.insert(id);
    }

    fn count_unflushed(&mut self, domain: &str) {
        if let Some(lane) = self.lanes.get_mut(domain) {
            lane.unflushed += 1;
        }
    }

    /// Puts a lane where it belongs now.
    fn place(&mut self, domain: &Arc<str>, now: Timestamp) {
        let Some(lane) = self.lanes.get_mut(domain) else { return };
        match lane.spot {
            Spot::Ready(class, priority, turn) => {
                if let Some(ready) = self.ready.get_mut(&class) {
                    ready.remove(&(priority, turn, Arc::clone(domain)));
                }
            }
            Spot::Waiting(time) => {
                self.waiting.remove(&(time, Arc::clone(domain)));
            }
            Spot::Hungry => return,
            Spot::Aside => {}
        }
        // A lane that only got more to carry keeps its turn.
        let turn = if let Spot::Ready(_, _, turn) = lane.spot { turn } else { self.turn + 1 };
        self.turn = self.turn.max(turn);
        lane.spot = if self.paused.contains(domain) { Spot::Aside } else { lane.belongs(turn, now) };
        match lane.spot {
            Spot::Ready(class, priority, turn) => {
                self.ready.entry(class).or_default().insert((priority, turn, Arc::clone(domain)));
            }
            Spot::Waiting(time) => {
                self.waiting.insert((time, Arc::clone(domain)));
            }
            Spot::Hungry => self.hungry.push_back(Arc::clone(domain)),
            Spot::Aside if lane.is_idle() && !self.changes.peers.contains(domain) => {
                self.lanes.remove(domain);
            }
            Spot::Aside => {}
        }
    }
}
