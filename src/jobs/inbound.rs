//! Activities received become what they say, in the order in which they came from each actor; what must wait steps
//! aside, what panics or fails too often goes to the dead letters (SECURITY E4).
//!
//! Of one actor, a stretch of Creates (or Announces, or Likes) is carried out side by side: they arrive in any order
//! from any server, and a commit each, one after another, would make a busy actor wait for the disk each time. All
//! that takes something back or changes it waits until what came before it is durable, and is waited for; so does what a
//! group tells that others did. What somebody else brings in an actor's name waits in a line of its own: it may have to
//! wait for a place of whoever brought it (SECURITY C8).

use super::Outcome;
use crate::{
    error::Result,
    events::{Published, told_by_now},
    federation::{
        activity::{self, Arrived, Received},
        forwarded::{self, Confirmed, Forwarded},
        json, object,
    },
    limits,
    registrable::registrable,
    server::Server,
    tasks::guarded,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};
use storage::{
    Digest, Event, Lsn, Timestamp, View,
    account::{self, Account},
    inbound::{self, Dropped, Inbound, Place},
    peer,
};
use tokio::sync::{broadcast, mpsc};

/// What waits, in memory: numbers only, the rows are read when their turn comes.
#[derive(Default)]
struct Queue {
    actors: HashMap<Digest, Actor>,
    /// Actors with something to do and nothing in flight, in turn.
    ready: VecDeque<Digest>,
    /// Actors for whose domain enough is in flight, by what was registered of it.
    parked: HashMap<String, VecDeque<Digest>>,
    later: BTreeSet<(Timestamp, Place)>,
    hosts: HashMap<String, usize>,
    /// Work in flight: actor, host, whether it lingers.
    running: HashMap<Place, (String, bool)>,
    /// Processed; their rows still stand.
    done: BTreeMap<Place, usize>,
    /// What is to be noted of those that were dropped, with the removal of their rows.
    notes: BTreeMap<Place, Dropped>,
}

/// What waits for one actor.
#[derive(Default)]
struct Actor {
    waiting: BTreeSet<Lsn>,
    /// Taken and not yet released.
    busy: usize,
}

/// An activity whose turn has come, with what the store knows about it.
struct Turn {
    row: Inbound,
    body: Vec<u8>,
    /// `None` if it cannot be read, or is long: that takes too much of a view's time.
    document: Option<Value>,
    /// Its sender, if it is known.
    sender: Option<Account>,
}

/// What the tasks tell the queue.
enum Report {
    Lingers(Place),
    /// With the type of the activity.
    Ended(Place, Inbound, Outcome, String),
    /// It will be tried again at this time, or never.
    Postponed(Place, Option<Timestamp>),
    Finished(Vec<Place>, Result<()>),
}

/// Processes until the server stops.
pub async fn run(server: Server) {
    let (reports, mut reported) = mpsc::unbounded_channel();
    let mut events = server.events_where(|event| matches!(event, Event::InboundQueued { .. }));
    let mut queue = Queue::default();
    let mut finishing = false;
    rescan(&server, &mut queue).await;
    loop {
        // Who may not serve could store nothing of what an activity brings, and would ask peers for it again and again.
        let may_serve = server.fence().left().is_ok();
        if may_serve {
            start(&server, &mut queue, &reports).await;
        }
        if !finishing && !queue.done.is_empty() {
            finishing = true;
            finish(&server, &queue, &reports);
        }
        let next = match may_serve {
            true if queue.is_held_up() => Some(server.now()),
            true => queue.later.first().map(|(time, _)| *time),
            false => Some(server.now().plus_ms(limits::FENCE_LOOK_MS)),
        };
        tokio::select! {
            Some(report) = reported.recv() => {
                finishing &= !take(&server, &mut queue, report, &reports);
                for _ in 0..limits::JOB_BATCH {
                    let Ok(report) = reported.try_recv() else { break };
                    finishing &= !take(&server, &mut queue, report, &reports);
                }
            }
            event = events.recv() => {
                let mut lagged = hear(&mut queue, event).await;
                for _ in 0..limits::JOB_BATCH {
                    let Some(event) = told_by_now(&mut events) else { break };
                    lagged |= hear(&mut queue, event).await;
                }
                if lagged {
                    rescan(&server, &mut queue).await;
                }
            }
            () = until(&server, next) => {}
        }
    }
}

async fn until(server: &Server, time: Option<Timestamp>) {
    match time {
        Some(time) => server.sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Notes what arrived; answers whether something was missed.
async fn hear(queue: &mut Queue, event: Result<Published, broadcast::error::RecvError>) -> bool {
    match event {
        Ok(published) => {
            for event in published.events.iter() {
                if let Event::InboundQueued { actor } = event {
                    queue.add((*actor, published.lsn));
                }
            }
            false
        }
        Err(broadcast::error::RecvError::Lagged(_)) => true,
        Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
    }
}

/// Reads which rows wait: at the start, and when events were missed.
async fn rescan(server: &Server, queue: &mut Queue) {
    let mut after = None;
    loop {
        let rows = server.read(move |view| Ok(inbound::waiting(view, after, limits::JOB_READ_ROWS)?)).await;
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => {
                super::store_failed("which inbound activities wait is asked of the store again", &error).await;
                continue;
            }
        };
        after = rows.last().map(|(place, _)| *place);
        let (now, last) = (server.now(), rows.len() < limits::JOB_READ_ROWS);
        for (place, due) in rows {
            if due > now {
                if !queue.is_known(place) {
                    queue.later.insert((due, place));
                }
            } else {
                queue.add(place);
            }
        }
        if last {
            return;
        }
    }
}

/// Starts as much as there is room for.
async fn start(server: &Server, queue: &mut Queue, reports: &mpsc::UnboundedSender<Report>) {
    let now = server.now();
    while let Some((time, place)) = queue.later.first().copied()
        && time <= now
    {
        queue.later.remove(&(time, place));
        queue.add(place);
    }
    loop {
        let stretches = queue.take_ready();
        if stretches.is_empty() {
            return;
        }
        let asked = stretches.clone();
        let read = server.read(move |view| {
            let look = |place| look(view, place).map_err(|error| error.to_string());
            Ok(asked
                .into_iter()
                .map(|(actor, lsns)| lsns.into_iter().map(|lsn| look((actor, lsn))).collect())
                .collect())
        });
        let turns: Vec<Vec<Result<Option<Turn>, String>>> = match read.await {
            Ok(turns) => turns,
            Err(error) => {
                for (actor, lsns) in stretches {
                    queue.give_back(actor, &lsns);
                    queue.settle(actor);
                }
                super::store_failed("inbound activities wait for the store", &error).await;
                return;
            }
        };
        for ((actor, lsns), turns) in stretches.into_iter().zip(turns) {
            begin(server, queue, reports, actor, lsns.into_iter().zip(turns).collect());
        }
    }
}

/// What the store has of an activity; `None` if it has been processed.
fn look(view: &View<'_>, place: Place) -> Result<Option<Turn>> {
    let Some((row, body)) = inbound::find(view, place)? else { return Ok(None) };
    let is_short = body.len() <= limits::PARSED_INLINE_BYTES;
    let document = is_short.then(|| json::parse(&body).ok()).flatten();
    let sender = account::find_by_uri(view, &row.actor)?;
    Ok(Some(Turn { row, body, document, sender }))
}

/// Starts the first activities of an actor, as many as may go side by side; the others wait for them.
fn begin(
    server: &Server,
    queue: &mut Queue,
    reports: &mpsc::UnboundedSender<Report>,
    actor: Digest,
    mut turns: VecDeque<(Lsn, Result<Option<Turn>, String>)>,
) {
    let mut stretch: Option<Option<Alike>> = None;
    while let Some((lsn, turn)) = turns.front() {
        let place = (actor, *lsn);
        let (kind, host) = match turn {
            Ok(None) => {
                queue.gone(actor);
                turns.pop_front();
                continue;
            }
            Ok(Some(turn)) => (turn.side_by_side(), site_of(&turn.row.signer)),
            Err(_) => (None, String::new()),
        };
        if stretch.is_some_and(|stretch| stretch.is_none() || stretch != kind) {
            break;
        }
        if !queue.claim(place, &host) {
            if stretch.is_none() {
                let left: Vec<Lsn> = turns.into_iter().map(|(lsn, _)| lsn).collect();
                queue.give_back(actor, &left);
                return queue.park(actor, &host);
            }
            break;
        }
        stretch = Some(kind);
        match turns.pop_front() {
            Some((_, Ok(Some(turn)))) => process(server, place, turn, reports),
            Some((lsn, Err(why))) => {
                // A row that cannot be read: put off, until it counts as dead.
                tracing::error!(%lsn, %why, "an inbound activity cannot be read");
                let later = Outcome::Later(server.now().plus_ms(limits::INBOUND_UNREADABLE_MS), why);
                postpone(server, place, later, reports);
            }
            _ => {}
        }
    }
    let left: Vec<Lsn> = turns.into_iter().map(|(lsn, _)| lsn).collect();
    queue.give_back(actor, &left);
    queue.settle(actor);
}

/// Whose places an activity takes that `signer` brought: those of whoever registered the domain, however many hosts they
/// put below it.
fn site_of(signer: &str) -> String {
    registrable(&peer::authority_of(signer).unwrap_or_default()).to_owned()
}

/// What may overtake each other: activities of one kind; of those that tell what others did, that is of one kind, too.
type Alike = (object::ActivityKind, Option<object::ActivityKind>);

impl Turn {
    /// Its type, as far as that was read.
    fn kind(&self) -> String {
        self.document.as_ref().map(object::read::first_type).unwrap_or_default().to_owned()
    }

    /// What it is alike to, if activities of this kind may overtake each other.
    fn side_by_side(&self) -> Option<Alike> {
        use object::ActivityKind::{Announce, Create, Like};
        let kind = |thing: &Value| object::ActivityKind::from_name(thing.get("type")?.as_str()?);
        let document = self.document.as_ref()?;
        match kind(document)? {
            alone @ (Create | Like) => Some((alone, None)),
            Announce => {
                let things = object::read::list(document.get("object"));
                let told = things.first().and_then(kind);
                let alike = things.iter().all(|thing| kind(thing) == told);
                (alike && matches!(told, None | Some(Create | Like))).then_some((Announce, told))
            }
            _ => None,
        }
    }
}

/// Runs one activity beside the queue.
fn process(server: &Server, place: Place, turn: Turn, reports: &mpsc::UnboundedSender<Report>) {
    let (of_task, reports) = (server.clone(), reports.clone());
    server.spawn("inbound activity", async move {
        let kind = turn.kind();
        let Turn { row, body, document, sender } = turn;
        let outcome = {
            let work = guarded(receive(&of_task, place.1, &row, &body, document, sender));
            tokio::pin!(work);
            let patience = Duration::from_millis(limits::INBOUND_LINGER_MS);
            match tokio::time::timeout(patience, &mut work).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    // The queue ends with the server only.
                    let _ = reports.send(Report::Lingers(place));
                    work.await
                }
            }
        };
        let outcome = outcome.unwrap_or_else(|panic| {
            tracing::error!(actor = %row.actor, %panic, "an inbound activity panicked");
            let pause = peer::backoff_ms(row.attempts.saturating_add(1), of_task.random());
            Outcome::Later(of_task.now().plus_ms(pause), format!("panic: {panic}"))
        });
        let _ = reports.send(Report::Ended(place, row, outcome, kind));
    });
}

/// Processes an activity; one that its actor did not send or sign is confirmed at its origin before.
async fn receive(
    server: &Server,
    lsn: Lsn,
    row: &Inbound,
    body: &[u8],
    document: Option<Value>,
    sender: Option<Account>,
) -> Outcome {
    let document = if row.signer == row.actor {
        match document {
            Some(document) => Ok(Some(document)),
            None => parsed(server, body.to_vec()).await,
        }
    } else {
        match activity::relay::receive_forwarded(server, &row.signer, body).await {
            Ok(Some(Received::Done)) => return Outcome::Done,
            Ok(Some(Received::Dropped(why))) => return Outcome::Drop(why.to_owned()),
            Ok(None) => {}
            Err(error) => return Outcome::of(&error, server, row.attempts),
        }
        let brought = Forwarded { signer: &row.signer, actor: &row.actor, inbox: &row.inbox, body };
        match forwarded::confirm(server, brought).await {
            Ok(Confirmed::Is(confirmed)) => parsed(server, confirmed).await,
            Ok(Confirmed::IsNot(why)) => return Outcome::Drop(why.to_owned()),
            Err(error) => Err(error),
        }
    };
    let document = match document {
        Ok(Some(document)) => document,
        Ok(None) => return Outcome::Drop("not readable".to_owned()),
        Err(error) => return Outcome::of(&error, server, row.attempts),
    };
    let bytes = (row.signer == row.actor).then_some(body);
    let arrived = Arrived { actor: &row.actor, sender, inbox: &row.inbox, document, bytes, place: Some(lsn) };
    match activity::receive(server, arrived).await {
        Ok(Received::Done) => Outcome::Done,
        Ok(Received::Dropped(why)) => Outcome::Drop(why.to_owned()),
        Err(error) => Outcome::of(&error, server, row.attempts),
    }
}

/// A body that may be long, parsed beside the async workers.
async fn parsed(server: &Server, body: Vec<u8>) -> Result<Option<Value>> {
    server.compute(move || Ok(json::parse(&body).ok())).await
}

/// Takes a report; answers whether a finish has ended.
fn take(server: &Server, queue: &mut Queue, report: Report, reports: &mpsc::UnboundedSender<Report>) -> bool {
    match report {
        Report::Lingers(place) => queue.linger(place),
        Report::Ended(place, row, outcome, kind) => match outcome {
            Outcome::Done => queue.processed(place, &row),
            Outcome::Drop(why) => {
                tracing::debug!(actor = %row.actor, lsn = %place.1, %why, "an inbound activity was dropped");
                queue.processed(place, &row);
                let domain = peer::authority_of(&row.signer).unwrap_or_default();
                queue.note(place, Dropped::one(&domain, &kind, &why, &row.actor, server.now()));
            }
            later @ Outcome::Later(..) => postpone(server, place, later, reports),
            Outcome::Waits(until) => return take(server, queue, Report::Postponed(place, Some(until)), reports),
        },
        Report::Postponed(place, due) => {
            queue.release(place);
            if let Some(due) = due {
                queue.later.insert((due, place));
            }
        }
        Report::Finished(places, outcome) => {
            // Also where that failed: a full disk takes what only removes.
            places.iter().for_each(|place| {
                queue.notes.remove(place);
            });
            if outcome.is_ok() {
                places.iter().for_each(|place| {
                    queue.done.remove(place);
                });
            }
            return true;
        }
    }
    false
}

/// Puts an activity off; its actor's next one goes on when that is durable.
fn postpone(server: &Server, place: Place, outcome: Outcome, reports: &mpsc::UnboundedSender<Report>) {
    let Outcome::Later(due, why) = outcome else { return };
    let (of_task, reports) = (server.clone(), reports.clone());
    server.spawn("postpone", async move {
        let reason = why.clone();
        let outcome = of_task.write(move |tx| Ok(inbound::postpone(tx, place, due, &reason)?)).await;
        let again = match outcome {
            Ok(true) => Some(due),
            Ok(false) => {
                tracing::warn!(lsn = %place.1, %why, "an inbound activity went to the dead letters");
                None
            }
            Err(error) => {
                let lsn = place.1;
                tracing::warn!(%lsn, %error, "putting an inbound activity off could not be stored; no try is counted");
                Some(due)
            }
        };
        let _ = reports.send(Report::Postponed(place, again));
    });
}

/// Removes processed rows: as many as fit a commit, while the next ones are processed.
fn finish(server: &Server, queue: &Queue, reports: &mpsc::UnboundedSender<Report>) {
    let mut operations = 0;
    // The oldest first: what is left after a crash is a tail of each actor's activities, in order.
    let mut places: Vec<_> = queue.done.iter().map(|(place, cost)| (*place, *cost)).collect();
    places.sort_unstable_by_key(|(place, _)| place.1);
    places.retain(|(_, cost)| {
        operations += cost;
        operations <= limits::JOB_OPERATIONS
    });
    let places: Vec<Place> = places.into_iter().map(|(place, _)| place).collect();
    let notes: Vec<Dropped> = places.iter().filter_map(|place| queue.notes.get(place).cloned()).collect();
    let (of_task, reports) = (server.clone(), reports.clone());
    server.spawn("finish inbound", async move {
        let rows = places.clone();
        let rule = move |tx: &mut storage::Tx<'_>| {
            inbound::note_dropped(tx, &notes)?;
            Ok(inbound::finish(tx, &rows)?)
        };
        let outcome = of_task.write(rule).await;
        if let Err(error) = &outcome {
            super::store_failed("processed activities could not be removed; again in a moment", error).await;
        }
        let _ = reports.send(Report::Finished(places, outcome));
    });
}

impl Queue {
    fn is_known(&self, place: Place) -> bool {
        self.running.contains_key(&place)
            || self.done.contains_key(&place)
            || self.actors.get(&place.0).is_some_and(|actor| actor.waiting.contains(&place.1))
    }

    /// Adds what waits, unless it is known.
    fn add(&mut self, place: Place) {
        if self.running.contains_key(&place) || self.done.contains_key(&place) {
            return;
        }
        let actor = self.actors.entry(place.0).or_default();
        let fresh = actor.waiting.is_empty() && actor.busy == 0;
        actor.waiting.insert(place.1);
        if fresh {
            self.ready.push_back(place.0);
        }
    }

    /// Whether somebody's turn has come and there is room: the store could not be read.
    fn is_held_up(&self) -> bool {
        !self.ready.is_empty() && self.room() > 0
    }

    /// How many more may begin. Those that linger take no place.
    fn room(&self) -> usize {
        let quick = self.running.values().filter(|(_, lingers)| !lingers).count();
        limits::INBOUND_AT_ONCE.saturating_sub(quick)
    }

    /// The first activities of each actor whose turn it is, as many as there is room for. Its actor is busy until all
    /// of them are released, taken or given back, and settled.
    fn take_ready(&mut self) -> Vec<(Digest, Vec<Lsn>)> {
        let mut room = self.room();
        let mut taken = Vec::new();
        while room > 0
            && let Some(digest) = self.ready.pop_front()
        {
            let Some(actor) = self.actors.get_mut(&digest) else { continue };
            let most = limits::INBOUND_STRETCH.min(room);
            let lsns: Vec<Lsn> = std::iter::from_fn(|| actor.waiting.pop_first()).take(most).collect();
            actor.busy = lsns.len();
            room -= lsns.len();
            taken.push((digest, lsns));
        }
        taken
    }

    /// Takes a place of `host`, if it has one free.
    fn claim(&mut self, place: Place, host: &str) -> bool {
        let count = self.hosts.entry(host.to_owned()).or_default();
        if *count >= limits::INBOUND_PER_HOST {
            return false;
        }
        *count += 1;
        self.running.insert(place, (host.to_owned(), false));
        true
    }

    /// Its host has no place free: it waits for one there, not among those whose turn it is.
    fn park(&mut self, actor: Digest, host: &str) {
        self.parked.entry(host.to_owned()).or_default().push_back(actor);
    }

    /// It takes long: others may have its place, if not too many linger already.
    fn linger(&mut self, place: Place) {
        let lingering = self.running.values().filter(|(_, lingers)| *lingers).count();
        if lingering < limits::INBOUND_LINGERING
            && let Some((_, lingers)) = self.running.get_mut(&place)
        {
            *lingers = true;
        }
    }

    /// Nothing happened with these: their turn comes again.
    fn give_back(&mut self, actor: Digest, lsns: &[Lsn]) {
        let Some(actor) = self.actors.get_mut(&actor) else { return };
        actor.waiting.extend(lsns);
        actor.busy = actor.busy.saturating_sub(lsns.len());
    }

    /// One of those taken was gone already.
    fn gone(&mut self, actor: Digest) {
        if let Some(actor) = self.actors.get_mut(&actor) {
            actor.busy = actor.busy.saturating_sub(1);
        }
    }

    /// If nothing of the actor is in flight, its next ones may go.
    fn settle(&mut self, digest: Digest) {
        match self.actors.get(&digest) {
            Some(actor) if actor.busy > 0 => {}
            Some(actor) if actor.waiting.is_empty() => {
                self.actors.remove(&digest);
            }
            Some(_) => self.ready.push_back(digest),
            None => {}
        }
    }

    /// It was processed: its row goes with the next finish.
    fn processed(&mut self, place: Place, row: &Inbound) {
        self.done.insert(place, 1 + row.length as usize / inbound::CHUNK_BYTES);
        self.release(place);
    }

    /// It was dropped, which is noted when its row goes: one operation more.
    fn note(&mut self, place: Place, dropped: Dropped) {
        if let Some(cost) = self.done.get_mut(&place) {
            *cost += 1;
        }
        self.notes.insert(place, dropped);
    }

    /// Its actor's next one may go, and so may another actor of its host.
    fn release(&mut self, place: Place) {
        if let Some((host, _)) = self.running.remove(&place) {
            if let Some(count) = self.hosts.get_mut(&host) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.hosts.remove(&host);
                }
            }
            if let Some(parked) = self.parked.get_mut(&host) {
                if let Some(actor) = parked.pop_front() {
                    self.ready.push_back(actor);
                }
                if parked.is_empty() {
                    self.parked.remove(&host);
                }
            }
        }
        self.gone(place.0);
        self.settle(place.0);
    }
}

#[cfg(test)]
mod tests;
