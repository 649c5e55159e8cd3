//! Data directories of the past open for ever: each one under `tests/fixtures/data/` is unpacked, opened with both
//! engines, with and without the engine's files, checked, counted, and asked through the API of a real server. So are
//! their backups, under `tests/fixtures/backups/` (`backups.rs`).
//!
//! `DASSIE_WRITE_FIXTURE=VERSION cargo test --test formats -- --ignored` writes a new one; do so whenever a record gets a
//! new version or a table is added.

#![allow(dead_code, reason = "the harness of the federation tests offers more than this one takes")]

mod backups;
#[path = "../federation/lab.rs"]
mod lab;
mod listing;
mod live;
mod pack;
#[path = "../client/pictures.rs"]
mod pictures;
mod removal;
#[path = "../e2e/web.rs"]
mod web;
mod write;

use dassie::clock::Clock;
use lab::{Instance, World};
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use storage::{EngineKind, Timestamp, catalogue::TABLES};

/// What is asked of the server, as alice.
const QUESTIONS: &[&str] = &[
    "/api/v1/accounts/verify_credentials",
    "/api/v1/timelines/home?limit=40",
    "/api/v1/timelines/public?limit=40",
    "/api/v1/timelines/public?local=true&limit=40",
    "/api/v1/timelines/tag/tea?limit=40",
    "/api/v1/notifications?limit=40",
    "/api/v1/favourites",
    "/api/v1/bookmarks",
    "/api/v1/markers?timeline[]=home&timeline[]=notifications",
    "/api/v2/search?q=kettle&type=statuses",
    "/api/v2/search?q=carol&type=accounts",
    "/api/v1/conversations",
    "/api/v1/lists",
    "/api/v2/filters",
    "/api/v1/followed_tags",
    "/api/v1/featured_tags",
    "/api/v1/endorsements",
    "/api/v1/follow_requests",
    "/api/v1/instance/rules",
];

/// Tables without rows in a server at rest: work under way, and readers of the log.
const EMPTY_AT_REST: &[&str] = &["consumer", "activity_progress", "activity_expansion", "upload"];

/// Members of the answers that are compared: what records hold, not how a later version may draw it.
const COMPARED: &[&str] = &[
    "accounts",
    "account",
    "acct",
    "bookmarked",
    "content",
    "created_at",
    "display_name",
    "edited_at",
    "favourited",
    "favourites_count",
    "followers_count",
    "following_count",
    "home",
    "id",
    "in_reply_to_id",
    "keyword",
    "keywords",
    "language",
    "last_read_id",
    "locked",
    "mentions",
    "name",
    "notifications",
    "pinned",
    "reblog",
    "reblogged",
    "reblogs_count",
    "replies_count",
    "sensitive",
    "spoiler_text",
    "status",
    "status_id",
    "statuses",
    "statuses_count",
    "tags",
    "text",
    "title",
    "type",
    "uri",
    "version",
    "visibility",
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/data")
}

fn engines() -> [EngineKind; 2] {
    [EngineKind::Redb, EngineKind::Sled]
}

/// The clock when a fixture was written.
fn time_of(fixture: &Path) -> Timestamp {
    let text = fs::read_to_string(fixture.join("time")).expect("the time of the fixture");
    Timestamp(text.trim().parse().expect("milliseconds since 1970"))
}

fn packed(fixture: &Path, engine: EngineKind) -> Vec<u8> {
    read(fixture, &format!("{engine}.pack"))
}

fn read(fixture: &Path, name: &str) -> Vec<u8> {
    let path = fixture.join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn all_fixtures() -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures()).expect("fixtures");
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    found.sort_by_key(|fixture| version(fixture));
    assert!(!found.is_empty(), "there is no fixture");
    found
}

/// The numbers of the version that a fixture is named after.
fn version(fixture: &Path) -> Vec<u32> {
    let name = fixture.file_name().and_then(|name| name.to_str()).expect("a plain name");
    name.split('.').map(|number| number.parse().unwrap_or_else(|_| panic!("{name} is no version"))).collect()
}

#[test]
fn every_old_data_directory_opens_with_the_rows_it_had() {
    for fixture in all_fixtures() {
        let now = time_of(&fixture);
        let lines = String::from_utf8(read(&fixture, "rows.tsv")).expect("text");
        for written in engines() {
            // As it was, without the engine's files, and into the other engine.
            for (opened, bare) in [(written, false), (written, true), (other(written), false)] {
                let scratch = tempfile::tempdir().expect("a directory");
                pack::unpack(&packed(&fixture, written), scratch.path());
                if bare {
                    remove_engine(&scratch.path().join("store"));
                }
                let store = listing::open(scratch.path(), opened, now);
                let findings = store.check().expect("it can be checked");
                assert!(findings.is_empty(), "{} {written} as {opened}: {findings:?}", fixture.display());
                listing::compare(&lines, &store);
                store.close().expect("it closes");
            }
        }
    }
}

#[test]
fn the_newest_fixture_has_rows_of_every_table() {
    let newest = all_fixtures().pop().expect("there is one");
    let lines = String::from_utf8(read(&newest, "rows.tsv")).expect("text");
    let filled = |table: &str| lines.lines().map(listing::columns).any(|(name, line)| name == table && line[1] != "0");
    let bare: Vec<&str> = TABLES.iter().map(|table| table.name).filter(|table| !filled(table)).collect();
    assert!(bare.iter().all(|table| EMPTY_AT_REST.contains(table)), "{}: no rows of {bare:?}", newest.display());
}

/// A record that got a new version came without a data directory of this program.
#[test]
fn the_newest_fixture_has_records_of_the_present_versions() {
    let newest = all_fixtures().pop().expect("there is one");
    let lines = String::from_utf8(read(&newest, "rows.tsv")).expect("text");
    let written: BTreeMap<&str, &str> =
        lines.lines().map(listing::columns).filter_map(|(name, line)| Some((name, *line.first()?))).collect();
    let older: Vec<String> = TABLES
        .iter()
        .filter(|table| !EMPTY_AT_REST.contains(&table.name))
        .map(|table| (table.name, written.get(table.name).copied().unwrap_or("none"), table.version.to_string()))
        .filter(|(_, written, present)| written != present)
        .map(|(name, written, present)| format!("{name}: {written}, now {present}"))
        .collect();
    assert!(older.is_empty(), "{}: a new fixture is due for {older:?}", newest.display());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_old_data_directory_is_served_with_what_was_in_it() {
    for fixture in all_fixtures() {
        let written: Value = serde_json::from_slice(&read(&fixture, "answers.json")).expect("JSON");
        let answers = written.as_object().expect("paths with answers");
        assert!(answers.len() > 5, "what was asked");
        for engine in engines() {
            let world = World::new();
            set(&world, time_of(&fixture));
            let scratch = tempfile::tempdir().expect("a directory");
            pack::unpack(&packed(&fixture, engine), &scratch.path().join(write::HOME));
            let home = world.instance_on(write::HOME, scratch, engine).await;
            for (path, then) in answers {
                let now = settled(&home, path, then).await;
                assert_eq!(&now, then, "{} {engine}: {path}", fixture.display());
            }
        }
    }
}

/// Brings the clock of a world to a time.
fn set(world: &World, time: Timestamp) {
    world.clock.advance(time.ms_since(Clock::Manual(world.clock.clone()).now()));
}

/// The answer once the search index has been made, which takes a moment.
async fn settled(home: &Instance, path: &str, then: &Value) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let now = ask(home, path).await;
        if now == *then || Instant::now() > deadline {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn ask(home: &Instance, path: &str) -> Value {
    let headers = [("authorization", "Bearer token-of-alice")];
    let reply = home.web().send("GET", path, &headers, b"").await;
    if reply.status != 200 {
        return Value::from(reply.status);
    }
    compared(&reply.json())
}

fn compared(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(compared).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| COMPARED.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), compared(value))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn other(engine: EngineKind) -> EngineKind {
    match engine {
        EngineKind::Redb => EngineKind::Sled,
        EngineKind::Sled => EngineKind::Redb,
    }
}

fn remove_engine(store: &Path) {
    for name in ["engine.redb", "engine.sled"] {
        let path = store.join(name);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        assert!(removed.is_ok() || !path.exists(), "{}", path.display());
    }
}
