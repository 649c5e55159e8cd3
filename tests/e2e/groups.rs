//! What groups tell that others did (FEP-1b12) and what owners of conversations add to them (FEP-171b): it counts as the
//! word of whoever did it, or not at all (SECURITY A1, A8).

use crate::{
    instance::{User, until},
    peer::Answer,
    scene::{CONTEXT, Scene, note},
    sign::SigningKey,
};
use dassie::{
    federation::signature::{ProofKey, proof},
    operate,
};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, Timestamp, account,
    inbound::{INBOUND, SEEN_DAYS},
    relationship::{self, Follow},
};

const CLUB: &str = "https://group.test/users/club";
const MOD: &str = "https://group.test/users/mod";
const MOB: &str = "https://evil.test/users/mob";
const EVE: &str = "https://evil.test/users/eve";
const FAN: &str = "https://fan.test/users/fan";
const VIC: &str = "https://author.test/users/vic";
const NOTE: &str = "https://author.test/notes/1";

const HOSTS: [&str; 4] = ["group.test", "evil.test", "fan.test", "author.test"];

async fn scene() -> Scene {
    peopled(Scene::start(&HOSTS).await).await
}

/// Everybody is there, and alice follows the club.
async fn peopled(scene: Scene) -> Scene {
    for group in [CLUB, MOB] {
        scene.serve_actor(group, json!({"type": "Group"}));
    }
    for person in [MOD, EVE, FAN, VIC] {
        scene.serve_actor(person, json!({}));
    }
    follows(&scene, &scene.alice, CLUB).await;
    scene
}

/// `who` follows an account, as if its server had accepted that.
async fn follows(scene: &Scene, who: &User, whom: &str) {
    let found = who.search("accounts", whom, true).await;
    let target = found.first().and_then(|account| account["id"].as_str()).expect("it is found").to_owned();
    let ids = [who.id.clone(), target].map(|id| AccountId(id.parse().expect("a number")));
    let path = who.uri.strip_prefix("https://local.test").expect("it is ours").to_owned();
    let stored = scene.instance.running.server.write(move |tx| {
        let row = tx.next_id();
        let uri = format!("{path}#follows/{row}");
        let follow = Follow::bare(row, uri, tx.now());
        Ok(relationship::put(tx, ids[0], ids[1], &follow)?)
    });
    stored.await.expect("the follow is stored");
}

/// `by` announces something.
async fn tells(scene: &Scene, by: &str, number: u32, object: Value) {
    let id = format!("{by}/announces/{number}");
    scene.sends(by, json!({"id": id, "type": "Announce", "object": object})).await;
    scene.is_quiet().await;
}

/// Somebody does something, as it stands inside.
fn deed(id: &str, kind: &str, by: &str, object: &Value) -> Value {
    json!({"id": id, "type": kind, "actor": by, "object": object, "audience": CLUB})
}

/// Serves an activity at its id, as Lemmy does, and gives it.
fn served(scene: &Scene, activity: Value) -> Value {
    let mut document = activity.clone();
    document["@context"] = json!(CONTEXT);
    scene.peer.serve(activity["id"].as_str().expect("an id"), Answer::document(&document));
    activity
}

/// Alice posts; the id and the uri.
async fn posts(scene: &Scene, text: &str) -> (String, Value) {
    let posted = scene.alice.post("/api/v1/statuses", &[("status", text)]).await.json();
    (posted["id"].as_str().expect("an id").to_owned(), posted["uri"].clone())
}

async fn favourites(scene: &Scene, id: &str) -> Value {
    scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json()["favourites_count"].clone()
}

async fn stored(scene: &Scene, uri: &str) -> Option<Value> {
    scene.alice.search("statuses", uri, false).await.into_iter().next()
}

async fn is_shared(scene: &Scene, uri: &str) -> bool {
    let home = scene.alice.get("/api/v1/timelines/home").await.json();
    home.as_array().is_some_and(|list| list.iter().any(|status| status["reblog"]["uri"] == uri))
}

fn asked(scene: &Scene, host: &str, path: &str) -> usize {
    scene.peer.seen(|seen| seen.authority == host && seen.path == path).len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_that_a_group_tells_counts_once_its_actors_server_says_so() {
    let scene = scene().await;
    let (id, uri) = posts(&scene, "what they like").await;
    let like = |number: u32| format!("https://fan.test/likes/{number}");

    tells(&scene, CLUB, 1, deed(&like(1), "Like", FAN, &uri)).await;
    assert_eq!(favourites(&scene, &id).await, 0, "nobody at fan.test knows of it");
    let other = "https://fan.test/users/other";
    for (number, answer) in [
        (2, deed(&like(2), "Like", other, &uri)),
        (3, deed(&like(3), "Dislike", FAN, &uri)),
        (4, deed(&like(4), "Like", FAN, &json!("https://local.test/users/alice/statuses/1"))),
        (5, deed(&like(55), "Like", FAN, &uri)),
    ] {
        let mut document = answer;
        document["@context"] = json!(CONTEXT);
        scene.peer.serve(&like(number), Answer::document(&document));
        tells(&scene, CLUB, number, deed(&like(number), "Like", FAN, &uri)).await;
        assert_eq!(favourites(&scene, &id).await, 0, "its server says something else: {document}");
    }
    // An id of another server, the fan's actor in the place of a Like, and a fragment, which nothing stands behind.
    for (number, forged) in [(6, "https://evil.test/likes/6"), (7, FAN), (8, "https://fan.test/users/fan#likes/8")] {
        served(&scene, deed("https://evil.test/likes/6", "Like", FAN, &uri));
        tells(&scene, CLUB, number, deed(forged, "Like", FAN, &uri)).await;
        assert_eq!(favourites(&scene, &id).await, 0, "{forged}");
    }

    let good = served(&scene, deed(&like(9), "Like", FAN, &uri));
    tells(&scene, EVE, 9, good.clone()).await;
    assert_eq!(
        (favourites(&scene, &id).await, asked(&scene, "fan.test", "/likes/9")),
        (json!(0), 0),
        "she is no group"
    );
    tells(&scene, CLUB, 10, good.clone()).await;
    assert_eq!(favourites(&scene, &id).await, 1);
    let by = scene.alice.get(&format!("/api/v1/statuses/{id}/favourited_by")).await.json();
    assert_eq!(by[0]["acct"], "fan@fan.test", "{by}");
    tells(&scene, CLUB, 11, good.clone()).await;
    assert_eq!(favourites(&scene, &id).await, 1, "told twice, done once");

    // Lemmy takes back a Like that never was, of the same status.
    let undo = |number: u32, by: &str| {
        let inner = deed(&format!("https://fan.test/likes/of-undo-{number}"), "Like", by, &uri);
        deed(&format!("https://fan.test/undos/{number}"), "Undo", by, &inner)
    };
    tells(&scene, CLUB, 12, undo(1, FAN)).await;
    assert_eq!(favourites(&scene, &id).await, 1, "not what its server says");
    tells(&scene, CLUB, 13, served(&scene, undo(2, other))).await;
    assert_eq!(favourites(&scene, &id).await, 1, "who never liked it");
    assert_eq!(asked(&scene, "fan.test", "/undos/2"), 0, "and is not asked about");
    tells(&scene, CLUB, 14, served(&scene, undo(3, FAN))).await;
    assert_eq!(favourites(&scene, &id).await, 0);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_vote_ends_the_favourite_and_what_concerns_nobody_is_not_asked_about() {
    let scene = scene().await;
    let (id, uri) = posts(&scene, "what they vote on").await;
    let like = served(&scene, deed("https://fan.test/likes/1", "Like", FAN, &uri));
    let dislike = served(&scene, deed("https://fan.test/dislikes/1", "Dislike", FAN, &uri));
    tells(&scene, CLUB, 1, like).await;
    assert_eq!(favourites(&scene, &id).await, 1);
    tells(&scene, CLUB, 2, dislike).await;
    assert_eq!(favourites(&scene, &id).await, 0);

    let unknown = served(&scene, deed("https://fan.test/likes/2", "Like", FAN, &json!("https://author.test/notes/9")));
    tells(&scene, CLUB, 3, unknown).await;
    assert_eq!(asked(&scene, "fan.test", "/likes/2"), 0, "a status that is not here");
    scene.serve_note(NOTE, VIC, json!({}));
    assert_eq!(scene.alice.search("statuses", NOTE, true).await.len(), 1);
    let theirs = served(&scene, deed("https://fan.test/likes/3", "Like", FAN, &json!(NOTE)));
    tells(&scene, MOB, 1, theirs.clone()).await;
    assert_eq!(asked(&scene, "fan.test", "/likes/3"), 0, "nobody here follows that group");
    tells(&scene, CLUB, 4, theirs).await;
    assert_eq!(stored(&scene, NOTE).await.expect("it is here")["favourites_count"], 1);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_about_a_post_on_the_word_of_who_never_had_it() {
    let scene = scene().await;
    let (id, uri) = posts(&scene, "what they like").await;
    let like =
        |number: u32, uri: &Value| served(&scene, deed(&format!("https://fan.test/likes/{number}"), "Like", FAN, uri));
    tells(&scene, MOB, 1, like(1, &uri)).await;
    assert_eq!(asked(&scene, "fan.test", "/likes/1"), 0, "not followed, not mentioned, has not shared it");
    assert_eq!(favourites(&scene, &id).await, 0);
    // A post of the same author that it did share is another one.
    let (_, other) = posts(&scene, "what the group shares").await;
    tells(&scene, MOB, 2, other).await;
    tells(&scene, MOB, 3, like(1, &uri)).await;
    assert_eq!((favourites(&scene, &id).await, asked(&scene, "fan.test", "/likes/1")), (json!(0), 0));

    tells(&scene, MOB, 4, uri.clone()).await;
    tells(&scene, MOB, 5, like(1, &uri)).await;
    assert_eq!(favourites(&scene, &id).await, 1, "now it went through the group");
    let (id, uri) = posts(&scene, "dear @mob@evil.test").await;
    tells(&scene, MOB, 6, like(2, &uri)).await;
    assert_eq!(favourites(&scene, &id).await, 1, "it went to the group");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_that_was_taken_back_does_not_come_again_however_late_it_is_told() {
    let scene = scene().await;
    let (id, uri) = posts(&scene, "liked for a while").await;
    let like = served(&scene, deed("https://fan.test/likes/1", "Like", FAN, &uri));
    tells(&scene, CLUB, 1, like.clone()).await;
    assert_eq!(favourites(&scene, &id).await, 1);
    tells(&scene, CLUB, 2, served(&scene, deed("https://fan.test/undos/1", "Undo", FAN, &like))).await;
    assert_eq!(favourites(&scene, &id).await, 0);
    // By then it is forgotten that it was received.
    scene.instance.clock.advance((i64::from(SEEN_DAYS) + 1) * 24 * 60 * 60 * 1_000);
    tells(&scene, CLUB, 3, like).await;
    assert_eq!(asked(&scene, "fan.test", "/likes/1"), 2, "its server still has it");
    assert_eq!(favourites(&scene, &id).await, 0);
    let again = served(&scene, deed("https://fan.test/likes/2", "Like", FAN, &uri));
    tells(&scene, CLUB, 4, again).await;
    assert_eq!(favourites(&scene, &id).await, 1, "another one counts");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_tells_much_has_no_more_of_it_looked_up_for_a_while() {
    let scene = peopled(Scene::rated(&HOSTS).await).await;
    let (_, uri) = posts(&scene, "what they like").await;
    let like = |number: u32| served(&scene, deed(&format!("https://fan.test/likes/{number}"), "Like", FAN, &uri));
    let looked_up = || scene.peer.seen(|seen| seen.authority == "fan.test" && seen.path.starts_with("/likes/")).len();
    for number in 1..=102 {
        let announce = json!({"id": format!("{CLUB}/announces/{number}"), "type": "Announce", "object": like(number)});
        scene.sends(CLUB, announce).await;
        if number % 20 == 0 {
            scene.is_quiet().await;
        }
    }
    scene.is_quiet().await;
    assert_eq!(looked_up(), 100);
    scene.instance.clock.advance(5 * 60_000);
    tells(&scene, CLUB, 103, like(103)).await;
    assert_eq!(looked_up(), 101);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_with_a_proof_counts_whoever_tells_it_and_is_not_asked_about() {
    let scene = scene().await;
    let (of_fan, of_eve) = (ProofKey::generate().expect("a key"), ProofKey::generate().expect("a key"));
    let method = |actor: &str| format!("{actor}#ed25519-key");
    for (actor, key) in [(FAN, &of_fan), (EVE, &of_eve)] {
        let listed = json!({"assertionMethod": [{"id": method(actor), "type": "Multikey", "controller": actor,
            "publicKeyMultibase": key.multikey()}]});
        scene.serve_actor(actor, listed);
    }
    follows(&scene, &scene.alice, CLUB).await;
    for actor in [FAN, EVE] {
        assert_eq!(scene.alice.search("accounts", actor, true).await.len(), 1, "its key is known");
    }
    let (id, uri) = posts(&scene, "what they like").await;
    let now = Timestamp(scene.instance.now_ms());
    let proved = |number: u32, key: &ProofKey, by: &str| {
        let mut like = deed(&format!("https://fan.test/likes/{number}"), "Like", FAN, &uri);
        like["@context"] = json!(CONTEXT);
        proof::attach(like.as_object_mut().expect("an object"), key, &method(by), now).expect("it is made");
        like
    };
    let mut changed = proved(3, &of_fan, FAN);
    changed["id"] = json!("https://fan.test/likes/33");
    for (number, forged) in [(1, proved(1, &of_eve, EVE)), (2, proved(2, &of_eve, FAN)), (3, changed)] {
        tells(&scene, CLUB, number, forged).await;
        assert_eq!(favourites(&scene, &id).await, 0, "forged, {number}");
    }
    tells(&scene, CLUB, 4, proved(4, &of_fan, FAN)).await;
    assert_eq!((favourites(&scene, &id).await, asked(&scene, "fan.test", "/likes/4")), (json!(1), 0));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_takes_back_what_it_shares_and_deletes_nothing_of_others() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({}));
    tells(&scene, CLUB, 1, deed("https://author.test/creates/1", "Create", VIC, &json!({"id": NOTE, "type": "Note"})))
        .await;
    assert!(is_shared(&scene, NOTE).await);
    let removed = |number: u32| {
        let mut delete = deed(&format!("https://group.test/deletes/{number}"), "Delete", MOD, &json!(NOTE));
        delete["summary"] = json!("spam");
        delete
    };
    let taken_out = |number: u32, of: &str| {
        let mut remove = deed(&format!("https://group.test/removes/{number}"), "Remove", MOD, &json!(NOTE));
        remove["target"] = json!(of);
        remove
    };
    tells(&scene, MOB, 1, removed(1)).await;
    tells(&scene, EVE, 1, removed(1)).await;
    tells(&scene, CLUB, 2, taken_out(1, "https://group.test/users/club/featured")).await;
    assert!(is_shared(&scene, NOTE).await, "another group, somebody, another collection");

    tells(&scene, CLUB, 3, removed(2)).await;
    assert!(!is_shared(&scene, NOTE).await, "a moderator removed it from the group");
    assert!(stored(&scene, NOTE).await.is_some(), "its author's server still has it");
    tells(&scene, CLUB, 4, deed("https://group.test/undos/1", "Undo", MOD, &removed(2))).await;
    assert!(is_shared(&scene, NOTE).await, "and brought it back");
    tells(&scene, CLUB, 5, taken_out(2, CLUB)).await;
    assert!(!is_shared(&scene, NOTE).await && stored(&scene, NOTE).await.is_some());

    // What somebody here posted is theirs, too.
    let (id, uri) = posts(&scene, "mine").await;
    tells(&scene, CLUB, 6, uri.clone()).await;
    let mut delete = removed(3);
    delete["object"] = uri.clone();
    tells(&scene, CLUB, 7, delete).await;
    let mine = scene.alice.get(&format!("/api/v1/statuses/{id}")).await;
    assert_eq!((mine.status, &mine.json()["reblogs_count"]), (200, &json!(0)));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_and_restored_comes_back_once_its_own_server_has_it_again() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({}));
    tells(&scene, CLUB, 1, json!(NOTE)).await;
    assert!(is_shared(&scene, NOTE).await);
    let delete = deed("https://author.test/deletes/1", "Delete", VIC, &json!(NOTE));
    let restored = |number: u32| deed(&format!("https://author.test/undos/{number}"), "Undo", VIC, &delete);
    let gone =
        async || stored(&scene, NOTE).await.is_none() && scene.alice.search("statuses", NOTE, true).await.is_empty();
    // Lemmy: 410, with a Tombstone.
    scene.peer.serve(NOTE, Answer::Status(410));
    tells(&scene, CLUB, 2, delete.clone()).await;
    assert!(gone().await);
    tells(&scene, CLUB, 3, restored(1)).await;
    assert!(gone().await, "its own server does not have it");

    scene.serve_note(NOTE, VIC, json!({}));
    tells(&scene, MOB, 1, restored(2)).await;
    tells(&scene, EVE, 1, restored(2)).await;
    tells(&scene, CLUB, 4, json!(NOTE)).await;
    assert!(gone().await, "a group that nobody follows, somebody, and nobody says that it is restored");
    // Within the minutes for which a failure is remembered.
    tells(&scene, CLUB, 5, restored(2)).await;
    assert!(is_shared(&scene, NOTE).await);
    assert!(stored(&scene, NOTE).await.is_some());

    // What its author says is gone stays gone as long as its server says so, too.
    scene.sends(VIC, json!({"id": "https://author.test/deletes/2", "type": "Delete", "object": NOTE})).await;
    scene.is_quiet().await;
    assert!(stored(&scene, NOTE).await.is_none());
    scene.peer.serve(NOTE, Answer::document(&json!({"@context": CONTEXT, "id": NOTE, "type": "Tombstone"})));
    tells(&scene, CLUB, 6, restored(3)).await;
    assert!(stored(&scene, NOTE).await.is_none());
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_brings_no_answer_back_that_somebody_here_refused() {
    let scene = scene().await;
    let policy = [("interaction_policy[can_reply][with_approval][]", "public")];
    let fields = [&[("status", "what they answer")], &policy[..]].concat();
    let posted = scene.alice.post("/api/v1/statuses", &fields).await.json();
    let answer = json!({"inReplyTo": posted["uri"], "tag": [{"type": "Mention", "href": scene.alice.uri}],
        "cc": [scene.alice.uri]});
    scene.serve_note(NOTE, VIC, answer.clone());
    let create = json!({"id": "https://author.test/creates/1", "type": "Create", "object": note(NOTE, VIC, answer)});
    scene.sends(VIC, create).await;
    scene.is_quiet().await;
    let waiting = scene.alice.get("/api/v1/interaction_requests").await.json();
    let request = waiting[0]["id"].as_str().unwrap_or_else(|| panic!("nothing waits: {waiting}"));
    scene.alice.post(&format!("/api/v1/interaction_requests/{request}/reject"), &[]).await;
    scene.is_quiet().await;
    let delete = deed("https://author.test/deletes/1", "Delete", VIC, &json!(NOTE));
    tells(&scene, CLUB, 1, deed("https://author.test/undos/1", "Undo", VIC, &delete)).await;
    assert!(stored(&scene, NOTE).await.is_none());
    assert_eq!(scene.alice.get("/api/v1/interaction_requests").await.json(), json!([]), "nobody is asked twice");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_added_to_a_conversation_is_read_at_its_origin() {
    let scene = scene().await;
    let (id, uri) = posts(&scene, "a beginning").await;
    let at = |number: u32| format!("https://fan.test/notes/{number}");
    let answer = json!({"inReplyTo": uri, "content": "<p>true words</p>"});
    let create = |number: u32, extra: &Value| {
        let id = format!("https://fan.test/creates/{number}");
        let mut said = extra.clone();
        said["content"] = json!("<p>forged words</p>");
        deed(&id, "Create", FAN, &note(&at(number), FAN, said))
    };
    let target = json!({"type": "OrderedCollection", "id": "https://author.test/contexts/1", "attributedTo": VIC});
    let adds = async |number: u32, object: Value| {
        let id = format!("https://author.test/adds/{number}");
        scene.sends(VIC, json!({"id": id, "type": "Add", "object": object, "target": target})).await;
        scene.is_quiet().await;
    };
    scene.serve_note(&at(1), FAN, answer.clone());
    adds(1, create(1, &answer)).await;
    let seen = stored(&scene, &at(1)).await.expect("it answers somebody here");
    assert_eq!((&seen["content"], &seen["in_reply_to_id"]), (&json!("<p>true words</p>"), &json!(id)));

    adds(2, create(2, &answer)).await;
    assert_eq!(stored(&scene, &at(2)).await, None, "its origin has no such thing");
    scene.serve_note(&at(3), FAN, json!({}));
    adds(3, create(3, &json!({}))).await;
    assert_eq!(stored(&scene, &at(3)).await, None, "it concerns nobody here");
    scene.serve_note(&at(4), "https://fan.test/users/other", answer.clone());
    adds(4, create(4, &answer)).await;
    assert_eq!(stored(&scene, &at(4)).await, None, "it is somebody else's");

    // Only named: read if somebody here follows who adds it.
    let mut named = create(7, &answer);
    named["object"] = note(&at(7), FAN, answer.clone());
    served(&scene, named);
    scene.serve_note(&at(7), FAN, answer.clone());
    adds(7, json!("https://fan.test/creates/7")).await;
    assert_eq!((stored(&scene, &at(7)).await, asked(&scene, "fan.test", "/creates/7")), (None, 0));
    follows(&scene, &scene.alice, VIC).await;
    adds(8, json!("https://fan.test/creates/7")).await;
    assert!(stored(&scene, &at(7)).await.is_some());

    adds(5, served(&scene, deed("https://fan.test/likes/1", "Like", FAN, &uri))).await;
    adds(6, deed("https://fan.test/likes/2", "Like", "https://fan.test/users/other", &uri)).await;
    assert_eq!(favourites(&scene, &id).await, 1, "one that its server knows of, one that it does not");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nothing_is_made_of_is_counted_and_not_asked_about() {
    let scene = scene().await;
    let (_, uri) = posts(&scene, "seen").await;
    for number in 1..=2 {
        scene.sends(FAN, deed(&format!("https://fan.test/views/{number}"), "View", FAN, &uri)).await;
    }
    let lock = served(&scene, deed("https://group.test/locks/1", "Lock", MOD, &uri));
    tells(&scene, CLUB, 1, lock).await;
    let club = json!({"id": CLUB, "type": "Group", "name": "Renamed"});
    tells(&scene, CLUB, 2, deed("https://group.test/adds/1", "Add", MOD, &json!(MOD))).await;
    tells(&scene, EVE, 3, deed("https://group.test/updates/1", "Update", MOD, &club)).await;
    let message = json!({"id": "https://fan.test/chats/1", "type": "ChatMessage", "attributedTo": FAN, "content": "x"});
    scene.sends(FAN, deed("https://fan.test/creates/1", "Create", FAN, &message)).await;
    scene.is_quiet().await;
    let state = operate::state(&scene.instance.running.server).await;
    let counts: Vec<(&str, u64)> = state.unheeded.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(counts, [("Announce of Add", 1), ("Announce of Lock", 1), ("Create of ChatMessage", 1), ("View", 2)]);
    assert!(state.to_string().contains("not understood: Announce of Add 1, Announce of Lock 1"), "{state}");
    assert_eq!(asked(&scene, "group.test", "/locks/1"), 0);

    // Its own profile a group reads anew.
    scene.serve_actor(CLUB, json!({"type": "Group", "name": "Renamed"}));
    tells(&scene, CLUB, 4, deed("https://group.test/updates/2", "Update", MOD, &club)).await;
    assert_eq!(scene.alice.search("accounts", CLUB, true).await[0]["display_name"], "Renamed");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_is_added_by_its_id_alone_only_what_its_object_says_today_counts() {
    let scene = scene().await;
    let (featured, of_fan) = ("https://fan.test/users/fan/featured", "https://fan.test/notes/1");
    let called = |name: &str| scene.serve_actor(FAN, json!({"name": name, "featured": featured}));
    called("Yesterday");
    scene.serve_note(of_fan, FAN, json!({}));
    assert_eq!(scene.alice.search("statuses", of_fan, true).await.len(), 1);
    let fan = scene.alice.search("accounts", FAN, true).await[0]["id"].as_str().expect("it is found").to_owned();
    let key = async || {
        let found = scene.instance.running.server.read(|view| Ok(account::find_key(view, &format!("{FAN}#main-key"))?));
        found.await.expect("it is read").expect("it is known").material
    };
    follows(&scene, &scene.alice, VIC).await;
    scene.is_quiet().await;
    let known = key().await;
    let target = json!({"type": "OrderedCollection", "id": "https://author.test/contexts/1", "attributedTo": VIC});
    let adds = async |number: u32, activity: Value| {
        let object = served(&scene, activity)["id"].clone();
        let id = format!("https://author.test/adds/{number}");
        scene.sends(VIC, json!({"id": id, "type": "Add", "object": object, "target": target})).await;
        scene.is_quiet().await;
    };
    let at = |number: u32| format!("https://fan.test/activities/{number}");

    let given_up = SigningKey::generate();
    let former = json!({
        "id": FAN, "type": "Person", "preferredUsername": "fan", "name": "Long ago", "inbox": format!("{FAN}/inbox"),
        "publicKey": {"id": format!("{FAN}#main-key"), "owner": FAN, "publicKeyPem": given_up.public_pem()},
    });
    called("Today");
    adds(1, deed(&at(1), "Update", FAN, &former)).await;
    assert_eq!(asked(&scene, "fan.test", "/activities/1"), 1);
    let shown = scene.alice.get(&format!("/api/v1/accounts/{fan}")).await.json();
    assert_eq!(shown["display_name"], "Today", "its origin is asked what it is now");
    assert_eq!(key().await, known, "a key that was given up stays so");

    adds(2, deed(&at(2), "Follow", FAN, &json!(scene.alice.uri))).await;
    adds(3, deed(&at(3), "Block", FAN, &json!(scene.alice.uri))).await;
    let mut pin = deed(&at(4), "Add", FAN, &json!(of_fan));
    pin["target"] = json!(featured);
    adds(4, pin).await;
    let met = scene.alice.get(&format!("/api/v1/accounts/relationships?id[]={fan}")).await.json();
    assert_eq!((&met[0]["followed_by"], &met[0]["blocked_by"]), (&json!(false), &json!(false)), "{met}");
    let pinned = scene.alice.get(&format!("/api/v1/accounts/{fan}/statuses?pinned=true")).await.json();
    assert_eq!(pinned, json!([]));
    let state = operate::state(&scene.instance.running.server).await;
    let counts: Vec<(&str, u64)> = state.unheeded.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(counts, [("Add of Add", 1), ("Add of Block", 1), ("Add of Follow", 1)]);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// What somebody here posts as an answer; the whole status.
async fn answers(user: &User, above: &str, text: &str, visibility: &str) -> Value {
    let fields = [("status", text), ("in_reply_to_id", above), ("visibility", visibility)];
    let reply = user.post("/api/v1/statuses", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Waits for an activity of this type about `object` at `host`.
async fn hears(scene: &Scene, host: &str, kind: &str, object: &Value) -> Value {
    let about = |sent: &Value| sent["object"]["id"] == *object || sent["object"] == *object;
    let heard =
        until(|| async { scene.peer.delivered(host).into_iter().find(|sent| sent["type"] == kind && about(sent)) });
    heard.await.unwrap_or_else(|| panic!("no {kind} of {object} at {host}: {:?}", scene.peer.delivered(host)))
}

/// Whether `host` got anything that names `what`.
fn heard_of(scene: &Scene, host: &str, what: &Value) -> bool {
    let what = what.as_str().expect("a uri");
    scene.peer.delivered(host).iter().any(|sent| sent.to_string().contains(what))
}

/// That an activity, or what it holds, is for `group` beside others.
fn is_for(document: &Value, group: &str) {
    assert_eq!(document["audience"], group, "{document}");
    let named = |list: &str| document[list].as_array().is_some_and(|named| named.contains(&json!(group)));
    assert!(named("cc") && !named("to"), "{document}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_and_a_like_in_a_groups_thread_reach_the_group_that_nobody_follows_or_mentions() {
    let scene = scene().await;
    // PieFed, Lemmy: the post is for the group; the answers say nothing of it here, so that the thread has to.
    scene.serve_note(NOTE, VIC, json!({"audience": MOB, "cc": [MOB]}));
    let below = "https://fan.test/notes/1";
    scene.serve_note(below, FAN, json!({"inReplyTo": NOTE}));
    let (root, above) = (scene.found(NOTE).await, scene.found(below).await);

    for (above, visibility) in [(&root, "public"), (&above, "unlisted")] {
        let mine = answers(&scene.alice, above, "well said", visibility).await;
        let create = hears(&scene, "evil.test", "Create", &mine["uri"]).await;
        is_for(&create, MOB);
        is_for(&create["object"], MOB);
        assert_eq!(create["object"]["tag"], json!([]), "it is not mentioned");
        let path = format!("/api/v1/statuses/{}", mine["id"].as_str().expect("an id"));
        scene.instance.clock.advance(60_000);
        let edited = scene.alice.send("PUT", &path, &[("content-type", "application/json")], br#"{"status": "said"}"#);
        assert_eq!(edited.await.status, 200);
        is_for(&hears(&scene, "evil.test", "Update", &mine["uri"]).await, MOB);
        assert_eq!(scene.alice.send("DELETE", &path, &[], b"").await.status, 200);
        is_for(&hears(&scene, "evil.test", "Delete", &mine["uri"]).await, MOB);
    }

    for visibility in ["private", "direct"] {
        let mine = answers(&scene.alice, &above, "@fan@fan.test between us", visibility).await;
        let create = hears(&scene, "fan.test", "Create", &mine["uri"]).await;
        assert!(create.get("audience").is_none() && !create.to_string().contains(MOB), "{create}");
        scene.has_told_all().await;
        assert!(!heard_of(&scene, "evil.test", &mine["uri"]), "{visibility}");
    }

    let act = async |deed: &str| {
        assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{above}/{deed}"), &[]).await.status, 200);
    };
    act("favourite").await;
    for host in ["evil.test", "fan.test"] {
        is_for(&hears(&scene, host, "Like", &json!(below)).await, MOB);
    }
    let like = hears(&scene, "evil.test", "Like", &json!(below)).await;
    act("unfavourite").await;
    let undo = hears(&scene, "evil.test", "Undo", &like["id"]).await;
    is_for(&undo, MOB);
    is_for(&undo["object"], MOB);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_status_of_a_thread_decides_whose_it_is_and_who_is_shut_out_hears_nothing() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({}));
    tells(&scene, CLUB, 1, deed("https://author.test/creates/1", "Create", VIC, &json!({"id": NOTE, "type": "Note"})))
        .await;
    // Somebody wants the thread for another group.
    let below = "https://fan.test/notes/1";
    scene.serve_note(below, FAN, json!({"inReplyTo": NOTE, "audience": MOB}));
    let above = scene.found(below).await;
    let mine = answers(&scene.alice, &above, "well said", "public").await;
    is_for(&hears(&scene, "group.test", "Create", &mine["uri"]).await, CLUB);
    hears(&scene, "fan.test", "Create", &mine["uri"]).await;
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "evil.test", &mine["uri"]));

    // An actor that is no group is none, whatever a status says.
    let other = "https://author.test/notes/2";
    scene.serve_note(other, VIC, json!({"audience": EVE}));
    let other = scene.found(other).await;
    let mine = answers(&scene.alice, &other, "well said", "public").await;
    let create = hears(&scene, "author.test", "Create", &mine["uri"]).await;
    assert!(create.get("audience").is_none(), "{create}");

    let bob = scene.instance.user("bob").await;
    follows(&scene, &bob, CLUB).await;
    let club = scene.alice.search("accounts", CLUB, true).await[0]["id"].as_str().expect("it is found").to_owned();
    assert_eq!(scene.alice.post(&format!("/api/v1/accounts/{club}/block"), &[]).await.status, 200);
    let unheard = async |why: &str| {
        let mine = answers(&scene.alice, &above, "well said", "public").await;
        let create = hears(&scene, "fan.test", "Create", &mine["uri"]).await;
        assert!(create.get("audience").is_none() && !create.to_string().contains(CLUB), "{why}: {create}");
        scene.has_told_all().await;
        assert!(!heard_of(&scene, "group.test", &mine["uri"]), "{why}");
    };
    unheard("alice blocks it").await;
    assert_eq!(scene.alice.post(&format!("/api/v1/accounts/{club}/unblock"), &[]).await.status, 200);
    scene.suspends("group.test").await;
    unheard("its server is suspended").await;
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_group_that_a_status_which_is_sent_is_for_is_asked_who_it_is() {
    let scene = scene().await;
    follows(&scene, &scene.alice, VIC).await;
    let sends = async |id: &str| {
        let object = note(id, VIC, json!({"audience": MOB}));
        scene.sends(VIC, json!({"id": format!("{id}/create"), "type": "Create", "object": object})).await;
        scene.is_quiet().await;
    };
    sends(NOTE).await;
    assert_eq!(asked(&scene, "evil.test", "/users/mob"), 1);
    let above = stored(&scene, NOTE).await.expect("it is here")["id"].as_str().expect("an id").to_owned();
    let mine = answers(&scene.alice, &above, "well said", "public").await;
    is_for(&hears(&scene, "evil.test", "Create", &mine["uri"]).await, MOB);
    sends("https://author.test/notes/2").await;
    assert_eq!(asked(&scene, "evil.test", "/users/mob"), 1, "it is known by then");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_here_say_to_each_other_below_a_post_to_a_group_reaches_it() {
    let scene = scene().await;
    scene.alice.search("accounts", MOB, true).await;
    let bob = scene.instance.user("bob").await;
    let (id, uri) = posts(&scene, "dear @mob@evil.test").await;
    hears(&scene, "evil.test", "Create", &uri).await;
    let mine = answers(&bob, &id, "I agree", "public").await;
    is_for(&hears(&scene, "evil.test", "Create", &mine["uri"]).await, MOB);
    let of_bob = mine["id"].as_str().expect("an id");
    assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{of_bob}/favourite"), &[]).await.status, 200);
    is_for(&hears(&scene, "evil.test", "Like", &mine["uri"]).await, MOB);
    let said = [("status", "among us"), ("in_reply_to_id", id.as_str()), ("local_only", "true")];
    let stays = bob.post("/api/v1/statuses", &said).await.json();
    let (_, last) = posts(&scene, "once more, @mob@evil.test").await;
    hears(&scene, "evil.test", "Create", &last).await;
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "evil.test", &stays["uri"]), "it stays here");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_announces_a_post_of_somebody_here_does_not_get_its_thread() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    let (id, uri) = posts(&scene, "a beginning").await;
    tells(&scene, CLUB, 1, uri.clone()).await;
    // As if it had been there before everybody else.
    let announce = json!({"id": format!("{MOB}/announces/1"), "type": "Announce", "object": uri,
        "published": "2026-11-01T00:00:00Z"});
    scene.sends(MOB, announce).await;
    scene.is_quiet().await;
    assert_eq!(scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json()["reblogs_count"], 2);

    let mine = answers(&bob, &id, "I agree", "public").await;
    let act = async |deed: &str| {
        assert_eq!(bob.post(&format!("/api/v1/statuses/{id}/{deed}"), &[]).await.status, 200);
        scene.has_told_all().await;
    };
    act("favourite").await;
    act("unfavourite").await;
    let path = format!("/api/v1/statuses/{}", mine["id"].as_str().expect("an id"));
    assert_eq!(bob.send("DELETE", &path, &[], b"").await.status, 200);
    scene.has_told_all().await;
    for host in ["group.test", "evil.test"] {
        assert!(!heard_of(&scene, host, &uri), "{host}: {:?}", scene.peer.delivered(host));
        assert!(!heard_of(&scene, host, &mine["uri"]), "{host}: {:?}", scene.peer.delivered(host));
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_on_the_profile_of_a_group_that_nobody_follows_leads_no_thread_there() {
    let scene = scene().await;
    let outbox = "https://evil.test/users/mob/outbox";
    scene.serve_actor(MOB, json!({"type": "Group", "outbox": outbox}));
    let announce = json!({"id": format!("{MOB}/announces/1"), "type": "Announce", "actor": MOB, "object": NOTE,
        "to": [format!("{CONTEXT}#Public")], "published": "2026-11-01T00:00:00Z"});
    let items = json!({"@context": CONTEXT, "id": outbox, "type": "OrderedCollection", "totalItems": 1,
        "orderedItems": [announce]});
    scene.peer.serve(outbox, Answer::document(&items));
    scene.serve_note(NOTE, VIC, json!({}));
    let below = "https://fan.test/notes/1";
    scene.serve_note(below, FAN, json!({"inReplyTo": NOTE, "audience": CLUB}));
    let above = scene.found(below).await;
    scene.is_quiet().await;
    let mob = scene.alice.search("accounts", MOB, true).await[0]["id"].as_str().expect("it is found").to_owned();
    let shares = async || {
        let shown = scene.alice.get(&format!("/api/v1/accounts/{mob}/statuses")).await.json();
        (shown[0]["reblog"]["uri"] == NOTE).then_some(())
    };
    until(shares).await.expect("the profile is read");
    let mine = answers(&scene.alice, &above, "well said", "public").await;
    is_for(&hears(&scene, "group.test", "Create", &mine["uri"]).await, CLUB);
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "evil.test", &mine["uri"]));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_status_that_can_be_read_says_whose_thread_it_is() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({"inReplyTo": "https://author.test/notes/gone", "audience": MOB, "cc": [MOB]}));
    let below = "https://fan.test/notes/1";
    scene.serve_note(below, FAN, json!({"inReplyTo": NOTE}));
    let above = scene.found(below).await;
    scene.alice.get(&format!("/api/v1/statuses/{above}/context")).await;
    let met = until(|| async { (asked(&scene, "evil.test", "/users/mob") > 0).then_some(()) });
    met.await.expect("its group is asked for");
    scene.is_quiet().await;
    let mine = answers(&scene.alice, &above, "well said", "public").await;
    is_for(&hears(&scene, "evil.test", "Create", &mine["uri"]).await, MOB);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_that_waits_for_its_authors_word_reaches_the_group_once_that_is_given() {
    let scene = scene().await;
    let other = "https://author.test/notes/2";
    // As GoToSocial before 0.20 says it: the Like itself asks.
    let rule = json!({"always": [VIC], "approvalRequired": [format!("{CONTEXT}#Public")]});
    for note in [NOTE, other] {
        let more = json!({"audience": MOB, "cc": [MOB], "interactionPolicy": {"canLike": rule}});
        scene.serve_note(note, VIC, more);
    }
    let act = async |id: &str, deed: &str| {
        assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{id}/{deed}"), &[]).await.status, 200);
    };
    let id = scene.found(NOTE).await;
    act(&id, "favourite").await;
    let like = hears(&scene, "author.test", "Like", &json!(NOTE)).await;
    assert!(like.get("audience").is_none() && !like.to_string().contains(MOB), "{like}");
    act(&id, "unfavourite").await;
    let undo = hears(&scene, "author.test", "Undo", &like["id"]).await;
    assert!(!undo.to_string().contains(MOB), "{undo}");
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "evil.test", &json!(NOTE)), "{:?}", scene.peer.delivered("evil.test"));

    let id = scene.found(other).await;
    act(&id, "favourite").await;
    let like = hears(&scene, "author.test", "Like", &json!(other)).await;
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "evil.test", &json!(other)));
    let shows = "https://author.test/authorizations/1";
    let accept = json!({"id": format!("{VIC}#accepts"), "type": "Accept", "object": like["id"], "result": shows});
    scene.sends(VIC, accept).await;
    let like = hears(&scene, "evil.test", "Like", &json!(other)).await;
    is_for(&like, MOB);
    assert_eq!(like["likeAuthorization"], shows);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_that_waits_for_the_word_of_somebody_here_reaches_the_group_once_that_is_given() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({"audience": MOB, "cc": [MOB]}));
    let bob = scene.instance.user("bob").await;
    let root = scene.found(NOTE).await;
    let said = [
        ("status", "well said"),
        ("in_reply_to_id", root.as_str()),
        ("interaction_policy[can_favourite][always][]", "author"),
        ("interaction_policy[can_favourite][with_approval][]", "public"),
    ];
    let mine = scene.alice.post("/api/v1/statuses", &said).await.json();
    let id = mine["id"].as_str().expect("an id");
    is_for(&hears(&scene, "evil.test", "Create", &mine["uri"]).await, MOB);
    let likes = |scene: &Scene| {
        let delivered = scene.peer.delivered("evil.test");
        delivered.iter().filter(|one| one["type"] == "Like" && one["object"] == mine["uri"]).count()
    };
    assert_eq!(bob.post(&format!("/api/v1/statuses/{id}/favourite"), &[]).await.status, 200);
    scene.has_told_all().await;
    assert_eq!(likes(&scene), 0, "{:?}", scene.peer.delivered("evil.test"));

    let waiting = scene.alice.get("/api/v1/interaction_requests").await.json();
    let path = format!("/api/v1/interaction_requests/{}/authorize", waiting[0]["id"].as_str().expect("an id"));
    assert_eq!(scene.alice.post(&path, &[]).await.status, 200);
    is_for(&hears(&scene, "evil.test", "Like", &mine["uri"]).await, MOB);
    scene.has_told_all().await;
    assert_eq!(likes(&scene), 1);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delete_names_the_group_of_the_thread_and_no_other_that_is_mentioned() {
    let scene = scene().await;
    assert_eq!(scene.alice.search("accounts", MOB, true).await.len(), 1);
    scene.serve_note(NOTE, VIC, json!({"audience": CLUB, "cc": [CLUB]}));
    let root = scene.found(NOTE).await;
    let mine = answers(&scene.alice, &root, "@mob@evil.test look at this", "public").await;
    let path = format!("/api/v1/statuses/{}", mine["id"].as_str().expect("an id"));
    for host in ["group.test", "evil.test"] {
        is_for(&hears(&scene, host, "Create", &mine["uri"]).await, CLUB);
    }
    assert_eq!(scene.alice.send("DELETE", &path, &[], b"").await.status, 200);
    for host in ["group.test", "evil.test"] {
        is_for(&hears(&scene, host, "Delete", &mine["uri"]).await, CLUB);
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_author_who_names_another_group_later_does_not_lead_the_thread_there() {
    let scene = scene().await;
    scene.serve_note(NOTE, VIC, json!({"audience": MOB, "cc": [MOB]}));
    let root = scene.found(NOTE).await;
    let edited =
        json!({"audience": CLUB, "cc": [CLUB], "content": "<p>other words</p>", "updated": "2026-11-02T00:00:00Z"});
    let update = json!({"id": "https://author.test/updates/1", "type": "Update", "object": note(NOTE, VIC, edited)});
    scene.sends(VIC, update).await;
    scene.is_quiet().await;
    assert_eq!(stored(&scene, NOTE).await.expect("it is here")["content"], "<p>other words</p>");
    let mine = answers(&scene.alice, &root, "well said", "public").await;
    is_for(&hears(&scene, "evil.test", "Create", &mine["uri"]).await, MOB);
    scene.has_told_all().await;
    assert!(!heard_of(&scene, "group.test", &mine["uri"]));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_ban_from_a_community_does_not_end_the_moderators_own_block() {
    let scene = scene().await;
    let fan = scene.alice.search("accounts", FAN, true).await[0]["id"].as_str().expect("it is found").to_owned();
    let block =
        |name: &str| json!({"id": format!("{FAN}#{name}"), "type": "Block", "actor": FAN, "object": scene.alice.uri});
    let does = async |activity: Value| {
        scene.sends(FAN, activity).await;
        scene.is_quiet().await;
        let met = scene.alice.get(&format!("/api/v1/accounts/relationships?id[]={fan}")).await.json();
        met[0]["blocked_by"].as_bool().expect("yes or no")
    };
    let undo = |name: &str, block: Value| json!({"id": format!("{FAN}#un{name}"), "type": "Undo", "object": block});
    assert!(does(block("block")).await);
    let mut ban = block("ban");
    ban["target"] = json!(CLUB);
    assert!(does(undo("ban", ban)).await, "it lifts the ban alone");
    assert!(!does(undo("block", block("block"))).await);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_a_group_tells_beyond_its_measure_is_carried_out_later() {
    let scene = peopled(Scene::rated(&HOSTS).await).await;
    scene.serve_note(NOTE, VIC, json!({}));
    tells(&scene, CLUB, 1, json!(NOTE)).await;
    assert!(is_shared(&scene, NOTE).await);
    for number in 2..36_u32 {
        let made_up: Vec<String> = (0..10).map(|one| format!("https://author.test/never/{number}/{one}")).collect();
        tells(&scene, CLUB, number, json!(made_up)).await;
    }
    scene.peer.serve(NOTE, Answer::Status(410));
    let delete = deed("https://author.test/deletes/1", "Delete", VIC, &json!(NOTE));
    let tells_it = json!({"id": format!("{CLUB}/announces/99"), "type": "Announce", "object": delete});
    scene.sends(CLUB, tells_it).await;
    let waits = until(|| async {
        let server = &scene.instance.running.server;
        let rows = server.read(|view| Ok(INBOUND.list(view, &(), Bounds::NONE, Direction::Ascending, 10)?));
        let rows = rows.await.expect("a read");
        rows.first().filter(|(_, row)| row.attempts == 1).map(|_| ())
    });
    assert!(waits.await.is_some(), "it is put off");
    assert!(stored(&scene, NOTE).await.is_some(), "its server is not asked yet");
    scene.instance.clock.advance(5 * 60_000);
    scene.is_quiet().await;
    assert!(stored(&scene, NOTE).await.is_none());
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
