//! Quotes across instances: asking, the stamp, third parties who look at it, refusing and taking back.

use crate::lab::{World, comes, shown, text_of};
use serde_json::Value;
use storage::quote::{QuotePolicy, put_policy};

fn state(status: &Value) -> &str {
    status["quote"]["state"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn quote_is_granted_seen_by_third_parties_and_taken_back() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    carol.follows(&bob.handle()).await;
    let original = alice.posts("The rock is warm", &[]).await;
    let at_b = bob.sees_at_home("The rock is warm").await;
    assert_eq!(at_b["quote_approval"]["current_user"], "automatic", "{at_b}");

    let quote = bob.posts("It is", &[("quoted_status_id", &text_of(&at_b, "id"))]).await;
    let path = format!("/api/v1/statuses/{quote}");
    let accepted = bob.until(&path, |status| state(status) == "accepted").await;
    assert_eq!(accepted["quote"]["quoted_status"]["id"], at_b["id"]);
    let told = alice.is_told("quote").await;
    assert_eq!(told["account"]["acct"], "bob@b.test");
    assert_eq!(told["status"]["quote"]["quoted_status"]["id"], original);
    let at_a = alice.get(&format!("/api/v1/statuses/{original}")).await;
    assert_eq!(at_a["quotes_count"], 1);

    // Carol's server knows neither alice nor her post: it reads both, and the stamp.
    let home = comes("carol's server has read what bob quotes", async || {
        // Not all servers that hear of a quote read what it quotes at once.
        world.clock.advance(1_000);
        let home = carol.get("/api/v1/timelines/home").await;
        shown(&home, "It is").is_some_and(|status| state(status) == "accepted").then_some(home)
    })
    .await;
    let at_c = shown(&home, "It is").expect("it was there");
    assert_eq!(at_c["quote"]["quoted_status"]["account"]["acct"], "alice@a.test");
    assert!(at_c["content"].as_str().is_some_and(|content| content.contains("quote-inline")), "{at_c}");

    let accept = [("accept", "application/activity+json")];
    let document = b.web().get(&format!("/users/bob/statuses/{quote}"), &accept).await.json();
    let stamp = text_of(&document, "quoteAuthorization");
    let stamp_path = stamp.strip_prefix("https://a.test").expect("a stamp lies with the quoted author").to_owned();
    let stamped = a.web().get(&stamp_path, &accept).await.json();
    assert_eq!(stamped["interactingObject"], document["id"]);
    assert_eq!(stamped["interactionTarget"], document["quote"]);

    let quoting_at_a = text_of(&told["status"], "id");
    alice.post(&format!("/api/v1/statuses/{original}/quotes/{quoting_at_a}/revoke"), &[]).await;
    bob.until(&path, |status| state(status) == "revoked").await;
    assert_eq!(a.web().get(&stamp_path, &accept).await.status, 404);
    let hidden = |status: &Value| status["quote"]["quoted_status"].is_null();
    carol.until("/api/v1/timelines/home", |home| shown(home, "It is").is_some_and(hidden)).await;
    let document = b.web().get(&format!("/users/bob/statuses/{quote}"), &accept).await.json();
    assert!(document.get("quote").is_none() && document.get("quoteAuthorization").is_none(), "{document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn quote_is_refused_by_the_authors_server_whatever_the_quoter_believed() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let original = alice.posts("Not for quoting", &[]).await;
    let at_b = text_of(&bob.sees_at_home("Not for quoting").await, "id");
    // She has changed her mind, and bob's server has not heard of it yet.
    let id = original.parse().expect("an id");
    a.server().write(move |tx| Ok(put_policy(tx, id, Some(QuotePolicy::default()))?)).await.expect("stored");
    let quote = bob.posts("I quote it", &[("quoted_status_id", &at_b)]).await;
    let refused = bob.until(&format!("/api/v1/statuses/{quote}"), |status| state(status) == "rejected").await;
    assert!(refused["quote"]["quoted_status"].is_null(), "{refused}");
    assert_eq!(alice.get(&format!("/api/v1/statuses/{original}")).await["quotes_count"], 0);

    // What she says by the API reaches him.
    let later = alice.posts("Quote me not", &[]).await;
    let later_at_b = text_of(&bob.sees_at_home("Quote me not").await, "id");
    let policy = format!("/api/v1/statuses/{later}/interaction_policy");
    let answer = alice.send("PUT", &policy, &[("quote_approval_policy", "nobody")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let denied = |status: &Value| status["quote_approval"]["current_user"] == "denied";
    bob.until(&format!("/api/v1/statuses/{later_at_b}"), denied).await;
    let reply = bob.send("POST", "/api/v1/statuses", &[("status", "still"), ("quoted_status_id", &later_at_b)]).await;
    assert_eq!(reply.status, 404, "{}", reply.text());
}
