//! Statuses that stay on this server (`local_only` of GoToSocial and glitch-soc). That nothing of them leaves is tried in
//! the federation suite.

use crate::{
    call::{id, ids, stranger},
    lab::World,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_here_see_them_everywhere_and_strangers_nowhere() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let open = ann.writes("for all #tag", &[]).await;
    let near = ann.writes("for us #tag", &[("local_only", "true")]).await;
    assert_eq!(
        (&open["local_only"], &near["local_only"], &near["visibility"]),
        (&json!(false), &json!(true), &json!("public"))
    );
    let both = [id(&near), id(&open)];
    let profile = format!("/api/v1/accounts/{}/statuses", ann.id);
    for list in
        ["/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/tag", &profile]
    {
        assert_eq!(ids(&ben.asks("GET", list, &[]).await), both, "{list}");
        assert_eq!(ids(&stranger(&home, list).await), both[1..], "{list}");
    }
    let path = format!("/api/v1/statuses/{}", id(&near));
    assert_eq!(ben.asks("GET", &path, &[]).await["local_only"], true);
    for part in ["", "/context", "/history", "/reblogged_by", "/favourited_by"] {
        assert_eq!(home.web().get(&format!("{path}{part}"), &[]).await.status, 404, "{part}");
    }
    let page = format!("/@ann/{}", id(&near));
    assert_eq!(home.web().get(&page, &[("accept", "text/html")]).await.status, 404);
    let profile = home.web().get("/@ann", &[("accept", "text/html")]).await.text();
    assert!(profile.contains("for all") && !profile.contains("for us"), "{profile}");
    ann.asks("POST", &format!("{path}/pin"), &[]).await;
    let pinned = format!("/api/v1/accounts/{}/statuses?pinned=true", ann.id);
    assert_eq!(ids(&ben.asks("GET", &pinned, &[]).await), [id(&near)]);
    assert_eq!(stranger(&home, &pinned).await, json!([]));
    let found = ben.asks("GET", "/api/v2/search?type=hashtags&q=tag", &[]).await;
    assert_eq!(found["hashtags"][0]["name"], "tag");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_shares_and_quotes_stay_too_unless_an_answer_says_otherwise() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let root = id(&ann.writes("root", &[("local_only", "1")]).await);
    let answer = ben.writes("@ann yes", &[("in_reply_to_id", &root)]).await;
    assert_eq!(answer["local_only"], true);
    let deeper = ann.writes("@ben no", &[("in_reply_to_id", &id(&answer))]).await;
    assert_eq!(deeper["local_only"], true);
    let loud = ben.writes("@ann out", &[("in_reply_to_id", &root), ("local_only", "false")]).await;
    assert_eq!(loud["local_only"], false);
    let thread = ben.asks("GET", &format!("/api/v1/statuses/{root}/context"), &[]).await;
    assert_eq!(ids(&thread["descendants"]), [id(&answer), id(&deeper), id(&loud)]);
    let above = stranger(&home, &format!("/api/v1/statuses/{}/context", id(&loud))).await;
    assert_eq!(above["ancestors"], json!([]));
    let share = ben.asks("POST", &format!("/api/v1/statuses/{root}/reblog"), &[]).await;
    assert_eq!((&share["local_only"], &share["reblog"]["local_only"]), (&json!(true), &json!(true)));
    assert_eq!(home.web().get(&format!("/api/v1/statuses/{}", id(&share)), &[]).await.status, 404);
    let quote = ben.writes("look", &[("quoted_status_id", &root), ("local_only", "false")]).await;
    assert_eq!((&quote["local_only"], &quote["quote"]["state"]), (&json!(true), &json!("accepted")));
    let edited = ann.asks("PUT", &format!("/api/v1/statuses/{root}"), &[("status", "still root")]).await;
    assert_eq!(edited["local_only"], true, "an edit does not let it out");
    let later = ann.writes("later", &[("in_reply_to_id", &root), ("scheduled_at", "2026-01-02T00:00:00Z")]).await;
    assert_eq!(later["params"]["local_only"], json!(null), "decided when it is posted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_scheduled_to_stay_stays() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let fields = [("local_only", "true"), ("content_type", "text/markdown"), ("scheduled_at", "2026-01-02T00:00:00Z")];
    let made = ann.writes("**later**", &fields).await;
    assert_eq!(
        (&made["params"]["local_only"], &made["params"]["content_type"]),
        (&json!(true), &json!("text/markdown"))
    );
    world.clock.advance(86_400_000);
    let profile = format!("/api/v1/accounts/{}/statuses", ann.id);
    let posted = ann.until(&profile, |list| list != &json!([])).await;
    assert_eq!(posted[0]["local_only"], true);
    assert!(posted[0]["content"].as_str().is_some_and(|html| html.contains("<strong>later</strong>")), "{posted}");
}
