//! What one actor sent keeps its sense: new posts go side by side, and what changes or takes them back comes after.

use crate::{START, account, put_account, start, until};
use dassie::{clock::ManualClock, reach::Lab};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{
    Environment, Options, Store,
    inbound::{self, Accepted, Arrival},
    status,
};

const ACTOR: &str = "https://busy.test/users/a";
const HERE: &str = "https://here.test/users/me";
/// Notes of the test; each is created, edited twice, and every third deleted.
const NOTES: usize = 24;

/// One whose activities are too long to be parsed with the others.
const LONG: usize = 7;

/// Without a time of the edit: the last one carried out counts.
fn note(number: usize, content: &str) -> Value {
    let padding = if number == LONG { "x".repeat(dassie::limits::PARSED_INLINE_BYTES + 1) } else { String::new() };
    json!({
        "id": format!("{ACTOR}/notes/{number}"), "type": "Note", "attributedTo": ACTOR, "to": [HERE],
        "content": content, "padding": padding, "published": "2025-12-31T00:00:00Z",
        "tag": [{ "type": "Mention", "href": HERE, "name": "@me@here.test" }],
    })
}

fn activity(kind: &str, number: usize, version: usize, object: &Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{ACTOR}/{kind}/{number}/{version}"), "type": kind, "actor": ACTOR, "to": [HERE], "object": object,
    })
}

fn arrives(store: &Store, activity: Value) {
    let rule = move |tx: &mut storage::Tx<'_>| {
        let (id, body) = (activity["id"].as_str().unwrap_or_default().to_owned(), activity.to_string());
        let arrival = Arrival { actor: ACTOR, signer: ACTOR, inbox: "", activity: &id, body: body.as_bytes() };
        inbound::accept(tx, &arrival)
    };
    assert_eq!(store.write(rule).unwrap(), Accepted::Stored);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_posts_go_side_by_side_and_what_changes_them_comes_after() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let running = start(dir.path(), &lab, &clock).await;
    let server = &running.server;
    account(server, "a", Some("busy.test".to_owned())).await;
    account(server, "me", None).await;
    running.stop().await.unwrap();
    // All of it waits when the server starts again. Stretches of many sizes: some Creates, then edits and deletions among further Creates.
    let environment = Environment { now: Arc::new(|| START), ..Environment::system() };
    let store = Store::open(Options { environment, ..Options::new(dir.path().join("store")) }).unwrap();
    for number in 0..NOTES {
        arrives(&store, activity("Create", number, 0, &note(number, "<p>first</p>")));
        if number % 5 == 4 {
            for edited in number - 4..=number {
                arrives(&store, activity("Update", edited, 1, &note(edited, "<p>second</p>")));
                arrives(&store, activity("Update", edited, 2, &note(edited, "<p>third</p>")));
                if edited % 3 == 0 {
                    arrives(&store, activity("Delete", edited, 0, &json!(format!("{ACTOR}/notes/{edited}"))));
                }
            }
        }
    }
    store.close().unwrap();
    drop(store);
    let running = start(dir.path(), &lab, &clock).await;
    let server = &running.server;
    let waiting = || server.store().read(|view| inbound::depth(view, 1_000)).unwrap();
    until("all is carried out", || waiting() == (0, 0)).await;
    for number in 0..NOTES {
        let uri = format!("{ACTOR}/notes/{number}");
        let found = server.read(move |view| Ok(status::find_by_uri(view, &uri)?)).await.unwrap();
        let content = found.map(|status| status.content);
        let edited = number < NOTES / 5 * 5;
        let expected = match (edited, number % 3) {
            (true, 0) => None,
            (true, _) => Some("<p>third</p>"),
            (false, _) => Some("<p>first</p>"),
        };
        assert_eq!(content.as_deref(), expected, "note {number}");
    }
    running.stop().await.unwrap();
}

/// Actors of the server that floods, and how many posts of each wait.
const CROWD: usize = 1_000;
const EACH: usize = 3;
/// Of how many of them something stands in one transaction.
const TOGETHER: usize = 25;

/// A post by `actor` that mentions somebody here, as it is received.
fn arrives_from(tx: &mut storage::Tx<'_>, actor: &str, number: usize) -> storage::Result<()> {
    let note = json!({
        "id": format!("{actor}/notes/{number}"), "type": "Note", "attributedTo": actor, "to": [HERE],
        "content": "<p>words</p>", "published": "2025-12-31T00:00:00Z",
        "tag": [{ "type": "Mention", "href": HERE, "name": "@me@here.test" }],
    });
    let create = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{actor}/creates/{number}"), "type": "Create", "actor": actor, "to": [HERE], "object": note,
    });
    let (id, body) = (format!("{actor}/creates/{number}"), create.to_string());
    let arrival = Arrival { actor, signer: actor, inbox: "", activity: &id, body: body.as_bytes() };
    assert_eq!(inbound::accept(tx, &arrival)?, Accepted::Stored);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_thousands_of_posts_of_one_server_hold_up_no_note_of_another() {
    const NEIGHBOUR: &str = "https://calm.test/users/b";
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let running = start(dir.path(), &lab, &clock).await;
    account(&running.server, "me", None).await;
    account(&running.server, "b", Some("calm.test".to_owned())).await;
    for from in (0..CROWD).step_by(TOGETHER) {
        let crowd = move |tx: &mut storage::Tx<'_>| {
            for number in from..from + TOGETHER {
                put_account(tx, &format!("a{number}"), Some("flood.test"))?;
            }
            Ok(())
        };
        running.server.write(crowd).await.unwrap();
    }
    running.stop().await.unwrap();
    let environment = Environment { now: Arc::new(|| START), ..Environment::system() };
    let store = Store::open(Options { environment, ..Options::new(dir.path().join("store")) }).unwrap();
    // One of each actor in a transaction: its place is named by the two.
    for (number, from) in (0..EACH).flat_map(|number| (0..CROWD).step_by(TOGETHER).map(move |from| (number, from))) {
        let flood = move |tx: &mut storage::Tx<'_>| {
            let mut actors = (from..from + TOGETHER).map(|actor| format!("https://flood.test/users/a{actor}"));
            actors.try_for_each(|actor| arrives_from(tx, &actor, number))
        };
        store.write(flood).unwrap();
    }
    store.write(|tx: &mut storage::Tx<'_>| arrives_from(tx, NEIGHBOUR, 0)).unwrap();
    store.close().unwrap();
    drop(store);
    let running = start(dir.path(), &lab, &clock).await;
    let store = running.server.store();
    let uri = format!("{NEIGHBOUR}/notes/0");
    until("the neighbour's note", || store.read(|view| status::find_by_uri(view, &uri)).unwrap().is_some()).await;
    let (waiting, _) = store.read(|view| inbound::depth(view, 2 * CROWD * EACH)).unwrap();
    assert!(waiting > CROWD, "it does not wait for what came before it: {waiting} of those still wait");
    running.stop().await.unwrap();
}
