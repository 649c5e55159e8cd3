//! The sequencer: executes rules one after another against the engine and the overlay.
//!
//! It never waits for the disk's sync; the committer takes what is executed as one group when it is free.

use super::{
    committer::{Done, Executed, guarded},
    overlay::Window,
    shared::{Inside, Shared, lock, wait, wait_for},
    tx::{Ids, Tx},
};
use crate::{
    error::{Error, Result},
    limits,
};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// A rule with its answer, whatever types they have.
pub(super) trait Job: Send {
    /// Executes the rule; `false`: it failed and must leave no trace.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Replaces the outcome by an error.
    fn spoil(&mut self, error: Error);
    /// Hands the outcome over.
    fn answer(self: Box<Self>);
}

struct Task<T, E, F, A> {
    rule: F,
    answer: A,
    outcome: Option<Result<T, E>>,
}

/// A job of a rule and its answer.
pub(super) fn job<T, E, F, A>(rule: F, answer: A) -> Box<dyn Job>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
{
    Box::new(Task { rule, answer, outcome: None })
}

impl<T, E, F, A> Job for Task<T, E, F, A>
where
    T: Send,
    E: From<Error> + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.rule)(tx)))
            .unwrap_or_else(|panic| Err(E::from(Error::Panic(panic_text(panic.as_ref())))));
        let fine = outcome.is_ok();
        self.outcome = Some(outcome);
        fine
    }

    fn spoil(&mut self, error: Error) {
        self.outcome = Some(Err(E::from(error)));
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(E::from(Error::ReadOnly("the store was closed".into()))));
        (self.answer)(outcome);
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a word".to_owned())
}

/// The body of the sequencer's thread.
pub(super) fn run(shared: &Shared, mut ids: Ids) {
    while let Some(burst) = take(shared) {
        wait_for_room(shared);
        shared.look_at_space();
        let mut executed: Vec<Executed> = Vec::with_capacity(burst.len());
        for job in burst {
            executed.push(execute(shared, &mut ids, job));
            // A burst of large transactions must not wait for its end.
            if executed.iter().map(Executed::bytes).sum::<usize>() > limits::GROUP_BYTES_MAX / 2 {
                hand_over(shared, std::mem::take(&mut executed));
            }
        }
        hand_over(shared, executed);
    }
    let mut pending = lock(&shared.pending);
    pending.closing = true;
    shared.pending_changed.notify_all();
}

fn take(shared: &Shared) -> Option<Vec<Box<dyn Job>>> {
    let mut queue = lock(&shared.queue);
    loop {
        if !queue.jobs.is_empty() {
            let count = queue.jobs.len().min(limits::BURST_MAX);
            return Some(queue.jobs.drain(..count).collect());
        }
        if queue.closing {
            return None;
        }
        queue = wait(&shared.queue_changed, queue);
    }
}

/// Backpressure: the engine is behind, so nothing new is executed; the queue fills and answers `Overloaded`.
fn wait_for_room(shared: &Shared) {
    let mut guard = lock(&shared.progress);
    while shared.overlay.bytes() > shared.options.sizes.overlay && shared.read_only().is_none() {
        if lock(&shared.queue).closing {
            return;
        }
        guard = wait_for(&shared.progressed, guard, Duration::from_millis(100));
    }
}

fn hand_over(shared: &Shared, executed: Vec<Executed>) {
    if executed.is_empty() {
        return;
    }
    let mut pending = lock(&shared.pending);
    while pending.bytes > limits::GROUP_BYTES_MAX && !pending.closing {
        pending = wait(&shared.pending_changed, pending);
    }
    if pending.closing {
        drop(pending);
        return refuse(shared, executed);
    }
    pending.bytes += executed.iter().map(Executed::bytes).sum::<usize>();
    pending.executed.extend(executed);
    shared.pending_changed.notify_all();
}

/// A thread of the store panicked, and nobody takes any more: whoever waits is told, and not left waiting for ever.
fn refuse(shared: &Shared, executed: Vec<Executed>) {
    let why = shared.read_only().unwrap_or_else(|| "the store was closed".into());
    for mut executed in executed {
        executed.job.spoil(Error::ReadOnly(why.clone()));
        guarded("an answer", || executed.job.answer());
    }
}

fn execute(shared: &Shared, ids: &mut Ids, mut job: Box<dyn Job>) -> Executed {
    if let Some(why) = shared.read_only() {
        job.spoil(Error::ReadOnly(why));
        return Executed { job, record: None };
    }
    match run_rule(shared, ids, &mut job) {
        Ok(record) => Executed { job, record },
        Err(error) => {
            job.spoil(error);
            Executed { job, record: None }
        }
    }
}

fn run_rule(shared: &Shared, ids: &mut Ids, job: &mut Box<dyn Job>) -> Result<Option<Done>> {
    let engine = shared.engine_soon()?;
    let inside = Inside::enter()?;
    let pin = shared.overlay.pin();
    let snapshot = engine.reader().inspect_err(|error| shared.suspect(error))?;
    let window = Window { above: snapshot.applied(), upto: shared.executed() };
    let environment = &shared.options.environment;
    let mut tx = Tx {
        shared,
        overlay: &shared.overlay,
        snapshot,
        window,
        environment,
        now: (environment.now)(),
        ids,
        mark: None,
        own: super::merge::Own::new(),
        bytes: 0,
        events: Vec::new(),
        broken: None,
        when_full: false,
    };
    if !job.run(&mut tx) {
        return Ok(None);
    }
    if let Some(error) = tx.broken.take() {
        return Err(error);
    }
    if shared.full.load(Ordering::Acquire) && !tx.fits_a_full_disk()? {
        return Err(Error::Full);
    }
    let lsn = tx.lsn();
    let mark = tx.mark;
    let transaction = tx.finish();
    drop(pin);
    drop(inside);
    if transaction.operations.is_empty() && transaction.events.is_empty() {
        return Ok(None);
    }
    let record = transaction.encode();
    if record.len() > limits::RECORD_BYTES_MAX {
        return Err(Error::TooLarge {
            what: "a transaction's record",
            size: record.len(),
            limit: limits::RECORD_BYTES_MAX,
        });
    }
    shared.watched.writes(shared.options.tables, &transaction.operations)?;
    if let Some(mark) = mark {
        ids.mark = mark;
    }
    let transaction = Arc::new(transaction);
    // Before anybody can see it.
    shared.changes.note(lsn, &transaction.operations);
    shared.overlay.insert(lsn, &transaction);
    shared.executed.store(lsn.0, Ordering::Release);
    Ok(Some((lsn, record, transaction)))
}
