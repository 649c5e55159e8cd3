//! What is for few: who may see it, and who is told.

use crate::{
    instance::User,
    scene::{CONTEXT, Scene, note},
};
use serde_json::{Value, json};

const FAY: &str = "https://friend.test/users/fay";
const GUS: &str = "https://friend.test/users/gus";
const FOLLOWERS: &str = "https://friend.test/users/fay/followers";
const NOTE: &str = "https://friend.test/notes/1";

async fn scene() -> Scene {
    let scene = Scene::start(&["friend.test"]).await;
    scene.serve_actor(FAY, json!({"followers": FOLLOWERS}));
    scene.serve_actor(GUS, json!({}));
    scene
}

/// A post by fay of today for these people.
fn post(id: &str, to: &[&str], tagged: &[&str], words: &str) -> Value {
    let tag: Vec<Value> = tagged.iter().map(|who| json!({"type": "Mention", "href": who})).collect();
    let content = format!("<p>{words}</p>");
    note(id, FAY, json!({"to": to, "tag": tag, "content": content, "published": "2026-12-01T11:59:00Z"}))
}

fn activity(kind: &str, object: &Value) -> Value {
    let words = object["content"].as_str().expect("words").to_owned();
    json!({"id": format!("{}#{kind}/{}", object["id"].as_str().expect("an id"), words.len()), "type": kind,
        "to": object["to"], "object": object})
}

/// Fay's server brings it to the inbox of `owner`.
async fn brings(scene: &Scene, owner: &User, activity: Value) {
    let path = owner.uri.strip_prefix("https://local.test").expect("it is ours");
    // The key is known by then.
    let reply = scene.posts_to(&format!("{path}/inbox"), FAY, activity).await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    scene.is_quiet().await;
}

async fn sends(scene: &Scene, activity: Value) {
    scene.sends(FAY, activity).await;
    scene.is_quiet().await;
}

/// What somebody reads in a status, if they may.
async fn reads(user: &User, id: &str) -> Option<String> {
    let found = user.search("statuses", id, false).await;
    Some(found.first()?["content"].as_str().expect("HTML").to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_to_ones_own_inbox_is_for_them_whomever_it_names() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    assert_eq!(scene.alice.search("accounts", FAY, true).await.len(), 1, "her key is known");
    sends(&scene, activity("Create", &post("https://friend.test/notes/0", &[GUS], &[GUS], "for gus"))).await;
    assert_eq!(reads(&scene.alice, "https://friend.test/notes/0").await, None, "it came to everybody");

    brings(&scene, &scene.alice, activity("Create", &post(NOTE, &[GUS], &[GUS], "for a few"))).await;
    assert_eq!(reads(&scene.alice, NOTE).await.as_deref(), Some("<p>for a few</p>"));
    assert_eq!(reads(&bob, NOTE).await, None);
    sends(&scene, activity("Update", &post(NOTE, &[GUS], &[GUS], "still for a few"))).await;
    assert_eq!(reads(&scene.alice, NOTE).await.as_deref(), Some("<p>still for a few</p>"));

    // An Update that overtook its Create.
    let early = "https://friend.test/notes/2";
    brings(&scene, &bob, activity("Update", &post(early, &[GUS], &[GUS], "edited"))).await;
    assert_eq!(reads(&bob, early).await.as_deref(), Some("<p>edited</p>"));
    assert_eq!(reads(&scene.alice, early).await, None);

    // So many are named that it is an advertisement.
    let crowd: Vec<String> = (0..60).map(|number| format!("https://friend.test/users/{number}")).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    let advertised = "https://friend.test/notes/3";
    brings(&scene, &scene.alice, activity("Create", &post(advertised, &crowd, &[], "buy"))).await;
    assert_eq!(reads(&scene.alice, advertised).await, None);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_takes_a_post_for_few_from_nobody_who_saw_it() {
    let scene = scene().await;
    let alice = scene.alice.uri.as_str();
    for (id, to) in [(NOTE, FOLLOWERS), ("https://friend.test/notes/2", GUS)] {
        sends(&scene, activity("Create", &post(id, &[to, alice], &[alice], "with alice"))).await;
        assert_eq!(reads(&scene.alice, id).await.as_deref(), Some("<p>with alice</p>"));
        sends(&scene, activity("Update", &post(id, &[to], &[], "without her"))).await;
        assert_eq!(reads(&scene.alice, id).await.as_deref(), Some("<p>without her</p>"));
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_wrote_for_followers_and_shares_again_reaches_them_though_nobody_gives_it_out() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    scene.follows(&scene.alice, FAY).await;
    let shares = |number: u32, object: Value| {
        let to = json!([FOLLOWERS]);
        json!({"id": format!("{FAY}/announces/{number}"), "type": "Announce", "to": to, "object": object})
    };
    sends(&scene, shares(1, post(NOTE, &[FOLLOWERS], &[], "for followers"))).await;
    assert_eq!(reads(&scene.alice, NOTE).await.as_deref(), Some("<p>for followers</p>"));
    assert_eq!(reads(&bob, NOTE).await, None);
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    let shared = home.as_array().and_then(|home| home.iter().find(|status| status["reblog"]["uri"] == NOTE));
    assert_eq!(shared.map(|status| &status["visibility"]), Some(&json!("private")), "{home}");

    // Somebody else's, and what everybody could read from its id, is only a link; there is nothing behind either.
    let (theirs, open) = ("https://friend.test/notes/2", "https://friend.test/notes/3");
    let mut of_gus = post(theirs, &[FOLLOWERS], &[], "words in his mouth");
    of_gus["attributedTo"] = json!(GUS);
    let public = format!("{CONTEXT}#Public");
    for (number, object, id) in [(2, of_gus, theirs), (3, post(open, &[&public], &[], "never said"), open)] {
        sends(&scene, shares(number, object)).await;
        assert_eq!(reads(&scene.alice, id).await, None, "{id}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// How many mentions somebody was told of, and how many conversations they are in.
async fn told(user: &User) -> (usize, usize) {
    let count = |list: Value| list.as_array().expect("a list").len();
    let mentions = user.get("/api/v1/notifications?types[]=mention").await.json();
    (count(mentions), count(user.get("/api/v1/conversations").await.json()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_for_a_circle_is_seen_by_all_of_it_and_told_to_those_it_names_or_answers() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    for who in [&scene.alice, &bob] {
        scene.follows(who, FAY).await;
    }
    let (alice, bobs) = (scene.alice.uri.as_str(), bob.uri.as_str());
    // As Friendica: each member of the circle in `cc`, and no tags.
    sends(&scene, activity("Create", &post(NOTE, &[alice, bobs, GUS], &[], "for my circle"))).await;
    for who in [&scene.alice, &bob] {
        assert_eq!(reads(who, NOTE).await.as_deref(), Some("<p>for my circle</p>"));
        assert_eq!(told(who).await, (0, 0));
        let home = who.get("/api/v1/timelines/home").await.json();
        assert_eq!(home[0]["uri"], NOTE, "{home}");
    }
    // One of them is named, one is answered, one is alone.
    let named = post("https://friend.test/notes/2", &[alice, bobs], &[bobs], "bob above all");
    sends(&scene, activity("Create", &named)).await;
    assert_eq!((told(&scene.alice).await, told(&bob).await), ((0, 0), (1, 1)));
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "who is in?")]).await.json();
    let mut answer = post("https://friend.test/notes/3", &[alice, bobs], &[], "the two of us");
    answer["inReplyTo"] = posted["uri"].clone();
    sends(&scene, activity("Create", &answer)).await;
    assert_eq!((told(&scene.alice).await, told(&bob).await), ((1, 1), (1, 1)));
    sends(&scene, activity("Create", &post("https://friend.test/notes/4", &[bobs], &[], "as Lemmy writes"))).await;
    assert_eq!((told(&scene.alice).await, told(&bob).await), ((1, 1), (2, 2)));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blind_copy_reaches_each_of_its_people_though_all_copies_are_one_activity() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    for who in [&scene.alice, &bob] {
        scene.follows(who, FAY).await;
    }
    let copy = activity("Create", &post(NOTE, &[], &[], "for some"));
    brings(&scene, &scene.alice, copy.clone()).await;
    assert_eq!(reads(&scene.alice, NOTE).await.as_deref(), Some("<p>for some</p>"));
    assert_eq!(reads(&bob, NOTE).await, None, "not yet");
    assert_eq!((told(&scene.alice).await, told(&bob).await), ((1, 1), (0, 0)));
    for _ in 0..2 {
        brings(&scene, &bob, copy.clone()).await;
        brings(&scene, &scene.alice, copy.clone()).await;
        for who in [&scene.alice, &bob] {
            assert_eq!(reads(who, NOTE).await.as_deref(), Some("<p>for some</p>"));
            assert_eq!(told(who).await, (1, 1));
        }
    }
    // That it came to others, too, is shown to nobody; nor once it is edited.
    let changed = activity("Update", &post(NOTE, &[], &[], "for some more"));
    for who in [&scene.alice, &bob] {
        assert_eq!(mentioned(who, NOTE).await, [json!(null); 0]);
        assert_eq!(talks_with(who).await, [["fay@friend.test"]]);
        brings(&scene, who, changed.clone()).await;
    }
    for who in [&scene.alice, &bob] {
        assert_eq!(reads(who, NOTE).await.as_deref(), Some("<p>for some more</p>"));
        assert_eq!(mentioned(who, NOTE).await, [json!(null); 0]);
    }
    // Beside somebody whom it names.
    let beside = "https://friend.test/notes/2";
    let copy = activity("Create", &post(beside, &[GUS], &[GUS], "for gus and some"));
    for who in [&scene.alice, &bob] {
        brings(&scene, who, copy.clone()).await;
        assert_eq!(reads(who, beside).await.as_deref(), Some("<p>for gus and some</p>"));
        assert_eq!(told(who).await, (1, 1));
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// The people of each conversation of somebody.
async fn talks_with(user: &User) -> Vec<Vec<String>> {
    let found = user.get("/api/v1/conversations").await.json();
    let people = |talk: &Value| {
        let accounts = talk["accounts"].as_array().expect("a list").iter();
        accounts.map(|account| account["acct"].as_str().expect("a handle").to_owned()).collect()
    };
    found.as_array().expect("a list").iter().map(people).collect()
}

/// Whom a status says that it mentions.
async fn mentioned(user: &User, id: &str) -> Vec<Value> {
    let found = user.search("statuses", id, false).await;
    let named = found[0]["mentions"].as_array().expect("a list");
    named.iter().map(|named| named["acct"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_post_only_addresses_sees_it_and_is_not_shown_as_mentioned() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    for who in [&scene.alice, &bob] {
        scene.follows(who, FAY).await;
    }
    let (alice, bobs) = (scene.alice.uri.as_str(), bob.uri.as_str());
    let shown = |id: &'static str| {
        let (alice, bob) = (&scene.alice, &bob);
        async move { [mentioned(alice, id).await, mentioned(bob, id).await] }
    };
    let both = |names: &[&str]| [0, 1].map(|_| names.iter().map(|name| json!(name)).collect::<Vec<Value>>());
    sends(&scene, activity("Create", &post(NOTE, &[alice, bobs], &[], "for my circle"))).await;
    assert_eq!(shown(NOTE).await, both(&[]));
    let second = "https://friend.test/notes/2";
    sends(&scene, activity("Create", &post(second, &[alice, bobs], &[bobs], "bob above all"))).await;
    assert_eq!(shown(second).await, both(&["bob"]));
    assert_eq!(talks_with(&bob).await, [["fay@friend.test"]], "whoever is not named is in no conversation");
    // Whom it answers is told, and shown.
    let third = "https://friend.test/notes/3";
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "who is in?")]).await.json();
    let mut answer = post(third, &[alice, bobs], &[], "the two of us");
    answer["inReplyTo"] = posted["uri"].clone();
    sends(&scene, activity("Create", &answer)).await;
    assert_eq!(shown(third).await, both(&["alice"]));
    // An edit says it anew; whoever saw it before sees it still.
    sends(&scene, activity("Update", &post(NOTE, &[alice, bobs], &[alice], "for alice of my circle"))).await;
    assert_eq!(shown(NOTE).await, both(&["alice"]));
    sends(&scene, activity("Update", &post(NOTE, &[bobs], &[bobs], "bob"))).await;
    assert_eq!(shown(NOTE).await, both(&["bob"]));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
