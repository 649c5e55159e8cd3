//! Accounts that move, and those who only say so (FEDERATION §3, Move; SECURITY A8).

use crate::{instance::until, scene::Scene};
use dassie::limits;
use serde_json::{Value, json};
use std::time::Duration;
use storage::relationship::{self, Follow};

const OLD: &str = "https://old.test/users/vic";
const NEW: &str = "https://new.test/users/vic";

/// Alice follows vic at the old place; the numbers of both accounts.
async fn scene(old: Value, new: Value) -> (Scene, String, String) {
    let scene = Scene::start(&["old.test", "new.test", "evil.test"]).await;
    scene.serve_actor(OLD, json!({}));
    scene.serve_actor(NEW, json!({}));
    let (from, to) = (known(&scene, OLD).await, known(&scene, NEW).await);
    follows(&scene, &from).await;
    scene.serve_actor(OLD, old);
    scene.serve_actor(NEW, new);
    (scene, from, to)
}

/// Alice follows an account, as if its server had accepted that.
async fn follows(scene: &Scene, whom: &str) {
    let ids = [scene.alice.id.as_str(), whom].map(|id| id.parse().expect("a number"));
    let stored = scene.instance.running.server.write(move |tx| {
        let row = tx.next_id();
        let languages = vec!["de".to_owned()];
        let uri = format!("/users/alice#follows/{row}");
        let follow = Follow { reblogs: false, languages, ..Follow::bare(row, uri, tx.now()) };
        Ok(relationship::put(tx, ids[0], ids[1], &follow)?)
    });
    stored.await.expect("the follow is stored");
}

async fn known(scene: &Scene, uri: &str) -> String {
    let found = scene.alice.search("accounts", uri, true).await;
    found.first().and_then(|account| account["id"].as_str()).expect("it is found").to_owned()
}

async fn relation(scene: &Scene, id: &str) -> Value {
    scene.alice.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await.json()[0].clone()
}

fn moves(object: &str) -> Value {
    json!({"id": format!("{object}#moves"), "type": "Move", "object": object, "target": NEW})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_go_with_an_account_that_both_places_vouch_for() {
    let (scene, from, to) = scene(json!({"movedTo": NEW}), json!({"alsoKnownAs": [OLD]})).await;
    scene.sends(OLD, moves(OLD)).await;
    let gone = until(|| async { (relation(&scene, &from).await["following"] == false).then_some(()) });
    assert!(gone.await.is_some(), "the old account is not followed any more");
    let asked = relation(&scene, &to).await;
    assert_eq!((&asked["requested"], &asked["following"]), (&json!(true), &json!(false)), "until it accepts");
    let old = scene.alice.get(&format!("/api/v1/accounts/{from}")).await.json();
    assert_eq!(old["moved"]["acct"], "vic@new.test");
    let wait = Duration::from_secs(6);
    let is = |host: &'static str, kind: &'static str| {
        scene.peer.wait_for(wait, move |seen| {
            seen.authority == host && seen.json().is_some_and(|activity| activity["type"] == kind)
        })
    };
    let follow = is("new.test", "Follow").await.expect("the new account is asked").json().expect("an activity");
    assert_eq!(follow["object"], NEW);
    assert!(is("old.test", "Undo").await.is_some(), "the old server is told");
    scene.sends(NEW, json!({"id": format!("{NEW}#accepts"), "type": "Accept", "object": follow["id"]})).await;
    let follows = until(|| async {
        let seen = relation(&scene, &to).await;
        (seen["following"] == true).then_some(seen)
    });
    let seen = follows.await.expect("the follow begins");
    assert_eq!((&seen["showing_reblogs"], &seen["languages"]), (&json!(false), &json!(["de"])), "as it was");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_one_side_does_not_confirm_moves_nobody() {
    for (old, new, why) in [
        (json!({"movedTo": NEW}), json!({}), "the target names no alias"),
        (json!({"movedTo": NEW}), json!({"alsoKnownAs": ["https://old.test/users/other"]}), "it names another"),
        (json!({"movedTo": "https://evil.test/users/eve"}), json!({"alsoKnownAs": [OLD]}), "it went elsewhere"),
    ] {
        let (scene, from, to) = scene(old, new).await;
        scene.sends(OLD, moves(OLD)).await;
        scene.is_quiet().await;
        assert_eq!(relation(&scene, &from).await["following"], true, "{why}");
        assert_eq!(relation(&scene, &to).await["requested"], false, "{why}");
        scene.instance.running.stop().await.expect("it stops");
    }
}

/// snac says nothing of a move but the Move itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_that_it_moves_need_not_say_it_twice() {
    let (scene, from, to) = scene(json!({}), json!({"alsoKnownAs": [OLD]})).await;
    scene.sends(OLD, moves(OLD)).await;
    let gone = until(|| async { (relation(&scene, &from).await["following"] == false).then_some(()) });
    assert!(gone.await.is_some(), "the move is heeded");
    assert_eq!(relation(&scene, &to).await["requested"], true);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_moves_another() {
    let (scene, from, to) = scene(json!({"movedTo": NEW}), json!({"alsoKnownAs": [OLD]})).await;
    scene.sends(NEW, json!({"id": format!("{NEW}#moves"), "type": "Move", "object": OLD, "target": NEW})).await;
    scene.is_quiet().await;
    assert_eq!(relation(&scene, &from).await["following"], true);
    assert_eq!(relation(&scene, &to).await["requested"], false);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_are_led_on_only_after_seven_days() {
    const NEXT: &str = "https://new.test/users/vera";
    let (scene, from, to) = scene(json!({"movedTo": NEW}), json!({"alsoKnownAs": [OLD]})).await;
    scene.sends(OLD, moves(OLD)).await;
    let gone = until(|| async { (relation(&scene, &from).await["following"] == false).then_some(()) });
    assert!(gone.await.is_some(), "the first move is heeded");
    assert_eq!(relation(&scene, &to).await["requested"], true);
    // Somebody has taken the old account over and names the next place.
    scene.serve_actor(NEXT, json!({"alsoKnownAs": [OLD]}));
    let next = known(&scene, NEXT).await;
    follows(&scene, &from).await;
    scene.serve_actor(OLD, json!({"movedTo": NEXT}));
    let again =
        |number: u32| json!({"id": format!("{OLD}#moves/{number}"), "type": "Move", "object": OLD, "target": NEXT});
    scene.sends(OLD, again(2)).await;
    scene.is_quiet().await;
    assert_eq!(relation(&scene, &from).await["following"], true, "nobody is led on");
    assert_eq!(relation(&scene, &next).await["requested"], false);
    scene.instance.clock.advance(limits::MOVE_HEEDED_AGAIN_MS);
    scene.sends(OLD, again(3)).await;
    let gone = until(|| async { (relation(&scene, &from).await["following"] == false).then_some(()) });
    assert!(gone.await.is_some(), "after seven days");
    assert_eq!(relation(&scene, &next).await["requested"], true);
    scene.instance.running.stop().await.expect("it stops");
}
