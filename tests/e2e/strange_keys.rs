//! Keys that nobody here knows yet: asked for once each, waited for a little, and a server that hangs holds up nobody else.

use crate::{instance::until, peer::Answer, scene::Scene, sign::SigningKey, web::Reply};
use dassie::limits;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use storage::account;

/// What is far below `limits::KEY_WAIT_MS`, and far above what an answer takes.
const AT_ONCE: Duration = Duration::from_millis(1_500);

fn follow(actor: &str, number: usize) -> Value {
    json!({"id": format!("{actor}/follows/{number}"), "type": "Follow", "object": "https://local.test/users/alice"})
}

/// How often the fake peer was asked for an actor.
fn asked(scene: &Scene, host: &str, path: &str) -> usize {
    scene.peer.seen(|seen| seen.authority == host && seen.path == path && seen.method == "GET").len()
}

async fn timed(asking: impl Future<Output = Reply>) -> (Reply, Duration) {
    let began = Instant::now();
    (asking.await, began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_keeps_no_other_from_being_heard() {
    let scene = Scene::start(&["good.test", "hangs.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    let good = "https://good.test/users/good";
    scene.serve_actor(good, json!({}));
    let hanging: Vec<String> =
        (0..limits::KEY_WAITING_PER_HOST + 8).map(|number| format!("https://hangs.test/users/u{number}")).collect();
    let many = futures_of(hanging.iter().map(|actor| timed(scene.posts(actor, follow(actor, 1)))));
    let healthy = async {
        let waiting = scene.peer.wait_for(Duration::from_secs(5), |seen| seen.authority == "hangs.test");
        assert!(waiting.await.is_some(), "the hanging host was asked");
        timed(scene.posts(good, follow(good, 1))).await
    };
    let (replies, (heard, took)) = tokio::join!(many, healthy);
    assert_eq!(heard.status, 202, "{}", heard.text());
    assert!(took < AT_ONCE, "it waited {took:?} for others");
    for (reply, took) in &replies {
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("10")), "{}", reply.text());
        assert!(*took < Duration::from_millis(limits::KEY_WAIT_MS) + AT_ONCE, "{took:?}");
    }
    let at_once = replies.iter().filter(|(_, took)| *took < AT_ONCE).count();
    assert!(at_once >= 8, "{at_once} were sent away at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_asked_for_once_however_many_wait_for_it() {
    let scene = Scene::start(&["hangs.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    let actor = "https://hangs.test/users/busy";
    let replies = futures_of((0..6).map(|number| scene.posts(actor, follow(actor, number)))).await;
    assert!(replies.iter().all(|reply| reply.status == 503));
    assert_eq!(asked(&scene, "hangs.test", "/users/busy"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_had_is_soon_asked_for_again_and_what_is_gone_later() {
    let scene = Scene::start(&["good.test"]).await;
    let [late, gone, wrong] = ["late", "gone", "wrong"].map(|name| format!("https://good.test/users/{name}"));
    scene.peer.serve(&late, Answer::Status(500));
    scene.peer.serve(&gone, Answer::Status(410));
    // It lists another key than it signs with.
    let other = json!({"id": format!("{wrong}#other"), "owner": wrong, "publicKeyPem": scene.pem()});
    scene.serve_actor(&wrong, json!({ "publicKey": other }));
    let answers = async || {
        let mut statuses = Vec::new();
        for actor in [&late, &gone, &wrong] {
            statuses.push(scene.posts(actor, follow(actor, 1)).await.status);
        }
        statuses
    };
    assert_eq!(answers().await, [503, 401, 401]);
    for actor in [&late, &gone, &wrong] {
        scene.serve_actor(actor, json!({}));
    }
    let before = asked(&scene, "good.test", "/users/gone");
    assert_eq!(answers().await, [503, 401, 401], "remembered");
    scene.instance.clock.advance(limits::KEY_FAILED_MS);
    assert_eq!(answers().await, [202, 401, 401], "what may pass is tried again");
    assert_eq!(asked(&scene, "good.test", "/users/gone"), before);
    scene.instance.clock.advance(limits::KEY_REFUSED_MS);
    assert_eq!(answers().await, [202, 202, 202]);
}

/// Whether somebody who was known here counts as gone.
async fn is_gone(scene: &Scene, actor: &str) -> bool {
    let wanted = actor.to_owned();
    let row = scene.instance.running.server.read(move |view| Ok(account::find_by_uri(view, &wanted)?)).await;
    row.expect("a read").is_none_or(|row| row.suspended_at.is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_keys_unheard_and_went_is_gone_once_their_server_says_so() {
    let mut scene = Scene::start(&["good.test"]).await;
    let [gone, hidden, here] = ["gone", "hidden", "here"].map(|name| format!("https://good.test/users/{name}"));
    for actor in [&gone, &hidden, &here] {
        scene.serve_actor(actor, json!({}));
        scene.sends(actor, follow(actor, 1)).await;
    }
    scene.is_quiet().await;
    scene.instance.clock.advance(limits::KEY_FRESH_MS + 1_000);
    // From now on all of them sign with a key that nobody here has seen, and two cannot show it any more.
    scene.key = SigningKey::generate();
    scene.peer.serve(&gone, Answer::Status(410));
    scene.peer.serve(&hidden, Answer::Status(404));
    let mut answers = Vec::new();
    for actor in [&gone, &hidden, &here] {
        let delete = json!({"id": format!("{actor}#delete"), "type": "Delete", "object": actor});
        answers.push(scene.posts(actor, delete).await.status);
    }
    assert_eq!(answers, [202, 202, 401], "whoever still shows the old key did not sign that");
    let goes = until(|| async { is_gone(&scene, &gone).await.then_some(()) });
    assert!(goes.await.is_some(), "its own server says that it is gone");
    scene.is_quiet().await;
    assert!(!is_gone(&scene, &hidden).await, "who answers 404 may only be hidden from us");
    assert!(!is_gone(&scene, &here).await);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// All of them at once.
async fn futures_of<F: Future>(asking: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = asking.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, outcome) in running.iter_mut().zip(&mut done) {
            if outcome.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *outcome = Some(output);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
