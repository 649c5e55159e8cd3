//! What comes in: notes of people who are followed here, and Follows of strangers whose servers must be asked first.

use crate::{Stretch, deliveries, http::Connection, peer::Peer, quantile, subject::Subject, wait_for};
use serde_json::{Value, json};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Notes sent to the inbox, the authors they are of, and the hosts these live on.
const NOTES: usize = 8_000;
const AUTHORS: usize = 16;
const AUTHORS_HOSTS: usize = 8;
/// Connections that carry them.
const SENDERS: usize = 16;
/// Strangers who follow somebody here, and the hosts they live on.
const STRANGERS: usize = 2_000;
const STRANGERS_HOSTS: usize = 250;
/// Connections that carry their Follows.
const STRANGE_SENDERS: usize = 64;
/// Hosts that take a request for a key and never answer, and requests signed with keys of each.
const HANGING_HOSTS: usize = 8;
const HELD_EACH: usize = 30;
/// How long it is looked at what somebody's posts take while nobody knocks; the pause between two, and a friend's notes at
/// most in each round.
const QUIET: Duration = Duration::from_secs(3);
const GLANCE: Duration = Duration::from_millis(10);
const FRIENDS_NOTES: usize = 600;

/// Notes with known keys, of several authors on several hosts whom somebody here follows.
pub(crate) async fn known(subject: &Subject, token: &str) {
    let peer = Peer::start().await;
    let authors: Vec<String> = (0..AUTHORS)
        .map(|number| peer.actor(&format!("w{}.localhost", number % AUTHORS_HOSTS), &format!("writer{number}")))
        .collect();
    let mut accounts = Vec::new();
    for author in &authors {
        accounts.push(befriend(subject, token, &peer, author).await);
    }
    let published = jiff::Timestamp::now();
    let notes = (0..NOTES).map(|number| note(&peer, &subject.host, &authors[number % AUTHORS], number, published));
    let requests: Rc<Vec<Vec<u8>>> = Rc::new(notes.collect());
    let stretch = Stretch::begin(subject);
    let mut tasks = JoinSet::new();
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
    let each = (NOTES / AUTHORS) as u64;
    let all = |value: &Value| value["statuses_count"].as_u64().is_some_and(|count| count >= each);
    for account in &accounts {
        wait_for(subject, token, &format!("/api/v1/accounts/{account}"), all).await;
    }
    stretch.report(subject, "inbound notes, processed", NOTES as u64, ">= 3000, <= 0.3 ms");
}

/// Follows a remote account and has its server accept; answers its id.
pub(crate) async fn befriend(subject: &Subject, token: &str, peer: &Peer, actor: &str) -> String {
    let (host, name) = actor.trim_start_matches("http://").split_once("/users/").expect("an actor");
    let account = find_and_follow(subject, token, &format!("@{name}@{host}")).await;
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#accept"), "type": "Accept",
        "actor": actor,
        "object": { "type": "Follow", "actor": format!("http://{}/users/load0", subject.host), "object": actor },
    });
    let accept = peer.signed_post(&subject.host, "/inbox", actor, &accept);
    assert_eq!(connection.send(&accept).await.expect("an answer").status, 202, "the Accept is taken");
    let following = |value: &Value| value[0]["following"] == true;
    wait_for(subject, token, &format!("/api/v1/accounts/relationships?id[]={account}"), following).await;
    account
}

/// Follows a remote account by its handle and answers its id.
async fn find_and_follow(subject: &Subject, token: &str, handle: &str) -> String {
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

fn note(peer: &Peer, host: &str, actor: &str, number: usize, published: jiff::Timestamp) -> Vec<u8> {
    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
    let id = format!("{actor}/statuses/{number}");
    let cc = [format!("{actor}/followers")];
    let activity = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", { "sensitive": "as:sensitive" }],
        "id": format!("{id}/activity"), "type": "Create", "actor": actor, "to": [PUBLIC], "cc": cc,
        "object": {
            "id": id, "type": "Note", "attributedTo": actor, "to": [PUBLIC], "cc": cc, "sensitive": false,
            "published": published.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "content": format!("<p>Note number {number}, with a few <strong>words</strong> and \
                <a href=\"https://example.org/{number}\" rel=\"nofollow\">a link</a> to read. It rains on the rock, \
                the dassies sit inside and wait for the evening sun to come back.</p>"),
            "contentMap": {}, "url": id, "attachment": [], "tag": [],
        },
    });
    peer.signed_post(host, "/inbox", actor, &activity)
}

/// What became of Follows that were sent.
#[derive(Default)]
struct Sent {
    /// How long each request was held, whatever the answer.
    held: RefCell<Vec<Duration>>,
    /// Those that must come again, because their keys were not there yet.
    again: Cell<u64>,
}

/// Follows of strangers: alone, and while others are signed with keys of hosts that hang. Meanwhile somebody posts, and
/// somebody posts whom they follow.
pub(crate) async fn strangers(subject: &Subject, token: &str) {
    let peer = Peer::start().await;
    let author = peer.actor("known.localhost", "friend");
    befriend(subject, token, &peer, &author).await;
    let friend = |first: usize| {
        // A date ahead counts as when it came: what was signed beforehand stands above what was posted before it.
        let ahead = jiff::Timestamp::now() + jiff::Span::new().hours(1);
        let notes = (first..first + FRIENDS_NOTES).map(|number| note(&peer, &subject.host, &author, number, ahead));
        Friend {
            host: subject.host.clone(),
            token: token.to_owned(),
            author: author.clone(),
            first,
            notes: notes.collect(),
        }
    };
    let quiet = friend(0).begin();
    tokio::time::sleep(QUIET).await;
    quiet.end().tell("nobody knocks");
    let one = |first: &str, number: usize| {
        peer.actor(&format!("{first}{}.localhost", number % STRANGERS_HOSTS), &format!("s{number}"))
    };
    let rounds = [("u", "follows of strangers", false), ("v", "the same, others hanging", true)];
    for (number, (first, what, troubled)) in (1..).zip(rounds) {
        let friend = friend(number * FRIENDS_NOTES);
        let follows = (0..STRANGERS).map(|number| deliveries::follow(subject, &peer, &one(first, number), "load2"));
        let follows: VecDeque<Vec<u8>> = follows.collect();
        let (asked, accepted) = (peer.asked.load(Ordering::Relaxed), peer.received.load(Ordering::Relaxed));
        let held = if troubled { hold(subject, &peer) } else { Vec::new() };
        let mut holding = JoinSet::new();
        let meanwhile = friend.begin();
        let stretch = Stretch::begin(subject);
        let slow = Rc::new(Sent::default());
        for request in held {
            let (host, slow) = (subject.host.clone(), slow.clone());
            holding.spawn_local(async move { send(&host, &RefCell::new([request].into()), &slow, 0).await });
        }
        let sent = Rc::new(Sent::default());
        let queue = Rc::new(RefCell::new(follows));
        let mut tasks = JoinSet::new();
        for _ in 0..STRANGE_SENDERS {
            let (host, queue, sent) = (subject.host.clone(), queue.clone(), sent.clone());
            tasks.spawn_local(async move { send(&host, &queue, &sent, 10).await });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("a sender ran to its end");
        }
        stretch.report(subject, &format!("{what}, answered"), STRANGERS as u64, ">= 400");
        crate::wait_until(|| peer.received.load(Ordering::Relaxed) >= accepted + STRANGERS as u64).await;
        stretch.report(subject, &format!("{what}, accepted"), STRANGERS as u64, ">= 400");
        meanwhile.end().tell("meanwhile");
        while let Some(ended) = holding.join_next().await {
            ended.expect("a sender ran to its end");
        }
        let fetches = (peer.asked.load(Ordering::Relaxed) - asked) as f64 / STRANGERS as f64;
        let mut held = sent.held.take();
        println!(
            "  {fetches:.2} fetches each (aim <= 3); held p50 {:.1} ms, p99 {:.1} ms; {} came again",
            quantile(&mut held, 50),
            quantile(&mut held, 99),
            sent.again.get(),
        );
        if troubled {
            println!(
                "  {} requests whose keys hang: held at most {:.0} ms, {} of them to come again",
                HANGING_HOSTS * HELD_EACH,
                quantile(&mut slow.held.borrow_mut(), 100),
                slow.again.get(),
            );
        }
    }
}

/// Somebody who posts and has a friend elsewhere who does; on a thread of their own, because the other servers and those who
/// knock share one.
struct Friend {
    host: String,
    token: String,
    author: String,
    first: usize,
    notes: Vec<Vec<u8>>,
}

/// It goes on until it is ended.
struct Going {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Waits>,
}

/// How long those waited who have nothing to do with strangers.
#[derive(Default)]
struct Waits {
    /// For the answer to a post.
    posted: Vec<Duration>,
    /// For the answer to a friend's note, and until it stood in the home timeline.
    heard: Vec<Duration>,
    shown: Vec<Duration>,
}

impl Friend {
    fn begin(self) -> Going {
        let over = Arc::new(AtomicBool::new(false));
        let until = over.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Going { over, thread: thread::spawn(move || runtime.block_on(self.live(&until))) }
    }

    /// Posts, and hears of a friend, in turn.
    async fn live(self, over: &AtomicBool) -> Waits {
        let mut waits = Waits::default();
        let mut own = Connection::open(&self.host).await.expect("it listens");
        let mut theirs = Connection::open(&self.host).await.expect("it listens");
        let bearer = format!("Bearer {}", self.token);
        for (number, note) in (self.first..).zip(&self.notes) {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let start = Instant::now();
            crate::post(&mut own, &self.token, &format!("Meanwhile+number+{number}")).await;
            waits.posted.push(start.elapsed());
            let start = Instant::now();
            assert_eq!(theirs.send(note).await.expect("an answer").status, 202);
            waits.heard.push(start.elapsed());
            let named = format!("{}/statuses/{number}\"", self.author);
            loop {
                let path = "/api/v1/timelines/home?limit=3";
                let home = own.call("GET", path, &[("authorization", &bearer)], b"").await.expect("an answer");
                if home.text().contains(&named) {
                    break;
                }
                assert!(start.elapsed() < crate::PATIENCE, "never shown: {named}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            waits.shown.push(start.elapsed());
            tokio::time::sleep(GLANCE).await;
        }
        waits
    }
}

impl Going {
    fn end(self) -> Waits {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().expect("it ran to its end")
    }
}

impl Waits {
    fn tell(mut self, when: &str) {
        let mut line = format!("  {when}: {} posts", self.posted.len());
        for (what, times) in
            [("answered", &mut self.posted), ("a friend's heard", &mut self.heard), ("and shown", &mut self.shown)]
        {
            line += &format!("; {what} p50 {:.1} ms, p99 {:.1} ms", quantile(times, 50), quantile(times, 99));
        }
        println!("{line}");
    }
}

/// Follows signed with keys that nobody will ever hand out.
fn hold(subject: &Subject, peer: &Peer) -> Vec<Vec<u8>> {
    let hosts: Vec<String> = (0..HANGING_HOSTS).map(|number| format!("x{number}.localhost")).collect();
    peer.hang(&hosts);
    let actors = (0..HANGING_HOSTS * HELD_EACH)
        .map(|number| peer.actor(&hosts[number % HANGING_HOSTS], &format!("held{number}")));
    actors.map(|actor| deliveries::follow(subject, peer, &actor, "load2")).collect()
}

/// Sends what is queued; what must come again does so after a tenth of a second, at most `again` times each.
async fn send(host: &str, queue: &RefCell<VecDeque<Vec<u8>>>, sent: &Sent, again: u32) {
    let mut connection = Connection::open(host).await.expect("it listens");
    loop {
        let Some(request) = queue.borrow_mut().pop_front() else { return };
        for attempt in 0..=again {
            let start = Instant::now();
            let answer = connection.send(&request).await.expect("an answer");
            sent.held.borrow_mut().push(start.elapsed());
            if answer.status == 202 {
                break;
            }
            assert_eq!(answer.status, 503, "{}", answer.text());
            assert!(answer.header("retry-after").is_some(), "when to come again is said");
            sent.again.set(sent.again.get() + 1);
            assert!(again == 0 || attempt < again, "never taken: {}", answer.text());
            if again > 0 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
