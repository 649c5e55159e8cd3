//! The thread that keeps the index a view of the log.
//!
//! What changed is read from the *operations* of the log's transactions (rows of statuses and accounts), so nothing
//! depends on an event being emitted or heard; events only wake. Each round takes what the log has to tell, reads the
//! rows as they are now, and commits them together with the position it came to. A crash between the two commits, the
//! store's and the index's, is answered by the position: the same part of the log is read again, and writing a status
//! twice is writing it once. What stands beside a status and belongs to its document (who shared it, marked it, answered
//! it) is read from the operations of its tables in the same way. An index that is absent, damaged, of another format,
//! or behind the beginning of the log is made anew from the rows, in the same rounds.

use super::{
    Describe, Pace, Shared,
    changed::Changed,
    index::{Open, Position, failed, is_passing},
    lock,
};
use crate::{
    account::{self, LOCAL_ACCOUNTS},
    background,
    error::{Error, Result},
    id::{AccountId, Lsn, StatusId},
    latency::Purpose,
    limits,
    status::{self, REBLOGS, STATUSES},
    store::Store,
    table::{Bounds, Direction},
    vfs::{RealDisk, Vfs},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

pub(super) struct Follower {
    shared: Arc<Shared>,
    store: Store,
    describe: Arc<dyn Describe>,
    /// The disk of the index; how long its syncs take is kept among those of the store.
    disk: Arc<dyn Vfs>,
}

/// An index being followed.
struct Following {
    open: Open,
    /// What the last commit says.
    committed: Position,
    /// How far the log and the rows have been read; what was read and did not matter is committed with the next change.
    reached: Position,
    /// Accounts whose documents were too many to be written at once; until none is left `committed` stays behind.
    unfinished: BTreeSet<AccountId>,
    /// Statuses that were edited whose reblogs are still to be written, and below which of them: they are found by the
    /// same words. Like `unfinished` they keep `committed` behind.
    shared: BTreeMap<StatusId, Option<u64>>,
    /// The log was read to its end once: from then on hints say when there is more.
    caught_up: bool,
    /// Statuses looked at while it is made anew.
    looked_at: u64,
    /// While it is made anew since this process began to: statuses that changes put into it before their rows were looked
    /// at. Rows of others are in it nowhere yet, so nothing has to be sought that they replace. `None`: nobody knows.
    ahead: Option<BTreeSet<StatusId>>,
    /// When the last commit ended and how long it took.
    last: Option<(Instant, Duration)>,
    /// When progress was last told.
    told: Instant,
}

impl Following {
    /// Something that was read from the log waits until more rounds are made.
    fn has_unfinished(&self) -> bool {
        !self.unfinished.is_empty() || !self.shared.is_empty()
    }

    /// Up to where everything is in it: as long as documents wait that are written because of a change, a restart must
    /// read of it again.
    fn complete(&self) -> Lsn {
        if self.has_unfinished() { self.committed.lsn } else { self.reached.lsn }
    }

    /// Notes changed statuses whose rows are still to be looked at; those that were cannot meet a row again.
    fn note_ahead(&mut self, changed: &BTreeSet<StatusId>) {
        let Some((ahead, rows)) = self.ahead.as_mut().zip(self.reached.rows) else {
            self.ahead = None;
            return;
        };
        *ahead = ahead.split_off(&rows);
        ahead.extend(changed.range(rows..));
        if ahead.len() > limits::SEARCH_AHEAD {
            self.ahead = None;
        }
    }
}

/// Why the thread looks up.
enum Wake {
    Stop,
    Suspect,
    Anew,
    Work,
}

impl Follower {
    pub(super) fn new(shared: Arc<Shared>, store: Store, describe: Arc<dyn Describe>) -> Self {
        let disk = store.timed(Arc::new(RealDisk), Purpose::Search);
        Follower { shared, store, describe, disk }
    }

    /// Follows until it is stopped. An index that fails again and again is made anew; one that only cannot be written to
    /// because there is no room is asked as it is.
    pub(super) fn run(&self) {
        background::step_back(limits::BACKGROUND_STEPS);
        let mut failures = 0;
        loop {
            let anew = std::mem::take(&mut lock(&self.shared.hints).anew) || failures >= limits::SEARCH_FAILURES;
            let outcome = catch_unwind(AssertUnwindSafe(|| self.follow(anew, &mut failures)));
            let error = match outcome {
                Ok(Ok(())) => {
                    *lock(&self.shared.open) = None;
                    return;
                }
                Ok(Err(error)) => error,
                Err(_) => failed("a panic while following the log"),
            };
            let passes = self.store.is_full() || is_passing(&error);
            if !passes {
                *lock(&self.shared.open) = None;
            }
            if lock(&self.shared.hints).stop {
                return;
            }
            failures = match passes {
                true => failures,
                false if anew => 1,
                false => failures + 1,
            };
            tracing::warn!(%error, failures, "the search index does not work; it is tried again");
            lock(&self.shared.state).problem = Some(error.to_string());
            // What does not work holds up nobody: where the log goes on without it, it is made anew.
            if !passes {
                self.store.set_consumed(self.store.state().durable);
            }
            if self.rest(limits::SEARCH_RETRY).is_break() {
                return;
            }
        }
    }

    /// Waits; breaks when it is to stop.
    fn rest(&self, time: Duration) -> ControlFlow<()> {
        let until = Instant::now() + time;
        let mut hints = lock(&self.shared.hints);
        loop {
            let now = Instant::now();
            if hints.stop {
                return ControlFlow::Break(());
            }
            if now >= until {
                return ControlFlow::Continue(());
            }
            let waited = self.shared.hinted.wait_timeout(hints, until - now);
            hints = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Opens the index and follows the log until it is stopped; `failures` is 0 again once something was committed.
    fn follow(&self, anew: bool, failures: &mut u32) -> Result<()> {
        let mut following = self.open(anew)?;
        self.store.set_consumed(following.committed.lsn);
        *lock(&self.shared.open) = Some(following.open.clone());
        self.tell(&mut following);
        loop {
            match self.wait(&following) {
                Wake::Stop => break,
                Wake::Suspect => return Err(failed("a question failed")),
                Wake::Anew => return Err(failed("a check found damaged files in it; it is made anew")),
                Wake::Work => {}
            }
            // The last of the room is for what makes room; what is found meanwhile is held against the rows all the same.
            if self.store.is_full() {
                if self.rest(limits::SEARCH_RETRY).is_break() {
                    break;
                }
                continue;
            }
            let (begun, before) = (Instant::now(), following.looked_at);
            self.round(&mut following)?;
            *failures = 0;
            self.tell(&mut following);
            // Whoever reads and posts meanwhile has disk and processor to themselves until it is to go on.
            let made = u32::try_from(following.looked_at - before).unwrap_or(u32::MAX);
            let pace = limits::SEARCH_REBUILD_PACE.saturating_mul(made).saturating_sub(begun.elapsed());
            if following.reached.rows.is_some() && self.rest(pace).is_break() {
                break;
            }
        }
        if following.reached != following.committed && !following.has_unfinished() && !self.store.is_full() {
            following.open.begin()?.commit(following.reached, self.describe.format())?;
        }
        Ok(())
    }

    fn open(&self, anew: bool) -> Result<Following> {
        let dir = &self.shared.dir;
        let durable = self.store.state().durable;
        let found = if anew { None } else { self.open_existing()? };
        let (open, position, ahead) = match found.filter(|(_, position)| position.lsn <= durable) {
            Some((open, position)) => (open, position, None),
            None => {
                tracing::info!("the search index is made from the statuses");
                (
                    Open::make(dir, Arc::clone(&self.disk))?,
                    Position { lsn: durable, rows: Some(StatusId(0)) },
                    Some(BTreeSet::new()),
                )
            }
        };
        Ok(Following {
            open,
            committed: position,
            reached: position,
            unfinished: BTreeSet::new(),
            shared: BTreeMap::new(),
            caught_up: false,
            looked_at: 0,
            ahead,
            last: None,
            told: Instant::now(),
        })
    }

    /// The index as it is on disk, if it can be opened and the log still reaches back to it.
    fn open_existing(&self) -> Result<Option<(Open, Position)>> {
        let found = Open::existing(&self.shared.dir, Arc::clone(&self.disk), self.describe.format());
        let found = found.unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index cannot be opened");
            None
        });
        let Some((open, position)) = found else { return Ok(None) };
        if self.store.state().log_begin > next(position.lsn) {
            tracing::warn!(position = %position.lsn, "the log no longer reaches back to the search index");
            return Ok(None);
        }
        Ok(Some((open, position)))
    }

    /// Until there is something to do: at once while the index is made anew, else some time after the first change.
    fn wait(&self, following: &Following) -> Wake {
        let behind = !following.caught_up || following.reached.rows.is_some() || following.has_unfinished();
        let (begun, rest) = (Instant::now(), self.store.shared().options.sizes.search_rest);
        let mut hints = lock(&self.shared.hints);
        loop {
            if hints.stop {
                return Wake::Stop;
            }
            if std::mem::take(&mut hints.suspect) {
                return Wake::Suspect;
            }
            // Taken when it is made.
            if hints.anew {
                return Wake::Anew;
            }
            let now = Instant::now();
            if let Some(until) = spared(hints.pace, following.last, rest).filter(|until| *until > now) {
                let waited = self.shared.hinted.wait_timeout(hints, until - now);
                hints = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
                continue;
            }
            let due = |first| due(first, hints.first_edit, following.last, rest);
            let due = hints.first.map_or(begun + limits::SEARCH_IDLE, due);
            if behind || now >= due || hints.changes >= limits::SEARCH_BATCH {
                // What comes from here on is a new hint: its transaction may lie behind what this round reads.
                (hints.changes, hints.first, hints.first_edit) = (0, None, None);
                return Wake::Work;
            }
            let waited = self.shared.hinted.wait_timeout(hints, due - now);
            hints = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Reads what the log has to tell and, while the index is made anew, the next rows; writes and commits it. Goes on
    /// until the log was read to its end.
    fn round(&self, following: &mut Following) -> Result<()> {
        loop {
            let (changed, more) = self.read_log(following)?;
            let (beside, edited) = (self.beside(&changed)?, self.edited(&changed)?);
            let mut ids = changed.statuses;
            ids.extend(beside);
            self.add_reblogs(following, &edited, &mut ids)?;
            following.unfinished.extend(changed.accounts);
            self.add_outdated(following, &mut ids)?;
            let rows = self.rows(following)?;
            self.write(following, &ids, &rows)?;
            if !more {
                following.caught_up = true;
                return Ok(());
            }
            if lock(&self.shared.hints).stop {
                return Ok(());
            }
            self.tell(following);
        }
    }

    /// The next part of the log; whether there is more of it.
    fn read_log(&self, following: &mut Following) -> Result<(Changed, bool)> {
        let (mut changed, mut more, mut read) = (Changed::default(), false, 0);
        let reached = &mut following.reached.lsn;
        self.store.read_log(next(*reached), |lsn, transaction| {
            read += 1;
            if changed.is_full() || read > limits::SEARCH_TRANSACTIONS {
                more = true;
                return Ok(ControlFlow::Break(()));
            }
            changed.add(&transaction)?;
            *reached = lsn;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((changed, more))
    }

    /// Statuses whose reblogs say something else now: reblogs are found by what they share. A poll from elsewhere is
    /// replaced with each vote its server tells of; its reblogs are written again only where an earlier version was kept.
    fn edited(&self, changed: &Changed) -> Result<BTreeSet<StatusId>> {
        let mut ids = changed.edited.clone();
        let replaced: Vec<StatusId> = changed.replaced.difference(&changed.edited).copied().collect();
        for some in replaced.chunks(limits::SEARCH_READ_ROWS) {
            self.store.read(|view| {
                for id in some {
                    // Most are new, and shared by nobody.
                    if status::stats(view, *id)?.reblogs > 0
                        && status::find(view, *id)?.is_some_and(|status| status.poll.is_none())
                    {
                        ids.insert(*id);
                    }
                }
                Ok::<(), Error>(())
            })?;
        }
        Ok(ids)
    }

    /// Adds the reblogs of what was edited, the newest first; beyond a batch the next rounds go on.
    fn add_reblogs(
        &self,
        following: &mut Following,
        edited: &BTreeSet<StatusId>,
        ids: &mut BTreeSet<StatusId>,
    ) -> Result<()> {
        let mut waiting = std::mem::take(&mut following.shared);
        // One that was edited again begins again: those written before say less. A status has a bounded history.
        waiting.extend(edited.iter().map(|id| (*id, None)));
        let waiting: Vec<(StatusId, Option<u64>)> = waiting.into_iter().collect();
        let mut left = limits::SEARCH_BATCH;
        for some in waiting.chunks(limits::SEARCH_READ_ROWS) {
            self.store.read(|view| {
                for (id, below) in some {
                    let bounds = Bounds { below: *below, above: None };
                    let reblogs = REBLOGS.list(view, id, bounds, Direction::Descending, left)?;
                    if reblogs.len() == left {
                        let last = reblogs.last().map(|((_, reblog), _)| reblog.0);
                        following.shared.insert(*id, last.or(*below));
                    }
                    left -= reblogs.len();
                    ids.extend(reblogs.into_iter().map(|((_, reblog), _)| reblog));
                }
                Ok::<(), Error>(())
            })?;
        }
        Ok(())
    }

    /// Statuses of which the index says something else because of what changed beside their rows. What people of other
    /// servers favourite and answer does not matter: nobody of them searches here.
    fn beside(&self, changed: &Changed) -> Result<BTreeSet<StatusId>> {
        let mut ids = changed.beside.clone();
        let marked: Vec<(StatusId, AccountId)> = changed.marked.iter().copied().collect();
        for some in marked.chunks(limits::SEARCH_READ_ROWS) {
            self.store.read(|view| {
                for (status, account) in some {
                    if LOCAL_ACCOUNTS.contains(view, account)? {
                        ids.insert(*status);
                    }
                }
                Ok::<(), Error>(())
            })?;
        }
        let answered: Vec<(StatusId, StatusId)> = changed.answered.iter().copied().collect();
        for some in answered.chunks(limits::SEARCH_READ_ROWS) {
            self.store.read(|view| {
                for (parent, reply) in some {
                    if status::find(view, *reply)?.is_some_and(|reply| reply.local) {
                        ids.insert(*parent);
                    }
                }
                Ok::<(), Error>(())
            })?;
        }
        Ok(ids)
    }

    /// Documents of accounts that changed and now say something else of themselves. Everything written before is
    /// visible here, because each round ends with a commit.
    fn add_outdated(&self, following: &mut Following, ids: &mut BTreeSet<StatusId>) -> Result<()> {
        for account in std::mem::take(&mut following.unfinished) {
            let row = self.store.read(|view| account::find(view, account))?;
            let Some(row) = row else { continue };
            let most = limits::SEARCH_BATCH;
            let outdated = self.describe.outdated(&row);
            let found = following.open.search(&outdated, Bounds::NONE, Direction::Descending, most)?;
            if found.len() == most {
                following.unfinished.insert(account);
            }
            ids.extend(found);
        }
        Ok(())
    }

    /// The next statuses while the index is made anew.
    fn rows(&self, following: &mut Following) -> Result<Vec<StatusId>> {
        let (mut ids, mut left) = (Vec::new(), limits::SEARCH_ROWS);
        while let Some(after) = following.reached.rows
            && left > 0
        {
            if lock(&self.shared.hints).stop {
                break;
            }
            let step = limits::SEARCH_READ_ROWS.min(left);
            let bounds = Bounds { above: Some(after.0), below: None };
            let rows = self.store.read(|view| STATUSES.list(view, &(), bounds, Direction::Ascending, step))?;
            left -= step;
            following.looked_at += u64::try_from(rows.len()).unwrap_or(0);
            following.reached.rows = rows.last().map(|(id, _)| *id);
            ids.extend(rows.into_iter().map(|(id, _)| id));
        }
        Ok(ids)
    }

    /// Writes statuses that changed, and `rows` of the index being made anew, and commits them.
    fn write(&self, following: &mut Following, changed: &BTreeSet<StatusId>, rows: &[StatusId]) -> Result<()> {
        let rebuilt = following.reached.rows != following.committed.rows;
        let far = following.reached.lsn.0 - following.committed.lsn.0 >= limits::SEARCH_UNCOMMITTED;
        if changed.is_empty() && !rebuilt && !far {
            return Ok(());
        }
        // What is in `rows` as well is written once.
        let fresh: BTreeSet<StatusId> = match &following.ahead {
            Some(ahead) => rows.iter().copied().filter(|id| !ahead.contains(id)).collect(),
            None => BTreeSet::new(),
        };
        let ids: BTreeSet<StatusId> = changed.iter().chain(rows).copied().collect();
        let mut change = following.open.begin()?;
        let ids: Vec<StatusId> = ids.into_iter().collect();
        for some in ids.chunks(limits::SEARCH_DESCRIBED) {
            let documents = self.store.read(|view| {
                let describe = |id: &StatusId| match status::find(view, *id)? {
                    Some(status) => Ok((*id, self.describe.describe(view, &status)?)),
                    None => Ok((*id, None)),
                };
                some.iter().map(describe).collect::<Result<Vec<_>>>()
            })?;
            for (id, document) in documents {
                match document {
                    Some(document) if fresh.contains(&id) => change.add(document)?,
                    document => change.put(id, document)?,
                }
            }
        }
        let position = Position { lsn: following.complete(), rows: following.reached.rows };
        let begun = Instant::now();
        change.commit(position, self.describe.format())?;
        let now = Instant::now();
        following.committed = position;
        self.store.set_consumed(position.lsn);
        following.note_ahead(changed);
        following.last = Some((now, now - begun));
        Ok(())
    }

    /// Says how it is: to whoever asks for the state, and now and then to the log while the index is made anew.
    fn tell(&self, following: &mut Following) {
        let rebuilding = following.reached.rows.map(|_| following.looked_at);
        let documents = following.open.documents();
        let was_rebuilding = {
            let mut state = lock(&self.shared.state);
            let was = state.rebuilding.is_some();
            (state.documents, state.position, state.problem) = (documents, following.complete(), None);
            state.rebuilding = rebuilding;
            was
        };
        match rebuilding {
            Some(statuses) if following.told.elapsed() >= limits::SEARCH_TOLD => {
                following.told = Instant::now();
                tracing::info!(statuses, "the search index is being made");
            }
            None if was_rebuilding => tracing::info!(documents, "the search index is complete"),
            _ => {}
        }
    }
}

/// When changes are committed: soon after a quiet time; then no sooner than a rest that grows with what a commit
/// costs on this disk; what could be found and has changed never later than a bound.
fn due(
    first: Instant,
    first_edit: Option<Instant>,
    last: Option<(Instant, Duration)>,
    (least, most): (Duration, Duration),
) -> Instant {
    let soon = first + limits::SEARCH_GATHER;
    let rested = last.map_or(soon, |(ended, took)| {
        let rest = took.saturating_mul(limits::SEARCH_REST).clamp(least, most);
        soon.max(ended + rest)
    });
    first_edit.map_or(rested, |edit| rested.min(edit + limits::SEARCH_EDIT_MAX))
}

/// Until when nothing is committed, whatever waits for it: while the disk is in trouble each commit is as long ago as it may
/// be, also for edits. What is deleted is found no more all the same: whoever asks checks against the rows.
fn spared(pace: Pace, last: Option<(Instant, Duration)>, (_, most): (Duration, Duration)) -> Option<Instant> {
    let (ended, _) = last.filter(|_| pace == Pace::Sparing)?;
    Some(ended + most)
}

fn next(lsn: Lsn) -> Lsn {
    Lsn(lsn.0.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use std::path::PathBuf;

    #[test]
    fn commits_rest_but_never_hold_an_edit_back_for_long() {
        let now = Instant::now();
        let seconds = Duration::from_secs;
        let rest = (limits::SEARCH_REST_MIN, limits::SEARCH_REST_MAX);
        assert_eq!(due(now, None, None, rest), now + limits::SEARCH_GATHER, "after a quiet time at once");
        assert_eq!(due(now, None, Some((now, Duration::ZERO)), rest), now + limits::SEARCH_REST_MIN);
        assert_eq!(due(now, None, Some((now, seconds(60))), rest), now + limits::SEARCH_REST_MAX, "on a slow disk");
        let edited = due(now, Some(now), Some((now, seconds(60))), rest);
        assert_eq!(edited, now + limits::SEARCH_EDIT_MAX);
        assert!(limits::SEARCH_EDIT_MAX < seconds(10));
    }

    #[test]
    fn what_can_be_found_and_changes_waits_for_its_bound_from_when_that_is_heard_whatever_else_waits() {
        let (status, account) = (StatusId(1), AccountId(2));
        let hour = Duration::from_secs(60 * 60);
        for edit in [
            Event::StatusUpdated { status, account },
            Event::StatusDeleted { status, account },
            Event::AccountChanged { account },
        ] {
            let shared = Shared::new(PathBuf::new());
            let ended = Instant::now();
            let when = || {
                let hints = lock(&shared.hints);
                let first = hints.first.expect("something was heard");
                due(first, hints.first_edit, Some((ended, Duration::ZERO)), (hour, hour))
            };
            shared.hear(&[Event::StatusCreated { status, account }]);
            assert_eq!(when(), ended + hour, "what is new waits for the rest");
            let before = Instant::now();
            shared.hear(std::slice::from_ref(&edit));
            let edited = when();
            assert!(edited >= before + limits::SEARCH_EDIT_MAX, "{edit:?}");
            assert!(edited <= Instant::now() + limits::SEARCH_EDIT_MAX, "{edit:?}");
            shared.hear(std::slice::from_ref(&edit));
            assert_eq!(when(), edited, "another one does not put it off");
        }
    }

    #[test]
    fn on_a_disk_in_trouble_each_commit_is_as_late_as_it_may_be() {
        let now = Instant::now();
        let rest = (limits::SEARCH_REST_MIN, limits::SEARCH_REST_MAX);
        let last = Some((now, Duration::ZERO));
        assert_eq!(spared(Pace::Sparing, last, rest), Some(now + limits::SEARCH_REST_MAX));
        assert_eq!(spared(Pace::Usual, last, rest), None);
        assert_eq!(spared(Pace::Sparing, None, rest), None, "the first commit waits for nothing");
    }
}
