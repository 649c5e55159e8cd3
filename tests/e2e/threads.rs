//! Threads that somebody opens, on servers that mean harm: however much they list, little is asked of them, and only what
//! its own server says is believed (SECURITY A1, B5; FEDERATION §5).

use crate::{
    instance::within,
    peer::Answer,
    scene::{CONTEXT, Scene},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

const VIC: &str = "https://author.test/users/vic";
const EVE: &str = "https://evil.test/users/eve";

async fn scene() -> Scene {
    let scene = Scene::start(&["author.test", "evil.test"]).await;
    scene.serve_actor(VIC, json!({}));
    scene.serve_actor(EVE, json!({}));
    scene
}

/// Alice opens a thread; its descendants once all of it has been asked for, and how many came.
async fn opened(scene: &Scene, id: &str) -> (Vec<Value>, u64) {
    let path = format!("/api/v1/statuses/{id}/context");
    let reply = scene.alice.get(&path).await;
    let header = reply.header("mastodon-async-refresh").unwrap_or_else(|| panic!("nothing is asked: {}", reply.text()));
    assert_eq!(header, format!("id=\"{id}\", retry=3, result_count=0"));
    let ended = within(Duration::from_secs(60), || async {
        let refresh = scene.alice.get(&format!("/api/v1_alpha/async_refreshes/{id}")).await.json();
        let refresh = &refresh["async_refresh"];
        assert_eq!(refresh["id"], json!(id));
        (refresh["status"] == "finished").then(|| refresh["result_count"].as_u64().expect("a number"))
    });
    let count = ended.await.expect("it ends");
    let context = scene.alice.get(&path).await;
    assert_eq!(context.header("mastodon-async-refresh"), None, "it is not asked for again so soon");
    (context.json()["descendants"].as_array().cloned().expect("a list"), count)
}

fn asked(scene: &Scene, authority: &str, path: &str) -> usize {
    scene.peer.seen(|seen| seen.method == "GET" && seen.authority == authority && seen.path.starts_with(path)).len()
}

fn page(id: &str, items: &[Value], next: Option<&str>) -> Answer {
    Answer::document(&json!({"@context": CONTEXT, "id": id, "type": "CollectionPage", "items": items, "next": next}))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_without_end_are_read_to_the_third() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    scene.serve_note(root, VIC, json!({"replies": "https://author.test/pages"}));
    for number in 0..9 {
        scene.serve_note(&format!("https://author.test/notes/r{number}"), VIC, json!({"inReplyTo": root}));
    }
    let endless = |seen: &crate::peer::Seen| {
        let number: usize = seen.path.rsplit('=').next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let next = format!("https://author.test/pages?page={}", number + 1);
        page("", &[json!(format!("https://author.test/notes/r{number}"))], Some(&next))
    };
    scene.peer.serve("https://author.test/pages", Answer::Make(Arc::new(endless)));
    let id = scene.found(root).await;
    let (below, count) = opened(&scene, &id).await;
    assert_eq!((below.len(), count), (3, 3));
    assert_eq!(asked(&scene, "author.test", "/pages"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_lead_to_themselves_or_to_another_server_end() {
    let scene = scene().await;
    let (own, other) = ("https://author.test/notes/own", "https://author.test/notes/other");
    scene.serve_note(own, VIC, json!({"replies": "https://author.test/circle"}));
    scene.peer.serve(
        "https://author.test/circle",
        page("https://author.test/circle", &[json!(own), json!(own)], Some("https://author.test/circle")),
    );
    let id = scene.found(own).await;
    assert_eq!(opened(&scene, &id).await, (Vec::new(), 0));
    assert_eq!(asked(&scene, "author.test", "/circle"), 1);

    scene.serve_note(other, VIC, json!({"replies": "https://author.test/away"}));
    scene.peer.serve("https://author.test/away", page("", &[], Some("https://evil.test/pages/1")));
    scene.peer.serve("https://evil.test/pages/1", page("", &[json!("https://evil.test/notes/1")], None));
    scene.serve_note("https://evil.test/notes/1", EVE, json!({"inReplyTo": other}));
    let id = scene.found(other).await;
    assert_eq!(opened(&scene, &id).await, (Vec::new(), 0));
    assert_eq!((asked(&scene, "author.test", "/away"), asked(&scene, "evil.test", "/")), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_ten_thousand_items_costs_what_one_host_is_asked_for_and_no_more() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    scene.serve_note(root, VIC, json!({"replies": "https://author.test/pages"}));
    let items: Vec<Value> = (0..10_000).map(|number| json!(format!("https://evil.test/many/{number}"))).collect();
    scene.peer.serve("https://author.test/pages", page("", &items, None));
    let id = scene.found(root).await;
    assert_eq!(opened(&scene, &id).await, (Vec::new(), 0));
    let documents = asked(&scene, "evil.test", "/many/");
    assert!((100..=300).contains(&documents), "{documents} documents");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_answers_are_taken_and_each_from_its_own_server() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    // Written out on the page of its own server; of another server; not of this thread; not for everybody.
    let written = |id: &str, author: &str, content: &str| {
        json!({"id": id, "type": "Note", "attributedTo": author, "content": content, "inReplyTo": root,
            "to": [format!("{CONTEXT}#Public")], "published": "2026-11-02T00:00:00Z"})
    };
    let items = [
        written("https://author.test/notes/near", VIC, "<p>near</p>"),
        written("https://evil.test/notes/far", EVE, "<p>forged</p>"),
        json!("https://author.test/notes/apart"),
        json!("https://author.test/notes/private"),
    ];
    scene.serve_note(root, VIC, json!({"replies": {"id": "https://author.test/r", "type": "Collection", "totalItems": 6,
        "first": {"type": "CollectionPage", "partOf": "https://author.test/r", "items": [], "next": "https://author.test/r?page=1"}}}));
    scene.peer.serve("https://author.test/r?page=1", page("https://author.test/r?page=1", &items, None));
    scene.serve_note("https://evil.test/notes/far", EVE, json!({"inReplyTo": root, "content": "<p>far</p>"}));
    scene.serve_note("https://author.test/notes/apart", VIC, json!({"inReplyTo": "https://author.test/notes/9"}));
    scene.serve_note("https://author.test/notes/private", VIC, json!({"inReplyTo": root, "to": [VIC]}));
    let id = scene.found(root).await;
    let (below, count) = opened(&scene, &id).await;
    let mut said: Vec<&str> = below.iter().filter_map(|status| status["content"].as_str()).collect();
    said.sort_unstable();
    assert_eq!((said, count), (vec!["<p>far</p>", "<p>near</p>"], 2));
    assert_eq!(asked(&scene, "author.test", "/notes/near"), 0, "its server has just said what it is");
    let told = scene.alice.get("/api/v1/notifications").await.json();
    assert_eq!(told, json!([]));
    scene.instance.is_sound();
}

/// Only the server of an answer knows who answered that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_began_here_goes_on_where_somebody_elsewhere_answered() {
    let scene = scene().await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "a beginning")]).await.json();
    let id = posted["id"].as_str().expect("a number").to_owned();
    let context = format!("/api/v1/statuses/{id}/context");
    let alone = scene.alice.get(&context).await;
    assert_eq!(alone.header("mastodon-async-refresh"), None, "nobody elsewhere could know of more");
    let (near, far) = ("https://author.test/notes/near", "https://evil.test/notes/far");
    scene.serve_note(near, VIC, json!({"inReplyTo": posted["uri"], "replies": "https://author.test/pages"}));
    scene.peer.serve("https://author.test/pages", page("https://author.test/pages", &[json!(far)], None));
    scene.serve_note(far, EVE, json!({"inReplyTo": near}));
    scene.found(near).await;
    let (below, count) = opened(&scene, &id).await;
    let uris: Vec<&str> = below.iter().filter_map(|status| status["uri"].as_str()).collect();
    assert_eq!((uris, count), (vec![near, far], 1));
    scene.instance.is_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_and_answers_something_else_is_not_looked_into() {
    let scene = scene().await;
    let (root, apart) = ("https://author.test/notes/root", "https://author.test/notes/apart");
    scene.serve_note(root, VIC, json!({"replies": "https://author.test/pages"}));
    scene.peer.serve("https://author.test/pages", page("", &[json!(apart)], None));
    scene.serve_note(apart, VIC, json!({"replies": "https://author.test/others"}));
    scene.peer.serve("https://author.test/others", page("", &[], None));
    scene.found(apart).await;
    let id = scene.found(root).await;
    assert_eq!(opened(&scene, &id).await, (Vec::new(), 0));
    assert_eq!((asked(&scene, "author.test", "/pages"), asked(&scene, "author.test", "/others")), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_is_read_before_replies_and_only_from_the_server_of_the_first_status() {
    let scene = scene().await;
    let (good, bad) = ("https://author.test/notes/good", "https://author.test/notes/bad");
    for (root, context) in [(good, "https://author.test/context"), (bad, "https://evil.test/context")] {
        scene.serve_note(root, VIC, json!({"context": context, "replies": format!("{root}/replies")}));
        scene.serve_note(&format!("{root}/1"), VIC, json!({"inReplyTo": root}));
        scene.serve_note(&format!("{root}/2"), VIC, json!({"inReplyTo": format!("{root}/1")}));
        let items = [json!(root), json!(format!("{root}/1")), json!(format!("{root}/2"))];
        let document = json!({"@context": CONTEXT, "id": context, "type": "OrderedCollection", "attributedTo": VIC,
            "first": {"type": "OrderedCollectionPage", "orderedItems": items}});
        scene.peer.serve(context, Answer::document(&document));
        scene.peer.serve(&format!("{root}/replies"), page("", &[json!(format!("{root}/1"))], None));
    }
    let id = scene.found(good).await;
    assert_eq!(opened(&scene, &id).await.1, 2);
    assert_eq!(asked(&scene, "author.test", "/notes/good/replies"), 0);
    let id = scene.found(bad).await;
    assert_eq!(opened(&scene, &id).await.1, 1, "its replies name one");
    assert_eq!(asked(&scene, "evil.test", "/context"), 0);
}

/// A context of a thread that vic began.
fn context(scene: &Scene, id: &str, items: &[Value]) {
    let document = json!({"@context": CONTEXT, "id": id, "type": "OrderedCollection", "attributedTo": VIC,
        "first": {"type": "OrderedCollectionPage", "orderedItems": items}});
    scene.peer.serve(id, Answer::document(&document));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_that_names_the_first_status_alone_does_not_end_the_search() {
    let scene = scene().await;
    let (root, answer) = ("https://author.test/notes/root", "https://author.test/notes/1");
    let named = json!({"context": "https://author.test/context", "replies": "https://author.test/pages"});
    scene.serve_note(root, VIC, named);
    scene.serve_note(answer, VIC, json!({"inReplyTo": root}));
    context(&scene, "https://author.test/context", &[json!(root)]);
    scene.peer.serve("https://author.test/pages", page("", &[json!(answer)], None));
    let id = scene.found(root).await;
    let (below, count) = opened(&scene, &id).await;
    assert_eq!((below.len(), count), (1, 1));
    assert_eq!((asked(&scene, "author.test", "/context"), asked(&scene, "author.test", "/pages")), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_context_only_those_are_asked_that_say_they_have_more_replies() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    let (near, far, further) =
        ("https://author.test/notes/1", "https://evil.test/notes/1", "https://evil.test/notes/2");
    let stated = |total: u64, page: &str| json!({"type": "Collection", "totalItems": total, "first": page});
    let named = json!({"context": "https://author.test/context", "replies": stated(2, "https://author.test/of_root")});
    scene.serve_note(root, VIC, named);
    scene.serve_note(near, VIC, json!({"inReplyTo": root, "replies": stated(0, "https://author.test/of_near")}));
    // Its own server knows an answer that the one of the thread was never told of.
    scene.serve_note(far, EVE, json!({"inReplyTo": root, "replies": stated(1, "https://evil.test/of_far")}));
    scene.serve_note(further, EVE, json!({"inReplyTo": far}));
    context(&scene, "https://author.test/context", &[json!(root), json!(near), json!(far)]);
    scene.peer.serve("https://evil.test/of_far", page("", &[json!(further)], None));
    let id = scene.found(root).await;
    let (below, count) = opened(&scene, &id).await;
    assert_eq!((below.len(), count), (3, 3));
    assert_eq!(asked(&scene, "evil.test", "/of_far"), 1);
    assert_eq!((asked(&scene, "author.test", "/of_root"), asked(&scene, "author.test", "/of_near")), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_a_context_leaves_out_is_asked_for_its_own_replies() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    let (near, far, further) =
        ("https://author.test/notes/1", "https://evil.test/notes/1", "https://evil.test/notes/2");
    let named = json!({"context": "https://author.test/context", "replies": "https://author.test/pages"});
    scene.serve_note(root, VIC, named);
    scene.serve_note(near, VIC, json!({"inReplyTo": root}));
    scene.serve_note(far, EVE, json!({"inReplyTo": root, "replies": "https://evil.test/pages"}));
    scene.serve_note(further, EVE, json!({"inReplyTo": far}));
    context(&scene, "https://author.test/context", &[json!(root), json!(near)]);
    scene.peer.serve("https://evil.test/pages", page("", &[json!(further)], None));
    let (id, answer) = (scene.found(root).await, scene.found(far).await);
    let below = || async {
        let context = scene.alice.get(&format!("/api/v1/statuses/{id}/context")).await.json();
        context["descendants"].as_array().map_or(0, Vec::len)
    };
    assert_ne!(below().await, 0, "the answer is here, and its thread is asked for");
    scene.is_quiet().await;
    scene.instance.clock.advance(15 * 60_000);
    let reply = scene.alice.get(&format!("/api/v1/statuses/{answer}/context")).await;
    assert!(reply.header("mastodon-async-refresh").is_some(), "it is asked for again");
    let came = within(Duration::from_secs(60), || async { (below().await == 3).then_some(()) });
    assert!(came.await.is_some(), "what answers it comes");
    assert_eq!(asked(&scene, "author.test", "/pages"), 0, "the context says what its server knows");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_server_is_not_asked_whoever_lists_its_posts() {
    let scene = scene().await;
    let root = "https://author.test/notes/root";
    scene.serve_note(root, VIC, json!({"replies": "https://author.test/pages"}));
    scene.serve_note("https://author.test/notes/1", VIC, json!({"inReplyTo": root}));
    scene.serve_note("https://evil.test/notes/1", EVE, json!({"inReplyTo": root}));
    let items = [json!("https://evil.test/notes/1"), json!("https://author.test/notes/1")];
    scene.peer.serve("https://author.test/pages", page("", &items, None));
    let id = scene.found(root).await;
    scene.suspends("evil.test").await;
    let (below, count) = opened(&scene, &id).await;
    assert_eq!((below.len(), count), (1, 1));
    assert_eq!(asked(&scene, "evil.test", "/"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_group_that_only_an_answer_names_is_not_asked_for() {
    let scene = scene().await;
    let (root, mob) = ("https://author.test/notes/root", "https://evil.test/users/mob");
    scene.serve_actor(mob, json!({"type": "Group"}));
    scene.serve_note(root, VIC, json!({"replies": "https://author.test/pages"}));
    let answer = "https://author.test/notes/1";
    scene.serve_note(answer, VIC, json!({"inReplyTo": root, "audience": mob}));
    scene.peer.serve("https://author.test/pages", page("", &[json!(answer)], None));
    let id = scene.found(root).await;
    let (below, count) = opened(&scene, &id).await;
    assert_eq!((below.len(), count), (1, 1));
    assert_eq!(asked(&scene, "evil.test", "/"), 0);
    // Of the first status it is: whoever answers reaches it then.
    let other = "https://author.test/notes/other";
    scene.serve_note(other, VIC, json!({"audience": mob}));
    scene.found(other).await;
    assert_ne!(asked(&scene, "evil.test", "/users/mob"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_asks_to_be_left_alone_is_left_alone() {
    let scene = scene().await;
    let (busy, note) = ("https://author.test/notes/busy", "https://author.test/notes/1");
    scene.peer.serve(busy, Answer::Busy(429, "120"));
    scene.serve_note(note, VIC, json!({}));
    assert!(scene.alice.search("statuses", busy, true).await.is_empty());
    assert!(scene.alice.search("statuses", note, true).await.is_empty());
    assert_eq!(asked(&scene, "author.test", "/notes/1"), 0);
    // Two minutes, a tenth more, and as long as a failure is remembered.
    scene.instance.clock.advance(10 * 60_000);
    assert_eq!(scene.alice.search("statuses", note, true).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_says_how_much_of_it_is_missing_on_its_page_and_to_apps() {
    let scene = scene().await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "a question")]).await.json();
    let id = posted["id"].as_str().expect("an id").to_owned();
    let path = format!("/@alice/{id}");
    assert!(!scene.instance.get(&path).await.text().contains("other servers"));
    let around = format!("/api/v1/statuses/{id}/context");
    assert_eq!(scene.alice.get(&around).await.header("dassie-missing"), None);
    let answer = json!({
        "id": "https://author.test/notes/answer", "type": "Note", "attributedTo": VIC, "content": "<p>an answer</p>",
        "to": [format!("{CONTEXT}#Public")], "published": "2026-11-30T00:00:00Z", "inReplyTo": posted["uri"],
        "replies": {"id": "https://author.test/r", "type": "Collection", "totalItems": 7}, "likes": {"totalItems": 12},
        "shares": {"totalItems": 5},
    });
    let create = json!({"id": "https://author.test/notes/answer#create", "type": "Create", "object": answer});
    scene.sends(VIC, create).await;
    scene.is_quiet().await;
    let page = scene.instance.get(&path).await.text();
    assert!(page.contains("an answer") && page.contains("7 more replies"), "{page}");
    let seen = scene.instance.get(&around).await;
    assert_eq!(seen.header("dassie-missing"), Some("7"), "strangers are told, too");
    let answer = seen.json()["descendants"][0]["id"].as_str().expect("an id").to_owned();
    let of_answer = scene.instance.get(&format!("/api/v1/statuses/{answer}/context")).await;
    assert_eq!(of_answer.header("dassie-missing"), Some("7"), "what is opened counts as well");
    let context = scene.alice.get(&around).await;
    assert_eq!(context.header("dassie-missing"), Some("7"));
    assert!(context.header("mastodon-async-refresh").is_some(), "the server of the answer is asked for them");
    let below = context.json()["descendants"][0].clone();
    assert_eq!((&below["favourites_count"], &below["reblogs_count"]), (&json!(12), &json!(5)));
    scene.instance.is_sound();
}
