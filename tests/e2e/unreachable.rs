//! A server that answers to nothing for more than a week, and then says something: what is kept for it meanwhile, how often
//! it is asked, and what it gets in the end.

use crate::{
    instance::{until, within},
    peer::Answer,
    scene::Scene,
};
use dassie::{clock::DAY_MS, operate::queue};
use serde_json::{Value, json};
use std::time::Duration;
use storage::{
    delivery,
    peer::{self, Peer, UNREACHABLE_DAYS},
};

const FRIEND: &str = "friend.test";
const FAY: &str = "https://friend.test/users/fay";
/// How long it may take until a try is made and written down.
const PATIENCE: Duration = Duration::from_secs(30);

/// Alice posts; the status.
async fn says(scene: &Scene, words: &str) -> Value {
    let reply = scene.alice.post("/api/v1/statuses", &[("status", words)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// What an activity does, and to what.
fn named(activity: &Value) -> String {
    let object = &activity["object"];
    let id = object["id"].as_str().or_else(|| object.as_str()).unwrap_or_default();
    format!("{} {id}", activity["type"].as_str().unwrap_or_default())
}

fn about(kind: &str, status: &Value) -> String {
    format!("{kind} {}", status["uri"].as_str().expect("a uri"))
}

/// What fay's server was sent so far, whatever it answered.
fn sent(scene: &Scene) -> Vec<String> {
    scene.peer.delivered(FRIEND).iter().map(named).collect()
}

/// What is known of fay's server.
async fn row(scene: &Scene) -> Peer {
    let found = scene.instance.running.server.read(|view| Ok(peer::find(view, FRIEND)?)).await;
    found.expect("a read").expect("it is known")
}

/// What it is owed.
async fn owed(scene: &Scene) -> Vec<String> {
    let found = scene.instance.running.server.read(|view| {
        let mut found = Vec::new();
        for (activity, ..) in delivery::owed(view, FRIEND, None, 10)? {
            let (_, bytes) = delivery::document(view, activity)?.expect("what is owed is kept");
            let said: Value = serde_json::from_slice(&bytes).expect("JSON");
            found.push(named(&said));
        }
        found.sort();
        Ok(found)
    });
    found.await.expect("a read")
}

/// Waits until fay's server was sent this.
async fn gets(scene: &Scene, what: &str) {
    let got = until(|| async { sent(scene).iter().any(|one| one == what).then_some(()) });
    assert!(got.await.is_some(), "{what} did not come: {:?}", sent(scene));
}

/// Waits until so many tries have failed.
async fn has_failed(scene: &Scene, times: u32) {
    let failed = within(PATIENCE, || async { (row(scene).await.attempt == times).then_some(()) });
    assert!(failed.await.is_some(), "{times} tries: {:?}", row(scene).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_for_a_week_is_asked_once_a_day_and_gets_what_was_kept_when_it_is_heard_from() {
    let scene = Scene::start(&[FRIEND]).await;
    scene.serve_actor(FAY, json!({}));
    let follow = json!({"id": format!("{FAY}#follow"), "type": "Follow", "object": scene.alice.uri});
    scene.sends(FAY, follow).await;
    gets(&scene, &format!("Accept {FAY}#follow")).await;
    let before = says(&scene, "while you are there").await;
    gets(&scene, &about("Create", &before)).await;
    scene.has_told_all().await;

    // It is there no more.
    scene.peer.host(FRIEND, Answer::Status(503));
    let first = sent(&scene).len();
    let kept = says(&scene, "on the day you went").await;
    has_failed(&scene, 1).await;
    // What it is owed by then is what it is asked with, on each of these days and two more.
    for day in 2..=UNREACHABLE_DAYS + 2 {
        assert_eq!(row(&scene).await.unreachable, day > UNREACHABLE_DAYS, "before day {day}");
        scene.instance.clock.advance(DAY_MS);
        has_failed(&scene, day).await;
        assert_eq!(sent(&scene).len() - first, day as usize, "one try on day {day}");
    }
    let found = row(&scene).await;
    let now = scene.instance.running.server.now();
    assert_eq!(found.next_attempt_at, Some(now.plus_ms(DAY_MS)), "the next is a day off");
    let shown = scene.instance.running.server.read(|view| queue::of_peer(view, FRIEND)).await.expect("a read");
    let shown = shown.expect("it is known").to_string();
    assert!(shown.contains("friend.test: 1 deliveries are owed"), "{shown}");
    assert!(shown.contains("unreachable: tried once a day, and owed little that is new"), "{shown}");

    // Nothing that is new is kept for it, but what takes something back; and it is not asked because of that.
    scene.instance.clock.advance(DAY_MS - 60_000);
    let tried = sent(&scene).len();
    let lost = says(&scene, "of which you will never hear").await;
    scene.has_told_all().await;
    assert_eq!(owed(&scene).await, [about("Create", &kept)]);
    let path = format!("/api/v1/statuses/{}", before["id"].as_str().expect("an id"));
    assert_eq!(scene.alice.send("DELETE", &path, &[], b"").await.status, 200);
    scene.has_told_all().await;
    let all = [about("Create", &kept), about("Delete", &before)];
    assert_eq!(owed(&scene).await, all);
    assert_eq!(sent(&scene).len(), tried, "not within the day");

    // It is back, and says so before it would be asked; the clock stands still.
    scene.peer.host(FRIEND, Answer::Status(202));
    let like = json!({"id": format!("{FAY}#like"), "type": "Like", "object": kept["uri"]});
    scene.sends(FAY, like).await;
    gets(&scene, &about("Delete", &before)).await;
    // So does what it was asked with on each of these days.
    gets(&scene, &about("Create", &kept)).await;
    let settled = within(PATIENCE, || async {
        let found = row(&scene).await;
        (found.owed == 0 && !found.unreachable && !found.is_failing()).then_some(())
    });
    assert!(settled.await.is_some(), "{:?}", row(&scene).await);
    let mut got = sent(&scene).split_off(tried);
    got.sort();
    assert_eq!(got, all, "each once");
    let after = says(&scene, "good that you are back").await;
    gets(&scene, &about("Create", &after)).await;
    assert!(!sent(&scene).contains(&about("Create", &lost)));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
