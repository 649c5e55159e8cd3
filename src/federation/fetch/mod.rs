//! Lives here: reading other servers' documents: actors, keys, handles, statuses, whatever a person pastes.
//! May use: the one client, `trust`, `object`, core rooms' `accept` functions, the server, `places` (a job that waits here
//! leaves its own to others).
//! Must never name: api, pages, oauth, jobs.
//! Invariants: what is stored was authoritative; every chain of fetches carries a budget; a thing that failed is not
//! asked for again for `limits::FETCH_NEGATIVE_MS`, a key for as long as why it failed is likely to last; one thing is
//! fetched once at a time.

pub mod actor;
pub mod backlink;
pub mod block_list;
mod collection;
pub mod finger;
pub mod follows;
mod hosts;
pub mod intent;
pub mod keys;
mod knock;
pub mod link;
mod memory;
mod newcomers;
pub mod picture;
pub mod profile;
pub mod quote;
mod reader;
pub mod resolve;
pub mod stamp;
pub mod status;
pub mod thread;

pub use actor::account;
use hosts::Hosts;
pub use memory::Memory;
pub use newcomers::Newcomers;
pub use reader::reader;
pub use resolve::{Resolved, handle_anew, resolve_handle, resolve_named, resolve_uri, stored};

use super::{
    address::{Authority, RemoteUri, Schemes},
    client::{Admission, Answer, Doorkeeper},
    json, object,
    outward::actor::INSTANCE_PATH,
    shelf::Shelf,
    signature::{MAIN_KEY, PrivateKey, ReadKeys},
    trust::{ObtainedFrom, Trust, trust},
};
use crate::{
    error::{Error, Result},
    limits,
    places::{Full, aside},
    server::Server,
};
use http::StatusCode;
use serde_json::Value;
use std::{
    future::Future,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};
use storage::{AccountId, Digest, Timestamp, moderation::is_suspended, peer::authority_of};
use tokio::sync::{OwnedMutexGuard, Semaphore};

/// How many documents one cause may still fetch (SECURITY B5). Shared by everything that the cause sets off.
#[derive(Clone)]
pub struct Budget(Arc<Purse>);

struct Purse {
    documents: AtomicU32,
    actors: AtomicU32,
    pace: Pace,
    /// When all that was not asked for yet may be; 0: there is nothing.
    put_off: AtomicI64,
}

/// Whether somebody waits for what is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// A person or a peer does.
    Awaited,
    /// Nobody does: each host is asked by a few at a time, and not for more than it can bear.
    Background,
}

impl Budget {
    /// At most `documents`.
    #[must_use]
    pub fn new(documents: u32) -> Self {
        Self::with(documents, documents, Pace::Awaited)
    }

    fn with(documents: u32, actors: u32, pace: Pace) -> Self {
        let (documents, actors) = (AtomicU32::new(documents), AtomicU32::new(actors));
        Budget(Arc::new(Purse { documents, actors, pace, put_off: AtomicI64::new(0) }))
    }

    /// At most `documents` that nobody waits for.
    #[must_use]
    pub fn unhurried(documents: u32) -> Self {
        Self::with(documents, documents, Pace::Background)
    }

    /// For one cause that nobody waits for.
    #[must_use]
    pub fn of_unhurried_cause() -> Self {
        Self::unhurried(limits::FETCH_BUDGET)
    }

    /// For one thread or profile that somebody looks at.
    #[must_use]
    pub fn of_backfill() -> Self {
        Self::with(limits::BACKFILL_DOCUMENTS, limits::BACKFILL_ACTORS, Pace::Background)
    }

    /// For one request of a person or one activity of a peer.
    #[must_use]
    pub fn of_one_cause() -> Self {
        Self::new(limits::FETCH_BUDGET)
    }

    fn take(&self) -> Result<()> {
        take_one(&self.0.documents, "one cause may not fetch more documents")
    }

    fn take_actor(&self) -> Result<()> {
        take_one(&self.0.actors, "one cause may not fetch more actors")
    }

    /// Takes a further document of a host that is being asked.
    fn take_further(&self, server: &Server, host: &str) -> Result<()> {
        self.refuse_quiet(server, host)?;
        if self.0.pace == Pace::Background {
            self.noting(server.outside().hosts.spend(host, server.now()))?;
        }
        self.take()
    }

    fn is_spent(&self) -> bool {
        self.0.documents.load(Ordering::Relaxed) == 0
    }

    /// A place among the few that ask `uri`'s host in the background; held until the answer is there. Whoever is waited
    /// for needs none.
    ///
    /// # Errors
    /// `Busy` if too many wait for one, or it was asked for as much as it is asked for in the background.
    async fn place(&self, server: &Server, uri: &RemoteUri) -> Result<Option<OwnedMutexGuard<()>>> {
        if self.0.pace == Pace::Awaited {
            return Ok(None);
        }
        let host = uri.authority().as_str();
        let place = Digest::of(uri.as_str()).0[0] % limits::BACKFILLS_PER_HOST;
        let held = self.noting(turn_at(server, host, &format!("backfill {place} {host}")).await)?;
        self.noting(server.outside().hosts.spend(host, server.now()))?;
        Ok(Some(held))
    }

    /// Refuses to ask a host that wants to be left alone; what nobody waits for comes again when that is over.
    fn refuse_quiet(&self, server: &Server, host: &str) -> Result<()> {
        let (hosts, now) = (&server.outside().hosts, server.now());
        match self.0.pace {
            Pace::Awaited => hosts.refuse_quiet(host, now),
            Pace::Background => self.noting(hosts.put_off_quiet(host, now)),
        }
    }

    /// Notes until when something is not asked for.
    fn noting<T>(&self, outcome: Result<T>) -> Result<T> {
        if let Err(Error::Busy { until, .. }) = &outcome {
            self.0.put_off.fetch_max(until.0, Ordering::Relaxed);
        }
        outcome
    }

    /// The same of what a host did not give just now, if it said when to come again.
    fn note_quiet(&self, server: &Server, host: &str) {
        if let Some(until) = server.outside().hosts.quiet_until(host, server.now()) {
            self.0.put_off.fetch_max(until.0, Ordering::Relaxed);
        }
    }

    /// When everything may be asked for that a thread or profile has left out because its host was not to be asked; none if
    /// there is nothing. One that has asked for as much as a host bears would use that up again, and come no further.
    fn left_out_until(&self) -> Option<Timestamp> {
        let until = self.0.put_off.load(Ordering::Relaxed);
        let spent = limits::BACKFILL_DOCUMENTS.saturating_sub(self.0.documents.load(Ordering::Relaxed));
        (until > 0 && i64::from(spent) < limits::HOST_DOCUMENTS).then_some(Timestamp(until))
    }
}

fn take_one(left: &AtomicU32, why: &str) -> Result<()> {
    let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    taken.map(drop).map_err(|_| Error::remote("(budget)", why))
}

/// Waits until it is the turn called `name`, which is about `host`. A job leaves its place to others meanwhile.
///
/// # Errors
/// `Busy` for a job, if too many wait already.
async fn turn_at(server: &Server, host: &str, name: &str) -> Result<OwnedMutexGuard<()>> {
    let outside = server.outside();
    let turn = aside(outside.memory.turn(name).lock_owned()).await;
    turn.map_err(|Full| outside.hosts.put_off(host, server.now()))
}

/// The same of what `uri` names.
///
/// # Errors
/// As `turn_at`.
async fn turn_of(server: &Server, uri: &str) -> Result<OwnedMutexGuard<()>> {
    turn_at(server, &authority_of(uri).unwrap_or_default(), uri).await
}

/// A place among the few that look something up at `host` because somebody brought `what` (imports); held until that is
/// over. They have a measure of their own, so that what an import follows and is then read does not hold it up. It is waited
/// for in the job's own place: rows of one job wait side by side, and whoever has a turn must not wait for a place.
///
/// # Errors
/// `Busy` if its turn does not come within `limits::BROUGHT_TURN_MS`, or the host was looked up at for so often as it is
/// asked in the background.
pub async fn brought(server: &Server, host: &str, what: &str) -> Result<OwnedMutexGuard<()>> {
    let (outside, name) = (server.outside(), format!("brought {}", host.to_ascii_lowercase()));
    let place = Digest::of(what).0[0] % limits::BACKFILLS_PER_HOST;
    let turn = outside.memory.turn(&format!("{place} {name}")).lock_owned();
    let Ok(held) = tokio::time::timeout(Duration::from_millis(limits::BROUGHT_TURN_MS), turn).await else {
        return Err(outside.hosts.put_off(&name, server.now()));
    };
    outside.hosts.spend(&name, server.now())?;
    Ok(held)
}

/// Which schemes ids may have here.
#[must_use]
pub fn schemes(server: &Server) -> Schemes {
    if server.reach().is_lab() { Schemes::Lab } else { Schemes::Https }
}

/// Reads an id, refusing our own: nothing of ours is ever fetched.
///
/// # Errors
/// `Invalid` with the reason.
pub fn foreign(server: &Server, uri: &str) -> Result<RemoteUri> {
    let parsed = RemoteUri::parse(uri, schemes(server)).map_err(|why| Error::invalid("uri", why.0))?;
    if server.origin().is_own(uri) || server.origin().is_own_domain(parsed.authority().as_str()) {
        return Err(Error::NotFound);
    }
    Ok(parsed)
}

/// What suspended domains are told, and what stands where a document of theirs is asked for.
pub const SUSPENDED: &str = "This domain is suspended here";

/// Refuses to have to do with a suspended domain.
///
/// # Errors
/// `Forbidden` if `authority` or a domain above it is suspended here; storage errors.
pub async fn refuse_suspended(server: &Server, authority: &str) -> Result<()> {
    let authority = authority.to_owned();
    let suspended = server.read(move |view| Ok(is_suspended(view, &authority)?)).await?;
    if suspended { Err(Error::Forbidden(SUSPENDED)) } else { Ok(()) }
}

impl Doorkeeper for Server {
    fn admit<'a>(&'a self, authority: &'a Authority) -> Admission<'a> {
        Box::pin(refuse_suspended(self, authority.as_str()))
    }
}

/// The document with this id, from its own server, believed by `trust`.
///
/// # Errors
/// `Invalid` for an id that cannot be; `NotFound` and `Gone` as the origin answers; `Busy` if nobody waits for it and it may not
/// be asked for yet; `Remote` for everything else.
pub async fn document(server: &Server, uri: &str, budget: &Budget) -> Result<(RemoteUri, Value)> {
    document_for(server, uri, budget, None).await
}

/// The same. If its server does not give it to this one (401, 403, 404), it is asked for once more in the name of
/// `reader`, who lives here and may well read it; never of another server than that of `uri`. A failure is remembered
/// for each apart.
///
/// # Errors
/// As `document`.
pub async fn document_for(
    server: &Server,
    uri: &str,
    budget: &Budget,
    reader: Option<AccountId>,
) -> Result<(RemoteUri, Value)> {
    let named = foreign(server, uri)?;
    let mut wanted = named.clone();
    let memory = &server.outside().memory;
    let asked = reader.map_or_else(|| uri.to_owned(), |reader| format!("{uri} for {reader}"));
    // Before what failed: it would not be asked anyway.
    if budget.0.pace == Pace::Background {
        budget.refuse_quiet(server, wanted.authority().as_str())?;
    }
    memory.refuse_failed(&asked, server.now())?;
    let failed = |error: Error| {
        memory.remember_failure(&asked, &error, server.now());
        error
    };
    for _ in 0..2 {
        // What may not be asked for now has not failed.
        let place = admit(server, &wanted, budget).await?;
        let reader = reader.filter(|_| wanted.same_origin(&named));
        let answered = authoritative(server, &wanted, budget, reader).await;
        drop(place);
        let (believed, document) = answered.map_err(|error| {
            budget.note_quiet(server, wanted.authority().as_str());
            failed(error)
        })?;
        match believed {
            Trust::Authoritative(id) => return Ok((id, document)),
            Trust::Refetch(id) => wanted = id,
            Trust::Link(id) => {
                let why = format!("answered about {}", id.as_str());
                return Err(failed(Error::remote(wanted.authority().as_str(), why)));
            }
        }
    }
    Err(failed(Error::remote(wanted.authority().as_str(), "its id leads to another document again")))
}

/// What `wanted` answers, and what of it is believed.
async fn authoritative(
    server: &Server,
    wanted: &RemoteUri,
    budget: &Budget,
    reader: Option<AccountId>,
) -> Result<(Trust, Value)> {
    let (url, document) = ask(server, wanted, budget, reader).await?;
    let distrusted = |why: super::trust::Distrust| Error::remote(wanted.authority().as_str(), why.to_string());
    let believed = trust(&document, ObtainedFrom::Fetched(&url), schemes(server)).map_err(distrusted)?;
    Ok((believed, document))
}

/// One signed GET: an ActivityStreams document within bounds, not yet believed.
pub(super) async fn get(server: &Server, uri: &RemoteUri, budget: &Budget) -> Result<(url::Url, Value)> {
    let _place = admit(server, uri, budget).await?;
    let answered = ask(server, uri, budget, None).await;
    if answered.is_err() {
        budget.note_quiet(server, uri.authority().as_str());
    }
    answered
}

/// Lets `uri` be asked for, if its host may be asked and the budget allows it; the place is held until the answer is
/// there.
async fn admit(server: &Server, uri: &RemoteUri, budget: &Budget) -> Result<Option<OwnedMutexGuard<()>>> {
    let host = uri.authority().as_str();
    refuse_suspended(server, host).await?;
    budget.refuse_quiet(server, host)?;
    let place = budget.place(server, uri).await?;
    // Whoever was asked meanwhile may have said so.
    budget.refuse_quiet(server, host)?;
    budget.take()?;
    Ok(place)
}

async fn ask(
    server: &Server,
    uri: &RemoteUri,
    budget: &Budget,
    reader: Option<AccountId>,
) -> Result<(url::Url, Value)> {
    let host = || uri.authority().as_str().to_owned();
    let heed = |answer: &Answer| {
        server.outside().hosts.heed(uri.authority().as_str(), answer, server.now(), server.random());
    };
    let mut answer = knock::knock(server, uri).await?;
    heed(&answer);
    if let Some(reader) = reader.filter(|_| may_be_withheld(answer.status)) {
        budget.take_further(server, uri.authority().as_str())?;
        if let Some(given) = knock::knock_for(server, uri, reader).await? {
            heed(&given);
            answer = given;
        }
    }
    match answer.status {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Err(Error::NotFound),
        StatusCode::GONE => return Err(Error::Gone),
        status => return Err(Error::remote(host(), format!("answered {status} to a fetch"))),
    }
    let kind = answer.header("content-type").unwrap_or_default();
    if !object::is_activity_type(kind) {
        let shown: String = kind.chars().take(100).collect();
        return Err(Error::remote(host(), format!("answered {shown:?}, which is not ActivityStreams")));
    }
    let document = json::parse(&answer.body).map_err(|why| Error::remote(host(), why.to_string()))?;
    Ok((answer.final_url, document))
}

/// Whether what is answered so may be there for others.
fn may_be_withheld(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

/// Asks for something in the background, because somebody looks at it. What they look at is shown all the same if that
/// cannot be stored, or takes more than `limits::BACKFILL_ASKED_MS` on a disk that is about to stall.
async fn ask_aside<T>(asking: impl Future<Output = Result<T>>) -> Option<T> {
    match tokio::time::timeout(Duration::from_millis(limits::BACKFILL_ASKED_MS), asking).await {
        Ok(Ok(asked)) => Some(asked),
        Ok(Err(error)) => {
            tracing::warn!(%error, "what somebody looks at is not asked for in the background");
            None
        }
        Err(_) => {
            tracing::debug!("what somebody looks at is asked for, and not waited for");
            None
        }
    }
}

/// What fetching needs beside the client: the instance actor's key, and what it remembers.
pub struct Outside {
    key: RwLock<Arc<PrivateKey>>,
    key_id: String,
    memory: Memory,
    keys: keys::KeyFetches,
    hosts: Hosts,
    newcomers: Newcomers,
    read_keys: ReadKeys,
    shelf: Shelf,
    pictures: Semaphore,
}

impl Outside {
    /// Reads the instance actor's key as stored.
    ///
    /// # Errors
    /// `Bug` if it is no key.
    pub fn new(origin: &crate::origin::Origin, keys: &storage::account::SigningKeys) -> Result<Self> {
        Ok(Outside {
            key: RwLock::new(Arc::new(PrivateKey::from_pkcs8(&keys.rsa_private)?)),
            key_id: format!("{}{MAIN_KEY}", origin.url(INSTANCE_PATH)),
            memory: Memory::default(),
            keys: keys::KeyFetches::default(),
            hosts: Hosts::default(),
            newcomers: Newcomers::default(),
            read_keys: ReadKeys::default(),
            shelf: Shelf::default(),
            pictures: Semaphore::new(limits::REMOTE_PICTURES_AT_ONCE),
        })
    }

    /// Documents for everybody that were written lately.
    #[must_use]
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Signs with the instance actor's new key from now on.
    ///
    /// # Errors
    /// `Bug` if it is no key.
    pub fn renew_key(&self, keys: &storage::account::SigningKeys) -> Result<()> {
        let key = Arc::new(PrivateKey::from_pkcs8(&keys.rsa_private)?);
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(())
    }

    fn key(&self) -> Arc<PrivateKey> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Servers never heard of before that turned up lately.
    #[must_use]
    pub fn newcomers(&self) -> &Newcomers {
        &self.newcomers
    }

    /// Keys of others that were read lately.
    #[must_use]
    pub fn read_keys(&self) -> &ReadKeys {
        &self.read_keys
    }
}
