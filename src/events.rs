//! What just became durable, for whoever listens inside this process: streams, rings, planners.

use crate::limits;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::{Event, Lsn, job::JobClass};
use tokio::sync::{
    Notify,
    broadcast::{
        self,
        error::{RecvError, TryRecvError},
    },
    watch,
};

/// The events of one durable transaction.
#[derive(Debug, Clone)]
pub struct Published {
    /// Its position in the log.
    pub lsn: Lsn,
    /// What happened, in order.
    pub events: Arc<[Event]>,
}

/// The hub between the store and its listeners.
///
/// A listener that falls more than `limits::EVENTS_KEPT` transactions behind is told how many it missed
/// (`RecvError::Lagged`) and reads the rows instead: events only wake, they carry no truth.
///
/// Whoever wants few of them listens to those only, and is not woken for every transaction. Those who do jobs are not listeners:
/// each would look for work of its class whenever there is some of another.
#[derive(Clone)]
pub struct Events {
    listeners: broadcast::Sender<Published>,
    choosy: Arc<Mutex<Vec<Choosy>>>,
    /// By the number of a class.
    jobs: Arc<[Notify; JobClass::COUNT]>,
}

/// Whoever listens to transactions with some events only.
struct Choosy {
    wants: fn(&Event) -> bool,
    listener: broadcast::Sender<Published>,
}

impl Default for Events {
    fn default() -> Self {
        Events {
            listeners: broadcast::Sender::new(limits::EVENTS_KEPT),
            choosy: Arc::default(),
            jobs: Arc::new(std::array::from_fn(|_| Notify::new())),
        }
    }
}

impl Events {
    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Published> {
        self.listeners.subscribe()
    }

    /// Listens from now on to transactions with an event that is wanted; they come whole. For tasks that run as long as the
    /// server.
    #[must_use]
    pub fn subscribe_to(&self, wants: fn(&Event) -> bool) -> broadcast::Receiver<Published> {
        let (listener, receiver) = broadcast::channel(limits::EVENTS_KEPT);
        let mut choosy = self.choosy();
        choosy.retain(|one| one.listener.receiver_count() > 0);
        choosy.push(Choosy { wants, listener });
        receiver
    }

    /// Returns once a job of `class` was stored since the last return; for the one who does them.
    pub async fn job_waits(&self, class: JobClass) {
        if let Some(notify) = self.jobs.get(usize::from(class.number())) {
            notify.notified().await;
        }
    }

    /// Tells every listener; called on the store's thread, never blocks.
    pub fn publish(&self, lsn: Lsn, events: &[Event]) {
        for event in events {
            if let Event::JobWaits { class, .. } = event
                && let Some(notify) = self.jobs.get(usize::from(class.number()))
            {
                notify.notify_one();
            }
        }
        let published = Published { lsn, events: events.into() };
        // Without listeners there is nobody to tell, which is no error.
        for Choosy { wants, listener } in self.choosy().iter() {
            if events.iter().any(*wants) {
                let _ = listener.send(published.clone());
            }
        }
        let _ = self.listeners.send(published);
    }

    fn choosy(&self) -> MutexGuard<'_, Vec<Choosy>> {
        // Nothing panics while it is held but for want of memory.
        self.choosy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far what operators decide about deliveries is carried out and durable: whoever decided waits for that.
#[derive(Default)]
pub struct Obeyed {
    asked: watch::Sender<u64>,
    let_go: watch::Sender<LetGo>,
}

/// Those who wait no more, by their numbers.
#[derive(Default)]
struct LetGo {
    up_to: u64,
    /// Up to this one it is not sure that what they decided was heard.
    missed: u64,
}

impl Obeyed {
    /// Returns once everything that was decided before is carried out and durable; `false`: something of it may have
    /// been missed.
    pub async fn wait(&self) -> bool {
        let mut mine = 0;
        self.asked.send_modify(|asked| {
            *asked += 1;
            mine = *asked;
        });
        let mut let_go = self.let_go.subscribe();
        // The sender lives in this.
        let outcome = let_go.wait_for(|let_go| let_go.up_to >= mine).await;
        outcome.is_ok_and(|let_go| let_go.missed < mine)
    }

    /// The number of the last one who waits; for the one who delivers.
    #[must_use]
    pub fn asked(&self) -> watch::Receiver<u64> {
        self.asked.subscribe()
    }

    /// Lets all go up to this number: what was decided before they asked is durable.
    pub fn is_durable(&self, asked: u64) {
        self.let_go.send_modify(|let_go| let_go.up_to = asked);
    }

    /// Lets the same go, where something that was decided before they asked was missed.
    pub fn was_missed(&self, asked: u64) {
        self.let_go.send_replace(LetGo { up_to: asked, missed: asked });
    }
}

/// What else a listener has been told by now, without waiting; that it fell behind is said once, here or by `recv`. `None`
/// if there is no more; that there never will be is left for `recv` to say.
pub fn told_by_now(receiver: &mut broadcast::Receiver<Published>) -> Option<Result<Published, RecvError>> {
    match receiver.try_recv() {
        Ok(published) => Some(Ok(published)),
        Err(TryRecvError::Lagged(missed)) => Some(Err(RecvError::Lagged(missed))),
        Err(TryRecvError::Empty | TryRecvError::Closed) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::StatusId;

    #[test]
    fn whoever_wants_some_events_hears_of_no_transaction_without_them() {
        let events = Events::default();
        let mut all = events.subscribe();
        let mut some = events.subscribe_to(|event| matches!(event, Event::StatusCounted { .. }));
        let counted = Event::StatusCounted { status: StatusId(7) };
        let revived = Event::PeerRevived { domain: "remote.example".to_owned() };
        events.publish(Lsn(1), std::slice::from_ref(&revived));
        events.publish(Lsn(2), &[revived, counted.clone()]);
        events.publish(Lsn(3), &[]);
        let heard = some.try_recv().expect("the second one");
        assert_eq!((heard.lsn, heard.events.last()), (Lsn(2), Some(&counted)), "the transaction comes whole");
        assert_eq!(heard.events.len(), 2);
        assert!(matches!(some.try_recv(), Err(TryRecvError::Empty)));
        let lsns: Vec<Lsn> = std::iter::from_fn(|| all.try_recv().ok()).map(|heard| heard.lsn).collect();
        assert_eq!(lsns, [Lsn(1), Lsn(2), Lsn(3)]);
    }

    #[tokio::test]
    async fn whoever_waits_is_let_go_by_their_own_number_and_told_what_was_missed() {
        let obeyed = Obeyed::default();
        let asked = obeyed.asked();
        let mut waiting = [Box::pin(obeyed.wait()), Box::pin(obeyed.wait()), Box::pin(obeyed.wait())];
        let mut carried = async |number: usize| {
            tokio::select! {
                biased;
                carried = &mut waiting[number - 1] => Some(carried),
                () = std::future::ready(()) => None,
            }
        };
        for number in 1..=3 {
            assert_eq!((carried(number).await, *asked.borrow()), (None, number as u64), "they ask, and wait");
        }
        obeyed.is_durable(1);
        assert_eq!((carried(2).await, carried(1).await), (None, Some(true)));
        obeyed.was_missed(2);
        assert_eq!((carried(3).await, carried(2).await), (None, Some(false)));
        obeyed.is_durable(3);
        assert_eq!(carried(3).await, Some(true), "it holds for those alone who waited then");
    }

    #[test]
    fn whoever_falls_behind_while_it_takes_what_is_there_hears_of_that() {
        let events = Events::default();
        let mut told = events.subscribe();
        events.publish(Lsn(0), &[]);
        assert!(matches!(told_by_now(&mut told), Some(Ok(Published { lsn: Lsn(0), .. }))));
        let most = limits::EVENTS_KEPT as u64;
        (1..=most + 3).for_each(|lsn| events.publish(Lsn(lsn), &[]));
        assert!(matches!(told_by_now(&mut told), Some(Err(RecvError::Lagged(3)))));
        assert!(matches!(told_by_now(&mut told), Some(Ok(Published { lsn: Lsn(4), .. }))));
        while told_by_now(&mut told).is_some() {}
        drop(events);
        assert!(told_by_now(&mut told).is_none());
    }
}
