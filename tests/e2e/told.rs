//! What other servers hear of the choices of people here: what they show first on their profiles (ActivityPub §6.6, §6.7),
//! whom they block, how they react.

use crate::{instance::until, scene::Scene};
use serde_json::{Value, json};
use storage::{
    AccountId,
    habit::{self, Habits},
    relationship::{self, Follow},
};

const VIC: &str = "https://author.test/users/vic";
const NOTE: &str = "https://author.test/notes/1";
/// 🎉 in a path.
const PARTY: &str = "%F0%9F%8E%89";

/// A scene with vic, and the number of vic's account here.
async fn scene() -> (Scene, String) {
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    scene.serve_note(NOTE, VIC, json!({}));
    let found = scene.alice.search("accounts", VIC, true).await;
    let vic = found[0]["id"].as_str().expect("it is found").to_owned();
    (scene, vic)
}

/// Vic follows alice, as if her server had accepted that.
async fn follows(scene: &Scene, vic: &str) {
    let ids: [AccountId; 2] = [vic, scene.alice.id.as_str()].map(|id| id.parse().expect("a number"));
    let stored = scene.instance.running.server.write(move |tx| {
        let row = tx.next_id();
        let uri = format!("{VIC}#follows/{row}");
        let follow = Follow::bare(row, uri, tx.now());
        Ok(relationship::put(tx, ids[0], ids[1], &follow)?)
    });
    stored.await.expect("the follow is stored");
}

/// What alice lets other servers hear from now on.
async fn chooses(scene: &Scene, habits: Habits) {
    let alice: AccountId = scene.alice.id.parse().expect("a number");
    let stored = scene.instance.running.server.write(move |tx| {
        habit::put(tx, alice, habits);
        Ok(())
    });
    stored.await.expect("it is stored");
}

/// Waits for an activity that vic's server gets.
async fn hears(scene: &Scene, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let heard = until(|| async { scene.peer.delivered("author.test").into_iter().find(|sent| wanted(sent)) });
    heard.await.unwrap_or_else(|| panic!("{what} did not come: {:?}", kinds(scene)))
}

/// The types of all that vic's server got so far.
fn kinds(scene: &Scene) -> Vec<Value> {
    scene.peer.delivered("author.test").iter().map(|sent| sent["type"].clone()).collect()
}

fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |sent| sent["type"] == kind
}

fn undoes(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |sent| sent["type"] == "Undo" && sent["object"]["type"] == kind
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pins_and_hashtags_are_added_and_removed_without_a_new_profile() {
    let (scene, vic) = scene().await;
    follows(&scene, &vic).await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "look here")]).await.json();
    let (id, uri) = (posted["id"].as_str().expect("an id").to_owned(), posted["uri"].clone());
    let featured = json!(format!("{}/collections/featured", scene.alice.uri));
    let act = async |path: String, fields: &[(&str, &str)]| {
        let reply = scene.alice.post(&path, fields).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    };
    act(format!("/api/v1/statuses/{id}/pin"), &[]).await;
    let added = hears(&scene, "the pin", is("Add")).await;
    assert_eq!((&added["object"], &added["target"]), (&uri, &featured), "{added}");
    assert_eq!(added["actor"], scene.alice.uri);
    act(format!("/api/v1/statuses/{id}/unpin"), &[]).await;
    let removed = hears(&scene, "its end", is("Remove")).await;
    assert_eq!((&removed["object"], &removed["target"]), (&uri, &featured), "{removed}");
    assert_ne!(added["id"], removed["id"]);
    act(format!("/api/v1/statuses/{id}/pin"), &[]).await;
    let again = hears(&scene, "another pin", |sent| sent["type"] == "Add" && sent["id"] != added["id"]).await;
    assert_eq!(again["object"], uri);

    act("/api/v1/featured_tags".to_owned(), &[("name", "Sun")]).await;
    let of_tag = |kind: &'static str| move |sent: &Value| sent["type"] == kind && sent["object"]["type"] == "Hashtag";
    let tag = json!({"type": "Hashtag", "href": "https://local.test/tags/sun", "name": "#sun"});
    let added = hears(&scene, "the hashtag", of_tag("Add")).await;
    assert_eq!((&added["object"], &added["target"]), (&tag, &featured), "{added}");
    act("/api/v1/tags/sun/unfeature".to_owned(), &[]).await;
    let removed = hears(&scene, "its end", of_tag("Remove")).await;
    assert_eq!((&removed["object"], &removed["target"]), (&tag, &featured), "{removed}");
    assert!(!kinds(&scene).contains(&json!("Update")), "the profile is what it was: {:?}", kinds(&scene));
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_is_told_only_by_who_chose_that_and_the_follow_ends_anyway() {
    let (scene, vic) = scene().await;
    let act = async |deed: &str| {
        let reply = scene.alice.post(&format!("/api/v1/accounts/{vic}/{deed}"), &[]).await;
        assert_eq!(reply.status, 200, "{deed}: {}", reply.text());
    };
    follows(&scene, &vic).await;
    act("block").await;
    let rejected = hears(&scene, "the end of the follow", is("Reject")).await;
    assert_eq!(rejected["object"]["type"], "Follow", "{rejected}");
    act("unblock").await;
    chooses(&scene, Habits { tells_blocks: true, ..Habits::default() }).await;
    act("block").await;
    let block = hears(&scene, "the block", is("Block")).await;
    assert_eq!((&block["actor"], &block["object"]), (&json!(scene.alice.uri), &json!(VIC)));
    // Who was told hears of the end, whatever is chosen by then.
    chooses(&scene, Habits::default()).await;
    act("unblock").await;
    let undone = hears(&scene, "the end of the block", undoes("Block")).await;
    assert_eq!(undone["object"]["id"], block["id"]);
    let of_blocks = |kinds: Vec<Value>| kinds.iter().filter(|kind| **kind == "Block" || **kind == "Undo").count();
    assert_eq!(of_blocks(kinds(&scene)), 2, "nothing of the first one: {:?}", kinds(&scene));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_goes_as_a_like_only_by_who_chose_that_and_is_taken_back_as_it_went() {
    let (scene, _) = scene().await;
    let found = scene.alice.search("statuses", NOTE, true).await;
    let id = found[0]["id"].as_str().expect("it is found").to_owned();
    let act = async |method: &str| {
        let path = format!("/api/v1/pleroma/statuses/{id}/reactions/{PARTY}");
        let reply = scene.alice.send(method, &path, &[], b"").await;
        assert_eq!(reply.status, 200, "{method}: {}", reply.text());
    };
    act("PUT").await;
    let reaction = hears(&scene, "the reaction", is("EmojiReact")).await;
    assert_eq!((&reaction["content"], &reaction["object"]), (&json!("🎉"), &json!(NOTE)));
    chooses(&scene, Habits { likes_with_emoji: true, ..Habits::default() }).await;
    act("DELETE").await;
    let undone = hears(&scene, "its end", undoes("EmojiReact")).await;
    assert_eq!(undone["object"]["id"], reaction["id"]);

    act("PUT").await;
    let like = hears(&scene, "the reaction as a Like", is("Like")).await;
    let said = [&like["content"], &like["_misskey_reaction"], &like["object"], &like["to"]];
    assert_eq!(said, [&json!("🎉"), &json!("🎉"), &json!(NOTE), &json!([VIC])], "{like}");
    chooses(&scene, Habits::default()).await;
    act("DELETE").await;
    let undone = hears(&scene, "its end", undoes("Like")).await;
    assert_eq!((&undone["object"]["id"], &undone["object"]["object"]), (&like["id"], &json!(NOTE)));
    let shown = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
    assert_eq!(shown["favourited"], false, "here it never was a favourite");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_beside_a_favourite_does_not_take_its_place() {
    let (scene, _) = scene().await;
    let found = scene.alice.search("statuses", NOTE, true).await;
    let id = found[0]["id"].as_str().expect("it is found").to_owned();
    chooses(&scene, Habits { likes_with_emoji: true, ..Habits::default() }).await;
    assert_eq!(scene.alice.post(&format!("/api/v1/statuses/{id}/favourite"), &[]).await.status, 200);
    let like = hears(&scene, "the favourite", is("Like")).await;
    assert!(like.get("content").is_none(), "{like}");
    let path = format!("/api/v1/pleroma/statuses/{id}/reactions/{PARTY}");
    assert_eq!(scene.alice.send("PUT", &path, &[], b"").await.status, 200);
    // A second Like would be the favourite's end when it is taken back.
    hears(&scene, "the reaction", is("EmojiReact")).await;
    scene.instance.running.stop().await.expect("it stops");
}
