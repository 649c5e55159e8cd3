//! What is posted for this server alone: not a byte of it leaves.

use crate::lab::{Instance, World};
use serde_json::Value;
use std::ops::ControlFlow;
use storage::{
    Bounds, Direction,
    delivery::ACTIVITIES,
    job::{JOBS, JobKind},
};

const ACTIVITY: [(&str, &str); 1] = [("accept", "application/activity+json")];

/// Activities that are being delivered or remembered, and what is still to be made.
async fn told(home: &Instance) -> Vec<String> {
    let look = |view: &storage::View<'_>| {
        let mut told = Vec::new();
        ACTIVITIES.scan(view, &(), Bounds::NONE, Direction::Ascending, |_, activity| {
            told.push(format!("{activity:?}"));
            Ok(ControlFlow::Continue(()))
        })?;
        for (_, job) in JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000)? {
            if let JobKind::Distribute(intent) = job.kind {
                told.push(format!("{intent:?}"));
            }
        }
        Ok(told)
    };
    home.server().read(look).await.expect("read")
}

async fn document(home: &Instance, path: &str) -> Value {
    let reply = home.web().get(path, &ACTIVITY).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_it_is_told_or_shown_elsewhere() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, ada, bob) = (a.person("alice").await, a.person("ada").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    bob.follows(&ada.handle()).await;
    let only = [("local_only", "true")];
    let before = alice.posts("before", &[]).await;
    bob.sees_at_home("before").await;
    let poll = [&only[..], &[("poll[options][]", "x"), ("poll[options][]", "y"), ("poll[expires_in]", "300")]].concat();
    let near = alice.posts(&format!("near {}", bob.handle()), &poll).await;
    let answer = ada.posts(&format!("answer {} {}", alice.handle(), bob.handle()), &[("in_reply_to_id", &near)]).await;
    let refused = alice.send("PUT", &format!("/api/v1/statuses/{answer}"), &[("status", "not hers")]).await;
    assert_eq!(refused.status, 404, "{}", refused.text());
    assert_eq!(ada.send("PUT", &format!("/api/v1/statuses/{answer}"), &[("status", "changed")]).await.status, 200);
    alice.post(&format!("/api/v1/statuses/{near}/pin"), &[]).await;
    let share = ada.post(&format!("/api/v1/statuses/{near}/reblog"), &[]).await["id"].as_str().map(str::to_owned);
    let share = share.expect("an id");
    ada.post(&format!("/api/v1/polls/{near}/votes"), &[("choices[]", "0")]).await;
    let seen = {
        alice.follows(&bob.handle()).await;
        bob.posts("quote me", &[]).await;
        alice.sees_at_home("quote me").await["id"].as_str().map(str::to_owned).expect("an id")
    };
    let quote = [&only[..], &[("status", "q"), ("quoted_status_id", &seen)]].concat();
    assert_eq!(alice.send("POST", "/api/v1/statuses", &quote).await.status, 422, "{seen}");
    world.clock.advance(10 * 60_000);
    ada.is_told("poll").await;
    ada.post(&format!("/api/v1/statuses/{near}/unreblog"), &[]).await;
    assert_eq!(ada.send("DELETE", &format!("/api/v1/statuses/{answer}"), &[]).await.status, 200);

    for path in [
        format!("/users/alice/statuses/{near}"),
        format!("/users/alice/statuses/{near}/activity"),
        format!("/users/alice/statuses/{near}/replies"),
        format!("/users/alice/statuses/{near}/likes"),
        format!("/users/alice/statuses/{near}/shares"),
        format!("/users/alice/statuses/{near}/context?page=true"),
        format!("/users/ada/statuses/{answer}"),
        format!("/users/ada/statuses/{share}"),
        format!("/@alice/{near}"),
    ] {
        assert_eq!(a.web().get(&path, &ACTIVITY).await.status, 404, "{path}");
    }
    for path in ["/users/alice/outbox?page=true", "/users/ada/outbox?page=true", "/users/alice/collections/featured"] {
        // Its cursors are numbers of rows that were looked at, and say nothing of them.
        let shown = document(&a, path).await["orderedItems"].to_string();
        assert!(!shown.contains(&near) && !shown.contains(&answer) && !shown.contains(&share), "{path}: {shown}");
    }
    assert!(document(&a, "/users/alice/outbox?page=true").await.to_string().contains(&before));
    let search =
        format!("/api/v2/search?resolve=true&type=statuses&q=https%3A%2F%2Fa.test%2Fusers%2Falice%2Fstatuses%2F{near}");
    assert_eq!(bob.get(&search).await["statuses"], serde_json::json!([]));

    // An answer that says otherwise leaves, as a status that answers nothing.
    let loud = alice.posts("loud answer", &[("in_reply_to_id", &near), ("local_only", "false")]).await;
    bob.sees_at_home("loud answer").await;
    let note = document(&a, &format!("/users/alice/statuses/{loud}")).await;
    assert!(note["inReplyTo"].is_null() && !note.to_string().contains(&near), "{note}");

    assert_eq!(alice.send("DELETE", &format!("/api/v1/statuses/{near}"), &[]).await.status, 200);
    assert_eq!(
        a.web().get(&format!("/users/alice/statuses/{near}"), &ACTIVITY).await.status,
        404,
        "not even that it was"
    );
    alice.posts("after", &[]).await;
    bob.sees_at_home("after").await;
    for said in told(&a).await {
        assert!(![&near, &answer, &share].into_iter().any(|id| said.contains(id.as_str())), "{said}");
    }
    let home = bob.get("/api/v1/timelines/home?limit=40").await.to_string();
    assert!(!home.contains("near") && !home.contains("changed"), "{home}");
    let told = bob.get("/api/v1/notifications").await.to_string();
    assert!(!told.contains("near"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn markdown_travels_as_html_with_its_source() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let id = alice.posts("**bold** words", &[("content_type", "text/markdown")]).await;
    let seen = bob.sees_at_home("words").await;
    assert!(seen["content"].as_str().is_some_and(|html| html.contains("<strong>bold</strong>")), "{seen}");
    let note = document(&a, &format!("/users/alice/statuses/{id}")).await;
    assert_eq!(note["source"], serde_json::json!({ "content": "**bold** words", "mediaType": "text/markdown" }));
    let plain = alice.posts("plain", &[]).await;
    assert!(document(&a, &format!("/users/alice/statuses/{plain}")).await.get("source").is_none());
}
