//! Servers that do not agree on who follows whom any more, and find together again (FEP-8fcf).

use crate::lab::{Instance, Person, World, text_of};
use dassie::federation::{fetch, synchronization};
use storage::{AccountId, account, relationship};

/// The number under which `at` knows somebody elsewhere.
async fn number_at(at: &Instance, who: &Person<'_>) -> AccountId {
    let uri = format!("https://{}/users/{}", who.home.name, who.name);
    let known = at.server().read(move |view| Ok(account::find_by_uri(view, &uri)?)).await.expect("a read");
    known.expect("it is known").id
}

/// One server loses a follow without a word.
async fn loses(at: &Instance, follower: AccountId, target: AccountId) {
    let rule = move |tx: &mut storage::Tx<'_>| Ok(relationship::remove(tx, follower, target)?.is_some());
    assert!(at.server().write(rule).await.expect("written"), "there was none");
}

#[tokio::test(flavor = "multi_thread")]
async fn follows_that_one_side_lost_end_on_the_other() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let (bob, carol, dave) = (b.person("bob").await, b.person("carol").await, b.person("dave").await);
    let mut at_b = String::new();
    for follower in [&bob, &carol, &dave] {
        at_b = follower.follows(&alice.handle()).await;
    }
    let quietly = [("visibility", "private")];
    alice.posts("all agree", &quietly).await;
    for follower in [&bob, &carol, &dave] {
        follower.sees_at_home("all agree").await;
    }
    let relation = format!("/api/v1/accounts/relationships?id[]={at_b}");
    let own = format!("/api/v1/accounts/{}", alice.id);

    // Alice's server has forgotten bob, bob's server has forgotten dave.
    loses(&a, number_at(&a, &bob).await, alice.id).await;
    loses(&b, dave.id, number_at(&b, &alice).await).await;
    assert_eq!(alice.get(&own).await["followers_count"], 2);
    alice.posts("who is here?", &quietly).await;
    bob.until(&relation, |seen| seen[0]["following"] == false).await;
    alice.until(&own, |own| own["followers_count"] == 1).await;
    carol.sees_at_home("who is here?").await;
    assert_eq!(carol.get(&relation).await[0]["following"], true);
    assert_eq!(dave.get(&relation).await[0]["following"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_are_named_only_to_their_own_server() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    carol.follows(&alice.handle()).await;
    let url = "https://a.test/users/alice/followers_synchronization";
    assert_eq!(synchronization::named(b.server(), url).await.expect("named"), ["https://b.test/users/bob"]);
    let budget = fetch::Budget::of_one_cause();
    let (_, all) = fetch::document(c.server(), url, &budget).await.expect("a document");
    assert_eq!(all["orderedItems"], serde_json::json!(["https://c.test/users/carol"]));
    assert_eq!(text_of(&all, "id"), url);
    let anonymous = [("host", "a.test"), ("accept", "application/activity+json")];
    assert_eq!(a.web().get("/users/alice/followers_synchronization", &anonymous).await.status, 401);
}
