//! One post to very many: 20 000 servers that take it or hang, and 350 000 followers. The followers are put into the store
//! before it is served, through the rules that Follows go through.

use crate::{PATIENCE, Stretch, http::Connection, peer::Peer, post, quantile, subject::Subject};
use dassie::account::accept::{RemoteAccount, accept};
use std::{
    rc::Rc,
    sync::{atomic::Ordering, mpsc},
    time::{Duration, Instant},
};
use storage::{
    Store, Tx,
    account::{self, Endpoints},
    peer::{number_inbox, target_of},
    relationship::{self, Follow},
};

const HOSTS: usize = 20_000;
const FOLLOWERS: usize = 350_000;
/// Sockets that stand for all the hosts.
const PEERS: usize = 4;
/// Followers put into one transaction, and transactions under way.
const FILLED_AT_ONCE: usize = 16;
const FILLS: usize = 64;
/// Posts to everybody.
const POSTS: usize = 3;

/// One follower on each of 20 000 servers: what a post costs until all have it, and what it costs to queue it.
pub(crate) async fn crowd() {
    let peers = peers().await;
    let (subject, token) = filled(&peers, HOSTS).await;
    let received = || peers.iter().map(|peer| peer.received.load(Ordering::Relaxed)).sum::<u64>();
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    for number in 0..POSTS {
        peers.iter().for_each(|peer| peer.arrivals.borrow_mut().clear());
        let wanted = received() + HOSTS as u64;
        let stretch = Stretch::begin(&subject);
        let start = Instant::now();
        post(&mut connection, &token, &format!("For+20000+hosts,+number+{number}")).await;
        let answered = start.elapsed();
        crate::wait_until(|| received() >= wanted).await;
        let mut delays: Vec<Duration> = Vec::new();
        for peer in &peers {
            delays.extend(peer.arrivals.borrow().iter().map(|arrival| arrival.saturating_duration_since(start)));
        }
        stretch.report(&subject, "a post to 20 000 hosts", HOSTS as u64, ">= 3000");
        println!(
            "  answered after {:.1} ms, first delivery {:.1} ms (aim <= 50), half {:.0} ms, last {:.0} ms",
            answered.as_secs_f64() * 1e3,
            quantile(&mut delays, 0),
            quantile(&mut delays, 50),
            quantile(&mut delays, 100),
        );
    }
    println!("  audiences (inboxes, ms)   {:?}   peak memory {:.1} MiB", subject.audiences(), subject.peak_mib());
    peers.iter().for_each(|peer| peer.hang_all());
    queue(&subject, &token, "a post to 20 000 queued", "<= 100 ms, <= 1 MiB").await;
}

/// 350 000 followers on 20 000 servers, none of which answers: how long it takes to know all inboxes, and the memory.
pub(crate) async fn audience() {
    let peers = peers().await;
    let began = Instant::now();
    let (subject, token) = filled(&peers, FOLLOWERS).await;
    println!("{FOLLOWERS} followers in store after {:.0} s", began.elapsed().as_secs_f64());
    peers.iter().for_each(|peer| peer.hang_all());
    let before = subject.resident_mib();
    for _ in 0..2 {
        queue(&subject, &token, "350 000 followers planned", "<= 2 s").await;
    }
    println!("  resident memory {before:.1} MiB before, {:.1} MiB at its peak", subject.peak_mib());
}

/// One post; waits until all its inboxes are known.
async fn queue(subject: &Subject, token: &str, what: &str, aim: &str) {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let known = subject.audiences().len();
    let before = subject.usage();
    let start = Instant::now();
    post(&mut connection, token, "For+very+many").await;
    let deadline = Instant::now() + PATIENCE;
    while subject.audiences().len() <= known {
        assert!(Instant::now() < deadline, "not planned after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (took, after) = (start.elapsed(), subject.usage());
    let (inboxes, ms) = subject.audiences().last().copied().unwrap_or_default();
    println!(
        "{what:27} {:8.1} ms, {ms} ms of that after the post; {inboxes} inboxes; server {:.0} ms; device {:.2} MiB   (aim {aim})",
        took.as_secs_f64() * 1e3,
        (after.cpu - before.cpu).as_secs_f64() * 1e3,
        (after.device_bytes - before.device_bytes) as f64 / f64::from(1 << 20),
    );
}

async fn peers() -> Vec<Rc<Peer>> {
    let mut peers = Vec::new();
    for _ in 0..PEERS {
        peers.push(Peer::start().await);
    }
    peers
}

async fn filled(peers: &[Rc<Peer>], followers: usize) -> (Subject, String) {
    let ports: Vec<u16> = peers.iter().map(|peer| peer.port).collect();
    let subject = Subject::filled(&["load0"], |store| fill(store, followers, &ports)).await;
    let token = subject.token("load0").await;
    (subject, token)
}

fn fill(store: &Store, followers: usize, ports: &[u16]) {
    let find = |view: &storage::View<'_>| account::find_by_name(view, "load0", None);
    let target = store.read(find).expect("a view").expect("somebody").id;
    let (done, ended) = mpsc::channel();
    let mut under_way = 0;
    for first in (0..followers).step_by(FILLED_AT_ONCE) {
        if under_way == FILLS {
            ended.recv().expect("an answer");
            under_way -= 1;
        }
        let (done, ports) = (done.clone(), ports.to_vec());
        let rule = move |tx: &mut Tx<'_>| -> dassie::error::Result<()> {
            for number in first..(first + FILLED_AT_ONCE).min(followers) {
                let id = accept(tx, &follower(number, &ports))?;
                let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
                relationship::put(tx, id, target, &follow)?;
                // The Accept went there.
                let account = account::find(tx, id)?.expect("it was just stored");
                if let Some(target) = target_of(tx, &account)? {
                    number_inbox(tx, &target)?;
                }
            }
            Ok(())
        };
        store.submit(rule, move |stored| {
            stored.expect("followers are stored");
            done.send(()).expect("somebody waits");
        });
        under_way += 1;
    }
    (0..under_way).for_each(|_| ended.recv().expect("an answer"));
}

fn follower(number: usize, ports: &[u16]) -> RemoteAccount {
    let host = number % HOSTS;
    let domain = format!("p{host}.localhost:{}", ports[host % ports.len()]);
    let uri = format!("http://{domain}/users/reader{number}");
    RemoteAccount {
        url: Some(format!("http://{domain}/@reader{number}")),
        display_name: format!("Reader {number}"),
        note: "<p>reads about tea, and now and then about rocks in the sun</p>".to_owned(),
        discoverable: Some(true),
        endpoints: Endpoints {
            inbox: format!("{uri}/inbox"),
            shared_inbox: Some(format!("http://{domain}/inbox")),
            followers: Some(format!("{uri}/followers")),
            ..Endpoints::default()
        },
        ..RemoteAccount::bare(&uri, &format!("reader{number}"), &domain)
    }
}
