//! Where log lines go: readable on a terminal, JSON otherwise.

use crate::error::{Error, Result};
use std::{
    io::IsTerminal,
    sync::atomic::{AtomicBool, Ordering},
};
use tracing_subscriber::EnvFilter;

/// Starts logging to stderr with `filter` (`info`, `dassie=debug`).
pub(super) fn start(filter: &str) -> Result<()> {
    let filter =
        EnvFilter::try_new(filter).map_err(|error| Error::invalid("log", format!("log is {filter:?}: {error}")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() {
        lines.with_target(false).try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
    started.map_err(|error| Error::Bug(format!("logging: {error}")))
}

/// The same for a command that opens a store by itself: what that finds damaged, and how far long work has come, is told
/// beside what the command prints. Where the lines go is settled once.
pub(super) fn start_beside(filter: &str) -> Result<()> {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if STARTED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    start(filter)
}
