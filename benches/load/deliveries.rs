//! What goes out: on kept connections, and while some peers hang.

use crate::{Stretch, http::Connection, peer::Peer, post, quantile, subject::Subject, wait_for, wait_until};
use serde_json::json;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// Hosts and actors on each that follow the local account, and what it posts for them.
const HOSTS: usize = 50;
const ACTORS: usize = 4;
const POSTS: usize = 20;

pub(crate) async fn deliveries(subject: &Subject, token: &str) {
    let peer = Peer::start().await;
    let actors = (0..HOSTS * ACTORS)
        .map(|number| peer.actor(&format!("h{}.localhost", number / ACTORS), &format!("a{}", number % ACTORS)));
    followers(subject, token, "load0", &peer, actors.collect()).await;
    let accepts = peer.received.load(Ordering::Relaxed);

    let wanted = accepts + (HOSTS * ACTORS * POSTS) as u64;
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let stretch = Stretch::begin(subject);
    for number in 0..POSTS {
        post(&mut connection, token, &format!("For+many+hosts,+number+{number}")).await;
    }
    wait_until(|| peer.received.load(Ordering::Relaxed) >= wanted).await;
    stretch.report(subject, "deliveries, kept connections", wanted - accepts, ">= 3000, <= 0.1 ms + signature");
}

/// 100 peers, then 10 of them hang: what the other 90 notice.
pub(crate) async fn outage(subject: &Subject) {
    const PEERS: usize = 100;
    const HANGING: usize = 10;
    const WAVES: usize = 30;
    let token = subject.token("load1").await;
    let peer = Peer::start().await;
    let hosts: Vec<String> = (0..PEERS).map(|number| format!("g{number}.localhost")).collect();
    let actors = hosts.iter().map(|host| peer.actor(host, "reader"));
    followers(subject, &token, "load1", &peer, actors.collect()).await;
    let mut quiet = Vec::new();
    for number in 0..WAVES {
        quiet.extend(wave(subject, &token, &peer, number, PEERS).await);
    }
    peer.hang(&hosts[..HANGING]);
    let mut troubled = Vec::new();
    for number in 0..WAVES {
        troubled.extend(wave(subject, &token, &peer, WAVES + number, PEERS - HANGING).await);
    }
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
    peer.arrivals.borrow_mut().clear();
    let start = Instant::now();
    post(&mut connection, token, &format!("Wave+number+{number}")).await;
    wait_until(|| peer.arrivals.borrow().len() >= expected).await;
    peer.arrivals.borrow().iter().map(|arrival| *arrival - start).collect()
}

/// Lets all `actors` follow the local account `name`, and waits until each has got its Accept.
async fn followers(subject: &Subject, token: &str, name: &str, peer: &Peer, actors: Vec<String>) {
    let before = peer.received.load(Ordering::Relaxed);
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let wanted = actors.len() as u64;
    for actor in actors {
        let request = follow(subject, peer, &actor, name);
        assert_eq!(connection.send(&request).await.expect("an answer").status, 202, "the Follow is taken");
    }
    wait_until(|| peer.received.load(Ordering::Relaxed) >= before + wanted).await;
    let followed = |value: &serde_json::Value| value["followers_count"].as_u64().is_some_and(|count| count >= wanted);
    wait_for(subject, token, "/api/v1/accounts/verify_credentials", followed).await;
}

/// The bytes of a Follow of the local account `name` by `actor`.
pub(crate) fn follow(subject: &Subject, peer: &Peer, actor: &str, name: &str) -> Vec<u8> {
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#follow"), "type": "Follow",
        "actor": actor, "object": format!("http://{}/users/{name}", subject.host),
    });
    peer.signed_post(&subject.host, &format!("/users/{name}/inbox"), actor, &follow)
}
