//! Jumps of the clock: the time of day against a stopwatch between two looks; and how long ages are not to be trusted
//! after one.
//!
//! A clock that stands in the future for a minute would let everything go that goes by age. So what is removed for its
//! age rests for an hour after a jump forward of more than an hour, and after a start that finds the clock more than a
//! day beyond what the log knows: a machine that was off for a month looks the same, and loses nothing by waiting. A
//! restart meanwhile ends nothing: the log would only know the time that is doubted.

use super::{judge::Moment, words};
use crate::{clock::HOUR_MS, limits};
use std::time::Duration;
use storage::{Timestamp, retention::AgesRest};

/// The last look, the last jump, and what rests because of one.
#[derive(Debug, Default)]
pub(super) struct Jumps {
    last: Option<Moment>,
    /// By how much, milliseconds (back: negative), and when it was seen on both clocks.
    jump: Option<(i64, Moment)>,
    rest: Option<Rest>,
    /// Up to when the log reached at the start.
    known: Option<Timestamp>,
    /// What rested when the store was used last.
    before: Option<AgesRest>,
}

/// Why ages are not trusted, and until when on the stopwatch.
#[derive(Debug, Clone, Copy)]
struct Rest {
    ahead_ms: i64,
    why: Why,
    until: Duration,
    /// The same by the clock that is doubted.
    ends: Timestamp,
    /// The store knows of it.
    is_kept: bool,
}

#[derive(Debug, Clone, Copy)]
enum Why {
    /// The clock jumped forward while this ran.
    Jumped,
    /// It was that far ahead of the log at the start.
    Began,
    /// It was found so before the start.
    Before,
}

impl Jumps {
    /// What is known of before the start: up to when the log reached, and what rested.
    pub(super) fn remember(&mut self, known: Option<Timestamp>, before: Option<AgesRest>) {
        (self.known, self.before) = (known, before);
    }

    /// Compares the clocks; answers by how many milliseconds the time of day jumped, if it did.
    pub(super) fn look(&mut self, moment: Moment) -> Option<i64> {
        let Some(last) = self.last.replace(moment) else {
            self.begin(moment);
            return None;
        };
        let passed = i64::try_from(moment.up.saturating_sub(last.up).as_millis()).unwrap_or(i64::MAX);
        let by_ms = moment.now.ms_since(last.now).saturating_sub(passed);
        if by_ms.saturating_abs() <= limits::CLOCK_JUMP_MS {
            return None;
        }
        self.jump = Some((by_ms, moment));
        if by_ms > limits::CLOCK_AHEAD_MS {
            self.rest_from(moment, by_ms, Why::Jumped);
        }
        Some(by_ms)
    }

    fn begin(&mut self, moment: Moment) {
        let ahead_ms = self.known.map_or(0, |known| moment.now.ms_since(known));
        if ahead_ms > limits::CLOCK_BEGINS_AHEAD_MS {
            return self.rest_from(moment, ahead_ms, Why::Began);
        }
        let Some(AgesRest { until: ends, ahead_ms }) = self.before else { return };
        // Of a clock that was set right meanwhile the end lies far ahead.
        let left = u64::try_from(ends.ms_since(moment.now)).map_or(Duration::ZERO, Duration::from_millis);
        if !left.is_zero() && left <= limits::CLOCK_REST {
            let until = moment.up.saturating_add(left);
            self.rest = Some(Rest { ahead_ms, why: Why::Before, until, ends, is_kept: true });
        }
    }

    fn rest_from(&mut self, moment: Moment, ahead_ms: i64, why: Why) {
        let until = moment.up.saturating_add(limits::CLOCK_REST);
        let ends = moment.now.plus_ms(i64::try_from(limits::CLOCK_REST.as_millis()).unwrap_or(i64::MAX));
        self.rest = Some(Rest { ahead_ms, why, until, ends, is_kept: false });
    }

    /// What the store is to know, if it does not yet.
    pub(super) fn to_keep(&self, up: Duration) -> Option<AgesRest> {
        let rest = self.rest.filter(|rest| !rest.is_kept && up < rest.until)?;
        Some(AgesRest { until: rest.ends, ahead_ms: rest.ahead_ms })
    }

    /// The store knows of it now.
    pub(super) fn kept(&mut self, kept: AgesRest) {
        if let Some(rest) = self.rest.as_mut().filter(|rest| rest.ends == kept.until) {
            rest.is_kept = true;
        }
    }

    /// Whether nothing is to go for its age at present.
    pub(super) fn rests(&self, up: Duration) -> bool {
        self.rest.is_some_and(|rest| up < rest.until)
    }

    /// The jump of the last hour in words.
    pub(super) fn problem(&self, moment: Moment) -> Option<String> {
        let (by_ms, seen) = self.jump?;
        if moment.up.saturating_sub(seen.up) > limits::CLOCK_JUMP_TOLD {
            return None;
        }
        let when = words::moment(seen.now, moment.now);
        let by = by_ms.unsigned_abs() / 1_000;
        Some(if by_ms < 0 {
            let until = words::moment(seen.now.plus_ms(by_ms.saturating_neg()), moment.now);
            format!(
                "the clock of this machine jumped back by {by} s at {when}; ids, signatures and the order of posts rest on \
                 it: let NTP keep it. The time of the log never goes back: `restore --at` cannot tell apart the moments \
                 before {until}"
            )
        } else {
            format!(
                "the clock of this machine jumped forward by {by} s at {when}, or the machine slept; ids, signatures and \
                 the order of posts rest on it: let NTP keep it"
            )
        })
    }

    /// What rests, and why, in words.
    pub(super) fn note(&self, up: Duration) -> Option<String> {
        let rest = self.rest.filter(|rest| up < rest.until)?;
        let (ahead, minutes) = (long(rest.ahead_ms), (rest.until - up).as_secs().div_ceil(60));
        let why = match rest.why {
            Why::Jumped => format!("the clock jumped forward by {ahead}"),
            Why::Began => format!("at the start the clock stood {ahead} beyond the last entry of the log"),
            Why::Before => format!("before this start the clock was found {ahead} ahead"),
        };
        Some(format!(
            "nothing is removed for its age and no backup is begun for another {minutes} min, because {why}: if it is wrong, set it right before \
             then; if this machine was off for so long, all is well"
        ))
    }
}

/// `an hour`, `24 hours`, `365 days`.
fn long(ms: i64) -> String {
    match ms / HOUR_MS {
        1 => "an hour".to_owned(),
        hours if hours < 48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}
