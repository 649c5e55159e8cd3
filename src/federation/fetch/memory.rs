//! What fetching remembers for a while, in RAM: what failed, and what is being fetched now.

use crate::{
    error::{Error, Result},
    limits,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use storage::Timestamp;
use tokio::sync::Mutex as Turn;

/// Failures of the last minutes and turns of fetches under way. Bounded; lost at a restart.
#[derive(Default)]
pub struct Memory(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    /// What failed → until when that is believed, and how.
    failed: HashMap<String, (Timestamp, Failed)>,
    turns: HashMap<String, Arc<Turn<()>>>,
}

#[derive(Clone)]
enum Failed {
    NotFound,
    Gone,
    /// What was said is not what it should be.
    Refused,
    Remote {
        host: String,
        why: String,
    },
}

impl Failed {
    /// How a failure of the peer is remembered; our own are none.
    fn of(error: &Error) -> Option<Self> {
        match error {
            Error::NotFound => Some(Failed::NotFound),
            Error::Gone => Some(Failed::Gone),
            Error::Remote { host, why } => Some(Failed::Remote { host: host.clone(), why: why.clone() }),
            _ => None,
        }
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails like the last time while that is believed.
    pub(super) fn refuse_failed(&self, uri: &str, now: Timestamp) -> Result<()> {
        let remembered = self.lock();
        match remembered.failed.get(uri) {
            Some((until, failed)) if now < *until => Err(match failed.clone() {
                Failed::NotFound => Error::NotFound,
                Failed::Gone => Error::Gone,
                Failed::Refused => Error::Unauthorized,
                Failed::Remote { host, why } => Error::Remote { host, why },
            }),
            _ => Ok(()),
        }
    }

    /// Remembers a failure of the peer for `limits::FETCH_NEGATIVE_MS`; our own are none.
    pub(super) fn remember_failure(&self, uri: &str, error: &Error, now: Timestamp) {
        if let Some(failed) = Failed::of(error) {
            self.remember(uri, failed, now, limits::FETCH_NEGATIVE_MS);
        }
    }

    /// Remembers that a key could not be had: shortly if its server did not answer properly, which passes and whose
    /// senders come again; longer if it is gone, or not its actor's.
    pub(super) fn remember_no_key(&self, key_id: &str, error: &Error, now: Timestamp) {
        let failed = if matches!(error, Error::Unauthorized) { Some(Failed::Refused) } else { Failed::of(error) };
        let Some(failed) = failed else { return };
        let passes = matches!(failed, Failed::Remote { .. });
        self.remember(key_id, failed, now, if passes { limits::KEY_FAILED_MS } else { limits::KEY_REFUSED_MS });
    }

    fn remember(&self, uri: &str, failed: Failed, now: Timestamp, ms: i64) {
        let mut remembered = self.lock();
        if remembered.failed.len() >= limits::FETCH_REMEMBERED_MAX {
            remembered.failed.retain(|_, (until, _)| now < *until);
            if remembered.failed.len() >= limits::FETCH_REMEMBERED_MAX {
                remembered.failed.clear();
            }
        }
        remembered.failed.insert(uri.to_owned(), (now.plus_ms(ms), failed));
    }

    /// Forgets that something failed: somebody says that it is there again.
    pub(super) fn forget_failure(&self, uri: &str) {
        self.lock().failed.remove(uri);
    }

    /// The turn of fetching `uri`: whoever holds its lock fetches, the others find the row afterwards.
    pub(super) fn turn(&self, uri: &str) -> Arc<Turn<()>> {
        let mut remembered = self.lock();
        if remembered.turns.len() >= limits::FETCHES_UNDER_WAY_MAX {
            remembered.turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        remembered.turns.entry(uri.to_owned()).or_default().clone()
    }
}
