//! Stamps on quotes that are forged, and those who would take another's back (FEP-044f; SECURITY A1, A8); quotes that
//! tell of no consent at all, in their older spellings.

use crate::{
    peer::Answer,
    relays::{page, signed_in},
    scene::{CONTEXT, Scene, note},
};
use serde_json::{Value, json};

/// Who is quoted.
const VIC: &str = "https://author.test/users/vic";
/// What is quoted.
const QUOTED: &str = "https://author.test/notes/1";
/// Who quotes.
const QUI: &str = "https://quoter.test/users/qui";

async fn scene() -> Scene {
    let scene = Scene::start(&["author.test", "quoter.test", "evil.test"]).await;
    for id in [VIC, QUI] {
        scene.serve_actor(id, json!({}));
    }
    scene.serve_note(QUOTED, VIC, json!({}));
    scene
}

fn serve_stamp(scene: &Scene, id: &str, author: &str, quoting: &str, quoted: &str) {
    let stamp = json!({
        "@context": CONTEXT, "id": id, "type": "QuoteAuthorization", "attributedTo": author,
        "interactingObject": quoting, "interactionTarget": quoted,
    });
    scene.peer.serve(id, Answer::document(&stamp));
}

/// A status that quotes under a stamp, read because alice asks for it; its number here.
async fn read(scene: &Scene, note: &str, stamp: &str) -> String {
    scene.serve_note(note, QUI, json!({"quote": QUOTED, "quoteAuthorization": stamp}));
    let found = scene.alice.search("statuses", note, true).await;
    let id = found.first().and_then(|status| status["id"].as_str());
    id.unwrap_or_else(|| panic!("{note} was not resolved: {found:?}")).to_owned()
}

async fn quote(scene: &Scene, id: &str) -> Value {
    let reply = scene.alice.get(&format!("/api/v1/statuses/{id}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["quote"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stamp_counts_only_from_the_quoted_authors_server_and_for_this_very_quote() {
    let scene = scene().await;
    let note = |number: u32| format!("https://quoter.test/notes/{number}");
    let stamp = |number: u32| format!("https://author.test/stamps/{number}");
    serve_stamp(&scene, &stamp(1), VIC, &note(1), QUOTED);
    let good = read(&scene, &note(1), &stamp(1)).await;
    // On the quoter's own server, and on a third one.
    serve_stamp(&scene, "https://quoter.test/stamps/2", VIC, &note(2), QUOTED);
    serve_stamp(&scene, "https://evil.test/stamps/3", VIC, &note(3), QUOTED);
    // For another status, of another status, by another person of that server.
    serve_stamp(&scene, &stamp(4), VIC, &note(1), QUOTED);
    serve_stamp(&scene, &stamp(5), VIC, &note(5), "https://author.test/notes/2");
    serve_stamp(&scene, &stamp(6), "https://author.test/users/mallory", &note(6), QUOTED);
    let forged = [
        (2, "https://quoter.test/stamps/2".to_owned()),
        (3, "https://evil.test/stamps/3".to_owned()),
        (4, stamp(4)),
        (5, stamp(5)),
        (6, stamp(6)),
        // One that is not there, that of another quote, and one that is no address.
        (7, stamp(7)),
        (8, stamp(1)),
        (9, "stamp".to_owned()),
    ];
    let mut ids = Vec::new();
    for (number, stamp) in forged {
        ids.push((number, read(&scene, &note(number), &stamp).await));
    }
    scene.is_quiet().await;
    let seen = quote(&scene, &good).await;
    assert_eq!((&seen["state"], &seen["quoted_status"]["uri"]), (&json!("accepted"), &json!(QUOTED)));
    for (number, id) in ids {
        assert_eq!(quote(&scene, &id).await, json!({"state": "pending", "quoted_status": null}), "quote {number}");
    }
    let foreign = scene.peer.seen(|seen| seen.path.starts_with("/stamps/") && seen.authority != "author.test");
    assert!(foreign.is_empty(), "nobody else is even asked: {foreign:?}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stamp_is_taken_back_by_its_author_alone() {
    let scene = scene().await;
    let (note, stamp) = ("https://quoter.test/notes/1", "https://author.test/stamps/1");
    let (eve, mallory) = ("https://evil.test/users/eve", "https://author.test/users/mallory");
    serve_stamp(&scene, stamp, VIC, note, QUOTED);
    let id = read(&scene, note, stamp).await;
    scene.is_quiet().await;
    // Who claims the same stamp does not get between it and its Delete.
    read(&scene, "https://quoter.test/notes/2", stamp).await;
    for stranger in [eve, mallory] {
        scene.serve_actor(stranger, json!({}));
        // Whoever is not known here has nothing to delete and is not heard at all.
        assert_eq!(scene.alice.search("accounts", stranger, true).await.len(), 1);
    }
    scene.is_quiet().await;
    assert_eq!(quote(&scene, &id).await["state"], "accepted");
    let delete = |actor: &str| json!({"id": format!("{actor}#deletes"), "type": "Delete", "object": stamp});
    for other in [eve, mallory, QUI] {
        scene.sends(other, delete(other)).await;
    }
    scene.is_quiet().await;
    assert_eq!(quote(&scene, &id).await["state"], "accepted");
    scene.sends(VIC, delete(VIC)).await;
    scene.is_quiet().await;
    assert_eq!(quote(&scene, &id).await, json!({"state": "revoked", "quoted_status": null}));
    scene.instance.running.stop().await.expect("it stops");
}

/// A note that quotes so, sent into the inbox; its number here.
async fn sent(scene: &Scene, name: &str, quoting: Value) -> String {
    let id = format!("https://quoter.test/notes/{name}");
    let create = json!({"id": format!("{id}#create"), "type": "Create", "object": note(&id, QUI, quoting.clone())});
    scene.serve_note(&id, QUI, quoting);
    scene.sends(QUI, create).await;
    scene.is_quiet().await;
    // This asks nobody for anything: what is found was sent.
    let found = scene.alice.search("statuses", &id, false).await;
    let number = found.first().and_then(|status| status["id"].as_str());
    number.unwrap_or_else(|| panic!("{id} is not here: {found:?}")).to_owned()
}

/// A FEP-e232 link.
fn link(to: &str) -> Value {
    json!({"tag": [{
        "type": "Link", "mediaType": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": to,
    }]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_in_an_older_spelling_is_a_link_to_what_it_quotes_and_says_that_nobody_was_asked() {
    let scene = scene().await;
    scene.follows(&scene.alice, QUI).await;
    let spellings = [
        ("misskey", json!({"_misskey_quote": QUOTED})),
        ("url", json!({"quoteUrl": QUOTED})),
        ("uri", json!({"quoteUri": QUOTED})),
        ("link", link(QUOTED)),
    ];
    let mut quotes = Vec::new();
    for (name, quoting) in spellings {
        quotes.push((name, sent(&scene, name, quoting).await));
    }
    let gone = "https://author.test/notes/gone";
    let unread = sent(&scene, "unread", json!({"_misskey_quote": gone})).await;
    let odd = sent(&scene, "odd", json!({"_misskey_quote": "javascript:alert(1)"})).await;
    let before = scene.alice.search("statuses", QUOTED, false).await;
    let quoted = before.first().and_then(|status| status["id"].as_str()).expect("what is quoted was read");

    let cookie = signed_in(&scene).await;
    let shown = async |id: &str| page(&scene, &cookie, &format!("/@qui@quoter.test/{id}")).await.text();
    let (words, hidden) = ("its author was not asked", "A quoted post that cannot be shown.");
    let here = format!("<a href=\"/@vic@author.test/{quoted}\">The quoted post</a>");
    for (name, id) in &quotes {
        assert_eq!(quote(&scene, id).await, json!({"state": "pending", "quoted_status": null}), "{name}");
        let page = shown(id).await;
        assert!(page.contains(words) && page.contains(&here) && !page.contains(hidden), "{name}: {page}");
    }
    let outside = |to: &str| format!("<a href=\"{to}\" rel=\"nofollow noopener noreferrer\">The quoted post</a>");
    let page = shown(&unread).await;
    assert!(page.contains(words) && page.contains(&outside(gone)), "{page}");
    let page = shown(&odd).await;
    assert!(page.contains(hidden) && !page.contains(words) && !page.contains("javascript:alert"), "{page}");

    // Guests have no page here of what others wrote.
    let (_, id) = &quotes[0];
    assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{id}/reblog"), &[]).await.status, 200);
    let page = scene.instance.get("/@alice").await.text();
    assert!(page.contains(words) && page.contains(&outside(QUOTED)), "{page}");

    // Of whom alice will not see, the quoting post alone tells.
    let vic = before[0]["account"]["id"].as_str().expect("an author");
    assert_eq!(scene.alice.post(&format!("/api/v1/accounts/{vic}/block"), &[]).await.status, 200);
    let page = shown(id).await;
    assert!(page.contains(&outside(QUOTED)) && !page.contains(&here), "{page}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_that_its_author_removed_is_none_whatever_older_spellings_say() {
    let scene = scene().await;
    scene.follows(&scene.alice, QUI).await;
    let tombstone = json!({"type": "Tombstone", "id": QUOTED});
    let id = sent(&scene, "removed", json!({"quote": tombstone, "quoteUrl": QUOTED, "_misskey_quote": QUOTED})).await;
    assert_eq!(quote(&scene, &id).await, Value::Null);
    let cookie = signed_in(&scene).await;
    let page = page(&scene, &cookie, &format!("/@qui@quoter.test/{id}")).await.text();
    assert!(page.contains("<p>words</p>") && !page.contains("class=\"quote"), "{page}");
    assert!(scene.peer.seen(|seen| seen.path == "/notes/1").is_empty(), "what is quoted no more is not read");
    scene.instance.running.stop().await.expect("it stops");
}
