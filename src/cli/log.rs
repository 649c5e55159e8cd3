//! Where log lines go: readable on a terminal, JSON otherwise.

use crate::error::{Error, Result};
use std::io::IsTerminal;
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
