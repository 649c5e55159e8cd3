//! What other servers are owed: how much, since when, and why it is not there yet.

use crate::{
    clock,
    error::{Error, Result},
    limits,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use storage::{
    Read, Store, Timestamp,
    delivery::{self, ACTIVITIES},
    peer::{self, Peer},
    steering,
};

/// What is owed in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Deliveries that peers are owed because they failed or are paused.
    pub owed: u64,
    /// Activities on their way for the first time, at most `limits::QUEUE_UNDERWAY` counted.
    pub underway: usize,
    /// When the oldest of all that was made.
    pub oldest: Option<String>,
    /// How old that is, seconds.
    pub oldest_s: Option<i64>,
    /// Peers that fail, are paused or are owed something.
    pub peers_in_all: usize,
    /// Those of them that are owed most, at most `limits::QUEUE_PEERS`.
    pub peers: Vec<PeerQueue>,
}

/// What one peer is owed, and how it has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerQueue {
    /// Its authority.
    pub domain: String,
    /// Deliveries owed to it.
    pub owed: u32,
    /// When the oldest of them was made.
    pub oldest: Option<String>,
    /// Since when an operator has nothing sent to it.
    pub paused_since: Option<String>,
    /// When it was first heard of.
    pub first_seen: Option<String>,
    /// When it last sent something signed (to the hour).
    pub last_inbound: Option<String>,
    /// When a delivery last succeeded (to the hour).
    pub last_success: Option<String>,
    /// Since when it fails.
    pub failing_since: Option<String>,
    /// Failures since it last answered.
    pub failures: u32,
    /// It failed on so many days that it is only probed once a day.
    pub unreachable: bool,
    /// When it is tried again.
    pub next_try: Option<String>,
    /// What went wrong last, also long ago.
    pub last_error: Option<String>,
}

/// A walk over all peers, a step of rows at a time.
#[derive(Debug, Clone, Default)]
struct Walk {
    after: Option<String>,
    owed: u64,
    oldest: Option<Timestamp>,
    in_all: usize,
    found: Vec<(String, Peer)>,
    done: bool,
}

impl Walk {
    fn step(mut self, read: &dyn Read) -> Result<Walk> {
        let rows = peer::list(read, self.after.as_deref(), limits::JOB_READ_ROWS)?;
        self.done = rows.len() < limits::JOB_READ_ROWS;
        self.after = rows.last().map(|(domain, _)| domain.clone());
        for (domain, peer) in rows {
            if peer.owed == 0 && !peer.is_failing() && steering::paused_since(read, &domain)?.is_none() {
                continue;
            }
            self.owed += u64::from(peer.owed);
            self.in_all += 1;
            if peer.owed > 0 {
                self.note(steering::oldest(read, &domain)?);
            }
            self.found.push((domain, peer));
        }
        self.found.sort_by(|(a, one), (b, other)| other.owed.cmp(&one.owed).then_with(|| a.cmp(b)));
        self.found.truncate(limits::QUEUE_PEERS);
        Ok(self)
    }

    fn note(&mut self, made: Option<Timestamp>) {
        self.oldest = [self.oldest, made].into_iter().flatten().min();
    }

    fn end(mut self, read: &dyn Read, now: Timestamp) -> Result<Queue> {
        let underway = delivery::unfinished(read, None, limits::QUEUE_UNDERWAY)?;
        if let Some(first) = underway.first() {
            self.note(ACTIVITIES.get(read, first)?.map(|activity| activity.created_at));
        }
        for (domain, _) in steering::paused(read)? {
            if peer::find(read, &domain)?.is_none() {
                self.in_all += 1;
                if self.found.len() < limits::QUEUE_PEERS {
                    self.found.push((domain, Peer::new(now)));
                }
            }
        }
        let peers = self.found.into_iter().map(|(domain, _)| Ok(of_peer(read, &domain)?.into_iter()));
        let peers: Result<Vec<_>> = peers.collect();
        Ok(Queue {
            owed: self.owed,
            underway: underway.len(),
            oldest: self.oldest.map(clock::iso),
            oldest_s: self.oldest.map(|oldest| now.ms_since(oldest).max(0) / 1_000),
            peers_in_all: self.in_all,
            peers: peers?.into_iter().flatten().collect(),
        })
    }
}

/// What is owed in all, of the running server.
///
/// # Errors
/// Storage errors.
pub async fn of_server(server: &Server) -> Result<Queue> {
    let (mut walk, now) = (Walk::default(), server.now());
    while !walk.done {
        walk = server.read(move |view| walk.step(view)).await?;
    }
    server.read(move |view| walk.end(view, now)).await
}

/// The same of a store that no server serves.
///
/// # Errors
/// Storage errors.
pub fn of_store(store: &Store, now: Timestamp) -> Result<Queue> {
    let mut walk = Walk::default();
    while !walk.done {
        walk = store.read(|view| walk.step(view))?;
    }
    store.read(|view| walk.end(view, now))
}

/// What `domain` is owed; `None` if nothing is known of it.
///
/// # Errors
/// Storage errors.
pub fn of_peer(read: &dyn Read, domain: &str) -> Result<Option<PeerQueue>> {
    let (peer, paused) = (peer::find(read, domain)?, steering::paused_since(read, domain)?);
    if peer.is_none() && paused.is_none() {
        return Ok(None);
    }
    let known = peer.as_ref();
    let time = |of: fn(&Peer) -> Option<Timestamp>| known.and_then(of).map(clock::iso);
    Ok(Some(PeerQueue {
        domain: domain.to_owned(),
        owed: known.map_or(0, |peer| peer.owed),
        oldest: steering::oldest(read, domain)?.map(clock::iso),
        paused_since: paused.map(clock::iso),
        first_seen: time(|peer| Some(peer.first_seen)),
        last_inbound: time(|peer| peer.last_inbound),
        last_success: time(|peer| peer.last_success),
        failing_since: time(|peer| peer.failing_since),
        failures: known.map_or(0, |peer| peer.attempt),
        unreachable: known.is_some_and(|peer| peer.unreachable),
        next_try: time(|peer| peer.next_attempt_at),
        last_error: known.map(|peer| peer.last_error.clone()).filter(|error| !error.is_empty()),
    }))
}

/// The same, or that nothing is known of `domain`.
///
/// # Errors
/// `Invalid` if nothing is known of it; storage errors.
pub fn require_peer(read: &dyn Read, domain: &str) -> Result<PeerQueue> {
    of_peer(read, domain)?.ok_or_else(|| Error::invalid("peer", format!("nothing is known of {domain}")))
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Queue { owed, underway, peers_in_all, .. } = self;
        writeln!(
            f,
            "{owed} deliveries are owed to peers that fail or are paused; {underway} activities are on their way"
        )?;
        if let (Some(oldest), Some(seconds)) = (&self.oldest, self.oldest_s) {
            writeln!(f, "the oldest was made at {oldest}, {seconds} s ago")?;
        }
        for peer in &self.peers {
            writeln!(f, "{}: {}", peer.domain, peer.in_short())?;
        }
        if *peers_in_all > self.peers.len() {
            writeln!(f, "and {} more peers", peers_in_all - self.peers.len())?;
        }
        Ok(())
    }
}

impl PeerQueue {
    /// In one line.
    pub(super) fn in_short(&self) -> String {
        let mut said = vec![format!("{} owed", self.owed)];
        said.extend(self.paused_since.iter().map(|since| format!("paused since {since}")));
        if let Some(since) = &self.failing_since {
            said.push(format!("failing since {since}, {} failures", self.failures));
            said.extend(self.last_error.iter().map(|error| format!("the last: {error}")));
        }
        said.extend(self.next_try.iter().map(|time| format!("next try at {time}")));
        said.join("; ")
    }
}

impl fmt::Display for PeerQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} deliveries are owed", self.domain, self.owed)?;
        let reach = if self.unreachable { "unreachable: tried once a day, and owed little that is new" } else { "" };
        for (name, value) in [
            ("oldest owed", &self.oldest),
            ("paused since", &self.paused_since),
            ("first seen", &self.first_seen),
            ("last heard", &self.last_inbound),
            ("last took", &self.last_success),
            ("failing since", &self.failing_since),
            ("next try", &self.next_try),
            ("last error", &self.last_error),
        ] {
            if let Some(value) = value {
                writeln!(f, "  {name:<14} {value}")?;
            }
        }
        if self.failures > 0 {
            writeln!(f, "  {:<14} {}", "failures", self.failures)?;
        }
        if !reach.is_empty() {
            writeln!(f, "  {reach}")?;
        }
        Ok(())
    }
}
