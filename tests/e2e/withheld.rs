//! What a server gives to few, and brings by its id alone: it is asked for in the name of somebody here who may well read it,
//! and told to nobody else (FEDERATION §4).

use crate::{
    instance::User,
    peer::{Answer, Seen},
    scene::{CONTEXT, Scene, note},
};
use serde_json::{Value, json};
use std::sync::Arc;

const VIC: &str = "https://author.test/users/vic";
const FOLLOWERS: &str = "https://author.test/users/vic/followers";
const NOTE: &str = "https://author.test/notes/1";

async fn scene() -> Scene {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    scene.serve_actor(VIC, json!({"followers": FOLLOWERS}));
    scene.follows(&scene.alice, VIC).await;
    scene
}

/// A post by vic of today for the followers.
fn post(id: &str, extra: &Value) -> Value {
    let mut post = note(id, VIC, json!({"to": [FOLLOWERS], "published": "2026-12-01T11:59:00Z"}));
    for (name, value) in extra.as_object().expect("members") {
        post[name] = value.clone();
    }
    post
}

/// Whether a request is signed with this actor's key.
fn is_signed_by(seen: &Seen, actor: &str) -> bool {
    let key = format!("keyId=\"{actor}#main-key\"");
    seen.header("signature").is_some_and(|signature| signature.contains(&key))
}

/// Answers so at `id` whoever signs as alice, and 404 everybody else.
fn serve_to_alice(scene: &Scene, id: &str, answer: Answer) {
    serve_to(scene, &scene.alice, id, answer);
}

/// The same of somebody else.
fn serve_to(scene: &Scene, whom: &User, id: &str, answer: Answer) {
    let reader = whom.uri.clone();
    let make = move |seen: &Seen| if is_signed_by(seen, &reader) { answer.clone() } else { Answer::Status(404) };
    scene.peer.serve(id, Answer::Make(Arc::new(make)));
}

/// Requests for what lies at author.test under `path`: of the instance actor, and of alice.
fn asked(scene: &Scene, path: &str) -> [usize; 2] {
    ["https://local.test/actor", scene.alice.uri.as_str()].map(|actor| {
        let of = |seen: &Seen| seen.authority == "author.test" && seen.path == path && is_signed_by(seen, actor);
        scene.peer.seen(of).len()
    })
}

async fn sends(scene: &Scene, activity: Value) {
    scene.sends(VIC, activity).await;
    scene.is_quiet().await;
}

/// The status with this id as somebody sees it, if they may.
async fn sees(user: &User, id: &str) -> Option<Value> {
    user.search("statuses", id, false).await.into_iter().next()
}

async fn does(user: &User, path: &str, fields: &[(&str, &str)]) {
    let reply = user.post(path, fields).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_for_followers_and_comes_by_its_id_is_asked_for_in_the_name_of_one_of_them() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    serve_to_alice(&scene, NOTE, Answer::document(&post(NOTE, &json!({}))));
    // Not for whoever searches, nor for what says that it is for everybody.
    assert!(scene.alice.search("statuses", NOTE, true).await.is_empty());
    let public = format!("{CONTEXT}#Public");
    sends(&scene, json!({"id": format!("{NOTE}#a"), "type": "Create", "to": [public], "object": NOTE})).await;
    assert_eq!(asked(&scene, "/notes/1"), [1, 0], "the answer is remembered");

    sends(&scene, json!({"id": format!("{NOTE}#b"), "type": "Create", "to": [FOLLOWERS], "object": NOTE})).await;
    assert_eq!(asked(&scene, "/notes/1"), [2, 1]);
    let seen = sees(&scene.alice, NOTE).await.expect("she follows vic");
    assert_eq!(seen["visibility"], "private");
    assert!(sees(&bob, NOTE).await.is_none(), "he does not");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_for_followers_that_its_author_shares_by_its_id_is_read() {
    let scene = scene().await;
    serve_to_alice(&scene, NOTE, Answer::document(&post(NOTE, &json!({}))));
    let share = json!({"id": format!("{NOTE}#share"), "type": "Announce", "to": [FOLLOWERS], "object": NOTE});
    sends(&scene, share).await;
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    let shared = home.as_array().expect("a list").iter().find(|status| status["reblog"]["uri"] == NOTE);
    assert_eq!(shared.expect("it is shared")["visibility"], "private");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_answer_for_few_answers_on_its_own_server_is_read_by_whoever_it_is_for() {
    let scene = scene().await;
    let answer = "https://author.test/notes/2";
    let for_alice = json!({"to": [scene.alice.uri.clone()]});
    serve_to_alice(&scene, NOTE, Answer::document(&post(NOTE, &for_alice)));
    let below = post(answer, &json!({"to": [scene.alice.uri.clone()], "inReplyTo": NOTE}));
    let create =
        json!({"id": format!("{answer}#c"), "type": "Create", "to": [scene.alice.uri.clone()], "object": below});
    sends(&scene, create).await;
    let id = sees(&scene.alice, answer).await.expect("it is for her")["id"].as_str().expect("an id").to_owned();
    let context = scene.alice.get(&format!("/api/v1/statuses/{id}/context")).await.json();
    assert_eq!(context["ancestors"][0]["uri"], NOTE, "{context}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_led_to_another_server_and_a_stranger_is_asked_in_nobodys_name() {
    let scene = scene().await;
    serve_to_alice(&scene, NOTE, Answer::Redirect("https://evil.test/notes/1".to_owned()));
    sends(&scene, json!({"id": format!("{NOTE}#a"), "type": "Create", "to": [FOLLOWERS], "object": NOTE})).await;
    assert_eq!(asked(&scene, "/notes/1"), [1, 1]);
    // Another server's, shared by vic.
    let other = "https://evil.test/notes/2";
    sends(&scene, json!({"id": format!("{NOTE}#s"), "type": "Announce", "to": [FOLLOWERS], "object": other})).await;
    let alice = scene.alice.uri.as_str();
    let at_evil = scene.peer.seen(|seen| seen.authority == "evil.test");
    assert!(at_evil.iter().any(|seen| seen.path == "/notes/2"), "it is asked for");
    assert!(!at_evil.iter().any(|seen| is_signed_by(seen, alice)), "in her name");
    assert!(!at_evil.iter().any(|seen| seen.path == "/notes/1"), "by a redirect");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_for_few_is_counted_anew_in_the_name_of_somebody_who_may_read_it() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    let question = |id: &str, to: &str, votes: u32| {
        let count = |total: u32| json!({"type": "Collection", "totalItems": total});
        let options = json!([{"type": "Note", "name": "yes", "replies": count(votes)},
            {"type": "Note", "name": "no", "replies": count(0)}]);
        post(id, &json!({"type": "Question", "to": [to], "oneOf": options, "endTime": "2026-12-05T12:00:00Z"}))
    };
    let direct = "https://author.test/notes/2";
    // Bob does not follow vic, and alice is not named: each is asked for what is for them.
    for (id, whom, to) in [(NOTE, &scene.alice, FOLLOWERS), (direct, &bob, bob.uri.as_str())] {
        let create = json!({"id": format!("{id}#c"), "type": "Create", "to": [to], "object": question(id, to, 1)});
        sends(&scene, create).await;
        serve_to(&scene, whom, id, Answer::document(&question(id, to, 5)));
        let seen = sees(whom, id).await.expect("it is for them");
        assert_eq!(seen["poll"]["votes_count"], 1, "{seen}");
        let path = format!("/api/v1/polls/{}", seen["id"].as_str().expect("an id"));
        // Because they look.
        assert_eq!(whom.get(&path).await.status, 200);
        scene.is_quiet().await;
        assert_eq!(whom.get(&path).await.json()["votes_count"], 5);
    }
    assert_eq!((asked(&scene, "/notes/1"), asked(&scene, "/notes/2")), ([1, 1], [1, 0]));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_for_in_the_name_of_who_blocks_its_author_or_their_server() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    scene.follows(&bob, VIC).await;
    let found = scene.alice.search("accounts", VIC, false).await;
    let vic = format!("/api/v1/accounts/{}", found[0]["id"].as_str().expect("she follows them"));
    // How often one post for alice is asked for in her name, and in that of bob, who follows its author as well.
    let asked_as = async |number: usize| {
        let id = format!("https://author.test/notes/1{number}");
        let path = id.trim_start_matches("https://author.test");
        scene.peer.serve(&id, Answer::Status(404));
        let create = json!({"id": format!("{id}#c"), "type": "Create", "to": [scene.alice.uri.clone()], "object": id});
        sends(&scene, create).await;
        let of_bob = scene.peer.seen(|seen| seen.path == path && is_signed_by(seen, &bob.uri));
        [asked(&scene, path)[1], of_bob.len()]
    };
    assert_eq!(asked_as(0).await, [1, 0]);
    does(&scene.alice, &format!("{vic}/block"), &[]).await;
    assert_eq!(asked_as(1).await, [0, 1], "she blocks them");
    does(&scene.alice, &format!("{vic}/unblock"), &[]).await;
    assert_eq!(asked_as(2).await, [1, 0], "no more");
    does(&scene.alice, "/api/v1/domain_blocks", &[("domain", "author.test")]).await;
    assert_eq!(asked_as(3).await, [0, 1], "she blocks their server");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
