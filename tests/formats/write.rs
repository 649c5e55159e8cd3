//! Writes a fixture: two real servers and some people on them; then the packs of both engines, the rows in them and the
//! server's answers, which are the same for both.

use crate::{
    QUESTIONS, ask, engines, fixtures,
    lab::World,
    listing,
    live::{live, part},
    pack, set,
};
use serde_json::{Map, Value};
use std::{
    fs,
    time::{Duration, Instant},
};
use storage::{Timestamp, account};

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
    // The search index holds the log until it has committed.
    let shortened = || home.server().store().state().log_begin.0 > 1;
    let deadline = Instant::now() + Duration::from_secs(60);
    while !shortened() && Instant::now() < deadline {
        world.clock.advance(1_000);
        home.server().store().write_base().expect("another base");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
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
    let mut told = Vec::new();
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
        let answers = answers(&world, copy, engine, now).await;
        told.push((rows, serde_json::to_string_pretty(&answers).expect("JSON") + "\n"));
    }
    assert!(told.iter().all(|of_one| *of_one == told[0]), "the engines hold the same");
    let (rows, answers) = &told[0];
    fs::write(target.join("rows.tsv"), rows).expect("written");
    fs::write(target.join("answers.json"), answers).expect("written");
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
        let deadline = Instant::now() + Duration::from_secs(60);
        while !found(&answer) {
            assert!(Instant::now() < deadline, "{path}: {answer}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            answer = ask(&home, &path).await;
        }
        assert!(!answer.is_number(), "{path}: {answer}");
        answers.insert(path, answer);
    }
    Value::Object(answers)
}
