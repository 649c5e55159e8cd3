//! Rests of long work on the disk of the log: after each piece it leaves disk and processor to others for a while.

use crate::limits;
use std::{cell::Cell, thread, time::Instant};

/// Work that rests. One for each piece of long work; `pause` is called wherever it may wait.
pub(crate) struct Rests {
    /// When it last went to work.
    since: Cell<Instant>,
}

impl Rests {
    /// Work begins now.
    pub(crate) fn begin() -> Rests {
        Rests { since: Cell::new(Instant::now()) }
    }

    /// Rests `limits::BACKGROUND_REST` times as long as was worked since the last rest, at most
    /// `limits::BACKGROUND_REST_MAX`; not at all while that is below `limits::BACKGROUND_WORK_MIN`.
    pub(crate) fn pause(&self) {
        let worked = self.since.get().elapsed();
        if worked < limits::BACKGROUND_WORK_MIN {
            return;
        }
        thread::sleep(worked.saturating_mul(limits::BACKGROUND_REST).min(limits::BACKGROUND_REST_MAX));
        self.since.set(Instant::now());
    }
}
