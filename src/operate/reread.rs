//! The task that reads again, by and by, what otherwise only `dassie check` reads: uploads, segments of the log that are
//! written to no more, base snapshots. What rots on the disk is so found while the backups still have it.

use crate::{backup, limits, server::Server};
use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};
use storage::{
    Error, Finding, Timestamp,
    check::{Again, Part, Piece, Progress},
};
use tokio::sync::watch;

/// What was found damaged, until a later look finds it whole or gone.
#[derive(Debug, Default)]
pub struct Rot(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// At most `limits::REREAD_FOUND_MAX`.
    wrong: BTreeMap<Piece, Finding>,
    /// These are to be looked at again before another part is due.
    soon: bool,
}

impl Rot {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has what was found damaged looked at again within `limits::REREAD_LOOK_MS`: something may have been done about it.
    pub fn look_soon(&self) {
        self.known().soon = true;
    }

    /// What is damaged and what helps, in the words of `dassie check`.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let known = self.known();
        let mut told: Vec<String> = known.wrong.values().take(limits::REREAD_TOLD).map(Finding::to_string).collect();
        let more = known.wrong.len() - told.len();
        if more > 0 {
            let or_more = if known.wrong.len() < limits::REREAD_FOUND_MAX { "" } else { ", or more" };
            told.push(format!("{more} other files are damaged{or_more}; `dassie check` names them all"));
        }
        told
    }

    /// Notes what a look at a file found; `None`: it is whole, or gone.
    fn note(&self, piece: Piece, finding: Option<Finding>) {
        let mut known = self.known();
        let Some(finding) = finding else {
            if known.wrong.remove(&piece).is_some() {
                tracing::info!(file = %piece, "what was found damaged is whole again, or gone");
            }
            return;
        };
        let is_new = !known.wrong.contains_key(&piece);
        if is_new {
            tracing::error!(%finding, "a file was read again and does not hold");
        }
        if !is_new || known.wrong.len() < limits::REREAD_FOUND_MAX {
            known.wrong.insert(piece, finding);
        }
    }

    fn pieces(&self) -> Vec<Piece> {
        self.known().wrong.keys().copied().collect()
    }
}

/// Starts it.
pub(super) fn start(server: &Server) {
    let of_task = server.clone();
    // Its thread ends behind a piece of a megabyte when the server stops.
    server.spawn_ending("rereading", async move {
        let (mut stopping, mut known) = (of_task.stopping(), None);
        loop {
            let next = of_task.now().plus_ms(limits::REREAD_LOOK_MS);
            tokio::select! {
                () = stopped(&mut stopping) => return,
                () = of_task.sleep_until(next) => {}
            }
            known = look(&of_task, known).await;
        }
    });
}

/// Until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The sender lives in the server that this task holds.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Reads what is due, unless the disk has enough to do; answers how far it has come, `None` where that is not known yet.
async fn look(server: &Server, known: Option<Progress>) -> Option<Progress> {
    let awaited = server.rot().known().soon;
    let is_wanted = awaited || known.as_ref().is_none_or(|progress| is_due(progress, server.now()));
    if !is_wanted || server.disk().is_in_trouble() {
        return known;
    }
    let (of_thread, before) = (server.clone(), known.clone());
    match backup::in_background("rereading", move || Ok(read_due(&of_thread, before))).await {
        Ok(progress) => Some(progress),
        Err(error) => {
            tracing::error!(%error, "files could not be read again; it goes on behind them");
            let mut progress = known.unwrap_or_else(|| begin(server.now()));
            pass(&mut progress, server.now());
            Some(progress)
        }
    }
}

/// Where it begins if nothing is known of an earlier time: with a part that is due.
fn begin(now: Timestamp) -> Progress {
    Progress { next: 0, since: now.plus_ms(-limits::REREAD_PART_MS), wrong: Vec::new() }
}

/// Whether the next part is due. What was read in the future is not believed to have been.
fn is_due(progress: &Progress, now: Timestamp) -> bool {
    let passed = now.ms_since(progress.since);
    !(-limits::CLOCK_AHEAD_MS..limits::REREAD_PART_MS).contains(&passed)
}

/// A part was read. What was missed is made up for, one round at most.
fn pass(progress: &mut Progress, now: Timestamp) {
    let round_ms = limits::REREAD_PART_MS * i64::from(limits::REREAD_PARTS);
    let (first, last) = (now.plus_ms(-round_ms), now.plus_ms(-limits::REREAD_PART_MS));
    progress.next = (progress.next + 1) % limits::REREAD_PARTS;
    progress.since = progress.since.clamp(first, last).plus_ms(limits::REREAD_PART_MS);
}

/// Looks again at what was wrong, and reads the parts that are due; on a thread of its own.
fn read_due(server: &Server, known: Option<Progress>) -> Progress {
    let (store, rot, stopping) = (server.store(), server.rot(), server.stopping());
    let goes_on = || !*stopping.borrow() && !server.disk().is_in_trouble();
    let spare = || backup::spare(server.config());
    let again = store.again(&server.config().data_dir, &spare, &goes_on);
    let is_first = known.is_none();
    let mut progress = known.unwrap_or_else(|| remembered(server));
    let looks = is_first || rot.known().soon || progress.next.is_multiple_of(limits::REREAD_DAY_PARTS);
    if looks && !look_at_wrong(server, &again, &mut progress) {
        return progress;
    }
    let mut parts = 0;
    while goes_on() && is_due(&progress, server.now()) {
        let part = Part { number: progress.next, of: limits::REREAD_PARTS };
        match again.part(part, &mut |piece, finding| rot.note(piece, finding)) {
            Ok(()) => {}
            Err(Error::Unavailable) => break,
            Err(error) => tracing::warn!(%error, part = part.number, "some files could not be read again"),
        }
        pass(&mut progress, server.now());
        parts += 1;
        if parts % limits::REREAD_DAY_PARTS == 0 {
            keep(server, &mut progress);
        }
    }
    keep(server, &mut progress);
    progress
}

/// Looks at what was wrong; answers whether it came to an end. What was not looked at stays to be.
fn look_at_wrong(server: &Server, again: &Again<'_>, progress: &mut Progress) -> bool {
    server.rot().known().soon = false;
    let mut broken_off = false;
    for piece in mem::take(&mut progress.wrong) {
        match again.look(piece) {
            Ok(finding) => server.rot().note(piece, finding),
            Err(error) => {
                if matches!(error, Error::Unavailable) {
                    broken_off = true;
                } else {
                    tracing::warn!(%error, file = %piece, "what was found damaged could not be looked at again");
                }
                progress.wrong.push(piece);
            }
        }
    }
    if broken_off {
        progress.wrong.extend(server.rot().pieces());
        server.rot().look_soon();
    }
    !broken_off
}

/// How far it had come when the server last ran.
fn remembered(server: &Server) -> Progress {
    let known = server.store().reread_so_far().unwrap_or_else(|error| {
        tracing::warn!(%error, "how far files were read again is not known; it begins anew");
        None
    });
    let known = known.unwrap_or_else(|| begin(server.now()));
    Progress { next: known.next % limits::REREAD_PARTS, ..known }
}

/// Writes down how far it has come, and what is wrong.
fn keep(server: &Server, progress: &mut Progress) {
    progress.wrong.extend(server.rot().pieces());
    progress.wrong.sort_unstable();
    progress.wrong.dedup();
    progress.wrong.truncate(limits::REREAD_FOUND_MAX);
    if let Err(error) = server.store().keep_reread(progress) {
        tracing::warn!(%error, "a restart would forget how far files were read again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::Lsn;

    const HOUR: i64 = limits::REREAD_PART_MS;

    #[test]
    fn a_part_is_due_each_hour_and_what_was_missed_is_made_up_for() {
        let mut progress = begin(Timestamp(0));
        assert!(is_due(&progress, Timestamp(0)), "the first one soon after the first start");
        pass(&mut progress, Timestamp(0));
        assert_eq!((progress.next, progress.since), (1, Timestamp(0)));
        assert!(!is_due(&progress, Timestamp(HOUR - 1)) && is_due(&progress, Timestamp(HOUR)));
        let read_at = |now: i64, mut progress: Progress| {
            let mut parts = 0;
            while is_due(&progress, Timestamp(now)) {
                pass(&mut progress, Timestamp(now));
                parts += 1;
            }
            (parts, progress)
        };
        let (parts, progress) = read_at(5 * HOUR, progress);
        assert_eq!((parts, progress.next), (5, 6));
        // After years away one round is enough.
        let (parts, progress) = read_at(100_000 * HOUR, progress);
        assert_eq!((parts, progress.next), (limits::REREAD_PARTS, 6));
        // The clock is set right after it stood far ahead.
        let (parts, progress) = read_at(10 * HOUR, progress);
        assert_eq!((parts, progress.next, progress.since), (1, 7, Timestamp(10 * HOUR)));
    }

    #[test]
    fn what_is_damaged_is_told_up_to_a_bound_until_it_is_whole() {
        let (rot, finding) = (Rot::default(), |why: &str| Some(Finding::new("log", why)));
        assert_eq!(rot.problems(), Vec::<String>::new());
        let most = u64::try_from(limits::REREAD_FOUND_MAX).expect("few");
        for number in 0..most + 3 {
            rot.note(Piece::Log(number), finding("rotten"));
        }
        let told = rot.problems();
        assert_eq!((told.len(), told[0].as_str()), (limits::REREAD_TOLD + 1, "log: rotten"));
        assert!(told[limits::REREAD_TOLD].starts_with("95 other files are damaged, or more; "), "{told:?}");
        for number in 1..most + 3 {
            rot.note(Piece::Log(number), None);
            rot.note(Piece::Base(Lsn(number)), None);
        }
        rot.note(Piece::Log(0), finding("more rotten"));
        assert_eq!(rot.problems(), ["log: more rotten"]);
        rot.note(Piece::Log(0), None);
        assert!(rot.problems().is_empty() && rot.pieces().is_empty());
    }
}
