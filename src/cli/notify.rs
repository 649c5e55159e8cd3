//! What the service manager is told: that the server is ready, alive, stopping (systemd, `sd_notify(3)`). Under no
//! manager nothing is told.

use crate::{limits, server::Server};
use sd_notify::NotifyState;
use std::time::Duration;

/// It starts; where the store's tables must be made anew that may take minutes.
pub(super) fn starting() {
    tell(&[NotifyState::Status("opening the store; if its tables must be made anew, the log says how far that is")]);
}

/// It answers requests from now on. Where a watchdog is set, it is told twice in its time that reads are answered; a
/// store that hangs is thereby started anew.
pub(super) fn ready(server: &Server) {
    tell(&[NotifyState::Ready, NotifyState::Status(server.origin().as_str())]);
    let Some(time) = sd_notify::watchdog_enabled() else { return };
    let (of_task, beat) = (server.clone(), time / 2);
    server.spawn("watchdog", async move {
        loop {
            let patience = beat.min(Duration::from_millis(limits::WATCHDOG_READ_MS));
            let read = of_task.read(|view| Ok(storage::instance::identity(view)?.is_some()));
            match tokio::time::timeout(patience, read).await {
                // A store that answers with an error says so in the state; only one that does not answer hangs.
                Ok(_) => tell(&[NotifyState::Watchdog]),
                Err(_) => tracing::error!("a read of the store hangs; the watchdog is not told"),
            }
            tokio::time::sleep(beat).await;
        }
    });
}

/// It stops.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
