//! Programs that people use, each through a person's day against the real binary: Mastodon.py, `toot` and masto;
//! and w3m and lynx on the pages.
//!
//! `DASSIE_CLIENTS` names a directory with them: a Python environment `venv` (Mastodon.py[webpush], toot) and `node`
//! with `node_modules/masto`; `.ci/run` makes it. Without it the days are skipped with a word.

#![allow(dead_code, reason = "the harness of other suites offers more than this one takes")]

#[path = "../crash/binary.rs"]
mod binary;
#[path = "../crash/sign_in.rs"]
mod sign_in;
mod text_browsers;
#[path = "../e2e/web.rs"]
mod web;

use binary::{Running, command, serve, tail};
use std::{
    fs,
    io::Write,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

const PEOPLE: [&str; 2] = ["ann", "ben"];

/// A server with two people on it.
struct House {
    data: TempDir,
    address: SocketAddr,
    _running: Running,
}

/// Where the programs are; `None` if nobody said so.
fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("DASSIE_CLIENTS").map(PathBuf::from);
    if named.is_none() {
        eprintln!("skipped: DASSIE_CLIENTS does not name a directory with Mastodon.py, toot and masto");
    }
    named.map(|named| named.canonicalize().expect("DASSIE_CLIENTS is a directory"))
}

fn password(name: &str) -> String {
    format!("correct horse {name}")
}

impl House {
    fn open() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let data = TempDir::new().expect("a directory");
        for name in PEOPLE {
            let mut adding = command("redb", data.path())
                .args(["user", "add", name, "--email", &format!("{name}@example.org"), "--password-stdin", "--data"])
                .arg(data.path())
                .stdin(Stdio::piped())
                .spawn()
                .expect("the binary starts");
            let mut stdin = adding.stdin.take().expect("a pipe");
            stdin.write_all(password(name).as_bytes()).expect("written");
            drop(stdin);
            let added = adding.wait_with_output().expect("it ends");
            assert!(added.status.success(), "user add {name}: {}", String::from_utf8_lossy(&added.stderr));
        }
        let running = serve("redb", data.path(), address);
        House { data, address, _running: running }
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    fn token(&self, name: &str) -> String {
        sign_in::token(self.address, &format!("localhost:{}", self.address.port()), name, &password(name))
    }

    /// Runs a program to its end; everything it says is shown if it fails.
    fn lives(&self, program: &mut Command) {
        let printed = fs::File::create(self.data.path().join("day.log")).expect("a file");
        let status = program
            .stdin(Stdio::null())
            .stdout(printed.try_clone().expect("a file"))
            .stderr(printed)
            .status()
            .expect("the program starts");
        let (said, served) = (tail(&self.data.path().join("day.log")), tail(&self.data.path().join("serve.log")));
        assert!(status.success(), "{status}\n{said}\n--- the server:\n{served}");
        assert!(said.contains("ok: "), "nothing was done: {said}");
        println!("{said}");
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

#[test]
fn mastodon_py_lives_a_day() {
    let Some(programs) = programs() else { return };
    let house = House::open();
    let people = PEOPLE.iter().flat_map(|name| [(*name).to_owned(), password(name)]);
    house.lives(
        Command::new(programs.join("venv/bin/python"))
            .args(["-B", "-W", "ignore"])
            .arg(script("day_of_mastodon_py.py"))
            .arg(house.origin())
            .args(people),
    );
}

#[test]
fn toot_lives_a_day() {
    let Some(programs) = programs() else { return };
    let house = House::open();
    house.lives(Command::new("bash").arg(script("day_of_toot.sh")).arg(programs.join("venv/bin/toot")).args([
        &house.origin(),
        &house.token("ann"),
        "ann",
        "ben",
    ]));
}

#[test]
fn masto_lives_a_day() {
    let Some(programs) = programs() else { return };
    let house = House::open();
    // Modules are looked for beside the script.
    let script = programs.join("node/day_of_masto.mjs");
    fs::copy(self::script("day_of_masto.mjs"), &script).expect("copied");
    house.lives(Command::new("node").arg(script).args([&house.origin(), &house.token("ann"), &house.token("ben")]));
}
