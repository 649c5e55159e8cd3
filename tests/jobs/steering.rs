//! What an operator decides about deliveries holds, whatever the planner is at.

use super::{Peer, START, Scene, account, expected, map, owing, peer::Mood, start, tell, tell_all, until};
use dassie::{
    clock::ManualClock,
    limits,
    reach::{Lab, Target},
    server::Server,
};
use std::{
    collections::HashSet,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, mpsc},
    time::Duration,
};
use storage::{
    ActivityId, Digest, Event,
    audience::{self, Audience, Stage},
    delivery::{self, Built, Memory, Priority, Sender},
    steering,
    undelivered::{self, Reason},
};
use tokio::net::TcpListener;

/// Drops what is owed to a peer, as an operator does.
fn purge(data: &Path, domain: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
    command.args(["queue", "purge", domain, "--yes", "--data"]).arg(data).stdin(Stdio::null());
    let output = tokio::task::block_in_place(|| command.output()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What is owed to a peer, and which activities are on their way.
fn owed(server: &Server, domain: &str) -> (Vec<u64>, Vec<ActivityId>) {
    let unfinished = server.store().read(|view| delivery::unfinished(view, None, 100)).unwrap();
    let rows = server.store().read(|view| delivery::owed(view, domain, None, 100)).unwrap();
    (rows.into_iter().map(|(activity, ..)| activity.0).collect(), unfinished)
}

/// Something that concerns deliveries, and none of these.
fn heard_of_another(tx: &mut storage::Tx<'_>) -> storage::Result<()> {
    tx.emit(Event::PeerRevived { domain: "other.test".to_owned() });
    Ok(())
}

/// On one thread, so that nothing is planned while this test writes.
#[tokio::test]
async fn a_retry_holds_however_much_happens_before_the_planner_hears_of_it() {
    let scene = Scene::start("down.test", Mood::Failing(503)).await;
    let (server, down) = (&scene.running.server, &scene.peer);
    tell(server, 1, "object", &[scene.friend]).await;
    let peer = || server.store().read(|view| storage::peer::find(view, "down.test")).unwrap();
    until("it is owed, and known to fail", || peer().is_some_and(|peer| peer.is_failing() && peer.owed == 1)).await;
    down.set(Mood::Well);
    let store = server.store();
    assert!(store.write(|tx| steering::retry_step(tx, "down.test", None)).unwrap().is_none());
    // One transaction each, many in a commit.
    let (done, outcomes) = mpsc::channel();
    for _ in 0..=limits::EVENTS_KEPT {
        let done = done.clone();
        store.submit(heard_of_another, move |outcome: storage::Result<()>| drop(done.send(outcome)));
    }
    drop(done);
    assert_eq!(outcomes.iter().filter(Result::is_ok).count(), limits::EVENTS_KEPT + 1);
    // The clock does not move: by itself it would not be tried again.
    until("it is tried", || down.received() == expected(1..=1)).await;
    until("nothing is owed, and it fails no more", || peer().is_some_and(|peer| !peer.is_failing() && peer.owed == 0))
        .await;
    scene.running.stop().await.unwrap();
}

/// On one thread, so that nothing is planned while this test writes.
#[tokio::test]
async fn a_purge_drops_what_the_planner_had_not_heard_of_and_nothing_that_is_said_later() {
    let scene = Scene::start("well.test", Mood::Well).await;
    let (server, well) = (&scene.running.server, &scene.peer);
    let store = server.store();
    let say = |number: u64| {
        let uri = format!("https://here.test/activities/{number}");
        store.write(owing(number, &uri, &format!("object {number}"), &[scene.friend])).unwrap();
    };
    say(1);
    assert_eq!(store.write(|tx| steering::purge_step(tx, "well.test")).unwrap(), (0, false), "nothing is in rows");
    say(2);
    until("what is said later arrives", || well.received() == expected(2..=2)).await;
    until("the other is told as dropped", || {
        let ended = server.store().read(|view| undelivered::of(view, ActivityId(1))).unwrap();
        ended.told.iter().any(|one| one.reason == Reason::Purged)
    })
    .await;
    assert_eq!(well.seen(), 1);
    scene.running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_purged_while_it_hangs_at_the_peer_is_owed_no_more_neither_after_a_crash_nor_when_that_fails() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    lab.map("hangs.test", Target { address: listener.local_addr().unwrap(), plain: true });
    let running = start(dir.path(), &lab, &clock).await;
    let server = &running.server;
    let friend = account(server, "a", Some("hangs.test".to_owned())).await;
    // In one commit: where the first is on its way, the second waits behind it.
    let told = [1, 2].map(|number| (number, "one object".to_owned(), Priority::Public));
    tell_all(server, &told, friend).await;
    let accepted = tokio::time::timeout(Duration::from_secs(30), listener.accept());
    let (connection, _) = accepted.await.expect("the first is on its way").unwrap();
    purge(dir.path(), "hangs.test");
    // What is stored now is what a crash leaves.
    assert_eq!(owed(server, "hangs.test"), (Vec::new(), Vec::new()));
    drop((listener, connection));
    // Stored with what it would be owed, or after.
    until("its failure is stored", || {
        let peer = server.store().read(|view| storage::peer::find(view, "hangs.test")).unwrap();
        peer.is_some_and(|peer| peer.is_failing())
    })
    .await;
    assert_eq!(owed(server, "hangs.test"), (Vec::new(), Vec::new()));
    for number in [1, 2] {
        let id = ActivityId(number);
        let ended = server.store().read(|view| undelivered::of(view, id)).unwrap();
        let reasons: Vec<_> = ended.told.iter().map(|one| one.reason).collect();
        // The second said anew what the first said, which is forgotten once both have ended.
        let is_forgotten = number == 1
            && reasons.is_empty()
            && !server.store().read(|view| delivery::ACTIVITIES.contains(view, &id)).unwrap();
        assert!(reasons == [Reason::Purged] || is_forgotten, "{number}: {reasons:?}");
    }
    // The next one is, all the same.
    tell(server, 3, "one object", &[friend]).await;
    until("what came later is owed", || owed(server, "hangs.test").0 == [3]).await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_drops_what_is_found_out_later_for_what_was_said_before() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let (first, purged) = (Peer::start(Mood::Well).await, Peer::start(Mood::Well).await);
    map(&lab, "first.test", &first);
    map(&lab, "purged.test", &purged);
    let running = start(dir.path(), &lab, &clock).await;
    let server = &running.server;
    let near = account(server, "a", Some("first.test".to_owned())).await;
    let far = account(server, "b", Some("purged.test".to_owned())).await;
    // So that the other is known.
    tell(server, 1, "an earlier object", &[far]).await;
    until("it gets that", || purged.received() == expected(1..=1)).await;
    let (id, store) = (ActivityId(2), server.store());
    let uri = "https://here.test/activities/2";
    let built = Built {
        uri: uri.to_owned(),
        object: Digest::of("object"),
        bytes: format!("{{\"id\":\"{uri}\"}}").into_bytes(),
        sender: Sender::Instance,
        priority: Priority::Public,
        audience: Audience { accounts: vec![near, far], ..Audience::default() },
    };
    // It is known who gets it up to the first; this test goes on with the others itself.
    let begin = move |tx: &mut storage::Tx<'_>| {
        let only = Audience { accounts: vec![near], ..Audience::default() };
        let mut step = audience::gather(tx, id, &only, Stage::Accounts(0))?.unwrap_or_default();
        step.next = Some(Stage::Accounts(1));
        audience::store(tx, id, &built, Memory::Audience, &step)
    };
    assert!(store.write(begin).unwrap().is_some_and(|added| added.next.is_some()));
    until("the first gets it", || first.received() == expected(2..=2)).await;
    purge(dir.path(), "purged.test");
    let go_on = move |tx: &mut storage::Tx<'_>| {
        let rest = Audience { accounts: vec![far], ..Audience::default() };
        let step = audience::gather(tx, id, &rest, Stage::Accounts(0))?.unwrap_or_default();
        audience::extend(tx, id, Stage::Accounts(1), &step, &HashSet::new())
    };
    assert!(store.write(go_on).unwrap().is_some_and(|added| added.inboxes.len() == 1 && added.next.is_none()));
    until("it is told as dropped", || {
        let ended = server.store().read(|view| undelivered::of(view, id)).unwrap();
        ended.told.iter().any(|one| one.reason == Reason::Purged)
    })
    .await;
    assert_eq!(owed(server, "purged.test"), (Vec::new(), Vec::new()));
    tell(server, 3, "another", &[far]).await;
    until("what is said later arrives", || purged.received().len() == 2).await;
    assert_eq!(purged.received(), [expected(1..=1), expected(3..=3)].concat());
    assert_eq!(purged.seen(), 2);
    running.stop().await.unwrap();
}
