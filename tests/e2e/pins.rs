//! What accounts elsewhere show first on their profiles (ActivityPub §7.8, §7.9).

use crate::scene::{CONTEXT, Scene};
use dassie::federation::signature::{ProofKey, proof};
use serde_json::{Value, json};
use storage::Timestamp;

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

/// Mastodon gives its Add and Remove no id, so that the same bytes come again when somebody changes their mind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pins_without_an_id_come_as_often_as_they_are_said() {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    let eve = "https://evil.test/users/eve";
    scene.serve_actor(VIC, json!({"featured": FEATURED}));
    scene.serve_actor(eve, json!({}));
    scene.serve_note(NOTE, VIC, json!({}));
    let found = scene.alice.search("statuses", NOTE, true).await;
    let account = found[0]["account"]["id"].as_str().expect("an author").to_owned();
    for (kind, expected) in [("Add", vec![NOTE]), ("Remove", vec![]), ("Add", vec![NOTE])] {
        scene.sends(VIC, json!({"type": kind, "object": NOTE, "target": FEATURED})).await;
        scene.is_quiet().await;
        assert_eq!(pinned(&scene, &account).await, expected, "{kind}");
        // As another second does: the request's date, and by that its signature, is another one.
        scene.instance.clock.advance(2_000);
    }
    // Nobody but its actor says so, and nothing else is taken without an id.
    scene.sends(eve, json!({"type": "Remove", "object": NOTE, "target": FEATURED, "actor": VIC})).await;
    scene.sends(VIC, json!({"type": "Delete", "object": NOTE})).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, [NOTE]);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_without_an_id_is_not_taken_from_who_passes_it_on_however_proved_it_is() {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    let eve = "https://evil.test/users/eve";
    let (key, method) = (ProofKey::generate().expect("a key"), format!("{VIC}#ed25519-key"));
    let listed = json!([{"id": method, "type": "Multikey", "controller": VIC, "publicKeyMultibase": key.multikey()}]);
    scene.serve_actor(VIC, json!({"featured": FEATURED, "assertionMethod": listed}));
    scene.serve_actor(eve, json!({}));
    scene.serve_note(NOTE, VIC, json!({}));
    let found = scene.alice.search("statuses", NOTE, true).await;
    let account = found[0]["account"]["id"].as_str().expect("an author").to_owned();
    let proved = |id: Option<String>| {
        let mut add = json!({
            "@context": CONTEXT, "actor": VIC, "to": [format!("{CONTEXT}#Public")], "type": "Add", "object": NOTE,
            "target": FEATURED,
        });
        let members = add.as_object_mut().expect("an object");
        members.extend(id.map(|id| ("id".to_owned(), json!(id))));
        proof::attach(members, &key, &method, Timestamp(scene.instance.now_ms())).expect("it is made");
        add
    };
    // It could be said again and again, also once its author has unpinned.
    scene.sends(eve, proved(None)).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, Vec::<String>::new());
    scene.sends(eve, proved(Some(format!("{VIC}#adds/1")))).await;
    scene.is_quiet().await;
    assert_eq!(pinned(&scene, &account).await, [NOTE], "with one it counts once, whoever brings it");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hashtags_are_shown_by_their_owner_alone_and_not_without_end() {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    let eve = "https://evil.test/users/eve";
    scene.serve_actor(VIC, json!({"featured": FEATURED}));
    scene.serve_actor(eve, json!({"featured": FEATURED}));
    let found = scene.alice.search("accounts", VIC, true).await;
    let account = found[0]["id"].as_str().expect("it is found").to_owned();
    assert_eq!(scene.alice.search("accounts", eve, true).await.len(), 1);
    let tag = |actor: &str, kind: &str, name: &str, target: &str| {
        let object = json!({"type": "Hashtag", "name": name, "href": "https://author.test/tags/x"});
        let id = format!("{actor}#{kind}-{}-{}", name.replace(['#', ' '], ""), target.len());
        json!({"id": id, "type": kind, "object": object, "target": target})
    };
    let shown = async || {
        let reply = scene.alice.get(&format!("/api/v1/accounts/{account}/featured_tags")).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let names = |tag: &Value| tag["name"].as_str().map(str::to_owned);
        reply.json().as_array().expect("a list").iter().filter_map(names).collect::<Vec<_>>()
    };
    scene.sends(eve, tag(eve, "Add", "#eve", FEATURED)).await;
    scene.sends(VIC, tag(VIC, "Add", "#elsewhere", "https://author.test/users/vic/followers")).await;
    scene.sends(VIC, tag(VIC, "Add", "#no tag", FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(shown().await, Vec::<String>::new());
    for number in 0..11 {
        scene.sends(VIC, tag(VIC, "Add", &format!("#Tag{number}"), FEATURED)).await;
        scene.is_quiet().await;
    }
    let kept: Vec<String> = (0..10).map(|number| format!("tag{number}")).collect();
    assert_eq!(shown().await, kept, "as many as Mastodon has");
    scene.sends(eve, tag(eve, "Remove", "#Tag0", FEATURED)).await;
    scene.sends(VIC, tag(VIC, "Remove", "#Tag1", FEATURED)).await;
    scene.is_quiet().await;
    assert_eq!(shown().await, [&kept[..1], &kept[2..]].concat());
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
