//! sled looks for a row in circles, for ever, where damage made a leaf and the index disagree: it takes that for a
//! concurrent change and tries again. The one thing it does on the way round is to say so in a trace message; whoever
//! listens may end it.

use crate::limits;
use log::{LevelFilter, Log, Metadata, Record};
use std::cell::Cell;

thread_local! {
    /// Tries left for the call that this thread is in; `None` outside of one.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sled::tree"
    }

    fn log(&self, record: &Record<'_>) {
        // What it says when it tries again carries no values, unlike its other messages.
        if !self.enabled(record.metadata()) || record.args().as_str().is_none() {
            return;
        }
        match LEFT.get() {
            Some(0) => {
                LEFT.set(None);
                panic!("it looked {} times for one row: {}", limits::SLED_TRIES, record.args());
            }
            Some(left) => LEFT.set(Some(left - 1)),
            None => {}
        }
    }

    fn flush(&self) {}
}

/// Makes the bound effective in this process. Where the program has a logger of its own, it is not; then what is left
/// is the watch over opening.
pub(super) fn listen() {
    if log::set_logger(&Listener).is_ok() {
        log::set_max_level(LevelFilter::Trace);
    }
}

/// Runs one call of sled, which panics when it goes in circles.
pub(super) fn bounded<T>(run: impl FnOnce() -> T) -> T {
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            LEFT.set(None);
        }
    }
    let _end = End;
    LEFT.set(Some(limits::SLED_TRIES));
    run()
}
