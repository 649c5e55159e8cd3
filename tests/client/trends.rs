//! What is talked of (client API, trends): counted from what was posted, one person makes none, nobody is shown whom a
//! viewer avoids.

use crate::{
    call::{call, id, ids, stranger},
    lab::{Person, World, comes},
    site::{Site, html},
};
use serde_json::{Value, json};
use storage::user::Role;

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|tag| tag["name"].as_str()).collect()
}

/// Waits until a list has so many members.
async fn until(person: &Person<'_>, path: &str, members: usize) -> Value {
    person.until(path, |list| list.as_array().is_some_and(|list| list.len() == members)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hashtag_trends_once_two_people_use_it() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    {
        let (ada, ann, ben) =
            (home.staff("ada", Role::Owner).await, home.person("ann").await, home.person("ben").await);
        for path in ["/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/statuses", "/api/v1/trends/links"] {
            assert_eq!(stranger(&home, path).await, json!([]), "a quiet server says so");
        }
        for number in 0..5 {
            ann.writes(&format!("{number} #Rocks #mine"), &[]).await;
        }
        ben.writes("#sun for followers", &[("visibility", "private")]).await;
        ann.writes("#sun", &[]).await;
        ann.until("/api/v1/tags/rocks", |tag| tag["history"][0]["uses"] == "5").await;
        assert_eq!(ann.asks("GET", "/api/v1/trends/tags", &[]).await, json!([]), "one person makes no trend");
        ben.writes("#rocks", &[]).await;
        let trends = until(&ann, "/api/v1/trends/tags", 1).await;
        assert_eq!(names(&trends), ["rocks"]);
        let history = trends[0]["history"].as_array().expect("a history");
        let today = json!({ "day": "1767225600", "uses": "6", "accounts": "2" });
        assert_eq!((history.len(), &history[0]), (7, &today));
        assert_eq!(history[1], json!({ "day": "1767139200", "uses": "0", "accounts": "0" }));
        assert_eq!(names(&ann.asks("GET", "/api/v1/trends", &[]).await), ["rocks"]);
        let found = ann.asks("GET", "/api/v2/search?q=rocks&type=hashtags", &[]).await;
        assert_eq!(found["hashtags"][0]["history"][0], today);
        ann.asks("POST", "/api/v1/tags/rocks/follow", &[]).await;
        assert_eq!(ann.asks("GET", "/api/v1/followed_tags", &[]).await[0]["history"][0], today);

        ada.asks("POST", &format!("/api/v1/admin/accounts/{}/action", ben.id), &[("type", "silence")]).await;
        assert_eq!(ann.asks("GET", "/api/v1/trends/tags", &[]).await, json!([]), "at once");
        ada.asks("POST", &format!("/api/v1/admin/accounts/{}/unsilence", ben.id), &[]).await;
        assert_eq!(names(&ann.asks("GET", "/api/v1/trends/tags", &[]).await), ["rocks"]);
    }
    home.restart().await;
    let ann =
        Person { home: &home, name: "ann".to_owned(), id: storage::AccountId(0), token: "token-of-ann".to_owned() };
    assert_eq!(names(&until(&ann, "/api/v1/trends/tags", 1).await), ["rocks"], "counted anew after a restart");
    world.clock.advance(4 * 24 * 60 * 60_000);
    assert_eq!(ann.asks("GET", "/api/v1/trends/tags", &[]).await, json!([]));
    assert_eq!(ann.asks("GET", "/api/v1/tags/rocks", &[]).await["history"][4]["uses"], "6");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_trend_that_several_people_mark() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat, dan) =
        (home.person("ann").await, home.person("ben").await, home.person("cat").await, home.person("dan").await);
    for (person, value) in [(&ann, "true"), (&ben, "true"), (&cat, "true"), (&dan, "false")] {
        person.asks("PATCH", "/api/v1/accounts/update_credentials", &[("discoverable", value)]).await;
    }
    let good = id(&ann.writes("good", &[]).await);
    let second = id(&cat.writes("not quite as good", &[]).await);
    let others = [
        id(&ben.writes("sensitive", &[("sensitive", "true")]).await),
        id(&ben.writes("warned", &[("spoiler_text", "x")]).await),
        id(&ben.writes("quiet", &[("visibility", "unlisted")]).await),
        id(&ben.writes("@ann an answer", &[("in_reply_to_id", &good)]).await),
        id(&dan.writes("not to be found", &[]).await),
    ];
    for status in others.iter().chain([&good, &second]) {
        for person in [&ann, &ben, &cat] {
            person.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
        }
    }
    let one = id(&ben.writes("liked by one, and oneself", &[]).await);
    for person in [&ben, &cat] {
        person.asks("POST", &format!("/api/v1/statuses/{one}/favourite"), &[]).await;
    }
    cat.asks("POST", &format!("/api/v1/statuses/{one}/reblog"), &[]).await;
    dan.asks("POST", &format!("/api/v1/statuses/{good}/reblog"), &[]).await;
    let path = "/api/v1/trends/statuses";
    let both = [good.clone(), second.clone()];
    comes("both trend", async || (ids(&stranger(&home, path).await) == both).then_some(())).await;
    let page = call(home.web(), None, "GET", &format!("{path}?limit=1"), &[]).await;
    assert_eq!(ids(&page.json()), std::slice::from_ref(&good));
    let next = format!("<https://home.test{path}?limit=1&offset=1>; rel=\"next\"");
    assert_eq!(page.header("link"), Some(next.as_str()));
    assert_eq!(ids(&stranger(&home, &format!("{path}?limit=1&offset=1")).await), std::slice::from_ref(&second));
    dan.asks("POST", &format!("/api/v1/accounts/{}/mute", ann.id), &[]).await;
    assert_eq!(ids(&dan.asks("GET", path, &[]).await), std::slice::from_ref(&second));
    let filter = [
        ("title", "x"),
        ("context[]", "public"),
        ("filter_action", "hide"),
        ("keywords_attributes[][keyword]", "quite"),
    ];
    dan.asks("POST", "/api/v2/filters", &filter).await;
    assert_eq!(dan.asks("GET", path, &[]).await, json!([]));
    cat.asks("DELETE", &format!("/api/v1/statuses/{second}"), &[]).await;
    assert_eq!(ids(&stranger(&home, path).await), [good]);
    world.clock.advance(7 * 24 * 60 * 60_000);
    assert_eq!(stranger(&home, path).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_trend_by_their_page() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let story = "<title>Dassies</title><link rel=canonical href=/story>";
    let pages = vec![("/story", html(story)), ("/story?from=x", html(story)), ("/other", html("<title>o</title>"))];
    let _site = Site::open(&world, "news.test", pages).await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ann.writes("https://news.test/story", &[]).await;
    for number in 0..3 {
        ann.writes(&format!("{number} https://news.test/other"), &[]).await;
    }
    ann.writes("https://news.test/other", &[]).await;
    ben.writes("https://news.test/other", &[("sensitive", "true")]).await;
    ben.writes("https://news.test/story?from=x", &[]).await;
    let links = until(&ann, "/api/v1/trends/links", 1).await;
    assert_eq!((&links[0]["url"], &links[0]["title"]), (&json!("https://news.test/story"), &json!("Dassies")));
    assert_eq!(links[0]["history"][0], json!({ "day": "1767225600", "uses": "2", "accounts": "2" }));
    assert_eq!(stranger(&home, "/api/v1/trends/links?offset=1").await, json!([]));
    assert_eq!(stranger(&home, "/api/v1/trends/links").await, links, "as the schema says");
}
