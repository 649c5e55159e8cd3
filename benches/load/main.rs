//! What the real binary does under load, in ratios and processor time per operation: printed, never asserted.
//!
//! `cargo bench --bench load [-- posts|steady|home|authors|inbound|strangers|deliveries|outage|streams|thread|profile|crowd|audience|storm …]` — the
//! driver's own processor time is reported apart; it shares the cores. The last three fill a store of their own and run only
//! when they are named.

mod authors;
mod crowd;
mod deliveries;
mod http;
mod inbound;
mod pages;
mod peer;
mod storm;
mod streams;
mod subject;

use http::Connection;
use std::{
    cell::Cell,
    fs,
    rc::Rc,
    time::{Duration, Instant},
};
use subject::{Subject, Usage};
use tokio::task::{JoinSet, LocalSet};

/// How long a closed loop of clients runs.
const LOOP: Duration = Duration::from_secs(4);
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
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_named = |part: &str| named.iter().any(|name| name == part);
    if is_named("crowd") {
        crowd::crowd().await;
    }
    if is_named("audience") {
        crowd::audience().await;
    }
    if is_named("storm") {
        storm::storm().await;
    }
    if !named.is_empty() && named.iter().all(|name| matches!(name.as_str(), "crowd" | "audience" | "storm")) {
        return;
    }
    println!("binary                      {:8.1} MB (aim <= 25)", subject::binary_mb());
    let subject = Subject::start(&["load0", "load1", "load2"]).await;
    println!("first start                 {:8.3} s (aim <= 0.3)", subject.started_in.as_secs_f64());
    println!("idle resident memory        {:8.1} MiB (aim <= 30)", subject.idle_mib);
    let token = subject.token("load0").await;
    let wanted = |part: &str| named.is_empty() || is_named(part);
    if wanted("posts") {
        for clients in [1, 8, 64] {
            posts(&subject, &token, clients).await;
        }
    }
    if wanted("steady") {
        steady(&subject, &token).await;
    }
    if wanted("inbound") {
        inbound::known(&subject, &token).await;
    }
    if wanted("home") {
        home(&subject, &token).await;
    }
    if wanted("authors") {
        authors::authors(&subject).await;
    }
    if wanted("strangers") {
        inbound::strangers(&subject, &token).await;
    }
    if wanted("deliveries") {
        deliveries::deliveries(&subject, &token).await;
    }
    if wanted("streams") {
        streams::streams(&subject, &token).await;
    }
    if wanted("thread") {
        pages::thread(&subject).await;
    }
    if wanted("profile") {
        pages::profile(&subject, &token).await;
    }
    if wanted("outage") {
        deliveries::outage(&subject).await;
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

/// In milliseconds.
fn quantile(times: &mut [Duration], per_cent: usize) -> f64 {
    times.sort_unstable();
    let at = times.len().saturating_sub(1) * per_cent / 100;
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
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
    let stretch = Stretch::begin(subject);
    let start = Instant::now();
    for number in 0..POSTS_PER_SECOND * SECONDS {
        tokio::time::sleep_until((start + Duration::from_secs(1) * number / POSTS_PER_SECOND).into()).await;
        post(&mut connection, token, &format!("Steady+post+number+{number}+with+some+words")).await;
    }
    let count = u64::from(POSTS_PER_SECOND * SECONDS);
    stretch.report(subject, "posts, 300 a second", count, "<= 25 KB to the device each");
}

/// One public post; answers its id.
async fn post(connection: &mut Connection, token: &str, text: &str) -> String {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("status={text}&visibility=public");
    let answer = connection.call("POST", "/api/v1/statuses", &headers, body.as_bytes()).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
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
