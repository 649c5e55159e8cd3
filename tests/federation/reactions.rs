//! Emoji on statuses across instances.

use crate::lab::{World, text_of};
use serde_json::{Value, json};

/// 🎉 in a path.
const PARTY: &str = "%F0%9F%8E%89";

fn reactions(status: &Value) -> Value {
    status["reactions"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emoji_reaches_the_author_elsewhere_and_is_taken_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let id = alice.posts("celebrate", &[]).await;
    let seen = text_of(&bob.sees_at_home("celebrate").await, "id");
    let path = format!("/api/v1/pleroma/statuses/{seen}/reactions/{PARTY}");
    assert_eq!(bob.send("PUT", &path, &[]).await.status, 200);
    let there = format!("/api/v1/statuses/{id}");
    let party = json!([{ "name": "🎉", "count": 1, "me": false }]);
    let status = alice.until(&there, |status| reactions(status) == party).await;
    assert_eq!(status["favourites_count"], 0);
    let told = alice.get("/api/v1/notifications?types[]=pleroma:emoji_reaction").await;
    assert_eq!((&told[0]["emoji"], &told[0]["account"]["acct"]), (&json!("🎉"), &json!("bob@b.test")));
    assert_eq!(bob.send("DELETE", &path, &[]).await.status, 200);
    alice.until(&there, |status| status.get("reactions").is_none()).await;
}
