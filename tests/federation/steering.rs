//! What an operator does about deliveries, by `dassie queue`, while the server runs and while it does not.

use crate::lab::{Person, World, follower_at, shown, text_of};
use serde_json::Value;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_peer_is_sent_nothing_until_an_operator_resumes_it() {
    let world = World::new();
    let (mut a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let bob = b.person("bob").await;
    {
        let alice = a.person("alice").await;
        bob.follows(&alice.handle()).await;
        let first = alice.posts("before the pause", &[]).await;
        let seen = bob.sees_at_home("before the pause").await;

        let (done, said) = a.command(&["queue", "pause", "B.Test"]);
        assert!(done && said.contains("nothing is sent to b.test until"), "{said}");
        assert!(a.command(&["queue", "pause", "b.test"]).1.contains("paused already"));
        let (done, said) = a.command(&["queue", "retry", "b.test"]);
        assert!(!done && said.contains("b.test is paused"), "{said}");
        let (_, state) = a.command(&["state"]);
        assert!(state.contains("nothing is sent to b.test (paused"), "{state}");

        alice.posts("while it was paused", &[]).await;
        a.prints(&["queue", "show", "b.test"], |peer| peer["owed"] == 1).await;
        // Heard from, and a day later: the pause stays.
        let id = text_of(&seen, "id");
        bob.post(&format!("/api/v1/statuses/{id}/favourite"), &[]).await;
        alice.until(&format!("/api/v1/statuses/{first}"), |status| status["favourites_count"] == 1).await;
        world.clock.advance(DAY_MS);
        alice.posts("also while it was paused", &[]).await;
        let all = a.prints(&["queue"], |all| all["owed"] == 2).await;
        assert_eq!(all["peers"][0]["domain"], "b.test");
        assert!(all["peers"][0]["paused_since"].is_string() && all["oldest_s"] == 86_400, "{all}");
        assert!(shown(&bob.get("/api/v1/timelines/home").await, "while it was paused").is_none());
    }
    a.restart().await;
    world.clock.advance(DAY_MS);
    a.prints(&["queue", "show", "b.test"], |peer| peer["owed"] == 2).await;
    a.stop().await;
    let (done, said) = a.command(&["queue"]);
    assert!(done && said.contains("b.test: 2 owed; paused since"), "{said}");
    let (done, said) = a.command(&["queue", "resume", "b.test"]);
    assert!(done && said.contains("is sent to again"), "{said}");
    let (done, said) = a.command(&["queue", "resume", "b.test"]);
    assert!(!done && said.contains("was not paused"), "{said}");
    assert!(shown(&bob.get("/api/v1/timelines/home").await, "while it was paused").is_none());
    a.start().await;
    bob.sees_at_home("also while it was paused").await;
    assert!(shown(&bob.get("/api/v1/timelines/home").await, ">while it was paused").is_some());
    a.prints(&["queue"], |all| all["owed"] == 0 && all["peers_in_all"] == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_failed_is_tried_at_once_when_an_operator_says_so() {
    let world = World::new();
    let (a, mut b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let token = follower_at(&b, "bob", &alice).await;
    b.stop().await;
    alice.posts("nobody is there", &[]).await;
    let failing = |peer: &Value| peer["owed"] == 1 && peer["next_try"].is_string();
    let peer = a.prints(&["queue", "show", "b.test"], failing).await;
    assert!(peer["last_error"].as_str().is_some_and(|error| error.contains("https://b.test/inbox")), "{peer}");
    assert_eq!(peer["failures"], 1);
    b.start().await;
    let bob = Person { home: &b, name: "bob".into(), id: storage::AccountId(0), token };
    // The clock does not move: by itself it would never be tried again.
    let (done, said) = a.command(&["queue", "retry", "b.test"]);
    assert!(done && said.contains("tried at once"), "{said}");
    bob.sees_at_home("nobody is there").await;
    a.prints(&["queue"], |all| all["peers_in_all"] == 0).await;
    let (done, said) = a.command(&["queue", "retry", "far.test"]);
    assert!(!done && said.contains("nothing is known of far.test"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_peer_is_owed_goes_when_an_operator_has_agreed() {
    let world = World::new();
    let (a, mut b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let token = follower_at(&b, "bob", &alice).await;
    b.stop().await;
    for number in 0..60 {
        // Nobody is given these who reads her outbox, as whoever just followed her does.
        alice.posts(&format!("never to arrive {number}"), &[("visibility", "private")]).await;
    }
    a.prints(&["queue", "show", "b.test"], |peer| peer["owed"] == 60).await;
    let (done, said) = a.command(&["queue", "purge", "b.test"]);
    assert!(!done && said.contains("60 deliveries are owed to b.test") && said.contains("say --yes"), "{said}");
    a.prints(&["queue", "show", "b.test"], |peer| peer["owed"] == 60).await;
    let (done, said) = a.command(&["queue", "purge", "b.test", "--yes"]);
    assert!(done && said.contains("60 deliveries to b.test were dropped"), "{said}");
    a.prints(&["queue"], |all| all["owed"] == 0 && all["underway"] == 0).await;
    b.start().await;
    let bob = Person { home: &b, name: "bob".into(), id: storage::AccountId(0), token };
    a.command(&["queue", "retry", "b.test"]);
    alice.posts("what came later", &[]).await;
    bob.sees_at_home("what came later").await;
    assert!(shown(&bob.get("/api/v1/timelines/home?limit=40").await, "never to arrive").is_none());
}
