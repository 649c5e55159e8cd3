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
    /// Of all of them those that are slow.
    slow_fetches: usize,
    /// Registered domain → requests that wait.
    waiting: HashMap<String, usize>,
    /// Of all of them those that have waited for long.
    slow_waiting: usize,
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
    let mut seat = outside.keys.seat(&host).ok_or(NoKey::Pending)?;
    let quick = Duration::from_millis(limits::KEY_LINGER_MS);
    if let Some(outcome) = wait(&mut outcome, quick).await {
        return outcome;
    }
    if !seat.linger() {
        return Err(NoKey::Pending);
    }
    let patience = Duration::from_millis(limits::KEY_WAIT_MS).saturating_sub(quick);
    wait(&mut outcome, patience).await.unwrap_or(Err(NoKey::Pending))
}

/// What becomes of a fetch, if it ends within `patience`.
async fn wait(outcome: &mut watch::Receiver<Option<Outcome>>, patience: Duration) -> Option<Outcome> {
    match tokio::time::timeout(patience, outcome.wait_for(Option::is_some)).await {
        Ok(Ok(outcome)) => outcome.clone(),
        // The server stops, or the fetch panicked.
        Ok(Err(_)) => Some(Err(NoKey::Failed)),
        Err(_) => None,
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
        let quick = state.fetches.len().saturating_sub(state.slow_fetches);
        if quick >= limits::KEY_FETCHES_AT_ONCE || of_host >= limits::KEY_FETCHES_PER_HOST {
            return None;
        }
        let (tell, outcome) = watch::channel(None);
        state.fetches.insert(key_id.to_owned(), outcome.clone());
        *state.fetching.entry(host.to_owned()).or_default() += 1;
        drop(state);
        let mut place = Place { of: self.clone(), key_id: key_id.to_owned(), host: host.to_owned(), slow: false };
        let of_task = server.clone();
        server.spawn("key fetch", async move {
            let key_id = place.key_id.clone();
            let fetch = async {
                match want {
                    Want::Any => actor::key(&of_task, &key_id).await,
                    Want::Anew => actor::refresh_key(&of_task, &key_id).await,
                }
            };
            tokio::pin!(fetch);
            let found = match tokio::time::timeout(Duration::from_millis(limits::KEY_LINGER_MS), &mut fetch).await {
                Ok(found) => found,
                Err(_) => {
                    place.linger();
                    fetch.await
                }
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
        let all = state.waiting.values().sum::<usize>().saturating_sub(state.slow_waiting);
        let of_host = state.waiting.get(host).copied().unwrap_or(0);
        if all >= limits::KEY_WAITING || of_host >= limits::KEY_WAITING_PER_HOST {
            return None;
        }
        *state.waiting.entry(host.to_owned()).or_default() += 1;
        Some(Seat { of: self.clone(), host: host.to_owned(), slow: false })
    }
}

/// A fetch under way; it ends with this, whatever happens.
struct Place {
    of: KeyFetches,
    key_id: String,
    host: String,
    slow: bool,
}

impl Place {
    /// It takes long: others may have its place, if not too many are slow already.
    fn linger(&mut self) {
        let mut state = self.of.lock();
        if !self.slow && state.slow_fetches < limits::KEY_FETCHES_SLOW {
            state.slow_fetches += 1;
            self.slow = true;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        state.fetches.remove(&self.key_id);
        state.slow_fetches -= usize::from(self.slow);
        leave(&mut state.fetching, &self.host);
    }
}

/// A request that waits.
struct Seat {
    of: KeyFetches,
    host: String,
    slow: bool,
}

impl Seat {
    /// It waits for long: others may have its seat; false if too many wait for long already.
    fn linger(&mut self) -> bool {
        let mut state = self.of.lock();
        let room = state.slow_waiting < limits::KEY_WAITING_SLOW;
        if room && !self.slow {
            state.slow_waiting += 1;
            self.slow = true;
        }
        room
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        state.slow_waiting -= usize::from(self.slow);
        leave(&mut state.waiting, &self.host);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(of: &KeyFetches, name: &str, count: usize) -> Vec<Seat> {
        (0..count).map(|number| of.seat(&format!("{name}{}.test", number / 8)).expect("a seat")).collect()
    }

    #[test]
    fn whoever_waits_for_long_leaves_the_seat_to_others_within_bounds() {
        let of = KeyFetches::default();
        let mut slow = seats(&of, "hangs", limits::KEY_WAITING);
        assert!(of.seat("other.test").is_none(), "all seats are taken");
        assert!(slow.iter_mut().all(Seat::linger));
        let mut next = seats(&of, "other", limits::KEY_WAITING);
        assert!(!next[0].linger(), "no more may be slow");
        drop(slow);
        assert!(next[0].linger());
        drop(next);
        let state = of.lock();
        assert!(state.waiting.is_empty() && state.slow_waiting == 0);
    }

    #[test]
    fn a_slow_fetch_leaves_its_place_to_others_within_bounds() {
        let of = KeyFetches::default();
        let place = |number: usize| {
            of.lock().fetching.insert(format!("{number}.test"), 1);
            Place { of: of.clone(), key_id: number.to_string(), host: format!("{number}.test"), slow: false }
        };
        let mut slow: Vec<Place> = (0..=limits::KEY_FETCHES_SLOW).map(place).collect();
        slow.iter_mut().for_each(Place::linger);
        slow.iter_mut().for_each(Place::linger);
        assert_eq!(of.lock().slow_fetches, limits::KEY_FETCHES_SLOW);
        assert!(!slow[limits::KEY_FETCHES_SLOW].slow, "it keeps the place it has");
        drop(slow);
        let state = of.lock();
        assert!(state.fetching.is_empty() && state.slow_fetches == 0);
    }
}
