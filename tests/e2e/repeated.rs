//! What comes again: honestly, under an id that was used before (Misskey, PeerTube and Mastodon do so), or as another try at
//! the same delivery.

use crate::{
    instance::{User, until},
    peer::Answer,
    scene::{CONTEXT, Scene, note},
};
use dassie::limits;
use serde_json::{Value, json};
use storage::{
    Bounds, Direction,
    inbound::{INBOUND, SEEN_DAYS},
};

const FAY: &str = "https://friend.test/users/fay";

/// Fay, who is known here and whom everybody finds.
async fn scene() -> Scene {
    let scene = Scene::start(&["friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    fay(&scene.alice).await;
    scene
}

/// Fay's number here.
async fn fay(user: &User) -> String {
    let found = user.search("accounts", FAY, true).await;
    found[0]["id"].as_str().expect("an id").to_owned()
}

/// A second later, as each delivery is signed anew.
async fn says(scene: &Scene, activity: Value) {
    scene.instance.clock.advance(1_000);
    scene.sends(FAY, activity).await;
    scene.is_quiet().await;
}

fn follow(scene: &Scene, id: &str) -> Value {
    json!({"@context": CONTEXT, "id": id, "type": "Follow", "actor": FAY, "object": scene.alice.uri})
}

fn undo(id: &str, undone: &Value) -> Value {
    json!({"id": id, "type": "Undo", "object": undone})
}

/// How somebody here and fay stand to each other.
async fn relation(user: &User) -> Value {
    let path = format!("/api/v1/accounts/relationships?id[]={}", fay(user).await);
    user.get(&path).await.json()[0].clone()
}

async fn follows_alice(scene: &Scene) -> bool {
    relation(&scene.alice).await["followed_by"] == true
}

/// How many answers of a kind were sent to her.
async fn answers(scene: &Scene, kind: &str) -> usize {
    scene.has_told_all().await;
    scene.peer.delivered("friend.test").iter().filter(|sent| sent["type"] == kind).count()
}

/// Somebody here asks to follow fay; the Follow.
async fn asks(scene: &Scene, user: &User) -> Value {
    let path = format!("/api/v1/accounts/{}/follow", fay(user).await);
    let before: Vec<Value> = scene.peer.delivered("friend.test");
    assert_eq!(user.post(&path, &[]).await.status, 200);
    let asked = until(|| async {
        let sent = scene.peer.delivered("friend.test");
        sent.into_iter().find(|sent| sent["type"] == "Follow" && sent["actor"] == user.uri && !before.contains(sent))
    });
    asked.await.expect("they ask")
}

async fn waits(user: &User) -> bool {
    relation(user).await["requested"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_id_for_every_unfollow_ends_each_follow() {
    let scene = scene().await;
    // As Misskey: the Undo, and the Follow in it, are called after the two alone.
    let pair = "https://friend.test/follows/fay/alice";
    for time in 1..=3 {
        says(&scene, follow(&scene, &format!("https://friend.test/follows/{time}"))).await;
        assert!(follows_alice(&scene).await, "{time}");
        let mut taken_back = undo(&format!("{pair}/undo"), &follow(&scene, pair));
        taken_back["published"] = json!(format!("2026-12-01T12:00:0{time}Z"));
        says(&scene, taken_back).await;
        assert!(!follows_alice(&scene).await, "{time}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_id_for_every_follow_of_two_is_answered_each_time() {
    let scene = scene().await;
    // As PeerTube and older Misskey: the same words each time.
    let id = "https://friend.test/follows/fay/alice";
    for time in 1..=3 {
        says(&scene, follow(&scene, id)).await;
        assert!(follows_alice(&scene).await, "{time}");
        assert_eq!(answers(&scene, "Accept").await, time);
        says(&scene, undo(&format!("{id}/undo"), &follow(&scene, id))).await;
        assert!(!follows_alice(&scene).await, "{time}");
    }
    // Removed here, which she hears, and takes back what has ended: she may come again.
    says(&scene, follow(&scene, id)).await;
    let remove = format!("/api/v1/accounts/{}/remove_from_followers", fay(&scene.alice).await);
    assert_eq!(scene.alice.post(&remove, &[]).await.status, 200);
    assert!(!follows_alice(&scene).await);
    says(&scene, follow(&scene, id)).await;
    assert!(follows_alice(&scene).await, "without an Undo");
    assert_eq!(scene.alice.post(&remove, &[]).await.status, 200);
    says(&scene, undo(&format!("{id}/undo"), &follow(&scene, id))).await;
    says(&scene, follow(&scene, id)).await;
    assert!(follows_alice(&scene).await, "behind an Undo that found nothing");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_that_came_first_stands_for_one_follow() {
    let scene = scene().await;
    let id = "https://friend.test/follows/fay/alice";
    says(&scene, undo(&format!("{id}/undo"), &follow(&scene, id))).await;
    says(&scene, follow(&scene, id)).await;
    assert!(!follows_alice(&scene).await, "it was overtaken");
    says(&scene, follow(&scene, id)).await;
    assert!(follows_alice(&scene).await, "another one");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_id_for_the_answers_to_several_people_answers_each() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    // As Mastodon, where there is no row that would number its answer.
    let answer =
        |kind: &str, follow: &Value| json!({"id": format!("{FAY}#answers/follows/"), "type": kind, "object": follow});
    let (of_alice, of_bob) = (asks(&scene, &scene.alice).await, asks(&scene, &bob).await);
    says(&scene, answer("Reject", &of_alice)).await;
    assert_eq!((waits(&scene.alice).await, waits(&bob).await), (false, true));
    says(&scene, answer("Reject", &of_bob)).await;
    assert!(!waits(&bob).await);
    let (of_alice, of_bob) = (asks(&scene, &scene.alice).await, asks(&scene, &bob).await);
    for follow in [&of_alice, &of_bob] {
        says(&scene, answer("Accept", follow)).await;
    }
    for user in [&scene.alice, &bob] {
        assert_eq!(relation(user).await["following"], true, "{}", user.uri);
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_try_at_a_delivery_that_came_changes_nothing() {
    let scene = scene().await;
    let (first, second) = ("https://friend.test/follows/1", "https://friend.test/follows/2");
    let taken_back = undo(&format!("{first}/undo"), &follow(&scene, first));
    says(&scene, follow(&scene, first)).await;
    assert_eq!(answers(&scene, "Accept").await, 1);
    says(&scene, follow(&scene, first)).await;
    assert_eq!(answers(&scene, "Accept").await, 1, "it was answered");
    says(&scene, taken_back.clone()).await;
    says(&scene, follow(&scene, second)).await;
    says(&scene, taken_back).await;
    assert!(follows_alice(&scene).await, "it took back the first");

    let reject = |follow: &Value| json!({"id": format!("{FAY}#rejects/1"), "type": "Reject", "object": follow});
    let asked = asks(&scene, &scene.alice).await;
    says(&scene, reject(&asked)).await;
    assert!(!waits(&scene.alice).await);
    asks(&scene, &scene.alice).await;
    says(&scene, reject(&asked)).await;
    assert!(waits(&scene.alice).await, "it answered the first");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_edit_counts_under_the_id_of_the_first_post_and_another_try_at_one_does_not() {
    let scene = scene().await;
    // As WriteFreely: Create and each Update are called like the post.
    let id = "https://friend.test/notes/1";
    let says_it = |kind: &str, words: &str| {
        let tag = json!([{"type": "Mention", "href": scene.alice.uri, "name": "@alice@local.test"}]);
        let to = json!([scene.alice.uri, format!("{CONTEXT}#Public")]);
        let object = note(id, FAY, json!({"content": format!("<p>{words}</p>"), "to": to, "tag": tag}));
        json!({"id": id, "type": kind, "object": object})
    };
    let shown = || async {
        let found = scene.alice.search("statuses", id, false).await;
        found.first().map(|status| status["content"].clone())
    };
    for (kind, words, then) in [
        ("Create", "first", "first"),
        ("Update", "second", "second"),
        ("Update", "third", "third"),
        ("Update", "second", "third"),
        ("Update", "fourth", "fourth"),
    ] {
        says(&scene, says_it(kind, words)).await;
        assert_eq!(shown().await, Some(json!(format!("<p>{then}</p>"))), "{kind} {words}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// What fay does with something, as snac says it: under an id that is made of that alone, and bearing its second.
fn does(kind: &str, id: &str, object: &Value, second: u32) -> Value {
    let published = format!("2026-12-01T12:00:{second:02}Z");
    json!({"id": id, "type": kind, "actor": FAY, "object": object, "published": published})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn likes_and_boosts_count_again_under_one_id_for_each_post() {
    let scene = scene().await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "what she likes")]).await.json();
    let path = format!("/api/v1/statuses/{}", posted["id"].as_str().expect("an id"));
    let counts = || async {
        let status = scene.alice.get(&path).await.json();
        (status["favourites_count"].as_u64(), status["reblogs_count"].as_u64())
    };
    let (like, boost) = (format!("{FAY}/l/1"), format!("{FAY}/a/1"));
    let marks =
        |second| [does("Like", &like, &posted["uri"], second), does("Announce", &boost, &posted["uri"], second)];
    for second in 1..=3 {
        for mark in marks(second) {
            says(&scene, mark.clone()).await;
            says(&scene, mark).await;
        }
        assert_eq!(counts().await, (Some(1), Some(1)), "{second}");
        for mark in marks(second) {
            says(&scene, undo(&format!("{}/undo", mark["id"].as_str().expect("an id")), &mark)).await;
        }
        assert_eq!(counts().await, (Some(0), Some(0)), "{second}");
        for mark in marks(second) {
            says(&scene, mark).await;
        }
        assert_eq!(counts().await, (Some(0), Some(0)), "another try at what was taken back, {second}");
    }
    // By then it is forgotten that they were received, and not yet that they were taken back.
    scene.instance.clock.advance((i64::from(SEEN_DAYS) + 1) * 24 * 60 * 60 * 1_000);
    for mark in marks(4) {
        says(&scene, mark).await;
    }
    assert_eq!(counts().await, (Some(1), Some(1)), "days later, too");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_reactions_under_one_id_the_one_goes_whose_emoji_the_undo_names() {
    let scene = scene().await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "what she reacts to")]).await.json();
    let path = format!("/api/v1/statuses/{}", posted["id"].as_str().expect("an id"));
    let id = "https://friend.test/likes/1";
    // As Misskey.
    let like = |emoji: &str, second| {
        let mut like = does("Like", id, &posted["uri"], second);
        like["content"] = json!(emoji);
        like["_misskey_reaction"] = json!(emoji);
        like
    };
    let taken_back = |like: &Value| undo(&format!("{id}/undo"), like);
    let shown = || async {
        let status = scene.alice.get(&path).await.json();
        let reactions = status["reactions"].as_array().cloned().unwrap_or_default();
        reactions.iter().map(|reaction| reaction["name"].clone()).collect::<Vec<_>>()
    };
    let (party, octopus) = (like("🎉", 1), like("🐙", 2));
    says(&scene, party.clone()).await;
    says(&scene, octopus.clone()).await;
    assert_eq!(shown().await, ["🎉", "🐙"], "the Undo of the first is late");
    says(&scene, taken_back(&party)).await;
    assert_eq!(shown().await, ["🐙"]);
    says(&scene, taken_back(&octopus)).await;
    assert_eq!(shown().await, Vec::<Value>::new());

    let (party, octopus) = (like("🎉", 3), like("🐙", 4));
    says(&scene, party.clone()).await;
    says(&scene, octopus.clone()).await;
    says(&scene, taken_back(&octopus)).await;
    assert_eq!(shown().await, ["🎉"], "the second goes, not the first that has the id");
    says(&scene, taken_back(&party)).await;
    says(&scene, like("🐙", 5)).await;
    assert_eq!(shown().await, ["🐙"], "behind the Undo of another");
    says(&scene, undo(&format!("{id}/undo/5"), &json!(id))).await;
    assert_eq!(shown().await, Vec::<Value>::new(), "by its id alone");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_of_a_boost_that_concerned_nobody_keeps_the_next_one_from_nobody() {
    let scene = scene().await;
    let (noted, boost) = ("https://friend.test/notes/1", format!("{FAY}/a/1"));
    let gus = "https://friend.test/users/gus";
    scene.serve_actor(gus, json!({}));
    scene.serve_note(noted, gus, json!({}));
    let shares = |second| does("Announce", &boost, &json!(noted), second);
    says(&scene, shares(1)).await;
    says(&scene, undo(&format!("{boost}/undo"), &shares(1))).await;
    let asked = asks(&scene, &scene.alice).await;
    says(&scene, json!({"id": format!("{FAY}#accepts/1"), "type": "Accept", "object": asked})).await;
    assert_eq!(relation(&scene.alice).await["following"], true);
    says(&scene, shares(2)).await;
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    let shared = home.as_array().is_some_and(|home| home.iter().any(|status| status["reblog"]["uri"] == noted));
    assert!(shared, "{home}");

    // One that comes behind its Undo is the one that was taken back; the next is another.
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "what she likes")]).await.json();
    let like = |second| does("Like", &format!("{FAY}/l/2"), &posted["uri"], second);
    let path = format!("/api/v1/statuses/{}", posted["id"].as_str().expect("an id"));
    let favourites = || async { scene.alice.get(&path).await.json()["favourites_count"].as_u64() };
    says(&scene, undo(&format!("{FAY}/l/2/undo"), &like(1))).await;
    says(&scene, like(1)).await;
    assert_eq!(favourites().await, Some(0), "it was overtaken");
    says(&scene, like(2)).await;
    assert_eq!(favourites().await, Some(1), "another one");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_goes_with_its_undo_and_the_next_one_under_its_id_counts() {
    let scene = scene().await;
    let (noted, boost) = ("https://friend.test/notes/1", format!("{FAY}/a/1"));
    let gus = "https://friend.test/users/gus";
    scene.serve_actor(gus, json!({}));
    scene.follows(&scene.alice, FAY).await;
    let shares = |second| does("Announce", &boost, &json!(noted), second);
    // How many wait that were tried once.
    let tried = || async {
        let rows = scene.instance.running.server.read(|view| {
            let rows = INBOUND.list(view, &(), Bounds::NONE, Direction::Ascending, 10)?;
            Ok(rows.into_iter().filter(|(_, row)| row.attempts == 1).count())
        });
        rows.await.expect("a read")
    };
    // What it shares cannot be had now.
    scene.peer.serve(noted, Answer::Status(500));
    scene.sends(FAY, shares(1)).await;
    assert!(until(|| async { (tried().await == 1).then_some(()) }).await.is_some(), "it steps aside");
    scene.instance.clock.advance(1_000);
    scene.sends(FAY, undo(&format!("{boost}/undo"), &shares(1))).await;
    assert!(until(|| async { (tried().await == 0).then_some(()) }).await.is_some(), "it goes");
    scene.instance.clock.advance(1_000);
    scene.sends(FAY, shares(2)).await;
    assert!(until(|| async { (tried().await == 1).then_some(()) }).await.is_some(), "the second steps aside, too");
    scene.serve_note(noted, gus, json!({}));
    scene.instance.clock.advance(limits::FETCH_NEGATIVE_MS);
    scene.is_quiet().await;
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    let shared = home.as_array().is_some_and(|home| home.iter().any(|status| status["reblog"]["uri"] == noted));
    assert!(shared, "{home}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
