//! What somebody forwards in others' names: it deletes nothing that only looks gone, asks nobody about what leads nowhere,
//! and holds up nobody's own words (SECURITY A8, B5, B7, C8).

use super::*;
use crate::{instance::until, peer::Answer, scene::note};
use dassie::limits;
use std::time::Instant;

const FAY: &str = "https://friend.test/users/fay";

/// Eve, or somebody of her domain, forwards what she says is `actor`'s.
async fn forwards(scene: &Scene, by: &str, actor: &str, activity: Value) {
    let mut document = json!({"@context": CONTEXT, "actor": actor});
    for (name, value) in activity.as_object().into_iter().flatten() {
        document[name] = value.clone();
    }
    let posted = until(|| async {
        let status = post_as(scene, &scene.key, &format!("{by}#main-key"), &document).await;
        // The first one of a stranger may have to wait for their key.
        (status != 503).then_some(status)
    });
    assert_eq!(posted.await, Some(202));
}

fn deletion(number: u32, object: &str) -> Value {
    json!({"id": format!("https://victim.test/deletions/{number}"), "type": "Delete", "object": object})
}

/// What vic posts to alice alone.
fn quietly(scene: &Scene, id: &str) -> Value {
    let to = json!([scene.alice.uri]);
    json!({"id": format!("{id}/activity"), "type": "Create", "to": to, "object": note(id, VIC, json!({"to": to}))})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a8_nobody_deletes_for_others_what_only_looks_gone() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    for actor in [VIC, EVE] {
        known(&scene, actor).await;
    }
    let (quiet, later, public) =
        ("https://victim.test/notes/1", "https://victim.test/notes/2", "https://victim.test/notes/3");
    scene.sends(VIC, quietly(&scene, quiet)).await;
    let mine = posts(&scene, "mine", "public").await;
    let boost = "https://victim.test/boosts/1";
    scene.sends(VIC, json!({"id": boost, "type": "Announce", "object": mine["uri"]})).await;
    scene.serve_note(public, VIC, json!({}));
    assert!(resolved(&scene, public).await.is_some());
    scene.is_quiet().await;
    assert!(stored(&scene, quiet).await.is_some());

    // Eve got the same, too; their server answers 404 to whoever asks it.
    for (number, object) in [(1, quiet), (2, later), (3, boost), (4, public)] {
        forwards(&scene, EVE, VIC, deletion(number, object)).await;
        scene.is_quiet().await;
    }
    assert!(stored(&scene, quiet).await.is_some(), "what only few may see is not gone");
    let mine = scene.alice.get(&format!("/api/v1/statuses/{}", text(&mine, "id"))).await.json();
    assert_eq!(mine["reblogs_count"], 1, "nor is a boost whose id nobody answers");
    assert!(stored(&scene, public).await.is_some(), "its server has it still");
    scene.sends(VIC, quietly(&scene, later)).await;
    assert!(until(|| stored(&scene, later)).await.is_some(), "what had not come yet is not kept out");
    let asked = asked_of(&scene, "victim.test");
    assert!(!asked.iter().any(|path| path == "/notes/1" || path == "/notes/2" || path == "/boosts/1"), "{asked:?}");

    // Somebody may only be hidden from us, with all that they follow here.
    scene.peer.serve(VIC, Answer::Status(404));
    forwards(&scene, EVE, VIC, deletion(6, VIC)).await;
    scene.is_quiet().await;
    assert!(stored(&scene, public).await.is_some(), "an account is gone for good if its server says 410");
    scene.serve_actor(VIC, json!({}));

    // What everybody is told of is gone if its own server says so, whoever tells.
    scene.peer.serve(public, Answer::Status(410));
    forwards(&scene, EVE, VIC, deletion(5, public)).await;
    let gone = until(|| async { stored(&scene, public).await.is_none().then_some(()) });
    assert!(gone.await.is_some(), "a true one counts");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_what_somebody_forwards_is_looked_up_only_if_it_leads_here_and_within_a_rate() {
    let scene = Scene::rated(&["evil.test", "sub.evil.test", "victim.test", "friend.test"]).await;
    let eva = "https://sub.evil.test/users/eva";
    for actor in [EVE, eva, FAY, VIC] {
        scene.serve_actor(actor, json!({}));
    }
    let mine = posts(&scene, "mine", "public").await;
    let at = |number: u32| format!("https://victim.test/notes/{number}");
    let create = |number: u32, object: Value| {
        let id = format!("https://victim.test/creates/{number}");
        json!({"id": id, "type": "Create", "object": object})
    };
    // By nobody who is followed, for nobody here, about nothing that is here.
    for number in 0..40 {
        let (id, by) = (at(number), format!("https://victim.test/users/x{number}"));
        let deed = |kind: &str| json!({"id": format!("{id}/{kind}"), "type": kind, "object": id});
        forwards(&scene, EVE, &by, create(number, note(&id, &by, json!({})))).await;
        for kind in ["Create", "Update", "Announce", "Delete"] {
            forwards(&scene, EVE, &by, deed(kind)).await;
        }
        let profile = json!({"id": by, "type": "Person", "preferredUsername": "x", "inbox": format!("{by}/inbox")});
        forwards(&scene, EVE, &by, json!({"id": format!("{by}#u"), "type": "Update", "object": profile})).await;
    }
    scene.is_quiet().await;
    assert_eq!(asked_of(&scene, "victim.test"), Vec::<String>::new(), "nobody is asked");

    // What it says of itself is only a hint: what its origin says decides, before its author is asked for.
    let (liar, lie) = ("https://victim.test/users/somebody", "https://victim.test/notes/lie");
    scene.serve_actor(liar, json!({}));
    scene.serve_note(lie, liar, json!({}));
    let to_alice = json!({"to": [scene.alice.uri]});
    forwards(&scene, EVE, liar, create(100, note(lie, liar, to_alice.clone()))).await;
    scene.is_quiet().await;
    assert_eq!(asked_of(&scene, "victim.test"), ["/notes/lie"]);
    assert_eq!(scene.alice.search("accounts", liar, false).await, Vec::<Value>::new(), "and nothing is kept of them");

    // Lies without end are looked up for so many; whoever is below the same domain has no more.
    for number in 200..520 {
        let by = if number % 2 == 0 { EVE } else { eva };
        forwards(&scene, by, VIC, create(number, note(&at(number), VIC, to_alice.clone()))).await;
    }
    scene.is_quiet().await;
    let asked = asked_of(&scene, "victim.test").len();
    assert!((250..=300).contains(&asked), "{asked} look-ups");

    // A neighbour passes on what answers alice, as Mastodon does.
    let answer = "https://victim.test/notes/answer";
    let words = json!({"inReplyTo": mine["uri"]});
    scene.serve_note(answer, VIC, words.clone());
    forwards(&scene, FAY, VIC, create(600, note(answer, VIC, words))).await;
    let seen = until(|| stored(&scene, answer)).await.expect("it answers somebody here");
    assert_eq!(seen["in_reply_to_id"], mine["id"]);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forwarded_and_leads_here_is_taken() {
    let scene = Scene::start(&["victim.test", "friend.test"]).await;
    let (pat, tom) = ("https://victim.test/users/pat", "https://friend.test/users/tom");
    for actor in [FAY, VIC, pat, tom] {
        scene.serve_actor(actor, json!({}));
    }
    alice_follows(&scene, FAY).await;
    let begun = "https://friend.test/notes/begun";
    let create = json!({"id": format!("{begun}#c"), "type": "Create", "object": note(begun, FAY, json!({}))});
    scene.sends(FAY, create).await;
    scene.is_quiet().await;
    assert!(stored(&scene, begun).await.is_some());
    let create = |id: &str, object: Value| json!({"id": format!("{id}#c"), "type": "Create", "object": object});
    let at = |name: &str| format!("https://victim.test/notes/{name}");

    // An answer to somebody who is followed, to whoever is in her thread; a bare id from her; a mention; an author who is
    // followed and whom another forwards.
    let (answer, deeper, bare, named) = (at("answer"), at("deeper"), at("bare"), at("named"));
    let (of_fay, own) = ("https://friend.test/notes/own", json!({}));
    for (id, by, words) in [
        (answer.as_str(), VIC, json!({"inReplyTo": begun})),
        (&bare, VIC, json!({"inReplyTo": begun})),
        (&named, pat, json!({"to": [scene.alice.uri]})),
        (of_fay, FAY, own.clone()),
    ] {
        scene.serve_note(id, by, words.clone());
        let object = if id == bare { json!(id) } else { note(id, by, words) };
        let forwarder = if by == FAY { tom } else { FAY };
        forwards(&scene, forwarder, by, create(id, object)).await;
        assert!(until(|| stored(&scene, id)).await.is_some(), "{id}");
    }
    // In a thread that stands here somebody follows neither of the two: it is asked for, and not kept.
    let words = json!({"inReplyTo": answer});
    scene.serve_note(&deeper, pat, words.clone());
    forwards(&scene, FAY, pat, create(&deeper, note(&deeper, pat, words))).await;
    scene.is_quiet().await;
    assert_eq!(scene.peer.seen(|seen| seen.path == "/notes/deeper").len(), 1);

    // Edited, and gone.
    let edited = json!({"inReplyTo": begun, "content": "<p>edited</p>", "updated": "2026-11-02T00:00:00Z"});
    scene.serve_note(&answer, VIC, edited.clone());
    forwards(
        &scene,
        FAY,
        VIC,
        json!({"id": format!("{answer}#u"), "type": "Update", "object": note(&answer, VIC, edited)}),
    )
    .await;
    let seen = until(|| async { stored(&scene, &answer).await.filter(|seen| seen["content"] == "<p>edited</p>") });
    assert!(seen.await.is_some(), "it is edited");
    scene.peer.serve(&answer, Answer::Status(404));
    let deletion =
        json!({"id": format!("{answer}#d"), "type": "Delete", "object": {"id": answer, "type": "Tombstone"}});
    forwards(&scene, FAY, VIC, deletion).await;
    assert!(until(|| async { stored(&scene, &answer).await.is_none().then_some(()) }).await.is_some(), "it is gone");
    // A profile that is known, and a boost by somebody who is followed.
    scene.serve_actor(pat, json!({"name": "Patricia"}));
    let profile = json!({"id": pat, "type": "Person", "preferredUsername": "pat", "inbox": format!("{pat}/inbox")});
    forwards(&scene, FAY, pat, json!({"id": format!("{pat}#u"), "type": "Update", "object": profile})).await;
    let renamed = until(|| async { (known(&scene, pat).await["display_name"] == "Patricia").then_some(()) });
    assert!(renamed.await.is_some(), "the profile of somebody known");
    let boosted = at("boosted");
    scene.serve_note(&boosted, pat, json!({}));
    let shared = json!({"@context": CONTEXT, "id": "https://friend.test/boosts/1", "type": "Announce", "actor": FAY,
        "to": [format!("{CONTEXT}#Public")], "object": boosted});
    scene.peer.serve("https://friend.test/boosts/1", Answer::document(&shared));
    forwards(&scene, tom, FAY, shared).await;
    assert!(until(|| stored(&scene, &boosted)).await.is_some(), "she is followed");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_what_somebody_forwards_holds_up_nobody_elses_own_words() {
    let scene = Scene::start(&["evil.test", "friend.test"]).await;
    scene.serve_actor(EVE, json!({}));
    scene.serve_actor(FAY, json!({}));
    for actor in [EVE, FAY] {
        known(&scene, actor).await;
    }
    // All places that her server has are taken by what hangs, and more of hers waits for one.
    let crowd = 3 * limits::INBOUND_PER_HOST;
    for one in 0..crowd {
        let (actor, id) = (format!("https://evil.test/users/e{one}"), format!("https://evil.test/notes/{one}"));
        scene.serve_actor(&actor, json!({}));
        scene.peer.serve(&id, Answer::Hang);
        let create = json!({"id": format!("{id}#c"), "type": "Create", "to": [scene.alice.uri], "object": id});
        scene.sends(&actor, create).await;
    }
    let hang = || async {
        let hanging = scene.peer.seen(|seen| seen.path.starts_with("/notes/")).len();
        (hanging >= limits::INBOUND_PER_HOST).then_some(())
    };
    assert!(until(hang).await.is_some(), "they hang");
    let began = Instant::now();
    let (forged, own) = ("https://friend.test/notes/1", "https://friend.test/notes/2");
    let to = json!([scene.alice.uri]);
    let create = |id: &str| {
        let object = note(id, FAY, json!({"to": to}));
        json!({"id": format!("{id}/activity"), "type": "Create", "to": to, "object": object})
    };
    forwards(&scene, EVE, FAY, create(forged)).await;
    scene.sends(FAY, create(own)).await;
    assert!(until(|| stored(&scene, own)).await.is_some());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}: less than one timeout of those that hang");
    assert_eq!(stored(&scene, forged).await, None, "what is forwarded waits for a place of her server");
    scene.instance.running.stop().await.expect("it stops");
}
