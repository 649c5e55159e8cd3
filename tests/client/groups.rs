//! Notifications in groups (client API, grouped_notifications).

use crate::{
    call::{id, ids},
    lab::World,
};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_the_same_stands_together_within_half_a_day() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let status = id(&ann.writes("liked", &[]).await);
    for one in [&ben, &cat] {
        one.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
        one.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    }
    let mention = id(&ben.writes("@ann hello", &[]).await);
    ann.is_told("mention").await;
    let found = ann.asks("GET", "/api/v2/notifications", &[]).await;
    let groups = found["notification_groups"].as_array().expect("groups");
    let of = |kind: &str| groups.iter().find(|group| group["type"] == kind).expect("a group").clone();
    assert_eq!(groups.len(), 3, "{found}");
    let (likes, follows) = (of("favourite"), of("follow"));
    assert_eq!((&likes["notifications_count"], &likes["status_id"]), (&json!(2), &json!(status)));
    assert_eq!(likes["sample_account_ids"], json!([cat.id.to_string(), ben.id.to_string()]), "the newest first");
    assert_eq!(follows["notifications_count"], 2);
    assert_eq!(of("mention")["status_id"], json!(mention));
    assert_eq!((ids(&found["accounts"]).len(), ids(&found["statuses"]).len()), (2, 2), "each once");
    let single = ann.asks("GET", "/api/v1/notifications?types[]=favourite", &[]).await;
    assert_eq!(single[0]["group_key"], likes["group_key"], "both versions call it the same");

    let path = |group: &Value, more: &str| {
        format!("/api/v2/notifications/{}{more}", group["group_key"].as_str().expect("a key"))
    };
    let one = ann.asks("GET", &path(&likes, ""), &[]).await;
    assert_eq!(one["notification_groups"], json!([likes]));
    assert_eq!(ids(&ann.asks("GET", &path(&likes, "/accounts"), &[]).await), [cat.id.to_string(), ben.id.to_string()]);
    assert_eq!(ann.asks("GET", "/api/v2/notifications/unread_count", &[]).await["count"], 3);
    let apart = ann.asks("GET", "/api/v2/notifications?grouped_types[]=follow", &[]).await;
    assert_eq!(apart["notification_groups"].as_array().map(Vec::len), Some(4));
    let first = ann.asks("GET", "/api/v2/notifications?limit=1", &[]).await;
    assert_eq!(first["notification_groups"][0]["type"], "mention");
    let below = first["notification_groups"][0]["page_min_id"].as_str().expect("an id").to_owned();
    let rest = ann.asks("GET", &format!("/api/v2/notifications?max_id={below}"), &[]).await;
    assert_eq!(rest["notification_groups"].as_array().map(Vec::len), Some(2));

    world.clock.advance(13 * 60 * 60_000);
    let dan = home.person("dan").await;
    dan.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
    let later = ann
        .until("/api/v2/notifications", |found| found["notification_groups"].as_array().map(Vec::len) == Some(4))
        .await;
    assert_eq!(later["notification_groups"][0]["notifications_count"], 1, "another half day");
    assert_eq!(ann.asks("POST", &path(&likes, "/dismiss"), &[]).await, json!({}));
    assert_eq!(ann.is_refused("GET", &path(&likes, ""), &[]).await, 404);
    assert_eq!(ben.is_refused("GET", &path(&follows, ""), &[]).await, 404, "somebody else's");
    assert_eq!(ann.is_refused("GET", "/api/v2/notifications/nonsense", &[]).await, 404);
    let left = ann.asks("GET", "/api/v2/notifications", &[]).await;
    assert_eq!(left["notification_groups"].as_array().map(Vec::len), Some(3));
}
