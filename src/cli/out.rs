//! What commands print. Whoever reads it may leave early (`dassie store stats | head`), which is no failure.

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
