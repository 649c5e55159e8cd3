//! What is the current state of the systems? One model, told by probes and `dassie state` alike.

use super::{
    disk::{Disk, DiskState},
    room::Room,
};
use crate::{
    backup::{self, Report},
    clock,
    error::Result,
    limits,
    server::Server,
    standby::Shipping,
    tls::{Standing, Standings},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use storage::{
    State as StoreState, Timestamp, View,
    backup::deed,
    instance,
    latency::DiskFigures,
    search::Pace,
    steering,
    wave::{self, Wave},
};

/// The verdict in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything works.
    Good,
    /// It works, but somebody should look.
    Degraded,
    /// Requests cannot be answered.
    Down,
}

/// The state of this server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct State {
    /// The verdict.
    pub verdict: Verdict,
    /// What is wrong, in plain words, worst first.
    pub problems: Vec<String>,
    /// This program's version.
    pub version: String,
    /// Where the server is.
    pub origin: String,
    /// The address it listens on.
    pub listen: String,
    /// The disk under the data directory.
    pub disk: Disk,
    /// What the data directory takes of its budget.
    pub room: Room,
    /// How far the engine is behind the log.
    #[serde(default)]
    pub engine: Engine,
    /// The certificate, where TLS ends in this program.
    pub certificate: Option<Standing>,
    /// Lab mode: plain http and loopback peers are allowed.
    pub lab: bool,
    /// Peers to which nothing is sent, because an operator said so.
    pub paused: Vec<String>,
    /// What strangers said of late that was kept aside, if any was.
    pub wave: Option<SpamWave>,
    /// Something has been sent to a peer: the origin is fixed for ever.
    pub federated: bool,
    /// What came from peers since the start that nothing is made of here: names of types, and how often; at most
    /// `limits::UNHEEDED_TYPES_MAX` names, and `others`.
    pub unheeded: BTreeMap<String, u64>,
    /// The full-text index of statuses.
    pub search: Search,
    /// How backups stand.
    pub backup: Report,
    /// How the log is shipped to a second machine; `None`: backups go nowhere.
    pub shipping: Option<Shipping>,
    /// When it was started.
    pub started_at: String,
    /// The time now.
    pub now: String,
}

/// Looks at the figures of the disk and judges them. Never waits for the disk.
pub(super) fn look(server: &Server) -> DiskFigures {
    let (figures, store) = (server.store().disk(), server.store().state());
    server.disk().look(&figures, store.read_only.is_some(), server.clocks());
    // What somebody may find a little later steps aside for what is made safe (DESIGN §8).
    server.search().set_pace(if server.disk().is_in_trouble() { Pace::Sparing } else { Pace::Usual });
    figures
}

/// A wave of spam: statuses of strangers that were kept aside (SECURITY C8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpamWave {
    /// When the first was.
    pub since: String,
    /// When the last was.
    pub last: String,
    /// How many.
    pub held: u32,
    /// The domains they came from, at most `storage::limits::WAVE_SITES`.
    pub domains: Vec<String>,
}

impl SpamWave {
    fn of(wave: Wave) -> Option<Self> {
        let (since, last) = (wave.since?, wave.last?);
        Some(SpamWave { since: clock::iso(since), last: clock::iso(last), held: wave.held, domains: wave.held_of })
    }

    /// The same in words.
    fn told(&self) -> String {
        let SpamWave { since, last, held, domains } = self;
        format!(
            "a wave of spam: {held} statuses of strangers were kept aside from {since} to {last}, from {}; people find them \
             among filtered notifications, and moderators may limit or suspend a domain",
            domains.join(", ")
        )
    }
}

/// How far the engine, which is a view of the log, is behind it. Nothing is lost by that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Which one.
    pub name: String,
    /// Transactions that are durable in the log and not yet in it.
    pub behind: u64,
    /// How long the oldest of these has been waiting.
    pub behind_ms: u64,
    /// Transactions that a start after a crash would replay.
    pub to_replay: u64,
    /// How long ago it was last made durable, or opened.
    pub checkpoint_age_s: u64,
}

impl Engine {
    fn of(store: &StoreState) -> Self {
        Engine {
            name: store.engine.to_string(),
            behind: store.durable.0.saturating_sub(store.applied.0),
            behind_ms: u64::try_from(store.lag.as_millis()).unwrap_or(u64::MAX),
            to_replay: store.durable.0.saturating_sub(store.checkpoint.0),
            checkpoint_age_s: store.checkpoint_age.as_secs(),
        }
    }

    /// What is wrong with that.
    fn problem(&self) -> Option<String> {
        let Engine { behind, behind_ms, .. } = self;
        (*behind_ms > limits::ENGINE_LAG_MS).then(|| {
            format!(
                "the engine is {} s behind the log, by {behind} transactions; nothing is lost, but writing waits once they \
                 fill the memory there is for them; look what else works on this disk and this processor",
                behind_ms / 1_000
            )
        })
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Engine { name, behind, behind_ms, to_replay, checkpoint_age_s } = self;
        writeln!(
            f,
            "  engine: {name}, {behind} transactions ({behind_ms} ms) behind the log; durable {checkpoint_age_s} s ago, \
             {to_replay} transactions since"
        )
    }
}

/// How the full-text index is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Search {
    /// Statuses that can be found.
    pub documents: u64,
    /// Everything up to this transaction of the log is in it.
    pub position: u64,
    /// Transactions of the log behind that; many of them concern no status.
    pub behind: u64,
    /// It is being made anew: statuses looked at so far.
    pub rebuilding: Option<u64>,
}

type Recorded = (Option<instance::Identity>, deed::Deeds, Vec<(String, Timestamp)>, Wave);

/// What the store says about the state.
fn recorded(view: &View<'_>, now: Timestamp) -> Result<Recorded> {
    Ok((instance::identity(view)?, deed::deeds(view)?, steering::paused(view)?, wave::lately(view, now)?))
}

/// What is wrong, in the order in which it is told, and the verdict on it.
struct Problems {
    verdict: Verdict,
    told: Vec<String>,
}

impl Problems {
    fn degraded(&mut self, why: impl Into<String>) {
        self.verdict = self.verdict.max(Verdict::Degraded);
        self.told.push(why.into());
    }

    fn all(&mut self, whys: impl IntoIterator<Item = String>) {
        whys.into_iter().for_each(|why| self.degraded(why));
    }
}

/// The state now. Never fails: what cannot be read is a problem to tell.
pub async fn state(server: &Server) -> State {
    let mut problems = Problems { verdict: Verdict::Good, told: Vec::new() };
    let now = server.now();
    let read = server.read(move |view| recorded(view, now)).await;
    let (federated, deeds, paused, wave) = match read {
        Ok((identity, deeds, paused, wave)) => {
            (identity.is_some_and(|identity| identity.federated), deeds, paused, SpamWave::of(wave))
        }
        Err(error) => {
            tracing::error!(%error, "the state cannot be read");
            problems.verdict = Verdict::Down;
            problems.told.push("the store cannot be read; requests are refused until it can (see the log)".to_owned());
            (false, deed::Deeds::default(), Vec::new(), None)
        }
    };
    let (store, shipping) = (server.store().state(), server.shipping());
    let engine = Engine::of(&store);
    of_store(&store, shipping.as_ref(), &mut problems);
    if store.engine_open {
        problems.all(engine.problem());
    }
    let figures = look(server);
    let (mut disk, of_disk) = server.disk().report(&figures, server.clocks());
    disk.note_syncs(&server.store().syncs());
    if matches!(disk.state, DiskState::Slow | DiskState::Stalled) {
        problems.verdict = problems.verdict.max(Verdict::Degraded);
    }
    problems.all(of_disk);
    let (room, of_room) = server.room().report(server.now());
    problems.all(of_room);
    problems.all(server.rot().problems());
    let (backup, of_backups) = backup::report(server, &deeds);
    problems.all(of_backups);
    problems.all(shipping.iter().flat_map(Shipping::told));
    let Standings { certificate, problem } = Standings::of(server);
    problems.all(problem);
    problems.all(server.proxies().problem());
    let index = server.search().state();
    if let Some(why) = &index.problem {
        problems.degraded(format!("statuses cannot be searched ({why}); it is tried again, everything else works"));
    }
    if let Some(wave) = &wave {
        problems.degraded(wave.told());
    }
    let search = Search {
        documents: index.documents,
        position: index.position.0,
        behind: store.durable.0.saturating_sub(index.position.0),
        rebuilding: index.rebuilding,
    };
    State {
        verdict: problems.verdict,
        problems: problems.told,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        origin: server.origin().as_str().to_owned(),
        listen: server.address().to_string(),
        certificate,
        disk,
        room,
        engine,
        lab: server.reach().is_lab(),
        paused: paused.into_iter().map(|(domain, _)| domain).collect(),
        wave,
        federated,
        unheeded: server.unheeded().counts(),
        search,
        backup,
        shipping,
        started_at: clock::iso(server.started_at()),
        now: clock::iso(server.now()),
    }
}

/// What keeps the store from taking what it should.
fn of_store(store: &StoreState, shipping: Option<&Shipping>, problems: &mut Problems) {
    if let Some(why) = &store.read_only {
        problems.degraded(format!("nothing can be written until a restart: {why}"));
    }
    if let Some(why) = shipping.and_then(|shipping| shipping.fenced.as_ref()) {
        problems.degraded(format!("nothing is written or delivered: {why}"));
    }
    if store.full {
        problems.degraded("the disk is nearly full: only deletes are accepted; free some space");
    }
    if let Some(why) = &store.base_failed {
        problems.degraded(format!("the log cannot be shortened, because a base snapshot failed: {why}"));
    }
    if store.log_overfull {
        problems.degraded("the log is beyond its cap: peers are told to come back later; free some space");
    }
    if !store.engine_open {
        problems.degraded("the engine is being reopened; reads are refused meanwhile");
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Good => "good",
            Verdict::Degraded => "degraded",
            Verdict::Down => "down",
        };
        writeln!(f, "Dassie {} at {}: {verdict}", self.version, self.origin)?;
        writeln!(f, "  listening on {}, since {}", self.listen, self.started_at)?;
        if self.lab {
            writeln!(f, "  LAB MODE: plain http and loopback peers are allowed")?;
        }
        if let Some(certificate) = &self.certificate {
            write!(f, "{certificate}")?;
        }
        write!(f, "{}", self.disk)?;
        write!(f, "{}", self.room)?;
        write!(f, "{}", self.engine)?;
        write!(f, "{}", self.backup)?;
        if let Some(shipping) = &self.shipping {
            write!(f, "{shipping}")?;
        }
        if !self.paused.is_empty() {
            writeln!(f, "  nothing is sent to {} (paused; `dassie queue resume HOST`)", self.paused.join(", "))?;
        }
        if let Some(statuses) = self.search.rebuilding {
            writeln!(f, "  the search index is being made: {statuses} statuses so far")?;
        }
        if !self.unheeded.is_empty() {
            let counts: Vec<String> = self.unheeded.iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(f, "  came from other servers and is not understood: {}", counts.join(", "))?;
        }
        for problem in &self.problems {
            writeln!(f, "  problem: {problem}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Engine;
    use crate::limits;

    #[test]
    fn an_engine_that_is_behind_is_a_problem_beyond_its_bound() {
        let at =
            |behind_ms| Engine { name: "redb".to_owned(), behind: 12, behind_ms, to_replay: 40, checkpoint_age_s: 3 };
        assert_eq!(at(limits::ENGINE_LAG_MS).problem(), None);
        let problem = at(limits::ENGINE_LAG_MS + 1).problem().expect("a problem");
        assert!(problem.starts_with("the engine is 5 s behind the log, by 12 transactions; "), "{problem}");
        assert_eq!(
            at(7).to_string(),
            "  engine: redb, 12 transactions (7 ms) behind the log; durable 3 s ago, 40 transactions since\n"
        );
    }
}
