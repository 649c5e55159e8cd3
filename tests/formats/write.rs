//! Writes a fixture: two real servers, some people, all that they can do today; then the packs of both engines, their
//! rows and the server's answers.

use crate::{
    QUESTIONS, ask, engines, fixtures,
    lab::{Instance, Person, World, text_of},
    listing, pack, set,
};
use serde_json::{Map, Value};
use std::{fs, time::Duration};
use storage::{
    AccountId, Digest, SecretHash, Timestamp, account,
    inbound::{self, Arrival},
    job::{self, JobKind},
    oauth::{self, AuthorizationCode},
    user::{SESSIONS, SESSIONS_OF_ACCOUNT, Session},
};

/// The name of the instance whose data are kept.
pub(crate) const HOME: &str = "home.test";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes a fixture; wants DASSIE_WRITE_FIXTURE"]
async fn write_a_fixture() {
    let name = std::env::var("DASSIE_WRITE_FIXTURE").expect("DASSIE_WRITE_FIXTURE names the fixture");
    let target = fixtures().join(name);
    fs::create_dir_all(&target).expect("a directory");
    let world = World::new();
    let mut home = world.instance(HOME).await;
    let away = world.instance("away.test").await;
    // Two bases and a log that has been shortened, with people between them.
    live(&home, &away).await;
    home.server().store().write_base().expect("a base");
    home.restart().await;
    home.server().store().write_base().expect("a second base");
    home.restart().await;
    home.server().store().write_base().expect("a third base");
    part(&home, &away).await;
    let state = home.server().store().state();
    assert!(state.log_begin.0 > 1 && state.bases.len() == 2, "the log has been shortened: {state:?}");

    let now = home.server().now();
    fs::write(target.join("time"), format!("{}\n", now.0)).expect("written");
    let copies: Vec<_> =
        engines().into_iter().map(|engine| (engine, tempfile::tempdir().expect("a directory"))).collect();
    home.restart_after(|data| {
        for (_, copy) in &copies {
            pack::unpack(&pack::pack(data), &copy.path().join(HOME));
        }
    })
    .await;
    drop((home, away));
    for (engine, copy) in copies {
        let data = copy.path().join(HOME);
        // Into this engine, and to rest.
        listing::open(&data, engine, now).close().expect("it closes");
        let packed = pack::pack(&data);
        println!("{engine}: {} bytes", packed.len());
        fs::write(target.join(format!("{engine}.pack")), packed).expect("written");
        let store = listing::open(&data, engine, now);
        let rows = listing::of(&store);
        store.close().expect("it closes");
        fs::write(target.join(format!("{engine}.rows.tsv")), rows).expect("written");
        let answers = answers(&world, copy, engine, now).await;
        let text = serde_json::to_string_pretty(&answers).expect("JSON");
        fs::write(target.join(format!("{engine}.answers.json")), text + "\n").expect("written");
    }
}

async fn answers(world: &World, copy: tempfile::TempDir, engine: storage::EngineKind, now: Timestamp) -> Value {
    set(world, now);
    let home = world.instance_on(HOME, copy, engine).await;
    let alice = home.server().read(|view| Ok(account::find_by_name(view, "alice", None)?)).await.expect("a read");
    let id = alice.expect("she is there").id;
    let own = [
        format!("/api/v1/accounts/{id}/statuses?limit=40"),
        format!("/api/v1/accounts/{id}/statuses?pinned=true"),
        format!("/api/v1/accounts/{id}/followers"),
        format!("/api/v1/accounts/{id}/following"),
    ];
    let mut answers = Map::new();
    for path in QUESTIONS.iter().map(|path| (*path).to_owned()).chain(own) {
        let found = |answer: &Value| !path.contains("kettle") || answer["statuses"][0].is_object();
        let mut answer = ask(&home, &path).await;
        while !found(&answer) {
            tokio::time::sleep(Duration::from_millis(50)).await;
            answer = ask(&home, &path).await;
        }
        assert!(!answer.is_number(), "{path}: {answer}");
        answers.insert(path, answer);
    }
    Value::Object(answers)
}

/// What people do as long as the other server answers.
async fn live(home: &Instance, away: &Instance) {
    let (alice, bob) = (home.person("alice").await, home.person("bob").await);
    let (carol, dave) = (away.person("carol").await, away.person("dave").await);
    carol.follows(&alice.handle()).await;
    alice.follows(&carol.handle()).await;
    bob.follows("alice").await;
    alice.follows("bob").await;
    let bob_of_alice = alice.finds("bob").await;
    alice.post(&format!("/api/v1/accounts/{bob_of_alice}/follow"), &[("notify", "true"), ("reblogs", "false")]).await;
    carol.posts("A kettle from elsewhere #Tea", &[("language", "en")]).await;
    let theirs = text_of(&alice.sees_at_home("A kettle from elsewhere").await, "id");

    let first = alice.posts("My kettle is on #Tea #grün", &[("language", "en")]).await;
    alice.posts("Quietly", &[("visibility", "unlisted"), ("spoiler_text", "a warning")]).await;
    alice.posts("For those who follow", &[("visibility", "private"), ("sensitive", "true")]).await;
    alice.posts(&format!("Only you two @bob {}", carol.handle()), &[("visibility", "direct")]).await;
    let edited = alice.posts("To be edited #old", &[]).await;
    let change = [("status", "It was edited #Tea")];
    assert_eq!(alice.send("PUT", &format!("/api/v1/statuses/{edited}"), &change).await.status, 200);
    let gone = alice.posts("To be deleted", &[]).await;
    assert_eq!(alice.send("DELETE", &format!("/api/v1/statuses/{gone}"), &[]).await.status, 200);
    alice.posts("An answer to elsewhere", &[("in_reply_to_id", &theirs)]).await;
    bob.posts("An answer @alice", &[("in_reply_to_id", &first)]).await;
    for (who, mark) in [(&bob, "favourite"), (&bob, "reblog"), (&alice, "bookmark"), (&alice, "pin")] {
        who.post(&format!("/api/v1/statuses/{first}/{mark}"), &[]).await;
    }
    for mark in ["favourite", "reblog", "bookmark"] {
        alice.post(&format!("/api/v1/statuses/{theirs}/{mark}"), &[]).await;
    }
    alice.post("/api/v1/markers", &[("home[last_read_id]", &first), ("notifications[last_read_id]", "1")]).await;
    let profile = [("display_name", "Alice of the Hill"), ("note", "Tea."), ("locked", "true")];
    assert_eq!(alice.send("PATCH", "/api/v1/accounts/update_credentials", &profile).await.status, 200);

    let seen = text_of(&carol.sees_at_home("My kettle is on").await, "id");
    for mark in ["favourite", "reblog"] {
        carol.post(&format!("/api/v1/statuses/{seen}/{mark}"), &[]).await;
    }
    carol.posts(&format!("Hello {} and {}", alice.handle(), bob.handle()), &[("in_reply_to_id", &seen)]).await;
    let late = carol.posts("To be taken back", &[]).await;
    alice.sees_at_home("To be taken back").await;
    assert_eq!(carol.send("DELETE", &format!("/api/v1/statuses/{late}"), &[]).await.status, 200);
    let asked = dave.finds(&alice.handle()).await;
    dave.post(&format!("/api/v1/accounts/{asked}/follow"), &[]).await;
    for kind in ["favourite", "reblog", "mention", "follow_request"] {
        alice.is_told(kind).await;
    }
    let taken = |home: &Value| !home.to_string().contains("To be taken back");
    alice.until("/api/v1/timelines/home?limit=40", taken).await;
    sign_ins(home, alice.id).await;
    blocks(home, &bob, &carol).await;
}

/// What no call of the API makes by a token: a browser's session and a code that waits.
async fn sign_ins(home: &Instance, alice: AccountId) {
    let rule = move |tx: &mut storage::Tx<'_>| {
        let now = tx.now();
        let hash = SecretHash::of("a cookie of the fixture");
        let session = Session { account: alice, csrf_secret: [1; 32], created_at: now, user_agent: "a browser".into() };
        SESSIONS.put(tx, &hash, &session);
        SESSIONS_OF_ACCOUNT.put(tx, &(alice, hash), &());
        let bounds = storage::Bounds::NONE;
        let application = oauth::APPLICATIONS.list(tx, &(), bounds, storage::Direction::Ascending, 1)?.remove(0).0;
        let code = AuthorizationCode {
            application,
            account: alice,
            redirect_uri: "https://app.test/".into(),
            scopes: vec!["read".into()],
            challenge: Some("challenge".into()),
            created_at: now,
            used_for: None,
        };
        oauth::AUTHORIZATION_CODES.put(tx, &SecretHash::of("a code of the fixture"), &code);
        Ok(())
    };
    home.server().write(rule).await.expect("written");
}

/// Carol's server says that she blocks bob.
async fn blocks(home: &Instance, bob: &Person<'_>, carol: &Person<'_>) {
    let (bob, carol) = (bob.id, format!("https://away.test/users/{}", carol.name));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let carol = account::find_by_uri(tx, &carol)?.expect("she is known").id;
        dassie::relationship::accept::block(tx, carol, bob, "https://away.test/blocks/1")
    };
    home.server().write(rule).await.expect("written");
}

/// What is left when the other server does not answer any more: owed deliveries, activities and jobs that wait, a dead
/// letter.
async fn part(home: &Instance, away: &Instance) {
    away.cut_off();
    let alice = Person { home, name: "alice".into(), id: AccountId(0), token: "token-of-alice".into() };
    alice.posts("Nobody elsewhere hears this", &[]).await;
    let rule = |tx: &mut storage::Tx<'_>| {
        let carol = account::find_by_uri(tx, "https://away.test/users/carol")?.expect("she is known").id;
        job::enqueue(tx, JobKind::RefreshAccount { account: carol });
        let actor = "https://away.test/users/nobody";
        let follow = serde_json::json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#follow"), "type": "Follow",
            "actor": actor, "object": "https://home.test/users/alice", "summary": "long ".repeat(30_000),
        });
        let body = follow.to_string().into_bytes();
        inbound::accept(
            tx,
            &Arrival { actor, signer: actor, inbox: "", activity: "https://away.test/a1", body: &body },
        )?;
        Ok(())
    };
    home.server().write(rule).await.expect("written");
    let waiting = || async {
        let counts = home.server().read(|view| {
            let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
            let owed = storage::delivery::OWED.list(view, &(), bounds, up, 1)?.len();
            let jobs = job::JOBS.list(view, &(), bounds, up, 10)?.iter().filter(|(_, job)| job.attempts > 0).count();
            let rows = inbound::INBOUND.list(view, &(), bounds, up, 10)?;
            Ok([owed, jobs, rows.iter().filter(|(_, row)| row.attempts > 0).count()])
        });
        counts.await.expect("a read")
    };
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    loop {
        let counts = waiting().await;
        if counts.iter().all(|count| *count > 0) {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "deliveries, jobs and activities that wait: {counts:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let dead = |tx: &mut storage::Tx<'_>| {
        let (actor, due) = ("https://away.test/users/nobody", tx.now());
        let arrival = Arrival { actor, signer: actor, inbox: "", activity: "https://away.test/a2", body: b"{}" };
        inbound::accept(tx, &arrival)?;
        let place = (Digest::of(actor), tx.lsn());
        while inbound::postpone(tx, place, due, "nobody can read it")? {}
        Ok(())
    };
    home.server().write(dead).await.expect("written");
}
