//! Activities received become what they say: one at a time for each actor, in the order in which they came; what must
//! wait steps aside, what panics or fails too often goes to the dead letters (SECURITY E4).

use super::Outcome;
use crate::{
    error::Result,
    federation::{
        activity::{self, Received},
        forwarded,
    },
    limits,
    server::{Server, guarded},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};
use storage::{
    Digest, Event, Lsn, Timestamp,
    inbound::{self, Inbound, Place},
    peer,
};
use tokio::sync::{broadcast, mpsc};

/// What waits, in memory: numbers only, the rows are read when their turn comes.
#[derive(Default)]
struct Queue {
    actors: HashMap<Digest, Actor>,
    /// Actors with something to do and nothing in flight, in turn.
    ready: VecDeque<Digest>,
    /// Actors whose host has enough in flight.
    parked: HashMap<String, VecDeque<Digest>>,
    later: BTreeSet<(Timestamp, Place)>,
    hosts: HashMap<String, usize>,
    /// Work in flight: actor, host, whether it lingers.
    running: HashMap<Place, (String, bool)>,
    /// Processed; their rows still stand.
    done: BTreeMap<Place, usize>,
}

/// What waits for one actor.
#[derive(Default)]
struct Actor {
    waiting: BTreeSet<Lsn>,
    busy: bool,
}

/// What the tasks tell the queue.
enum Report {
    Lingers(Place),
    Ended(Place, Inbound, Outcome),
    /// It will be tried again at this time, or never.
    Postponed(Place, Option<Timestamp>),
    Finished(Vec<Place>, Result<()>),
}

/// Processes until the server stops.
pub async fn run(server: Server) {
    let (reports, mut reported) = mpsc::unbounded_channel();
    let mut events = server.events();
    let mut queue = Queue::default();
    let mut finishing = false;
    rescan(&server, &mut queue).await;
    loop {
        start(&server, &mut queue, &reports).await;
        if !finishing && !queue.done.is_empty() {
            finishing = true;
            finish(&server, &queue, &reports);
        }
        let next = queue.later.first().map(|(time, _)| *time);
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
                    let Ok(event) = events.try_recv() else { break };
                    lagged |= hear(&mut queue, Ok(event)).await;
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
async fn hear(queue: &mut Queue, event: Result<crate::events::Published, broadcast::error::RecvError>) -> bool {
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
        let Ok(rows) = rows else {
            tracing::warn!("inbound activities wait for the store");
            tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
            continue;
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
        let places = queue.take_ready();
        if places.is_empty() {
            return;
        }
        let asked = places.clone();
        let rows = server.read(move |view| {
            let mut rows = Vec::with_capacity(asked.len());
            for place in asked {
                rows.push(inbound::find(view, place).map_err(|error| error.to_string()));
            }
            Ok(rows)
        });
        let Ok(rows) = rows.await else {
            for place in places {
                queue.give_back(place);
            }
            tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
            return;
        };
        for (place, row) in places.into_iter().zip(rows) {
            match row {
                Ok(Some((row, body))) => {
                    let host = peer::authority_of(&row.actor).unwrap_or_default();
                    if queue.claim(place, &host) {
                        process(server, place, row, body, reports);
                    }
                }
                Ok(None) => queue.release(place),
                Err(why) => {
                    // A row that cannot be read: put off, until it counts as dead.
                    tracing::error!(lsn = %place.1, %why, "an inbound activity cannot be read");
                    queue.running.insert(place, (String::new(), false));
                    let later = Outcome::Later(now.plus_ms(limits::INBOUND_UNREADABLE_MS), why);
                    postpone(server, place, later, reports);
                }
            }
        }
    }
}

/// Runs one activity beside the queue.
fn process(server: &Server, place: Place, row: Inbound, body: Vec<u8>, reports: &mpsc::UnboundedSender<Report>) {
    let (of_task, reports) = (server.clone(), reports.clone());
    server.spawn("inbound activity", async move {
        let outcome = {
            let work = guarded(receive(&of_task, &row, &body));
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
        let _ = reports.send(Report::Ended(place, row, outcome));
    });
}

/// Processes an activity; one that its actor did not send or sign is confirmed at its origin before.
async fn receive(server: &Server, row: &Inbound, body: &[u8]) -> Outcome {
    let confirmed;
    let body = if row.signer == row.actor {
        body
    } else {
        match forwarded::confirm(server, &row.actor, body).await {
            Ok(Some(document)) => {
                confirmed = document;
                &confirmed
            }
            Ok(None) => return Outcome::Drop("forwarded, and its origin does not confirm it".to_owned()),
            Err(error) => return Outcome::of(&error, server, row.attempts),
        }
    };
    match activity::receive(server, &row.actor, &row.inbox, body).await {
        Ok(Received::Done) => Outcome::Done,
        Ok(Received::Dropped(why)) => Outcome::Drop(why.to_owned()),
        Err(error) => Outcome::of(&error, server, row.attempts),
    }
}

/// Takes a report; answers whether a finish has ended.
fn take(server: &Server, queue: &mut Queue, report: Report, reports: &mpsc::UnboundedSender<Report>) -> bool {
    match report {
        Report::Lingers(place) => queue.linger(place),
        Report::Ended(place, row, outcome) => match outcome {
            Outcome::Done => queue.processed(place, &row),
            Outcome::Drop(why) => {
                tracing::debug!(actor = %row.actor, lsn = %place.1, %why, "an inbound activity was dropped");
                queue.processed(place, &row);
            }
            later @ Outcome::Later(..) => postpone(server, place, later, reports),
        },
        Report::Postponed(place, due) => {
            queue.release(place);
            if let Some(due) = due {
                queue.later.insert((due, place));
            }
        }
        Report::Finished(places, outcome) => {
            match outcome {
                Ok(()) => places.iter().for_each(|place| {
                    queue.done.remove(place);
                }),
                Err(error) => tracing::warn!(%error, "processed activities could not be removed; again in a moment"),
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
            // Not counted, but tried again all the same.
            Err(_) => Some(due),
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
    let (of_task, reports) = (server.clone(), reports.clone());
    server.spawn("finish inbound", async move {
        let rows = places.clone();
        let outcome = of_task.write(move |tx| Ok(inbound::finish(tx, &rows)?)).await;
        if outcome.is_err() {
            tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
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
        let fresh = actor.waiting.is_empty() && !actor.busy;
        actor.waiting.insert(place.1);
        if fresh {
            self.ready.push_back(place.0);
        }
    }

    /// The first activity of each actor whose turn it is, as many as there is room for. Its actor is busy until
    /// `release`.
    fn take_ready(&mut self) -> Vec<Place> {
        let quick = self.running.values().filter(|(_, lingers)| !lingers).count();
        let mut room = limits::INBOUND_AT_ONCE.saturating_sub(quick);
        let mut places = Vec::new();
        while room > 0
            && let Some(digest) = self.ready.pop_front()
        {
            let Some(actor) = self.actors.get_mut(&digest) else { continue };
            if let Some(lsn) = actor.waiting.pop_first() {
                actor.busy = true;
                places.push((digest, lsn));
                room -= 1;
            }
        }
        places
    }

    /// Takes a place of `host`; without one the actor is parked and the answer is no.
    fn claim(&mut self, place: Place, host: &str) -> bool {
        let count = self.hosts.entry(host.to_owned()).or_default();
        if *count < limits::INBOUND_PER_HOST {
            *count += 1;
            self.running.insert(place, (host.to_owned(), false));
            return true;
        }
        if let Some(actor) = self.actors.get_mut(&place.0) {
            actor.waiting.insert(place.1);
            actor.busy = false;
        }
        self.parked.entry(host.to_owned()).or_default().push_back(place.0);
        false
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

    /// Nothing happened with it: its turn comes again.
    fn give_back(&mut self, place: Place) {
        if let Some(actor) = self.actors.get_mut(&place.0) {
            actor.waiting.insert(place.1);
        }
        self.release(place);
    }

    /// It was processed: its row goes with the next finish.
    fn processed(&mut self, place: Place, row: &Inbound) {
        self.done.insert(place, 1 + row.length as usize / inbound::CHUNK_BYTES);
        self.release(place);
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
        let Some(actor) = self.actors.get_mut(&place.0) else { return };
        actor.busy = false;
        if actor.waiting.is_empty() {
            self.actors.remove(&place.0);
        } else {
            self.ready.push_back(place.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(actor: &str, lsn: u64) -> Place {
        (Digest::of(actor), Lsn(lsn))
    }

    fn row() -> Inbound {
        Inbound {
            actor: String::new(),
            signer: String::new(),
            inbox: String::new(),
            received_at: Timestamp(0),
            length: 0,
            head: storage::octets::Octets::default(),
            due: Timestamp(0),
            attempts: 0,
            last_error: String::new(),
        }
    }

    #[test]
    fn one_activity_of_an_actor_is_in_flight_and_the_next_is_the_oldest() {
        let mut queue = Queue::default();
        for lsn in [7, 5, 6] {
            queue.add(place("a", lsn));
        }
        queue.add(place("b", 9));
        assert_eq!(queue.take_ready(), [place("a", 5), place("b", 9)]);
        assert!(queue.claim(place("a", 5), "a.test"));
        assert!(queue.take_ready().is_empty());
        queue.add(place("a", 5));
        queue.processed(place("a", 5), &row());
        queue.add(place("a", 5));
        assert_eq!(queue.take_ready(), [place("a", 6)], "what runs or is done is not taken twice");
    }

    #[test]
    fn a_host_with_many_actors_leaves_room_for_others() {
        let mut queue = Queue::default();
        let actors: Vec<_> = (0..limits::INBOUND_PER_HOST + 2).map(|n| format!("actor {n}")).collect();
        for actor in &actors {
            queue.add(place(actor, 1));
        }
        queue.add(place("quiet", 1));
        let mut claimed = 0;
        while let places = queue.take_ready()
            && !places.is_empty()
        {
            for taken in places {
                let host = if taken == place("quiet", 1) { "quiet.test" } else { "loud.test" };
                claimed += usize::from(queue.claim(taken, host));
            }
        }
        assert_eq!(claimed, limits::INBOUND_PER_HOST + 1);
        queue.processed(place(&actors[0], 1), &row());
        assert_eq!(queue.take_ready().len(), 1, "a parked actor takes the place");
    }

    #[test]
    fn what_lingers_gives_its_place_to_others_up_to_a_bound() {
        let mut queue = Queue::default();
        for n in 0..limits::INBOUND_AT_ONCE + 1 {
            queue.add(place(&format!("actor {n}"), 1));
        }
        let first = queue.take_ready();
        assert_eq!(first.len(), limits::INBOUND_AT_ONCE);
        for (n, taken) in first.iter().enumerate() {
            assert!(queue.claim(*taken, &format!("{n}.test")));
        }
        assert!(queue.take_ready().is_empty());
        queue.linger(first[0]);
        assert_eq!(queue.take_ready().len(), 1);
    }
}
