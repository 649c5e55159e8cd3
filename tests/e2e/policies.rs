//! Interaction policies before a server that asks as GoToSocial does: LikeRequest, ReplyRequest and AnnounceRequest, and
//! answers by those who may not give them; and replies of others to others, with forged leave to answer.

use crate::{
    instance::until,
    peer::Answer,
    scene::{CONTEXT, Scene, note as written},
};
use dassie::{account::backfill, limits};
use serde_json::{Value, json};
use std::time::Duration;
use storage::{
    AccountId, Digest,
    directory::{LEAVES, SETTLED},
    interaction::{self, REQUEST_BY_URI},
};

/// How long something may take to be delivered.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who asks, and whose post is answered.
const GIL: &str = "https://gts.test/users/gil";
/// Another of that server.
const MAL: &str = "https://gts.test/users/mal";

async fn scene() -> Scene {
    let scene = Scene::start(&["gts.test"]).await;
    for id in [GIL, MAL] {
        scene.serve_actor(id, json!({"followers": format!("{id}/followers")}));
    }
    scene
}

/// What is delivered, once it is, as `wanted` says.
async fn sent(scene: &Scene, wanted: impl Fn(&Value) -> bool) -> Value {
    let seen = scene.peer.wait_for(PATIENCE, |seen| seen.json().is_some_and(|sent| wanted(&sent))).await;
    seen.and_then(|seen| seen.json()).unwrap_or_else(|| panic!("only {:?}", scene.peer.delivered("gts.test")))
}

/// The answer of this type to the request with this id.
async fn answer(scene: &Scene, kind: &str, request: &str) -> Value {
    sent(scene, |sent| sent["type"] == kind && sent["object"]["id"] == request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_answered_with_themselves_inlined() {
    let scene = scene().await;
    let fields = [
        ("status", "ask me"),
        ("interaction_policy[can_favourite][manual_approval][]", "public"),
        ("interaction_policy[can_reply][automatic_approval][]", "author"),
    ];
    let posted = scene.alice.post("/api/v1/statuses", &fields).await.json();
    let (id, target) = (posted["id"].as_str().expect("an id"), posted["uri"].as_str().expect("a uri"));
    let like = json!({"id": "https://gts.test/likes/1", "type": "Like", "actor": GIL, "object": target});
    let asked = json!({"id": "https://gts.test/asks/1", "type": "LikeRequest", "object": target, "instrument": like});
    scene.sends(GIL, asked).await;
    let note = json!({
        "id": "https://gts.test/notes/1", "type": "Note", "attributedTo": GIL, "content": "<p>but</p>",
        "inReplyTo": target, "to": [format!("{CONTEXT}#Public")], "published": "2026-11-01T00:00:00Z",
    });
    let asked = json!({"id": "https://gts.test/asks/2", "type": "ReplyRequest", "object": target, "instrument": note});
    scene.sends(GIL, asked).await;
    let shared = "https://gts.test/shares/1";
    let asked =
        json!({"id": "https://gts.test/asks/3", "type": "AnnounceRequest", "object": target, "instrument": shared});
    scene.sends(GIL, asked).await;
    scene.is_quiet().await;

    let refused = answer(&scene, "Reject", "https://gts.test/asks/2").await;
    assert_eq!(refused["object"]["instrument"], "https://gts.test/notes/1");
    let agreed = answer(&scene, "Accept", "https://gts.test/asks/3").await;
    assert_eq!((&agreed["object"]["type"], &agreed["target"]), (&json!("AnnounceRequest"), &json!(target)));
    assert!(!scene.peer.delivered("gts.test").iter().any(|sent| sent["object"]["id"] == "https://gts.test/asks/1"));

    let waiting = scene.alice.get("/api/v1/interaction_requests").await.json();
    assert_eq!((&waiting[0]["type"], waiting.as_array().map(Vec::len)), (&json!("favourite"), Some(1)));
    let request = waiting[0]["id"].as_str().expect("an id");
    let path = format!("/api/v1/interaction_requests/{request}/authorize");
    assert_eq!(scene.alice.post(&path, &[]).await.status, 200);
    let agreed = answer(&scene, "Accept", "https://gts.test/asks/1").await;
    assert_eq!(agreed["object"]["instrument"], "https://gts.test/likes/1");
    let shows = agreed["result"].as_str().and_then(|shows| shows.strip_prefix("https://local.test"));
    let shows = scene.instance.get(shows.expect("it lies here")).await.json();
    assert_eq!(
        [&shows["type"], &shows["interactingObject"], &shows["interactionTarget"]],
        [&json!("LikeAuthorization"), &json!("https://gts.test/likes/1"), &json!(target)]
    );
    let seen = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
    let counts = ["favourites_count", "reblogs_count", "replies_count"].map(|name| seen[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(0)]);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_author_settles_what_waits_for_them() {
    let scene = scene().await;
    let note = "https://gts.test/notes/9";
    // As GoToSocial before 0.20 says it, with something from later.
    let rule = json!({"always": [GIL], "approvalRequired": [format!("{CONTEXT}#Public")]});
    scene.serve_note(note, GIL, json!({"interactionPolicy": {"canReply": rule, "canSneeze": {"always": []}}}));
    scene.serve_note("https://gts.test/notes/10", MAL, json!({}));
    let found = scene.alice.search("statuses", note, true).await;
    scene.alice.search("statuses", "https://gts.test/notes/10", true).await;
    let parent = found[0]["id"].as_str().expect("an id");
    let fields = [("status", "may I?"), ("in_reply_to_id", parent)];
    let reply = scene.alice.post("/api/v1/statuses", &fields).await.json();
    scene.is_quiet().await;
    let (id, uri) = (reply["id"].as_str().expect("an id"), reply["uri"].as_str().expect("a uri"));
    sent(&scene, |sent| sent["type"] == "Create" && sent["object"]["id"] == uri).await;

    let stranger = scene.instance.get(&format!("/api/v1/statuses/{id}")).await;
    assert_eq!(stranger.status, 404, "{}", stranger.text());
    let shows = "https://gts.test/authorizations/1";
    let accept = |by: &str| json!({"id": format!("{by}#accepts"), "type": "Accept", "object": uri, "result": shows});
    scene.sends(MAL, accept(MAL)).await;
    scene.sends(MAL, json!({"id": format!("{MAL}#rejects"), "type": "Reject", "object": uri})).await;
    scene.is_quiet().await;
    assert_eq!(scene.instance.get(&format!("/api/v1/statuses/{id}")).await.status, 404);
    scene.sends(GIL, accept(GIL)).await;
    scene.is_quiet().await;
    assert_eq!(scene.instance.get(&format!("/api/v1/statuses/{id}")).await.status, 200);
    // It goes on with what shows the consent.
    sent(&scene, |sent| sent["object"]["replyAuthorization"] == shows).await;
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_agreed_to_that_was_undone_or_answers_something_else() {
    let scene = scene().await;
    let mut posted = Vec::new();
    for text in ["the first", "the second"] {
        let made = scene.alice.post("/api/v1/statuses", &[("status", text)]).await.json();
        posted.push(made["uri"].as_str().expect("a uri").to_owned());
    }
    let [first, second] = <[String; 2]>::try_from(posted).expect("two");
    let like = json!({"id": "https://gts.test/likes/8", "type": "Like", "actor": GIL, "object": second});
    scene.sends(GIL, json!({"id": "https://gts.test/undos/8", "type": "Undo", "object": like})).await;
    scene.is_quiet().await;
    let note = |target: &str| {
        json!({
            "id": "https://gts.test/notes/8", "type": "Note", "attributedTo": GIL, "content": "<p>so</p>",
            "inReplyTo": target, "to": [format!("{CONTEXT}#Public")], "published": "2026-11-01T00:00:00Z",
        })
    };
    scene.sends(GIL, json!({"id": "https://gts.test/creates/8", "type": "Create", "object": note(&first)})).await;
    scene.is_quiet().await;

    let asks =
        [("LikeRequest", "https://gts.test/asks/8", like), ("ReplyRequest", "https://gts.test/asks/9", note(&second))];
    for (kind, id, instrument) in asks {
        scene.sends(GIL, json!({"id": id, "type": kind, "object": second, "instrument": instrument})).await;
        scene.is_quiet().await;
    }
    let last = "https://gts.test/asks/10";
    let instrument = "https://gts.test/likes/10";
    scene.sends(MAL, json!({"id": last, "type": "LikeRequest", "object": second, "instrument": instrument})).await;
    answer(&scene, "Accept", last).await;
    for id in ["https://gts.test/asks/8", "https://gts.test/asks/9"] {
        let sent = scene.peer.delivered("gts.test");
        assert!(!sent.iter().any(|sent| sent["type"] == "Accept" && sent["object"]["id"] == id), "{id}: {sent:?}");
    }
    scene.instance.running.stop().await.expect("it stops");
}

/// A post by `GIL` that says who may like, answer and announce it in this word.
async fn found_under(scene: &Scene, note: &str, word: &str) -> String {
    let rule = json!({ word: [format!("{CONTEXT}#Public")] });
    let policy = json!({"canLike": rule, "canReply": rule, "canAnnounce": rule});
    scene.serve_note(note, GIL, json!({ "interactionPolicy": policy }));
    let found = scene.alice.search("statuses", note, true).await;
    found[0]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_speaks_of_requests_is_asked_by_them_and_hears_of_the_deed_once_they_agreed() {
    let scene = scene().await;
    let target = "https://gts.test/notes/20";
    let id = found_under(&scene, target, "manualApproval").await;
    let path = |act: &str| format!("/api/v1/statuses/{id}/{act}");
    let reply = scene.alice.post("/api/v1/statuses", &[("status", "may I?"), ("in_reply_to_id", &id)]).await.json();
    for act in ["favourite", "reblog"] {
        assert_eq!(scene.alice.post(&path(act), &[]).await.status, 200, "{act}");
    }
    scene.is_quiet().await;
    let deeds = [("LikeRequest", "Like"), ("ReplyRequest", "Note"), ("AnnounceRequest", "Announce")];
    for (number, (kind, deed)) in deeds.into_iter().enumerate() {
        let asked = sent(&scene, |sent| sent["type"] == kind).await;
        let instrument = &asked["instrument"];
        assert_eq!((&asked["object"], &asked["to"]), (&json!(target), &json!([GIL])), "{asked}");
        assert_eq!((&instrument["type"], instrument["id"] == asked["id"]), (&json!(deed), false), "{asked}");
        if deed == "Note" {
            assert_eq!((&instrument["id"], &instrument["inReplyTo"]), (&reply["uri"], &json!(target)), "{asked}");
        } else {
            assert_eq!(instrument["object"], target, "{asked}");
        }
        let plain = ["Like", "Create", "Announce"][number];
        assert!(!scene.peer.delivered("gts.test").iter().any(|sent| sent["type"] == plain), "not before: {plain}");

        // Once by the request inlined, once by its id alone.
        let object = if number == 1 {
            json!({"id": asked["id"], "type": kind, "actor": asked["actor"], "object": target, "instrument": instrument["id"]})
        } else {
            asked["id"].clone()
        };
        let shows = format!("https://gts.test/authorizations/{number}");
        let accept =
            json!({"id": format!("{GIL}#accepts/{number}"), "type": "Accept", "object": object, "result": shows});
        scene.sends(GIL, accept).await;
        scene.is_quiet().await;
        let done = sent(&scene, |sent| sent["type"] == plain).await;
        let shown = if plain == "Create" { &done["object"] } else { &done };
        let name = ["likeAuthorization", "replyAuthorization", "announceAuthorization"][number];
        assert_eq!((&shown[name], &shown["approvedBy"]), (&json!(shows), &json!(shows)), "{done}");
        assert_eq!(shown["id"], instrument["id"], "what was asked for");
    }
    let seen = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
    let counts = ["favourites_count", "reblogs_count", "replies_count"].map(|name| seen[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(1)], "{seen}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_speaks_the_older_words_gets_the_deed_and_a_refusal_of_a_request_is_heeded() {
    let scene = scene().await;
    let old = found_under(&scene, "https://gts.test/notes/30", "approvalRequired").await;
    for act in ["favourite", "reblog"] {
        assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{old}/{act}"), &[]).await.status, 200, "{act}");
    }
    sent(&scene, |sent| sent["type"] == "Like" && sent["object"] == "https://gts.test/notes/30").await;
    sent(&scene, |sent| sent["type"] == "Announce" && sent["object"] == "https://gts.test/notes/30").await;

    let new = found_under(&scene, "https://gts.test/notes/31", "manualApproval").await;
    let path = format!("/api/v1/statuses/{new}");
    assert_eq!(scene.alice.post(&format!("{path}/favourite"), &[]).await.status, 200);
    let asked = sent(&scene, |sent| sent["type"] == "LikeRequest").await;
    let reject = json!({"id": format!("{GIL}#rejects/31"), "type": "Reject", "object": asked["id"]});
    scene.sends(MAL, json!({"id": format!("{MAL}#rejects/31"), "type": "Reject", "object": asked["id"]})).await;
    scene.is_quiet().await;
    assert_eq!(scene.alice.get(&path).await.json()["favourited"], true, "another may not refuse");
    scene.sends(GIL, reject).await;
    scene.is_quiet().await;
    assert_eq!(scene.alice.get(&path).await.json()["favourited"], false);
    assert_eq!(scene.alice.post(&format!("{path}/favourite"), &[]).await.status, 403, "nor asked again");
    scene.instance.running.stop().await.expect("it stops");
}

/// Who answers what others wrote, from a third server.
const REN: &str = "https://reply.test/users/ren";
/// Another of that server, whom the post mentions.
const FAY: &str = "https://reply.test/users/fay";
/// What `GIL` lets nobody answer without being asked but whom it mentions.
const GUARDED: &str = "https://gts.test/notes/40";

async fn scene_of_three() -> Scene {
    let scene = Scene::start(&["gts.test", "reply.test", "evil.test"]).await;
    for id in [GIL, MAL, REN, FAY] {
        scene.serve_actor(id, json!({}));
    }
    let rule = json!({"automaticApproval": [GIL, FAY], "manualApproval": [format!("{CONTEXT}#Public")]});
    let tag = json!([{"type": "Mention", "href": FAY, "name": "@fay@reply.test"}]);
    scene.serve_note(GUARDED, GIL, json!({"interactionPolicy": {"canReply": rule}, "tag": tag, "cc": [FAY]}));
    scene
}

fn reply(number: u32) -> String {
    format!("https://reply.test/notes/{number}")
}

fn stamp(number: u32) -> String {
    format!("https://gts.test/stamps/{number}")
}

fn document_of_stamp(id: &str, kind: &str, author: &str, reply: &str, target: &str) -> Answer {
    Answer::document(&json!({
        "@context": CONTEXT, "id": id, "type": kind, "attributedTo": author, "interactingObject": reply,
        "interactionTarget": target,
    }))
}

/// A right stamp on the reply with this number.
fn serve_stamp(scene: &Scene, number: u32) {
    let document = document_of_stamp(&stamp(number), "ReplyAuthorization", GIL, &reply(number), GUARDED);
    scene.peer.serve(&stamp(number), document);
}

/// Sends a reply to what is guarded.
async fn answers(scene: &Scene, by: &str, number: u32, extra: Value) {
    let mut note = written(&reply(number), by, json!({ "inReplyTo": GUARDED }));
    if let (Some(members), Value::Object(extra)) = (note.as_object_mut(), extra) {
        members.extend(extra);
    }
    scene.peer.serve(&reply(number), Answer::document(&note));
    scene.sends(by, json!({"id": format!("{}#create", reply(number)), "type": "Create", "object": note})).await;
}

/// The ids of what stands below a status here, sorted.
async fn below(scene: &Scene, id: &str) -> Vec<String> {
    let context = scene.alice.get(&format!("/api/v1/statuses/{id}/context")).await.json();
    let below = context["descendants"].as_array().expect("a list").iter();
    let mut below: Vec<String> = below.map(|status| status["uri"].as_str().expect("a uri").to_owned()).collect();
    below.sort();
    below
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_of_others_hangs_below_a_guarded_post_only_with_its_authors_leave() {
    let scene = scene_of_three().await;
    scene.follows(&scene.alice, GIL).await;
    assert_eq!(scene.alice.search("accounts", FAY, true).await.len(), 1);
    let id = scene.found(GUARDED).await;
    let forged = |id: &str, author: &str, reply: &str, target: &str| {
        scene.peer.serve(id, document_of_stamp(id, "ReplyAuthorization", author, reply, target));
        json!({ "replyAuthorization": id })
    };
    serve_stamp(&scene, 11);
    // In the words of before 0.20.
    scene.peer.serve(&stamp(12), document_of_stamp(&stamp(12), "ReplyApproval", GIL, &reply(12), GUARDED));
    let sent = [
        (10, json!({})),
        (11, json!({ "replyAuthorization": stamp(11) })),
        (12, json!({ "approvedBy": stamp(12) })),
        // On the server of who answers, and on another one.
        (13, forged("https://reply.test/stamps/13", GIL, &reply(13), GUARDED)),
        (14, forged("https://evil.test/stamps/14", GIL, &reply(14), GUARDED)),
        // For another reply, of another post, by another person of that server.
        (15, forged(&stamp(15), GIL, &reply(11), GUARDED)),
        (16, forged(&stamp(16), GIL, &reply(16), "https://gts.test/notes/41")),
        (17, forged(&stamp(17), MAL, &reply(17), GUARDED)),
        // One that is not there, that of another reply, and one that is no address.
        (18, json!({ "replyAuthorization": stamp(18) })),
        (19, json!({ "replyAuthorization": stamp(11) })),
        (20, json!({ "replyAuthorization": "stamp" })),
    ];
    for (number, extra) in sent {
        answers(&scene, REN, number, extra).await;
    }
    answers(&scene, FAY, 21, json!({})).await;
    let tag = json!([{"type": "Mention", "href": scene.alice.uri, "name": "@alice@local.test"}]);
    answers(&scene, REN, 22, json!({"tag": tag, "cc": [scene.alice.uri]})).await;
    scene.is_quiet().await;
    assert_eq!(below(&scene, &id).await, [reply(11), reply(12), reply(21)]);

    let told = scene.alice.get("/api/v1/notifications?types[]=mention").await.json();
    let told: Vec<&Value> = told.as_array().expect("a list").iter().map(|one| &one["status"]).collect();
    assert_eq!(told.len(), 1, "whom it mentions hears of it: {told:?}");
    assert_eq!((&told[0]["uri"], &told[0]["in_reply_to_id"]), (&json!(reply(22)), &Value::Null), "but by itself");
    let foreign = scene.peer.seen(|seen| seen.path.starts_with("/stamps/") && seen.authority != "gts.test");
    assert!(foreign.is_empty(), "nobody else is even asked: {foreign:?}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_came_before_the_guarded_post_is_held_to_the_same() {
    let scene = scene_of_three().await;
    scene.follows(&scene.alice, REN).await;
    serve_stamp(&scene, 11);
    answers(&scene, REN, 10, json!({})).await;
    answers(&scene, REN, 11, json!({ "replyAuthorization": stamp(11) })).await;
    scene.is_quiet().await;
    let id = scene.found(GUARDED).await;
    assert_eq!(below(&scene, &id).await, [reply(11)]);
    let apart = scene.found(&reply(10)).await;
    let apart = scene.alice.get(&format!("/api/v1/statuses/{apart}")).await.json();
    assert_eq!(apart["in_reply_to_id"], Value::Null, "{apart}");
    // Once it is let it says so in an edit.
    serve_stamp(&scene, 10);
    let shows = json!({"inReplyTo": GUARDED, "replyAuthorization": stamp(10)});
    let note = written(&reply(10), REN, shows);
    scene.sends(REN, json!({"id": format!("{}#update", reply(10)), "type": "Update", "object": note})).await;
    scene.is_quiet().await;
    assert_eq!(below(&scene, &id).await, [reply(10), reply(11)]);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_whose_leave_is_taken_back_by_its_giver_stands_by_itself() {
    let scene = scene_of_three().await;
    scene.follows(&scene.alice, GIL).await;
    let id = scene.found(GUARDED).await;
    for number in [10, 11] {
        serve_stamp(&scene, number);
        answers(&scene, REN, number, json!({ "replyAuthorization": stamp(number) })).await;
    }
    scene.is_quiet().await;
    assert_eq!(below(&scene, &id).await, [reply(10), reply(11)]);
    let takes_back = |by: &str| json!({"id": format!("{by}#deletes/10"), "type": "Delete", "object": stamp(10)});
    scene.sends(MAL, takes_back(MAL)).await;
    scene.is_quiet().await;
    assert_eq!(below(&scene, &id).await, [reply(10), reply(11)], "another of that server may not");
    scene.sends(GIL, takes_back(GIL)).await;
    scene.is_quiet().await;
    assert_eq!(below(&scene, &id).await, [reply(11)]);
    assert_eq!(scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json()["replies_count"], 1);
    let apart = scene.found(&reply(10)).await;
    let apart = scene.alice.get(&format!("/api/v1/statuses/{apart}")).await.json();
    assert_eq!(apart["in_reply_to_id"], Value::Null, "{apart}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leave_that_cannot_be_read_now_is_asked_for_again_and_only_for_what_is_kept() {
    let scene = scene_of_three().await;
    let id = scene.found(GUARDED).await;
    serve_stamp(&scene, 10);
    answers(&scene, REN, 10, json!({ "replyAuthorization": stamp(10) })).await;
    scene.is_quiet().await;
    let asked = |number: u32| {
        let path = format!("/stamps/{number}");
        scene.peer.seen(|seen| seen.authority == "gts.test" && seen.path == path).len()
    };
    assert_eq!(asked(10), 0, "nobody here follows anybody in it");
    scene.follows(&scene.alice, GIL).await;
    scene.peer.serve(&stamp(11), Answer::Status(500));
    answers(&scene, REN, 11, json!({ "replyAuthorization": stamp(11) })).await;
    let once = until(|| async { (asked(11) > 0).then_some(()) }).await;
    assert!(once.is_some(), "it is asked for");
    assert!(below(&scene, &id).await.is_empty());
    serve_stamp(&scene, 11);
    let came = until(|| async {
        scene.instance.clock.advance(limits::FETCH_NEGATIVE_MS);
        (below(&scene, &id).await == [reply(11)]).then_some(())
    });
    assert!(came.await.is_some(), "it hangs below it once that can be read");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_here_was_let_do_ends_with_the_leave_for_it() {
    let scene = scene().await;
    let target = "https://gts.test/notes/50";
    let id = found_under(&scene, target, "manualApproval").await;
    scene.serve_note("https://gts.test/notes/51", MAL, json!({}));
    scene.found("https://gts.test/notes/51").await;
    let path = format!("/api/v1/statuses/{id}");
    let reply = scene.alice.post("/api/v1/statuses", &[("status", "may I?"), ("in_reply_to_id", &id)]).await.json();
    for act in ["favourite", "reblog"] {
        assert_eq!(scene.alice.post(&format!("{path}/{act}"), &[]).await.status, 200, "{act}");
    }
    let shows = |number: usize| format!("https://gts.test/leave/{number}");
    let deeds = [("LikeRequest", "Like"), ("ReplyRequest", "Create"), ("AnnounceRequest", "Announce")];
    for (number, (kind, deed)) in deeds.into_iter().enumerate() {
        let asked = sent(&scene, |sent| sent["type"] == kind).await;
        let id = format!("{GIL}#accepts/{number}");
        scene.sends(GIL, json!({"id": id, "type": "Accept", "object": asked["id"], "result": shows(number)})).await;
        sent(&scene, |sent| sent["type"] == deed).await;
    }
    let counts = async || {
        let seen = scene.alice.get(&path).await.json();
        ["favourites_count", "replies_count", "reblogs_count"].map(|name| seen[name].clone())
    };
    assert_eq!(counts().await, [json!(1), json!(1), json!(1)]);
    for (by, left) in [(MAL, 1), (GIL, 0)] {
        for number in 0..deeds.len() {
            let takes_back = json!({"id": format!("{by}#deletes/{number}"), "type": "Delete", "object": shows(number)});
            scene.sends(by, takes_back).await;
        }
        scene.is_quiet().await;
        assert_eq!(counts().await, [json!(left), json!(left), json!(left)], "another of that server may not: {by}");
        scene.instance.is_sound();
    }
    for undone in ["Like", "Announce"] {
        sent(&scene, |sent| sent["type"] == "Undo" && sent["object"]["type"] == undone).await;
    }
    let seen = scene.alice.get(&path).await.json();
    assert_eq!((&seen["favourited"], &seen["reblogged"]), (&json!(false), &json!(false)), "{seen}");
    for act in ["favourite", "reblog"] {
        assert_eq!(scene.alice.post(&format!("{path}/{act}"), &[]).await.status, 403, "nobody is asked twice: {act}");
    }

    assert!(below(&scene, &id).await.is_empty());
    let apart = scene.instance.get(&format!("/api/v1/statuses/{}", reply["id"].as_str().expect("an id"))).await;
    assert_eq!((apart.status, &apart.json()["in_reply_to_id"]), (200, &Value::Null), "it stands by itself");
    let told = sent(&scene, |sent| sent["type"] == "Update" && sent["object"]["id"] == reply["uri"]).await;
    let answers = (&told["object"]["inReplyTo"], told["object"].get("replyAuthorization"));
    assert_eq!(answers, (&Value::Null, None), "and says so: {told}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leave_that_earlier_versions_stored_ends_with_its_delete_too() {
    const LEAVE: &str = "https://gts.test/leave/55";
    let mut scene = scene().await;
    let id = found_under(&scene, "https://gts.test/notes/55", "manualApproval").await;
    let path = format!("/api/v1/statuses/{id}");
    assert_eq!(scene.alice.post(&format!("{path}/favourite"), &[]).await.status, 200);
    let asked = sent(&scene, |sent| sent["type"] == "LikeRequest").await;
    let accept = json!({"id": format!("{GIL}#accepts/55"), "type": "Accept", "object": asked["id"], "result": LEAVE});
    scene.sends(GIL, accept).await;
    scene.is_quiet().await;
    let favourited = async |scene: &Scene| scene.alice.get(&path).await.json()["favourited"].clone();
    assert_eq!(favourited(&scene).await, true);
    // As they left it.
    let written = scene.instance.running.server.write(|tx| {
        REQUEST_BY_URI.delete(tx, &Digest::of(LEAVE));
        SETTLED.delete(tx, &LEAVES);
        Ok(())
    });
    written.await.expect("written");
    scene.instance = scene.instance.restarted().await;
    scene.alice = scene.alice.at(&scene.instance);
    let listed = until(|| async {
        let look = scene.instance.running.server.read(|view| Ok(interaction::find_by_authorization(view, LEAVE)?));
        look.await.expect("read").map(drop)
    });
    assert!(listed.await.is_some(), "it is brought in");
    scene.sends(GIL, json!({"id": format!("{GIL}#deletes/55"), "type": "Delete", "object": LEAVE})).await;
    scene.is_quiet().await;
    assert_eq!(favourited(&scene).await, false);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leave_that_was_taken_back_before_it_arrives_is_none() {
    let scene = scene().await;
    let id = found_under(&scene, "https://gts.test/notes/60", "manualApproval").await;
    let path = format!("/api/v1/statuses/{id}");
    assert_eq!(scene.alice.post(&format!("{path}/favourite"), &[]).await.status, 200);
    let asked = sent(&scene, |sent| sent["type"] == "LikeRequest").await;
    let shows = "https://gts.test/leave/60";
    scene.sends(GIL, json!({"id": format!("{GIL}#deletes/60"), "type": "Delete", "object": shows})).await;
    scene.is_quiet().await;
    let accept = json!({"id": format!("{GIL}#accepts/60"), "type": "Accept", "object": asked["id"], "result": shows});
    scene.sends(GIL, accept).await;
    scene.is_quiet().await;
    let seen = scene.alice.get(&path).await.json();
    assert_eq!((&seen["favourited"], &seen["favourites_count"]), (&json!(false), &json!(0)), "{seen}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn likes_and_boosts_of_others_of_a_guarded_post_count_only_with_its_authors_leave() {
    let scene = scene_of_three().await;
    let target = "https://gts.test/notes/70";
    let id = found_under(&scene, target, "manualApproval").await;
    for who in [REN, FAY] {
        scene.follows(&scene.alice, who).await;
    }
    assert_eq!(scene.alice.search("accounts", MAL, true).await.len(), 1);
    let deeds = [("Like", "likeAuthorization"), ("Announce", "announceAuthorization")];
    let own = |by: &str, kind: &str| format!("{by}#{kind}");
    let shows = |kind: &str| format!("https://gts.test/leave/{kind}");
    for (kind, _) in deeds {
        let leave = document_of_stamp(&shows(kind), &format!("{kind}Authorization"), GIL, &own(FAY, kind), target);
        scene.peer.serve(&shows(kind), leave);
    }
    let counts = async || {
        let seen = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
        ["favourites_count", "reblogs_count"].map(|name| seen[name].as_u64().expect("a number"))
    };
    // Without leave, with that of somebody else, on another server, with their own.
    let tries: [(&str, u32, Option<&str>, u64); 4] = [
        (REN, 1, None, 0),
        (REN, 2, Some("https://gts.test/leave/"), 0),
        (REN, 3, Some("https://evil.test/leave/"), 0),
        (FAY, 0, Some("https://gts.test/leave/"), 1),
    ];
    for (by, number, at, counted) in tries {
        for (kind, name) in deeds {
            let uri = if number == 0 { own(by, kind) } else { format!("{}{number}", own(by, kind)) };
            let mut deed = json!({"id": uri, "type": kind, "object": target});
            if let Some(at) = at {
                deed[name] = json!(format!("{at}{kind}"));
            }
            scene.sends(by, deed).await;
        }
        scene.is_quiet().await;
        assert_eq!(counts().await, [counted; 2], "{by} {number}");
    }
    let foreign = scene.peer.seen(|seen| seen.path.starts_with("/leave/") && seen.authority != "gts.test");
    assert!(foreign.is_empty(), "nobody else is even asked: {foreign:?}");
    scene.instance.is_sound();
    for (by, left) in [(MAL, 1), (GIL, 0)] {
        for (kind, _) in deeds {
            let id = format!("{by}#deletes/{kind}");
            scene.sends(by, json!({"id": id, "type": "Delete", "object": shows(kind)})).await;
        }
        scene.is_quiet().await;
        assert_eq!(counts().await, [left; 2], "{by}");
    }
    assert!(!scene.peer.delivered("gts.test").iter().any(|sent| sent["type"] == "Undo"), "that is for others to tell");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boosts_of_a_guarded_post_that_a_profile_lists_count_only_with_its_authors_leave() {
    let scene = scene_of_three().await;
    let target = "https://gts.test/notes/80";
    let id = found_under(&scene, target, "manualApproval").await;
    let shows = "https://gts.test/leave/80";
    let of_fay = "https://reply.test/shares/80";
    scene.peer.serve(shows, document_of_stamp(shows, "AnnounceAuthorization", GIL, of_fay, target));
    for (by, share, counted) in [(REN, "https://reply.test/shares/81", 0), (FAY, of_fay, 1)] {
        let outbox = format!("{by}/outbox");
        scene.serve_actor(by, json!({ "outbox": outbox }));
        let share = json!({"id": share, "type": "Announce", "actor": by, "object": target,
            "to": [format!("{CONTEXT}#Public")], "announceAuthorization": shows});
        let listed = json!({"@context": CONTEXT, "id": outbox, "type": "OrderedCollection", "totalItems": 1,
            "orderedItems": [share]});
        scene.peer.serve(&outbox, Answer::document(&listed));
        let found = scene.alice.search("accounts", by, true).await;
        let who: AccountId = found[0]["id"].as_str().expect("it is found").parse().expect("a number");
        let asks = scene.instance.running.server.write(move |tx| backfill::ask(tx, who));
        asks.await.expect("it is asked for");
        scene.is_quiet().await;
        let path = outbox.trim_start_matches("https://reply.test");
        assert!(!scene.peer.seen(|seen| seen.path == path).is_empty(), "it is read");
        let seen = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
        assert_eq!(seen["reblogs_count"], counted, "{by}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
