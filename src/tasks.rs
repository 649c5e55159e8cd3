//! Tasks that run beside requests, and the word for all of them to stop; and panics that end only what they are in.

use crate::{limits, threads::panic_text};
use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// The tasks of a server.
pub(crate) struct Tasks {
    running: Mutex<JoinSet<()>>,
    stop: watch::Sender<bool>,
}

impl Default for Tasks {
    fn default() -> Self {
        Tasks { running: Mutex::default(), stop: watch::Sender::new(false) }
    }
}

impl Tasks {
    /// Starts a task that runs until it ends or all are to stop; a panic in it is logged.
    pub(crate) fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut stop = self.stop.subscribe();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while running.try_join_next().is_some() {}
        running.spawn(async move {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = logged(name, task) => {}
            }
        });
    }

    /// Starts a task that watches `stopping` itself.
    pub(crate) fn spawn_ending<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).spawn(logged(name, task));
    }

    /// Turns true when all are to stop.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Tells all to stop.
    pub(crate) fn begin_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until all have ended, at most `limits::TASK_STOP_SECONDS`.
    pub(crate) async fn ended(&self) {
        let mut tasks = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        let ended = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(limits::TASK_STOP_SECONDS), ended).await.is_err() {
            tracing::warn!(tasks = tasks.len(), "stopping although tasks are still running");
        }
    }
}

/// Runs a task; a panic in it goes to the log.
async fn logged(name: &'static str, task: impl Future<Output = ()>) {
    if let Err(panic) = guarded(task).await {
        tracing::error!(task = name, %panic, "a task panicked");
    }
}

/// Runs `future`; a panic in it is the error, as text.
pub(crate) fn guarded<F: Future>(future: F) -> Guarded<F> {
    Guarded(Box::pin(future))
}

/// See [`guarded`].
pub(crate) struct Guarded<F>(Pin<Box<F>>);

impl<F: Future> Future for Guarded<F> {
    type Output = Result<F::Output, String>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // A future that panicked is dropped, never polled again, so no broken state of it is ever seen.
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(panic_text(panic.as_ref()))),
        }
    }
}
