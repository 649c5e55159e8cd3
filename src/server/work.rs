//! What would hold up the async workers runs beside them: each kind of work within a bound of its own.

use super::Server;
use crate::{
    error::{Error, Result},
    threads::panic_text,
};
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

impl Server {
    /// Runs something slow (keys, sanitising, hashing) off the async workers, a few at once.
    ///
    /// # Errors
    /// Those of `work`; `Bug` if it panics.
    pub async fn compute<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.on_thread(&self.0.computations, work).await
    }

    /// Long work on the whole store that an administrator asked for, off the async workers and without taking the place of
    /// a computation. A second one waits for the first.
    ///
    /// # Errors
    /// Those of `work`; `Bug` if it panics.
    pub async fn maintain<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.on_thread(&self.0.maintenance, work).await
    }

    /// Hashes or checks a password off the async workers, very few at once: each takes 19 MiB (SECURITY D4).
    ///
    /// # Errors
    /// Those of `work`; `Bug` if it panics.
    pub async fn stretch<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.on_thread(&self.0.passwords, work).await
    }

    /// Reads or makes a picture off the async workers, one at a time: each may need `limits::PICTURE_MEMORY_BYTES`.
    ///
    /// # Errors
    /// Those of `work`; `Bug` if it panics.
    pub async fn picture<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.on_thread(&self.0.pictures, work).await
    }

    /// The turn to write an archive, as long as it is held; `None` while another one is written.
    #[must_use]
    pub fn takeout_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.0.takeouts.try_acquire().ok()
    }

    /// Waits for files off the async workers.
    ///
    /// # Errors
    /// Those of `work`; `Bug` if it panics.
    pub async fn on_disk<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.on_thread(&self.0.disk_waits, work).await
    }

    /// The bound is held until the work has ended, even if nobody waits for it any more.
    async fn on_thread<T, F>(&self, bound: &Arc<Semaphore>, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let closed = |_| Error::Bug("a bound was closed".to_owned());
        let permit = Arc::clone(bound).acquire_owned().await.map_err(closed)?;
        let work = move || {
            let _permit = permit;
            work()
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => Err(Error::Bug(panic_text(error.into_panic().as_ref()))),
            // Only a runtime that is being torn down cancels a blocking task before it begins.
            Err(_) => Err(Error::Storage(storage::Error::Unavailable)),
        }
    }
}
