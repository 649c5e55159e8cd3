//! What stands between this server and another one.

use super::{
    names::{self, Domains},
    why::{status_of, why_not},
};
use crate::{
    clock,
    error::Result,
    federation::{json, object::read::first_type},
    limits,
    operate::queue::{self, PeerQueue},
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::ControlFlow,
};
use storage::{
    AccountId, Bounds, Direction, JobId, Key, Read, Store,
    account::{self, ACCOUNT_BY_NAME},
    domain_allow,
    inbound::{self, DeadInbound, Dropped, INBOUND},
    job::{JOBS, JobKind},
    manner::{self, Form, Manner, Refusal},
    moderation, peer,
    relationship::{FOLLOWER_ROWS, FOLLOWING_ROWS},
    status,
    table::KeyRange,
};

/// What stands about a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainExplained {
    /// The domain.
    pub domain: String,
    /// What decides whether it is met, in words.
    pub standing: Vec<String>,
    /// What it has shown of itself: signatures, oddities; in words.
    pub manner: Vec<String>,
    /// How it has answered, and what it is owed.
    pub peer: Option<PeerQueue>,
    /// What of ours it would not have, the latest first; at most `storage::limits::REFUSALS_TOLD`.
    pub refused: Vec<RefusedThere>,
    /// Shared inboxes its accounts name, and whether each answered that it is gone; at most `limits::EXPLAIN_PEERS`.
    pub shared_inboxes: BTreeMap<String, bool>,
    /// Its accounts known here.
    pub accounts: u64,
    /// Follows from here to them; at most `limits::EXPLAIN_FOLLOWS` counted of each.
    pub followed: u64,
    /// Follows from them to here, the same way.
    pub following: u64,
    /// Activities of it that wait after trouble, of those looked at.
    pub waiting: usize,
    /// The trouble of the last one.
    pub waiting_error: Option<String>,
    /// Activities of it that were given up, of those kept.
    pub dead: usize,
    /// The last of them, the latest first; at most `limits::EXPLAIN_LETTERS`.
    pub dead_letters: Vec<DeadLetter>,
    /// What it brought and was dropped here, by type and reason, the latest first; at most `limits::EXPLAIN_DROPPED`.
    pub dropped: Vec<DroppedHere>,
    /// Jobs about it that stepped aside, in words; at most `limits::EXPLAIN_JOBS`.
    pub jobs: Vec<String>,
    /// Where its accounts live or get what they are sent, if that is called otherwise; at most `limits::EXPLAIN_NAMES`.
    pub hosts: BTreeSet<String>,
    /// Domains of another name whose accounts live there, the same way.
    pub domains: BTreeSet<String>,
    /// The same of the first of these, at most `limits::EXPLAIN_NAMES`, if this is what was asked for.
    pub also: Vec<DomainExplained>,
}

/// An activity of ours that its server would not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedThere {
    /// Its id.
    pub activity: String,
    /// When it was given up.
    pub at: String,
    /// What the server answered last, if it did.
    pub status: Option<u16>,
    /// The same in words.
    pub why: String,
}

/// An activity that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its type; none where it cannot be read, or is too long to be kept.
    pub kind: Option<String>,
    /// The uri of its actor.
    pub actor: String,
    /// When it came.
    pub received_at: String,
    /// When it was given up.
    pub died_at: String,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last.
    pub why: String,
}

/// What was dropped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedHere {
    /// The type of the activities; none where it was not read.
    pub kind: Option<String>,
    /// Why.
    pub why: String,
    /// How many there were.
    pub count: u64,
    /// The uri of the actor of the last one.
    pub actor: String,
    /// When that one was dropped.
    pub at: String,
}

impl DomainExplained {
    fn other_names(&self) -> Vec<String> {
        self.hosts.union(&self.domains).take(limits::EXPLAIN_NAMES).cloned().collect()
    }
}

impl DeadLetter {
    fn of(row: DeadInbound) -> Self {
        let document = json::parse(&row.inbound.head.0).ok();
        let kind = document.as_ref().map(first_type).unwrap_or_default();
        let kind: String =
            kind.chars().filter(char::is_ascii_graphic).take(storage::limits::DROPPED_KIND_CHARS).collect();
        DeadLetter {
            kind: Some(kind).filter(|kind| !kind.is_empty()),
            actor: row.inbound.actor,
            received_at: clock::iso(row.inbound.received_at),
            died_at: clock::iso(row.died_at),
            tries: row.inbound.attempts,
            why: row.inbound.last_error,
        }
    }
}

impl RefusedThere {
    fn of(Refusal { activity, at, reason }: Refusal) -> Self {
        RefusedThere { activity, at: clock::iso(at), status: status_of(reason), why: why_not(reason) }
    }
}

impl DroppedHere {
    fn of(row: Dropped) -> Self {
        let Dropped { kind, why, count, actor, at, .. } = row;
        DroppedHere { kind: Some(kind).filter(|kind| !kind.is_empty()), why, count, actor, at: clock::iso(at) }
    }
}

/// A walk over the accounts of the domain and the jobs, a step of rows at a time.
#[derive(Debug, Clone, Default)]
struct Walk {
    found: DomainExplained,
    from: Vec<u8>,
    names: Domains,
    job: Option<JobId>,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Domain,
    Accounts,
    Names,
    Jobs,
    Done,
}

impl Walk {
    fn of(domain: &str) -> Self {
        let found = DomainExplained { domain: domain.to_owned(), ..DomainExplained::default() };
        let (from, names) = (domain.to_owned().to_bytes(), Domains::living_at(domain));
        Walk { found, from, names, ..Walk::default() }
    }

    fn step(mut self, read: &dyn Read) -> Result<Walk> {
        match self.stage {
            Stage::Domain => {
                self.domain(read)?;
                self.stage = Stage::Accounts;
            }
            Stage::Accounts => {
                if !self.accounts(read)? {
                    self.stage = Stage::Names;
                }
            }
            Stage::Names => {
                if !self.names.step(read)? {
                    self.found.domains = std::mem::take(&mut self.names.found);
                    self.stage = Stage::Jobs;
                }
            }
            Stage::Jobs => {
                if !self.jobs(read)? {
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        Ok(self)
    }

    fn domain(&mut self, read: &dyn Read) -> Result<()> {
        let domain = self.found.domain.clone();
        let said = &mut self.found.standing;
        if let Some(block) = moderation::block_of(read, &domain)?.filter(|block| block.id.0 != 0) {
            let severity = format!("{:?}", block.severity).to_lowercase();
            said.push(format!(
                "blocked ({severity}) by a block of {} since {}",
                block.domain,
                clock::iso(block.created_at)
            ));
            said.extend(block.reject_media.then(|| "its media are not taken".to_owned()));
            said.extend(block.reject_reports.then(|| "its reports are not taken".to_owned()));
            for comment in [block.private_comment, block.public_comment] {
                said.extend(Some(comment).filter(|comment| !comment.is_empty()).map(|why| format!("because: {why}")));
            }
        }
        if let Some(since) = domain_allow::limited_since(read)? {
            let allowed = domain_allow::is_allowed(read, &domain)?;
            let word = if allowed { "it is let in" } else { "it is shut out" };
            said.push(format!("federation is limited since {}: {word}", clock::iso(since)));
        }
        if said.is_empty() {
            said.push("nothing was decided about it: it is met like everybody".to_owned());
        }
        let manner = manner::find(read, &domain)?;
        self.found.manner = in_words(&manner);
        self.found.refused = manner.refusals.into_iter().rev().map(RefusedThere::of).collect();
        self.found.peer = queue::of_peer(read, &domain)?;
        let most = limits::EXPLAIN_INBOUND;
        for (_, row) in INBOUND.list(read, &(), Bounds::NONE, Direction::Ascending, most)? {
            if row.attempts > 0 && peer::authority_of(&row.actor).as_deref() == Some(&domain) {
                self.found.waiting += 1;
                self.found.waiting_error = Some(row.last_error);
            }
        }
        let (dead, last) = inbound::dead_of(read, &domain, limits::EXPLAIN_LETTERS)?;
        self.found.dead = dead;
        self.found.dead_letters = last.into_iter().map(DeadLetter::of).collect();
        let dropped = inbound::dropped_of(read, &domain)?.into_iter().take(limits::EXPLAIN_DROPPED);
        self.found.dropped = dropped.map(DroppedHere::of).collect();
        Ok(())
    }

    /// Looks at some of its accounts; answers whether there may be more.
    fn accounts(&mut self, read: &dyn Read) -> Result<bool> {
        let until = KeyRange::prefix(&self.found.domain.to_bytes()).until;
        let range = KeyRange { from: self.from.clone(), until };
        let (mut ids, mut next) = (Vec::new(), None);
        read.scan_bytes(ACCOUNT_BY_NAME.id, &range, Direction::Ascending, &mut |key, value| {
            ids.extend(AccountId::from_bytes(value));
            let mut behind = key.to_vec();
            behind.push(0);
            next = Some(behind);
            let full = ids.len() >= limits::EXPLAIN_ACCOUNTS;
            Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let more = ids.len() >= limits::EXPLAIN_ACCOUNTS;
        self.found.accounts += ids.len() as u64;
        for id in ids {
            let most = limits::EXPLAIN_FOLLOWS;
            let (none, up) = (Bounds::NONE, Direction::Ascending);
            self.found.followed += FOLLOWER_ROWS.list(read, &id, none, up, most)?.len() as u64;
            self.found.following += FOLLOWING_ROWS.list(read, &id, none, up, most)?.len() as u64;
            let Some(account) = account::find(read, id)? else { continue };
            for host in names::hosts_of(read, &account)? {
                if host != self.found.domain && self.found.hosts.len() < limits::EXPLAIN_NAMES {
                    self.found.hosts.insert(host);
                }
            }
            if let Some(url) = account.endpoints.shared_inbox
                && self.found.shared_inboxes.len() < limits::EXPLAIN_PEERS
                && !self.found.shared_inboxes.contains_key(&url)
            {
                let inbox = peer::number_of(read, &url)?.map(|id| peer::INBOXES.get(read, &id)).transpose()?.flatten();
                self.found.shared_inboxes.insert(url, inbox.is_some_and(|inbox| inbox.gone_at.is_some()));
            }
        }
        if let Some(next) = next {
            self.from = next;
        }
        Ok(more)
    }

    /// Looks at some of the jobs; answers whether there may be more.
    fn jobs(&mut self, read: &dyn Read) -> Result<bool> {
        let bounds = Bounds { above: self.job.map(|id| id.0), below: None };
        let rows = JOBS.list(read, &(), bounds, Direction::Ascending, limits::JOB_READ_ROWS)?;
        self.job = rows.last().map(|(id, _)| *id);
        for (_, job) in &rows {
            if job.attempts == 0 || self.found.jobs.len() >= limits::EXPLAIN_JOBS {
                continue;
            }
            let Some(about) = about(read, &job.kind)? else { continue };
            if account::find(read, about)?.and_then(|account| account.domain).as_ref() == Some(&self.found.domain) {
                let kind = format!("{:?}", job.kind);
                let kind = kind.split_whitespace().next().unwrap_or_default();
                let (tries, error, due) = (job.attempts, &job.last_error, clock::iso(job.due));
                self.found.jobs.push(format!("{kind} stepped aside {tries} times, again at {due}: {error}"));
            }
        }
        Ok(rows.len() >= limits::JOB_READ_ROWS)
    }
}

/// What a server has shown of itself.
fn in_words(manner: &Manner) -> Vec<String> {
    let name = |form| match form {
        Form::Cavage => "draft-cavage",
        Form::Rfc9421 => "RFC 9421",
    };
    let mut words = vec![match manner.takes {
        Some((form, at)) => {
            format!("takes signatures of {}, after it refused the other kind at {}", name(form), clock::iso(at))
        }
        None => "is sent signatures of draft-cavage, as everybody is; it never took another instead".to_owned(),
    }];
    words.extend(manner.signs.map(|(form, at)| format!("signs by {} since {}", name(form), clock::iso(at))));
    words.extend(
        manner
            .refuses_passed_on
            .map(|at| format!("refuses what others said and is passed on, since {}", clock::iso(at))),
    );
    words
}

/// The account elsewhere that a job needs, if it is of those that do.
fn about(read: &dyn Read, kind: &JobKind) -> Result<Option<AccountId>> {
    let author = |id| Ok(status::find(read, id)?.map(|status| status.account));
    match kind {
        JobKind::RefreshAccount { account } | JobKind::CheckLinks { account } | JobKind::SeverAccount { account } => {
            Ok(Some(*account))
        }
        JobKind::MoveFollowers { from, .. } => Ok(Some(*from)),
        JobKind::FetchAncestors { status } | JobKind::RefreshPoll { status } | JobKind::FetchQuote { status } => {
            author(*status)
        }
        _ => Ok(None),
    }
}

/// What stands about `domain`, in the running server: a domain of accounts or a host, with what stands about the other.
///
/// # Errors
/// Storage errors.
pub async fn domain_of_server(server: &Server, domain: &str) -> Result<DomainExplained> {
    let mut found = one_of_server(server, domain).await?;
    for other in found.other_names() {
        found.also.push(one_of_server(server, &other).await?);
    }
    Ok(found)
}

async fn one_of_server(server: &Server, domain: &str) -> Result<DomainExplained> {
    let mut walk = Walk::of(domain);
    while walk.stage != Stage::Done {
        walk = server.read(move |view| walk.step(view)).await?;
    }
    Ok(walk.found)
}

/// The same in a store that no server serves.
///
/// # Errors
/// Storage errors.
pub fn domain_of_store(store: &Store, domain: &str) -> Result<DomainExplained> {
    let mut found = one_of_store(store, domain)?;
    for other in found.other_names() {
        found.also.push(one_of_store(store, &other)?);
    }
    Ok(found)
}

fn one_of_store(store: &Store, domain: &str) -> Result<DomainExplained> {
    let mut walk = Walk::of(domain);
    while walk.stage != Stage::Done {
        walk = store.read(|view| walk.step(view))?;
    }
    Ok(walk.found)
}

impl fmt::Display for DomainExplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.domain)?;
        for line in &self.standing {
            writeln!(f, "  {line}")?;
        }
        for line in &self.manner {
            writeln!(f, "  {line}")?;
        }
        let DomainExplained { accounts, followed, following, .. } = self;
        writeln!(
            f,
            "  {accounts} accounts known; {followed} follows of them from here, {following} by them of people here"
        )?;
        for host in &self.hosts {
            writeln!(f, "  its accounts live at {host}, or get there what they are sent")?;
        }
        for domain in &self.domains {
            writeln!(f, "  accounts of {domain} live there, or get there what they are sent")?;
        }
        match &self.peer {
            Some(peer) => write!(f, "{peer}")?,
            None => writeln!(f, "  nothing was ever sent to it or heard from it")?,
        }
        if !self.refused.is_empty() {
            writeln!(f, "  what of ours it would not have, the latest first:")?;
        }
        for RefusedThere { activity, at, why, .. } in &self.refused {
            writeln!(f, "    {activity}, given up at {at}: {why}")?;
        }
        for (url, gone) in &self.shared_inboxes {
            writeln!(f, "  shared inbox {url}{}", if *gone { ", which is gone" } else { "" })?;
        }
        if self.waiting > 0 {
            let error = self.waiting_error.as_deref().unwrap_or_default();
            writeln!(f, "  {} activities of it wait after trouble; the last: {error}", self.waiting)?;
        }
        if self.dead > 0 {
            writeln!(f, "  {} activities of it were given up; the last:", self.dead)?;
        }
        let named = |kind: &Option<String>| kind.clone().unwrap_or_else(|| "an activity".to_owned());
        for DeadLetter { kind, actor, received_at, died_at, tries, why } in &self.dead_letters {
            let kind = named(kind);
            writeln!(
                f,
                "    {kind} by {actor}, received {received_at}, given up at {died_at} after {tries} tries: {why}"
            )?;
        }
        if !self.dropped.is_empty() {
            writeln!(f, "  what it brought and was dropped here, the latest first:")?;
        }
        for DroppedHere { kind, why, count, actor, at } in &self.dropped {
            writeln!(f, "    {count} x {}: {why}; the last at {at} by {actor}", named(kind))?;
        }
        for job in &self.jobs {
            writeln!(f, "  {job}")?;
        }
        for other in &self.also {
            other.fmt(f)?;
        }
        Ok(())
    }
}
