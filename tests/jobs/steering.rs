//! What an operator decides about deliveries holds, whatever the planner is at.

use super::{
    START, account, expected, map,
    peer::{Mood, Peer},
    start, tell, until,
};
use dassie::{clock::ManualClock, limits, reach::Lab};
use std::sync::Arc;
use storage::{Event, steering};

/// On one thread, so that nothing is planned while this test writes.
#[tokio::test]
async fn a_retry_holds_however_much_happens_before_the_planner_hears_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let down = Peer::start(Mood::Failing(503)).await;
    map(&lab, "down.test", &down);
    let running = start(dir.path(), &lab, &clock).await;
    let server = &running.server;
    let friend = account(server, "a", Some("down.test".to_owned())).await;
    tell(server, 1, "object", &[friend]).await;
    let peer = || server.store().read(|view| storage::peer::find(view, "down.test")).unwrap();
    until("it is owed, and known to fail", || peer().is_some_and(|peer| peer.is_failing() && peer.owed == 1)).await;
    down.set(Mood::Well);
    let store = server.store();
    assert!(store.write(|tx| steering::retry_step(tx, "down.test", None)).unwrap().is_none());
    for _ in 0..=limits::EVENTS_KEPT {
        let heard = |tx: &mut storage::Tx<'_>| {
            tx.emit(Event::PeerRevived { domain: "other.test".to_owned() });
            storage::Result::Ok(())
        };
        store.write(heard).unwrap();
    }
    // The clock does not move: by itself it would not be tried again.
    until("it is tried", || down.received() == expected(1..=1)).await;
    until("nothing is owed, and it fails no more", || peer().is_some_and(|peer| !peer.is_failing() && peer.owed == 0))
        .await;
    running.stop().await.unwrap();
}
