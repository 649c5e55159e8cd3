//! The committer: makes groups durable, then visible, then tells and answers; one sync a group.
//!
//! While it syncs, the sequencer executes the next group. The next sync starts after this group is answered, so
//! that clients who wait for it join the next group instead of the one after (measured: twice the latency).

use super::{
    sequencer::{Job, panic_text},
    shared::{Shared, lock, wait, wait_for},
};
use crate::{
    error::{Error, Result},
    id::Lsn,
    latency::Who,
    limits,
    log::{Transaction, writer::Writer},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Instant,
};

/// What a transaction did: its number, its record's bytes, and the same in memory.
pub(super) type Done = (Lsn, Vec<u8>, Arc<Transaction>);

/// A rule that was executed and waits for durability.
pub(super) struct Executed {
    pub(super) job: Box<dyn Job>,
    /// What it did; `None` if it failed or did nothing. It is answered all the same only when everything it may
    /// have seen is durable.
    pub(super) record: Option<Done>,
}

impl Executed {
    pub(super) fn bytes(&self) -> usize {
        self.record.as_ref().map_or(0, |(_, bytes, _)| bytes.len())
    }
}

/// The body of the committer's thread.
pub(super) fn run(shared: &Shared, mut writer: Writer) {
    loop {
        let mut pending = lock(&shared.pending);
        let mut idle = false;
        while pending.executed.is_empty() && !pending.closing && !idle {
            if writer.protected() {
                pending = wait(&shared.pending_changed, pending);
            } else {
                let before = Instant::now();
                pending = wait_for(&shared.pending_changed, pending, shared.options.sizes.idle_header);
                idle = before.elapsed() >= shared.options.sizes.idle_header && pending.executed.is_empty();
            }
        }
        let group = std::mem::take(&mut pending.executed);
        pending.bytes = 0;
        let closing = pending.closing;
        drop(pending);
        shared.pending_changed.notify_all();
        if !group.is_empty() {
            commit(shared, &mut writer, group);
            continue;
        }
        if shared.read_only().is_none()
            && let Err(error) = protect(shared, &mut writer)
        {
            fail(shared, &error);
        }
        if closing {
            break;
        }
    }
    let mut unapplied = lock(&shared.unapplied);
    unapplied.closing = true;
    shared.unapplied_changed.notify_all();
    drop(unapplied);
    shared.progress();
}

fn commit(shared: &Shared, writer: &mut Writer, mut group: Vec<Executed>) {
    let mut records = Vec::with_capacity(group.len());
    let mut done = Vec::with_capacity(group.len());
    for executed in &mut group {
        if let Some((lsn, bytes, transaction)) = executed.record.take() {
            records.push((lsn, bytes));
            done.push((lsn, transaction));
        }
    }
    if shared.read_only().is_none() && !records.is_empty() {
        let timing = shared.meter.sync(Who::Log);
        let appended = writer.append(&records, (shared.options.environment.now)());
        drop(timing);
        match appended {
            Ok(()) => {
                publish(shared, &done, records.iter().map(|(_, bytes)| bytes.len()).sum());
            }
            Err(error) => fail(shared, &error),
        }
    }
    let refused = shared.read_only();
    for mut executed in group {
        if let Some(why) = &refused {
            executed.job.spoil(Error::ReadOnly(why.clone()));
        }
        guarded("an answer", || executed.job.answer());
    }
}

fn protect(shared: &Shared, writer: &mut Writer) -> Result<()> {
    let _timing = (!writer.protected()).then(|| shared.meter.sync(Who::Log));
    writer.protect()
}

/// Makes a durable group visible, hands it to the applier and tells the listeners.
fn publish(shared: &Shared, done: &[(Lsn, Arc<Transaction>)], bytes: usize) {
    let Some((last, _)) = done.last() else { return };
    shared.appended.fetch_add(bytes as u64, Ordering::AcqRel);
    shared.visible.store(last.0, Ordering::Release);
    let mut unapplied = lock(&shared.unapplied);
    let sleeping = unapplied.transactions.is_empty();
    unapplied.transactions.extend(done.iter().cloned());
    unapplied.bytes += bytes;
    unapplied.lag.note(*last, shared.options.vfs.elapsed());
    let enough =
        unapplied.bytes >= limits::APPLY_GATHER_BYTES || unapplied.transactions.len() >= limits::APPLY_TRANSACTIONS_MAX;
    drop(unapplied);
    // While it gathers it wakes by itself; being woken for each group would cost a processor switch a commit.
    if sleeping || enough {
        shared.unapplied_changed.notify_all();
    }
    let listeners = shared.listeners.read().unwrap_or_else(PoisonError::into_inner).clone();
    for (lsn, transaction) in done.iter().filter(|(_, transaction)| !transaction.events.is_empty()) {
        for listener in &listeners {
            guarded("a listener", || listener(*lsn, &transaction.events));
        }
    }
}

/// Nothing above what is durable will ever be: whether it survives is unknown until the next start.
fn fail(shared: &Shared, error: &Error) {
    let why = match error {
        Error::ReadOnly(why) => why.clone(),
        other => other.to_string(),
    };
    lock(&shared.read_only).get_or_insert(why);
    shared.overlay.drop_above(shared.visible());
    shared.progress();
}

pub(super) fn guarded(what: &str, run: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        tracing::error!(panic = panic_text(panic.as_ref()), "{what} panicked");
    }
}
