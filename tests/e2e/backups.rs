//! What a running server does about its backups by itself.

use crate::instance::{Instance, START, within};
use dassie::{
    backup::{By, Ended, Job, Wanted},
    config::{Backups, Config},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The first file below a directory, by name; one that is not finished is none, and is renamed away.
fn first_below(dir: &Path) -> PathBuf {
    let finished = |path: &PathBuf| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
    let entries = fs::read_dir(dir).expect("a directory").flatten().map(|entry| entry.path());
    let mut entries: Vec<_> = entries.filter(finished).collect();
    entries.sort();
    let first = entries.into_iter().next().expect("something");
    if first.is_dir() { first_below(&first) } else { first }
}

/// Turns a bit in the middle of a file; twice, and it is as it was.
pub(crate) fn turn_a_bit(file: &Path) {
    let mut bytes = fs::read(file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(file, bytes).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_lies_with_the_backups_is_read_by_the_schedule_and_what_does_not_hold_is_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = dir.path().to_string_lossy().into_owned();
    let to = Some(place.clone());
    let backed_up = |config: &mut Config| config.backups = Backups { to, ..Backups::default() };
    let instance = Instance::start_changed("read.test", "", START, backed_up).await;
    let server = instance.running.server.clone();
    let state = || async { instance.get("/healthz").await.json() };
    let read = within(Duration::from_secs(60), || async {
        instance.clock.advance(1_000);
        (state().await["backup"]["read"].is_string() && !server.backup().is_busy()).then_some(())
    });
    read.await.expect("a backup is made, seen restored, and all is read");
    let read_all = || async {
        let wanted = Wanted { job: Job::ReadAll, place: place.clone(), by: By::Person };
        server.backup().begin(&server, wanted).expect("begun");
        let ended = || async { server.backup().work().and_then(|work| work.ended) };
        within(Duration::from_secs(60), ended).await.expect("it ends")
    };
    let piece = first_below(&dir.path().join("log"));
    turn_a_bit(&piece);
    let Ended::Failed(why) = read_all().await else { panic!("a piece of log does not hold") };
    assert!(why.contains("1 object is damaged or missing, log/"), "{why}");
    let told = |problems: &Value| problems.to_string().contains("not all that lies with the backups");
    let damaged = state().await;
    assert!(told(&damaged["problems"]) && damaged["backup"]["read"].is_string(), "{damaged:#}");
    turn_a_bit(&piece);
    let seen = read_all().await;
    assert!(matches!(&seen, Ended::Done(done) if done.files > 1 && done.bytes_read > 0), "{seen:?}");
    let whole = state().await;
    assert!(!told(&whole["problems"]), "{whole:#}");
}
