//! Answers that their writer's server does not tell everybody in a thread: passed on by the server of whom they answer,
//! believed by their proof (ActivityPub §7.1.2; FEP-8b32).

use crate::lab::{Person, World, shown, text_of};
use serde_json::Value;
use storage::account::SIGNING_KEYS;

/// The answers to a status as somebody sees them.
fn answers(status: &str) -> String {
    format!("/api/v1/statuses/{status}/context")
}

fn answered(context: &Value, text: &str) -> bool {
    shown(&context["descendants"], text).is_some()
}

/// Bob answers the status that he sees at home.
async fn answers_alice(bob: &Person<'_>, text: &str) -> String {
    let question = text_of(&bob.sees_at_home("Who has a kettle?").await, "id");
    bob.posts(text, &[("in_reply_to_id", &question)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_reach_the_followers_of_whom_they_answer_with_their_proof_alone() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    for follower in [&bob, &carol] {
        follower.follows(&alice.handle()).await;
    }
    // Carol's server has read bob's keys once, and will not reach his server again.
    carol.finds(&bob.handle()).await;
    let asked = alice.posts("Who has a kettle?", &[]).await;
    let at_carol = text_of(&carol.sees_at_home("Who has a kettle?").await, "id");
    bob.sees_at_home("Who has a kettle?").await;
    b.cut_off();

    let answer = answers_alice(&bob, &format!("I have {}", alice.handle())).await;
    alice.until(&answers(&asked), |context| answered(context, "I have")).await;
    let context = carol.until(&answers(&at_carol), |context| answered(context, "I have")).await;
    let seen = shown(&context["descendants"], "I have").expect("it is there");
    assert_eq!(seen["account"]["acct"], "bob@b.test");
    assert_eq!(seen["in_reply_to_id"], at_carol);

    // What is not for everybody is not passed on.
    let question = text_of(&bob.sees_at_home("Who has a kettle?").await, "id");
    let quietly = [("visibility", "private"), ("in_reply_to_id", question.as_str())];
    bob.posts(&format!("Only followers {}", alice.handle()), &quietly).await;
    alice.is_told("mention").await;
    alice.until("/api/v1/notifications", |told| told.to_string().contains("Only followers")).await;

    // Edited and taken back, both in the same way.
    let change = [("status", "I have two")];
    assert_eq!(bob.send("PUT", &format!("/api/v1/statuses/{answer}"), &change).await.status, 200);
    carol.until(&answers(&at_carol), |context| answered(context, "I have two")).await;
    assert_eq!(bob.send("DELETE", &format!("/api/v1/statuses/{answer}"), &[]).await.status, 200);
    let context = carol.until(&answers(&at_carol), |context| !answered(context, "I have")).await;
    assert!(!answered(&context, "Only followers"), "{context}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_key_for_proofs_is_heard_all_the_same() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    let id = alice.id;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let mut keys = SIGNING_KEYS.get(tx, &id)?.expect("keys");
        keys.ed25519_seed.clear();
        SIGNING_KEYS.put(tx, &id, &keys);
        Ok(())
    };
    a.server().write(rule).await.expect("written");
    let accept = [("host", "a.test"), ("accept", "application/activity+json")];
    let actor = a.web().get("/users/alice", &accept).await.json();
    assert!(actor["assertionMethod"].is_null() && actor["publicKey"].is_object(), "{actor}");
    bob.follows(&alice.handle()).await;
    alice.posts("without a proof", &[]).await;
    bob.sees_at_home("without a proof").await;
}
