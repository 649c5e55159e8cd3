//! What comes late, or in another order than it was said in.

use crate::{
    instance::until,
    peer::Answer,
    scene::{CONTEXT, Scene, note},
};
use dassie::{clock::iso, limits};
use serde_json::{Value, json};
use storage::{
    Bounds, Direction, Timestamp,
    job::{JOBS, JobKind},
};

const FAY: &str = "https://friend.test/users/fay";
const GUS: &str = "https://friend.test/users/gus";

/// Alice follows fay and gus, and wants to hear of all that they post.
async fn scene() -> Scene {
    let scene = Scene::start(&["friend.test"]).await;
    for whom in [FAY, GUS] {
        scene.serve_actor(whom, json!({}));
        scene.follows(&scene.alice, whom).await;
    }
    scene
}

/// A post by fay that is so many minutes old.
fn post(scene: &Scene, id: &str, minutes: i64) -> Value {
    let published = Timestamp(scene.instance.now_ms()).plus_ms(-minutes * 60_000);
    note(id, FAY, json!({"published": iso(published)}))
}

async fn says(scene: &Scene, by: &str, kind: &str, number: u32, object: Value) {
    let id = format!("{by}/activities/{number}");
    scene.sends(by, json!({"id": id, "type": kind, "object": object})).await;
    scene.is_quiet().await;
}

async fn is_here(scene: &Scene, id: &str) -> bool {
    !scene.alice.search("statuses", id, false).await.is_empty()
}

/// The posts of which alice was told that they were posted, the last first.
async fn bells(scene: &Scene) -> Vec<Value> {
    let told = scene.alice.get("/api/v1/notifications?types[]=status").await.json();
    told.as_array().expect("a list").iter().map(|told| told["status"]["uri"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_of_an_old_post_that_is_not_here_brings_it_to_nobody() {
    let scene = scene().await;
    let id = |number: u32| format!("https://friend.test/notes/{number}");
    says(&scene, FAY, "Update", 1, post(&scene, &id(1), 24 * 60 + 1)).await;
    assert!(!is_here(&scene, &id(1)).await, "its Create concerned nobody");
    says(&scene, FAY, "Update", 2, post(&scene, &id(2), 5)).await;
    assert!(is_here(&scene, &id(2)).await, "it overtook its Create");
    assert_eq!(bells(&scene).await, [id(2)]);
    // Of two late ones the bell rings for the one that is news.
    for (number, minutes) in [(3, 6 * 60 + 1), (4, 5 * 60)] {
        says(&scene, FAY, "Create", number, post(&scene, &id(number), minutes)).await;
        assert!(is_here(&scene, &id(number)).await, "{number}");
    }
    assert_eq!(bells(&scene).await, [id(4), id(2)]);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_post_answers_is_asked_for_again_until_its_server_answers() {
    let scene = scene().await;
    let (parent, gone) = ("https://friend.test/notes/parent", "https://friend.test/notes/gone");
    scene.peer.serve(parent, Answer::Status(500));
    let asked = |path: &str| scene.peer.seen(|seen| seen.method == "GET" && seen.path == path).len();
    for (number, answers) in [(1, parent), (2, gone)] {
        let mut reply = post(&scene, &format!("https://friend.test/notes/{number}"), 1);
        reply["inReplyTo"] = json!(answers);
        reply["to"] = json!([format!("{CONTEXT}#Public"), scene.alice.uri]);
        reply["tag"] = json!([{"type": "Mention", "href": scene.alice.uri}]);
        says(&scene, FAY, "Create", number, reply).await;
    }
    assert_eq!((asked("/notes/parent"), asked("/notes/gone")), (1, 1));
    scene.serve_note(parent, GUS, json!({}));
    // By then it is forgotten that it could not be had.
    scene.instance.clock.advance(6 * 60_000);
    let answered = until(|| async {
        let found = scene.alice.search("statuses", "https://friend.test/notes/1", false).await;
        found.first().filter(|status| status["in_reply_to_id"].is_string()).map(|_| ())
    });
    assert!(answered.await.is_some(), "it joins what it answers");
    assert_eq!((asked("/notes/parent"), asked("/notes/gone")), (2, 1));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_try_for_what_a_post_answers_asks_its_server_and_there_are_no_more_of_them_than_said() {
    let scene = scene().await;
    let parent = "https://friend.test/notes/parent";
    scene.peer.serve(parent, Answer::Status(500));
    let asked = || scene.peer.seen(|seen| seen.method == "GET" && seen.path == "/notes/parent").len();
    let mut reply = post(&scene, "https://friend.test/notes/1", 1);
    reply["inReplyTo"] = json!(parent);
    reply["to"] = json!([format!("{CONTEXT}#Public"), scene.alice.uri]);
    reply["tag"] = json!([{"type": "Mention", "href": scene.alice.uri}]);
    says(&scene, FAY, "Create", 1, reply).await;
    // How often the job has been put off; none once it is over.
    let put_off = || async {
        let jobs = scene.instance.running.server.read(|view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            let job = jobs.into_iter().find(|(_, job)| matches!(job.kind, JobKind::FetchAncestors { .. }));
            Ok(job.map(|(_, job)| job.attempts))
        });
        jobs.await.expect("a read")
    };
    for tries in 1..limits::ANCESTORS_ATTEMPTS {
        let waits = until(|| async { (put_off().await == Some(tries)).then_some(()) });
        assert!(waits.await.is_some(), "it is put off after try {tries}");
        assert_eq!(asked(), tries as usize);
        scene.instance.clock.advance(limits::FETCH_NEGATIVE_MS);
    }
    assert!(until(|| async { put_off().await.is_none().then_some(()) }).await.is_some(), "it is given up");
    assert_eq!(asked(), limits::ANCESTORS_ATTEMPTS as usize);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bell_rings_once_for_a_post_that_somebodys_boost_brought_before_its_author() {
    let scene = scene().await;
    let id = "https://friend.test/notes/1";
    let posted = post(&scene, id, 1);
    scene.peer.serve(id, Answer::document(&posted));
    says(&scene, GUS, "Announce", 1, json!(id)).await;
    assert!(is_here(&scene, id).await);
    assert_eq!(bells(&scene).await, Vec::<Value>::new(), "it was read, not sent");
    for number in 1..=2 {
        says(&scene, FAY, "Create", number, posted.clone()).await;
        assert_eq!(bells(&scene).await, [id]);
    }
    // One that is no news when it comes rings none.
    let old = "https://friend.test/notes/2";
    let posted = post(&scene, old, 6 * 60 + 1);
    scene.peer.serve(old, Answer::document(&posted));
    says(&scene, GUS, "Announce", 2, json!(old)).await;
    says(&scene, FAY, "Create", 3, posted).await;
    assert_eq!(bells(&scene).await, [id]);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
