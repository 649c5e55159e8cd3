//! The commands for backups, restores and standbys by hand, with an object store as the place.

use crate::{
    s3::Moto,
    takeover::{command, knows, ready, register, serve_with, start, wait_for},
};
use std::{net::TcpListener, path::Path, process::Output};

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];

/// Runs `dassie ARGUMENTS --data DATA` with or without the keys of the object store in its environment.
fn run(data: &Path, arguments: &[&str], keys: &[(&str, &str)]) -> Output {
    let mut command = command(data);
    for (name, _) in KEYS {
        command.env_remove(name);
    }
    command.env_remove("DASSIE_LIMITS__RATES").envs(keys.iter().copied());
    command.args(arguments).arg("--data").arg(data).output().expect("the binary runs")
}

/// What it prints, once it went well.
fn said(data: &Path, arguments: &[&str], keys: &[(&str, &str)]) -> String {
    let output = run(data, arguments, keys);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn backups_are_made_listed_verified_and_restored_by_hand_in_an_object_store() {
    let Some(moto) = Moto::start("backups") else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let (data, place) = (dir.path(), moto.place("backups", "by/hand"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let server = serve_with(data, address, &KEYS);
    ready(data, address);
    let application = register(address, 1).expect("registered");
    // The server makes it and has the keys.
    let made = said(data, &["backup", "now", "--to", &place], &[]);
    assert!(made.contains("backed up to s3://backups/by/hand at 127.0.0.1"), "{made}");
    let seen = said(data, &["backup", "verify", "--from", &place], &[]);
    assert!(seen.contains("restored into a scratch directory"), "{seen}");
    drop(server);
    // Nobody serves: the command does it itself.
    said(data, &["backup", "now", "--to", &place], &KEYS);
    let configured = format!("[backup]\nto = {place:?}\n");
    std::fs::write(data.join("dassie.toml"), configured).expect("written");
    let listed = said(data, &["backup", "list"], &KEYS);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let seen = said(data, &["backup", "verify"], &KEYS);
    assert!(seen.contains("restored into a scratch directory"), "{seen}");
    // Another machine begins with them, and serves.
    let other = tempfile::tempdir().expect("a directory");
    let without = run(other.path(), &["restore", &place], &[]);
    let why = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(!without.status.success() && why.contains("AWS_ACCESS_KEY_ID"), "{without:?}");
    let told = said(other.path(), &["restore", &place], &KEYS);
    assert!(told.contains("restored from s3://backups/by/hand at 127.0.0.1"), "{told}");
    assert!(told.contains("next: make sure that the old server is gone"), "{told}");
    let _server = serve_with(other.path(), address, &KEYS);
    ready(other.path(), address);
    assert!(knows(address, &application), "what was acknowledged before the backup is there");
}

#[test]
fn a_standby_follows_an_object_store_and_takes_over() {
    let Some(moto) = Moto::start("backups") else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let [primary, standby] = ["primary", "standby"].map(|name| dir.path().join(name));
    for made in [&primary, &standby] {
        std::fs::create_dir(made).expect("made");
    }
    let place = moto.place("backups", "home");
    std::fs::write(primary.join("dassie.toml"), format!("[backup]\nto = {place:?}\n")).expect("written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let server = serve_with(&primary, address, &KEYS);
    ready(&primary, address);
    let application = register(address, 1).expect("registered");
    // The schedule may be at it just now.
    wait_for("a backup of what was acknowledged", &primary, || {
        run(&primary, &["backup", "now"], &KEYS).status.success().then_some(())
    });
    let follower = start(&standby, &["standby", &place], &KEYS);
    wait_for("the server to know of the standby", &standby, || {
        let state = run(&standby, &["state", "--json"], &KEYS).stdout;
        let state: serde_json::Value = serde_json::from_slice(&state).unwrap_or_default();
        (state["known_there"] == true).then_some(())
    });
    drop(server);
    drop(follower);
    let told = said(&standby, &["promote"], &KEYS);
    assert!(told.contains("this machine has taken over"), "{told}");
    let _new = serve_with(&standby, address, &KEYS);
    ready(&standby, address);
    assert!(knows(address, &application), "what was acknowledged before the end is there");
}

#[test]
fn whoever_asks_while_the_place_of_the_backups_is_silent_is_told_what_is_waited_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path();
    // Who connects waits in its queue for an answer that never comes.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = silent.local_addr().expect("an address");
    let place = format!("s3://backups/home?endpoint=http://{endpoint}&region=us-east-1");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let configured = format!("listen = \"{address}\"\n[backup]\nto = {place:?}\n");
    std::fs::write(data.join("dassie.toml"), configured).expect("written");
    let _server = serve_with(data, address, &KEYS);
    wait_for("the server to say what it waits for", data, || {
        let output = run(data, &["state"], &KEYS);
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        why.contains("Dassie is starting: it is asked in the place of the backups").then_some(())
    });
}
