//! Posts for other sites to embed (client API, oembed).

use crate::{
    call::{call, id, stranger},
    lab::World,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_posts_of_this_server_are_embedded_and_nothing_else() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let embedded = |url: &str, more: &str| format!("/api/oembed?url={}{more}", url.replace(':', "%3A"));
    let status = ann.writes("on <b>rocks</b> & in the sun", &[("language", "en")]).await;
    let url = status["url"].as_str().expect("a page");
    let shown = stranger(&home, &embedded(url, "")).await;
    let html = shown["html"].as_str().expect("some HTML");
    assert!(html.contains("on &lt;b&gt;rocks&lt;/b&gt; &amp; in the sun") && html.contains(url), "{html}");
    assert!(!html.contains("<script") && !html.contains("<iframe") && !html.contains("<img"), "{html}");
    assert_eq!(
        (&shown["type"], &shown["version"], &shown["author_name"]),
        (&json!("rich"), &json!("1.0"), &json!("ann"))
    );
    assert_eq!((&shown["width"], &shown["height"], &shown["cache_age"]), (&json!(400), &json!(null), &json!(86_400)));
    for (asked, given) in [("1", 220), ("500", 500), ("99999999999", 800), ("-5", 220)] {
        let shown = stranger(&home, &embedded(url, &format!("&maxwidth={asked}"))).await;
        assert_eq!(shown["width"], given, "{asked}");
    }
    assert_eq!(stranger(&home, &embedded(&crate::lab::text_of(&status, "uri"), "")).await["html"], shown["html"]);
    let page = home.web().get(&format!("/@ann/{}", id(&status)), &[]).await.text();
    let link = format!("type=\"application/json+oembed\" href=\"https://home.test/api/oembed?url={url}");
    assert!(page.contains(&link), "the page leads to it: {page}");

    let warned = ann.writes("the end", &[("spoiler_text", "a film")]).await;
    let shown = stranger(&home, &embedded(warned["url"].as_str().expect("a page"), "")).await;
    let html = shown["html"].as_str().expect("some HTML");
    assert!(html.contains("a film") && !html.contains("the end") && !shown["title"].to_string().contains("the end"));

    let private = ann.writes("for few", &[("visibility", "private")]).await;
    let shared = ann.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&status)), &[]).await;
    let shared = format!("https://home.test/@ann/{}", id(&shared));
    let hidden = private["url"].as_str().expect("a page");
    for none in [hidden, &shared, "https://home.test/@ann/1", "https://home.test/about", "https://far.test/@x/1", "x"] {
        assert_eq!(call(home.web(), None, "GET", &embedded(none, ""), &[]).await.status, 404, "{none}");
    }
    assert_eq!(call(home.web(), Some(&ann.token), "GET", &embedded(hidden, ""), &[]).await.status, 404, "nor for her");
    assert_eq!(call(home.web(), None, "GET", "/api/oembed", &[]).await.status, 422);
}
