//! The load of one round: people post and a peer sends, until the server is killed in the middle of it.

use crate::{
    binary::Running,
    web::form,
    world::{AS, Done, Post, World},
};
use serde_json::json;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Threads that post.
const POSTING: u32 = 3;
/// Threads that send activities.
const SENDING: u32 = 2;

/// The moment of a kill as the input of a test, not a wait for something.
pub(crate) fn pass(time: Duration) {
    let moment = Instant::now() + time;
    // A park may end early.
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
    }
}

/// Loads the server, kills it when `wait` is over, and says what it had acknowledged.
pub(crate) fn until_killed(world: &World, round: u32, running: Running, wait: impl FnOnce()) -> Done {
    let dead = AtomicBool::new(false);
    let mut done = Done::default();
    thread::scope(|scope| {
        let posting: Vec<_> = (0..POSTING)
            .map(|thread| {
                scope.spawn({
                    let dead = &dead;
                    move || post(world, round, thread, dead)
                })
            })
            .collect();
        let sending: Vec<_> = (0..SENDING)
            .map(|thread| {
                scope.spawn({
                    let dead = &dead;
                    move || send(world, round, thread, dead)
                })
            })
            .collect();
        wait();
        running.kill();
        dead.store(true, Ordering::SeqCst);
        for thread in posting {
            let (posts, unanswered) = thread.join().expect("it ends");
            done.posts.extend(posts);
            done.unanswered.extend(unanswered);
        }
        for thread in sending {
            done.activities.extend(thread.join().expect("it ends"));
        }
    });
    done
}

fn post(world: &World, round: u32, thread: u32, dead: &AtomicBool) -> (Vec<Post>, Option<(String, String)>) {
    let mut posts = Vec::new();
    for number in 0.. {
        let text = format!("round {round} thread {thread} number {number}");
        let key = format!("{round}-{thread}-{number}");
        let body = form(&[("status", &text)]);
        let headers = [("Idempotency-Key", key.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        match world.api("POST", "/api/v1/statuses", &headers, &body) {
            Some(reply) if reply.status == 200 => {
                let status = reply.json();
                let field = |name: &str| status[name].as_str().unwrap_or_default().to_owned();
                posts.push(Post { id: field("id"), uri: field("uri"), text });
            }
            Some(reply) => {
                assert!(dead.load(Ordering::SeqCst), "a post was answered {}: {}", reply.status, reply.text());
            }
            None => return (posts, Some((key, text))),
        }
    }
    (posts, None)
}

fn send(world: &World, round: u32, thread: u32, dead: &AtomicBool) -> Vec<String> {
    let star = world.actor("star");
    let mut taken = Vec::new();
    for number in 0.. {
        let uri = format!("{star}/notes/{round}-{thread}-{number}");
        let note = json!({"id": uri, "type": "Note", "attributedTo": star, "to": [format!("{AS}#Public")],
            "cc": [format!("{star}/followers")], "content": format!("<p>note {round} {thread} {number}</p>"),
            "published": format!("2026-01-{:02}T{thread:02}:{:02}:{:02}Z", 1 + round % 28, number / 60 % 60, number % 60)});
        let create = json!({"@context": AS, "id": format!("{uri}/activity"), "type": "Create", "actor": star,
            "to": note["to"], "cc": note["cc"], "object": note});
        match world.deliver("star", &create) {
            Some(reply) if reply.status == 202 => taken.push(uri),
            Some(reply) if matches!(reply.status, 429 | 503) => thread::park_timeout(Duration::from_millis(5)),
            Some(reply) => {
                assert!(dead.load(Ordering::SeqCst), "a Create was answered {}: {}", reply.status, reply.text());
            }
            None => return taken,
        }
    }
    taken
}
