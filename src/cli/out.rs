//! What commands print. Whoever reads it may leave early (`dassie store stats | head`), which is no failure.

use crate::error::{Error, Result};
use serde::Serialize;
use std::{
    fmt::Display,
    io::{ErrorKind, Write, stdout},
};

/// Prints a line.
pub(super) fn say(line: impl Display) {
    match writeln!(stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => eprintln!("dassie: cannot print: {error}"),
    }
}

/// Prints what a program reads.
pub(super) fn say_json(what: &impl Serialize) -> Result<()> {
    say(serde_json::to_string_pretty(what).map_err(|error| Error::Bug(error.to_string()))?);
    Ok(())
}
