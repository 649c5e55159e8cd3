//! A clock that stands in the future: nothing goes for its age before somebody had time to see it.

use crate::instance::{Instance, START, User, until, within};
use dassie::{
    account::{self, accept::RemoteAccount},
    clock,
    config::{Backups, Config},
    http::session,
    limits,
    server::Server,
    status::cleanup,
};
use http::HeaderMap;
use std::{path::PathBuf, time::Duration};
use storage::{
    AccountId, Bounds, Digest, Direction, StatusId,
    cleanup::CleanupPolicy,
    status::{self, TOMBSTONES},
    user::SESSIONS,
};

const MINUTE_MS: i64 = 60_000;
const LONG_MS: i64 = 400 * 24 * 60 * MINUTE_MS;

/// What goes by age: a post whose author wants that, a session, a tombstone.
struct Aged {
    post: StatusId,
}

impl Aged {
    async fn make(server: &Server, alice: &User) -> Self {
        let posted = alice.post("/api/v1/statuses", &[("status", "of a moment ago")]).await.json();
        let post = posted["id"].as_str().expect("an id").parse().expect("a number");
        let me: AccountId = alice.id.parse().expect("a number");
        session::begin(server, me, &HeaderMap::new()).await.expect("signed in");
        let policy = CleanupPolicy { enabled: true, age_days: 7, ..CleanupPolicy::default() };
        let rule = move |tx: &mut storage::Tx<'_>| {
            let now = tx.now();
            TOMBSTONES.put(tx, &Digest::of("https://far.test/gone"), &now);
            cleanup::set(tx, me, policy)
        };
        server.write(rule).await.expect("stored");
        Aged { post }
    }

    /// How many of the three are left.
    async fn left(&self, server: &Server) -> usize {
        let post = self.post;
        let look = move |view: &storage::View<'_>| {
            let sessions = SESSIONS.list(view, &(), Bounds::NONE, Direction::Ascending, 2)?.len();
            let tombstone = TOMBSTONES.contains(view, &Digest::of("https://far.test/gone"))?;
            Ok(usize::from(status::find(view, post)?.is_some()) + sessions + usize::from(tombstone))
        };
        server.read(look).await.expect("read")
    }
}

/// A status of nobody's interest, from elsewhere.
async fn passing(server: &Server) -> StatusId {
    let remote =
        RemoteAccount { indexable: true, ..RemoteAccount::bare("https://far.test/users/far", "far", "far.test") };
    let author = server.write(move |tx| account::accept::accept(tx, &remote)).await.expect("known");
    let one = crate::room::from_afar(author, 1, "passing", server.now());
    crate::room::arrive(server, vec![one]).await.pop().expect("it is new")
}

async fn notes(instance: &Instance) -> String {
    instance.get("/healthz").await.json()["disk"]["notes"].to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_far_ahead_lets_nothing_go_for_an_hour_and_says_so() {
    let instance = Instance::start("clock.test", "").await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    let aged = Aged::make(&server, &alice).await;
    let remote = passing(&server).await;
    assert!(aged.left(&server).await == 3 && !notes(&instance).await.contains("nothing is removed"));
    instance.clock.jump(LONG_MS);
    assert!(notes(&instance).await.contains("because the clock jumped forward by 400 days"));
    // Whatever is due comes round many times meanwhile, and jobs are done.
    let later = clock::iso(server.now().plus_ms(30 * MINUTE_MS));
    let scheduled = alice.post("/api/v1/statuses", &[("status", "half an hour later"), ("scheduled_at", &later)]).await;
    assert_eq!(scheduled.status, 200, "{}", scheduled.text());
    for _ in 0..59 {
        instance.clock.advance(MINUTE_MS);
        assert!(notes(&instance).await.contains("nothing is removed for its age"));
        assert_eq!(aged.left(&server).await, 3);
    }
    let posted = until(|| async {
        let home = alice.get("/api/v1/timelines/home").await.json();
        home[0]["content"].as_str().is_some_and(|text| text.contains("half an hour later")).then_some(())
    });
    posted.await.expect("what was scheduled is posted");
    assert_eq!(aged.left(&server).await, 3);
    let there = move |view: &storage::View<'_>| Ok(status::find(view, remote)?.is_some());
    assert!(server.read(there).await.expect("read"));
    // Nobody set it right: it is the time.
    let gone = until(|| async {
        instance.clock.advance(limits::CLOCK_LATER_MS + 1);
        let remote = server.read(there).await.expect("read");
        (aged.left(&server).await == 0 && !remote).then_some(())
    });
    gone.await.expect("what is old goes");
    assert!(!notes(&instance).await.contains("nothing is removed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_after_a_jump_does_not_make_the_clock_right() {
    let instance = Instance::start("again.test", "").await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    let aged = Aged::make(&server, &alice).await;
    assert!(!notes(&instance).await.contains("nothing is removed"), "the clocks were looked at before");
    instance.clock.jump(LONG_MS);
    assert!(!server.trusts_ages());
    let kept = until(|| async {
        instance.clock.advance(limits::DISK_LOOK_MS);
        server.disk().ages_rest_to_keep(server.clocks()).is_none().then_some(())
    });
    kept.await.expect("the store knows");
    drop(server);
    let instance = instance.restarted_after(5 * MINUTE_MS).await;
    let server = instance.running.server.clone();
    assert!(notes(&instance).await.contains("because before this start the clock was found 400 days ahead"));
    for _ in 0..40 {
        instance.clock.advance(MINUTE_MS);
        assert_eq!(aged.left(&server).await, 3);
    }
    let gone = until(|| async {
        instance.clock.advance(limits::CLOCK_LATER_MS + 1);
        (aged.left(&server).await == 0).then_some(())
    });
    gone.await.expect("nobody set it right");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_a_year_later_waits_as_well() {
    let instance = Instance::start("later.test", "").await;
    let (server, alice) = (instance.running.server.clone(), instance.user("alice").await);
    let aged = Aged::make(&server, &alice).await;
    drop(server);
    let instance = instance.restarted_after(LONG_MS).await;
    let server = instance.running.server.clone();
    assert!(notes(&instance).await.contains("at the start the clock stood 400 days beyond the last entry of the log"));
    for _ in 0..50 {
        instance.clock.advance(MINUTE_MS);
        assert_eq!(aged.left(&server).await, 3);
    }
    let gone = until(|| async {
        instance.clock.advance(limits::CLOCK_LATER_MS + 1);
        (aged.left(&server).await == 0).then_some(())
    });
    gone.await.expect("it was off for a year");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_backup_is_made_for_the_shipped_log_while_the_clock_may_be_wrong() {
    let place = tempfile::tempdir().expect("a directory");
    let to = Some(place.path().to_string_lossy().into_owned());
    let backed_up = |config: &mut Config| config.backups = Backups { to, verify_every_ms: None, ..Backups::default() };
    let instance = Instance::start_changed("shipped.test", "", START, backed_up).await;
    let points = || -> Vec<PathBuf> {
        let listed = std::fs::read_dir(place.path().join("point"));
        let mut points: Vec<_> = listed.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        points.sort();
        points
    };
    let server = instance.running.server.clone();
    let shipped = within(Duration::from_secs(60), || async {
        instance.clock.advance(1_000);
        let shipping = server.shipping()?;
        (shipping.problem.is_none() && shipping.shipped > 0 && !server.backup().is_busy()).then_some(())
    });
    shipped.await.expect("a backup is made, and the log is shipped behind it");
    let there = points();
    assert!(!there.is_empty());
    there.iter().for_each(|point| std::fs::write(point, "rotten").expect("written"));
    drop(server);
    let instance = instance.restarted_after(LONG_MS).await;
    let server = instance.running.server.clone();
    let waits = until(|| async {
        instance.clock.advance(1_000);
        let problem = server.shipping().and_then(|shipping| shipping.problem);
        problem.filter(|why| why.contains("the newest is damaged; one is made when the clock is believed again"))
    });
    waits.await.expect("it waits and says so");
    assert_eq!(points(), there);
    let made = within(Duration::from_secs(60), || async {
        instance.clock.advance(limits::CLOCK_LATER_MS + 1);
        (points().len() > there.len()).then_some(())
    });
    made.await.expect("nobody set it right: it is the time");
}
