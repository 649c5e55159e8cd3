//! The drill of the origin story: a disk turns slow or hangs, and the server names it, steps aside and recovers.

use crate::instance::{Instance, User, until};
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};
use storage::{
    AccountId, JobId,
    job::{self, JobKind},
    vfs::SimulatedDisk,
};
use tokio::task::JoinSet;

struct Scene {
    instance: Instance,
    alice: User,
    disk: SimulatedDisk,
    up: Duration,
}

async fn scene(host: &str) -> Scene {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let up = Duration::from_secs(1_000);
    disk.set_elapsed(up);
    let instance = Instance::start_on(host, "", Arc::new(disk.clone())).await;
    let alice = instance.user("alice").await;
    Scene { instance, alice, disk, up }
}

impl Scene {
    /// Lets a second pass on the disk's stopwatch, and asks how the server is.
    async fn second(&mut self) -> Value {
        self.up += Duration::from_secs(1);
        self.disk.set_elapsed(self.up);
        self.health().await
    }

    async fn health(&self) -> Value {
        let reply = self.instance.get("/healthz").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// The answer to the head of an activity whose body never comes.
    async fn inbox_without_body(&self) -> crate::web::Reply {
        let host = &self.instance.host;
        let head = format!(
            "POST /inbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/activity+json\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        crate::web::parse(&self.instance.web.raw(head.as_bytes()).await).expect("an answer")
    }
}

async fn is_there(scene: &Scene, job: JobId) -> bool {
    scene.instance.running.server.read(move |view| Ok(job::JOBS.get(view, &job)?.is_some())).await.expect("read")
}

/// While the disk is slow a job that tidies up runs, and one that would fetch waits; answers the latter.
async fn fetching_waits(scene: &Scene) -> JobId {
    let server = &scene.instance.running.server;
    let account: AccountId = scene.alice.id.parse().expect("a number");
    let enqueue = |kind: JobKind| server.write(move |tx| Ok(job::enqueue(tx, kind.clone())));
    let fetching = enqueue(JobKind::RefreshAccount { account }).await.expect("stored");
    let looking = enqueue(JobKind::FetchProfile { account }).await.expect("stored");
    let tidying = enqueue(JobKind::AuthorizeFollowRequests { account }).await.expect("stored");
    until(|| async { (!is_there(scene, tidying).await).then_some(()) }).await.expect("it ran");
    for waits in [fetching, looking] {
        assert!(is_there(scene, waits).await, "fetching steps aside");
    }
    fetching
}

fn is_log(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "seg")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_disk_is_named_while_it_hangs_and_everything_recovers() {
    let mut scene = scene("hang.test").await;
    let (held, changed) = (Arc::new(Mutex::new(true)), Arc::new(Condvar::new()));
    let (of_hook, wake) = (held.clone(), changed.clone());
    scene.disk.on_sync(Arc::new(move |path: &Path| {
        let mut held = of_hook.lock().expect("plain");
        while *held && is_log(path) {
            held = wake.wait(held).expect("plain");
        }
    }));
    let alice = scene.alice.clone();
    let mut posting = JoinSet::new();
    posting.spawn(async move { alice.post("/api/v1/statuses", &[("status", "patience")]).await });
    let server = scene.instance.running.server.clone();
    until(|| async { server.store().disk().syncing_for }).await.expect("the sync has begun");
    assert_eq!(scene.health().await["disk"]["state"], "ok");
    assert_eq!(scene.inbox_without_body().await.status, 401, "unsigned, and looked at");
    for _ in 0..6 {
        scene.second().await;
    }
    let state = scene.health().await;
    assert_eq!((&state["disk"]["state"], &state["verdict"]), (&Value::from("stalled"), &Value::from("degraded")));
    assert_eq!(state["disk"]["syncing_for_us"], 6_000_000);
    let problem = state["problems"][0].as_str().expect("a sentence").to_owned();
    assert!(problem.contains("has been making data safe for 6.0 s without an end"), "{problem}");
    let refused = scene.inbox_without_body().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
    for path in ["/api/v1/timelines/home", "/api/v1/accounts/verify_credentials"] {
        assert_eq!(scene.alice.get(path).await.status, 200, "{path}: reading goes on");
    }
    assert_eq!(scene.instance.get("/@alice").await.status, 200, "reading goes on");
    assert!(posting.try_join_next().is_none(), "nothing is acknowledged before it is safe");
    *held.lock().expect("plain") = false;
    changed.notify_all();
    assert_eq!(posting.join_next().await.expect("one").expect("answered").status, 200);
    let mut seconds = 0;
    while scene.second().await["disk"]["state"] != "ok" {
        seconds += 1;
        assert!(seconds < 60, "it recovers by itself");
    }
    assert_eq!(scene.health().await["problems"], Value::Array(Vec::new()));
    assert_eq!(scene.inbox_without_body().await.status, 401);
    assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "on we go")]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk_is_named_within_a_minute_and_recovers() {
    let mut scene = scene("slow.test").await;
    for number in 0..5 {
        let text = format!("fast {number}");
        assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", &text)]).await.status, 200);
        assert_eq!(scene.second().await["disk"]["state"], "ok");
    }
    // From now on each sync of the log takes 400 ms on the disk's own stopwatch.
    let (of_hook, late) = (scene.disk.clone(), Arc::new(Mutex::new(scene.up)));
    let slow = Arc::new(Mutex::new(Duration::from_millis(400)));
    let (clock, by) = (late.clone(), slow.clone());
    scene.disk.on_sync(Arc::new(move |path: &Path| {
        if is_log(path) {
            let mut now = clock.lock().expect("plain");
            *now += *by.lock().expect("plain");
            of_hook.set_elapsed(*now);
        }
    }));
    let began = scene.up;
    let named = loop {
        assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "slow")]).await.status, 200);
        let now = {
            let mut now = late.lock().expect("plain");
            *now += Duration::from_secs(1);
            scene.disk.set_elapsed(*now);
            *now
        };
        let state = scene.health().await;
        if state["disk"]["state"] == "slow" {
            break state;
        }
        assert!(now - began < Duration::from_secs(60), "named within a minute: {state}");
    };
    let problem = named["problems"][0].as_str().expect("a sentence");
    assert!(problem.starts_with("making data safe takes "), "{problem}");
    assert!(
        problem.contains("on the disk under the data directory (") && problem.contains("since 12:00 UTC"),
        "{problem}"
    );
    assert_eq!(named["verdict"], "degraded");
    assert!(named["disk"]["syncs"]["p50_us"].as_u64().is_some_and(|us| us >= 400_000), "{named}");
    let fetching = fetching_waits(&scene).await;
    *slow.lock().expect("plain") = Duration::ZERO;
    for _ in 0..150 {
        assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "fast")]).await.status, 200);
        let now = {
            let mut now = late.lock().expect("plain");
            *now += Duration::from_secs(1);
            *now
        };
        scene.disk.set_elapsed(now);
        if scene.health().await["disk"]["state"] == "ok" {
            scene.instance.clock.advance(31_000);
            let gone = until(|| async { (!is_there(&scene, fetching).await).then_some(()) }).await;
            return gone.expect("fetching goes on");
        }
    }
    panic!("it recovers by itself: {}", scene.health().await);
}
