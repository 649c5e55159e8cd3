//! What would be nice to have of other servers steps aside while the disk is slow or room is short, and comes later:
//! pictures, threads, profiles and previews of links (DESIGN §8). And what still works where the budget is used up.

use crate::{
    certificates::Authority,
    instance::{Instance, until},
    made::png,
    peer::Answer,
    room::{self, BUDGET, GB, UP, roomy},
    scene::{CONTEXT, Scene},
    slow_disk::Slow,
};
use dassie::{
    limits,
    media::{Addresses, Variant},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use storage::{
    AccountId, Bounds, Direction,
    job::{self, JobKind},
    vfs::SimulatedDisk,
};

const VIC: &str = "https://author.test/users/vic";
const NOTE: &str = "https://author.test/notes/root";
/// What only somebody who wishes to see more has asked for, by host and path.
const MORE: [(&str, &str); 4] = [
    ("pictures.test", "/new.png"),
    ("author.test", "/pages"),
    ("author.test", "/users/vic/outbox"),
    ("news.test", "/story"),
];

/// Alice knows a post of vic's and may wish to see more.
struct Wishing {
    scene: Scene,
    disk: SimulatedDisk,
    up: Duration,
    picture: String,
    status: String,
    vic: String,
}

impl Wishing {
    async fn start() -> Self {
        let (authority, disk, up) = (Authority::new(), roomy(), UP);
        let instance = Instance::start_on("local.test", &authority.pem(), Arc::new(disk.clone())).await;
        let scene = Scene::around(instance, &authority, &["author.test", "pictures.test", "news.test"]).await;
        let [picture, pages, outbox, story] = MORE.map(|(host, path)| format!("https://{host}{path}"));
        scene.serve_actor(VIC, json!({"outbox": outbox}));
        scene.serve_note(NOTE, VIC, json!({"replies": pages}));
        scene.peer.serve(&picture, Answer::Body("image/png", png(8, 8, 1).into()));
        scene.peer.serve(&story, Answer::Body("text/html", "<title>A story</title>".into()));
        let list = |id: &str, kind: &str, items: &str| {
            let mut list = json!({"@context": CONTEXT, "id": id, "type": kind});
            list[items] = json!([]);
            scene.peer.serve(id, Answer::document(&list));
        };
        list(&pages, "CollectionPage", "items");
        list(&outbox, "OrderedCollection", "orderedItems");
        let secret = scene.instance.running.server.read(|view| Ok(storage::media::secret(view)?)).await.expect("read");
        let addresses = Addresses::new(&secret.expect("made at the start"));
        let status = scene.found(NOTE).await;
        let known = scene.alice.get(&format!("/api/v1/statuses/{status}")).await.json();
        let vic = known["account"]["id"].as_str().expect("an author").to_owned();
        Wishing { picture: addresses.path(Variant::Whole, &picture), scene, disk, up, status, vic }
    }

    /// What of `MORE` has been asked for.
    fn asked(&self) -> Vec<String> {
        let is_more = |host: &str, path: &str| MORE.contains(&(host, path));
        let seen = self.scene.peer.seen(|seen| is_more(&seen.authority, &seen.path));
        seen.into_iter().map(|seen| seen.authority + &seen.path).collect()
    }

    /// Alice opens the thread; whether more of it is being asked for.
    async fn opens_the_thread(&self) -> bool {
        let reply = self.scene.alice.get(&format!("/api/v1/statuses/{}/context", self.status)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.header("mastodon-async-refresh").is_some()
    }

    /// Alice opens the profile: what is known of it is shown.
    async fn opens_the_profile(&self) {
        let reply = self.scene.alice.get(&format!("/api/v1/accounts/{}/statuses", self.vic)).await;
        assert!(reply.status == 200 && reply.text().contains(NOTE), "{}", reply.text());
    }

    /// Alice wishes for all of it, and nothing is asked of anybody.
    async fn waits(&self, why: &str) {
        assert_eq!(self.scene.instance.get(&self.picture).await.status, 503, "{why}");
        assert!(!self.opens_the_thread().await, "{why}");
        self.opens_the_profile().await;
        let linking = self.scene.alice.post("/api/v1/statuses", &[("status", "https://news.test/story")]).await;
        assert_eq!(linking.status, 200, "{why}: {}", linking.text());
        self.tidies_up().await;
        let kept = self.kinds_left().await;
        assert!(kept.iter().any(|kind| matches!(kind, JobKind::LinkCard { .. })), "{why}: it is not forgotten");
        let reads = |kind: &JobKind| matches!(kind, JobKind::FetchThread { .. } | JobKind::FetchProfile { .. });
        assert!(!kept.iter().any(reads), "{why}: {kept:?}");
        assert_eq!(self.asked(), Vec::<String>::new(), "{why}");
    }

    /// Waits until a job is done that nothing keeps waiting: by then the others would have begun, too.
    async fn tidies_up(&self) {
        let server = &self.scene.instance.running.server;
        let account: AccountId = self.scene.alice.id.parse().expect("a number");
        let kind = JobKind::AuthorizeFollowRequests { account };
        let job = server.write(move |tx| Ok(job::enqueue(tx, kind.clone()))).await.expect("stored");
        let done = until(|| async {
            let left = server.read(move |view| Ok(job::JOBS.get(view, &job)?)).await.expect("a read");
            left.is_none().then_some(())
        });
        done.await.expect("it is done");
    }

    async fn kinds_left(&self) -> Vec<JobKind> {
        let jobs = self.scene.instance.running.server.read(|view| {
            let jobs = job::JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            Ok(jobs.into_iter().map(|(_, job)| job.kind).collect())
        });
        jobs.await.expect("a read")
    }

    /// All of it comes, once alice wishes for it again; the preview by itself.
    async fn comes(&self) {
        self.scene.instance.clock.advance(limits::DISK_FETCH_LATER_MS + 1_000);
        self.is_asked("/story").await;
        assert_eq!(self.scene.instance.get(&self.picture).await.status, 200);
        assert!(self.opens_the_thread().await, "it is asked for now");
        self.is_asked("/pages").await;
        self.opens_the_profile().await;
        self.is_asked("/users/vic/outbox").await;
    }

    async fn is_asked(&self, path: &str) {
        let seen = self.scene.peer.wait_for(Duration::from_secs(20), |seen| seen.path == path).await;
        assert!(seen.is_some(), "{path} is asked for");
    }

    async fn health(&self) -> Value {
        let look = || async {
            let state = self.scene.instance.get("/healthz").await.json();
            // What waited for the engine as the stopwatch was moved seems to have waited for as long.
            (state["engine"]["behind_ms"].as_u64() < Some(1_000)).then_some(state)
        };
        until(look).await.expect("the engine keeps up")
    }

    /// Has alice post every second of the disk's stopwatch until the disk is said to be so.
    async fn disk_becomes(&self, slow: &Slow, word: &str) {
        for _ in 0..150 {
            assert_eq!(self.scene.alice.post("/api/v1/statuses", &[("status", "on we go")]).await.status, 200);
            slow.pass(Duration::from_secs(1));
            if self.health().await["disk"]["state"] == word {
                return;
            }
        }
        panic!("the disk is {word}: {}", self.health().await);
    }

    /// Leaves so many bytes of the disk free and waits until the room is said to be so.
    async fn frees(&mut self, bytes: u64, word: &str) {
        self.disk.set_free_space(Some(bytes));
        self.up += Duration::from_secs(61);
        self.disk.set_elapsed(self.up);
        let told = until(|| async {
            self.scene.instance.clock.advance(10_001);
            let room = self.health().await["room"].clone();
            (room["state"] == word && room["measured"] == true).then_some(())
        });
        assert!(told.await.is_some(), "the room is {word} with {bytes} bytes free");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_is_slow_nothing_is_fetched_that_may_wait_and_then_it_comes() {
    let wishing = Wishing::start().await;
    let slow = Slow::on(&wishing.disk, wishing.up, Duration::from_millis(400));
    wishing.disk_becomes(&slow, "slow").await;
    wishing.waits("the disk is slow").await;
    assert_eq!(wishing.health().await["disk"]["state"], "slow", "all the time");
    slow.ends();
    wishing.disk_becomes(&slow, "ok").await;
    wishing.comes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_room_is_short_nothing_is_fetched_that_may_wait_and_then_it_comes() {
    let mut wishing = Wishing::start().await;
    wishing.frees(60 * GB, "ample").await;
    for (bytes, word) in [(4 * GB, "short"), (3 * GB / 2, "out")] {
        wishing.frees(bytes, word).await;
        wishing.waits(word).await;
    }
    wishing.frees(60 * GB, "ample").await;
    wishing.comes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_budget_is_used_up_peers_come_again_later_and_people_here_go_on() {
    let disk = roomy();
    let instance = Instance::start_on_within("brim.test", Arc::new(disk.clone()), BUDGET).await;
    let mut scene = room::Scene::around(instance, disk).await;
    let before = scene.post("before").await;
    assert_eq!(before.status, 200, "{}", before.text());
    let state = scene.free(60 * GB, "ample").await;
    assert_eq!((&state["room"]["budget_bytes"], scene.inbox().await.status), (&json!(BUDGET), 401));
    let used = state["room"]["used_bytes"].as_u64().expect("bytes");
    let media = scene.instance.data_dir().join("media");
    std::fs::create_dir_all(&media).expect("made");
    let more = usize::try_from(BUDGET / 1_000 * 990 - used).expect("it is nearly empty");
    std::fs::write(media.join("large"), vec![7_u8; more]).expect("written");
    // Of the disk itself as much is free as before.
    let state = scene.free(60 * GB, "out").await;
    let problems = state["problems"].to_string();
    assert!(problems.contains("of the budget of") && !problems.contains("are free on the disk"), "{problems}");
    assert!(problems.contains("signing in, reading, deleting and posting go on"), "{problems}");
    let refused = scene.inbox().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")), "{}", refused.text());
    let posted = scene.post("we go on").await;
    assert_eq!(posted.status, 200, "{}", posted.text());
    scene.registers_an_app().await;
    assert!(scene.signs_in().await);
    assert_eq!(scene.alice.get("/api/v1/timelines/home").await.status, 200);
    for status in [before, posted] {
        let path = format!("/api/v1/statuses/{}", status.json()["id"].as_str().expect("an id"));
        assert_eq!(scene.alice.get(&path).await.status, 200);
        let deleted = scene.alice.send("DELETE", &path, &[], b"").await;
        assert_eq!(deleted.status, 200, "{}", deleted.text());
    }
    assert_eq!(scene.inbox().await.status, 503, "all the time");
    std::fs::remove_file(media.join("large")).expect("removed");
    scene.free(60 * GB, "ample").await;
    assert_eq!(scene.inbox().await.status, 401, "and they come again");
}
