//! Turns at other servers: few ask one host in the background, those that wait for that hold up nobody else, and a host that
//! asks to be left alone is asked again when it may be.

use crate::{
    instance::{Instance, User, until, within},
    peer::Answer,
    scene::{CONTEXT, Scene, note},
};
use dassie::{
    limits,
    moderation::relay::{self, NewRelay},
    transfer,
};
use serde_json::json;
use std::time::{Duration, Instant};
use storage::{
    AccountId, Bounds, Direction, StatusId, Tx, account,
    backfill::{Asked, PROFILES, THREADS},
    import::{ImportKind, ImportMode, Refusal},
    job::{JOBS, Job, JobKind},
    status,
};

const FAY: &str = "https://friend.test/users/fay";
const GUS: &str = "https://good.test/users/gus";

/// The jobs of a kind that are not done yet, as they are stored.
async fn left(instance: &Instance, kind: fn(&JobKind) -> bool) -> Vec<Job> {
    let jobs = instance.running.server.read(move |view| {
        let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 200)?;
        Ok(jobs.into_iter().map(|(_, job)| job).filter(|job| kind(&job.kind)).collect())
    });
    jobs.await.expect("a read")
}

fn is_card(kind: &JobKind) -> bool {
    matches!(kind, JobKind::LinkCard { .. })
}

fn is_ancestors(kind: &JobKind) -> bool {
    matches!(kind, JobKind::FetchAncestors { .. })
}

fn is_import(kind: &JobKind) -> bool {
    matches!(kind, JobKind::Import { .. })
}

fn is_backfill(kind: &JobKind) -> bool {
    matches!(kind, JobKind::FetchThread { .. } | JobKind::FetchProfile { .. })
}

/// Waits until the reading of a thread or profile is to come again.
async fn comes_again(scene: &Scene) -> bool {
    let look = || async { left(&scene.instance, is_backfill).await.into_iter().find(|job| job.attempts == 1) };
    until(look).await.is_some()
}

/// Waits until no thread or profile is to be read any more, while time passes.
async fn is_over(scene: &Scene) -> bool {
    let look = || async {
        scene.instance.clock.advance(10_000);
        left(&scene.instance, is_backfill).await.is_empty().then_some(())
    };
    until(look).await.is_some()
}

/// Alice posts a link; the number of the post.
async fn links_to(scene: &Scene, page: &str) -> String {
    let posted = scene.alice.post("/api/v1/statuses", &[("status", page)]).await.json();
    posted["id"].as_str().expect("a number").to_owned()
}

/// Fay tells alice something that answers `parent`.
async fn answers(scene: &Scene, number: usize, parent: &str) {
    let id = format!("https://friend.test/notes/{number}");
    let said = note(&id, FAY, json!({"inReplyTo": parent, "to": [scene.alice.uri, format!("{CONTEXT}#Public")]}));
    let create = json!({"id": format!("{id}#create"), "type": "Create", "to": [scene.alice.uri], "object": said});
    scene.sends(FAY, create).await;
}

/// Waits until the status `uri` is here, while so much time passes with each look.
async fn is_read(scene: &Scene, uri: &'static str, step_ms: i64) -> bool {
    let look = || async {
        scene.instance.clock.advance(step_ms);
        let found = scene.instance.running.server.read(move |view| Ok(status::find_by_uri(view, uri)?)).await;
        found.expect("a read").map(drop)
    };
    until(look).await.is_some()
}

fn asked(scene: &Scene, host: &str) -> usize {
    scene.peer.seen(|seen| seen.authority == host).len()
}

/// How many a host that hangs can have been asked for since `begin`, if only so many are at once: each waits for the
/// head of an answer for as long as that may take.
fn most_asked(begin: Instant) -> usize {
    let over = begin.elapsed().as_secs() / (limits::HEADER_TIMEOUT_MS / 1_000);
    usize::from(limits::BACKFILLS_PER_HOST) * (1 + usize::try_from(over).expect("few"))
}

/// More than have places, and more than may step aside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_a_host_that_hangs_hold_up_no_others_and_are_asked_for_later_also_after_a_restart() {
    let scene = Scene::start(&["hangs.test", "good.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    scene.peer.serve("https://good.test/page", Answer::Body("text/html", "<title>Good</title>".into()));
    for number in 0..limits::JOBS_AT_ONCE + limits::JOBS_ASIDE + 8 {
        links_to(&scene, &format!("https://hangs.test/{number}")).await;
    }
    let good = links_to(&scene, "https://good.test/page").await;
    let shown = until(|| async {
        let post = scene.alice.get(&format!("/api/v1/statuses/{good}")).await.json();
        (post["card"]["title"] == "Good").then_some(())
    });
    assert!(shown.await.is_some(), "while pages of another host hang");
    let put_off = until(|| async {
        let (jobs, now) = (left(&scene.instance, is_card).await, scene.instance.running.server.now());
        assert!(jobs.len() > limits::JOBS_AT_ONCE, "the others wait: {}", jobs.len());
        assert!(jobs.iter().all(|job| job.attempts == 0), "and none has failed");
        jobs.iter().any(|job| job.due > now).then_some(())
    });
    assert!(put_off.await.is_some(), "some of them for longer");

    let Scene { instance, peer, .. } = scene;
    peer.host("hangs.test", Answer::Body("text/html", "<title>Late</title>".into()));
    let instance = instance.restarted_after(limits::HOST_TURN_MAX_MS).await;
    let done = within(Duration::from_secs(20), || async {
        instance.clock.advance(1_000);
        left(&instance, is_card).await.is_empty().then_some(())
    });
    assert!(done.await.is_some(), "they are asked for once it answers");
    instance.is_sound();
    instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_on_a_host_that_hangs_holds_up_no_other_thread() {
    let scene = Scene::start(&["hangs.test", "good.test", "friend.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    scene.serve_actor(FAY, json!({}));
    scene.serve_actor(GUS, json!({}));
    scene.serve_note("https://good.test/notes/parent", GUS, json!({}));
    for number in 0..limits::JOBS_AT_ONCE + 4 {
        answers(&scene, number, &format!("https://hangs.test/notes/{number}")).await;
    }
    let begun = until(|| async {
        scene.instance.clock.advance(1_000);
        let (jobs, now) = (left(&scene.instance, is_ancestors).await, scene.instance.running.server.now());
        let due = jobs.iter().filter(|job| job.due <= now).count();
        (due > limits::JOBS_AT_ONCE && asked(&scene, "hangs.test") > 0).then_some(())
    });
    assert!(begun.await.is_some(), "more than have places are to be read");
    answers(&scene, 1_000, "https://good.test/notes/parent").await;
    assert!(is_read(&scene, "https://good.test/notes/parent", 1_000).await, "while another host hangs");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_read_once_its_busy_host_may_be_asked_again_however_late() {
    const PARENT: &str = "https://good.test/notes/parent";
    let scene = Scene::start(&["good.test", "friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    scene.serve_actor(GUS, json!({}));
    scene.peer.serve(PARENT, Answer::Busy(503, "3000"));
    answers(&scene, 1, PARENT).await;
    let of_parent = || scene.peer.seen(|seen| seen.authority == "good.test" && seen.path == "/notes/parent").len();
    let refused = until(|| async {
        scene.instance.clock.advance(1_000);
        (of_parent() > 0).then_some(())
    });
    assert!(refused.await.is_some(), "it is asked for");
    scene.serve_note(PARENT, GUS, json!({}));
    let before = scene.instance.now_ms();
    assert!(is_read(&scene, PARENT, 10_000).await, "it is not given up");
    assert!(scene.instance.now_ms() - before >= 2_900_000, "it was left alone for as long as it asked");
    assert_eq!(of_parent(), 2, "and not asked meanwhile");
    scene.instance.running.stop().await.expect("it stops");
}

/// More relays than have places are to be asked at one host that hangs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relays_of_a_host_that_hangs_are_asked_two_at_once_and_hold_up_nothing_else() {
    let scene = Scene::start(&["hangs.test", "good.test", "friend.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    scene.serve_actor(FAY, json!({}));
    scene.serve_actor(GUS, json!({}));
    scene.serve_note("https://good.test/notes/parent", GUS, json!({}));
    let begin = Instant::now();
    for number in 0..limits::JOBS_AT_ONCE + 4 {
        let url = format!("https://hangs.test/users/relay{number}");
        let new = NewRelay { url, tags: Vec::new(), languages: Vec::new(), per_hour: limits::RELAY_PER_HOUR };
        scene.instance.running.server.write(move |tx| relay::add(tx, &new)).await.expect("it is added");
    }
    let begun = until(|| async { (asked(&scene, "hangs.test") > 0).then_some(()) });
    assert!(begun.await.is_some(), "they are asked");
    answers(&scene, 1, "https://good.test/notes/parent").await;
    assert!(is_read(&scene, "https://good.test/notes/parent", 1_000).await, "while another host hangs");
    let asked = asked(&scene, "hangs.test");
    assert!(asked <= most_asked(begin), "{asked} at once");
    scene.instance.running.stop().await.expect("it stops");
}

/// Somebody brings a table of whom they follow.
async fn brings(scene: &Scene, who: &User, handles: &[String]) {
    let table = format!("Account address\n{}\n", handles.join("\n"));
    let rows = transfer::read(ImportKind::Following, table.as_bytes()).expect("a table");
    let owner: AccountId = who.id.parse().expect("a number");
    let begin =
        move |tx: &mut Tx<'_>| transfer::begin(tx, owner, ImportKind::Following, ImportMode::Merge, rows.clone());
    scene.instance.running.server.write(begin).await.expect("it begins");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_people_bring_is_looked_up_at_one_host_two_at_once() {
    let scene = Scene::start(&["hangs.test", "good.test"]).await;
    scene.peer.host("hangs.test", Answer::Hang);
    scene.serve_actor(GUS, json!({}));
    let bob = scene.instance.user("bob").await;
    let hanging: Vec<String> = (0..limits::IMPORT_ROWS_AT_ONCE).map(|number| format!("p{number}@hangs.test")).collect();
    let begin = Instant::now();
    brings(&scene, &scene.alice, &hanging).await;
    let begun = until(|| async { (asked(&scene, "hangs.test") > 0).then_some(()) });
    assert!(begun.await.is_some(), "somebody is looked up");
    brings(&scene, &bob, &["gus@good.test".to_owned()]).await;
    let found = until(|| async {
        let look = scene.instance.running.server.read(|view| Ok(account::find_by_uri(view, GUS)?)).await;
        look.expect("a read").map(drop)
    });
    assert!(found.await.is_some(), "while another host hangs");
    let asked = asked(&scene, "hangs.test");
    assert!(asked <= most_asked(begin), "{asked} at once");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_goes_on_once_its_host_may_be_asked_again_and_refuses_nobody_for_that() {
    let scene = Scene::start(&["good.test"]).await;
    let few = u32::try_from(limits::HOST_DOCUMENTS).expect("few");
    let handles: Vec<String> = (0..few + 4).map(|number| format!("p{number}@good.test")).collect();
    // Nobody is called so, which costs a question each.
    scene.peer.host("good.test", Answer::Status(404));
    brings(&scene, &scene.alice, &handles).await;
    let owner: AccountId = scene.alice.id.parse().expect("a number");
    let look = || async {
        let list = scene.instance.running.server.read(move |view| transfer::list(view, owner)).await;
        list.expect("a read").first().map(|(_, import)| (import.taken + import.refused, import.ended_at.is_some()))
    };
    let waits = within(Duration::from_secs(60), || async {
        let (jobs, now) = (left(&scene.instance, is_import).await, scene.instance.running.server.now());
        jobs.into_iter().find(|job| job.due > now)
    });
    assert_eq!(waits.await.map(|job| job.attempts), Some(0), "the rest waits, and nothing has failed");
    let (rows, ended) = look().await.expect("an import");
    assert!(rows + 8 > few && rows <= few && !ended, "{rows} rows are taken");
    let over = within(Duration::from_secs(60), || async {
        scene.instance.clock.advance(1_000);
        look().await.filter(|(_, ended)| *ended)
    });
    assert_eq!(over.await, Some((few + 4, true)), "and is looked up later");
    let refused = scene.instance.running.server.read(move |view| {
        let (id, _) = transfer::list(view, owner)?.remove(0);
        transfer::refused(view, owner, id)
    });
    let refused = refused.await.expect("a read");
    assert!(refused.iter().all(|(_, why)| *why == Refusal::Unknown), "{refused:?}");
    scene.instance.running.stop().await.expect("it stops");
}

const ROOT: &str = "https://good.test/notes/root";
/// What stands in the replies to that, on a busy host.
const FAR: &str = "https://friend.test/notes/far";

/// Alice opens a thread of which a busy host has a part; the number of its first post.
async fn opens_a_thread_with_a_busy_part() -> (Scene, StatusId) {
    let scene = Scene::start(&["good.test", "friend.test"]).await;
    scene.serve_actor(GUS, json!({}));
    scene.serve_note(ROOT, GUS, json!({"replies": "https://good.test/pages"}));
    let page = json!({"@context": CONTEXT, "id": "https://good.test/pages", "type": "CollectionPage", "items": [FAR]});
    scene.peer.serve("https://good.test/pages", Answer::document(&page));
    scene.peer.serve(FAR, Answer::Busy(429, "60"));
    let id = scene.found(ROOT).await;
    let opened = scene.alice.get(&format!("/api/v1/statuses/{id}/context")).await;
    assert_eq!(opened.status, 200, "{}", opened.text());
    (scene, id.parse().expect("a number"))
}

const OUTBOX: &str = "https://good.test/users/gus/outbox";

/// Gus, whose posts a busy host has, is to be read.
async fn asks_for_a_profile_with_a_busy_outbox() -> (Scene, AccountId) {
    let scene = Scene::start(&["good.test"]).await;
    scene.serve_actor(GUS, json!({"outbox": OUTBOX}));
    scene.peer.serve(OUTBOX, Answer::Busy(503, "60"));
    let found = scene.alice.search("accounts", GUS, true).await;
    let gus: AccountId = found[0]["id"].as_str().expect("it is found").parse().expect("a number");
    let ask = move |tx: &mut Tx<'_>| dassie::account::backfill::ask(tx, gus);
    scene.instance.running.server.write(ask).await.expect("it is asked for");
    (scene, gus)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_thread_leaves_out_of_a_busy_host_is_read_later() {
    let (scene, _) = opens_a_thread_with_a_busy_part().await;
    scene.serve_actor(FAY, json!({}));
    let of_far = || scene.peer.seen(|seen| seen.authority == "friend.test" && seen.path == "/notes/far").len();
    assert!(until(|| async { (of_far() > 0).then_some(()) }).await.is_some(), "it is asked for");
    scene.serve_note(FAR, FAY, json!({"inReplyTo": ROOT}));
    assert!(is_read(&scene, FAR, 10_000).await, "it is not missing until somebody opens the thread again");
    assert_eq!(of_far(), 2);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_profile_leaves_out_of_a_busy_host_is_read_later() {
    const POST: &str = "https://good.test/notes/1";
    let (scene, _) = asks_for_a_profile_with_a_busy_outbox().await;
    let of_outbox = || scene.peer.seen(|seen| seen.path == "/users/gus/outbox").len();
    assert!(until(|| async { (of_outbox() > 0).then_some(()) }).await.is_some(), "it is asked for");
    let create = json!({"id": "https://good.test/creates/1", "type": "Create", "actor": GUS,
        "to": [format!("{CONTEXT}#Public")], "object": note(POST, GUS, json!({}))});
    let outbox = json!({"@context": CONTEXT, "id": OUTBOX, "type": "OrderedCollection", "totalItems": 1,
        "orderedItems": [create]});
    scene.peer.serve(OUTBOX, Answer::document(&outbox));
    assert!(is_read(&scene, POST, 10_000).await, "it is not missing until somebody opens the profile again");
    assert_eq!(of_outbox(), 2);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_a_profile_that_is_asked_for_anew_is_left_to_that() {
    let (scene, gus) = asks_for_a_profile_with_a_busy_outbox().await;
    let server = &scene.instance.running.server;
    assert!(comes_again(&scene).await, "its server is to be left alone");
    scene.instance.clock.advance(1_000);
    let anew = server.write(move |tx| {
        let anew = Asked { at: tx.now(), ended_at: None, found: 0 };
        PROFILES.put(tx, &gus, &anew);
        Ok(anew)
    });
    let anew = anew.await.expect("stored");
    assert!(is_over(&scene).await, "the older one ends");
    let of_outbox = scene.peer.seen(|seen| seen.path == "/users/gus/outbox").len();
    assert_eq!(of_outbox, 1, "and asks nobody");
    let known = server.read(move |view| Ok(PROFILES.get(view, &gus)?)).await.expect("a read");
    assert_eq!(known, Some(anew), "nor ends the newer one");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_a_thread_that_is_asked_for_anew_is_left_to_that() {
    let (scene, root) = opens_a_thread_with_a_busy_part().await;
    assert!(comes_again(&scene).await, "a server is to be left alone");
    scene.instance.clock.advance(1_000);
    let server = &scene.instance.running.server;
    let anew = server.write(move |tx| {
        let anew = Asked { at: tx.now(), ended_at: None, found: 0 };
        THREADS.put(tx, &root, &anew);
        Ok(anew)
    });
    let anew = anew.await.expect("stored");
    assert!(is_over(&scene).await, "the older one ends");
    assert_eq!(asked(&scene, "friend.test"), 1, "and asks nobody");
    let known = server.read(move |view| Ok(THREADS.get(view, &root)?)).await.expect("a read");
    assert_eq!(known, Some(anew), "nor ends the newer one");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn previews_and_links_back_wait_for_as_long_as_a_busy_host_asks() {
    let scene = Scene::start(&["card.test", "site.test"]).await;
    scene.peer.serve("https://card.test/page", Answer::Busy(503, "3000"));
    scene.peer.serve("https://site.test/page", Answer::Busy(429, "3000"));
    let post = links_to(&scene, "https://card.test/page").await;
    let field = json!({ "fields_attributes": [{ "name": "site", "value": "https://site.test/page" }] }).to_string();
    let kind = [("Content-Type", "application/json")];
    assert_eq!(scene.alice.send("PATCH", "/api/v1/profile", &kind, field.as_bytes()).await.status, 200);
    let so_often = || (asked(&scene, "card.test"), asked(&scene, "site.test"));
    let refused = until(|| async { (so_often() == (1, 1)).then_some(()) });
    assert!(refused.await.is_some(), "both are asked for: {:?}", so_often());
    scene.peer.serve("https://card.test/page", Answer::Body("text/html", "<title>Late</title>".into()));
    let back = "<a rel=me href=\"https://local.test/@alice\">me</a>";
    scene.peer.serve("https://site.test/page", Answer::Body("text/html", back.into()));
    let before = scene.instance.now_ms();
    let come = within(Duration::from_secs(20), || async {
        scene.instance.clock.advance(30_000);
        let waited = scene.instance.now_ms() - before;
        let post = scene.alice.get(&format!("/api/v1/statuses/{post}")).await.json();
        let own = scene.alice.get("/api/v1/profile").await.json();
        assert!(waited >= 3_000_000 || so_often() == (1, 1), "asked after {waited} ms: {:?}", so_often());
        (post["card"]["title"] == "Late" && own["fields"][0]["verified_at"].is_string()).then_some(())
    });
    assert!(come.await.is_some(), "neither is given up: {:?}", so_often());
    assert_eq!(so_often(), (2, 2), "once more each");
    scene.instance.running.stop().await.expect("it stops");
}
