//! Whether everything acknowledged is there after the restart.

use crate::{
    binary::wait_for,
    web::form,
    world::{Done, World},
};
use std::collections::{BTreeMap, BTreeSet};

/// Pages of statuses read of one account.
const PAGES: usize = 2_000;

/// Fails if a post, an activity or a delivery that was acknowledged or owed is missing.
pub(crate) fn at_everything(world: &World, done: &Done) {
    for post in &done.posts {
        let reply = world.api("GET", &format!("/api/v1/statuses/{}", post.id), &[], "");
        let reply = reply.unwrap_or_else(|| panic!("no answer about {}", post.uri));
        assert_eq!(reply.status, 200, "LOST: {} ({:?}) was acknowledged: {}", post.uri, post.text, reply.text());
        assert!(reply.json()["content"].as_str().is_some_and(|content| content.contains(&post.text)), "{}", post.uri);
    }
    // A client that got no answer asks again with the same key: one post comes of it, not two.
    for (key, text) in &done.unanswered {
        let headers = [("Idempotency-Key", key.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let ids = [(); 2].map(|()| {
            let reply = world.api("POST", "/api/v1/statuses", &headers, &form(&[("status", text)])).expect("an answer");
            assert_eq!(reply.status, 200, "asking again: {}", reply.text());
            reply.json()["id"].clone()
        });
        assert_eq!(ids[0], ids[1], "one key, one post");
    }
    if let Some(star) = star_of(world) {
        wait_for("every activity that was answered 202", || {
            let there = uris_of(world, &star);
            done.activities.iter().all(|uri| there.contains(uri)).then_some(())
        });
    }
    wait_for("every delivery that was owed", || {
        let sent: BTreeSet<String> = world.creates_sent().into_iter().map(|(_, object)| object).collect();
        done.posts.iter().all(|post| sent.contains(&post.uri)).then_some(())
    });
}

/// Fails if a text was posted twice, or one object delivered under two activity ids.
pub(crate) fn for_repeats(world: &World) {
    let mut texts = BTreeMap::new();
    for status in statuses_of(world, &world.alice) {
        *texts.entry(status["content"].as_str().unwrap_or_default().to_owned()).or_insert(0u32) += 1;
    }
    let twice: Vec<&String> = texts.iter().filter(|(_, count)| **count > 1).map(|(text, _)| text).collect();
    assert!(twice.is_empty(), "posted twice: {twice:?}");
    let mut activities: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (activity, object) in world.creates_sent() {
        activities.entry(object).or_default().insert(activity);
    }
    let many: Vec<_> = activities.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(many.is_empty(), "a repeated delivery carries the same activity id: {many:?}");
}

fn star_of(world: &World) -> Option<String> {
    let query = form(&[("q", &world.actor("star")), ("type", "accounts")]);
    let found = world.api("GET", &format!("/api/v2/search?{query}"), &[], "")?.json();
    found["accounts"][0]["id"].as_str().map(str::to_owned).or_else(|| panic!("LOST: the star is not known: {found}"))
}

fn uris_of(world: &World, account: &str) -> BTreeSet<String> {
    statuses_of(world, account).iter().filter_map(|status| status["uri"].as_str().map(str::to_owned)).collect()
}

/// All statuses of an account, newest first.
fn statuses_of(world: &World, account: &str) -> Vec<serde_json::Value> {
    let mut all: Vec<serde_json::Value> = Vec::new();
    for _ in 0..PAGES {
        let below = all.last().map(|status| format!("&max_id={}", status["id"].as_str().unwrap_or_default()));
        let path = format!("/api/v1/accounts/{account}/statuses?limit=40{}", below.unwrap_or_default());
        let reply = world.api("GET", &path, &[], "").expect("an answer");
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        match reply.json() {
            serde_json::Value::Array(page) if !page.is_empty() => all.extend(page),
            _ => return all,
        }
    }
    panic!("more than {PAGES} pages of statuses");
}
