//! Places for one kind of work beside requests: so many pieces of it go on at once. Whoever waits until it is their turn
//! somewhere leaves the place to others meanwhile, so that what one server holds up holds up nothing else.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

tokio::task_local! {
    static HELD: Arc<Held>;
}

/// The places of one kind of work.
pub(crate) struct Places(Arc<Kind>);

struct Kind {
    places: Arc<Semaphore>,
    /// Room for those that have stepped aside.
    aside: Arc<Semaphore>,
    left: Notify,
}

impl Places {
    /// So many `places`; as many more pieces of work may have stepped `aside`.
    pub(crate) fn new(places: usize, aside: usize) -> Self {
        let (places, aside) = (Arc::new(Semaphore::new(places)), Arc::new(Semaphore::new(aside)));
        Places(Arc::new(Kind { places, aside, left: Notify::new() }))
    }

    /// A place, if one is free: those that come back from aside go first.
    pub(crate) fn take(&self) -> Option<Place> {
        let permit = Arc::clone(&self.0.places).try_acquire_owned().ok()?;
        let standing = Mutex::new(Standing { is_aside: false, _permit: permit });
        Some(Place(Arc::new(Held { kind: Arc::clone(&self.0), standing })))
    }

    /// Whether a place is free.
    pub(crate) fn any_free(&self) -> bool {
        self.0.places.available_permits() > 0
    }

    /// Returns once somebody has stepped aside since the last return.
    pub(crate) async fn left(&self) {
        self.0.left.notified().await;
    }
}

/// A place, taken until what holds it ends.
pub(crate) struct Place(Arc<Held>);

impl Place {
    /// Does `work` in it.
    pub(crate) async fn hold<F: Future>(self, work: F) -> F::Output {
        HELD.scope(self.0, work).await
    }
}

/// Where a piece of work stands.
struct Held {
    kind: Arc<Kind>,
    standing: Mutex<Standing>,
}

struct Standing {
    is_aside: bool,
    /// In a place, or aside.
    _permit: OwnedSemaphorePermit,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the place, if it is not left already by whoever waited and was not let wait to the end.
    fn step_aside(&self) -> Result<(), Full> {
        let mut standing = self.lock();
        if standing.is_aside {
            return Ok(());
        }
        let permit = Arc::clone(&self.kind.aside).try_acquire_owned().map_err(|_| Full)?;
        *standing = Standing { is_aside: true, _permit: permit };
        drop(standing);
        self.kind.left.notify_one();
        Ok(())
    }

    async fn come_back(&self) {
        // Places are never closed.
        if let Ok(permit) = Arc::clone(&self.kind.places).acquire_owned().await {
            *self.lock() = Standing { is_aside: false, _permit: permit };
        }
    }
}

/// Too many have stepped aside already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// Waits for `turn`, aside where that is not at once: work that holds a place leaves it meanwhile, and takes one again before
/// it goes on. Nobody waits for a turn in a place, so whoever has come to their turn gets one. Work without a place just waits.
///
/// # Errors
/// `Full` if it would have to wait and too many do; it is not waited then.
pub(crate) async fn aside<F: Future>(turn: F) -> Result<F::Output, Full> {
    let mut turn = pin!(turn);
    if let Poll::Ready(outcome) = poll_fn(|cx| Poll::Ready(turn.as_mut().poll(cx))).await {
        return Ok(outcome);
    }
    let Ok(held) = HELD.try_with(Arc::clone) else { return Ok(turn.await) };
    held.step_aside()?;
    let outcome = turn.await;
    held.come_back().await;
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn whoever_waits_for_a_turn_leaves_the_place_and_comes_back_before_others() {
        let places = Places::new(1, 1);
        let (tell, told) = oneshot::channel::<()>();
        let mut waits = Box::pin(places.take().expect("a place").hold(aside(told)));
        assert!(places.take().is_none(), "it is taken");
        assert!(waits.as_mut().now_or_never().is_none());
        places.left().await;
        let next = places.take().expect("it was left");
        assert!(!places.any_free());
        let (_never, late) = oneshot::channel::<()>();
        assert_eq!(next.hold(aside(late)).await, Err(Full), "one is aside already");
        let next = places.take().expect("a place");
        tell.send(()).expect("it is waited for");
        assert!(waits.as_mut().now_or_never().is_none(), "its turn has come, but there is no place");
        drop(next);
        assert!(places.take().is_none(), "whoever comes back goes first");
        assert_eq!(waits.await, Ok(Ok(())));
        assert!(places.any_free());
    }

    #[tokio::test]
    async fn whoever_does_not_wait_to_the_end_stays_aside_until_the_next_turn() {
        let places = Places::new(1, 1);
        let place = places.take().expect("a place");
        let work = async {
            let (_never, late) = oneshot::channel::<()>();
            assert!(aside(late).now_or_never().is_none());
            assert!(places.any_free());
            assert_eq!(aside(std::future::ready(7)).await, Ok(7));
            let (tell, told) = oneshot::channel::<()>();
            let mut waits = Box::pin(aside(told));
            assert!(waits.as_mut().now_or_never().is_none());
            tell.send(()).expect("it is waited for");
            assert_eq!(waits.await, Ok(Ok(())));
            assert!(!places.any_free(), "it has a place again");
        };
        place.hold(work).await;
        assert!(places.any_free());
    }

    #[tokio::test]
    async fn work_without_a_place_just_waits() {
        let (tell, told) = oneshot::channel();
        let mut waits = Box::pin(aside(told));
        assert!(waits.as_mut().now_or_never().is_none());
        tell.send(3).expect("it is waited for");
        assert_eq!(waits.await, Ok(Ok(3)));
    }
}
