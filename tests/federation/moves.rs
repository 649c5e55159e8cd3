//! Moving from one instance to another with everybody who follows.

use crate::lab::{Instance, Person, World, comes, follower_at};
use dassie::{account::alias, error::Error, federation::fetch, relationship};
use serde_json::json;
use storage::AccountId;

/// `who` names the account with this handle as its own.
async fn names(home: &Instance, who: &Person<'_>, handle: &str) {
    let (origin, id) = (home.server().origin().clone(), who.id);
    let other = fetch::handle_anew(home.server(), handle).await.expect("it is found");
    home.server().write(move |tx| alias::add(tx, &origin, id, other)).await.expect("named");
}

async fn moves(home: &Instance, from: AccountId, to: &str) -> Result<(), Error> {
    let origin = home.server().origin().clone();
    let to = fetch::handle_anew(home.server(), to).await?;
    home.server().write(move |tx| relationship::move_away(tx, &origin, from, to)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_on_both_sides_follow_the_new_account() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (ann, ben, anna, bob) =
        (a.person("ann").await, a.person("ben").await, b.person("anna").await, b.person("bob").await);
    let ann_at_b = bob.follows(&ann.handle()).await;
    ben.post(&format!("/api/v1/accounts/{}/follow", ann.id), &[("reblogs", "false")]).await;
    let early = moves(&a, ann.id, "anna@b.test").await;
    assert!(matches!(early, Err(Error::Invalid { .. })), "the target names no alias yet: {early:?}");
    assert_eq!(ann.get(&format!("/api/v1/accounts/{}", ann.id)).await["moved"], json!(null));

    names(&b, &anna, &ann.handle()).await;
    moves(&a, ann.id, "anna@b.test").await.expect("it moves");
    let anna_at_a = ben.finds(&anna.handle()).await;
    let relation = |id: &str| format!("/api/v1/accounts/relationships?id[]={id}");
    let followed = ben.until(&relation(&anna_at_a), |seen| seen[0]["following"] == true).await;
    assert_eq!(followed[0]["showing_reblogs"], false, "as it was");
    bob.until(&relation(&anna.id.to_string()), |seen| seen[0]["following"] == true).await;
    ben.until(&relation(&ann.id.to_string()), |seen| seen[0]["following"] == false).await;
    bob.until(&relation(&ann_at_b), |seen| seen[0]["following"] == false).await;
    let own = |name: &'static str, count: u64| move |me: &serde_json::Value| me[name] == count;
    anna.until("/api/v1/accounts/verify_credentials", own("followers_count", 2)).await;
    ann.until("/api/v1/accounts/verify_credentials", own("followers_count", 0)).await;

    let at_b = bob.until(&format!("/api/v1/accounts/{ann_at_b}"), |seen| !seen["moved"].is_null()).await;
    assert_eq!(at_b["moved"]["acct"], "anna");
    let at_a = ben.get(&format!("/api/v1/accounts/{}", ann.id)).await;
    assert_eq!(at_a["moved"]["acct"], "anna@b.test");
    let accept = [("accept", "application/activity+json")];
    let actor = a.web().get("/users/ann", &accept).await.json();
    assert_eq!(actor["movedTo"], "https://b.test/users/anna");
    let actor = b.web().get("/users/anna", &accept).await.json();
    assert_eq!(actor["alsoKnownAs"], json!(["https://a.test/users/ann"]));

    assert_eq!(ann.send("POST", "/api/v1/statuses", &[("status", "still here")]).await.status, 403);
    assert_eq!(ann.send("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await.status, 403);
    assert_eq!(bob.send("POST", &format!("/api/v1/accounts/{ann_at_b}/follow"), &[]).await.status, 403, "nor back");
    let posted = anna.posts("from the new place", &[]).await;
    assert!(!posted.is_empty());
    ben.sees_at_home("from the new place").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_taken_back_is_told_and_the_next_one_waits() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (ann, anna, bob) = (a.person("ann").await, b.person("anna").await, b.person("bob").await);
    let ann_at_b = bob.follows(&ann.handle()).await;
    // Somebody who may not follow the new account stays with the old one, so that its server hears of the way back.
    let carl = b.person("carl").await;
    carl.follows(&ann.handle()).await;
    carl.post(&format!("/api/v1/accounts/{}/block", anna.id), &[]).await;
    let own = format!("/api/v1/accounts/{}", ann.id);
    ann.until(&own, |seen| seen["followers_count"] == 2).await;
    names(&b, &anna, &ann.handle()).await;
    moves(&a, ann.id, "anna@b.test").await.expect("it moves");
    bob.until(&format!("/api/v1/accounts/{ann_at_b}"), |seen| !seen["moved"].is_null()).await;
    ann.until(&own, |seen| seen["followers_count"] == 1).await;
    let id = ann.id;
    a.server().write(move |tx| relationship::come_back(tx, id)).await.expect("it comes back");
    bob.until(&format!("/api/v1/accounts/{ann_at_b}"), |seen| seen["moved"].is_null()).await;
    ann.posts("here again", &[]).await;
    let again = moves(&a, ann.id, "anna@b.test").await;
    assert!(matches!(&again, Err(Error::Invalid { why, .. }) if why.contains("30 days")), "{again:?}");
    world.clock.advance(30 * 24 * 60 * 60_000);
    moves(&a, ann.id, "anna@b.test").await.expect("after thirty days");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_heard_of_a_move_is_told_also_over_a_restart() {
    let world = World::new();
    let mut a = world.instance("a.test").await;
    let (b, mut c) = (world.instance("b.test").await, world.instance("c.test").await);
    let asks = |a: &Instance, words: &str| {
        let (done, said) = a.command(&["user", "move", "ann", "--progress"]);
        (done && said.contains(words)).then_some(said)
    };
    {
        let (ann, anna) = (a.person("ann").await, b.person("anna").await);
        let bob = b.person("bob").await;
        bob.follows(&ann.handle()).await;
        follower_at(&c, "carl", &ann).await;
        let (done, said) = a.command(&["user", "move", "ann", "--progress"]);
        assert!(!done && said.contains("has not moved"), "{said}");
        names(&b, &anna, &ann.handle()).await;
        c.stop().await;
        moves(&a, ann.id, "anna@b.test").await.expect("it moves");
    }
    let owed = comes("c is owed it", async || asks(&a, "c.test: is owed it")).await;
    assert!(owed.contains("b.test: has it") && owed.contains("moved to https://b.test/users/anna"), "{owed}");
    assert!(owed.contains("told to 2 inboxes: 1 have it, 0 will not get it, 1 are owed it"), "{owed}");
    a.restart().await;
    let still = comes("the same after a restart", async || asks(&a, "c.test: is owed it")).await;
    assert!(still.contains("b.test: has it"), "{still}");
    c.start().await;
    let heard = comes("c hears of it", async || {
        world.clock.advance(60_000);
        asks(&a, "c.test: has it")
    });
    let heard = heard.await;
    assert!(heard.contains("told to 2 inboxes: 2 have it, 0 will not get it, 0 are owed it"), "{heard}");
    let gone = comes("all have gone", async || asks(&a, "followers here have gone; 0 followers are left")).await;
    assert!(gone.contains("b.test: has it"), "it is told for good: {gone}");
}
