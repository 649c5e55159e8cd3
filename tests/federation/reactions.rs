//! Emoji on statuses across instances.

use crate::lab::{World, text_of};
use dassie::federation::activity::Received;
use serde_json::{Value, json};
use storage::limits::REACTION_KINDS_MAX;

/// 🎉 in a path.
const PARTY: &str = "%F0%9F%8E%89";

fn reactions(status: &Value) -> Value {
    status["reactions"].clone()
}

/// The `number`th of `actor` with an emoji, to a post of alice's.
fn reaction(kind: &str, actor: &str, number: usize, post: &str, emoji: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{actor}#reactions/{number}"),
        "type": kind,
        "actor": actor,
        "object": format!("https://a.test/users/alice/statuses/{post}"),
        "content": emoji,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emoji_reaches_the_author_elsewhere_and_is_taken_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let id = alice.posts("celebrate", &[]).await;
    let seen = text_of(&bob.sees_at_home("celebrate").await, "id");
    let path = format!("/api/v1/pleroma/statuses/{seen}/reactions/{PARTY}");
    assert_eq!(bob.send("PUT", &path, &[]).await.status, 200);
    let there = format!("/api/v1/statuses/{id}");
    let party = json!([{ "name": "🎉", "count": 1, "me": false }]);
    let status = alice.until(&there, |status| reactions(status) == party).await;
    assert_eq!(status["favourites_count"], 0);
    let told = alice.get("/api/v1/notifications?types[]=pleroma:emoji_reaction").await;
    assert_eq!((&told[0]["emoji"], &told[0]["account"]["acct"]), (&json!("🎉"), &json!("bob@b.test")));
    assert_eq!(bob.send("DELETE", &path, &[]).await.status, 200);
    alice.until(&there, |status| status.get("reactions").is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_like_whose_emoji_cannot_be_used_is_a_favourite_until_it_is_taken_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let id = alice.posts("celebrate", &[]).await;
    let by = async |name: &str| {
        let person = b.person(name).await;
        alice.finds(&person.handle()).await;
        format!("https://b.test/users/{name}")
    };
    let deed = |kind: &str, actor: &str, number: usize, emoji: &str| reaction(kind, actor, number, &id, emoji);
    let undo = |of: &Value| {
        let id = format!("{}/undo", text_of(of, "id"));
        let context = "https://www.w3.org/ns/activitystreams";
        json!({"@context": context, "id": id, "type": "Undo", "actor": of["actor"], "object": of})
    };
    let counts = async || {
        let status = alice.get(&format!("/api/v1/statuses/{id}")).await;
        (status["favourites_count"].as_u64(), status["reactions"].as_array().map_or(0, Vec::len))
    };
    let bob = by("bob").await;
    let react = deed("EmojiReact", &bob, 1, ":x:");
    assert_eq!(a.receives(&bob, react).await, Received::Dropped("its emoji is none"));
    // One without a picture, and one that is no emoji at all.
    for (number, emoji) in [(2, ":x:"), (3, "")] {
        let like = deed("Like", &bob, number, emoji);
        assert_eq!(a.receives(&bob, like.clone()).await, Received::Done);
        assert_eq!(counts().await, (Some(1), 0), "{like}");
        assert_eq!(a.receives(&bob, undo(&like)).await, Received::Done);
        assert_eq!(counts().await, (Some(0), 0));
        let again = a.receives(&bob, like).await;
        assert!(matches!(again, Received::Dropped(_)), "it was taken back: {again:?}");
    }
    let mut number = 10;
    let names = ["carol", "dave", "erin", "frank"];
    for (person, name) in names.into_iter().enumerate() {
        let who = by(name).await;
        for emoji in 0..u32::try_from(REACTION_KINDS_MAX / names.len()).expect("few") {
            let kind = char::from_u32(0x1f400 + u32::try_from(person).expect("few") * 10 + emoji).expect("an emoji");
            let like = deed("Like", &who, number, &kind.to_string());
            assert_eq!(a.receives(&who, like.clone()).await, Received::Done, "{like}");
            number += 1;
        }
    }
    assert_eq!(counts().await, (Some(0), REACTION_KINDS_MAX));
    let late = deed("Like", &bob, number, "\u{1f389}");
    assert_eq!(a.receives(&bob, late.clone()).await, Received::Done);
    assert_eq!(counts().await, (Some(1), REACTION_KINDS_MAX), "one kind too many");
    assert_eq!(a.receives(&bob, undo(&late)).await, Received::Done);
    assert_eq!(counts().await, (Some(0), REACTION_KINDS_MAX));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_favourite_a_post_may_not_react_to_it_and_who_must_ask_for_it_asks() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, carol) = (a.person("alice").await, a.person("carol").await);
    alice.finds(&b.person("bob").await.handle()).await;
    let bob = "https://b.test/users/bob";
    let deed = |kind: &str, number: usize, post: &str| reaction(kind, bob, number, post, "🎉");
    let counts = async |post: &str| {
        let status = alice.get(&format!("/api/v1/statuses/{post}")).await;
        (status["favourites_count"].as_u64(), status["reactions"].as_array().map_or(0, Vec::len))
    };
    let waiting = async || alice.get("/api/v1/interaction_requests").await;
    let closed = alice.posts("closed", &[("interaction_policy[can_favourite][automatic_approval][]", "author")]).await;
    let asks = alice.posts("ask me", &[("interaction_policy[can_favourite][manual_approval][]", "public")]).await;
    for (number, kind) in [(1, "EmojiReact"), (2, "Like")] {
        let refused = a.receives(bob, deed(kind, number, &closed)).await;
        assert_eq!(refused, Received::Dropped("known already, or not let"), "{kind}");
    }
    assert_eq!((counts(&closed).await, waiting().await), ((Some(0), 0), json!([])));
    for (number, kind) in [(3, "EmojiReact"), (4, "Like")] {
        let react = deed(kind, number, &asks);
        assert_eq!(a.receives(bob, react.clone()).await, Received::Done);
        let waits = waiting().await;
        assert_eq!((&waits[0]["type"], waits.as_array().map(Vec::len)), (&json!("favourite"), Some(1)), "{kind}");
        let context = "https://www.w3.org/ns/activitystreams";
        let id = format!("{bob}#undos/{number}");
        let undo = json!({"@context": context, "id": id, "type": "Undo", "actor": bob, "object": react});
        assert_eq!(a.receives(bob, undo).await, Received::Done);
        assert_eq!(waiting().await, json!([]), "{kind}");
    }
    assert_eq!(a.receives(bob, deed("EmojiReact", 5, &asks)).await, Received::Done);
    assert_eq!(counts(&asks).await, (Some(0), 0));
    let request = text_of(&waiting().await[0], "id");
    alice.post(&format!("/api/v1/interaction_requests/{request}/authorize"), &[]).await;
    assert_eq!(counts(&asks).await, (Some(1), 0));
    // Who was let may.
    assert_eq!(a.receives(bob, deed("EmojiReact", 6, &asks)).await, Received::Done);
    assert_eq!(counts(&asks).await, (Some(1), 1));
    // Nor may people here.
    for post in [&closed, &asks] {
        let path = format!("/api/v1/pleroma/statuses/{post}/reactions/{PARTY}");
        assert_eq!(carol.send("PUT", &path, &[]).await.status, 403);
    }
    let path = format!("/api/v1/pleroma/statuses/{closed}/reactions/{PARTY}");
    assert_eq!(alice.send("PUT", &path, &[]).await.status, 200, "its author may");
}
