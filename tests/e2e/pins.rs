//! What accounts elsewhere show first on their profiles (ActivityPub §7.8, §7.9).

use crate::scene::Scene;
use serde_json::{Value, json};

const VIC: &str = "https://author.test/users/vic";
const FEATURED: &str = "https://author.test/users/vic/featured";
const NOTE: &str = "https://author.test/notes/1";

async fn pinned(scene: &Scene, account: &str) -> Vec<String> {
    let reply = scene.alice.get(&format!("/api/v1/accounts/{account}/statuses?pinned=true")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let uris = |list: &Vec<Value>| list.iter().filter_map(|status| status["uri"].as_str().map(str::to_owned)).collect();
    reply.json().as_array().map(uris).unwrap_or_default()
}

fn change(actor: &str, kind: &str, object: &str, target: &str) -> Value {
    let last = |uri: &str| uri.rsplit('/').next().unwrap_or_default().to_owned();
    let id = format!("{actor}#{kind}-{}-{}", last(object), last(target));
    json!({"id": id, "type": kind, "object": object, "target": target})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_author_pins_and_only_what_everybody_may_read() {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    let eve = "https://evil.test/users/eve";
    scene.serve_actor(VIC, json!({"featured": FEATURED}));
    scene.serve_actor(eve, json!({"featured": FEATURED}));
    scene.serve_note(NOTE, VIC, json!({}));
    let unknown = "https://author.test/notes/2";
    scene.serve_note(unknown, VIC, json!({}));
    let found = scene.alice.search("statuses", NOTE, true).await;
    let account = found[0]["account"]["id"].as_str().expect("an author").to_owned();
    assert_eq!(scene.alice.search("accounts", eve, true).await.len(), 1);

    scene.sends(eve, change(eve, "Add", NOTE, FEATURED)).await;
    scene.sends(VIC, change(VIC, "Add", NOTE, "https://author.test/users/vic/followers")).await;
    // Nobody here follows vic, so nothing is read for being pinned.
    scene.sends(VIC, change(VIC, "Add", unknown, FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, Vec::<String>::new());
    assert!(scene.peer.seen(|seen| seen.path == "/notes/2").is_empty());

    scene.sends(VIC, change(VIC, "Add", NOTE, FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, [NOTE]);
    scene.sends(eve, change(eve, "Remove", NOTE, FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, [NOTE]);
    scene.sends(VIC, change(VIC, "Remove", NOTE, FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, Vec::<String>::new());
    scene.instance.running.stop().await.expect("it stops");
}
