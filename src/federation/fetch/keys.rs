//! Keys asked of other servers because something was signed with them: each fetched once at a time, waited for a little,
//! within bounds of their own, so that a server that hangs holds up nobody else's requests (FEDERATION §4).

use super::{actor, schemes};
use crate::{
    error::{Error, Result},
    federation::address::RemoteUri,
    limits,
    registrable::registrable,
    server::Server,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use storage::account::ActorKey;
use tokio::sync::watch;

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKey {
    /// The fetch goes on, or cannot begin yet; who asks again later finds the key.
    Pending,
    /// Its server could not be asked.
    Failed,
    /// Its server says it is gone.
    Gone,
    /// What its server says is not a key of its actor, or it may not be asked.
    Refused,
}

impl NoKey {
    fn of(error: &Error) -> Self {
        match error {
            Error::NotFound | Error::Gone => NoKey::Gone,
            Error::Invalid { .. } | Error::Forbidden(_) | Error::Unauthorized => NoKey::Refused,
            _ => NoKey::Failed,
        }
    }
}

type Outcome = Result<ActorKey, NoKey>;

/// Fetches under way and who waits for them.
#[derive(Clone, Default)]
pub struct KeyFetches(Arc<Mutex<UnderWay>>);

#[derive(Default)]
struct UnderWay {
    /// Key id → what becomes of its fetch.
    fetches: HashMap<String, watch::Receiver<Option<Outcome>>>,
    /// Registered domain → fetches under way.
    fetching: HashMap<String, usize>,
    /// Registered domain → requests that wait.
    waiting: HashMap<String, usize>,
}

/// The key with this id, as stored or read from its server, waited for at most `limits::KEY_WAIT_MS`; the fetch itself
/// goes on beyond that.
///
/// # Errors
/// Why there is none; `Pending` at once where too many are fetched or waited for already.
pub async fn key(server: &Server, key_id: &str) -> Outcome {
    in_time(server, key_id, Want::Any).await
}

/// The same, read from its server although one is stored: it may have been changed.
///
/// # Errors
/// As `key`.
pub async fn key_anew(server: &Server, key_id: &str) -> Outcome {
    in_time(server, key_id, Want::Anew).await
}

/// Which key will do.
#[derive(Clone, Copy)]
enum Want {
    Any,
    Anew,
}

async fn in_time(server: &Server, key_id: &str, want: Want) -> Outcome {
    let outside = server.outside();
    if let Err(error) = outside.memory.refuse_failed(key_id, server.now()) {
        return Err(NoKey::of(&error));
    }
    // However its name is spelled, and whatever stands before it: the bounds are those of whoever registered it
    // (SECURITY A11, B5).
    let id = RemoteUri::parse(key_id, schemes(server)).map_err(|_| NoKey::Refused)?;
    let host = registrable(id.authority().as_str()).to_owned();
    let mut outcome = outside.keys.join(server, key_id, &host, want).ok_or(NoKey::Pending)?;
    let _seat = outside.keys.seat(&host).ok_or(NoKey::Pending)?;
    let patience = Duration::from_millis(limits::KEY_WAIT_MS);
    match tokio::time::timeout(patience, outcome.wait_for(Option::is_some)).await {
        Ok(Ok(outcome)) => outcome.clone().unwrap_or(Err(NoKey::Failed)),
        // The server stops, or the fetch panicked.
        Ok(Err(_)) => Err(NoKey::Failed),
        Err(_) => Err(NoKey::Pending),
    }
}

impl KeyFetches {
    fn lock(&self) -> MutexGuard<'_, UnderWay> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fetch of a key that is under way, or a new one; none if too many are.
    fn join(&self, server: &Server, key_id: &str, host: &str, want: Want) -> Option<watch::Receiver<Option<Outcome>>> {
        let mut state = self.lock();
        if let Some(running) = state.fetches.get(key_id) {
            return Some(running.clone());
        }
        let of_host = state.fetching.get(host).copied().unwrap_or(0);
        if state.fetches.len() >= limits::KEY_FETCHES_AT_ONCE || of_host >= limits::KEY_FETCHES_PER_HOST {
            return None;
        }
        let (tell, outcome) = watch::channel(None);
        state.fetches.insert(key_id.to_owned(), outcome.clone());
        *state.fetching.entry(host.to_owned()).or_default() += 1;
        drop(state);
        let place = Place { of: self.clone(), key_id: key_id.to_owned(), host: host.to_owned() };
        let of_task = server.clone();
        server.spawn("key fetch", async move {
            let found = match want {
                Want::Any => actor::key(&of_task, &place.key_id).await,
                Want::Anew => actor::refresh_key(&of_task, &place.key_id).await,
            };
            let found = found.map_err(|error| {
                tracing::info!(key = place.key_id, %error, "a key could not be had");
                NoKey::of(&error)
            });
            // Whoever comes from now on looks at what is stored or remembered.
            drop(place);
            tell.send_replace(Some(found));
        });
        Some(outcome)
    }

    /// A place among the requests that wait for keys of `host`; none if too many do.
    fn seat(&self, host: &str) -> Option<Seat> {
        let mut state = self.lock();
        let all: usize = state.waiting.values().sum();
        let of_host = state.waiting.get(host).copied().unwrap_or(0);
        if all >= limits::KEY_WAITING || of_host >= limits::KEY_WAITING_PER_HOST {
            return None;
        }
        *state.waiting.entry(host.to_owned()).or_default() += 1;
        Some(Seat { of: self.clone(), host: host.to_owned() })
    }
}

/// A fetch under way; it ends with this, whatever happens.
struct Place {
    of: KeyFetches,
    key_id: String,
    host: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        state.fetches.remove(&self.key_id);
        leave(&mut state.fetching, &self.host);
    }
}

/// A request that waits.
struct Seat {
    of: KeyFetches,
    host: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        leave(&mut self.of.lock().waiting, &self.host);
    }
}

fn leave(counts: &mut HashMap<String, usize>, host: &str) {
    if let Some(count) = counts.get_mut(host) {
        *count -= 1;
        if *count == 0 {
            counts.remove(host);
        }
    }
}
