//! Following across instances.

use crate::lab::{World, text_of};
use dassie::federation::activity::Received;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn follow_is_accepted_counted_and_undone() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);

    let bob_at_a = alice.follows(&bob.handle()).await;
    let told = bob.is_told("follow").await;
    assert_eq!(told["account"]["acct"], "alice@a.test");
    let me = bob.get("/api/v1/accounts/verify_credentials").await;
    assert_eq!(me["followers_count"], 1);
    let followers = bob.get(&format!("/api/v1/accounts/{}/followers", bob.id)).await;
    assert_eq!(followers[0]["acct"], "alice@a.test");

    alice.post(&format!("/api/v1/accounts/{bob_at_a}/unfollow"), &[]).await;
    bob.until("/api/v1/accounts/verify_credentials", |me| me["followers_count"] == 0).await;
    let seen = alice.get(&format!("/api/v1/accounts/relationships?id[]={bob_at_a}")).await;
    assert_eq!(seen[0]["following"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_account_is_asked_first() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, carol, bob) = (a.person("alice").await, a.person("carol").await, b.person("bob").await);
    let locked = bob.send("PATCH", "/api/v1/accounts/update_credentials", &[("locked", "true")]).await;
    assert_eq!(locked.status, 200, "{}", locked.text());

    let mut ids = Vec::new();
    for person in [&alice, &carol] {
        let id = person.finds(&bob.handle()).await;
        let asked = person.post(&format!("/api/v1/accounts/{id}/follow"), &[]).await;
        assert_eq!((&asked["requested"], &asked["following"]), (&true.into(), &false.into()));
        ids.push(id);
    }
    let requests =
        bob.until("/api/v1/follow_requests", |list| list.as_array().is_some_and(|list| list.len() == 2)).await;
    let id_of = |acct: &str| {
        let row = requests.as_array().and_then(|list| list.iter().find(|account| account["acct"] == acct));
        text_of(row.expect("a request"), "id")
    };
    bob.post(&format!("/api/v1/follow_requests/{}/authorize", id_of("alice@a.test")), &[]).await;
    bob.post(&format!("/api/v1/follow_requests/{}/reject", id_of("carol@a.test")), &[]).await;

    let relationship = |id: &str| format!("/api/v1/accounts/relationships?id[]={id}");
    alice.until(&relationship(&ids[0]), |seen| seen[0]["following"] == true).await;
    let refused = |seen: &serde_json::Value| seen[0]["requested"] == false && seen[0]["following"] == false;
    carol.until(&relationship(&ids[1]), refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_as_it_was_before_is_told_all_the_same() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    let path = format!("/api/v1/accounts/{}", alice.follows(&bob.handle()).await);
    for locked in [true, false, true, false] {
        let fields = [("locked", if locked { "true" } else { "false" })];
        let changed = bob.send("PATCH", "/api/v1/accounts/update_credentials", &fields).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        alice.until(&path, |account| account["locked"] == locked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accept_that_is_taken_back_lets_the_follower_wait_again() {
    const ALICE: &str = "https://a.test/users/alice";
    const BOB: &str = "https://b.test/users/bob";
    const EVE: &str = "https://b.test/users/eve";
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob, eve) = (a.person("alice").await, b.person("bob").await, b.person("eve").await);
    let id = alice.follows(&bob.handle()).await;
    alice.finds(&eve.handle()).await;
    let accept = |by: &str| {
        let follow = json!({"type": "Follow", "actor": ALICE, "object": BOB});
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{by}#accepts/1"),
            "type": "Accept",
            "actor": by,
            "object": follow,
        })
    };
    let undo = |by: &str, of: &str| {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{by}#undoes/1"),
            "type": "Undo",
            "actor": by,
            "object": accept(of),
        })
    };
    let state = async || {
        let seen = alice.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await;
        (seen[0]["following"] == true, seen[0]["requested"] == true)
    };
    for of in [EVE, BOB] {
        let received = a.receives(EVE, undo(EVE, of)).await;
        assert!(matches!(received, Received::Dropped(_)), "she was not followed: {received:?}");
        assert_eq!(state().await, (true, false));
    }
    assert_eq!(a.receives(BOB, undo(BOB, BOB)).await, Received::Done);
    assert_eq!(state().await, (false, true));
    assert_eq!(a.receives(BOB, undo(BOB, BOB)).await, Received::Dropped("nothing to undo"));
    assert_eq!(a.receives(BOB, accept(BOB)).await, Received::Done);
    assert_eq!(state().await, (true, false));
}
