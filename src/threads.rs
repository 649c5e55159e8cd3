//! Threads that do one kind of work beside the async workers: those that read the store for requests, those that sign what
//! leaves. A read costs some 10 µs of work; handing it to tokio's blocking pool and back costs 24 µs of CPU, to these threads
//! 8 µs *(measured with 16 and 64 clients on 2 cores)*. A signature costs 250 to 600 µs: on the async workers it would stand
//! before everything that somebody waits for.
//!
//! Whoever looks at a screen comes before other servers and before jobs: a flood from outside fills its own queue.

use crate::{
    error::{Error, Result},
    limits,
};
use std::{
    any::Any,
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

tokio::task_local! {
    static SOMEBODY_WAITS: ();
}

/// What `task` has threads do comes first: somebody looks at a screen meanwhile.
pub(crate) fn while_somebody_waits<F: Future>(task: F) -> impl Future<Output = F::Output> {
    SOMEBODY_WAITS.scope((), task)
}

/// For whom a piece of work is.
#[derive(Debug, Clone, Copy)]
enum Whose {
    /// Somebody who waits for it.
    Somebody,
    Others,
}

/// A few threads and two bounded queues. The threads end when this is dropped, after what is queued.
pub(crate) struct Threads(Arc<Queue>);

/// What threads are for.
struct Kind {
    name: &'static str,
    threads: usize,
    /// Pieces of work that may wait in each of the queues; beyond it they are shed.
    queued: usize,
    /// Steps by which the threads lower their priority.
    steps: i32,
}

struct Queue {
    kind: Kind,
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// What somebody waits for.
    first: VecDeque<Work>,
    others: VecDeque<Work>,
    /// Pieces of the first queue that were taken since the last of the other.
    in_a_row: usize,
    closed: bool,
}

impl Waiting {
    /// The next piece: of the first queue, but every so often one of the others.
    fn take(&mut self) -> Option<Work> {
        let turn_of_others = self.in_a_row >= limits::WORK_AHEAD;
        let first = if turn_of_others && !self.others.is_empty() { None } else { self.first.pop_front() };
        if first.is_some() {
            self.in_a_row = self.in_a_row.saturating_add(1);
            return first;
        }
        self.in_a_row = 0;
        self.others.pop_front()
    }
}

impl Threads {
    /// Those that read the store.
    pub(crate) fn that_read() -> Result<Self> {
        let (threads, queued) = (limits::READS_AT_ONCE, limits::READS_QUEUED);
        Self::start(Kind { name: "read", threads, queued, steps: 0 })
    }

    /// Those that sign what leaves for other servers: as many as there are processors, and behind whatever somebody waits
    /// for.
    pub(crate) fn that_sign() -> Result<Self> {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(limits::SIGNING_THREADS);
        Self::start(Kind { name: "sign", threads, queued: limits::SIGNATURES_QUEUED, steps: limits::SIGNING_STEPS })
    }

    fn start(kind: Kind) -> Result<Self> {
        let queue = Arc::new(Queue { kind, waiting: Mutex::default(), ready: Condvar::new() });
        for number in 0..queue.kind.threads {
            let of_thread = Arc::clone(&queue);
            let name = format!("{}-{number}", queue.kind.name);
            let started = thread::Builder::new().name(name).spawn(move || of_thread.work());
            started.map_err(|error| Error::invalid("threads", format!("cannot start a thread: {error}")))?;
        }
        Ok(Threads(queue))
    }

    /// Runs `work` on one of the threads.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let whose = SOMEBODY_WAITS.try_with(|()| Whose::Somebody).unwrap_or(Whose::Others);
        self.0.push(
            whose,
            Box::new(move || {
                // Whoever asked has left: nothing needs to be done. A shed request costs nothing more.
                if answer.is_closed() {
                    return;
                }
                let outcome = catch_unwind(AssertUnwindSafe(work));
                let _ = answer.send(outcome.unwrap_or_else(|panic| Err(Error::Bug(panic_text(panic.as_ref())))));
            }),
        )?;
        answered.await.unwrap_or_else(|_| Err(Error::Bug("work was dropped without an answer".to_owned())))
    }
}

impl Queue {
    fn push(&self, whose: Whose, work: Work) -> Result<()> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = match whose {
            Whose::Somebody => &mut waiting.first,
            Whose::Others => &mut waiting.others,
        };
        if queue.len() >= self.kind.queued {
            let retry_after = Duration::from_secs(1);
            return Err(Error::Storage(storage::Error::Overloaded { retry_after }));
        }
        queue.push_back(work);
        drop(waiting);
        self.ready.notify_one();
        Ok(())
    }

    fn work(&self) {
        if self.kind.steps > 0 {
            storage::step_back(self.kind.steps);
        }
        while let Some(work) = self.next() {
            work();
        }
    }

    fn next(&self) -> Option<Work> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(work) = waiting.take() {
                return Some(work);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.0.ready.notify_all();
    }
}

/// What a panic says.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without text").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_lives_on() {
        for threads in [Threads::that_read().expect("threads"), Threads::that_sign().expect("threads")] {
            for _ in 0..limits::READS_AT_ONCE * 2 {
                let failed = threads.run(|| -> Result<()> { panic!("on purpose") }).await;
                assert!(matches!(failed, Err(Error::Bug(why)) if why == "on purpose"));
            }
            assert_eq!(threads.run(|| Ok(7)).await.expect("still works"), 7);
        }
    }

    #[test]
    fn the_queue_sheds_instead_of_growing() {
        let kind = Kind { name: "none", threads: 0, queued: 3, steps: 0 };
        let threads = Threads::start(kind).expect("no threads");
        for whose in [Whose::Others, Whose::Somebody] {
            for _ in 0..3 {
                threads.0.push(whose, Box::new(|| {})).expect("room, whatever the other queue holds");
            }
            let shed = threads.0.push(whose, Box::new(|| {}));
            assert!(matches!(shed, Err(Error::Storage(storage::Error::Overloaded { .. }))));
        }
    }

    #[tokio::test]
    async fn who_waits_at_a_screen_comes_first_and_the_others_come_too() {
        let (told, heard) = std::sync::mpsc::channel();
        let mut waiting = Waiting::default();
        for number in 0..10 {
            let (first, other) = (told.clone(), told.clone());
            waiting.others.push_back(Box::new(move || other.send(100 + number).expect("heard")));
            waiting.first.push_back(Box::new(move || first.send(number).expect("heard")));
        }
        while let Some(work) = waiting.take() {
            work();
        }
        let order: Vec<i32> = heard.try_iter().collect();
        assert_eq!(order[..5], [0, 1, 2, 100, 3], "one of the others after three");
        assert_eq!(order.len(), 20, "none is forgotten");
        let queue = Threads::start(Kind { name: "none", threads: 0, queued: 3, steps: 0 }).expect("no threads");
        let ahead = while_somebody_waits(queue.run(|| Ok(())));
        let behind = queue.run(|| Ok(()));
        for task in [Box::pin(ahead) as std::pin::Pin<Box<dyn Future<Output = Result<()>>>>, Box::pin(behind)] {
            assert!(futures_util::FutureExt::now_or_never(task).is_none(), "nobody works");
        }
        let waiting = queue.0.waiting.lock().expect("whole");
        assert_eq!((waiting.first.len(), waiting.others.len()), (1, 1));
    }
}
