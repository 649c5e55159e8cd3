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
    failed: HashMap<String, (Timestamp, Failed)>,
    turns: HashMap<String, Arc<Turn<()>>>,
}

#[derive(Clone)]
enum Failed {
    NotFound,
    Gone,
    Remote { host: String, why: String },
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails like the last time if that was less than `limits::FETCH_NEGATIVE_MS` ago.
    pub(super) fn refuse_failed(&self, uri: &str, now: Timestamp) -> Result<()> {
        let remembered = self.lock();
        match remembered.failed.get(uri) {
            Some((at, failed)) if now.ms_since(*at) < limits::FETCH_NEGATIVE_MS => Err(match failed.clone() {
                Failed::NotFound => Error::NotFound,
                Failed::Gone => Error::Gone,
                Failed::Remote { host, why } => Error::Remote { host, why },
            }),
            _ => Ok(()),
        }
    }

    /// Remembers a failure of the peer; our own are none.
    pub(super) fn remember_failure(&self, uri: &str, error: &Error, now: Timestamp) {
        let failed = match error {
            Error::NotFound => Failed::NotFound,
            Error::Gone => Failed::Gone,
            Error::Remote { host, why } => Failed::Remote { host: host.clone(), why: why.clone() },
            _ => return,
        };
        let mut remembered = self.lock();
        if remembered.failed.len() >= limits::FETCH_REMEMBERED_MAX {
            remembered.failed.retain(|_, (at, _)| now.ms_since(*at) < limits::FETCH_NEGATIVE_MS);
            if remembered.failed.len() >= limits::FETCH_REMEMBERED_MAX {
                remembered.failed.clear();
            }
        }
        remembered.failed.insert(uri.to_owned(), (now, failed));
    }

    /// Forgets that something failed: its server has just shown that it is there.
    pub fn forget_failure(&self, uri: &str) {
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
