//! The drill of the origin story: a disk turns slow or hangs, and the server names it, steps aside and recovers.

use crate::{
    instance::{Instance, User, until},
    room::{arrive, from_afar, missing, somebody},
    web::{Reply, form},
};
use dassie::{
    backup::{By, Ended, Job, Wanted},
    http::session,
    limits,
};
use http::HeaderMap;
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};
use storage::{
    AccountId, JobId,
    backup::{Claim, Tenure},
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
        let look = || async {
            let reply = self.instance.get("/healthz").await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            let state = reply.json();
            // What waited for the engine as the stopwatch was moved seems to have waited for as long.
            (state["engine"]["behind_ms"].as_u64() < Some(1_000)).then_some(state)
        };
        until(look).await.expect("the engine keeps up")
    }

    /// Lets seconds pass until the disk is well again.
    async fn recover(&mut self) {
        let mut seconds = 0;
        while self.second().await["disk"]["state"] != "ok" {
            seconds += 1;
            assert!(seconds < 60, "it recovers by itself");
        }
    }

    /// Has alice post while the log hangs, until the disk is known to stall; her post is answered once it is let go.
    async fn stall(&mut self) -> (Hold, JoinSet<Reply>) {
        let hold = Hold::of(&self.disk);
        let (alice, mut posting) = (self.alice.clone(), JoinSet::new());
        posting.spawn(async move { alice.post("/api/v1/statuses", &[("status", "patience")]).await });
        let server = self.instance.running.server.clone();
        until(|| async { server.store().disk().syncing_for }).await.expect("the sync has begun");
        for _ in 0..6 {
            self.second().await;
        }
        assert_eq!(self.health().await["disk"]["state"], "stalled");
        (hold, posting)
    }

    /// The cookie of a browser in which alice is signed in.
    async fn sign_in(&self) -> String {
        let account: AccountId = self.alice.id.parse().expect("a number");
        let begun = session::begin(&self.instance.running.server, account, &HeaderMap::new()).await;
        let cookie = begun.expect("signed in");
        cookie.to_str().expect("plain text").split(';').next().expect("it has a value").to_owned()
    }

    /// A page as that browser sees it.
    async fn page(&self, cookie: &str, path: &str) -> Reply {
        let headers = [("Host", self.instance.host.as_str()), ("Cookie", cookie), ("Accept", "text/html")];
        self.instance.web.get(path, &headers).await
    }

    /// Sends the form in which posts are written.
    async fn compose(&self, cookie: &str, fields: &[(&str, &str)]) -> Reply {
        let headers = [
            ("Host", self.instance.host.as_str()),
            ("Cookie", cookie),
            ("Accept", "text/html"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        self.instance.web.send("POST", "/compose", &headers, form(fields).as_bytes()).await
    }

    /// The answer to the head of an activity whose body never comes.
    async fn inbox_without_body(&self) -> Reply {
        let host = &self.instance.host;
        let head = format!(
            "POST /inbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/activity+json\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        crate::web::parse(&self.instance.web.raw(head.as_bytes()).await).expect("an answer")
    }
}

/// Syncs of the log that hang until they are let go.
struct Hold(Arc<(Mutex<bool>, Condvar)>);

impl Hold {
    fn of(disk: &SimulatedDisk) -> Self {
        let held = Arc::new((Mutex::new(true), Condvar::new()));
        let of_hook = held.clone();
        disk.on_sync(Arc::new(move |path: &Path| {
            let (held, changed) = &*of_hook;
            let mut held = held.lock().expect("plain");
            while *held && is_log(path) {
                held = changed.wait(held).expect("plain");
            }
        }));
        Hold(held)
    }

    fn let_go(&self) {
        *self.0.0.lock().expect("plain") = false;
        self.0.1.notify_all();
    }
}

// A test that fails meanwhile would never end.
impl Drop for Hold {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// Syncs of the log that take long on the disk's own stopwatch.
pub(crate) struct Slow {
    disk: SimulatedDisk,
    began: Duration,
    now: Arc<Mutex<Duration>>,
    by: Arc<Mutex<Duration>>,
}

impl Slow {
    /// From now on each takes `by`.
    fn begin(scene: &Scene, by: Duration) -> Self {
        Self::on(&scene.disk, scene.up, by)
    }

    /// The same on a disk whose stopwatch shows `up`.
    pub(crate) fn on(disk: &SimulatedDisk, up: Duration, by: Duration) -> Self {
        let (now, by) = (Arc::new(Mutex::new(up)), Arc::new(Mutex::new(by)));
        let (of_hook, clock, takes) = (disk.clone(), now.clone(), by.clone());
        disk.on_sync(Arc::new(move |path: &Path| {
            if is_log(path) {
                let mut now = clock.lock().expect("plain");
                *now += *takes.lock().expect("plain");
                of_hook.set_elapsed(*now);
            }
        }));
        Slow { disk: disk.clone(), began: up, now, by }
    }

    /// Lets time pass beside; answers how much has since it began.
    pub(crate) fn pass(&self, time: Duration) -> Duration {
        let mut now = self.now.lock().expect("plain");
        *now += time;
        self.disk.set_elapsed(*now);
        *now - self.began
    }

    /// None takes any time.
    pub(crate) fn ends(&self) {
        *self.by.lock().expect("plain") = Duration::ZERO;
    }

    /// Has alice post every second until the disk is called slow, within a minute; the state then.
    async fn named(&self, scene: &Scene) -> Value {
        loop {
            assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "slow")]).await.status, 200);
            let since = self.pass(Duration::from_secs(1));
            let state = scene.health().await;
            if state["disk"]["state"] == "slow" {
                return state;
            }
            assert!(since < Duration::from_secs(60), "named within a minute: {state}");
        }
    }
}

/// The value of a hidden field of a page's form.
fn hidden(page: &Reply, name: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("name=\"{name}\" value=\"")).expect("it has the field");
    rest.split('"').next().expect("it ends").to_owned()
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
    let hold = Hold::of(&scene.disk);
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
    hold.let_go();
    assert_eq!(posting.join_next().await.expect("one").expect("answered").status, 200);
    scene.recover().await;
    assert_eq!(scene.health().await["problems"], Value::Array(Vec::new()));
    assert_eq!(scene.inbox_without_body().await.status, 401);
    assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "on we go")]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_hangs_pages_are_read_and_the_composer_keeps_the_words() {
    let mut scene = scene("pages.test").await;
    let cookie = scene.sign_in().await;
    let written = scene.page(&cookie, "/compose").await;
    assert!(written.status == 200 && !written.text().contains("Posting waits."), "{}", written.text());
    let (token, key) = (hidden(&written, "authenticity_token"), hidden(&written, "key"));
    let fields = |what: &'static str| {
        [("authenticity_token", token.as_str()), ("key", key.as_str()), ("do", what), ("status", "Words that wait.")]
    };
    scene.instance.user("bob").await;
    assert_eq!(scene.instance.get("/@bob").await.status, 200);
    let (hold, mut posting) = scene.stall().await;
    for path in ["/home", "/@alice", "/notifications", "/compose"] {
        let page = scene.page(&cookie, path).await;
        let text = page.text();
        assert!(page.status == 200 && text.contains("Posting waits."), "{path}: {} {text}", page.status);
        assert!(text.contains("Reading and searching work"), "{path}: {text}");
    }
    let of_guest = scene.instance.get("/@alice").await;
    assert!(of_guest.status == 200 && !of_guest.text().contains("Posting waits."), "{}", of_guest.text());
    for what in ["post", "draft", "post"] {
        let refused = scene.compose(&cookie, &fields(what)).await;
        let text = refused.text();
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("30")), "{what}: {text}");
        assert!(text.contains("Words that wait.</textarea>"), "{what}: {text}");
        assert!(
            text.contains("cannot store posts right now") && text.contains("Please try again in"),
            "{what}: {text}"
        );
        assert_eq!(hidden(&refused, "key"), key, "{what}: it is still the same post");
    }
    // Where guests crowd, those beyond a few get what is kept, and whoever is signed in everything.
    let server = scene.instance.running.server.clone();
    let guests: Vec<_> = (0..limits::GUESTS_WHILE_STALLED).map(|_| server.pages().guest()).collect();
    assert_eq!(scene.instance.get("/@bob").await.status, 200, "it was drawn before");
    let refused = scene.instance.get("/@alice/with_replies").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("30")), "{}", refused.text());
    assert_eq!(scene.page(&cookie, "/@alice/with_replies").await.status, 200);
    drop(guests);
    assert_eq!(scene.instance.get("/@alice/with_replies").await.status, 200);
    hold.let_go();
    assert_eq!(posting.join_next().await.expect("one").expect("answered").status, 200);
    scene.recover().await;
    assert!(!scene.page(&cookie, "/home").await.text().contains("Posting waits."));
    let sent = scene.compose(&cookie, &fields("post")).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = scene.page(&cookie, sent.header("location").expect("it leads to the post")).await;
    assert!(page.text().contains("Words that wait."), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk_is_named_within_a_minute_and_recovers() {
    let mut scene = scene("slow.test").await;
    for number in 0..5 {
        let text = format!("fast {number}");
        assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", &text)]).await.status, 200);
        assert_eq!(scene.second().await["disk"]["state"], "ok");
    }
    let slow = Slow::begin(&scene, Duration::from_millis(400));
    let named = slow.named(&scene).await;
    let problem = named["problems"][0].as_str().expect("a sentence");
    assert!(problem.starts_with("making data safe takes "), "{problem}");
    assert!(
        problem.contains("on the disk under the data directory (") && problem.contains("since 12:00 UTC"),
        "{problem}"
    );
    assert_eq!(named["verdict"], "degraded");
    assert!(named["disk"]["syncs"]["p50_us"].as_u64().is_some_and(|us| us >= 400_000), "{named}");
    let fetching = fetching_waits(&scene).await;
    slow.ends();
    for _ in 0..150 {
        assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", "fast")]).await.status, 200);
        slow.pass(Duration::from_secs(1));
        if scene.health().await["disk"]["state"] == "ok" {
            scene.instance.clock.advance(31_000);
            let gone = until(|| async { (!is_there(&scene, fetching).await).then_some(()) }).await;
            return gone.expect("fetching goes on");
        }
    }
    panic!("it recovers by itself: {}", scene.health().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn syncs_of_30_ms_are_named_on_a_server_that_has_known_its_fast_disk_for_minutes() {
    let mut scene = scene("fresh.test").await;
    // Second by second: a sync that happens to be under way when the stopwatch is set lasts no longer than that.
    for second in 0..420 {
        for text in ["fast", "and again"].into_iter().filter(|_| second % 12 == 0) {
            assert_eq!(scene.alice.post("/api/v1/statuses", &[("status", text)]).await.status, 200);
        }
        assert_eq!(scene.second().await["disk"]["state"], "ok");
    }
    let known = scene.health().await["disk"]["normal_sync_us"].clone();
    assert!(known.as_u64().is_some_and(|us| us < 1_000), "{known}");
    let named = Slow::begin(&scene, Duration::from_millis(30)).named(&scene).await;
    assert_eq!(named["disk"]["cause"], "syncs");
    let problem = named["problems"][0].as_str().expect("a sentence");
    assert!(problem.starts_with("making data safe takes 3"), "{problem}");
    fetching_waits(&scene).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk_goes_on_making_room_where_something_has_to_go() {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let mut up = Duration::from_secs(1_000);
    disk.set_elapsed(up);
    disk.set_total_space(Some(100_000_000_000));
    disk.set_free_space(Some(60_000_000_000));
    let instance = Instance::start_on_within("full-and-slow.test", Arc::new(disk.clone()), 64_000_000).await;
    let (alice, server) = (instance.user("alice").await, instance.running.server.clone());
    let (stranger, now) = (somebody(&server, "stranger").await, server.now());
    let passing = arrive(&server, (0..20).map(|n| from_afar(stranger, n, "passing", now)).collect()).await;
    // Together, or the clock would be taken for one that jumped.
    for _ in 0..4 {
        up += Duration::from_secs(30 * 60);
        disk.set_elapsed(up);
        instance.clock.advance(30 * 60 * 1_000);
    }
    let scene = Scene { instance, alice, disk, up };
    let slow = Slow::begin(&scene, Duration::from_millis(400));
    slow.named(&scene).await;
    let media = scene.instance.data_dir().join("media");
    std::fs::create_dir_all(&media).expect("made");
    std::fs::write(media.join("large"), vec![7; 55_000_000]).expect("written");
    let gone = until(|| async {
        scene.instance.clock.advance(10_001);
        (missing(&server, &passing).await == passing).then_some(())
    });
    gone.await.expect("room is made");
    assert_eq!(scene.health().await["disk"]["state"], "slow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_way_ends_with_the_right_to_serve() {
    let mut scene = scene("fenced.test").await;
    let (server, place) = (scene.instance.running.server.clone(), tempfile::tempdir().expect("a directory"));
    let (hold, mut posting) = scene.stall().await;
    let place_text = place.path().to_string_lossy().into_owned();
    let wanted = Wanted { job: Job::Backup, place: place_text, by: By::Person };
    server.backup().begin(&server, wanted).expect("begun: nobody has taken over yet");
    server.fence().set(Tenure::new(Claim { epoch: 1, holder: 1 }, false));
    server.fence().with(|tenure| tenure.sees(&[Claim { epoch: 2, holder: 9 }]));
    hold.let_go();
    let posted = posting.join_next().await.expect("one").expect("answered");
    assert_eq!(posted.status, 503, "what was durable too late is not acknowledged: {}", posted.text());
    let ended = until(|| async { server.backup().work().and_then(|work| work.ended) }).await.expect("it ends");
    assert!(matches!(&ended, Ended::Failed(why) if why.contains("another machine has taken over")), "{ended:?}");
    let points = std::fs::read_dir(place.path().join("point")).map_or(0, Iterator::count);
    assert_eq!(points, 0, "nothing that would be taken for the newest");
}
