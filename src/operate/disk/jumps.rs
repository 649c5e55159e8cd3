//! Jumps of the clock: the time of day against a stopwatch between two looks.

use super::judge::Moment;
use crate::limits;
use storage::Timestamp;

/// The last look, and the last jump.
#[derive(Debug, Default)]
pub(super) struct Jumps {
    last: Option<Moment>,
    /// By how much, milliseconds (back: negative), and when it was seen on both clocks.
    jump: Option<(i64, Moment)>,
}

impl Jumps {
    /// Compares the clocks; answers by how many milliseconds the time of day jumped, if it did.
    pub(super) fn look(&mut self, moment: Moment) -> Option<i64> {
        let last = self.last.replace(moment)?;
        let passed = i64::try_from(moment.up.saturating_sub(last.up).as_millis()).unwrap_or(i64::MAX);
        let by_ms = moment.now.ms_since(last.now).saturating_sub(passed);
        if by_ms.saturating_abs() <= limits::CLOCK_JUMP_MS {
            return None;
        }
        self.jump = Some((by_ms, moment));
        Some(by_ms)
    }

    /// The jump of the last hour in words.
    pub(super) fn problem(&self, moment: Moment) -> Option<String> {
        let (by_ms, seen) = self.jump?;
        if moment.up.saturating_sub(seen.up) > limits::CLOCK_JUMP_TOLD {
            return None;
        }
        let way = if by_ms < 0 { "back" } else { "forward" };
        let when = super::words::moment(seen.now, Timestamp(moment.now.0));
        Some(format!(
            "the clock of this machine jumped {way} by {} s at {when}, or the machine slept; ids, signatures and the \
             order of posts rest on it: let NTP keep it",
            by_ms.unsigned_abs() / 1_000
        ))
    }
}
