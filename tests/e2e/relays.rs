//! Relays of both kinds, played by a peer: what they tell of is read from its origin, enters the public timeline alone and
//! says how it came; ours reaches them; who is no relay is not heeded. Relays of tags: asked for what people here follow.

use crate::{
    instance::{DEADLINE, User, until},
    scene::{CONTEXT, Scene},
    schema,
    web::{Reply, form},
};
use dassie::{
    federation::signature::{ProofKey, proof},
    http::session,
};
use http::HeaderMap;
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, Timestamp,
    limits::TAG_RELAY_REST_MS,
    moderation::{AUDIT, AuditAction},
    user::{self, Role},
};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const OWN: &str = "https://local.test/actor";
const INBOX: &str = "https://relay.test/inbox";
const ACTOR: &str = "https://relay.test/users/relay";
const WRITER: &str = "https://origin.test/users/wil";
/// A relay of tags, and the one for birds.
const TAGS: &str = "https://relay.test/users/about{tag}";
const BIRDS: &str = "https://relay.test/users/aboutbirds";

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

/// A relay agrees to a Follow.
async fn accepts(scene: &Scene, actor: &str, follow: &Value) {
    let accept = json!({
        "@context": CONTEXT, "id": format!("{actor}/accepts/1"), "type": "Accept", "actor": actor, "object": follow,
    });
    scene.sends(actor, accept).await;
    scene.is_quiet().await;
}

async fn on_tag(who: &User, tag: &str, act: &str) {
    let reply = who.post(&format!("/api/v1/tags/{tag}/{act}"), &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

/// The relay for birds of a relay of tags, after it agreed.
async fn told_of_birds(scene: &Scene, words: &[&str]) -> Value {
    scene.serve_actor(BIRDS, json!({}));
    let said = command(scene, &[&["relay", "add", TAGS], words].concat());
    assert!(said.contains("is asked for the hashtags that people here follow"), "{said}");
    on_tag(&scene.alice, "Birds", "follow").await;
    let follow = delivered(scene, "Follow").await;
    assert_eq!((&follow["actor"], &follow["object"]), (&json!(OWN), &json!(BIRDS)));
    accepts(scene, BIRDS, &follow).await;
    follow
}

fn all_delivered(scene: &Scene, kind: &str) -> Vec<Value> {
    scene.peer.delivered("relay.test").into_iter().filter(|activity| activity["type"] == kind).collect()
}

/// The cookie of a browser in which alice is signed in.
pub(crate) async fn signed_in(scene: &Scene) -> String {
    let account: AccountId = scene.alice.id.parse().expect("a number");
    let begun = session::begin(&scene.instance.running.server, account, &HeaderMap::new()).await;
    let cookie = begun.expect("signed in");
    cookie.to_str().expect("plain text").split(';').next().expect("it has a value").to_owned()
}

/// A page as that browser gets it.
pub(crate) async fn page(scene: &Scene, cookie: &str, path: &str) -> Reply {
    let headers = [("Host", scene.instance.host.as_str()), ("Cookie", cookie), ("Accept", "text/html")];
    scene.instance.web.get(path, &headers).await
}

/// Sends the form of the page of relays.
async fn send(scene: &Scene, cookie: &str, fields: &[(&str, &str)]) -> Reply {
    let drawn = page(scene, cookie, "/admin/relays").await.text();
    let token = drawn.split("name=\"authenticity_token\" value=\"").nth(1).expect("a form").split('"').next();
    let fields = [&[("authenticity_token", token.expect("a token"))], fields].concat();
    let headers = [
        ("Host", scene.instance.host.as_str()),
        ("Cookie", cookie),
        ("Accept", "text/html"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    scene.instance.web.send("POST", "/admin/relays", &headers, form(&fields).as_bytes()).await
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
    let through = json!({"relay": "relay.test"});
    let marked = |status: &Value| status["reblog"].is_null() && status["dassie"] == through;
    assert!(rows.as_array().expect("a list").iter().all(marked), "{rows}");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_of_tags_is_left_once_nobody_follows_and_is_not_asked_by_turns() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    // What is followed before there is such a relay counts, too; and it is asked once.
    scene.serve_actor(BIRDS, json!({}));
    on_tag(&bob, "birds", "follow").await;
    command(&scene, &["relay", "add", TAGS]);
    let follow = delivered(&scene, "Follow").await;
    accepts(&scene, BIRDS, &follow).await;
    on_tag(&scene.alice, "birds", "follow").await;
    let list = command(&scene, &["relay", "list"]);
    assert!(list.contains("(tags): 1 of 80 hashtags") && list.contains("#birds: accepted"), "{list}");
    on_tag(&scene.alice, "birds", "unfollow").await;
    scene.instance.clock.advance(TAG_RELAY_REST_MS);
    scene.is_quiet().await;
    assert!(all_delivered(&scene, "Undo").is_empty(), "bob follows it");
    for act in ["unfollow", "follow", "unfollow", "follow", "unfollow"] {
        on_tag(&bob, "birds", act).await;
    }
    scene.instance.clock.advance(TAG_RELAY_REST_MS - 1);
    assert!(command(&scene, &["relay", "list"]).contains("#birds: accepted"));
    assert_eq!([all_delivered(&scene, "Follow").len(), all_delivered(&scene, "Undo").len()], [1, 0]);
    scene.instance.clock.advance(1);
    let undo = delivered(&scene, "Undo").await;
    assert_eq!((&undo["object"]["id"], &undo["object"]["object"]), (&follow["id"], &json!(BIRDS)));
    let list = command(&scene, &["relay", "list"]);
    assert!(list.contains("(tags): 0 of 80 hashtags") && !list.contains("#birds"), "{list}");
    // Nobody's word counts for it any more, until somebody follows the hashtag again.
    let note = "https://origin.test/notes/1";
    scene.serve_note(note, WRITER, json!({"tag": [{"type": "Hashtag", "name": "#birds"}]}));
    scene.sends(BIRDS, announce(BIRDS, 1, note)).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, Vec::<String>::new());
    on_tag(&bob, "birds", "follow").await;
    let again = until(async || all_delivered(&scene, "Follow").get(1).cloned()).await.expect("it is asked again");
    assert_ne!(again["id"], follow["id"]);
    // Its answer counts, also if it has the id of the first one.
    accepts(&scene, BIRDS, &again).await;
    assert!(command(&scene, &["relay", "list"]).contains("#birds: accepted"));
    scene.sends(BIRDS, announce(BIRDS, 2, note)).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, [note]);
    assert!(command(&scene, &["relay", "list"]).contains("#birds: accepted"));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_of_tags_tells_of_has_its_hashtag_and_says_how_it_came_but_at_home() {
    let scene = scene().await;
    told_of_birds(&scene, &["--per-hour", "3"]).await;
    let note = |number: u32| format!("https://origin.test/notes/{number}");
    let tagged = |name: &str| {
        let href = format!("https://origin.test/tags/{}", &name[1..]);
        json!({"tag": [{"type": "Hashtag", "name": name, "href": href}]})
    };
    for (number, name) in [(1, "#Birds"), (2, "#stones"), (3, "#birds"), (4, "#birds")] {
        scene.serve_note(&note(number), WRITER, tagged(name));
    }
    // One without the hashtag, and one more than the hour holds.
    for number in 1..=4 {
        scene.sends(BIRDS, announce(BIRDS, number, &note(number))).await;
        scene.is_quiet().await;
    }
    let mut seen = public(&scene).await;
    seen.sort();
    assert_eq!(seen, [note(1), note(3)]);
    let list = command(&scene, &["relay", "list"]);
    assert!(list.contains("2 posts today") && list.contains("3 of 3 posts this hour"), "{list}");
    let listed = command(&scene, &["relay", "list", "--json"]);
    assert!(listed.contains("\"tag\": \"birds\"") && listed.contains("\"came_today\": 2"), "{listed}");
    assert!(command(&scene, &["why", &note(1)]).contains(&format!("the relay {TAGS} told of it")));

    let told = json!({"relay": "relay.test"});
    let rows = async |path: &str| {
        let answer = scene.alice.get(path).await.json();
        answer.as_array().unwrap_or_else(|| panic!("{path}: {answer}")).clone()
    };
    for path in ["/api/v1/timelines/public", "/api/v1/timelines/tag/birds"] {
        let found = rows(path).await;
        assert!(found.len() == 2 && found.iter().all(|status| status["dassie"] == told), "{path}: {found:?}");
        assert!(found.iter().all(|status| status["reblog"].is_null()), "{path}: {found:?}");
        assert_eq!(schema::validate("Status", &found[0]), Vec::<String>::new());
    }
    let home = rows("/api/v1/timelines/home").await;
    assert!(home.len() == 2 && home.iter().all(|status| status.get("dassie").is_none()), "{home:?}");
    let own = scene.alice.post("/api/v1/statuses", &[("status", "ours")]).await.json();
    assert!(own.get("dassie").is_none(), "{own}");

    let cookie = signed_in(&scene).await;
    let mark = "through <bdi>relay.test</bdi>";
    let text = async |path: &str| page(&scene, &cookie, path).await.text();
    let guest = scene.instance.get("/tags/birds").await.text();
    assert!(guest.contains(mark) && !guest.contains("boosted"), "{guest}");
    let (known, without) = (text("/home/known").await, text("/home/known?relays=without").await);
    assert!(known.matches(mark).count() == 2 && known.contains("/home/known?relays=without"), "{known}");
    assert!(!without.contains(mark) && without.contains("ours"), "{without}");
    assert!(!text("/home").await.contains(mark));

    // Who is followed afterwards, and what is left, changes nothing about how it came.
    let (id, author) = (home[0]["id"].as_str().expect("an id"), home[0]["account"]["id"].as_str().expect("an id"));
    scene.alice.post(&format!("/api/v1/accounts/{author}/follow"), &[]).await;
    let status = async || scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
    assert_eq!(status().await["dassie"], told);
    assert!(command(&scene, &["relay", "remove", TAGS]).contains("is left"));
    assert_eq!(delivered(&scene, "Undo").await["object"]["object"], BIRDS);
    assert_eq!(status().await["dassie"], json!({"relay": null}));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_of_tags_may_be_known_by_its_inboxes_and_gets_nothing_of_ours() {
    const INBOXES: &str = "https://relay.test/tags/{tag}/inbox";
    let scene = scene().await;
    for (words, why) in [
        (&["relay", "add", "https://{tag}.relay.test/inbox"][..], "is no address"),
        (&["relay", "add", INBOXES, "--tags", "birds"], "are those that people here follow"),
        (&["relay", "add", INBOXES], "is asked for the hashtags"),
        (&["relay", "add", TAGS], "has a relay of tags here already"),
    ] {
        let said = command(&scene, words);
        assert!(said.contains(why), "{said}");
    }
    on_tag(&scene.alice, "Gr%C3%B6%C3%9Fe", "follow").await;
    let path = "/tags/gr%C3%B6%C3%9Fe/inbox";
    let asked = scene.peer.wait_for(DEADLINE, |seen| seen.method == "POST" && seen.path == path).await;
    let follow = asked.and_then(|asked| asked.json()).expect("it is asked");
    assert_eq!((&follow["type"], &follow["object"]), (&json!("Follow"), &json!(PUBLIC)));
    accepts(&scene, ACTOR, &follow).await;
    assert!(command(&scene, &["relay", "list"]).contains("#größe: accepted"));

    let note = "https://origin.test/notes/1";
    scene.serve_note(note, WRITER, json!({"tag": [{"type": "Hashtag", "name": "#Größe"}]}));
    assert!(command(&scene, &["relay", "pause", INBOXES]).contains("nothing is taken from"));
    scene.sends(ACTOR, announce(ACTOR, 1, note)).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, Vec::<String>::new());
    assert!(command(&scene, &["relay", "resume", INBOXES]).contains("passes on again"));
    scene.sends(ACTOR, announce(ACTOR, 2, note)).await;
    scene.is_quiet().await;
    assert_eq!(public(&scene).await, [note]);

    scene.alice.post("/api/v1/statuses", &[("status", "for everybody #größe")]).await;
    assert!(command(&scene, &["relay", "remove", INBOXES]).contains("is left"));
    let undo = delivered(&scene, "Undo").await;
    assert_eq!((&undo["object"]["id"], &undo["object"]["object"]), (&follow["id"], &json!(PUBLIC)));
    scene.is_quiet().await;
    assert!(all_delivered(&scene, "Create").is_empty() && all_delivered(&scene, "Announce").is_empty());
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_decide_about_servers_looks_after_relays_on_a_page() {
    let scene = scene().await;
    let cookie = signed_in(&scene).await;
    assert_eq!(page(&scene, &cookie, "/admin/relays").await.status, 403);
    assert!(!page(&scene, &cookie, "/settings").await.text().contains("/admin/relays"));
    let alice: AccountId = scene.alice.id.parse().expect("a number");
    let server = &scene.instance.running.server;
    let promote = move |tx: &mut storage::Tx<'_>| {
        let mut user = user::find(tx, alice)?.ok_or(dassie::error::Error::NotFound)?;
        user.role = Role::Admin;
        Ok(user::put(tx, &user)?)
    };
    server.write(promote).await.expect("promoted");
    assert!(page(&scene, &cookie, "/settings").await.text().contains("/admin/relays"));
    let typed = |url: &'static str, per_hour: &'static str| {
        [("url", url), ("tags", "Birds, stones"), ("languages", ""), ("per_hour", per_hour), ("do", "add")]
    };
    for (url, per_hour, why) in [
        (INBOX, "many", "cannot be read"),
        ("ftp://relay.test/inbox", "5", "no address"),
        (TAGS, "5", "leave the field"),
    ] {
        let refused = send(&scene, &cookie, &typed(url, per_hour)).await;
        let text = refused.text();
        assert!(refused.status == 422 && text.contains(why) && text.contains("Birds, stones"), "{url}: {text}");
    }
    assert_eq!(send(&scene, &cookie, &typed(INBOX, "5")).await.status, 303);
    let follow = delivered(&scene, "Follow").await;
    accepts(&scene, ACTOR, &follow).await;
    assert_eq!(send(&scene, &cookie, &[("url", TAGS), ("per_hour", "7"), ("do", "add")]).await.status, 303);
    scene.serve_actor(BIRDS, json!({}));
    on_tag(&scene.alice, "birds", "follow").await;
    let shown = page(&scene, &cookie, "/admin/relays").await.text();
    for words in [INBOX, "agreed", "<bdi>stones</bdi>", "0 of 5 posts", "<bdi>#birds</bdi>", "asked", "0 posts today"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(send(&scene, &cookie, &[("pause", INBOX)]).await.status, 303);
    assert!(page(&scene, &cookie, "/admin/relays").await.text().contains("name=\"resume\""));
    assert_eq!(send(&scene, &cookie, &[("resume", INBOX)]).await.status, 303);
    assert_eq!(send(&scene, &cookie, &[("leave", INBOX)]).await.status, 303);
    assert_eq!(delivered(&scene, "Undo").await["object"]["id"], follow["id"]);
    let deeds = server.read(|view| Ok(AUDIT.list(view, &(), Bounds::NONE, Direction::Ascending, 9)?)).await;
    let deeds: Vec<_> = deeds.expect("read").into_iter().map(|(_, deed)| deed.action).collect();
    let (added, left) = (AuditAction::AddRelay, AuditAction::RemoveRelay);
    assert_eq!(deeds, [added, added, AuditAction::PauseRelay, AuditAction::ResumeRelay, left]);
    scene.instance.is_sound();
}
