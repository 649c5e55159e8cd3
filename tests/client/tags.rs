//! Followed and featured tags (client API, tags, followed_tags, featured_tags).

use crate::{
    call::{id, ids, stranger},
    lab::World,
};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followed_tags_are_listed_and_bring_statuses_home() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let unknown = ann.asks("GET", "/api/v1/tags/Rocks", &[]).await;
    assert_eq!((&unknown["name"], &unknown["following"]), (&json!("rocks"), &json!(false)));
    assert_eq!(stranger(&home, "/api/v1/tags/Rocks").await.get("following"), None);
    let old = id(&ben.writes("early #rocks", &[]).await);
    for (name, expected) in [("Rocks", "rocks"), ("SUN", "sun"), ("rocks", "rocks")] {
        let tag = ann.asks("POST", &format!("/api/v1/tags/{name}/follow"), &[]).await;
        assert_eq!((&tag["name"], &tag["following"]), (&json!(expected), &json!(true)));
    }
    let names =
        |list: &Value| list.as_array().expect("a list").iter().map(|tag| tag["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&ann.asks("GET", "/api/v1/followed_tags", &[]).await), [json!("sun"), json!("rocks")]);
    assert_eq!(names(&ann.asks("GET", "/api/v1/followed_tags?limit=1", &[]).await), [json!("sun")]);
    for name in ["no%20tag", "1", "a-b"] {
        assert_eq!(ann.is_refused("POST", &format!("/api/v1/tags/{name}/follow"), &[]).await, 422, "{name}");
    }

    let both = id(&ben.writes("#Rocks in the #sun", &[]).await);
    let own = id(&ann.writes("my own", &[]).await);
    ben.writes("#rocks unlisted", &[("visibility", "unlisted")]).await;
    ben.writes("nothing to see", &[]).await;
    let by_cat = id(&cat.writes("cat's #rocks", &[]).await);
    ben.asks("POST", &format!("/api/v1/statuses/{by_cat}/reblog"), &[]).await;
    let at_home = |more: String| {
        let ann = &ann;
        async move { ids(&ann.asks("GET", &format!("/api/v1/timelines/home{more}"), &[]).await) }
    };
    let all = [by_cat.clone(), own.clone(), both.clone(), old.clone()];
    assert_eq!(at_home(String::new()).await, all, "each once, in order");
    assert_eq!(at_home(format!("?max_id={own}&limit=1")).await, std::slice::from_ref(&both));
    assert_eq!(at_home(format!("?min_id={old}&limit=2")).await, [own.clone(), both.clone()]);
    ann.asks("POST", &format!("/api/v1/accounts/{}/mute", cat.id), &[]).await;
    assert_eq!(at_home(String::new()).await, all[1..]);
    ann.asks("POST", "/api/v1/tags/rocks/unfollow", &[]).await;
    assert_eq!(at_home(String::new()).await, [own, both], "the other tag is still followed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn featured_tags_count_what_everybody_may_read() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let first = id(&ann.writes("#Sun", &[]).await);
    ann.writes("#sun again, #moon", &[("visibility", "unlisted")]).await;
    ann.writes("#sun for few", &[("visibility", "private")]).await;
    let suggested = ann.asks("GET", "/api/v1/featured_tags/suggestions", &[]).await;
    let names: Vec<_> = suggested.as_array().expect("a list").iter().map(|tag| &tag["name"]).collect();
    assert_eq!(names, ["sun", "moon"], "most used first");
    let made = ann.asks("POST", "/api/v1/featured_tags", &[("name", "#Sun")]).await;
    assert_eq!((&made["name"], &made["statuses_count"]), (&json!("sun"), &json!("2")));
    assert!(made["last_status_at"].is_string());
    let profile = format!("/api/v1/accounts/{}/featured_tags", ann.id);
    assert_eq!(stranger(&home, &profile).await, json!([made]));
    ann.asks("DELETE", &format!("/api/v1/statuses/{first}"), &[]).await;
    assert_eq!(stranger(&home, &profile).await[0]["statuses_count"], "1");
    let path = format!("/api/v1/featured_tags/{}", id(&made));
    assert_eq!(ben.is_refused("DELETE", &path, &[]).await, 404);
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(ann.asks("POST", "/api/v1/tags/moon/feature", &[]).await["featuring"], true);
    assert_eq!(ids(&ann.asks("GET", "/api/v1/featured_tags", &[]).await).len(), 1);
    assert_eq!(ann.asks("POST", "/api/v1/tags/moon/unfeature", &[]).await["featuring"], false);
    for number in 0..10 {
        ann.asks("POST", "/api/v1/featured_tags", &[("name", &format!("tag{number}"))]).await;
    }
    assert_eq!(ann.is_refused("POST", "/api/v1/featured_tags", &[("name", "more")]).await, 422);
    let limits = stranger(&home, "/api/v2/instance").await["configuration"]["accounts"].clone();
    assert_eq!(limits["max_featured_tags"], 10);
}
