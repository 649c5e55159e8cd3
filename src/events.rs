//! What just became durable, for whoever listens inside this process: streams, rings, planners.

use crate::limits;
use std::sync::Arc;
use storage::{Event, Lsn};
use tokio::sync::broadcast;

/// The events of one durable transaction.
#[derive(Debug, Clone)]
pub struct Published {
    /// Its position in the log.
    pub lsn: Lsn,
    /// What happened, in order.
    pub events: Arc<[Event]>,
}

/// The hub between the store and its listeners.
///
/// A listener that falls more than `limits::EVENTS_KEPT` transactions behind is told how many it missed
/// (`RecvError::Lagged`) and reads the rows instead: events only wake, they carry no truth.
#[derive(Clone)]
pub struct Events(broadcast::Sender<Published>);

impl Default for Events {
    fn default() -> Self {
        Events(broadcast::Sender::new(limits::EVENTS_KEPT))
    }
}

impl Events {
    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Published> {
        self.0.subscribe()
    }

    /// Tells every listener; called on the store's thread, never blocks.
    pub fn publish(&self, lsn: Lsn, events: &[Event]) {
        // Without listeners there is nobody to tell, which is no error.
        let _ = self.0.send(Published { lsn, events: events.into() });
    }
}
