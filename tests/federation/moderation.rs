//! Moderation between instances: blocked domains, forwarded reports, suspended accounts, and that nothing of what is
//! suspended shows anywhere.

use crate::lab::{Instance, Person, World, comes, shown, text_of};
use dassie::federation::activity::{self, Arrived, Received};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, StatusId, Tx,
    delivery::ACTIVITY_BYTES,
    job::{self, JOBS, JobKind},
    user::Role,
};

/// A word in everything that may not be seen.
const MARK: &str = "BADMARK";

/// What a bad actor leaves everywhere: a profile, statuses of all kinds, answers, shares, marks, follows.
struct Traces {
    /// The account as the viewer's server numbers it.
    account: String,
    /// Its statuses there.
    statuses: Vec<String>,
    /// The viewer's status that it answered, shared and marked.
    answered: String,
}

async fn leave_traces(viewer: &Person<'_>, bad: &Person<'_>) -> Traces {
    let profile = [("display_name", MARK), ("note", MARK)];
    let changed = bad.send("PATCH", "/api/v1/accounts/update_credentials", &profile).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let account = viewer.follows(&bad.handle()).await;
    bad.follows(&viewer.handle()).await;
    let answered = viewer.posts("a word of mine", &[]).await;
    bad.sees_at_home("a word of mine").await;
    let home = bad.get("/api/v1/timelines/home").await;
    let at_bad = text_of(shown(&home, "a word of mine").expect("it is there"), "id");
    for act in ["favourite", "reblog"] {
        bad.post(&format!("/api/v1/statuses/{at_bad}/{act}"), &[]).await;
    }
    let texts = [format!("{MARK} one #tagged"), format!("{MARK} two for {}", viewer.handle())];
    for text in &texts {
        bad.posts(text, &[]).await;
    }
    bad.posts(&format!("{MARK} three for {}", viewer.handle()), &[("in_reply_to_id", &at_bad)]).await;
    bad.posts(&format!("{MARK} four"), &[("visibility", "private")]).await;
    let mut statuses = Vec::new();
    for number in ["one", "two", "three", "four"] {
        statuses.push(text_of(&viewer.sees_at_home(&format!("{MARK} {number}")).await, "id"));
    }
    viewer.post(&format!("/api/v1/statuses/{}/bookmark", statuses[0]), &[]).await;
    viewer.post(&format!("/api/v1/statuses/{}/favourite", statuses[0]), &[]).await;
    for kind in ["follow", "favourite", "reblog", "mention"] {
        viewer.is_told(kind).await;
    }
    Traces { account, statuses, answered }
}

/// Every place where traces could show.
fn places(viewer: &Person<'_>, bad: &Person<'_>, traces: &Traces) -> Vec<String> {
    let own = |part: &str| format!("/api/v1/accounts/{}{part}", viewer.id);
    let theirs = |part: &str| format!("/api/v1/accounts/{}{part}", traces.account);
    let on = |part: &str| format!("/api/v1/statuses/{}{part}", traces.answered);
    let acct = bad.handle();
    let mut places = vec![
        "/api/v1/timelines/home".to_owned(),
        "/api/v1/timelines/public".to_owned(),
        "/api/v1/timelines/public?local=true".to_owned(),
        "/api/v1/timelines/public?remote=true".to_owned(),
        "/api/v1/timelines/tag/tagged".to_owned(),
        "/api/v1/notifications".to_owned(),
        "/api/v1/bookmarks".to_owned(),
        "/api/v1/favourites".to_owned(),
        "/api/v1/follow_requests".to_owned(),
        format!("/api/v2/search?q={MARK}"),
        format!("/api/v2/search?q={}", acct.trim_start_matches('@').replace('@', "%40")),
        format!("/api/v1/accounts/search?q={MARK}"),
        format!("/api/v1/accounts/lookup?acct={acct}"),
        format!("/api/v1/accounts?id[]={}", traces.account),
        theirs(""),
        theirs("/statuses"),
        theirs("/statuses?pinned=true"),
        theirs("/followers"),
        theirs("/following"),
        own("/followers"),
        own("/following"),
        own("/statuses"),
        on(""),
        on("/context"),
        on("/favourited_by"),
        on("/reblogged_by"),
        format!("/@{}/{}", viewer.name, traces.answered),
        format!("/@{}", viewer.name),
        format!("/@{}", bad.name),
        "/tags/tagged".to_owned(),
        "/".to_owned(),
        "/api/v1/instance".to_owned(),
        "/api/v2/instance".to_owned(),
        format!("/users/{}/outbox?page=true", bad.name),
        format!("/users/{}/statuses/{}/replies", viewer.name, traces.answered),
    ];
    for status in &traces.statuses {
        for part in ["", "/context", "/history", "/source", "/favourited_by", "/reblogged_by"] {
            places.push(format!("/api/v1/statuses/{status}{part}"));
        }
        places.push(format!("/@{}/{status}", bad.name));
        places.push(format!("/users/{}/statuses/{status}", bad.name));
        places.push(format!("/users/{}/statuses/{status}/activity", bad.name));
        places.push(format!("/api/v1/statuses?id[]={status}"));
    }
    places
}

/// Looks everywhere, as the viewer and as nobody; the places that show a trace.
async fn showing(viewer: &Person<'_>, bad: &Person<'_>, traces: &Traces) -> Vec<String> {
    let mut showing = Vec::new();
    for path in places(viewer, bad, traces) {
        for (who, token) in [("viewer", Some(&viewer.token)), ("nobody", None)] {
            let bearer = token.map(|token| format!("Bearer {token}"));
            let mut headers = vec![("accept", if path.starts_with("/users/") { ACTIVITY } else { "*/*" })];
            headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
            let reply = viewer.home.web().send("GET", &path, &headers, b"").await;
            assert!(reply.status < 500, "{path}: {}", reply.text());
            if reply.text().contains(MARK) {
                showing.push(format!("{path} to {who}"));
            }
            if path.ends_with("/followers") || path.ends_with("/following") || path.ends_with("ed_by") {
                let listed = reply.status == 200 && reply.text().contains(&format!("\"id\":\"{}\"", traces.account));
                showing.extend(listed.then(|| format!("{path} lists it to {who}")));
            }
        }
    }
    showing
}

const ACTIVITY: &str = "application/activity+json";

/// How many that are one's own the account has.
async fn until_followers(person: &Person<'_>, count: u64) {
    person.until("/api/v1/accounts/verify_credentials", |me| me["followers_count"] == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_suspended_account_shows_anywhere_until_it_is_back() {
    let world = World::new();
    let home = world.instance("a.test").await;
    let (ann, bad, mo) = (home.person("ann").await, home.person("bad").await, home.staff("mo", Role::Moderator).await);
    let traces = leave_traces(&ann, &bad).await;
    let before = showing(&ann, &bad, &traces).await;
    assert!(before.len() > 25, "the traces are everywhere before: {before:?}");
    mo.post(&format!("/api/v1/admin/accounts/{}/action", traces.account), &[("type", "suspend")]).await;
    assert_eq!(showing(&ann, &bad, &traces).await, Vec::<String>::new());
    assert_eq!(home.web().get(&format!("/@{}", bad.name), &[]).await.status, 410);
    let actor = home.web().get(&format!("/users/{}", bad.name), &[("accept", ACTIVITY)]).await;
    assert_eq!((actor.status, &actor.json()["suspended"]), (200, &json!(true)), "peers verify what we say of it");
    mo.post(&format!("/api/v1/admin/accounts/{}/unsuspend", traces.account), &[]).await;
    assert_eq!(showing(&ann, &bad, &traces).await, before, "as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_blocked_domain_shows_anywhere_and_nothing_comes_or_goes() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("sub.b.test").await);
    let (ann, bad, ada) = (a.person("ann").await, b.person("bad").await, a.staff("ada", Role::Admin).await);
    let traces = leave_traces(&ann, &bad).await;
    assert!(showing(&ann, &bad, &traces).await.len() > 20, "the traces are everywhere before");
    let fields = [("domain", "b.test"), ("severity", "suspend")];
    let block = text_of(&ada.post("/api/v1/admin/domain_blocks", &fields).await, "id");
    assert_eq!(showing(&ann, &bad, &traces).await, Vec::<String>::new());
    // The decision is obeyed at once; the follows end by and by.
    until_followers(&ann, 0).await;
    ann.until("/api/v1/accounts/verify_credentials", |me| me["following_count"] == 0).await;

    assert_eq!(inbox_answer(&a, &b).await, 403, "whoever signs with a key of the domain is refused before any work");
    bad.posts(&format!("{MARK} five for {}", ann.handle()), &[]).await;
    ann.posts("to whom it may concern", &[]).await;
    until_nothing_is_owed(&b).await;
    let search = format!("/api/v2/search?resolve=true&q=other%40{}", b.name);
    assert_eq!(ann.get(&search).await["accounts"], json!([]));
    // What came before the block is still there, and what came after is not, once it is lifted.
    let lifted = ada.send("DELETE", &format!("/api/v1/admin/domain_blocks/{block}"), &[]).await;
    assert_eq!(lifted.status, 200, "{}", lifted.text());
    let seen = ann.get(&format!("/api/v1/accounts/{}/statuses", traces.account)).await;
    assert!(seen.to_string().contains("BADMARK one") && !seen.to_string().contains("BADMARK five"), "{seen}");
    let theirs = bad.get("/api/v1/timelines/home").await;
    assert!(!theirs.to_string().contains("to whom it may concern"), "{theirs}");
}

/// Until everything that `from` had to tell was delivered or given up.
pub(crate) async fn until_nothing_is_owed(from: &Instance) {
    let first = |view: &storage::View<'_>| -> dassie::error::Result<bool> {
        let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
        let owed = ACTIVITY_BYTES.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
        Ok(jobs.is_empty() && owed.is_empty())
    };
    comes("nothing is owed any more", async || from.server().read(first).await.expect("a read").then_some(())).await;
}

/// The status with which `at` answers an activity that names a key of `from`.
pub(crate) async fn inbox_answer(at: &Instance, from: &Instance) -> u16 {
    let key = format!("https://{}/users/bad#main-key", from.name);
    let signature = format!("keyId=\"{key}\",algorithm=\"rsa-sha256\",headers=\"date\",signature=\"AAAA\"");
    let headers = [("signature", signature.as_str()), ("content-type", ACTIVITY)];
    at.web().send("POST", "/inbox", &headers, b"{}").await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_report_reaches_the_other_server_without_the_reporter() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (ann, bad, mo) = (a.person("ann").await, b.person("bad").await, b.staff("mo", Role::Moderator).await);
    let at_a = ann.follows(&bad.handle()).await;
    bad.posts("an unkind word", &[]).await;
    let status = text_of(&ann.sees_at_home("an unkind word").await, "id");
    let fields = [
        ("account_id", at_a.as_str()),
        ("status_ids[]", &status),
        ("comment", "please <b>look</b>"),
        ("category", "spam"),
        ("forward", "true"),
    ];
    let made = ann.post("/api/v1/reports", &fields).await;
    assert_eq!(made["forwarded"], true);
    let told = mo.is_told("admin.report").await;
    assert_eq!(told["account"]["acct"], "a.test@a.test", "the server reports, nobody by name");
    let report = mo.get(&format!("/api/v1/admin/reports/{}", text_of(&told["report"], "id"))).await;
    assert_eq!(report["target_account"]["username"], "bad");
    assert_eq!(report["category"], "spam", "what it is about is kept");
    assert!(report["comment"].as_str().is_some_and(|text| text.contains("please")), "{report}");
    assert_eq!(shown(&report["statuses"], "an unkind word").map(|_| ()), Some(()), "{report}");
    assert!(!report.to_string().contains("\"ann\""), "{report}");

    // Reports of a domain may be refused without anything else.
    let ada = b.staff("ada", Role::Admin).await;
    let refuse = [("domain", "a.test"), ("severity", "noop"), ("reject_reports", "true")];
    ada.post("/api/v1/admin/domain_blocks", &refuse).await;
    ann.post("/api/v1/reports", &fields).await;
    // What follows on the same road arrives after it.
    ann.posts(&format!("{} hello", bad.handle()), &[]).await;
    bad.is_told("mention").await;
    let reports: Value = mo.get("/api/v1/admin/reports").await;
    assert_eq!(reports.as_array().map(Vec::len), Some(1), "{reports}");
}

/// Waits until nothing is being removed of any account.
async fn nothing_is_purged(at: &Instance) {
    comes("no account is purged", async || {
        let jobs = at.server().read(|view| Ok(JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000)?));
        let jobs = jobs.await.expect("read");
        let purging = jobs.iter().any(|(_, job)| matches!(job.kind, JobKind::PurgeAccount { .. }));
        (!purging).then_some(())
    })
    .await;
}

/// Whether a status has its row, shown or not.
async fn is_stored(at: &Instance, id: &str) -> bool {
    let id = StatusId(id.parse().expect("a number"));
    at.server().read(move |view| Ok(storage::status::find(view, id)?.is_some())).await.expect("read")
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_elsewhere_hear_that_an_account_is_suspended_and_that_it_is_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (bad, mo, bob) = (a.person("bad").await, a.staff("mo", Role::Moderator).await, b.person("bob").await);
    let at_b = bob.follows(&bad.handle()).await;
    bad.follows(&bob.handle()).await;
    bad.posts("from before", &[]).await;
    let status = text_of(&bob.sees_at_home("from before").await, "id");
    let own = format!("/api/v1/statuses/{status}");
    mo.post(&format!("/api/v1/admin/accounts/{}/action", bad.id), &[("type", "suspend")]).await;
    let path = format!("/api/v1/accounts/{at_b}");
    bob.until(&path, |account| account["suspended"] == true).await;
    nothing_is_purged(&b).await;
    assert_eq!(bob.status_of(&own).await, 404);
    assert!(shown(&bob.get("/api/v1/timelines/home").await, "from before").is_none());
    for people in ["followers", "following"] {
        let list = bob.get(&format!("/api/v1/accounts/{}/{people}", bob.id)).await;
        assert_eq!(list, json!([]), "{people}");
    }
    assert_eq!(bob.get("/api/v2/search?q=%40bad%40a.test&type=accounts").await["accounts"], json!([]));

    mo.post(&format!("/api/v1/admin/accounts/{}/unsuspend", bad.id), &[]).await;
    bob.until(&path, |account| account.get("suspended").is_none()).await;
    assert_eq!(bob.status_of(&own).await, 200);
    bob.sees_at_home("from before").await;
    let stand = bob.get(&format!("/api/v1/accounts/relationships?id[]={at_b}")).await;
    assert_eq!((&stand[0]["following"], &stand[0]["followed_by"]), (&json!(true), &json!(true)), "{stand}");
    bad.posts("from after", &[]).await;
    bob.sees_at_home("from after").await;
    bob.posts("and back", &[]).await;
    bad.sees_at_home("and back").await;

    // What was to be removed and is back stays.
    let id = AccountId(at_b.parse().expect("a number"));
    let purge = move |tx: &mut Tx<'_>| Ok(job::enqueue(tx, JobKind::PurgeAccount { account: id }));
    b.server().write(purge).await.expect("queued");
    nothing_is_purged(&b).await;
    assert_eq!(bob.status_of(&own).await, 200);
    let stand = bob.get(&format!("/api/v1/accounts/relationships?id[]={at_b}")).await;
    assert_eq!((&stand[0]["following"], &stand[0]["followed_by"]), (&json!(true), &json!(true)), "{stand}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_their_own_server_suspends_only_deletes_and_is_gone_with_their_own_delete() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (bad, olga, bob) = (a.person("bad").await, a.staff("olga", Role::Owner).await, b.person("bob").await);
    let mo = b.staff("mo", Role::Moderator).await;
    let at_b = bob.follows(&bad.handle()).await;
    let mut posts = Vec::new();
    for text in ["the first", "the second", "the third"] {
        let id = bad.posts(text, &[]).await;
        posts.push((text_of(&bob.sees_at_home(text).await, "id"), format!("https://a.test/users/bad/statuses/{id}")));
    }
    let at_a = format!("/api/v1/admin/accounts/{}", bad.id);
    olga.post(&format!("{at_a}/action"), &[("type", "suspend")]).await;
    bob.until(&format!("/api/v1/accounts/{at_b}"), |account| account["suspended"] == true).await;
    let says = async |kind: &str, object: &str, bytes: Option<&[u8]>| {
        let actor = "https://a.test/users/bad";
        let id = format!("{object}#{kind}");
        let document = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": kind,
            "actor": actor, "object": object});
        let arrived = Arrived { actor, sender: None, inbox: "", document, bytes, place: None };
        activity::receive(b.server(), arrived).await.expect("it can be carried out")
    };
    let (itself, dropped) = (Some(&b"as it came"[..]), Received::Dropped("its actor is suspended"));
    assert_eq!(says("Announce", &posts[0].1, itself).await, dropped);
    assert_eq!(says("Delete", &posts[0].1, None).await, dropped, "somebody else passes it on");
    assert!(is_stored(&b, &posts[0].0).await);
    assert_eq!(says("Delete", &posts[0].1, itself).await, Received::Done);
    assert!(!is_stored(&b, &posts[0].0).await);

    // Suspended here as well, it is not heard at all.
    let here = format!("/api/v1/admin/accounts/{at_b}");
    mo.post(&format!("{here}/action"), &[("type", "suspend")]).await;
    assert_eq!(says("Delete", &posts[1].1, itself).await, dropped);
    assert_eq!(says("Delete", "https://a.test/users/bad", itself).await, dropped);
    mo.post(&format!("{here}/unsuspend"), &[]).await;
    bob.until(&format!("/api/v1/accounts/{at_b}"), |account| account["suspended"] == true).await;
    nothing_is_purged(&b).await;
    assert!(is_stored(&b, &posts[1].0).await);

    assert_eq!(olga.send("DELETE", &at_a, &[]).await.status, 200);
    comes("nothing is left of the account", async || (!is_stored(&b, &posts[1].0).await).then_some(())).await;
    nothing_is_purged(&b).await;
    assert!(!is_stored(&b, &posts[2].0).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_shown_as_gone_though_a_server_never_hears_of_it() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (bad, olga, bob) = (a.person("bad").await, a.staff("olga", Role::Owner).await, b.person("bob").await);
    bob.follows(&bad.handle()).await;
    until_followers(&bad, 1).await;
    b.cut_off();
    let path = format!("/api/v1/admin/accounts/{}", bad.id);
    olga.post(&format!("{path}/action"), &[("type", "suspend")]).await;
    assert_eq!(olga.send("DELETE", &path, &[]).await.status, 200);
    let document = || async { a.web().get("/users/bad", &[("accept", ACTIVITY)]).await };
    let waiting = document().await;
    assert_eq!(
        (waiting.status, &waiting.json()["suspended"]),
        (200, &Value::Bool(true)),
        "b may still ask for the key"
    );
    // A day less: it is owed still.
    world.clock.advance(29 * 24 * 60 * 60_000);
    assert_eq!(document().await.status, 200);
    comes("the keys go after 30 days", async || {
        if document().await.status == 410 {
            return Some(());
        }
        world.clock.advance(24 * 60 * 60_000);
        None
    })
    .await;
    let left = document().await.json();
    assert_eq!((&left["type"], &left["id"]), (&json!("Tombstone"), &json!("https://a.test/users/bad")));
    assert!(left["deleted"].is_string() && left.get("publicKey").is_none(), "{left}");
}
