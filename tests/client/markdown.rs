//! Texts written in Markdown (`content_type` of glitch-soc, GoToSocial and Pleroma).

use crate::{
    call::{id, stranger},
    lab::{Person, World, text_of},
};
use serde_json::{Value, json};

const MARKDOWN: (&str, &str) = ("content_type", "text/markdown");

impl Person<'_> {
    async fn marks_down(&self, text: &str) -> Value {
        self.writes(text, &[MARKDOWN]).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markdown_becomes_html_with_mentions_tags_and_links_as_in_plain_text() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben_x_y").await);
    let status = ann
        .marks_down("**Hi** @ben_x_y, `@ann` and #Tea_Time:\n- https://far.test/a_b_c\n- [x](https://far.test/d)")
        .await;
    let content = text_of(&status, "content");
    for part in [
        "<strong>Hi</strong>",
        "href=\"https://home.test/@ben_x_y\"",
        "<code>@ann</code>",
        "href=\"https://home.test/tags/tea%5Ftime\"",
        "<li><a href=\"https://far.test/a_b_c\"",
        "<a href=\"https://far.test/d\"",
    ] {
        assert!(content.contains(part), "{part} in {content}");
    }
    assert_eq!(status["mentions"].as_array().map(Vec::len), Some(1), "{status}");
    assert_eq!(status["tags"][0]["name"], "tea_time");
    assert_eq!(id(&ben.is_told("mention").await["status"]), id(&status));
    let hostile = ann.marks_down("<img src=x onerror=alert(1)> [a](javascript:alert(1)) <b>b</b>").await;
    let content = text_of(&hostile, "content");
    assert!(!content.contains("<img") && !content.contains("\"javascript") && !content.contains("<b>"), "{content}");
    let plain = ann.writes("**plain**", &[]).await;
    assert_eq!(plain["content"], "<p>**plain**</p>");
    assert_eq!(ann.writes("**plain**", &[("content_type", "text/plain")]).await["content"], plain["content"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_source_says_how_it_was_written_and_edits_keep_that() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let path = format!("/api/v1/statuses/{}", id(&ann.marks_down("*one*").await));
    let source = ann.asks("GET", &format!("{path}/source"), &[]).await;
    assert_eq!((&source["text"], &source["content_type"]), (&json!("*one*"), &json!("text/markdown")));
    world.clock.advance(1_000);
    let edited = ann.asks("PUT", &path, &[("status", "*two*")]).await;
    assert!(text_of(&edited, "content").contains("<em>two</em>"), "{edited}");
    world.clock.advance(1_000);
    let plain = ann.asks("PUT", &path, &[("status", "*two*"), ("content_type", "text/plain")]).await;
    assert_eq!((&plain["content"], plain["edited_at"] == edited["edited_at"]), (&json!("<p>*two*</p>"), false));
    assert_eq!(ann.asks("GET", &format!("{path}/source"), &[]).await["content_type"], "text/plain");
    let history = ann.asks("GET", &format!("{path}/history"), &[]).await;
    assert!(text_of(&history[0], "content").contains("<em>one</em>"), "{history}");
    for refused in ["text/html", "text/bbcode", "markdown"] {
        let fields = [("status", "x"), ("content_type", refused)];
        assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &fields).await, 422, "{refused}");
        assert_eq!(ann.is_refused("PUT", &path, &fields).await, 422, "{refused}");
    }
    let gone = ann.asks("DELETE", &path, &[]).await;
    assert_eq!((&gone["text"], &gone["content_type"]), (&json!("*two*"), &json!("text/plain")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_instance_says_what_it_takes() {
    let home = World::new().instance("home.test").await;
    let statuses = stranger(&home, "/api/v2/instance").await["configuration"]["statuses"].clone();
    let types = json!(["text/plain", "text/markdown"]);
    assert_eq!((&statuses["supported_mime_types"], &statuses["max_characters"]), (&types, &json!(5_000)));
    let first = stranger(&home, "/api/v1/instance").await;
    assert_eq!(first["configuration"]["statuses"]["supported_mime_types"], types);
    assert_eq!(first["max_toot_chars"], 5_000);
}
