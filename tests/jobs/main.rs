//! Deliveries of a whole server to peers played on loopback sockets: what arrives, in which order, and what a peer that
//! fails, hangs or returns does to the others.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test; its place is what one wants to see")]

mod inbound;
#[path = "../federation/newcomer.rs"]
mod newcomer;
mod peer;
mod silence;
mod steering;

use dassie::{
    clock::{Clock, ManualClock},
    config::Config,
    operate::explain,
    origin::Origin,
    reach::{Lab, Reach, Target},
    running::{Parts, Running},
    server::Server,
};
use peer::{Mood, Peer};
use std::{path::Path, sync::Arc, time::Duration};
use storage::{
    AccountId, ActivityId, Digest, Timestamp,
    account::{self, Account, Endpoints},
    audience::{self, Audience, Stage},
    backup::{Claim, Tenure},
    delivery::{Built, Memory, Priority, Sender},
};
use tempfile::TempDir;

const START: Timestamp = Timestamp(1_767_225_600_000);

async fn start(dir: &Path, lab: &Arc<Lab>, clock: &Arc<ManualClock>) -> Running {
    let origin = Origin::parse("https://here.test", None).unwrap();
    let parts = Parts { clock: Clock::Manual(Arc::clone(clock)), ..Parts::of_system(Reach::Lab(Arc::clone(lab))) };
    Server::start(Config::embedded(dir, Some(origin)), parts).await.unwrap()
}

fn map(lab: &Lab, domain: &str, peer: &Peer) {
    lab.map(domain, Target { address: peer.address, plain: true });
}

/// A server that knows somebody at one peer.
struct Scene {
    clock: Arc<ManualClock>,
    peer: Peer,
    running: Running,
    /// The account there.
    friend: AccountId,
    _dir: TempDir,
}

impl Scene {
    /// The peer is called `domain`, and is in this mood.
    async fn start(domain: &str, mood: Mood) -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
        let peer = Peer::start(mood).await;
        map(&lab, domain, &peer);
        let running = start(dir.path(), &lab, &clock).await;
        let friend = account(&running.server, "a", Some(domain.to_owned())).await;
        Scene { clock, peer, running, friend, _dir: dir }
    }
}

/// An account at `domain`, or here.
async fn account(server: &Server, name: &'static str, domain: Option<String>) -> AccountId {
    let rule = move |tx: &mut storage::Tx<'_>| Ok(put_account(tx, name, domain.as_deref())?);
    server.write(rule).await.unwrap()
}

fn put_account(tx: &mut storage::Tx<'_>, name: &str, domain: Option<&str>) -> storage::Result<AccountId> {
    let (id, now) = (tx.next_id(), tx.now());
    let origin = domain.map(|domain| format!("https://{domain}")).unwrap_or_default();
    let uri = format!("{origin}/users/{name}");
    let endpoints = Endpoints {
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(format!("{origin}/inbox")),
        ..Endpoints::default()
    };
    let row = Account { domain: domain.map(str::to_owned), uri, endpoints, ..Account::bare(id, name, now) };
    account::put(tx, &row)?;
    Ok(id)
}

/// Owes an activity about `object` to these accounts.
async fn tell(server: &Server, number: u64, object: &str, accounts: &[AccountId]) {
    owe(server, number, &format!("https://here.test/activities/{number}"), object, accounts).await;
}

/// Owes the activity at `uri`, which somebody else may have said.
async fn owe(server: &Server, number: u64, uri: &str, object: &str, accounts: &[AccountId]) {
    let rule = owing(number, uri, object, accounts);
    server.write(move |tx| Ok(rule(tx)?)).await.unwrap();
}

/// What owes it, in one transaction.
fn owing(
    number: u64,
    uri: &str,
    object: &str,
    accounts: &[AccountId],
) -> impl Fn(&mut storage::Tx<'_>) -> storage::Result<()> + Send + use<> {
    let built = Built {
        uri: uri.to_owned(),
        object: Digest::of(object),
        bytes: format!("{{\"id\":\"{uri}\"}}").into_bytes(),
        sender: Sender::Instance,
        priority: Priority::Public,
        audience: Audience { accounts: accounts.to_vec(), ..Audience::default() },
    };
    move |tx: &mut storage::Tx<'_>| {
        let id = ActivityId(number);
        let step = audience::gather(tx, id, &built.audience, Stage::Accounts(0))?.unwrap_or_default();
        audience::store(tx, id, &built, Memory::Audience, &step)?;
        Ok(())
    }
}

/// Owes many activities to one account, some in each transaction: their numbers, objects and priorities.
async fn tell_all(server: &Server, told: &[(u64, String, Priority)], friend: AccountId) {
    for part in told.chunks(40) {
        let part = part.to_vec();
        let rule = move |tx: &mut storage::Tx<'_>| {
            for (number, object, priority) in &part {
                let uri = format!("https://here.test/activities/{number}");
                let built = Built {
                    bytes: format!("{{\"id\":\"{uri}\"}}").into_bytes(),
                    uri,
                    object: Digest::of(object),
                    sender: Sender::Instance,
                    priority: *priority,
                    audience: Audience { accounts: vec![friend], ..Audience::default() },
                };
                let id = ActivityId(*number);
                let step = audience::gather(tx, id, &built.audience, Stage::Accounts(0))?.unwrap_or_default();
                audience::store(tx, id, &built, Memory::Audience, &step)?;
            }
            Ok(())
        };
        server.write(rule).await.unwrap();
    }
}

/// Waits until `done`, looking again every few milliseconds.
async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(tokio::time::Instant::now() < deadline, "{what} within 30 s");
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn expected(numbers: std::ops::RangeInclusive<u64>) -> Vec<String> {
    numbers.map(|number| format!("https://here.test/activities/{number}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_down_for_ten_minutes_gets_everything_in_order_also_over_a_restart() {
    /// After so many failures the pauses are ten minutes together.
    const PROBES: usize = 5;
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let down = Peer::start(Mood::Failing(503)).await;
    map(&lab, "down.test", &down);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("down.test".to_owned())).await;
    for number in 1..=5 {
        tell(&running.server, number, "one object", &[friend]).await;
    }
    until("it is written down that it fails", || {
        let peer = running.server.store().read(|view| storage::peer::find(view, "down.test")).unwrap();
        peer.is_some_and(|peer| peer.is_failing())
    })
    .await;
    running.stop().await.unwrap();

    let running = start(dir.path(), &lab, &clock).await;
    for number in 6..=10 {
        tell(&running.server, number, &format!("object {number}"), &[friend]).await;
    }
    for _ in 0..PROBES {
        let seen = down.seen();
        until("it is asked whether it is back", || {
            clock.advance(60_000);
            down.seen() > seen
        })
        .await;
    }
    assert!(down.received().is_empty());
    down.set(Mood::Well);
    let mut minutes = 0;
    until("everything", || {
        if minutes < 400 {
            clock.advance(60_000);
            minutes += 1;
        }
        down.received().len() >= 10
    })
    .await;
    assert_eq!(down.received(), expected(1..=10));
    // The clock may have gone on past the next probe before one was seen; six activities at each of them would be more.
    assert!(down.seen() - 10 <= 1 + 2 * PROBES, "one probe for all: {} requests", down.seen());
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_returns_gets_what_is_direct_before_a_thousand_public_posts_and_nothing_overtakes() {
    const POSTS: u64 = 997;
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let down = Peer::start(Mood::Failing(503)).await;
    map(&lab, "down.test", &down);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("down.test".to_owned())).await;
    let owed = |server: &Server| {
        let peer = server.store().read(|view| storage::peer::find(view, "down.test")).unwrap();
        peer.map_or(0, |peer| u64::from(peer.owed))
    };
    let posts: Vec<_> = (1..=POSTS).map(|number| (number, format!("object {number}"), Priority::Public)).collect();
    tell_all(&running.server, &posts, friend).await;
    until("all posts are owed", || owed(&running.server) == POSTS).await;
    // A direct one, one that is about a post, and one that takes a direct one back.
    let later = [
        (2_000, "direct".to_owned(), Priority::Direct),
        (2_001, "object 500".to_owned(), Priority::Direct),
        (2_002, "direct".to_owned(), Priority::Public),
    ];
    tell_all(&running.server, &later, friend).await;
    until("these, too", || owed(&running.server) == POSTS + 3).await;
    running.stop().await.unwrap();

    let running = start(dir.path(), &lab, &clock).await;
    down.set(Mood::Well);
    clock.advance(60_000);
    for part in 1..=4 {
        let wanted = (POSTS as usize + 3) * part / 4;
        until("a quarter", || down.received().len() >= wanted).await;
    }
    let received = down.received();
    let place = |number: u64| {
        let uri = format!("https://here.test/activities/{number}");
        received.iter().position(|id| *id == uri).unwrap()
    };
    assert!(place(2_000) <= 2, "direct comes first, behind what asked whether it is back: {}", place(2_000));
    assert!(place(2_001) > place(500), "what is about a post comes behind it");
    assert!(place(2_002) > place(2_000), "what takes back comes behind what it takes back");
    let others: Vec<_> = received.iter().filter(|id| !id.contains("/200")).cloned().collect();
    let wanted: Vec<_> = expected(1..=POSTS).into_iter().filter(|id| !id.contains("/200")).collect();
    assert_eq!(others, wanted, "the rest in its order, each once");
    until("nothing is owed", || owed(&running.server) == 0).await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_is_not_sent_again_after_an_orderly_stop() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let well = Peer::start(Mood::Well).await;
    map(&lab, "well.test", &well);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("well.test".to_owned())).await;
    for number in 1..=20 {
        tell(&running.server, number, "one object", &[friend]).await;
    }
    until("all", || well.received().len() == 20).await;
    // The answers have to come back before the stop to count: the next one about this object begins only then.
    well.set(Mood::Hanging);
    tell(&running.server, 21, "one object", &[friend]).await;
    until("the next one is on its way", || well.seen() == 21).await;
    running.stop().await.unwrap();
    well.set(Mood::Well);
    let running = start(dir.path(), &lab, &clock).await;
    until("the last one", || well.received().len() >= 21).await;
    let mut received = well.received();
    received.sort_by_key(|id| id.rsplit('/').next().and_then(|number| number.parse::<u64>().ok()));
    assert_eq!(received, expected(1..=21));
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_that_hang_do_not_hold_up_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let (well, hanging) = (Peer::start(Mood::Well).await, Peer::start(Mood::Hanging).await);
    let running = start(dir.path(), &lab, &clock).await;
    let mut friends = Vec::new();
    for number in 0..100 {
        let domain = format!("peer{number}.test");
        map(&lab, &domain, if number % 10 == 0 { &hanging } else { &well });
        friends.push(account(&running.server, "a", Some(domain)).await);
    }
    let began = tokio::time::Instant::now();
    for number in 1..=3 {
        tell(&running.server, number, &format!("object {number}"), &friends).await;
    }
    until("270 deliveries", || well.received().len() == 270).await;
    assert!(began.elapsed() < Duration::from_secs(8), "less than one timeout of a hanging peer: {:?}", began.elapsed());
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_final_for_that_activity_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let strict = Peer::start(Mood::Failing(404)).await;
    map(&lab, "strict.test", &strict);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("strict.test".to_owned())).await;
    tell(&running.server, 1, "object", &[friend]).await;
    until("the refusal", || strict.seen() == 1).await;
    strict.set(Mood::Well);
    tell(&running.server, 2, "object", &[friend]).await;
    until("the second", || strict.received().len() == 1).await;
    assert_eq!(strict.received(), expected(2..=2));
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signature_a_peer_takes_is_remembered_also_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let newer = Peer::start(Mood::Newer).await;
    map(&lab, "newer.test", &newer);
    let mut running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("newer.test".to_owned())).await;
    for (number, asked) in [(1, 2), (2, 3)] {
        tell(&running.server, number, "object", &[friend]).await;
        until("it is taken", || newer.received().len() == number as usize).await;
        assert_eq!(newer.seen(), asked, "knocked at twice once, and then never again");
    }
    let said = explain::domain_of_server(&running.server, "newer.test").await.unwrap();
    assert!(said.manner[0].starts_with("takes signatures of RFC 9421"), "{:?}", said.manner);
    running.stop().await.unwrap();
    running = start(dir.path(), &lab, &clock).await;
    tell(&running.server, 3, "object", &[friend]).await;
    until("the third", || newer.received().len() == 3).await;
    assert_eq!(newer.seen(), 4, "a restart forgets nothing");
    clock.advance(31 * 24 * 60 * 60_000);
    tell(&running.server, 4, "object", &[friend]).await;
    until("the fourth", || newer.received().len() == 4).await;
    assert_eq!(newer.seen(), 6, "after a month it is tried again what it takes");
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_refuses_one_signature_and_is_busy_for_the_other_gets_it_later() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    // The one reads RFC 9421 alone, and is busy; the other reads the older form alone, whose key it could not get.
    let (busy, older) = (Peer::start(Mood::Split(400, 503)).await, Peer::start(Mood::Split(401, 403)).await);
    map(&lab, "busy.test", &busy);
    map(&lab, "older.test", &older);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("busy.test".to_owned())).await;
    let other = account(&running.server, "b", Some("older.test".to_owned())).await;
    tell(&running.server, 1, "object", &[friend, other]).await;
    until("both forms are tried", || busy.seen() == 2 && older.seen() == 2).await;
    busy.set(Mood::Newer);
    older.set(Mood::Well);
    let mut minutes = 0;
    until("what was only put off", || {
        if minutes < 60 {
            clock.advance(60_000);
            minutes += 1;
        }
        busy.received() == expected(1..=1) && older.received() == expected(1..=1)
    })
    .await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_refuses_what_is_passed_on_gets_what_is_ours_at_once_and_its_own_server_is_spared() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let (strict, own) = (Peer::start(Mood::Failing(401)).await, Peer::start(Mood::Well).await);
    map(&lab, "strict.test", &strict);
    map(&lab, "own.test", &own);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("strict.test".to_owned())).await;
    let author = account(&running.server, "b", Some("own.test".to_owned())).await;
    owe(&running.server, 1, "https://own.test/activities/1", "an answer", &[friend, author]).await;
    until("the refusal", || strict.seen() > 0).await;
    strict.set(Mood::Well);
    tell(&running.server, 2, "object", &[friend, author]).await;
    // The clock does not move: a peer that had failed would wait.
    until("what is ours", || strict.received() == expected(2..=2) && own.received() == expected(2..=2)).await;
    assert_eq!((strict.seen(), own.seen()), (2, 1), "it was asked once, and the author's server not at all");
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_may_not_serve_delivers_and_writes_nothing_until_it_may_again() {
    let dir = tempfile::tempdir().unwrap();
    let (lab, clock) = (Arc::new(Lab::default()), ManualClock::new(START));
    let peer = Peer::start(Mood::Failing(503)).await;
    map(&lab, "peer.test", &peer);
    let running = start(dir.path(), &lab, &clock).await;
    let friend = account(&running.server, "a", Some("peer.test".to_owned())).await;
    tell(&running.server, 1, "object", &[friend]).await;
    until("the first try", || peer.seen() == 1).await;
    let fence = running.server.fence().clone();
    fence.set(Tenure::new(Claim { epoch: 1, holder: 1 }, true));
    // A delivery that looked away from the fence would be tried at any of these; what was asked is counted at the end.
    for _ in 0..20 {
        clock.advance(60_000);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    peer.set(Mood::Well);
    let refused = running.server.write(|_| Ok(())).await.unwrap_err().to_string();
    assert!(refused.contains("cannot reach the backup target to renew the lease"), "{refused}");
    let began = fence.now();
    fence.with(|tenure| tenure.renewed(began));
    let mut seconds = 0;
    until("the delivery", || {
        if seconds < 25 {
            clock.advance(1_000);
            seconds += 1;
        }
        peer.received() == expected(1..=1)
    })
    .await;
    assert_eq!(peer.seen(), 2, "before the fence closed and after it opened");
    let began = fence.now();
    fence.with(|tenure| tenure.renewed(began));
    running.stop().await.unwrap();
}
