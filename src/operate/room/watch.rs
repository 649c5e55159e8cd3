//! The watch over the budget that the server keeps: fed by the measuring task, asked by whoever must step aside.

use super::{
    copies::{Copies, CopiesWalk},
    judge::{Figures, Judge, RoomState},
    report::Room,
};
use crate::{limits, operate::disk::amount};
use std::sync::{Mutex, MutexGuard, PoisonError};
use storage::{Timestamp, latency::Growth, limits::ENGINE_SLACK_SHARE, usage::StoreUsage};
use tokio::sync::Notify;

/// Bytes on the disk by what they are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// `DATA/store`.
    pub store: StoreUsage,
    /// `DATA/search`.
    pub search: u64,
    /// `DATA/media`.
    pub media: u64,
    /// `DATA/cache`.
    pub cache: u64,
    /// `DATA/restore-check`: a backup that is seen restored, gone within minutes.
    pub scratch: u64,
}

impl Usage {
    /// All of it as it lies on the disk.
    #[must_use]
    pub fn on_disk(&self) -> u64 {
        self.lasting().saturating_add(self.scratch)
    }

    /// What of it stays. Nothing has to go for what goes by itself.
    #[must_use]
    pub fn lasting(&self) -> u64 {
        [self.search, self.media, self.cache].into_iter().fold(self.store.on_disk(), u64::saturating_add)
    }

    /// What the rows in the engine need, as far as that is known; of one that is never written anew all that it takes.
    fn engine_needs(&self) -> u64 {
        self.store.engine_new.unwrap_or(self.store.engine).min(self.store.engine)
    }

    /// Whether fewer rows make the engine's files smaller in the end: it is written anew, or it does so by itself.
    fn shrinks(&self) -> bool {
        self.store.never_anew || self.store.engine_new.is_some()
    }

    /// What is free inside the engine's files: filled before they grow, given back when they are written anew.
    #[must_use]
    pub fn free_inside(&self) -> u64 {
        self.store.engine - self.engine_needs()
    }

    /// What may be free inside the engine's files before they are written anew.
    fn slack(&self, budget: u64) -> u64 {
        (self.engine_needs() / 3).max(budget / ENGINE_SLACK_SHARE).min(self.free_inside())
    }

    /// What it will be once base snapshots and the engine have been written anew (removing rows shrinks them later), with
    /// what may be free inside the engine until then, the log as long as it becomes between two bases, and room for one
    /// more base while it is written, for the engine while it is, and for the search index while it merges its parts.
    #[must_use]
    pub fn settled(&self, budget: u64) -> u64 {
        let StoreUsage { engine, smaller, bases, bases_next, to_come, .. } = self.store;
        let needs = self.engine_needs();
        let beside = if self.store.never_anew { 0 } else { needs };
        [needs, self.slack(budget), beside, bases_next, bases_next / 2, to_come, self.search]
            .into_iter()
            .fold(self.lasting().saturating_sub(engine + smaller).saturating_sub(bases), u64::saturating_add)
    }

    /// What is in use at most without anything more coming in: with the log as long as it becomes between two bases, while
    /// the next file is written beside those there are (a base snapshot or the engine, whichever is larger, whether or not
    /// it is due) and the search index merges all its parts. As long as this stays inside the budget, no file that has to
    /// be written anew goes beyond it.
    #[must_use]
    pub fn peak(&self) -> u64 {
        let StoreUsage { beside, bases, bases_next, base_beside, to_come, .. } = self.store;
        let base = (bases_next + bases_next / 2).saturating_sub(bases).max(base_beside);
        [to_come, beside.max(base), self.search].into_iter().fold(self.lasting(), u64::saturating_add)
    }

    /// What is in use at most, now or without anything more coming in.
    fn most(&self) -> u64 {
        self.peak().max(self.on_disk())
    }

    /// The log, of 1000 parts of what it should take at most.
    fn log_per_mille(&self) -> u64 {
        let StoreUsage { log, log_most, .. } = self.store;
        if log_most == 0 { 0 } else { per_mille(log, log_most) }
    }
}

/// Watches the room.
#[derive(Debug)]
pub struct Watch {
    budget: u64,
    seen: Mutex<Seen>,
    /// Copies of pictures take more than they may.
    crowded: Notify,
}

#[derive(Debug, Default)]
struct Seen {
    judge: Judge,
    usage: Option<Usage>,
    /// (free, all) bytes of the disk.
    disk: Option<(u64, u64)>,
    growth: Option<Growth>,
    /// Bytes that are still to go until the next look.
    surplus: u64,
    /// The last pass of retention found nothing that may go.
    exhausted: bool,
    copies: Copies,
    /// When the last measurement began.
    measured_at: Option<Timestamp>,
    /// Up to which `StoreUsage::appended` others are taken from before the next look.
    taken_upto: u64,
    /// Bytes of backups on this disk, which are outside the budget.
    backups: Option<u64>,
    /// Files did not fit beside each other when the server started, and never have since: nothing that this process took
    /// made it so.
    inherited: bool,
}

impl Seen {
    /// What counts against the budget: everything, as it lies on the disk.
    fn used(&self) -> u64 {
        self.usage.unwrap_or_default().on_disk()
    }

    /// By how much copies of pictures grew since the last look.
    fn grown(&self) -> u64 {
        self.copies.bytes().saturating_sub(self.usage.unwrap_or_default().cache)
    }
}

impl Watch {
    /// Begins to watch a budget of so many bytes.
    #[must_use]
    pub fn new(budget: u64) -> Self {
        Watch { budget, seen: Mutex::default(), crowded: Notify::new() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The budget in bytes.
    #[must_use]
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// How much room there was at the last look.
    #[must_use]
    pub fn state(&self) -> RoomState {
        self.seen().judge.state()
    }

    /// So many of 1000 bytes of the budget.
    fn part(&self, per_mille: u64) -> u64 {
        let part = u128::from(self.budget) * u128::from(per_mille) / 1_000;
        u64::try_from(part).unwrap_or(u64::MAX)
    }

    /// Whether media of other servers may be fetched.
    #[must_use]
    pub fn remote_media(&self) -> bool {
        let seen = self.seen();
        seen.judge.state() < RoomState::Short && !seen.copies.is_refused()
    }

    /// Bytes that copies of other servers' pictures may take, however much room there is: the one place that decides it.
    #[must_use]
    pub fn copies_most(&self) -> u64 {
        limits::CACHE_BYTES.min(self.budget / limits::CACHE_BUDGET_SHARE)
    }

    /// The same until they are tidied.
    fn copies_loose(&self) -> u64 {
        let most = self.copies_most();
        most.saturating_add(most / limits::CACHE_SLACK_SHARE)
    }

    /// Whether there is room for one more copy of so many bytes, after `appended` bytes of transactions (`Store::appended`);
    /// it counts from now on, and [`Watch::note_copy`] says that it is written. However late the next look is, all of them
    /// together stay where pictures are still fetched, and take no room that files need while they are written anew.
    #[must_use]
    pub fn takes_copy(&self, bytes: u64, appended: u64) -> bool {
        let mut seen = self.seen();
        let fits = self.copy_fits(&seen, allocated(bytes), appended);
        if fits {
            seen.copies.begin(allocated(bytes));
        } else {
            seen.copies.refuse(allocated(bytes));
            self.crowded.notify_one();
        }
        fits
    }

    fn copy_fits(&self, seen: &Seen, bytes: u64, appended: u64) -> bool {
        if seen.judge.state() >= RoomState::Short || seen.copies.bytes().saturating_add(bytes) > self.copies_loose() {
            return false;
        }
        let Some(usage) = seen.usage else {
            let most = self.part(limits::ROOM_UNMEASURED_PER_MILLE);
            return seen.copies.since_start().saturating_add(bytes) <= most;
        };
        let most = usage.most().saturating_add(seen.grown()).saturating_add(bytes);
        let logged = appended.saturating_sub(usage.store.appended).saturating_mul(limits::ROOM_OF_A_LOGGED_BYTE);
        most < self.part(limits::ROOM_SHORT_PER_MILLE)
            && most.saturating_add(logged) < self.part(limits::ROOM_OUT_PER_MILLE)
    }

    /// A copy of so many bytes was written, or could not be.
    pub fn note_copy(&self, bytes: u64) {
        self.seen().copies.end(allocated(bytes));
    }

    /// A walk over all copies begins.
    pub fn begin_copies(&self) -> CopiesWalk {
        self.seen().copies.begin_walk()
    }

    /// It ended and found so many bytes.
    pub fn note_copies(&self, walk: &CopiesWalk, bytes: u64) {
        let mut seen = self.seen();
        seen.copies.end_walk(walk, bytes);
        let appended = seen.usage.unwrap_or_default().store.appended;
        if self.copy_fits(&seen, seen.copies.wanted(), appended) {
            seen.copies.satisfied();
        }
    }

    /// Bytes of all copies, those that were kept since they were last walked over included.
    #[must_use]
    pub fn copies(&self) -> u64 {
        self.seen().copies.bytes()
    }

    /// Bytes that copies may take now, with room for one that was refused: where room is short they go, also those that
    /// people look at; they can be fetched again.
    #[must_use]
    pub fn copies_may_take(&self) -> u64 {
        let seen = self.seen();
        let most = self.copies_most().min(self.copies_loose().saturating_sub(seen.copies.wanted()));
        match self.copies_beyond(&seen) {
            0 => most,
            beyond => most.min(seen.copies.bytes().saturating_sub(beyond)),
        }
    }

    /// Bytes of copies that have to go before pictures are fetched again. They go long before nothing is taken from other
    /// servers, so that no post waits for them either. A backup that is seen restored goes by itself.
    fn copies_beyond(&self, seen: &Seen) -> u64 {
        let Some(usage) = seen.usage else { return 0 };
        let most = usage.peak().saturating_add(seen.grown()).saturating_add(seen.copies.wanted());
        if most < self.part(limits::ROOM_SHORT_PER_MILLE) {
            return 0;
        }
        // A little below where that state is left.
        most.saturating_sub(self.part(limits::ROOM_SHORT_PER_MILLE - limits::ROOM_SLACK_PER_MILLE - 1))
    }

    /// Returns once copies take more than they may.
    pub async fn crowded(&self) {
        self.crowded.notified().await;
    }

    /// Whether copies that nobody looked at within a day go before their time.
    #[must_use]
    pub fn halves_copies(&self) -> bool {
        let seen = self.seen();
        let settled = seen.usage.map_or(0, |usage| usage.settled(self.budget));
        let much = settled > self.part(limits::ROOM_PRESSED_PER_MILLE);
        much || seen.judge.is_pressed() || seen.judge.state() >= RoomState::Short
    }

    /// Whether posts and profiles of other servers may be fetched that nobody here waits for.
    #[must_use]
    pub fn backfill(&self) -> bool {
        self.state() < RoomState::Short
    }

    /// Whether anything is taken from other servers, after `appended` bytes of transactions (`Store::appended`). However
    /// late the next look is, no more is taken until then than there was room for at the last one.
    #[must_use]
    pub fn takes_remote(&self, appended: u64) -> bool {
        let seen = self.seen();
        // What copies of pictures took since is no longer there.
        let appended = appended.saturating_add(seen.grown() / limits::ROOM_OF_A_LOGGED_BYTE);
        seen.judge.state() < RoomState::Out && (seen.usage.is_none() || appended <= seen.taken_upto)
    }

    /// Whether the oldest that nothing holds has to go before its time. Not before the files were measured once.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        self.seen().surplus > 0
    }

    /// So many statuses went: the next look tells how much that was, and until then no more than that goes.
    pub fn note_removed(&self, statuses: usize) {
        let bytes = (statuses as u64).saturating_mul(limits::ROOM_OF_A_STATUS);
        let mut seen = self.seen();
        seen.surplus = seen.surplus.saturating_sub(bytes);
    }

    /// A pass over all that may go ended, and so many statuses went or may go within hours.
    pub fn note_pass(&self, statuses: usize) {
        self.seen().exhausted = statuses == 0;
    }

    /// Bytes of the budget that may be written beside the files there are: what no file takes and the search index does not
    /// need for its merges; none before they were measured. No bound where it was like that when the server started, say
    /// because the budget was made smaller, and nothing may go any more that would make the files smaller: there is no
    /// other way back.
    #[must_use]
    pub fn spare(&self) -> u64 {
        let seen = self.seen();
        match seen.usage {
            None => 0,
            Some(_) if seen.inherited && seen.exhausted && seen.judge.is_pressed() => u64::MAX,
            Some(usage) => {
                let used = seen.used().saturating_add(seen.grown());
                self.budget.saturating_sub(used).saturating_sub(usage.search)
            }
        }
    }

    /// What counts against the budget and stays; `None` until the files were measured once.
    #[must_use]
    pub fn lasting(&self) -> Option<u64> {
        self.seen().usage.map(|usage| usage.lasting())
    }

    /// The last measurement.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.seen().usage
    }

    /// What counts against the budget; `None` until the files were measured once.
    #[must_use]
    pub fn used(&self) -> Option<u64> {
        let seen = self.seen();
        seen.usage.map(|_| seen.used())
    }

    /// When the last measurement began.
    #[must_use]
    pub fn measured_at(&self) -> Option<Timestamp> {
        self.seen().measured_at
    }

    /// Takes a measurement that began `now`; a change of state goes to the log.
    pub fn look(&self, usage: Usage, disk: Option<(u64, u64)>, now: Timestamp) {
        let mut seen = self.seen();
        let (first, peak) = (seen.usage.is_none(), usage.peak());
        seen.inherited = peak > self.budget && (first || seen.inherited);
        (seen.usage, seen.disk, seen.measured_at) = (Some(usage), disk, Some(now));
        // Copies of pictures make no post go: they go themselves.
        let copies = usage.cache.saturating_sub(limits::CACHE_DIRECTORY_BYTES);
        let settled = usage.settled(self.budget).saturating_sub(copies);
        let figures = Figures {
            used: per_mille(seen.used(), self.budget),
            // Where removing would not show, it would not end.
            settled: if usage.shrinks() { per_mille(settled, self.budget) } else { 0 },
            peak: per_mille(peak, self.budget),
            copies: per_mille(copies, self.budget),
            log: usage.log_per_mille(),
            disk: disk.map_or(0, |(free, total)| of_disk(free, total)),
            exhausted: seen.exhausted,
        };
        let changed = seen.judge.look(figures);
        let state = seen.judge.state();
        let surplus = settled.saturating_sub(self.part(limits::ROOM_GOAL_PER_MILLE));
        let beside = peak
            .saturating_sub(copies)
            .saturating_sub(self.part(limits::ROOM_OUT_PER_MILLE - limits::ROOM_SLACK_PER_MILLE));
        let left = self.part(limits::ROOM_OUT_PER_MILLE).saturating_sub(usage.most()) / limits::ROOM_OF_A_LOGGED_BYTE;
        seen.taken_upto = usage.store.appended.saturating_add(left);
        seen.surplus = if seen.judge.is_pressed() { surplus.max(beside) } else { 0 };
        seen.copies.try_again();
        if seen.copies.bytes() > self.copies_loose() || self.copies_beyond(&seen) > 0 {
            self.crowded.notify_one();
        }
        let used = seen.used();
        drop(seen);
        if !changed {
            return;
        }
        match self.report(now).1 {
            Some(problem) => tracing::warn!("{problem}"),
            None => tracing::info!(?state, used = %amount(used), "there is room again"),
        }
    }

    /// Notes what backups take that lie on the disk of the data directory; `None` if they do not.
    pub(super) fn note_backups(&self, bytes: Option<u64>) {
        self.seen().backups = bytes;
    }

    /// Bytes of backups on the disk of the data directory: no part of the budget, and nothing goes for them. `None` if
    /// they lie elsewhere, and before they were looked for.
    #[must_use]
    pub fn backups(&self) -> Option<u64> {
        self.seen().backups
    }

    /// Notes by how much the used bytes grew.
    pub(super) fn note_growth(&self, growth: Option<Growth>) {
        self.seen().growth = growth;
    }

    /// The section of the state, and what is wrong.
    #[must_use]
    pub fn report(&self, now: Timestamp) -> (Room, Option<String>) {
        let seen = self.seen();
        let usage = seen.usage.unwrap_or_default();
        let (used, state) = (seen.used(), seen.judge.state());
        let left = self.budget.saturating_sub(used);
        // Not because of what is in use, but for what files need while they are written anew.
        let waits = state == RoomState::Out
            && per_mille(used, self.budget) < limits::ROOM_SHORT_PER_MILLE
            && seen.judge.is_pressed();
        let room = Room {
            state,
            measured: seen.usage.is_some(),
            budget_bytes: self.budget,
            used_bytes: used,
            used_per_cent: per_mille(used, self.budget) / 10,
            engine_bytes: usage.store.engine.saturating_add(usage.store.smaller),
            engine_free_bytes: usage.free_inside(),
            engine_never_anew: usage.store.never_anew,
            log_bytes: usage.store.log,
            base_bytes: usage.store.bases,
            search_bytes: usage.search,
            media_bytes: usage.media,
            cache_bytes: usage.cache,
            scratch_bytes: usage.scratch,
            rest_bytes: usage.store.rest,
            backup_bytes: seen.backups,
            making_room: seen.judge.is_pressed(),
            awaited_bytes: if waits { usage.settled(self.budget).max(usage.peak()).saturating_sub(used) } else { 0 },
            growth_bytes_a_day: seen.growth.map(|growth| growth.bytes * 24 / growth.hours.max(1)),
            reached_on: seen.growth.and_then(|growth| crate::operate::disk::full_on(left, growth, now)),
        };
        let disk_worse = seen.disk.map_or(0, |(free, total)| of_disk(free, total)) > per_mille(used, self.budget);
        let disk = seen.disk.filter(|_| disk_worse);
        drop(seen);
        let problem = super::report::problem(&room, disk);
        (room, problem)
    }
}

/// What a file of so many bytes takes on the disk, about.
fn allocated(bytes: u64) -> u64 {
    bytes.div_ceil(limits::CACHE_FILE_STEP).saturating_mul(limits::CACHE_FILE_STEP)
}

fn per_mille(part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(part) * 1_000 / u128::from(whole.max(1))).unwrap_or(u64::MAX)
}

/// The disk's share in use; none where plenty is free, however large the disk.
fn of_disk(free: u64, total: u64) -> u64 {
    if free >= limits::ROOM_DISK_PLENTY_BYTES { 0 } else { per_mille(total.saturating_sub(free), total) }
}

/// By how much it grew from `then` to `now`, if that is long enough ago to say so.
pub(super) fn growth(then: (u32, u64), now: (u32, u64)) -> Option<Growth> {
    let hours = u64::from(now.0.saturating_sub(then.0));
    let growth = Growth { bytes: now.1.saturating_sub(then.1), hours };
    (hours >= limits::ROOM_GROWTH_HOURS_MIN).then_some(growth)
}
