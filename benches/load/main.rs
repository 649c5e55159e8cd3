//! What the real binary does under load, in ratios and processor time per operation: printed, never asserted.
//!
//! `cargo bench --bench load [-- posts|steady|inbound|home|strangers|deliveries|outage|streams …]` — the driver's own processor time is reported apart; it shares the cores.

mod http;
mod peer;
mod streams;
mod subject;

use http::Connection;
use peer::Peer;
use serde_json::json;
use std::{
    cell::Cell,
    fs,
    rc::Rc,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use subject::{Subject, Usage};
use tokio::task::{JoinSet, LocalSet};

/// How long a closed loop of clients runs.
const LOOP: Duration = Duration::from_secs(4);
/// Notes sent to the inbox.
const NOTES: usize = 6000;
/// Hosts and actors on each that follow the local account, and what it posts for them.
const HOSTS: usize = 50;
const ACTORS: usize = 4;
const POSTS: usize = 20;
/// How long a backlog may take to drain.
const PATIENCE: Duration = Duration::from_secs(90);

fn main() {
    // `cargo test` builds benches too and may run them with `--test`; nothing is measured then.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, run());
}

async fn run() {
    println!("binary                      {:8.1} MB (aim <= 25)", subject::binary_mb());
    let subject = Subject::start(&["load0", "load1"]).await;
    println!("first start                 {:8.3} s (aim <= 0.3)", subject.started_in.as_secs_f64());
    println!("idle resident memory        {:8.1} MiB (aim <= 30)", subject.idle_mib);
    let token = subject.token("load0").await;
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("posts") {
        for clients in [1, 8, 64] {
            posts(&subject, &token, clients).await;
        }
    }
    if wanted("steady") {
        steady(&subject, &token).await;
    }
    if wanted("inbound") {
        inbound(&subject, &token).await;
    }
    if wanted("home") {
        home(&subject, &token).await;
    }
    if wanted("strangers") {
        strangers(&subject).await;
    }
    if wanted("deliveries") {
        deliveries(&subject, &token).await;
    }
    if wanted("streams") {
        streams::streams(&subject, &token).await;
    }
    if wanted("outage") {
        outage(&subject).await;
    }
    println!("resident memory afterwards  {:8.1} MiB", subject.resident_mib());
}

/// Processor time of this driver so far.
fn own_cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: u64 = [11, 12].into_iter().filter_map(|at| fields.get(at)?.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

struct Stretch {
    before: Usage,
    own: Duration,
}

impl Stretch {
    fn begin(subject: &Subject) -> Self {
        Stretch { before: subject.usage(), own: own_cpu() }
    }

    fn report(&self, subject: &Subject, what: &str, count: u64, aim: &str) {
        let after = subject.usage();
        let seconds = (after.at - self.before.at).as_secs_f64();
        let each = |cpu: Duration| cpu.as_secs_f64() * 1000.0 / count.max(1) as f64;
        println!(
            "{what:27} {:8.0} /s   server {:6.3} ms   driver {:6.3} ms   device {:6.1} KB each   (aim {aim})",
            count as f64 / seconds,
            each(after.cpu - self.before.cpu),
            each(own_cpu() - self.own),
            (after.device_bytes - self.before.device_bytes) as f64 / 1000.0 / count.max(1) as f64,
        );
    }
}

async fn closed_loop(host: &str, clients: usize, request: impl Fn(usize) -> Vec<u8> + 'static) -> u64 {
    let done = Rc::new(Cell::new(0_u64));
    let request = Rc::new(request);
    let until = Instant::now() + LOOP;
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let (host, done, request) = (host.to_owned(), done.clone(), request.clone());
        tasks.spawn_local(async move {
            let mut connection = Connection::open(&host).await.expect("it listens");
            while Instant::now() < until {
                let answer = connection.send(&request(client)).await.expect("an answer");
                assert_eq!(answer.status, 200, "{}", answer.text());
                done.set(done.get() + 1);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a client ran to its end");
    }
    done.get()
}

async fn posts(subject: &Subject, token: &str, clients: usize) {
    let (host, bearer) = (subject.host.clone(), format!("Bearer {token}"));
    let stretch = Stretch::begin(subject);
    let count = closed_loop(&subject.host, clients, move |client| {
        let body = format!("status=A+post+from+client+{client}+with+some+words+%23load&visibility=public");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        http::request(&host, "POST", "/api/v1/statuses", &headers, body.as_bytes())
    })
    .await;
    let aim = if clients == 1 { ">= 1000, fsync is the limit" } else { ">= 6000 at 64, <= 0.2 ms" };
    stretch.report(subject, &format!("posts, {clients} clients"), count, aim);
}

/// 300 posts a second: what a busy day writes to the device.
async fn steady(subject: &Subject, token: &str) {
    const POSTS_PER_SECOND: u32 = 300;
    const SECONDS: u32 = 10;
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let stretch = Stretch::begin(subject);
    let start = Instant::now();
    for number in 0..POSTS_PER_SECOND * SECONDS {
        tokio::time::sleep_until((start + Duration::from_secs(1) * number / POSTS_PER_SECOND).into()).await;
        let body = format!("status=Steady+post+number+{number}+with+some+words&visibility=public");
        let answer = connection.call("POST", "/api/v1/statuses", &headers, body.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let count = u64::from(POSTS_PER_SECOND * SECONDS);
    stretch.report(subject, "posts, 300 a second", count, "<= 25 KB to the device each");
}

/// 100 peers, then 10 of them hang: what the other 90 notice.
async fn outage(subject: &Subject) {
    const PEERS: usize = 100;
    const HANGING: usize = 10;
    const WAVES: usize = 30;
    let token = subject.token("load1").await;
    let peer = Peer::start().await;
    let hosts: Vec<String> = (0..PEERS).map(|number| format!("g{number}.localhost")).collect();
    let actors = hosts.iter().map(|host| peer.actor(host, "reader"));
    followers(subject, &token, "load1", &peer, actors.collect()).await;
    let mut quiet = Vec::new();
    for wave in 0..WAVES {
        quiet.extend(self::wave(subject, &token, &peer, wave, PEERS).await);
    }
    peer.hang(&hosts[..HANGING]);
    let mut troubled = Vec::new();
    for wave in 0..WAVES {
        troubled.extend(self::wave(subject, &token, &peer, WAVES + wave, PEERS - HANGING).await);
    }
    let quantile = |delays: &mut Vec<Duration>, per_cent: usize| {
        delays.sort_unstable();
        delays[(delays.len() - 1) * per_cent / 100].as_secs_f64() * 1000.0
    };
    for per_cent in [50, 99] {
        let (before, after) = (quantile(&mut quiet, per_cent), quantile(&mut troubled, per_cent));
        println!(
            "a post at its peers, p{per_cent}     {before:8.1} ms, with {HANGING} of {PEERS} hanging {after:8.1} ms at the others   \
             ratio {:4.2}   (aim <= 1.2)",
            after / before
        );
    }
}

/// One post; how long after it was sent each of `expected` peers had it.
async fn wave(subject: &Subject, token: &str, peer: &Peer, number: usize, expected: usize) -> Vec<Duration> {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("status=Wave+number+{number}&visibility=public");
    peer.arrivals.borrow_mut().clear();
    let start = Instant::now();
    let answer = connection.call("POST", "/api/v1/statuses", &headers, body.as_bytes()).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    wait_until(|| peer.arrivals.borrow().len() >= expected).await;
    peer.arrivals.borrow().iter().map(|arrival| *arrival - start).collect()
}

/// A home page of posts as they are: each by another author of another server, with pictures, emoji, tags, a mention and a
/// link, whose preview is there where its page has been read by then.
async fn strangers(subject: &Subject) {
    const AUTHORS: usize = 20;
    let token = subject.token("load1").await;
    let (peer, origin) = (Peer::start().await, format!("http://{}", subject.host));
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let mut send = async |request: Vec<u8>| {
        assert_eq!(connection.send(&request).await.expect("an answer").status, 202, "it is taken");
    };
    for number in 0..AUTHORS {
        let host = format!("s{number}.localhost");
        let actor = peer.actor(&host, "author");
        let account = follow(subject, &token, &format!("@author@{host}:{}", peer.port)).await;
        let follow = json!({ "type": "Follow", "actor": format!("{origin}/users/load1"), "object": actor });
        let accept = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#accept"), "type": "Accept",
            "actor": actor, "object": follow,
        });
        send(peer.signed_post(&subject.host, "/inbox", &actor, &accept)).await;
        let following = |value: &serde_json::Value| value[0]["following"] == true;
        wait_for(subject, &token, &format!("/api/v1/accounts/relationships?id[]={account}"), following).await;
        send(peer.signed_post(&subject.host, "/inbox", &actor, &peer::rich_note(&actor, number, &origin))).await;
    }
    let path = "/api/v1/timelines/home?limit=20";
    let whole = |page: &serde_json::Value| page.as_array().is_some_and(|page| page.len() == AUTHORS);
    wait_for(subject, &token, path, whole).await;
    let bearer = format!("Bearer {token}");
    let request = http::request(&subject.host, "GET", path, &[("authorization", &bearer)], b"");
    let answer = connection.send(&request).await.expect("an answer");
    let (bytes, cards) = (answer.text().len(), answer.text().matches("\"card\":{").count());
    let stretch = Stretch::begin(subject);
    let count = closed_loop(&subject.host, 16, move |_| request.clone()).await;
    stretch.report(subject, &format!("home, {AUTHORS} authors, {} KB", bytes / 1000), count, "<= 0.1 ms");
    println!("previews on that page      {cards:8}");
}

async fn home(subject: &Subject, token: &str) {
    let request = http::request(
        &subject.host,
        "GET",
        "/api/v1/timelines/home?limit=20",
        &[("authorization", &format!("Bearer {token}"))],
        b"",
    );
    let stretch = Stretch::begin(subject);
    let count = closed_loop(&subject.host, 16, move |_| request.clone()).await;
    stretch.report(subject, "home reads, 20 statuses", count, ">= 20000, <= 0.08 ms");
}

async fn inbound(subject: &Subject, token: &str) {
    let peer = Peer::start().await;
    let origin = format!("http://{}", subject.host);
    let host = format!("peer.localhost:{}", peer.port);
    let actor = peer.actor("peer.localhost", "writer");
    let account = follow(subject, token, &format!("@writer@{host}")).await;
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#accept"), "type": "Accept",
        "actor": actor,
        "object": { "type": "Follow", "actor": format!("{origin}/users/load0"), "object": actor },
    });
    let accept = peer.signed_post(&subject.host, "/inbox", &actor, &accept);
    assert_eq!(connection.send(&accept).await.expect("an answer").status, 202, "the Accept is taken");
    let following = |value: &serde_json::Value| value[0]["following"] == true;
    wait_for(subject, token, &format!("/api/v1/accounts/relationships?id[]={account}"), following).await;

    let requests: Vec<Vec<u8>> = (0..NOTES).map(|number| note(&peer, &subject.host, &actor, number)).collect();
    let stretch = Stretch::begin(subject);
    let requests = Rc::new(requests);
    let mut tasks = JoinSet::new();
    const SENDERS: usize = 16;
    for sender in 0..SENDERS {
        let (requests, host) = (requests.clone(), subject.host.clone());
        tasks.spawn_local(async move {
            let mut connection = Connection::open(&host).await.expect("it listens");
            for request in requests.iter().skip(sender).step_by(SENDERS) {
                let answer = connection.send(request).await.expect("an answer");
                assert_eq!(answer.status, 202, "{}", answer.text());
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a sender ran to its end");
    }
    stretch.report(subject, "inbound notes, answered", NOTES as u64, ">= 3000");
    let all = |value: &serde_json::Value| value["statuses_count"].as_u64().is_some_and(|count| count >= NOTES as u64);
    wait_for(subject, token, &format!("/api/v1/accounts/{account}"), all).await;
    stretch.report(subject, "inbound notes, processed", NOTES as u64, ">= 3000, <= 0.3 ms");
}

fn note(peer: &Peer, host: &str, actor: &str, number: usize) -> Vec<u8> {
    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
    let id = format!("{actor}/statuses/{number}");
    let cc = [format!("{actor}/followers")];
    let activity = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", { "sensitive": "as:sensitive" }],
        "id": format!("{id}/activity"), "type": "Create", "actor": actor, "to": [PUBLIC], "cc": cc,
        "object": {
            "id": id, "type": "Note", "attributedTo": actor, "to": [PUBLIC], "cc": cc, "sensitive": false,
            "published": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "content": format!("<p>Note number {number}, with a few <strong>words</strong> and \
                <a href=\"https://example.org/{number}\" rel=\"nofollow\">a link</a> to read. It rains on the rock, \
                the dassies sit inside and wait for the evening sun to come back.</p>"),
            "contentMap": {}, "url": id, "attachment": [], "tag": [],
        },
    });
    peer.signed_post(host, "/inbox", actor, &activity)
}

async fn deliveries(subject: &Subject, token: &str) {
    let peer = Peer::start().await;
    let actors = (0..HOSTS * ACTORS)
        .map(|number| peer.actor(&format!("h{}.localhost", number / ACTORS), &format!("a{}", number % ACTORS)));
    followers(subject, token, "load0", &peer, actors.collect()).await;
    let accepts = peer.received.load(Ordering::Relaxed);

    let wanted = accepts + (HOSTS * ACTORS * POSTS) as u64;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let stretch = Stretch::begin(subject);
    for number in 0..POSTS {
        let body = format!("status=For+many+hosts,+number+{number}&visibility=public");
        let answer = connection.call("POST", "/api/v1/statuses", &headers, body.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    wait_until(|| peer.received.load(Ordering::Relaxed) >= wanted).await;
    stretch.report(subject, "deliveries, kept connections", wanted - accepts, ">= 3000, <= 0.1 ms + signature");
}

/// Lets all `actors` follow the local account `name`, and waits until each has got its Accept.
async fn followers(subject: &Subject, token: &str, name: &str, peer: &Peer, actors: Vec<String>) {
    let target = format!("http://{}/users/{name}", subject.host);
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let wanted = actors.len() as u64;
    for actor in actors {
        let follow = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#follow"), "type": "Follow",
            "actor": actor, "object": target,
        });
        let request = peer.signed_post(&subject.host, &format!("/users/{name}/inbox"), &actor, &follow);
        assert_eq!(connection.send(&request).await.expect("an answer").status, 202, "the Follow is taken");
    }
    let followed = |value: &serde_json::Value| value["followers_count"].as_u64().is_some_and(|count| count >= wanted);
    wait_for(subject, token, "/api/v1/accounts/verify_credentials", followed).await;
    wait_until(|| peer.received.load(Ordering::Relaxed) >= wanted).await;
}

/// Follows a remote account by its handle and answers its id.
async fn follow(subject: &Subject, token: &str, handle: &str) -> String {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let handle = percent_encoding::utf8_percent_encode(handle, percent_encoding::NON_ALPHANUMERIC);
    let path = format!("/api/v2/search?resolve=true&type=accounts&q={handle}");
    let found = connection.call("GET", &path, &headers, b"").await.expect("an answer").json();
    let id = found["accounts"][0]["id"].as_str().unwrap_or_else(|| panic!("not resolved: {found}")).to_owned();
    let answer = connection.call("POST", &format!("/api/v1/accounts/{id}/follow"), &headers, b"").await;
    assert_eq!(answer.expect("an answer").status, 200);
    id
}

async fn wait_for(subject: &Subject, token: &str, path: &str, condition: impl Fn(&serde_json::Value) -> bool) {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let bearer = format!("Bearer {token}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = connection.call("GET", path, &[("authorization", &bearer)], b"").await.expect("an answer");
        if answer.status == 200 && condition(&answer.json()) {
            return;
        }
        assert!(Instant::now() < deadline, "{path} after {PATIENCE:?}: {}", answer.text());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "not reached after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
