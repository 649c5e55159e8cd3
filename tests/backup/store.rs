//! `dassie store` and `--accept-log-loss` with the real binary: the tables move to the other engine and back, what the store
//! holds is said in words, and a log that lost acknowledged data is gone on with only where that is asked for.

use crate::{binary, fine, json, refused, web::form, world::World};
use std::{
    fs,
    process::Output,
    time::{Duration, Instant},
};

/// Runs the binary without a word in its environment about the engine; whether it went well, and what it printed.
fn as_configured(world: &World, arguments: &[&str]) -> (bool, String) {
    let mut command = world.command();
    command.env_remove("DASSIE_STORAGE__ENGINE").args(arguments).arg("--data").arg(world.data());
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    // How far it has come goes to standard error.
    let said = if status.success() { stdout } else { stderr };
    (status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A post of alice; its id.
fn post(world: &World, text: &str) -> String {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let reply = world.api("POST", "/api/v1/statuses", &headers, &form(&[("status", text)])).expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["id"].as_str().expect("an id").to_owned()
}

fn holds(world: &World, posts: &[(&str, String)]) {
    for (text, id) in posts {
        let reply = world.api("GET", &format!("/api/v1/statuses/{id}"), &[], "").expect("an answer");
        assert_eq!(reply.status, 200, "{text}: {}", reply.text());
        assert!(reply.json()["content"].as_str().is_some_and(|content| content.contains(*text)), "{}", reply.text());
    }
}

/// Puts into `dassie.toml` what `store convert` said should stand there.
fn configure_as_told(world: &World, said: &str, from: &str, to: &str) {
    let warning = format!("the next start would move them back to {from}; put into dassie.toml before:\n");
    let (_, told) = said.split_once(&warning).unwrap_or_else(|| panic!("no warning: {said}"));
    assert_eq!(told.trim_end(), format!("[storage]\nengine = \"{to}\""));
    fs::write(world.data().join("dassie.toml"), told).expect("written");
}

#[test]
fn a_stopped_store_moves_to_the_other_engine_and_back_and_a_served_one_stays() {
    let mut world = World::new("redb");
    world.settle();
    let running = world.serve();
    let mut posts = vec![("written in redb", post(&world, "written in redb"))];
    let why = refused(&world, &["store", "convert", "--engine", "sled"]);
    assert!(why.contains("another process holds the data directory"), "{why}");
    assert_eq!(json(&world, &["store", "stats", "--json"])["engine"], "redb");
    holds(&world, &posts);
    running.stop();

    let said = fine(&world, &["store", "convert", "--engine", "sled"]);
    assert!(said.contains(" rows are in sled, read back and compared\n"), "{said}");
    configure_as_told(&world, &said, "redb", "sled");
    let (went_well, said) = as_configured(&world, &["store", "stats"]);
    assert!(went_well && said.contains("engine sled: "), "{said}");
    let (went_well, said) = as_configured(&world, &["check"]);
    assert!(went_well && said.contains("nothing is wrong; "), "{said}");
    let running = binary::serve("sled", world.data(), world.address);
    holds(&world, &posts);
    posts.push(("written in sled", post(&world, "written in sled")));
    running.stop();

    // Already where it is to be: nothing moves, and nothing is to be configured.
    let (went_well, said) = as_configured(&world, &["store", "convert", "--engine", "sled"]);
    assert!(went_well && said.contains(" rows are in sled, ") && !said.contains("dassie.toml"), "{said}");
    let (went_well, said) = as_configured(&world, &["store", "convert", "--engine", "redb"]);
    assert!(went_well && said.contains(" rows are in redb, read back and compared\n"), "{said}");
    configure_as_told(&world, &said, "sled", "redb");
    let (went_well, said) = as_configured(&world, &["check"]);
    assert!(went_well && said.contains("nothing is wrong; "), "{said}");
    let running = world.serve();
    holds(&world, &posts);
    assert_eq!(json(&world, &["store", "stats", "--json"])["engine"], "redb");
    running.stop();
}

#[test]
fn what_the_store_holds_is_said_in_words_with_a_server_and_without() {
    let mut world = World::new("redb");
    world.settle();
    let running = world.serve();
    post(&world, "one row of many");
    // The engine comes a moment behind the log.
    let deadline = Instant::now() + Duration::from_secs(30);
    let served = loop {
        let said = fine(&world, &["store", "stats"]);
        if has_statuses(&said) || Instant::now() > deadline {
            break said;
        }
    };
    running.stop();
    let stopped = fine(&world, &["store", "stats"]);
    for said in [served, stopped] {
        let first = said.lines().next().unwrap_or_default();
        assert!(first.starts_with("engine redb: ") && first.contains(" bytes, holds up to "), "{said}");
        assert!(first.contains(", checkpoint at "), "{said}");
        let log = said.lines().nth(1).unwrap_or_default();
        assert!(log.starts_with("log: transactions ") && log.ends_with(" segments"), "{said}");
        assert!(
            said.contains("no base snapshot yet: the whole log is kept\n") || said.contains(" rows up to "),
            "{said}"
        );
        assert!(has_statuses(&said), "{said}");
    }
}

/// Whether what is said of a store names rows and bytes of statuses.
fn has_statuses(said: &str) -> bool {
    let columns = said.lines().position(|line| line.split_whitespace().eq(["rows", "bytes", "table"]));
    let tables = said.lines().skip(columns.expect("a line that names the columns") + 1);
    let counts = |text: &str| text.parse::<u64>().is_ok_and(|count| count > 0);
    let mut rows = tables.map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.any(|row| row[2] == "status" && counts(row[0]) && counts(row[1]))
}

fn loss(engine: &'static str) {
    let mut world = World::new(engine);
    world.settle();
    let running = world.serve();
    let mut posts = vec![("before the loss", post(&world, "before the loss"))];
    running.stop();
    // As where the disk was rolled back behind the server's back: the engine has more than the log.
    let log = world.data().join("store/log");
    for entry in fs::read_dir(&log).expect("a directory").flatten() {
        fs::remove_file(entry.path()).expect("removed");
    }
    let origin = format!("http://{}", world.host);
    let serve = ["serve", "--lab", "--listen", "127.0.0.1:0", "--origin", &origin];
    for arguments in [&serve[..], &["check"], &["store", "stats"]] {
        let why = refused(&world, arguments);
        assert!(why.contains("acknowledged data was lost"), "{arguments:?}: {why}");
        assert!(why.contains("start once with --accept-log-loss"), "{arguments:?}: {why}");
    }
    let running = binary::serve_with(engine, world.data(), world.address, &["--accept-log-loss"]);
    holds(&world, &posts);
    posts.push(("behind the loss", post(&world, "behind the loss")));
    running.stop();
    let told = fs::read_to_string(world.data().join("serve.log")).expect("a log");
    assert!(told.contains("the loss is accepted"), "{told}");
    // Once is enough.
    world.check();
    let running = world.serve();
    holds(&world, &posts);
    running.stop();
}

#[test]
fn redb_goes_on_without_what_its_log_lost_only_when_told_to() {
    loss("redb");
}

#[test]
fn sled_goes_on_without_what_its_log_lost_only_when_told_to() {
    loss("sled");
}
