//! Relays of both kinds, played by a peer: what they tell of is read from its origin and enters the public timeline
//! alone; ours reaches them; who is no relay is not heeded.

use crate::{
    instance::until,
    scene::{CONTEXT, Scene},
};
use dassie::federation::signature::{ProofKey, proof};
use serde_json::{Value, json};
use storage::Timestamp;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const OWN: &str = "https://local.test/actor";
const INBOX: &str = "https://relay.test/inbox";
const ACTOR: &str = "https://relay.test/users/relay";
const WRITER: &str = "https://origin.test/users/wil";

async fn scene() -> Scene {
    let scene = Scene::start(&["relay.test", "origin.test", "evil.test"]).await;
    for id in [ACTOR, WRITER, "https://evil.test/users/eve"] {
        scene.serve_actor(id, json!({}));
    }
    scene
}

fn command(scene: &Scene, words: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dassie"));
    command.args(words).arg("--data").arg(scene.instance.data_dir());
    let output = tokio::task::block_in_place(|| command.output()).expect("dassie runs");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// Waits for an activity of a type at the relay.
async fn delivered(scene: &Scene, kind: &str) -> Value {
    let look = async || scene.peer.delivered("relay.test").into_iter().find(|activity| activity["type"] == kind);
    until(look).await.unwrap_or_else(|| panic!("no {kind}: {:?}", scene.peer.delivered("relay.test")))
}

fn announce(by: &str, number: u32, object: &str) -> Value {
    json!({
        "@context": CONTEXT, "id": format!("{by}/announces/{number}"), "type": "Announce", "actor": by,
        "to": [PUBLIC], "object": object,
    })
}

async fn public(scene: &Scene) -> Vec<String> {
    let list = scene.alice.get("/api/v1/timelines/public").await.json();
    list.as_array()
        .expect("a list")
        .iter()
        .map(|status| status["uri"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// A relay that agreed to what was asked of it.
async fn agreed(scene: &Scene, words: &[&str]) -> Value {
    let said = command(scene, &[&["relay", "add"], words].concat());
    assert!(said.contains("is asked"), "{said}");
    let follow = delivered(scene, "Follow").await;
    let accept = json!({
        "@context": CONTEXT, "id": format!("{ACTOR}/accepts/1"), "type": "Accept", "actor": ACTOR, "object": follow,
    });
    scene.sends(ACTOR, accept).await;
    scene.is_quiet().await;
    assert!(command(scene, &["relay", "list"]).contains(": accepted"));
    follow
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_tells_of_is_in_the_public_timeline_and_nowhere_else() {
    let scene = scene().await;
    // Nobody else may answer for it, and before it agreed it is not heeded.
    assert!(command(&scene, &["relay", "add", INBOX, "--tags", "Birds", "--per-hour", "3"]).contains("is asked"));
    let follow = delivered(&scene, "Follow").await;
    assert_eq!((&follow["actor"], &follow["object"]), (&json!(OWN), &json!(PUBLIC)));
    let by_another = json!({
        "@context": CONTEXT, "id": "https://evil.test/accepts/1", "type": "Accept", "actor": "https://evil.test/users/eve",
        "object": follow,
    });
    scene.sends("https://evil.test/users/eve", by_another).await;
    scene.is_quiet().await;
    assert!(command(&scene, &["relay", "list"]).contains(": asked"));
    let note = |number: u32| format!("https://origin.test/notes/{number}");
    let tagged = json!({"tag": [{"type": "Hashtag", "name": "#birds", "href": "https://origin.test/tags/birds"}]});
    for number in [1, 2, 4, 5, 6] {
        scene.serve_note(&note(number), WRITER, tagged.clone());
    }
    scene.serve_note(&note(3), WRITER, json!({}));
    scene.sends(ACTOR, announce(ACTOR, 1, &note(1))).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, Vec::<String>::new());

    agreed(&scene, &[INBOX, "--tags", "Birds", "--per-hour", "3"]).await;
    scene.sends("https://evil.test/users/eve", announce("https://evil.test/users/eve", 2, &note(2))).await;
    // Again what is known, what passes no filter, and more than the hour holds.
    for (number, object) in [(3, 1), (4, 1), (5, 3), (6, 4), (7, 5), (8, 6)] {
        scene.sends(ACTOR, announce(ACTOR, number, &note(object))).await;
        scene.is_quiet().await;
    }
    let mut seen = public(&scene).await;
    seen.sort();
    assert_eq!(seen, [note(1), note(4)]);
    assert!(command(&scene, &["relay", "list"]).contains("3 of 3 posts this hour"));
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    let told = scene.alice.get("/api/v1/notifications").await.json();
    assert_eq!((home, told), (json!([]), json!([])));
    let why = command(&scene, &["why", &note(1)]);
    assert!(why.contains(&format!("the relay {INBOX} told of it")), "{why}");
    let rows = scene.alice.get("/api/v1/timelines/public").await.json();
    assert!(rows.as_array().expect("a list").iter().all(|status| status["reblog"].is_null()));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_public_posts_reach_a_relay_of_mastodons_kind_until_it_is_left() {
    let scene = scene().await;
    let follow = agreed(&scene, &[INBOX]).await;
    let post = async |text: &str, visibility: &str| {
        let fields = [("status", text), ("visibility", visibility)];
        scene.alice.post("/api/v1/statuses", &fields).await.json()["id"].as_str().expect("an id").to_owned()
    };
    post("for followers", "private").await;
    post("not listed", "unlisted").await;
    let id = post("for everybody", "public").await;
    let create = delivered(&scene, "Create").await;
    assert!(create["object"]["content"].as_str().is_some_and(|text| text.contains("for everybody")), "{create}");
    scene.alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[], b"").await;
    delivered(&scene, "Delete").await;
    assert!(command(&scene, &["relay", "pause", INBOX]).contains("nothing is taken from"));
    post("while it is paused", "public").await;
    assert!(command(&scene, &["relay", "resume", INBOX]).contains("passes on again"));
    assert!(command(&scene, &["relay", "remove", INBOX]).contains("is left"));
    let undo = delivered(&scene, "Undo").await;
    assert_eq!((&undo["object"]["id"], &undo["object"]["object"]), (&follow["id"], &json!(PUBLIC)));
    post("after it was left", "public").await;
    scene.is_quiet().await;
    let creates = scene.peer.delivered("relay.test").iter().filter(|activity| activity["type"] == "Create").count();
    assert_eq!(creates, 1);
    assert!(command(&scene, &["relay", "remove", INBOX]).contains("there is no relay"));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_litepub_relay_is_followed_follows_back_and_is_told_by_announces() {
    let scene = scene().await;
    let follow = agreed(&scene, &[ACTOR, "--languages", "de"]).await;
    assert_eq!(follow["object"], ACTOR);
    let back = |by: &str| {
        json!({
            "@context": CONTEXT, "id": format!("{by}/follows/9"), "type": "Follow", "actor": by, "object": OWN,
        })
    };
    scene.sends("https://evil.test/users/eve", back("https://evil.test/users/eve")).await;
    scene.sends(ACTOR, back(ACTOR)).await;
    let accept = delivered(&scene, "Accept").await;
    assert_eq!((&accept["actor"], &accept["object"]["id"]), (&json!(OWN), &json!(format!("{ACTOR}/follows/9"))));
    let reply = scene.alice.post("/api/v1/statuses", &[("status", "for everybody")]).await.json();
    let announce_of_ours = delivered(&scene, "Announce").await;
    assert_eq!((&announce_of_ours["actor"], &announce_of_ours["object"]), (&json!(OWN), &reply["uri"]));
    scene.serve_note(
        "https://origin.test/notes/1",
        WRITER,
        json!({"content": "<p>Servus</p>", "contentMap": {"de-AT": "<p>Servus</p>"}}),
    );
    scene.serve_note(
        "https://origin.test/notes/2",
        WRITER,
        json!({"content": "<p>Hello</p>", "contentMap": {"en": "<p>Hello</p>"}}),
    );
    for number in [1, 2] {
        scene.sends(ACTOR, announce(ACTOR, number, &format!("https://origin.test/notes/{number}"))).await;
    }
    scene.is_quiet().await;
    let seen = public(&scene).await;
    assert!(seen.contains(&"https://origin.test/notes/1".to_owned()) && seen.len() == 2, "{seen:?}");
    assert!(scene.peer.delivered("evil.test").is_empty());
    assert!(command(&scene, &["relay", "remove", ACTOR]).contains("is left"));
    assert_eq!(delivered(&scene, "Undo").await["object"]["object"], ACTOR);
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_forwards_is_read_from_its_origin_and_nobody_paused_or_refusing_is_heeded() {
    let scene = scene().await;
    let follow = agreed(&scene, &[INBOX]).await;
    let note = |number: u32| format!("https://origin.test/notes/{number}");
    for number in 1..=5 {
        scene.serve_note(&note(number), WRITER, json!({"content": "<p>true words</p>"}));
    }
    let forwarded = |number: u32| {
        json!({
            "@context": CONTEXT, "id": format!("https://origin.test/creates/{number}"), "type": "Create",
            "actor": WRITER, "to": [PUBLIC], "object": {
                "id": note(number), "type": "Note", "attributedTo": WRITER, "content": "<p>forged words</p>",
                "to": [PUBLIC], "published": "2026-11-01T00:00:00Z",
            },
        })
    };
    scene.sends(ACTOR, forwarded(1)).await;
    scene.sends("https://evil.test/users/eve", forwarded(2)).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, [note(1)]);
    let shown = scene.alice.get("/api/v1/timelines/public").await.json();
    assert_eq!(shown[0]["content"], "<p>true words</p>");

    command(&scene, &["relay", "pause", INBOX]);
    scene.sends(ACTOR, announce(ACTOR, 1, &note(3))).await;
    scene.is_quiet().await;
    command(&scene, &["relay", "resume", INBOX]);
    scene.sends(ACTOR, announce(ACTOR, 2, &note(4))).await;
    scene.is_quiet().await;
    let reject = json!({
        "@context": CONTEXT, "id": format!("{ACTOR}/rejects/1"), "type": "Reject", "actor": ACTOR, "object": follow,
    });
    scene.sends(ACTOR, reject).await;
    scene.is_quiet().await;
    assert!(command(&scene, &["relay", "list"]).contains(": refused"));
    scene.sends(ACTOR, announce(ACTOR, 3, &note(5))).await;
    scene.is_quiet().await;
    let mut seen = public(&scene).await;
    seen.sort();
    assert_eq!(seen, [note(1), note(4)]);
    for (url, why) in [
        ("https://local.test/inbox", "is this server"),
        ("ftp://relay.test/inbox", "does not begin with https://"),
        ("https:///inbox", "is no address"),
    ] {
        assert!(command(&scene, &["relay", "add", url]).contains(why), "{url}");
    }
    assert!(command(&scene, &["relay", "add", INBOX, "--per-hour", "0"]).contains("at least 1"));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_forwards_with_a_proof_is_read_from_its_origin_too() {
    let scene = scene().await;
    let (key, method) = (ProofKey::generate().expect("a key"), format!("{WRITER}#ed25519-key"));
    let listed = json!({"assertionMethod": [{"id": method, "type": "Multikey", "controller": WRITER,
        "publicKeyMultibase": key.multikey()}]});
    scene.serve_actor(WRITER, listed);
    agreed(&scene, &[INBOX]).await;
    let note = "https://origin.test/notes/1";
    scene.serve_note(note, WRITER, json!({"content": "<p>true words</p>"}));
    let mut create = json!({
        "@context": CONTEXT, "id": "https://origin.test/creates/1", "type": "Create", "actor": WRITER, "to": [PUBLIC],
        "object": {
            "id": note, "type": "Note", "attributedTo": WRITER, "content": "<p>older words</p>", "to": [PUBLIC],
            "published": "2026-11-01T00:00:00Z",
        },
    });
    let members = create.as_object_mut().expect("an object");
    proof::attach(members, &key, &method, Timestamp(scene.instance.now_ms())).expect("it is made");
    scene.sends(ACTOR, create).await;
    scene.is_quiet().await;
    let shown = scene.alice.get("/api/v1/timelines/public").await.json();
    assert_eq!((&shown[0]["uri"], &shown[0]["content"]), (&json!(note), &json!("<p>true words</p>")), "{shown}");
    scene.instance.is_sound();
}
