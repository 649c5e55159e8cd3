//! Peers that are down, and servers that restart.

use crate::lab::{World, comes, follower_at, shown, text_of};
use dassie::limits;
use serde_json::Value;
use storage::{
    Bounds, Direction, account,
    status::{self, STATUSES_OF_ACCOUNT},
};

/// Ten minutes.
const OUTAGE_MS: i64 = 10 * 60 * 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn peer_that_was_down_for_ten_minutes_gets_everything_in_order() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    alice.posts("before the outage", &[]).await;
    bob.sees_at_home("before the outage").await;

    b.cut_off();
    let mut ids = Vec::new();
    for number in 0..6 {
        world.clock.advance(OUTAGE_MS / 6);
        ids.push(alice.posts(&format!("during the outage {number}"), &[]).await);
    }
    alice.send("PUT", &format!("/api/v1/statuses/{}", ids[1]), &[("status", "during the outage, edited")]).await;
    alice.send("DELETE", &format!("/api/v1/statuses/{}", ids[2]), &[]).await;
    b.reconnect();

    // The schedule stands on the peer: move the clock until its next probe is due.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let complete = |home: &Value| {
        [0, 3, 4, 5].iter().all(|number| shown(home, &format!("during the outage {number}")).is_some())
            && shown(home, "during the outage, edited").is_some()
            && shown(home, "during the outage 2").is_none()
    };
    loop {
        let home = bob.get("/api/v1/timelines/home").await;
        if complete(&home) {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{home}");
        world.clock.advance(60_000);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // In order: what bob's server received later has the later position in its log; ids follow `published`.
    let home = bob.get("/api/v1/timelines/home").await;
    let seen: Vec<String> = home.as_array().expect("a list").iter().map(|status| text_of(status, "uri")).collect();
    let mut sorted = seen.clone();
    sorted.sort_by_key(|uri| std::cmp::Reverse(uri.rsplit('/').next().and_then(|id| id.parse::<u64>().ok())));
    assert_eq!(seen, sorted);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_survives_a_restart() {
    let world = World::new();
    let (mut a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let bob = b.person("bob").await;
    let token = {
        let alice = a.person("alice").await;
        bob.follows(&alice.handle()).await;
        b.cut_off();
        alice.posts("written while you were away", &[]).await;
        alice.token
    };
    a.restart().await;
    b.reconnect();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while shown(&bob.get("/api/v1/timelines/home").await, "written while you were away").is_none() {
        assert!(std::time::Instant::now() < deadline, "it never arrived");
        world.clock.advance(60_000);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let bearer = format!("Bearer {token}");
    let own = a.web().get("/api/v1/timelines/home", &[("authorization", &bearer)]).await.json();
    assert!(shown(&own, "written while you were away").is_some(), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_tried_again_though_nothing_else_happens() {
    let world = World::new();
    let (a, mut b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let token = follower_at(&b, "bob", &alice).await;
    b.stop().await;
    alice.posts("into the silence", &[]).await;
    // From here on nobody asks a for anything: what it does it does by itself.
    let failing = |view: &storage::View<'_>| {
        let peer = storage::peer::find(view, "b.test")?;
        Ok(peer.is_some_and(|peer| peer.is_failing() && peer.owed > 0))
    };
    comes("a failure", async || a.server().read(failing).await.expect("read").then_some(())).await;
    b.start().await;
    // The first repetition comes after 16.5 s at most.
    world.clock.advance(17_000);
    let bearer = format!("Bearer {token}");
    let (web, headers) = (b.web(), [("authorization", bearer.as_str())]);
    comes("another try", async || {
        let home = web.get("/api/v1/timelines/home", &headers).await.json();
        shown(&home, "into the silence").map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_direct_and_what_takes_back_find_their_way_among_more_than_fits_into_memory() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    b.cut_off();
    let (count, mut ids) = (limits::DELIVERY_WINDOW + 8, Vec::new());
    for number in 0..count {
        ids.push(alice.posts(&format!("for everybody, number {number}."), &[]).await);
    }
    let direct = [("visibility", "direct")];
    let regretted = alice.posts("@bob@b.test a word I take back", &direct).await;
    alice.posts("@bob@b.test are you there?", &direct).await;
    let (edited, deleted) = (&ids[count - 1], &ids[count - 2]);
    alice.send("PUT", &format!("/api/v1/statuses/{edited}"), &[("status", "edited for @bob@b.test")]).await;
    for id in [deleted, &regretted] {
        alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[]).await;
    }
    b.reconnect();

    // All posts but one, and one of the two direct messages.
    let arrived = async || {
        let found = b.server().read(|view| {
            let Some(alice) = account::find_by_name(view, "alice", Some("a.test"))? else { return Ok(Vec::new()) };
            let ids = STATUSES_OF_ACCOUNT.list(view, &alice.id, Bounds::NONE, Direction::Ascending, 1_000)?;
            let uri = |id| Ok(status::find(view, id)?.map(|status| status.uri).unwrap_or_default());
            ids.into_iter().map(|((_, id), _)| uri(id)).collect::<dassie::error::Result<Vec<String>>>()
        });
        found.await.expect("read")
    };
    let seen = comes("all that was owed", async || {
        world.clock.advance(60_000);
        let (seen, told) = (arrived().await, bob.get("/api/v1/notifications").await.to_string());
        let settled = told.contains("edited for") && told.contains("are you there?");
        (settled && seen.len() == count && !told.contains("a word I take back")).then_some(seen)
    });
    let seen = seen.await;
    assert!(!seen.iter().any(|uri| uri.ends_with(deleted)), "{deleted} in {seen:?}");
}
