//! The commands for backups by hand, with an object store as the place.

use crate::{
    s3::Moto,
    takeover::{command, ready, serve_with},
};
use std::{net::TcpListener, path::Path};

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];

/// What `dassie ARGUMENTS --data DATA` prints, with or without the keys of the object store in its environment.
fn said(data: &Path, arguments: &[&str], keys: &[(&str, &str)]) -> String {
    let mut command = command(data);
    for (name, _) in KEYS {
        command.env_remove(name);
    }
    command.env_remove("DASSIE_LIMITS__RATES").envs(keys.iter().copied());
    let output = command.args(arguments).arg("--data").arg(data).output().expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn backups_are_made_listed_and_verified_by_hand_in_an_object_store() {
    let Some(moto) = Moto::start("backups") else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let (data, place) = (dir.path(), moto.place("backups", "by/hand"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let server = serve_with(data, address, &KEYS);
    ready(data, address);
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
}
