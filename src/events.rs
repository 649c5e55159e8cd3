//! What just became durable, for whoever listens inside this process: streams, rings, planners.

use crate::limits;
use std::sync::Arc;
use storage::{Event, Lsn, job::JobClass};
use tokio::sync::{Notify, broadcast};

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
///
/// Those who do jobs are not listeners: each would be woken for every transaction, and look for work of its class whenever
/// there is some of another.
#[derive(Clone)]
pub struct Events {
    listeners: broadcast::Sender<Published>,
    /// By the number of a class.
    jobs: Arc<[Notify; JobClass::COUNT]>,
}

impl Default for Events {
    fn default() -> Self {
        Events {
            listeners: broadcast::Sender::new(limits::EVENTS_KEPT),
            jobs: Arc::new(std::array::from_fn(|_| Notify::new())),
        }
    }
}

impl Events {
    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Published> {
        self.listeners.subscribe()
    }

    /// Returns once a job of `class` was stored since the last return; for the one who does them.
    pub async fn job_waits(&self, class: JobClass) {
        if let Some(notify) = self.jobs.get(usize::from(class.number())) {
            notify.notified().await;
        }
    }

    /// Tells every listener; called on the store's thread, never blocks.
    pub fn publish(&self, lsn: Lsn, events: &[Event]) {
        for event in events {
            if let Event::JobWaits { class, .. } = event
                && let Some(notify) = self.jobs.get(usize::from(class.number()))
            {
                notify.notify_one();
            }
        }
        // Without listeners there is nobody to tell, which is no error.
        let _ = self.listeners.send(Published { lsn, events: events.into() });
    }
}
