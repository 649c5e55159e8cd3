//! Why is this here? A status or an account by its address or id: how it came, what holds it, whom it reached.

use super::page::PageWalk;
use crate::{
    clock,
    error::{Error, Result},
    limits,
    operate::queue::{self, PeerQueue},
    origin::Origin,
    retention::{self, FollowedTags, Verdict},
    server::Server,
    status as statuses,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};
use storage::{
    AccountId, ActivityId, Bounds, Digest, Direction, Read, StatusId, Store,
    account::{self, Account},
    cause::{self, Cause},
    delivery::{self, ACTIVITIES, ACTIVITIES_OF_OBJECT, ACTIVITY_INBOXES, OWED, OWED_COUNT, PROGRESS},
    moderation,
    peer::{self, INBOXES},
    relationship::{FOLLOWER_ROWS, FOLLOWING_ROWS},
    relay,
    retention::{Hour, days},
    status::{self, STATUSES_OF_ACCOUNT, Status},
    undelivered::{self, Reason, Undelivered},
};

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Explained {
    /// Of a status.
    Status(StatusExplained),
    /// Of an account.
    Account(AccountExplained),
}

/// A status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusExplained {
    /// Its number.
    pub id: String,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its author.
    pub author: String,
    /// When it came.
    pub came_at: Option<String>,
    /// Why it came, in words.
    pub cause: String,
    /// What holds it here, in words.
    pub held: String,
    /// What went out about it, if it was written here.
    pub deliveries: Vec<Deliveries>,
}

/// How far an activity has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    /// The activity's id.
    pub activity: String,
    /// When it was made.
    pub made_at: String,
    /// Inboxes it goes to.
    pub inboxes: u64,
    /// Of those, delivered or given up for good.
    pub ended: u64,
    /// Of those, delivered. What was given up before this was written down counts here.
    pub delivered: u64,
    /// Of those, given up for good: refused, dropped, or never sent.
    pub given_up: u64,
    /// The first of these, at most `limits::EXPLAIN_PEERS`.
    pub refusals: Vec<Refusal>,
    /// Owed to peers that fail or are paused.
    pub owed: u64,
    /// Not tried yet.
    pub underway: u64,
    /// The peers that it is owed to, at most `limits::EXPLAIN_PEERS`.
    pub peers: Vec<PeerQueue>,
}

/// A delivery that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The peer.
    pub domain: String,
    /// When it was given up.
    pub at: String,
    /// The status that the peer answered last, if it did.
    pub status: Option<u16>,
    /// Why, in words.
    pub why: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountExplained {
    /// Its number.
    pub id: String,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its handle.
    pub handle: String,
    /// Since when it is known here.
    pub known_since: String,
    /// When its profile was last read, if it lives elsewhere.
    pub fetched_at: Option<String>,
    /// How many it is followed by, as far as known here; at most `limits::COUNTED_MAX`.
    pub followers: usize,
    /// Who of those lives here, if it lives elsewhere: at most `limits::EXPLAIN_FOLLOWERS`, the oldest first.
    pub followed_by: Vec<String>,
    /// How many it follows, the same way.
    pub following: usize,
    /// Its statuses and reblogs here.
    pub statuses: u64,
    /// Why its first status came, if that was written down.
    pub first: Option<String>,
    /// What moderators decided about it, in words.
    pub standing: Vec<String>,
}

/// What is called `named`: the id of a status or account, its address, its page, or a handle; in the running server.
///
/// # Errors
/// `Invalid` if nothing here is called so; storage errors.
pub async fn why_of_server(server: &Server, named: &str) -> Result<Explained> {
    let (origin, name) = (server.origin().clone(), named.trim().to_owned());
    if let Some(explained) = server.read(move |view| why(view, &origin, &name)).await? {
        return Ok(explained);
    }
    let mut walk = PageWalk::of(named.trim());
    while !walk.done {
        let origin = server.origin().clone();
        walk = server.read(move |view| walk.step(view, &origin)).await?;
    }
    walk.found.take().ok_or_else(|| unknown(named, &walk))
}

/// The same in a store that no server serves.
///
/// # Errors
/// As `why_of_server`.
pub fn why_of_store(store: &Store, origin: &Origin, named: &str) -> Result<Explained> {
    if let Some(explained) = store.read(|view| why(view, origin, named.trim()))? {
        return Ok(explained);
    }
    let mut walk = PageWalk::of(named.trim());
    while !walk.done {
        walk = store.read(|view| walk.step(view, origin))?;
    }
    walk.found.take().ok_or_else(|| unknown(named, &walk))
}

fn unknown(named: &str, walk: &PageWalk) -> Error {
    let most = limits::EXPLAIN_PAGE_ROWS;
    let among = match walk.left {
        0 => format!(" among {most} accounts and posts of its server; there are more, which were not looked at"),
        _ => String::new(),
    };
    Error::invalid("why", format!("nothing here is called {named:?}{among}"))
}

/// What is called `named`, if an index or its author leads to it.
fn why(read: &dyn Read, origin: &Origin, named: &str) -> Result<Option<Explained>> {
    match find(read, origin, named)? {
        Some(Found::Status(status)) => of_status(read, origin, &status).map(Explained::Status).map(Some),
        Some(Found::Account(account)) => of_account(read, origin, &account).map(Explained::Account).map(Some),
        None => Ok(None),
    }
}

enum Found {
    Status(Box<Status>),
    Account(Box<Account>),
}

fn find(read: &dyn Read, origin: &Origin, named: &str) -> Result<Option<Found>> {
    let status = |status: Status| Found::Status(Box::new(status));
    let account = |account: Account| Found::Account(Box::new(account));
    if let Ok(number) = named.parse::<u64>() {
        return Ok(match status::find(read, StatusId(number))? {
            Some(row) => Some(status(row)),
            None => account::find(read, AccountId(number))?.map(account),
        });
    }
    if let Some((name, domain)) = named.trim_start_matches('@').split_once('@').filter(|_| !named.contains('/')) {
        let domain = Some(domain).filter(|domain| !origin.is_own_domain(domain));
        return Ok(account::find_by_name(read, name, domain)?.map(account));
    }
    if let Some(row) = statuses::find_by_uri(read, origin, named)? {
        return Ok(Some(status(row)));
    }
    if let Some(path) = origin.path_of(named) {
        let name = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@")).unwrap_or_default();
        return Ok(account::find_by_name(read, name.trim_end_matches('/'), None)?.map(account));
    }
    if let Some(row) = account::find_by_uri(read, named)? {
        return Ok(Some(account(row)));
    }
    of_page(read, named)
}

/// A page of another server, `https://host/@name` or `https://host/@name/…`: a status of theirs says so itself. Pages that
/// do not name their author are looked for by a `PageWalk`.
fn of_page(read: &dyn Read, page: &str) -> Result<Option<Found>> {
    let (Some(host), Some((_, path))) = (peer::authority_of(page), page.split_once("/@")) else { return Ok(None) };
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let Some(author) = account::find_by_name(read, name, Some(&host))? else { return Ok(None) };
    if rest.is_empty() {
        return Ok(Some(Found::Account(Box::new(author))));
    }
    let most = limits::EXPLAIN_STATUSES;
    for ((_, id), _) in STATUSES_OF_ACCOUNT.list(read, &author.id, Bounds::NONE, Direction::Descending, most)? {
        if let Some(row) = status::find(read, id)?.filter(|row| row.url.as_deref() == Some(page)) {
            return Ok(Some(Found::Status(Box::new(row))));
        }
    }
    Ok(None)
}

pub(super) fn of_status(read: &dyn Read, origin: &Origin, status: &Status) -> Result<StatusExplained> {
    let came = cause::of(read, status.id)?;
    let words = match came {
        _ if status.local => "it was written here".to_owned(),
        Some(came) => in_words(read, origin, came.cause)?,
        None => "it came before reasons were written down".to_owned(),
    };
    let uri = origin.url(&status.uri);
    let deliveries = if status.local { deliveries(read, &uri)? } else { Vec::new() };
    Ok(StatusExplained {
        id: status.id.to_string(),
        uri,
        author: named(read, origin, status.account)?,
        came_at: came.map(|came| clock::iso(came.at)),
        cause: words,
        held: held(read, status)?,
        deliveries,
    })
}

/// Why it came, in words.
fn in_words(read: &dyn Read, origin: &Origin, cause: Cause) -> Result<String> {
    let who = |account| named(read, origin, account);
    let what = |id| -> Result<String> {
        Ok(status::find(read, id)?.map_or_else(|| "one that is gone".to_owned(), |row| origin.url(&row.uri)))
    };
    Ok(match cause {
        Cause::Followed => "somebody here follows its author".to_owned(),
        Cause::Mentions { account } => format!("it mentions {}", who(account)?),
        Cause::Answers { status } => format!("it answers {}", what(status)?),
        Cause::Quotes { status } => format!("it quotes {}", what(status)?),
        Cause::Shares { status } => format!("it shares {}", what(status)?),
        Cause::SharedBy { account } => {
            format!("fetched because {} shared it, whom somebody here follows", who(account)?)
        }
        Cause::Asked => "fetched because somebody here asked for its address".to_owned(),
        Cause::ThreadOf { status } => format!("fetched for the thread of {}", what(status)?),
        Cause::QuotedBy { status } => format!("fetched because it is quoted by {}", what(status)?),
        Cause::PinnedBy { account } => format!("fetched because {} shows it first", who(account)?),
        Cause::Relay { relay } => {
            let url = relay::find(read, relay)?.map_or_else(|| format!("{relay}, which was left,"), |row| row.url);
            format!("fetched because the relay {url} told of it")
        }
        Cause::Continues { status } => format!("it answers {}, whose author somebody here follows", what(status)?),
        Cause::ProfileOf { account } => format!("fetched for the profile of {}", who(account)?),
    })
}

fn held(read: &dyn Read, status: &Status) -> Result<String> {
    if status.local {
        return Ok("it was written here: it stays".to_owned());
    }
    let came = cause::of(read, status.id)?.map_or(status.created_at, |came| came.at);
    let days = days(read)?.unwrap_or(limits::RETENTION_DAYS);
    Ok(match retention::judge(read, status, Hour::of(came), &FollowedTags::read(read)?)?.verdict {
        Verdict::Keep => {
            "it stays: somebody here marked or shared it, takes part in its thread, is mentioned in it or is told of it"
                .to_owned()
        }
        Verdict::Followed(_) => {
            format!(
                "somebody here follows its author, who shared it or a hashtag of it: where room is short it goes last, else not before {days} days after it came, once nobody does any more"
            )
        }
        Verdict::Go => format!("nothing: where room is short it goes, else {days} days after it came"),
    })
}

/// What went out about the object called `uri` and is remembered.
pub(super) fn deliveries(read: &dyn Read, uri: &str) -> Result<Vec<Deliveries>> {
    let (about, most) = (Digest::of(uri), limits::EXPLAIN_ACTIVITIES);
    let mut found = Vec::new();
    for ((_, id), ()) in ACTIVITIES_OF_OBJECT.list(read, &about, Bounds::NONE, Direction::Ascending, most)? {
        let Some(activity) = ACTIVITIES.get(read, &id)? else { continue };
        let (mut inboxes, mut domains) = (0, BTreeSet::new());
        let owed = OWED_COUNT.get(read, &id)?.unwrap_or(0);
        let (most, mut left) = (limits::EXPLAIN_LISTS, limits::EXPLAIN_INBOXES);
        for (_, list) in ACTIVITY_INBOXES.list(read, &id, Bounds::NONE, Direction::Ascending, most)? {
            inboxes += list.0.len() as u64;
            if owed > 0 && domains.len() < limits::EXPLAIN_PEERS {
                let looked_at = &list.0[..list.0.len().min(left)];
                owing(read, id, looked_at, &mut domains)?;
                left -= looked_at.len();
            }
        }
        let handled = match PROGRESS.get(read, &id)? {
            Some(done) => (0..).take(done.0.len() * 8).filter(|at| delivery::bit(&done.0, *at)).count() as u64,
            None => inboxes,
        };
        let peers: Result<Vec<_>> = domains.iter().map(|domain| queue::of_peer(read, domain)).collect();
        let (lost, ended) = (undelivered::of(read, id)?, handled.saturating_sub(owed));
        let refusals: Result<Vec<_>> =
            lost.told.iter().take(limits::EXPLAIN_PEERS).map(|one| refusal(read, one)).collect();
        found.push(Deliveries {
            activity: activity.uri,
            made_at: clock::iso(activity.created_at),
            inboxes,
            ended,
            delivered: ended.saturating_sub(lost.count()),
            given_up: lost.count().min(ended),
            refusals: refusals?.into_iter().flatten().collect(),
            owed,
            underway: inboxes.saturating_sub(handled),
            peers: peers?.into_iter().flatten().collect(),
        });
    }
    Ok(found)
}

/// A delivery that was given up; none if its inbox is known no more.
fn refusal(read: &dyn Read, ended: &Undelivered) -> Result<Option<Refusal>> {
    Ok(INBOXES.get(read, &ended.inbox)?.map(|inbox| Refusal {
        domain: inbox.domain,
        at: clock::iso(ended.at),
        status: status_of(ended.reason),
        why: why_not(ended.reason),
    }))
}

/// What the server of an inbox that will not have something answered last, if it did.
pub(super) fn status_of(reason: Reason) -> Option<u16> {
    match reason {
        Reason::Refused(status) => Some(status),
        Reason::Exhausted(status) => status,
        Reason::Suspended
        | Reason::Address
        | Reason::NoKey
        | Reason::Displaced
        | Reason::Unreachable
        | Reason::Purged => None,
    }
}

/// Why an inbox will not have something, in words.
pub(super) fn why_not(reason: Reason) -> String {
    let tries = limits::DELIVERY_ATTEMPTS;
    match reason {
        Reason::Refused(status) => format!("it answered {status}"),
        Reason::Suspended => "its domain is suspended here".to_owned(),
        Reason::Address => "nothing may be sent to its address".to_owned(),
        Reason::NoKey => "its sender was suspended or gone by then".to_owned(),
        Reason::Exhausted(Some(status)) => {
            format!("after {tries} tries or more, to the last of which it answered {status}")
        }
        Reason::Exhausted(None) => format!("after {tries} tries or more, the last of which it did not answer"),
        Reason::Displaced => "it was owed too much: the oldest was dropped".to_owned(),
        Reason::Unreachable => "it was unreachable: nothing new was kept for it".to_owned(),
        Reason::Purged => "an operator dropped what it was owed".to_owned(),
    }
}

/// The peers among these inboxes that are owed the activity.
fn owing(read: &dyn Read, id: ActivityId, inboxes: &[peer::InboxId], domains: &mut BTreeSet<String>) -> Result<()> {
    for inbox in inboxes {
        let Some(row) = INBOXES.get(read, inbox)? else { continue };
        if OWED.contains(read, &(row.domain.clone(), id, *inbox))? {
            domains.insert(row.domain);
        }
        if domains.len() >= limits::EXPLAIN_PEERS {
            break;
        }
    }
    Ok(())
}

pub(super) fn of_account(read: &dyn Read, origin: &Origin, account: &Account) -> Result<AccountExplained> {
    let most = limits::COUNTED_MAX;
    let first = STATUSES_OF_ACCOUNT.list(read, &account.id, Bounds::NONE, Direction::Ascending, 1)?;
    let first = first.first().map(|((_, id), _)| cause::of(read, *id)).transpose()?.flatten();
    let mut standing = Vec::new();
    let decided = moderation::standing(read, account.id)?;
    standing.extend(decided.suspended_at.map(|at| format!("suspended since {}", clock::iso(at))));
    standing.extend(decided.silenced_at.map(|at| format!("silenced since {}", clock::iso(at))));
    if let Some(block) = moderation::block_of_account(read, account)? {
        let severity = format!("{:?}", block.severity).to_lowercase();
        standing.push(format!("its domain is blocked as {} ({severity})", block.domain));
    }
    let elsewhere = !account.is_local();
    let followers = FOLLOWER_ROWS.list(read, &account.id, Bounds::NONE, Direction::Ascending, most)?;
    let mut followed_by = Vec::new();
    // Of one elsewhere all that are known live here.
    for (_, follower) in followers.iter().filter(|_| elsewhere).take(limits::EXPLAIN_FOLLOWERS) {
        followed_by.push(named(read, origin, *follower)?);
    }
    Ok(AccountExplained {
        id: account.id.to_string(),
        uri: origin.url(&account.uri),
        handle: named(read, origin, account.id)?,
        known_since: clock::iso(account.id.time()),
        fetched_at: elsewhere.then(|| clock::iso(account.fetched_at)),
        followers: followers.len(),
        followed_by,
        following: FOLLOWING_ROWS.list(read, &account.id, Bounds::NONE, Direction::Ascending, most)?.len(),
        statuses: account::stats(read, account.id)?.statuses,
        first: first.map(|came| in_words(read, origin, came.cause)).transpose()?.filter(|_| elsewhere),
        standing,
    })
}

/// A handle for people to read.
fn named(read: &dyn Read, origin: &Origin, id: AccountId) -> Result<String> {
    Ok(match account::find(read, id)? {
        Some(account) => {
            let domain = account.domain.as_deref().unwrap_or_else(|| origin.handle_domain());
            format!("@{}@{domain}", account.username)
        }
        None => "an account that is gone".to_owned(),
    })
}

impl Deliveries {
    /// How far it has come, in one line.
    pub(super) fn in_short(&self) -> String {
        let Deliveries { inboxes, delivered, given_up, owed, underway, .. } = self;
        format!(
            "{inboxes} inboxes: {delivered} have it, {given_up} will not get it, {owed} are owed it, {underway} are to be tried"
        )
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Explained::Status(status) => status.fmt(f),
            Explained::Account(account) => account.fmt(f),
        }
    }
}

impl fmt::Display for StatusExplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "status {} by {}: {}", self.id, self.author, self.uri)?;
        match &self.came_at {
            Some(at) => writeln!(f, "  came   {at}: {}", self.cause)?,
            None => writeln!(f, "  came   {}", self.cause)?,
        }
        writeln!(f, "  held   {}", self.held)?;
        for sent in &self.deliveries {
            writeln!(f, "  sent   {} of {} to {}", sent.activity, sent.made_at, sent.in_short())?;
            for peer in &sent.peers {
                writeln!(f, "    owed to {}: {}", peer.domain, peer.in_short())?;
            }
            for Refusal { domain, at, why, .. } in &sent.refusals {
                writeln!(f, "    {domain} will not get it, given up at {at}: {why}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for AccountExplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "account {} {}: {}", self.id, self.handle, self.uri)?;
        write!(f, "  known since {}", self.known_since)?;
        if let Some(at) = &self.fetched_at {
            write!(f, ", last read {at}")?;
        }
        writeln!(f, "\n  followed by {}, follows {}, {} statuses here", self.followers, self.following, self.statuses)?;
        if !self.followed_by.is_empty() {
            let more = if self.followers > self.followed_by.len() { " and others" } else { "" };
            writeln!(f, "  followed here by {}{more}", self.followed_by.join(", "))?;
        }
        if let Some(first) = &self.first {
            writeln!(f, "  its oldest status here: {first}")?;
        }
        for line in &self.standing {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}
