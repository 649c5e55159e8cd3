//! Connections kept for the next request, few a peer, few at all, none for long.

use crate::limits;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The sending half of an HTTP/1.1 connection.
pub(super) type Connection = SendRequest<Full<Bytes>>;

#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<HashMap<String, Vec<Idle>>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Idle {
    fn is_usable(&self) -> bool {
        !self.connection.is_closed() && self.since.elapsed() < Duration::from_millis(limits::IDLE_TIMEOUT_MS)
    }
}

impl Pool {
    /// The connection to this origin that was used last, if it still lives.
    pub(super) fn take(&self, origin: &str) -> Option<Connection> {
        let mut idle = self.lock();
        let kept = idle.get_mut(origin)?;
        let found = loop {
            match kept.pop() {
                Some(one) if one.is_usable() => break Some(one.connection),
                Some(_) => {}
                None => break None,
            }
        };
        if kept.is_empty() {
            idle.remove(origin);
        }
        found
    }

    /// Keeps a connection whose answer was read to its end; closes it if there are enough.
    pub(super) fn put(&self, origin: &str, connection: Connection) {
        if connection.is_closed() {
            return;
        }
        let mut idle = self.lock();
        if idle.values().map(Vec::len).sum::<usize>() >= limits::IDLE_TOTAL_MAX {
            sweep(&mut idle);
            if idle.values().map(Vec::len).sum::<usize>() >= limits::IDLE_TOTAL_MAX {
                return;
            }
        }
        let kept = idle.entry(origin.to_owned()).or_default();
        if kept.len() < limits::IDLE_PER_PEER_MAX {
            kept.push(Idle { connection, since: Instant::now() });
        }
    }

    /// Drops what is closed or was idle too long.
    pub(super) fn sweep(&self) {
        sweep(&mut self.lock());
    }

    pub(super) fn len(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Idle>>> {
        // A panic elsewhere leaves at worst a connection too few.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sweep(idle: &mut HashMap<String, Vec<Idle>>) {
    idle.retain(|_, kept| {
        kept.retain(Idle::is_usable);
        !kept.is_empty()
    });
}
