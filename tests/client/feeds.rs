//! Public posts for feed readers, beside the pages of people and tags.

use crate::{call::id, lab::World};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_hold_what_everybody_may_read_and_nothing_else() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let first = ann.writes("warm & <dry> #rocks", &[]).await;
    ann.writes("the end", &[("spoiler_text", "a film")]).await;
    ann.writes("for few", &[("visibility", "private")]).await;
    let other = ben.writes("by ben", &[]).await;
    ann.writes("an answer", &[("in_reply_to_id", &id(&other))]).await;
    ann.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&other)), &[]).await;
    let get = async |path: &str| home.web().get(path, &[]).await;

    for (path, kind) in [("/@ann.rss", "application/rss+xml"), ("/@ann.atom", "application/atom+xml")] {
        let feed = get(path).await;
        assert_eq!((feed.status, feed.header("content-type")), (200, Some(format!("{kind}; charset=utf-8").as_str())));
        let text = feed.text();
        assert!(text.contains("warm &amp;amp; &amp;lt;dry&amp;gt;") && text.contains("a film"), "{text}");
        for hidden in ["for few", "by ben", "an answer"] {
            assert!(!text.contains(hidden), "{path} says {hidden}");
        }
    }
    let feed = get("/@ann/feed.json").await.json();
    let titles: Vec<_> = feed["items"].as_array().expect("items").iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["a film", "warm & <dry> #rocks"], "newest first");
    assert_eq!(
        (&feed["items"][1]["url"], &feed["feed_url"]),
        (&first["url"], &Value::from("https://home.test/@ann/feed.json"))
    );
    let page = get("/@ann").await.text();
    for link in ["/@ann.rss", "/@ann.atom", "/@ann/feed.json"] {
        assert!(page.contains(&format!("href=\"https://home.test{link}\"")), "the page leads to {link}");
    }

    let tagged = get("/tags/rocks.rss").await;
    assert!(tagged.status == 200 && tagged.text().contains("warm"), "{}", tagged.text());
    assert_eq!(get("/tags/rocks/feed.json").await.json()["items"].as_array().map(Vec::len), Some(1));
    for none in ["/@nobody.rss", "/@ann@far.test.rss", "/@nobody/feed.json"] {
        assert_eq!(get(none).await.status, 404, "{none}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_public_page_or_feed_already_is_told_so_until_it_changes() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    ann.writes("one", &[]).await;
    for path in ["/@ann", "/@ann.rss", "/"] {
        let first = home.web().get(path, &[("Accept", "text/html")]).await;
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has a tag")).to_owned();
        let again =
            home.web().get(path, &[("Accept", "text/html"), ("If-None-Match", &format!("\"x\", W/{tag}"))]).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())), "{path}");
        for header in ["vary", "cache-control", "content-security-policy"] {
            assert_eq!(again.header(header), first.header(header), "{path}: {header}");
        }
        ann.writes(&format!("then {path}"), &[]).await;
        let later = home.web().get(path, &[("Accept", "text/html"), ("If-None-Match", &tag)]).await;
        assert!(later.status == 200 && later.header("etag") != Some(&tag), "{path}: {}", later.status);
    }
}
