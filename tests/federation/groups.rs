//! What groups tell of statuses (FEP-1b12): it counts as far as the status' own server says so too.

use crate::{
    lab::{Instance, World, comes, shown},
    threads::resolved,
};
use dassie::federation::activity::Received;
use serde_json::json;
use storage::account::{self, Account, ActorKind};

const BOB: &str = "https://b.test/users/bob";
const CLUB: &str = "https://c.test/users/club";
const EVE: &str = "https://c.test/users/eve";

/// The account with this id is a group as far as `at` knows.
async fn is_a_group(at: &Instance, uri: &'static str) {
    let changed = at.server().write(move |tx| {
        let known = account::find_by_uri(tx, uri)?.expect("it is known");
        Ok(account::put(tx, &Account { kind: ActorKind::Group, ..known })?)
    });
    changed.await.expect("written");
}

/// What becomes at `at` of `teller` passing on that `by` did this to a status of bob's.
async fn tells(at: &Instance, teller: &str, by: &str, deed: &str, status: &str) -> Received {
    let note = json!({"id": status, "type": "Note", "attributedTo": BOB, "content": "what the group says"});
    let said = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{teller}#announces/1"),
        "type": "Announce",
        "actor": teller,
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "object": {"id": format!("{by}#deeds/1"), "type": deed, "actor": by, "object": note},
    });
    at.receives(teller, said).await
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_deletions_that_a_group_tells_of_are_read_at_their_origin() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    for name in ["club", "eve"] {
        alice.finds(&c.person(name).await.handle()).await;
    }
    is_a_group(&a, CLUB).await;
    let id = bob.posts("first words", &[]).await;
    let (own, uri) = (format!("/api/v1/statuses/{id}"), format!("{BOB}/statuses/{id}"));
    let at_a = format!("/api/v1/statuses/{}", resolved(&alice, &uri).await);
    let says = async |words: &str| alice.get(&at_a).await["content"].as_str().is_some_and(|text| text.contains(words));
    let dropped = |received: Received| matches!(received, Received::Dropped(_));

    world.clock.advance(60_000);
    assert_eq!(bob.send("PUT", &own, &[("status", "better words")]).await.status, 200);
    assert!(dropped(tells(&a, EVE, BOB, "Update", &uri).await), "she is no group");
    assert!(says("first words").await);
    assert_eq!(tells(&a, CLUB, BOB, "Update", &uri).await, Received::Done);
    assert!(says("better words").await, "as it is where it was posted");
    assert_eq!(alice.get(&at_a).await["reblogs_count"], 0, "an edit shares nothing");

    assert!(dropped(tells(&a, CLUB, BOB, "Delete", &uri).await), "it is still there");
    assert_eq!(alice.status_of(&at_a).await, 200);
    assert_eq!(bob.send("DELETE", &own, &[]).await.status, 200);
    comes("bob's server says that it is gone", async || {
        let headers = [("host", "b.test"), ("accept", "application/activity+json")];
        let answer = b.web().get(&format!("/users/bob/statuses/{id}"), &headers).await;
        matches!(answer.status, 404 | 410).then_some(())
    })
    .await;
    assert!(dropped(tells(&a, EVE, BOB, "Delete", &uri).await), "she is no group");
    assert!(dropped(tells(&a, CLUB, "https://d.test/users/dan", "Delete", &uri).await), "dan has no say there");
    for deed in ["Undo", "Like", "Remove"] {
        assert!(dropped(tells(&a, CLUB, BOB, deed, &uri).await), "{deed}");
    }
    assert_eq!(alice.status_of(&at_a).await, 200);
    assert_eq!(tells(&a, CLUB, EVE, "Delete", &uri).await, Received::Done, "a moderator of the group's server");
    assert_eq!(alice.status_of(&at_a).await, 404);
    assert!(dropped(tells(&a, CLUB, EVE, "Delete", &uri).await), "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_removes_nothing_that_its_origin_hides_from_strangers() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    alice.finds(&c.person("club").await.handle()).await;
    is_a_group(&a, CLUB).await;
    alice.follows(&bob.handle()).await;
    let id = bob.posts("for followers only", &[("visibility", "private")]).await;
    alice.sees_at_home("for followers only").await;
    let told = tells(&a, CLUB, BOB, "Delete", &format!("{BOB}/statuses/{id}")).await;
    assert!(matches!(told, Received::Dropped(_)), "{told:?}");
    assert!(shown(&alice.get("/api/v1/timelines/home").await, "for followers only").is_some());
}
