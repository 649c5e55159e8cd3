//! One listener's line: frames wait in a bounded queue, and whoever lets it run over is cut off.

use crate::{
    http::{Viewer, auth::Scopes},
    limits,
};
use bytes::Bytes;
use std::sync::atomic::{AtomicBool, Ordering};
use storage::{AccountId, SecretHash};
use tokio::sync::{Notify, mpsc};

/// How frames are written on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// A JSON text message.
    WebSocket,
    /// `event:` and `data:` lines.
    Sse,
}

/// Where frames for one listener go.
pub(super) struct Line {
    pub(super) account: AccountId,
    pub(super) token: SecretHash,
    pub(super) wire: Wire,
    /// Notifications may be told to it.
    pub(super) notifications: bool,
    queue: mpsc::Sender<Bytes>,
    overran: AtomicBool,
    ended: AtomicBool,
    told: Notify,
}

impl Line {
    pub(super) fn new(viewer: &Viewer, token: SecretHash, wire: Wire) -> (Line, mpsc::Receiver<Bytes>) {
        let (queue, frames) = mpsc::channel(limits::STREAM_QUEUE);
        let line = Line {
            account: viewer.account,
            token,
            wire,
            notifications: Scopes::allow(&viewer.scopes, "read:notifications"),
            queue,
            overran: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            told: Notify::new(),
        };
        (line, frames)
    }

    /// Queues a frame; never waits.
    pub(super) fn send(&self, frame: Bytes) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(frame) {
            self.overran.store(true, Ordering::Relaxed);
            self.cut();
        }
    }

    /// Ends the line.
    pub(super) fn cut(&self) {
        self.ended.store(true, Ordering::Release);
        self.told.notify_one();
    }

    /// Returns once the line is cut.
    pub(super) async fn ended(&self) {
        while !self.ended.load(Ordering::Acquire) {
            self.told.notified().await;
        }
    }

    pub(super) fn overran(&self) -> bool {
        self.overran.load(Ordering::Relaxed)
    }
}
