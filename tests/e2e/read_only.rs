//! A store that takes nothing any more, one that may not, one that cannot be read, and one whose log cannot be
//! shortened, from outside: what is said of it, what goes on and what is refused.

use crate::{
    certificates::Authority,
    instance::{Instance, START, until, within},
    room::words,
    scene::{Scene, note},
    web::Reply,
};
use dassie::config::{Backups, Config};
use serde_json::{Value, json};
use std::{cell::Cell, io::ErrorKind, sync::Arc, time::Duration};
use storage::{
    backup::Claim,
    log::writer::SegmentSizes,
    store::Sizes,
    vfs::{Fault, FaultOn, SimulatedDisk},
};

const VIC: &str = "https://author.test/users/vic";

fn disk() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    disk
}

/// From now on these fail wherever a file is called so, until the disk is healed.
fn refuse(disk: &SimulatedDisk, name: &str, these: &[FaultOn], kind: ErrorKind) {
    for on in these {
        disk.inject(Fault { name: name.to_owned(), on: *on, after: 0, times: usize::MAX, kind });
    }
}

/// The client API refused for now and says so in JSON.
fn is_refused(what: &str, reply: &Reply) {
    assert_eq!(reply.status, 503, "{what}: {}", reply.text());
    let later = reply.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    assert!(later.is_some_and(|seconds| seconds > 0), "{what}: {:?}", reply.headers);
    assert!(reply.json()["error"].as_str().is_some_and(|why| !why.is_empty()), "{what}: {}", reply.text());
}

/// A Create of vic's.
fn says(number: u64) -> Value {
    let id = format!("https://author.test/notes/{number}");
    json!({"id": format!("{id}#create"), "type": "Create", "object": note(&id, VIC, json!({}))})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_read_only_says_so_answers_readers_and_refuses_writers_and_peers() {
    let (authority, disk) = (Authority::new(), disk());
    let instance = Instance::start_on("local.test", &authority.pem(), Arc::new(disk.clone())).await;
    let scene = Scene::around(instance, &authority, &["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    // Their key is known from now on.
    scene.sends(VIC, says(1)).await;
    scene.is_quiet().await;
    let (alice, instance) = (&scene.alice, &scene.instance);
    let posted = alice.post("/api/v1/statuses", &[("status", "before")]).await;
    assert_eq!(posted.status, 200, "{}", posted.text());
    let status = format!("/api/v1/statuses/{}", posted.json()["id"].as_str().expect("an id"));
    let posts_of_alice = format!("/api/v1/accounts/{}/statuses", alice.id);
    refuse(&disk, ".seg", &[FaultOn::Write, FaultOn::Sync], ErrorKind::Other);
    is_refused("the first", &alice.post("/api/v1/statuses", &[("status", "lost")]).await);
    assert!(instance.running.server.store().is_read_only());
    // A disk that is well again makes no difference: what it did with the last write is not known.
    for healed in [false, true] {
        if healed {
            disk.heal();
        }
        let reply = instance.get("/healthz").await;
        let state = reply.json();
        assert_eq!((reply.status, &state["verdict"]), (200, &json!("degraded")), "{state}");
        assert_eq!(state["disk"]["state"], "read-only", "{state}");
        let problem = state["problems"][0].as_str().expect("a sentence");
        assert!(problem.starts_with("nothing can be written until a restart: "), "{problem}");
        let ready = instance.get("/readyz").await;
        assert_eq!((ready.status, ready.text().as_str()), (200, "ready"), "reading works");
        for path in ["/api/v1/timelines/home", posts_of_alice.as_str(), status.as_str()] {
            let read = alice.get(path).await;
            assert_eq!(read.status, 200, "{path}: {}", read.text());
        }
        let posts = alice.get(&posts_of_alice).await.text();
        assert!(posts.contains("before") && !posts.contains("lost"), "{posts}");
        for path in ["/api/v1/statuses".to_owned(), format!("{status}/favourite"), format!("{status}/bookmark")] {
            is_refused(&path, &alice.post(&path, &[("status", "lost")]).await);
        }
        is_refused("delete", &alice.send("DELETE", &status, &[], b"").await);
        let refused = scene.posts(VIC, says(2)).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")), "{}", refused.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_place_another_has_taken_says_so_and_refuses_writers_and_peers() {
    let (authority, place) = (Authority::new(), tempfile::tempdir().expect("a directory"));
    let to = Some(place.path().to_string_lossy().into_owned());
    let backed_up = |config: &mut Config| config.backups = Backups { to, verify_every_ms: None, ..Backups::default() };
    let instance = Instance::start_changed("local.test", &authority.pem(), START, backed_up).await;
    let scene = Scene::around(instance, &authority, &["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    scene.sends(VIC, says(1)).await;
    scene.is_quiet().await;
    let (alice, instance) = (&scene.alice, &scene.instance);
    assert_eq!(alice.post("/api/v1/statuses", &[("status", "before")]).await.status, 200);
    let seen = instance.running.server.fence().with(|tenure| tenure.sees(&[Claim { epoch: 2, holder: 9 }]));
    assert_eq!(seen, Some(false), "it is beaten");
    let reply = instance.get("/healthz").await;
    let state = reply.json();
    assert_eq!((reply.status, &state["verdict"]), (200, &json!("degraded")), "{state}");
    let problem = state["problems"][0].as_str().expect("a sentence");
    assert!(problem.starts_with("nothing is written or delivered: another machine has taken over ("), "{problem}");
    assert_eq!(instance.get("/readyz").await.status, 200, "reading works");
    assert_eq!(alice.get("/api/v1/timelines/home").await.status, 200);
    is_refused("a post", &alice.post("/api/v1/statuses", &[("status", "lost")]).await);
    let refused = scene.posts(VIC, says(2)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_read_is_down_until_it_can() {
    let disk = disk();
    let sizes = Sizes {
        apply_gather: Duration::from_millis(1),
        checkpoint_interval: Duration::from_millis(20),
        ..Sizes::default()
    };
    let instance = Instance::start_sized("down.test", Arc::new(disk.clone()), sizes).await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    assert_eq!(alice.post("/api/v1/statuses", &[("status", "before")]).await.status, 200);
    for path in ["/healthz", "/readyz", "/health"] {
        assert_eq!(instance.get(path).await.status, 200, "{path}");
    }
    refuse(&disk, "engine.redb", &[FaultOn::Read, FaultOn::Write, FaultOn::Sync], ErrorKind::StorageFull);
    // What gets as far as the log is kept: the engine fails once it is to have it.
    let meanwhile = alice.post("/api/v1/statuses", &[("status", "meanwhile")]).await;
    assert!([200, 503].contains(&meanwhile.status), "{}", meanwhile.text());
    until(|| async { (!server.store().state().engine_open).then_some(()) }).await.expect("the engine is closed");
    let reply = instance.get("/healthz").await;
    let state = reply.json();
    assert_eq!((reply.status, &state["verdict"]), (503, &json!("down")), "{state}");
    let problems = &state["problems"];
    assert_eq!(problems[0], "the store cannot be read; requests are refused until it can (see the log)", "{problems}");
    assert!(problems.to_string().contains("the engine is being reopened; reads are refused meanwhile"), "{problems}");
    for path in ["/readyz", "/health"] {
        let reply = instance.get(path).await;
        assert_eq!(reply.status, 503, "{path}: {}", reply.text());
    }
    is_refused("home", &alice.get("/api/v1/timelines/home").await);
    disk.heal();
    // The longer it lasted the longer it is waited before it is tried again.
    let ready = || async { (instance.get("/readyz").await.status == 200).then_some(()) };
    within(Duration::from_secs(30), ready).await.expect("it comes back by itself");
    let reply = instance.get("/healthz").await;
    assert!(reply.status == 200 && reply.json()["verdict"] != "down", "{}", reply.text());
    assert_eq!(alice.get("/api/v1/timelines/home").await.status, 200);
    let posts = alice.get(&format!("/api/v1/accounts/{}/statuses", alice.id)).await;
    assert!(posts.status == 200 && posts.text().contains("before"), "{}", posts.text());
    assert!(meanwhile.status != 200 || posts.text().contains("meanwhile"), "it was acknowledged: {}", posts.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_base_snapshot_that_fails_is_told_until_one_is_made() {
    let disk = disk();
    let sizes = Sizes {
        segments: SegmentSizes { first: 64 * 1024, other: 64 * 1024 },
        base_log_bytes: 1,
        log_bytes_max: 256 * 1024,
        base_retry: Duration::from_millis(20),
        background_delay: Duration::from_millis(1),
        ..Sizes::default()
    };
    refuse(&disk, "base/unfinished", &[FaultOn::Write], ErrorKind::Other);
    let instance = Instance::start_sized("base.test", Arc::new(disk.clone()), sizes).await;
    let (alice, number) = (instance.user("alice").await, Cell::new(0));
    // Whether that is a problem now, after one more post that hardly packs.
    let is_told = || async {
        number.set(number.get() + 1);
        let text = words(number.get(), 120, u64::MAX);
        assert_eq!(alice.post("/api/v1/statuses", &[("status", &text)]).await.status, 200);
        let reply = instance.get("/healthz").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let problems = reply.json()["problems"].to_string();
        problems.contains("the log cannot be shortened, because a base snapshot failed: ")
    };
    within(Duration::from_secs(30), || async { is_told().await.then_some(()) }).await.expect("it is told");
    disk.heal();
    within(Duration::from_secs(30), || async { (!is_told().await).then_some(()) }).await.expect("one was made");
}
