//! Polls across instances: asked, voted in, counted, ended, asked anew.

use crate::lab::{World, text_of};
use serde_json::{Value, json};

fn votes(poll: &Value) -> Vec<u64> {
    poll["options"]
        .as_array()
        .expect("options")
        .iter()
        .map(|option| option["votes_count"].as_u64().unwrap_or(9))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_voted_in_from_elsewhere_and_everybody_learns_how_it_ends() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    carol.follows(&alice.handle()).await;
    let fields = [
        ("poll[options][]", "sun"),
        ("poll[options][]", "rain"),
        ("poll[options][]", "snow"),
        ("poll[expires_in]", "3600"),
        ("poll[multiple]", "true"),
    ];
    let id = alice.posts("which weather?", &fields).await;
    let at_b = text_of(&bob.sees_at_home("which weather").await, "id");
    let seen = bob.get(&format!("/api/v1/polls/{at_b}")).await;
    let titles: Vec<_> =
        seen["options"].as_array().expect("options").iter().map(|option| option["title"].clone()).collect();
    assert_eq!(
        (titles, &seen["multiple"], &seen["voted"]),
        (vec![json!("sun"), json!("rain"), json!("snow")], &json!(true), &json!(false))
    );

    let choices = [("choices[]", "0"), ("choices[]", "2")];
    let voted = bob.post(&format!("/api/v1/polls/{at_b}/votes"), &choices).await;
    assert_eq!((votes(&voted), &voted["own_votes"]), (vec![1, 0, 1], &json!([0, 2])));
    let at_a = format!("/api/v1/polls/{id}");
    let counted = alice.until(&at_a, |poll| votes(poll) == [1, 0, 1]).await;
    assert_eq!(counted["voters_count"], 1, "two choices, one voter");

    // Others hear of it once the pause between Updates is over.
    let at_c = text_of(&carol.sees_at_home("which weather").await, "id");
    world.clock.advance(3 * 60_000);
    carol.until(&format!("/api/v1/statuses/{at_c}"), |status| votes(&status["poll"]) == [1, 0, 1]).await;

    world.clock.advance(3_600_000);
    assert_eq!(alice.is_told("poll").await["status"]["id"], id);
    assert_eq!(bob.is_told("poll").await["status"]["id"], at_b);
    let ended = carol.until(&format!("/api/v1/polls/{at_c}"), |poll| poll["expired"] == true).await;
    assert_eq!(votes(&ended), [1, 0, 1]);
    let late = bob.send("POST", &format!("/api/v1/polls/{at_b}/votes"), &[("choices[]", "1")]).await;
    assert_eq!(late.status, 422, "{}", late.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_read_anew_when_somebody_looks_and_other_options_reset_votes() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob, dora) = (a.person("alice").await, b.person("bob").await, a.person("dora").await);
    bob.follows(&alice.handle()).await;
    let fields = [("poll[options][]", "sun"), ("poll[options][]", "rain"), ("poll[expires_in]", "3600")];
    let id = alice.posts("sun or rain?", &fields).await;
    let at_b = text_of(&bob.sees_at_home("sun or rain").await, "id");
    dora.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "1")]).await;
    // No Update yet: bob's look has the poll read at its server.
    bob.until(&format!("/api/v1/polls/{at_b}"), |poll| votes(poll) == [0, 1]).await;
    bob.post(&format!("/api/v1/polls/{at_b}/votes"), &[("choices[]", "0")]).await;
    alice.until(&format!("/api/v1/polls/{id}"), |poll| votes(poll) == [1, 1]).await;

    world.clock.advance(60_000);
    let edit = [
        ("status", "sun or fog?"),
        ("poll[options][]", "sun"),
        ("poll[options][]", "fog"),
        ("poll[expires_in]", "3600"),
    ];
    let edited = alice.send("PUT", &format!("/api/v1/statuses/{id}"), &edit).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let path = format!("/api/v1/polls/{at_b}");
    let anew = bob.until(&path, |poll| poll["options"][1]["title"] == "fog").await;
    assert_eq!((votes(&anew), &anew["voted"]), (vec![0, 0], &json!(false)));
    bob.post(&format!("{path}/votes"), &[("choices[]", "1")]).await;
    alice.until(&format!("/api/v1/polls/{id}"), |poll| votes(poll) == [0, 1]).await;
}
