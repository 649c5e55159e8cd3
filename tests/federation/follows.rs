//! Following across instances.

use crate::lab::{World, text_of};

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
