//! Rests of long work on the disk of the log: after each piece it leaves disk and processor to others for a while.

use crate::limits;
use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

/// Work that rests. One for each piece of long work; `pause` is called wherever it may wait.
pub(crate) struct Rests<'a> {
    /// When it last went to work.
    since: Cell<Instant>,
    beside: Option<Log<'a>>,
}

/// A log beside which it is done.
struct Log<'a> {
    /// Bytes appended so far, what they were when it was last looked at, and when they were last seen to have grown.
    appended: &'a AtomicU64,
    seen: Cell<u64>,
    grew: Cell<Option<Instant>>,
}

impl Log<'_> {
    fn is_written_to(&self) -> bool {
        let appended = self.appended.load(Ordering::Relaxed);
        if self.seen.replace(appended) != appended {
            self.grew.set(Some(Instant::now()));
        }
        self.grew.get().is_some_and(|at| at.elapsed() < limits::BACKGROUND_BUSY)
    }
}

impl<'a> Rests<'a> {
    /// Work begins now.
    pub(crate) fn begin() -> Rests<'a> {
        Rests { since: Cell::new(Instant::now()), beside: None }
    }

    /// The same beside a log, `appended` being its bytes so far: while it is written to, this rests longer.
    pub(crate) fn beside(appended: &'a AtomicU64) -> Rests<'a> {
        let seen = Cell::new(appended.load(Ordering::Relaxed));
        Rests { beside: Some(Log { appended, seen, grew: Cell::new(None) }), ..Rests::begin() }
    }

    /// Rests `limits::BACKGROUND_REST` times as long as was worked since the last rest, while the log is written to
    /// `limits::BACKGROUND_REST_BUSY` times, and at most `limits::BACKGROUND_REST_MAX`; not at all while the work is below
    /// `limits::BACKGROUND_WORK_MIN`.
    pub(crate) fn pause(&self) {
        let worked = self.since.get().elapsed();
        if worked < limits::BACKGROUND_WORK_MIN {
            return;
        }
        let is_busy = self.beside.as_ref().is_some_and(Log::is_written_to);
        let times = if is_busy { limits::BACKGROUND_REST_BUSY } else { limits::BACKGROUND_REST };
        thread::sleep(worked.saturating_mul(times).min(limits::BACKGROUND_REST_MAX));
        self.resume();
    }

    /// Goes to work again, after something that rested by itself.
    pub(crate) fn resume(&self) {
        self.since.set(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_written_to_for_a_while_after_it_grew() {
        let appended = AtomicU64::new(7);
        let log = Log { appended: &appended, seen: Cell::new(7), grew: Cell::new(None) };
        assert!(!log.is_written_to(), "it has not grown since");
        appended.store(9, Ordering::Relaxed);
        assert!(log.is_written_to());
        log.grew.set(Instant::now().checked_sub(limits::BACKGROUND_BUSY));
        assert!(!log.is_written_to(), "that was long ago");
    }
}
