//! Too little room, from outside: what steps aside at which mark, what a full disk still takes, a log that cannot be
//! shortened, and that making room loses nothing that somebody here holds.

use crate::{
    certificates::Authority,
    instance::{Instance, PASSWORD, User, until, within},
    made::png,
    peer::{Answer, Peer},
    web::{Reply, form, parse},
};
use dassie::{
    account::{self, accept::RemoteAccount},
    backup::{By, Ended, Job, SCRATCH, Wanted},
    media::{Addresses, Variant},
    reach,
    server::Server,
    status::accept::{Accepted, Reason, RemoteReply, RemoteStatus, accept},
};
use serde_json::Value;
use std::{
    collections::HashMap,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use storage::{
    AccountId, Lsn, StatusId, Timestamp, Tx,
    backfill::Stated,
    backup::deed::{self, Deed, Task},
    log::writer::SegmentSizes,
    media::LOOSE,
    quote::{Groups, QuotePolicy},
    relationship::{self, Follow},
    status::{self, Poll, PollOption, Visibility},
    store::Sizes,
    takeout::{self, TAKEOUTS, Takeout, TakeoutState},
    vfs::{Fault, FaultOn, SimulatedDisk},
    wave,
};

pub(crate) const GB: u64 = 1_000_000_000;

pub(crate) struct Scene {
    pub(crate) instance: Instance,
    pub(crate) alice: User,
    disk: SimulatedDisk,
    up: Duration,
}

/// What the stopwatch of a scene's disk shows at first.
pub(crate) const UP: Duration = Duration::from_secs(1_000);

/// A disk of 100 GB of which 60 are free.
pub(crate) fn roomy() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    disk.set_elapsed(UP);
    disk.set_total_space(Some(100 * GB));
    disk.set_free_space(Some(60 * GB));
    disk
}

async fn scene(host: &str, sizes: Sizes) -> Scene {
    let disk = roomy();
    let instance = Instance::start_sized(host, Arc::new(disk.clone()), sizes).await;
    Scene::around(instance, disk).await
}

impl Scene {
    pub(crate) async fn around(instance: Instance, disk: SimulatedDisk) -> Scene {
        let alice = instance.user("alice").await;
        Scene { instance, alice, disk, up: UP }
    }

    /// Leaves so many bytes free and waits until the state says `word`; answers it.
    pub(crate) async fn free(&mut self, bytes: u64, word: &str) -> Value {
        self.disk.set_free_space(Some(bytes));
        self.up += Duration::from_secs(61);
        self.disk.set_elapsed(self.up);
        let state = until(|| async {
            self.instance.clock.advance(10_001);
            let state = self.instance.get("/healthz").await.json();
            // What waited for the engine as the stopwatch was moved seems to have waited for as long.
            let told = state["room"]["state"] == word && state["room"]["measured"] == true;
            (told && state["engine"]["behind_ms"].as_u64() < Some(1_000)).then_some(state)
        });
        state.await.unwrap_or_else(|| panic!("the room is {word} with {bytes} bytes free"))
    }

    pub(crate) async fn post(&self, text: &str) -> Reply {
        self.alice.post("/api/v1/statuses", &[("status", text)]).await
    }

    /// The answer to the head of an activity whose body never comes: 401 if it is looked at.
    pub(crate) async fn inbox(&self) -> Reply {
        let host = &self.instance.host;
        let head = format!(
            "POST /inbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/activity+json\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        parse(&self.instance.web.raw(head.as_bytes()).await).expect("an answer")
    }

    /// An app registers and is given a token of its own, as it does before anybody signs in with it.
    pub(crate) async fn registers_an_app(&self) {
        let sends = async |path: &str, fields: &[(&str, &str)]| {
            let headers =
                [("Host", self.instance.host.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
            let reply = self.instance.web.send("POST", path, &headers, form(fields).as_bytes()).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            reply.json()
        };
        let app = sends("/api/v1/apps", &[("client_name", "T"), ("redirect_uris", "app://")]).await;
        let known = |name: &str| app[name].as_str().unwrap_or_else(|| panic!("no {name}: {app}")).to_owned();
        let (id, secret) = (known("client_id"), known("client_secret"));
        let fields = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
        sends("/oauth/token", &fields).await;
    }

    /// Whether signing in at the page works; the form's hidden fields and its cookie go back as they came.
    pub(crate) async fn signs_in(&self) -> bool {
        let host = self.instance.host.as_str();
        let page = self.instance.get("/auth/sign_in").await;
        let cookie = page.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a guard").to_owned();
        let text = page.text();
        let form_text = text.split("action=\"/auth/sign_in\"").nth(1).expect("the form");
        let attribute = |tag: &str, name: &str| {
            let rest = tag.split(&format!(" {name}=\"")).nth(1).expect("it has one");
            rest.split('"').next().expect("it ends").to_owned()
        };
        let form_text = form_text.split("</form>").next().expect("it ends");
        let hidden = form_text.split("<input").filter(|tag| tag.contains("type=\"hidden\""));
        let mut fields: Vec<(String, String)> =
            hidden.map(|tag| (attribute(tag, "name"), attribute(tag, "value"))).collect();
        fields.push(("login".to_owned(), "alice@example.org".to_owned()));
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let headers =
            [("Host", host), ("Cookie", cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let reply = self.instance.web.send("POST", "/auth/sign_in", &headers, form(&fields).as_bytes()).await;
        (300..400).contains(&reply.status)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watermarks_of_the_disk_make_others_step_aside_and_nobody_here() {
    let mut scene = scene("room.test", Sizes::default()).await;
    let state = scene.free(60 * GB, "ample").await;
    assert_eq!(state["room"]["budget_bytes"], 20 * GB);
    assert_eq!((&state["verdict"], scene.inbox().await.status), (&Value::from("good"), 401));
    let state = scene.free(4 * GB, "short").await;
    let problems = state["problems"].to_string();
    assert!(problems.contains("only 4.0 GB of 100 GB are free on the disk; media and older posts"), "{problems}");
    let server = scene.instance.running.server.clone();
    assert!(!server.room().remote_media() && !server.room().backfill());
    assert_eq!(scene.inbox().await.status, 401, "what peers send is still taken");
    let state = scene.free(3 * GB / 2, "out").await;
    assert_eq!(state["verdict"], "degraded");
    let refused = scene.inbox().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
    let posted = scene.post("we go on").await;
    assert_eq!(posted.status, 200, "{}", posted.text());
    assert_eq!(scene.alice.get("/api/v1/timelines/home").await.status, 200);
    assert!(scene.signs_in().await);
    let path = format!("/api/v1/statuses/{}", posted.json()["id"].as_str().expect("an id"));
    assert_eq!(scene.alice.send("DELETE", &path, &[], b"").await.status, 200);
    scene.free(60 * GB, "ample").await;
    assert_eq!(scene.inbox().await.status, 401);
    assert!(server.room().remote_media());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_room_is_short_pictures_of_others_are_not_fetched_and_copies_are_shown() {
    let (authority, disk) = (Authority::new(), roomy());
    let instance = Instance::start_on("short.test", &authority.pem(), Arc::new(disk.clone())).await;
    let mut scene = Scene::around(instance, disk).await;
    let peer = Peer::start(&authority);
    scene.instance.reach.map("pictures.test:443", reach::Target { address: peer.tls, plain: false });
    let secret = scene.instance.running.server.read(|view| Ok(storage::media::secret(view)?)).await.expect("read");
    let addresses = Addresses::new(&secret.expect("made at the start"));
    for name in ["kept", "new"] {
        peer.serve(&format!("https://pictures.test/{name}"), Answer::Body("image/png", png(8, 8, 1).into()));
    }
    let path = |name: &str| addresses.path(Variant::Whole, &format!("https://pictures.test/{name}"));
    let asked = || peer.seen(|_| true).into_iter().map(|seen| seen.path).collect::<Vec<String>>();
    scene.free(60 * GB, "ample").await;
    assert_eq!(scene.instance.get(&path("kept")).await.status, 200);
    for (free, word) in [(4 * GB, "short"), (3 * GB / 2, "out")] {
        scene.free(free, word).await;
        let refused = scene.instance.get(&path("new")).await;
        assert_eq!(refused.status, 503, "{word}: {}", refused.text());
        assert_eq!(scene.instance.get(&path("kept")).await.status, 200, "{word}: its copy is here");
        assert_eq!(asked(), ["/kept"], "{word}");
    }
    scene.free(60 * GB, "ample").await;
    assert_eq!(scene.instance.get(&path("new")).await.status, 200, "it was not taken for one that failed");
    assert_eq!(asked(), ["/kept", "/new"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_with_the_worst_first() {
    let mut scene = scene("worst.test", Sizes::default()).await;
    let server = scene.instance.running.server.clone();
    let befallen = server.write(|tx| {
        wave::hold(tx, "spam.test")?;
        let failed = Deed {
            place: "/mnt/usb".to_owned(),
            at: tx.now(),
            took_ms: 0,
            made: Timestamp(0),
            lsn: Lsn(0),
            rows: 0,
            files: 0,
            bytes: 0,
            failed: Some("it was pulled out".to_owned()),
            damaged: false,
        };
        deed::remember(tx, Task::Backup, &failed);
        Ok(())
    });
    befallen.await.expect("stored");
    scene.free(1_000_000, "out").await;
    assert_eq!(scene.post("no room").await.status, 503);
    let order = [
        "the disk is nearly full: only deletes are accepted",
        "(0 %) are free on",
        "of 100 GB are free on the disk;",
        "the backup to /mnt/usb failed",
        "a wave of spam",
    ];
    let told = until(|| async {
        let problems = scene.instance.get("/healthz").await.json()["problems"].clone();
        let says = |why: &Value, words: &str| why.as_str().is_some_and(|why| why.contains(words));
        let place = |words: &&str| problems.as_array()?.iter().position(|why| says(why, words));
        let places = order.iter().map(place).collect::<Option<Vec<usize>>>()?;
        Some((places, problems))
    });
    let (places, problems) = told.await.expect("each is told");
    assert!(places.is_sorted(), "{problems:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_not_seen_restored_where_that_would_fill_the_disk() {
    let mut scene = scene("cramped.test", Sizes::default()).await;
    assert_eq!(scene.post("to be backed up").await.status, 200);
    // What a verification that was cut off left counts.
    let left = scene.instance.data_dir().join(SCRATCH);
    std::fs::create_dir(&left).expect("made");
    std::fs::write(left.join("left"), vec![7; 3_000_000]).expect("written");
    let counted = until(|| async {
        scene.instance.clock.advance(10_001);
        let room = scene.instance.get("/healthz").await.json()["room"].clone();
        (room["scratch_bytes"].as_u64() >= Some(3_000_000)).then_some(())
    });
    counted.await.expect("it is measured");
    let (server, place) = (scene.instance.running.server.clone(), tempfile::tempdir().expect("a directory"));
    let carry_out = |job| {
        let (server, place) = (server.clone(), place.path().to_string_lossy().into_owned());
        async move {
            server.backup().begin(&server, Wanted { job, place, by: By::Person }).expect("begun");
            let ended = || async { server.backup().work().and_then(|work| work.ended) };
            within(Duration::from_secs(60), ended).await.expect("it ends")
        }
    };
    let made = carry_out(Job::Backup).await;
    assert!(matches!(made, Ended::Done(_)), "{made:?}");
    // Two segments of log and the reserve alone would leave less than 2 %.
    scene.free(2_050_000_000, "short").await;
    let Ended::Failed(why) = carry_out(Job::Verify).await else { panic!("there is no room for it") };
    assert!(why.contains("no room: about") && why.contains("2050 MB are free on the disk under"), "{why}");
    let deeds = server.read(|view| Ok(deed::deeds(view)?)).await.expect("read");
    let failed = deeds.verify_failed.expect("it is remembered");
    assert_eq!((failed.failed.as_deref(), failed.damaged), (Some(why.as_str()), false));
    let problems = scene.instance.get("/healthz").await.json()["problems"].to_string();
    assert!(problems.contains("was not seen restored") && !problems.contains("--anew"), "{problems}");
    scene.free(60 * GB, "ample").await;
    let seen = carry_out(Job::Verify).await;
    assert!(matches!(seen, Ended::Done(_)), "{seen:?}");
    let problems = scene.instance.get("/healthz").await.json()["problems"].to_string();
    assert!(!problems.contains("was not seen restored"), "{problems}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_takes_deletes_and_signing_in_and_says_why_not_posts() {
    let mut scene = scene("full.test", Sizes::default()).await;
    let posted = scene.post("before").await;
    let path = format!("/api/v1/statuses/{}", posted.json()["id"].as_str().expect("an id"));
    scene.free(1_000_000, "out").await;
    let refused = scene.post("no room").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
    assert!(refused.text().contains("The disk of this server is full: only deleting works"), "{}", refused.text());
    assert_eq!(scene.alice.get(&path).await.status, 200);
    assert!(scene.signs_in().await, "whoever is to delete must get in");
    scene.registers_an_app().await;
    let deleted = scene.alice.send("DELETE", &path, &[], b"").await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert_eq!(scene.alice.get(&path).await.status, 404);
    let problems = scene.instance.get("/healthz").await.json()["problems"].to_string();
    assert!(problems.contains("the disk is nearly full: only deletes are accepted"), "{problems}");
    scene.free(60 * GB, "ample").await;
    assert_eq!(scene.post("room again").await.status, 200);
}

/// Archives that can be taken, of people who asked for them so many hours ago.
async fn archives(instance: &Instance, people: &[(&str, i64)]) -> Vec<(AccountId, Takeout)> {
    let (server, mut archives) = (&instance.running.server, Vec::new());
    for (name, hours) in people {
        let owner: AccountId = instance.user(name).await.id.parse().expect("a number");
        let asked_at = server.now().plus_ms(-hours * 60 * 60 * 1_000);
        let known = Takeout { asked_at, state: TakeoutState::Ready, done: 0, of: 0, bytes: 7 };
        let keep = move |tx: &mut Tx<'_>| {
            TAKEOUTS.put(tx, &owner, &known);
            Ok(())
        };
        server.write(keep).await.expect("kept");
        let mut written = server.files().receive(owner.0).expect("begun");
        written.append(b"archive").expect("written");
        server.files().take_out(written, &known.file(owner)).expect("taken out");
        archives.push((owner, known));
    }
    archives
}

/// The archives that are left once fewer than two are.
async fn archives_left(instance: &Instance) -> Option<Vec<String>> {
    let server = &instance.running.server;
    let left = until(|| async {
        // It looks every hour, and takes half of what is left each time.
        instance.clock.advance(60_001);
        let left = server.files().taken_out().expect("listed");
        (left.len() < 2).then_some(left)
    });
    left.await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_room_is_short_the_older_half_of_the_archives_goes() {
    let mut scene = scene("archives.test", Sizes::default()).await;
    scene.free(60 * GB, "ample").await;
    let server = scene.instance.running.server.clone();
    let archives = archives(&scene.instance, &[("ann", 1), ("ben", 3), ("cleo", 2)]).await;
    scene.free(4 * GB, "short").await;
    let (youngest, known) = archives[0];
    assert_eq!(archives_left(&scene.instance).await.expect("they make room"), [known.file(youngest)]);
    let mut states = Vec::new();
    for (owner, _) in archives {
        let known = server.read(move |view| Ok(takeout::find(view, owner)?)).await.expect("read");
        states.push(known.map(|known| known.state));
    }
    let (kept, lost) = (Some(TakeoutState::Ready), Some(TakeoutState::Failed));
    assert_eq!(states, [kept, lost, lost], "they may be asked for again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_tidied_keeps_nothing_else_from_making_room() {
    let mut scene = scene("tidied.test", Sizes::default()).await;
    scene.free(60 * GB, "ample").await;
    // A row of uploads that nobody used whose key cannot be read.
    let damage = |tx: &mut Tx<'_>| {
        tx.put_bytes(LOOSE.id, vec![0], Vec::new());
        Ok(())
    };
    scene.instance.running.server.write(damage).await.expect("written");
    archives(&scene.instance, &[("ann", 1), ("ben", 3), ("cleo", 2)]).await;
    scene.free(4 * GB, "short").await;
    assert!(archives_left(&scene.instance).await.is_some(), "archives go all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_cannot_be_shortened_refuses_the_inbox() {
    let sizes = Sizes {
        segments: SegmentSizes { first: 64 * 1024, other: 64 * 1024 },
        base_log_bytes: 1,
        log_bytes_max: 256 * 1024,
        base_retry: Duration::from_millis(1),
        background_delay: Duration::from_millis(1),
        ..Sizes::default()
    };
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let name = "base/unfinished".into();
    disk.inject(Fault { name, on: FaultOn::Write, after: 0, times: usize::MAX, kind: ErrorKind::StorageFull });
    let instance = Instance::start_sized("overfull.test", Arc::new(disk.clone()), sizes).await;
    let alice = instance.user("alice").await;
    let scene = Scene { instance, alice, disk, up: Duration::ZERO };
    let store = scene.instance.running.server.store().clone();
    let number = std::cell::Cell::new(0);
    let full = until(|| async {
        // What packs well would take long to fill the log.
        number.set(number.get() + 1);
        assert_eq!(scene.post(&words(number.get(), 120, u64::MAX)).await.status, 200);
        store.log_overfull().then_some(())
    });
    full.await.expect("it cannot be shortened");
    let refused = scene.inbox().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
    assert_eq!(scene.post("we go on").await.status, 200);
    let problems = scene.instance.get("/healthz").await.json()["problems"].to_string();
    assert!(problems.contains("the log is beyond its cap: peers are told to come back later"), "{problems}");
    scene.disk.heal();
    let healed = until(|| async {
        scene.post("so that there is something to write").await;
        (scene.inbox().await.status == 401).then_some(())
    });
    healed.await.expect("with base snapshots it goes on");
}

/// A post of somebody elsewhere.
pub(crate) fn from_afar(author: AccountId, number: u64, text: &str, published: Timestamp) -> RemoteStatus {
    RemoteStatus {
        uri: format!("https://far.test/statuses/{number}"),
        url: None,
        author,
        content: format!("<p>{text}</p>"),
        spoiler_text: String::new(),
        sensitive: false,
        language: Some("en".to_owned()),
        visibility: Visibility::Public,
        reply: None,
        mentions: Vec::new(),
        silent: Vec::new(),
        blind: None,
        tags: Vec::new(),
        emojis: Vec::new(),
        attachments: Vec::new(),
        poll: None,
        published,
        updated: None,
        quote: None,
        quote_policy: None,
        interaction_policy: Default::default(),
        asking: Default::default(),
        authorization: Default::default(),
        conversation: None,
        stated: Stated::default(),
        reason: Reason::Requested,
    }
}

pub(crate) async fn arrive(server: &Server, some: Vec<RemoteStatus>) -> Vec<StatusId> {
    let taken = server.write(move |tx| some.iter().map(|one| accept(tx, one)).collect::<Result<Vec<_>, _>>());
    let taken = taken.await.expect("accepted");
    taken.into_iter().filter_map(|one| if let Accepted::New(id) = one { Some(id) } else { None }).collect()
}

pub(crate) async fn somebody(server: &Server, name: &str) -> AccountId {
    let uri = format!("https://far.test/users/{name}");
    let remote = RemoteAccount { indexable: true, ..RemoteAccount::bare(&uri, name, "far.test") };
    server.write(move |tx| account::accept::accept(tx, &remote)).await.expect("known")
}

async fn follow(server: &Server, follower: AccountId, target: AccountId) {
    let rule = move |tx: &mut Tx<'_>| {
        let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
        Ok(relationship::put(tx, follower, target, &follow)?)
    };
    server.write(rule).await.expect("followed");
}

pub(crate) async fn missing(server: &Server, ids: &[StatusId]) -> Vec<StatusId> {
    let ids = ids.to_vec();
    let look = move |view: &storage::View<'_>| {
        let mut gone = Vec::new();
        for id in ids {
            if status::find(view, id)?.is_none() {
                gone.push(id);
            }
        }
        Ok(gone)
    };
    server.read(look).await.expect("read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_directory_near_its_budget_lets_go_what_nobody_holds() {
    let instance = Instance::start_within("tight.test", 64_000_000).await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    let me: AccountId = alice.id.parse().expect("a number");
    let (friend, stranger) = (somebody(&server, "friend").await, somebody(&server, "stranger").await);
    follow(&server, me, friend).await;
    let now = server.now();
    let passing = arrive(&server, (0..30).map(|n| from_afar(stranger, n, "passing", now)).collect()).await;
    let liked = passing[7];
    let (likes, saved) = (format!("/api/v1/statuses/{liked}/favourite"), passing[8]);
    assert_eq!(alice.post(&likes, &[]).await.status, 200);
    assert_eq!(alice.post(&format!("/api/v1/statuses/{saved}/bookmark"), &[]).await.status, 200);
    let mut followed = arrive(&server, (30..40).map(|n| from_afar(friend, n, "followed", now)).collect()).await;
    assert_eq!(alice.post("/api/v1/tags/tea/follow", &[]).await.status, 200);
    let tagged = RemoteStatus { tags: vec!["Tea".to_owned()], ..from_afar(stranger, 40, "tagged", now) };
    followed.extend(arrive(&server, vec![tagged]).await);
    instance.clock.advance(2 * 60 * 60 * 1_000);
    let media = instance.data_dir().join("media");
    std::fs::create_dir_all(&media).expect("made");
    let state = |word: &'static str| {
        let instance = &instance;
        until(move || async move {
            instance.clock.advance(10_001);
            let state = instance.get("/healthz").await.json();
            (state["room"]["measured"] == true && state["room"]["state"] == word).then_some(state)
        })
    };
    let room = state("ample").await.expect("nearly empty")["room"].clone();
    assert!(room["used_bytes"].as_u64().is_some_and(|used| used < 40_000_000), "{room}");
    assert_eq!(missing(&server, &passing).await, [], "there is room");
    std::fs::write(media.join("large"), vec![7; 59_000_000 - room["used_bytes"].as_u64().expect("bytes") as usize])
        .expect("written");
    let scarce = until(|| async {
        instance.clock.advance(10_001);
        let state = instance.get("/healthz").await.json();
        (state["room"]["state"] != "ample").then_some(state)
    });
    let scarce = scarce.await.expect("it is measured");
    assert!(scarce["problems"].to_string().contains("most of it by media"), "{}", scarce["problems"]);
    let left: Vec<StatusId> = passing.iter().copied().filter(|id| ![liked, saved].contains(id)).collect();
    let gone = until(|| async {
        instance.clock.advance(10_001);
        (missing(&server, &left).await == left).then_some(())
    });
    gone.await.expect("what nobody holds goes");
    assert_eq!(missing(&server, &[liked, saved]).await, []);
    assert_eq!(missing(&server, &followed).await, [], "people and hashtags followed stay for a week");
    assert_eq!(alice.get(&format!("/api/v1/statuses/{liked}")).await.status, 200);
    std::fs::remove_file(media.join("large")).expect("removed");
    state("ample").await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_pictures_go_before_posts_where_something_has_to() {
    let instance = Instance::start_within("copies.test", BUDGET).await;
    let server = instance.running.server.clone();
    let (stranger, now) = (somebody(&server, "stranger").await, server.now());
    let passing = arrive(&server, (0..30).map(|n| from_afar(stranger, n, "passing", now)).collect()).await;
    instance.clock.advance(2 * 60 * 60 * 1_000);
    let cache = instance.data_dir().join("cache/00");
    std::fs::create_dir_all(&cache).expect("made");
    let copy = |number: u64, days: u64| {
        let path = cache.join(format!("{number:064x}"));
        std::fs::write(&path, vec![7; 1_000_000]).expect("written");
        let used = u64::try_from(server.now().0).expect("after 1970") - days * 24 * 60 * 60 * 1_000;
        let file = std::fs::File::options().write(true).open(&path).expect("open");
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_millis(used)).expect("dated");
        path
    };
    let (old, fresh): (Vec<_>, _) = ((0..6).map(|number| copy(number, 10)).collect(), copy(6, 0));
    let measured = || async {
        instance.clock.advance(10_001);
        server.room().usage().filter(|usage| usage.cache >= 7_000_000)
    };
    let settled = until(measured).await.expect("it is measured").settled(BUDGET);
    // Seven per cent too much, and the old copies take nine.
    let media = instance.data_dir().join("media");
    std::fs::create_dir_all(&media).expect("made");
    let more = usize::try_from(BUDGET / 100 * 82 - settled).expect("it is nearly empty");
    std::fs::write(media.join("large"), vec![7; more]).expect("written");
    let gone = until(|| async {
        instance.clock.advance(10_001);
        old.iter().all(|path| !path.exists()).then_some(())
    });
    gone.await.expect("copies make room");
    for _ in 0..5 {
        let before = server.room().measured_at();
        let again = until(|| async {
            instance.clock.advance(10_001);
            (server.room().measured_at() > before).then_some(())
        });
        again.await.expect("it is measured again");
    }
    assert_eq!(missing(&server, &passing).await, [], "that was enough");
    assert!(fresh.exists() && !server.room().is_pressed());
}

/// Pictures of another server, of 300 kB each.
struct Gallery {
    addresses: Addresses,
    _peer: Peer,
}

impl Gallery {
    async fn open(instance: &Instance, authority: &Arc<Authority>) -> Gallery {
        let peer = Peer::start(authority);
        instance.reach.map("pictures.test:443", reach::Target { address: peer.tls, plain: false });
        // What stands behind a picture is kept with it.
        let mut picture = png(8, 8, 1);
        picture.resize(300_000, 0);
        peer.host("pictures.test", Answer::Body("image/png", picture.into()));
        let secret = instance.running.server.read(|view| Ok(storage::media::secret(view)?)).await.expect("read");
        Gallery { addresses: Addresses::new(&secret.expect("made at the start")), _peer: peer }
    }

    /// Somebody looks at one of them; whether it is shown.
    async fn shows(&self, instance: &Instance, number: u64) -> bool {
        let url = format!("https://pictures.test/{number}");
        let reply = instance.get(&self.addresses.path(Variant::Whole, &url)).await;
        assert!([200, 503].contains(&reply.status), "{}: {}", reply.status, reply.text());
        reply.status == 200
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_pictures_stay_within_their_bound_between_two_hours() {
    let authority = Authority::new();
    let pem = authority.pem();
    let instance = Instance::start_sized_within("gallery.test", &pem, BUDGET, Sizes::default()).await;
    let (server, gallery) = (instance.running.server.clone(), Gallery::open(&instance, &authority).await);
    let measured = until(|| async {
        instance.clock.advance(10_001);
        server.room().usage()
    });
    measured.await.expect("it is measured");
    // Ten minutes, in which twice as much is looked at.
    for number in 0..60 {
        let shown = until(|| async {
            instance.clock.advance(10_001);
            gallery.shows(&instance, number).await.then_some(())
        });
        shown.await.expect("others go for it");
        // A tenth more than they may take, and a block for each directory.
        let copies = allocated(&instance.data_dir().join("cache"));
        assert!(copies <= BUDGET / 8 * 11 / 10 + 256 * 4_096, "{copies} bytes of copies after {number}");
    }
    let timed: Vec<_> = server.store().syncs().into_iter().map(|(purpose, _)| purpose.name()).collect();
    assert!(timed.contains(&"copies"), "only {timed:?} are timed");
}

/// What a run of the long test has seen.
#[derive(Default)]
struct Peaks {
    used: u64,
    engine: u64,
    log: u64,
    bases: u64,
    search: u64,
}

impl Peaks {
    fn look(&mut self, room: &Value) {
        let bytes = |name: &str| room[name].as_u64().unwrap_or(0);
        if bytes("used_bytes") > self.used && bytes("used_bytes") > room["budget_bytes"].as_u64().unwrap_or(0) {
            println!("beyond the budget: {room}");
        }
        for (peak, name) in [
            (&mut self.used, "used_bytes"),
            (&mut self.engine, "engine_bytes"),
            (&mut self.log, "log_bytes"),
            (&mut self.bases, "base_bytes"),
            (&mut self.search, "search_bytes"),
        ] {
            *peak = (*peak).max(bytes(name));
        }
    }
}

/// Looks at the files of a directory all the time, whatever the server says of them.
struct Onlooker {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<u64>,
}

impl Onlooker {
    fn begin(dir: PathBuf) -> Onlooker {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            let (mut before, mut most) = (0, 0);
            while !stopped.load(Ordering::Acquire) {
                let now = allocated(&dir);
                // A file that came and another that went while it was looked may both have been counted once.
                most = most.max(now.min(before));
                before = now;
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        Onlooker { stop, thread }
    }

    /// The most bytes that all files took on the disk.
    fn end(self) -> u64 {
        self.stop.store(true, Ordering::Release);
        self.thread.join().expect("it looks on")
    }
}

/// Bytes that all files below a directory take on the disk, each once, however often it was renamed meanwhile.
fn allocated(dir: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let (mut open, mut files) = (vec![dir.to_owned()], HashMap::new());
    while let Some(dir) = open.pop() {
        // What vanishes meanwhile takes nothing.
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let Ok(data) = entry.metadata() else { continue };
            if data.is_dir() {
                open.push(entry.path());
            }
            files.insert(data.ino(), data.blocks() * 512);
        }
    }
    files.values().sum()
}

/// Words of forty letters that hardly pack, of so many different ones, by a seed.
pub(crate) fn words(seed: u64, count: usize, different: u64) -> String {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZab";
    let next = |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let (mut which, mut text) = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, Vec::with_capacity(count * 41));
    for _ in 0..count {
        which = next(which);
        let mut state = (which >> 32) % different;
        for _ in 0..4 {
            state = next(next(state));
            text.extend((0..10).map(|letter| LETTERS[(state >> (4 + 6 * letter)) as usize % LETTERS.len()]));
        }
        text.push(b' ');
    }
    String::from_utf8(text).expect("letters")
}

/// What is pushed into a server whose budget is the smallest there may be.
struct Push {
    days: u64,
    a_day: u64,
    text: fn(u64) -> String,
    /// Pictures of other servers that are looked at after every twenty statuses.
    pictures: u64,
}

pub(crate) const BUDGET: u64 = 64_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_of_three_times_the_budget_stays_inside_and_nothing_held_is_lost() {
    let text = |number| words(number, 240, 20_000);
    let pushed = push(&Push { days: 24, a_day: 840, text, pictures: 0 }).await;
    assert!(pushed > 3 * BUDGET, "{pushed}");
}

/// Words that nobody else uses: the search index grows as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_beyond_the_budget_stays_inside_and_nothing_held_is_lost() {
    let text = |number| words(number, 225, u64::MAX);
    let pushed = push(&Push { days: 12, a_day: 600, text, pictures: 0 }).await;
    assert!(pushed > BUDGET, "{pushed}");
}

/// More bytes of pictures than of text, as wherever people look at what is posted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_with_pictures_beyond_the_budget_stays_inside_and_nothing_held_is_lost() {
    let text = |number| words(number, 225, u64::MAX);
    let pushed = push(&Push { days: 5, a_day: 600, text, pictures: 2 }).await;
    assert!(pushed > BUDGET, "{pushed}");
}

/// Pushes statuses of other servers, some of them held by somebody here, looking at the room all the time: it stays
/// inside, and what is held stays. Answers the bytes of text pushed, and of the pictures that were shown.
async fn push(push: &Push) -> u64 {
    // A day here takes seconds; so what rests for seconds elsewhere rests for less.
    let search_rest = (Duration::from_millis(100), Duration::from_millis(500));
    let sizes = Sizes { search_rest, base_retry: Duration::from_secs(1), ..Sizes::default() };
    let authority = Authority::new();
    let instance = Instance::start_sized_within("budget.test", &authority.pem(), BUDGET, sizes).await;
    let gallery = Gallery::open(&instance, &authority).await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    let me: AccountId = alice.id.parse().expect("a number");
    let mut authors = Vec::new();
    for number in 0..40 {
        let author = somebody(&server, &format!("author{number}")).await;
        if number < 1 {
            follow(&server, me, author).await;
        }
        authors.push(author);
    }
    let (mut held, mut recent, mut pushed, mut refused) = (Vec::new(), Vec::new(), 0, 0);
    let mut peaks = Peaks::default();
    let onlooker = Onlooker::begin(instance.data_dir().to_owned());
    let begun = std::time::Instant::now();
    for day in 0..push.days {
        for batch in 0..push.a_day / 20 {
            let first = day * push.a_day + batch * 20;
            let some: Vec<RemoteStatus> = (first..first + 20)
                .map(|number| arriving(number, &authors, me, &(push.text)(number), &server))
                .collect();
            pushed += some.iter().map(|one| one.content.len() as u64).sum::<u64>();
            let ids = arrive(&server, some).await;
            assert_eq!(ids.len(), 20);
            for (number, id) in (first..).zip(&ids) {
                held.extend(hold(&alice, number, *id).await);
                if number % 40 < 1 {
                    recent.push((server.now(), *id));
                }
            }
            for number in 0..push.pictures {
                let shown = gallery.shows(&instance, first * push.pictures + number).await;
                pushed += if shown { 300_000 } else { 0 };
            }
            // Half an hour; the room is measured and retention has its turn.
            instance.clock.advance(24 * 60 * 60 * 1_000 / i64::try_from(push.a_day / 20).expect("small"));
            let now = server.now();
            let measured = until(|| async {
                instance.clock.advance(10_001);
                (server.room().measured_at() >= Some(now)).then_some(())
            });
            measured.await.expect("the room is measured");
            peaks.look(&instance.get("/healthz").await.json()["room"]);
            // As the inbox does: whoever is refused comes again later.
            while !server.takes_remote() {
                refused += 1;
                instance.clock.advance(60_001);
                tokio::time::sleep(Duration::from_millis(20)).await;
                peaks.look(&instance.get("/healthz").await.json()["room"]);
            }
        }
        if day % 10 == 9 {
            println!("day {day}: {} MB pushed, {}", pushed / 1_000_000, instance.get("/healthz").await.json()["room"]);
        }
    }
    let Peaks { used, engine, log, bases, search } = peaks;
    let seen = onlooker.end();
    println!(
        "pushed {pushed} bytes with {} statuses in {:?}; peaks: seen {seen}, used {used}, engine {engine}, \
         log {log}, bases {bases}, search {search}; waited {refused} times; {} held, {} of people followed",
        push.days * push.a_day,
        begun.elapsed(),
        held.len(),
        recent.len()
    );
    assert!(used.max(seen) <= BUDGET, "{used} bytes on the disk, {seen} looking all the time");
    assert_eq!(missing(&server, &held).await, [], "what somebody here wrote, marked or is mentioned in");
    // By the clock, which goes on while the room is waited for.
    let (now, week) = (server.now(), 7 * 24 * 60 * 60 * 1_000 - 2 * 60 * 60 * 1_000);
    let recent = recent.into_iter().filter(|(then, _)| now.ms_since(*then) < week);
    let recent: Vec<StatusId> = recent.map(|(_, id)| id).collect();
    assert_eq!(missing(&server, &recent).await, [], "a week of people followed");
    let findings = server.store().clone();
    let findings = server.compute(move || Ok(findings.check()?)).await.expect("checked");
    assert!(findings.is_empty(), "{findings:?}");
    instance.running.stop().await.expect("it stops");
    pushed
}

/// One of what is pushed: one in forty by somebody followed; some answer, some mention `me`.
fn arriving(number: u64, authors: &[AccountId], me: AccountId, text: &str, server: &Server) -> RemoteStatus {
    let author = authors[usize::try_from(number % 40).expect("small")];
    let mut one = from_afar(author, number, text, server.now());
    match number % 400 {
        39 => one.mentions = vec![me],
        247 => one.poll = Some(asked()),
        317 => one.quote_policy = Some(QuotePolicy { automatic: Groups::PUBLIC, manual: Groups::NOBODY }),
        _ => {}
    }
    if number % 10 == 9 {
        one.reply = Some(RemoteReply::Remote(format!("https://far.test/statuses/{}", number - 3)));
    }
    one
}

/// A poll without an end.
fn asked() -> Poll {
    let option = |title: &str| PollOption { title: title.to_owned(), votes: 0 };
    let options = vec![option("tea"), option("coffee")];
    Poll { options, multiple: false, expires_at: None, closed_at: None, voters: Some(0) }
}

/// Some of what is pushed alice favourites, bookmarks, answers, votes in or quotes, or it mentions her; what is to be kept.
async fn hold(alice: &User, number: u64, id: StatusId) -> Vec<StatusId> {
    let mark = |what: &'static str| async move {
        assert_eq!(alice.post(&format!("/api/v1/statuses/{id}/{what}"), &[]).await.status, 200);
    };
    match number % 400 {
        39 => {}
        7 => mark("favourite").await,
        107 => mark("bookmark").await,
        177 => {
            let fields = [("status", "indeed"), ("in_reply_to_id", &id.to_string())];
            let mine = alice.post("/api/v1/statuses", &fields).await.json();
            return vec![id, mine["id"].as_str().expect("an id").parse().expect("a number")];
        }
        247 => {
            let voted = alice.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "1")]).await;
            assert_eq!(voted.status, 200, "{}", voted.text());
        }
        317 => {
            let fields = [("status", "see this"), ("quoted_status_id", &id.to_string())];
            let quoting = alice.post("/api/v1/statuses", &fields).await;
            assert_eq!(quoting.status, 200, "{}", quoting.text());
            let mine = quoting.json()["id"].as_str().expect("an id").parse().expect("a number");
            return vec![id, mine];
        }
        _ => return Vec::new(),
    }
    vec![id]
}
