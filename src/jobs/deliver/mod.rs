//! Lives here: what is owed to peers goes out: the plan over lanes, one attempt, the flush of progress.
//! May use: `storage`, `federation::{activity::silence, client, scheme, signature, synchronization}`, `Server`, of the
//! core rooms `events` alone. Must never name: api, pages, oauth, what an activity says; it is bytes here.
//! Invariants: a bit is set only after the peer took it or a row owes it; one object's activities go in their order;
//! a hanging peer holds up only itself; rows that owe are durable before the bits that hide them; of whoever is suspended
//! or gone nothing new goes out.

mod changes;
mod hear;
mod keyring;
mod lane;
mod plan;
mod rows;
mod send;
mod slots;
mod tallies;
mod unloaded;
mod width;

use crate::{
    error::Result,
    events::{Published, told_by_now},
    federation::activity::silence::{is_in_question, may_be_sent},
    limits,
    origin::Origin,
    server::Server,
};
use bytes::Bytes;
use changes::Flush;
use hear::News;
use keyring::Keyring;
use lane::Item;
use plan::{Plan, Verdict};
use rows::{Look, OwedRow, Page, Wanted};
use std::{
    collections::{HashMap, hash_map::Entry},
    mem,
    sync::Arc,
    time::Duration,
};
use storage::{
    ActivityId, Digest, Event, Read, Timestamp, View,
    delivery::{self, ACTIVITIES, Activity, Part, Pending, Priority},
    manner,
    moderation::is_suspended,
    peer::{self, INBOXES, Peer},
    steering,
    undelivered::{self, Reason},
};
use tokio::{
    sync::{broadcast, mpsc, watch},
    time::Instant,
};
use unloaded::Unloaded;
use width::Width;

/// Whose slots a delivery uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// Peers that answer.
    Fast,
    /// Peers that answer slowly.
    Slow,
    /// Peers that fail.
    Failing,
}

/// An activity in memory.
#[derive(Debug)]
pub(super) struct Document {
    /// Its number.
    id: ActivityId,
    /// What it is.
    activity: Activity,
    /// The document; empty where it is only to be dropped.
    bytes: Bytes,
}

/// What the tasks around the plan tell it.
enum Report {
    /// A delivery takes long.
    Lingers(u64),
    /// A delivery has ended, after so long.
    Ended(u64, Verdict, Duration),
    /// A flush has ended.
    Flushed(Box<Flush>, Result<()>),
}

/// The planner: owns the plan, reads rows for it, starts deliveries, flushes progress.
struct Planner {
    server: Server,
    plan: Plan,
    unloaded: Unloaded,
    keys: Arc<Keyring>,
    sender: Arc<send::Sender>,
    reports: mpsc::UnboundedSender<Report>,
    width: Width,
    flushing: bool,
    flush_at: Option<Instant>,
    /// When rows were last read.
    rows_read_at: Timestamp,
    /// What happens that means something to deliveries.
    events: broadcast::Receiver<Published>,
    /// Something of it was missed, and is to be read anew.
    unheard: bool,
    /// It is not in memory yet.
    behind: bool,
    /// What was taken of it, but happened after a decision that is being carried out (`obey`).
    held: Option<Published>,
    /// What operators decide. It comes apart from the rest: however much that is, none of it is missed.
    steered: broadcast::Receiver<Published>,
    /// Something of it was missed all the same.
    missed: bool,
    /// The number of the last one who waits until what they decided is durable.
    asked: watch::Receiver<u64>,
    /// The same of those who are answered once the last flush that was begun is durable.
    answered: u64,
    /// Something that was decided was missed, or concerned what was; whoever waits is told.
    lost: bool,
    /// The same of those who are answered then.
    answered_lost: bool,
}

/// Delivers until the server stops.
pub async fn run(server: Server) {
    let (reports, mut reported) = mpsc::unbounded_channel();
    let events = server.events_where(|event| News::of(event).is_some());
    let steered = server.events_where(|event| matches!(event, Event::PeerSteered { .. }));
    let mut planner = Planner {
        keys: Arc::new(Keyring::default()),
        sender: Arc::new(send::Sender::default()),
        plan: Plan::default(),
        unloaded: Unloaded::default(),
        width: Width::default(),
        flushing: false,
        flush_at: None,
        rows_read_at: Timestamp(0),
        events,
        unheard: false,
        behind: true,
        held: None,
        steered,
        missed: false,
        asked: server.obeyed().asked(),
        answered: 0,
        lost: false,
        answered_lost: false,
        server,
        reports,
    };
    let mut stopping = planner.server.stopping();
    tokio::select! {
        () = planner.resume() => {}
        () = stopped(&mut stopping) => return,
    }
    while !*stopping.borrow() {
        // Before anything is loaded: what was posted after a decision is not concerned by it.
        planner.obey();
        if mem::take(&mut planner.missed) {
            planner.read_paused().await;
        }
        if planner.unheard {
            planner.catch_up().await;
        }
        planner.load().await;
        planner.read_rows().await;
        // Who may not serve begins nothing; peers are not to blame for that, so nothing is noted of them.
        let may_serve = planner.server.fence().left().is_ok();
        if may_serve {
            planner.start();
        }
        planner.flush_if_due();
        let next = match may_serve {
            true => planner.next_wake(),
            false => Some(planner.server.now().plus_ms(limits::FENCE_LOOK_MS)),
        };
        let server = planner.server.clone();
        tokio::select! {
            () = stopped(&mut stopping) => {}
            Some(report) = reported.recv() => {
                planner.take(report);
                for _ in 0..limits::JOB_BATCH {
                    let Ok(report) = reported.try_recv() else { break };
                    planner.take(report);
                }
            }
            event = planner.events.recv() => {
                planner.hear(event);
                for _ in 0..limits::JOB_BATCH {
                    let Some(event) = told_by_now(&mut planner.events) else { break };
                    planner.hear(event);
                }
            }
            event = planner.steered.recv() => planner.heed(event),
            Ok(()) = planner.asked.changed() => {}
            () = wait(&server, next) => {}
            () = at(planner.flush_at), if !planner.flushing => {}
        }
    }
    planner.end(reported).await;
}

/// Until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The sender lives in the server that this task holds.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Until the server's clock shows `time`.
async fn wait(server: &Server, time: Option<Timestamp>) {
    match time {
        Some(time) => server.sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Until this moment. Progress is flushed by real time: the cadence spares the disk and means nothing to peers.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

impl Planner {
    /// Reads what an earlier process left: who is paused, unfinished activities, and peers that are owed something.
    async fn resume(&mut self) {
        self.read_paused().await;
        self.catch_up().await;
        let mut after: Option<String> = None;
        loop {
            let from = after.clone();
            let rows =
                self.server.read(move |view| Ok(peer::list(view, from.as_deref(), limits::JOB_READ_ROWS)?)).await;
            let Ok(rows) = rows else {
                self.pause("peers").await;
                continue;
            };
            let now = self.server.now();
            after = rows.last().map(|(domain, _)| domain.clone());
            let last = rows.len() < limits::JOB_READ_ROWS;
            for (domain, peer) in rows {
                if peer.owed > 0 || peer.is_failing() {
                    self.plan.add_peer(&domain, peer, now);
                }
            }
            if last {
                return;
            }
        }
    }

    /// Reads who is paused.
    async fn read_paused(&mut self) {
        loop {
            if let Ok(paused) = self.server.read(|view| Ok(steering::paused(view)?)).await {
                let paused: Vec<String> = paused.into_iter().map(|(domain, _)| domain).collect();
                self.plan.pause_only(&paused, self.server.now());
                return;
            }
            self.pause("paused peers").await;
        }
    }

    /// What was missed, or happened before, is in the rows: all that is unfinished. Peers heard from only matter for speed.
    async fn catch_up(&mut self) {
        self.keys.clear();
        self.sender.any_followers_changed();
        self.unheard = false;
        let unfinished = self.unfinished().await;
        // What was decided meanwhile does not concern what came after it.
        self.obey();
        self.unloaded.extend(unfinished);
        self.behind = self.unheard;
    }

    /// Which activities are unfinished.
    async fn unfinished(&self) -> Vec<ActivityId> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let rows =
                self.server.read(move |view| Ok(delivery::unfinished(view, after, limits::JOB_READ_ROWS)?)).await;
            let Ok(rows) = rows else {
                self.pause("unfinished activities").await;
                continue;
            };
            after = rows.last().copied();
            let last = rows.len() < limits::JOB_READ_ROWS;
            all.extend(rows);
            if last {
                return all;
            }
        }
    }

    /// Makes durable what peers have taken, so that only a crash repeats anything. Connections are cut by now: what
    /// fails in these moments says nothing about a peer.
    async fn end(mut self, mut reported: mpsc::UnboundedReceiver<Report>) {
        while let Some(report) = if self.flushing { reported.recv().await } else { reported.try_recv().ok() } {
            if matches!(report, Report::Flushed(..) | Report::Ended(_, Verdict::Done, _)) {
                self.take(report);
            }
        }
        self.obey();
        if self.plan.is_dirty()
            && let Err(error) = store(&self.server, &self.plan.flush()).await
        {
            tracing::warn!(%error, "some deliveries will be repeated after the next start");
        }
    }

    async fn pause(&self, what: &str) {
        tracing::warn!(what, "deliveries wait for the store");
        tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
    }

    /// Whether there are activities to take into memory, and room.
    fn may_load(&self) -> bool {
        self.plan.has_room(limits::DELIVERIES_PLANNED) && !self.unloaded.is_empty()
    }

    /// Takes deliveries of waiting activities into memory, as far as there is room.
    async fn load(&mut self) {
        while self.may_load() {
            let unknown = self.unloaded.unknown();
            if !unknown.is_empty() {
                let Ok(found) = self.server.read(move |view| read_places(view, unknown)).await else {
                    self.pause("activities").await;
                    return;
                };
                for (id, place) in found {
                    if place.is_none() {
                        self.plan.is_over(id);
                    }
                    self.unloaded.place(id, place);
                }
                continue;
            }
            let wanted = self.unloaded.next_ones();
            let asked: Vec<_> = wanted.iter().map(|(id, _)| (*id, self.plan.loaded(*id))).collect();
            let Ok((parts, peers)) = self.server.read(move |view| read_parts(view, &asked)).await else {
                self.pause("activities").await;
                return;
            };
            self.plan.take_parts(&mut self.unloaded, wanted, parts, &peers, self.server.now());
        }
        if self.unloaded.is_empty() {
            self.plan.all_loaded();
        }
    }

    /// When there is something to do again.
    fn next_wake(&self) -> Option<Timestamp> {
        let now = self.server.now();
        // The store could not be read.
        if self.may_load() {
            return Some(now);
        }
        match self.rows_rest_until(now).filter(|_| self.plan.is_hungry()) {
            Some(until) => Some(self.plan.next_due().map_or(until, |due| due.min(until))),
            None => self.plan.next_wake(now),
        }
    }

    /// Until when no rows are read, if the disk is in trouble.
    fn rows_rest_until(&self, now: Timestamp) -> Option<Timestamp> {
        let in_trouble = self.server.disk().is_in_trouble();
        rows_rest_until(self.rows_read_at, now).filter(|_| in_trouble)
    }

    /// Reads rows owed to peers that may be tried now. While the disk is in trouble these wait (DESIGN §8): what failed
    /// before is tried later, each try would be a commit or two on this disk. What is new and owed to nobody else before
    /// goes out all the same.
    async fn read_rows(&mut self) {
        let now = self.server.now();
        if self.rows_rest_until(now).is_some() {
            return;
        }
        let peers = if self.server.disk().is_in_trouble() { 1 } else { limits::DELIVERY_LOAD_STEP };
        for _ in 0..peers {
            let Some((domain, look)) = self.plan.next_hungry() else { return };
            self.rows_read_at = now;
            let (asked, now, origin) = (Arc::clone(&domain), self.server.now(), self.server.origin().clone());
            let page = self.server.read(move |view| read_owed(view, &origin, &asked, look, now)).await;
            match page {
                Ok(page) => self.plan.add_rows(&domain, page, now),
                Err(error) => {
                    tracing::warn!(peer = %domain, %error, "rows owed to a peer cannot be read");
                    self.plan.no_rows(&domain, now);
                }
            }
        }
    }

    /// Starts as many deliveries as there are slots.
    fn start(&mut self) {
        let now = self.server.now();
        while let Some((ticket, sending)) = self.plan.next(self.width.get(), now) {
            let (server, keys, sender) = (self.server.clone(), Arc::clone(&self.keys), Arc::clone(&self.sender));
            let reports = self.reports.clone();
            let Item { document, url, .. } = sending.item;
            self.server.spawn("delivery", async move {
                let began = Instant::now();
                let work = sender.attempt(&server, &keys, &sending.domain, &url, &document);
                tokio::pin!(work);
                let patience = Duration::from_millis(limits::DELIVERY_LINGER_MS);
                let verdict = match tokio::time::timeout(patience, &mut work).await {
                    Ok(verdict) => verdict,
                    Err(_) => {
                        // The planner ends with the server only.
                        let _ = reports.send(Report::Lingers(ticket));
                        work.await
                    }
                };
                let _ = reports.send(Report::Ended(ticket, verdict, began.elapsed()));
            });
        }
    }

    fn take(&mut self, report: Report) {
        let now = self.server.now();
        match report {
            Report::Lingers(ticket) => self.plan.linger(ticket, now),
            Report::Ended(ticket, verdict, took) => {
                let quick = took < Duration::from_millis(limits::DELIVERY_LINGER_MS);
                if verdict == Verdict::Done && quick {
                    self.width.measured(took);
                }
                self.plan.ended(ticket, verdict, quick, now, self.server.random());
            }
            Report::Flushed(flush, Ok(())) => {
                // What was purged before the rows of this flush were made is told by now.
                self.obey();
                self.flushing = false;
                self.plan.flushed(&flush, now);
                match mem::take(&mut self.answered_lost) {
                    true => self.server.obeyed().was_missed(self.answered),
                    false => self.server.obeyed().is_durable(self.answered),
                }
            }
            Report::Flushed(flush, Err(error)) => {
                tracing::warn!(%error, "progress of deliveries could not be stored; again in a moment");
                self.obey();
                self.flushing = false;
                self.plan.not_flushed(*flush);
            }
        }
        self.plan_flush();
    }

    fn plan_flush(&mut self) {
        if self.flush_at.is_none() && self.plan.is_dirty() {
            self.flush_at = Some(Instant::now() + Duration::from_millis(limits::DELIVERY_FLUSH_MS));
        }
    }

    fn flush_if_due(&mut self) {
        self.plan_flush();
        let asked = *self.asked.borrow_and_update();
        if asked > self.answered {
            self.flush_at = Some(Instant::now());
        }
        if self.flushing || self.flush_at.is_none_or(|time| time > Instant::now()) {
            return;
        }
        // What they decided is told by now.
        self.obey();
        // Whoever's decision was missed is one of those who wait by now.
        if asked > self.answered {
            self.answered_lost |= mem::take(&mut self.lost);
        }
        self.answered = asked;
        self.flush_at = None;
        self.flushing = true;
        let flush = self.plan.flush();
        let (server, reports) = (self.server.clone(), self.reports.clone());
        self.server.spawn_ending("delivery progress", async move {
            let outcome = store(&server, &flush).await;
            let _ = reports.send(Report::Flushed(Box::new(flush), outcome));
        });
    }
}

/// Until when rows rest on a disk in trouble that were last read at `read_at`; `None`: no longer. A clock that was set back
/// holds up nothing.
fn rows_rest_until(read_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let rests = (0..limits::DISK_RETRIES_EVERY_MS).contains(&now.ms_since(read_at));
    rests.then(|| read_at.plus_ms(limits::DISK_RETRIES_EVERY_MS))
}

/// Writes a flush: first the rows that owe, then the bitmaps that hide them, then what is settled. Usually one commit
/// each; the order makes every cut between them a repetition, never a loss. What was purged too late goes before all that,
/// so that it takes no place from what is owed now.
async fn store(server: &Server, flush: &Flush) -> Result<()> {
    for dropped in flush.changes.dropped.chunks(storage::limits::PURGE_STEP) {
        let dropped = dropped.to_vec();
        server.write(move |tx| Ok(steering::purge_made(tx, &dropped)?)).await?;
    }
    let mut left = flush.changes.spills.as_slice();
    while !left.is_empty() {
        let spills = left[..left.len().min(limits::DELIVERY_SPILL_STEP)].to_vec();
        let taken = server.write(move |tx| Ok(delivery::spill(tx, &spills)?)).await?;
        left = &left[taken..];
    }
    let mut rest = flush.clone();
    rest.changes.spills.clear();
    rest.changes.dropped.clear();
    while !rest.is_empty() {
        let step = rest.split_off(limits::DELIVERY_FLUSH_STEP);
        server
            .write(move |tx| {
                undelivered::note(tx, &step.changes.undelivered)?;
                for (id, done, all) in &step.progress {
                    delivery::note_progress(tx, *id, done, *all)?;
                }
                delivery::settle(tx, &step.changes.settled)?;
                for (domain, peer) in &step.peers {
                    delivery::note_peer(tx, domain, peer)?;
                }
                for inbox in &step.changes.gone {
                    peer::mark_gone(tx, *inbox)?;
                }
                for (domain, refusals) in &step.changes.refusals {
                    manner::refused(tx, domain, refusals)?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// An activity, and what it is about and when it goes; none: it is finished.
type Placed = (ActivityId, Option<(Digest, Priority)>);

fn read_places(view: &View<'_>, ids: Vec<ActivityId>) -> Result<Vec<Placed>> {
    let look = |id: ActivityId| -> Result<Placed> {
        let activity = ACTIVITIES.get(view, &id)?;
        Ok((id, activity.map(|activity| (activity.object, activity.priority))))
    };
    ids.into_iter().map(look).collect()
}

/// As many of those wanted as were read, from the first on, and their peers.
type Parts = (Vec<Option<Part>>, HashMap<String, Peer>);

fn read_parts(view: &View<'_>, wanted: &[(ActivityId, u32)]) -> Result<Parts> {
    let (mut parts, mut peers) = (Vec::with_capacity(wanted.len()), HashMap::new());
    let mut inboxes = 0;
    for (id, from) in wanted {
        if inboxes >= limits::DELIVERY_LOAD_INBOXES {
            break;
        }
        let part = delivery::part(view, *id, *from)?;
        inboxes += part.as_ref().map_or(0, |part| part.items.len());
        for (_, _, inbox) in part.iter().flat_map(|part| &part.items) {
            if !peers.contains_key(&inbox.domain)
                && let Some(peer) = peer::find(view, &inbox.domain)?
            {
                peers.insert(inbox.domain.clone(), peer);
            }
        }
        parts.push(part);
    }
    Ok((parts, peers))
}

fn read_owed(view: &View<'_>, origin: &Origin, domain: &str, look: Look, now: Timestamp) -> Result<Page<OwedRow>> {
    // A peer that is suspended is sent nothing, not even a question; of others it depends on the sender.
    let suspended = look.wanted == Wanted::Probe && is_suspended(view, domain)?;
    let reason = if suspended { Reason::Suspended } else { Reason::NoKey };
    // What is dropped is there without its bytes: it may be many activities.
    let mut documents: HashMap<ActivityId, Arc<Document>> = HashMap::new();
    let page = look.sort(
        now,
        |after, limit| Ok(delivery::pending(view, domain, after, limit)?),
        |&Pending { activity: id, .. }| {
            if documents.contains_key(&id) {
                return Ok(Some(reason));
            }
            let activity = ACTIVITIES.get(view, &id)?.ok_or_else(|| missing(id, "no document"))?;
            if !suspended {
                if !is_in_question(view, &activity)? {
                    return Ok(None);
                }
                let (_, bytes) = delivery::document(view, id)?.ok_or_else(|| missing(id, "no document"))?;
                if may_be_sent(view, origin, &activity, &bytes)? {
                    return Ok(None);
                }
            }
            documents.insert(id, Arc::new(Document { id, activity, bytes: Bytes::new() }));
            Ok(Some(reason))
        },
    )?;
    page.load(|Pending { activity: id, inbox, owed, .. }| {
        let row = INBOXES.get(view as &dyn Read, &inbox)?.ok_or_else(|| missing(id, "an unknown inbox"))?;
        let document = match documents.entry(id) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let (activity, bytes) = delivery::document(view, id)?.ok_or_else(|| missing(id, "no document"))?;
                Arc::clone(place.insert(Arc::new(Document { id, activity, bytes: Bytes::from(bytes) })))
            }
        };
        Ok(OwedRow { document, inbox, row, owed })
    })
}

fn missing(id: ActivityId, what: &str) -> storage::Error {
    storage::Error::corrupt(delivery::OWED.name, id.to_string(), format!("it has {what}"))
}

#[cfg(test)]
mod tests;
