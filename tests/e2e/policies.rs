//! Interaction policies before a server that asks as GoToSocial does: LikeRequest, ReplyRequest and AnnounceRequest, and
//! answers by those who may not give them.

use crate::scene::{CONTEXT, Scene};
use serde_json::{Value, json};
use std::time::Duration;

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
