//! Polls of others: until when they may be voted in.

use crate::{instance::until, scene::Scene};
use serde_json::{Value, json};
use storage::Timestamp;

const VIC: &str = "https://author.test/users/vic";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_that_says_when_it_will_be_closed_is_open_until_then() {
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let end = Timestamp(scene.instance.now_ms()).plus_ms(3_600_000);
    // As Pleroma and Akkoma send it.
    let question = |number: u32, closed: Value| {
        let id = format!("https://author.test/notes/{number}");
        let options = json!([{"type": "Note", "name": "yes", "replies": {"type": "Collection", "totalItems": 3}},
            {"type": "Note", "name": "no", "replies": {"type": "Collection", "totalItems": 0}}]);
        scene.serve_note(&id, VIC, json!({"type": "Question", "oneOf": options, "closed": closed, "votersCount": 3}));
        id
    };
    let open = scene.found(&question(1, json!(dassie::clock::iso(end)))).await;
    let over = scene.found(&question(2, json!(true))).await;
    let poll = async |id: &str| scene.alice.get(&format!("/api/v1/polls/{id}")).await.json();
    let seen = poll(&open).await;
    assert_eq!((&seen["expired"], &seen["expires_at"]), (&json!(false), &json!(dassie::clock::iso(end))), "{seen}");
    assert_eq!(poll(&over).await["expired"], true);
    let votes =
        async |id: &str| scene.alice.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "0")]).await.status;
    assert_eq!((votes(&open).await, votes(&over).await), (200, 422));
    let told = until(|| async {
        scene.peer.delivered("author.test").into_iter().find(|activity| activity["object"]["name"] == "yes")
    });
    assert!(told.await.is_some(), "its author hears of the vote");
    scene.instance.clock.advance(3_600_000);
    assert_eq!(poll(&open).await["expired"], true);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
