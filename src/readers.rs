//! The threads that read the store for requests. A read costs some 10 µs of work; handing it to tokio's blocking pool
//! and back costs 24 µs of CPU, to these threads 8 µs *(measured with 16 and 64 clients on 2 cores)*.

use crate::{
    error::{Error, Result},
    limits,
};
use std::{
    any::Any,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

type Look = Box<dyn FnOnce() + Send>;

/// A few threads and one bounded queue. The threads end when this is dropped, after what is queued.
pub(crate) struct Readers(Arc<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

#[derive(Default)]
struct Waiting {
    looks: VecDeque<Look>,
    closed: bool,
}

impl Readers {
    /// Starts the threads.
    pub(crate) fn start() -> Result<Self> {
        let queue = Arc::new(Queue::default());
        for number in 0..limits::READS_AT_ONCE {
            let queue = Arc::clone(&queue);
            let started = thread::Builder::new().name(format!("read-{number}")).spawn(move || queue.work());
            started.map_err(|error| Error::invalid("threads", format!("cannot start a thread: {error}")))?;
        }
        Ok(Readers(queue))
    }

    /// Runs `look` on one of the threads.
    pub(crate) async fn run<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.0.push(Box::new(move || {
            // Whoever asked has left: nothing needs to be read. A shed request costs nothing more.
            if answer.is_closed() {
                return;
            }
            let outcome = catch_unwind(AssertUnwindSafe(look));
            let _ = answer.send(outcome.unwrap_or_else(|panic| Err(Error::Bug(panic_text(panic.as_ref())))));
        }))?;
        answered.await.unwrap_or_else(|_| Err(Error::Bug("a read was dropped without an answer".to_owned())))
    }
}

impl Queue {
    fn push(&self, look: Look) -> Result<()> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.looks.len() >= limits::READS_QUEUED {
            let retry_after = Duration::from_secs(1);
            return Err(Error::Storage(storage::Error::Overloaded { retry_after }));
        }
        waiting.looks.push_back(look);
        drop(waiting);
        self.ready.notify_one();
        Ok(())
    }

    fn work(&self) {
        while let Some(look) = self.next() {
            look();
        }
    }

    fn next(&self) -> Option<Look> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(look) = waiting.looks.pop_front() {
                return Some(look);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Readers {
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
        let readers = Readers::start().expect("threads");
        for _ in 0..limits::READS_AT_ONCE * 2 {
            let failed = readers.run(|| -> Result<()> { panic!("on purpose") }).await;
            assert!(matches!(failed, Err(Error::Bug(why)) if why == "on purpose"));
        }
        assert_eq!(readers.run(|| Ok(7)).await.expect("still works"), 7);
    }

    #[tokio::test]
    async fn the_queue_sheds_instead_of_growing() {
        let queue = Queue::default();
        for _ in 0..limits::READS_QUEUED {
            queue.push(Box::new(|| {})).expect("room");
        }
        assert!(matches!(queue.push(Box::new(|| {})), Err(Error::Storage(storage::Error::Overloaded { .. }))));
    }
}
