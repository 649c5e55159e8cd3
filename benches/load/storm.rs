//! A boost storm: somebody with followers everywhere boosts one of our posts, and 2 000 servers fetch it, its author and its
//! thread at once, while somebody reads their home timeline here. Then again where documents are given only to who signs:
//! with keys that nobody knows here yet, and with known ones.

use crate::{
    PATIENCE,
    http::{self, Connection},
    own_cpu,
    peer::Peer,
    post, quantile,
    subject::Subject,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const SERVERS: usize = 2_000;
/// How long a large server takes to tell them all, at a thousand deliveries a second.
const DELIVERED: Duration = Duration::from_secs(2);
const REPLIES: usize = 10;
/// Between two looks at the home timeline.
const GLANCE: Duration = Duration::from_millis(10);
/// Looks without a storm.
const QUIET: usize = 200;
/// When whoever was turned away comes again, and how often.
const AGAIN: Duration = Duration::from_millis(200);
const TRIES: u32 = 100;

/// How the storm went.
#[derive(Default)]
struct Storm {
    /// How long each document took, from when it was asked for.
    answered: RefCell<Vec<Duration>>,
    /// Connections that were refused or closed.
    turned_away: Cell<u64>,
    /// Answers that said to come again.
    later: Cell<u64>,
    over: Cell<bool>,
}

pub(crate) async fn storm() {
    let subject = Subject::start(&["load0", "load1"]).await;
    let token = subject.token("load0").await;
    let peer = Peer::start().await;
    let paths = thread(&subject, &token).await;
    let mut quiet = Vec::new();
    let mut reader = Connection::open(&subject.host).await.expect("it listens");
    for _ in 0..QUIET {
        quiet.push(look(&mut reader, &subject, &token).await);
        tokio::time::sleep(GLANCE).await;
    }
    println!(
        "home timeline, no storm     p50 {:6.2} ms, p99 {:6.2} ms",
        quantile(&mut quiet, 50),
        quantile(&mut quiet, 99)
    );
    let at_once = Duration::ZERO;
    blow(&subject, &token, &peer, "b", &paths, "storm, open to everybody", DELIVERED).await;
    blow(&subject, &token, &peer, "b", &paths, "the same in one instant", at_once).await;
    subject.command(&["domain", "authorized-fetch", "on"]);
    blow(&subject, &token, &peer, "c", &paths, "storm, signed, cold keys", DELIVERED).await;
    blow(&subject, &token, &peer, "c", &paths, "storm, signed, known keys", DELIVERED).await;
    blow(&subject, &token, &peer, "c", &paths, "the same in one instant", at_once).await;
    println!("resident memory afterwards  {:8.1} MiB, {:.1} at its peak", subject.resident_mib(), subject.peak_mib());
}

/// A post with replies; the paths that servers fetch of it.
async fn thread(subject: &Subject, token: &str) -> Rc<[String; 3]> {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let id = post(&mut connection, token, "Look+at+this+rock").await;
    for number in 0..REPLIES {
        post(&mut connection, token, &format!("It+is+a+fine+rock,+reason+{number}&in_reply_to_id={id}")).await;
    }
    let note = format!("/users/load0/statuses/{id}");
    Rc::new([note.clone(), "/users/load0".to_owned(), format!("{note}/replies?page=true")])
}

/// How long a look at the home timeline takes, on a new connection if the old one was closed.
async fn look(connection: &mut Connection, subject: &Subject, token: &str) -> Duration {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let request = http::request(&subject.host, "GET", "/api/v1/timelines/home?limit=20", &headers, b"");
    let start = Instant::now();
    let answer = loop {
        match connection.send(&request).await {
            Ok(answer) => break answer,
            Err(_) if start.elapsed() < PATIENCE => {
                if let Ok(fresh) = Connection::open(&subject.host).await {
                    *connection = fresh;
                }
            }
            Err(error) => panic!("no answer: {error}"),
        }
    };
    assert_eq!(answer.status, 200, "{}", answer.text());
    start.elapsed()
}

/// All servers hear of the post within `heard`, and ask at once.
async fn blow(
    subject: &Subject,
    token: &str,
    peer: &Peer,
    first: &str,
    paths: &[String; 3],
    what: &str,
    heard: Duration,
) {
    let signed: Vec<[Vec<u8>; 3]> = (0..SERVERS)
        .map(|number| {
            let actor = peer.actor(&format!("{first}{number}.localhost"), "relay");
            [0, 1, 2].map(|path| peer.signed_get(&subject.host, &paths[path], &actor))
        })
        .collect();
    let storm = Rc::new(Storm::default());
    let reads = {
        let (storm, token) = (storm.clone(), token.to_owned());
        let mut reader = Connection::open(&subject.host).await.expect("it listens");
        async move {
            let mut reads = Vec::new();
            while !storm.over.get() {
                reads.push(look(&mut reader, subject, &token).await);
                tokio::time::sleep(GLANCE).await;
            }
            reads
        }
    };
    let (before, own, start) = (subject.usage(), own_cpu(), Instant::now());
    let servers = {
        let (storm, host) = (storm.clone(), subject.host.clone());
        async move {
            let mut tasks = JoinSet::new();
            for (number, requests) in (0_u32..).zip(signed) {
                let (storm, host) = (storm.clone(), host.clone());
                let hears = start + heard * number / SERVERS as u32;
                tasks.spawn_local(async move {
                    tokio::time::sleep_until(hears.into()).await;
                    fetch(&host, &requests, &storm).await;
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.expect("a server got what it wanted");
            }
            storm.over.set(true);
        }
    };
    let ((), mut reads) = tokio::join!(servers, reads);
    let (took, after) = (start.elapsed(), subject.usage());
    let mut answered = storm.answered.borrow_mut();
    let count = answered.len() as f64;
    println!(
        "{what:27} p50 {:6.1} ms, p99 {:6.1} ms (aim <= 100), last {:6.1} ms; {count:.0} documents in {:.2} s; server {:.3} ms, \
         driver {:.3} ms each; {} connections refused, {} answers to come again\n\
         {:27} p50 {:6.2} ms, p99 {:6.2} ms",
        quantile(&mut answered, 50),
        quantile(&mut answered, 99),
        quantile(&mut answered, 100),
        took.as_secs_f64(),
        (after.cpu - before.cpu).as_secs_f64() * 1e3 / count,
        (own_cpu() - own).as_secs_f64() * 1e3 / count,
        storm.turned_away.get(),
        storm.later.get(),
        "  home timeline meanwhile",
        quantile(&mut reads, 50),
        quantile(&mut reads, 99),
    );
}

/// One server: the post, its author, its thread, on one connection; whoever is turned away comes again.
async fn fetch(host: &str, requests: &[Vec<u8>; 3], storm: &Storm) {
    let mut connection: Option<Connection> = None;
    for request in requests {
        let start = Instant::now();
        for attempt in 0.. {
            assert!(attempt < TRIES, "never answered");
            let kept = connection.is_some();
            let opened = match connection.take() {
                Some(open) => Ok(open),
                None => Connection::open(host).await,
            };
            let asked = async {
                let mut open = opened?;
                let answer = open.send(request).await?;
                std::io::Result::Ok((open, answer))
            };
            match asked.await {
                Ok((open, answer)) if answer.status == 200 => {
                    assert!(answer.body.starts_with(b"{\"@context\""), "{}", answer.text());
                    connection = Some(open);
                    break;
                }
                Ok((_, answer)) => {
                    assert!(matches!(answer.status, 502 | 503), "{} {}", answer.status, answer.text());
                    storm.later.set(storm.later.get() + 1);
                }
                // A kept connection may have been closed since: as every client does, once more on a new one.
                Err(_) if kept => continue,
                Err(_) => storm.turned_away.set(storm.turned_away.get() + 1),
            }
            tokio::time::sleep(AGAIN).await;
        }
        storm.answered.borrow_mut().push(start.elapsed());
    }
}
