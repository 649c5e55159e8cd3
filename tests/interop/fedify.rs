//! A server on Fedify: started, told what to do, asked what it has verified and taken.

use crate::{
    binary::ask,
    matrix::{Outcome, until},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
};

/// The process; it ends when its standard input does.
pub(crate) struct Fedify {
    child: Child,
    _stdin: ChildStdin,
    control: SocketAddr,
    /// Fedify's version and node's.
    pub(crate) version: String,
}

/// Somebody on it.
pub(crate) struct Resident {
    /// The actor's name.
    pub(crate) name: String,
    /// The actor's id.
    pub(crate) uri: String,
    /// name@host.
    pub(crate) handle: String,
}

impl Fedify {
    /// Starts it under this name in a directory with its `node_modules`, by the Node there if there is one.
    pub(crate) fn start(programs: &Path, host: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/fedify/server.mjs");
        // Modules are looked for beside the script. Another test may be about to start the same.
        let script = programs.join("server.mjs");
        let fresh = programs.join(format!("server-{:?}.mjs", thread::current().id()));
        fs::copy(source, &fresh).and_then(|_| fs::rename(&fresh, &script)).expect("copied");
        let own: PathBuf = programs.join("node_modules/node/bin/node");
        let node = if own.exists() { own } else { PathBuf::from("node") };
        let mut child = Command::new(node)
            .arg(script)
            .arg(host)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let stdin = child.stdin.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        let port = said["control"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
        let package = fs::read(programs.join("node_modules/@fedify/fedify/package.json")).expect("Fedify is installed");
        let package: Value = serde_json::from_slice(&package).expect("JSON");
        let version = format!(
            "Fedify {} on Node {}",
            package["version"].as_str().unwrap_or("?"),
            said["node"].as_str().unwrap_or("?")
        );
        Fedify { child, _stdin: stdin, control: SocketAddr::from(([127, 0, 0, 1], port)), version }
    }

    /// Lets it do something.
    pub(crate) fn does(&self, operation: &str, with: &Value) -> Outcome<Value> {
        let body = with.to_string();
        let request = format!(
            "POST /{operation} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let reply = ask(self.control, request.as_bytes()).ok_or_else(|| format!("{operation}: no answer"))?;
        match reply.status {
            200 => Ok(reply.json()),
            _ => Err(format!("{operation}: {}", reply.text())),
        }
    }

    /// Makes somebody.
    pub(crate) fn resident(&self, name: &str, locked: bool) -> Resident {
        self.made(name, &json!({"name": name, "locked": locked}))
    }

    /// Makes somebody whose documents are given only to who signs for them.
    pub(crate) fn guarded_resident(&self, name: &str) -> Resident {
        self.made(name, &json!({"name": name, "guarded": true}))
    }

    /// Makes a group, which tells its members of activities or shares objects.
    pub(crate) fn group(&self, name: &str, shares: &str) -> Resident {
        self.made(name, &json!({"name": name, "kind": "Group", "shares": shares}))
    }

    fn made(&self, name: &str, as_asked: &Value) -> Resident {
        let made = self.does("actor", as_asked).expect("an actor");
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        Resident { name: name.to_owned(), uri: text("id"), handle: text("handle") }
    }

    /// What it has seen and sent.
    pub(crate) fn seen(&self) -> Outcome<Value> {
        self.does("seen", &json!({}))
    }

    /// Waits for an activity of a kind that it verified.
    pub(crate) fn hears(&self, kind: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Outcome<Value> {
        until(&format!("{kind} {what}"), || {
            let seen = self.seen()?;
            let received = seen["received"].as_array().cloned().unwrap_or_default();
            Ok(received.into_iter().find(|activity| activity["type"] == kind && fits(activity)))
        })
        .map_err(|why| format!("{why}; its errors: {}", self.errors()))
    }

    /// Its last errors.
    pub(crate) fn errors(&self) -> String {
        let errors = self.seen().ok().and_then(|seen| seen["errors"].as_array().cloned()).unwrap_or_default();
        let last = errors.iter().rev().take(3).map(|error| error.as_str().unwrap_or_default().to_owned());
        last.collect::<Vec<_>>().join(" / ")
    }
}

impl Drop for Fedify {
    fn drop(&mut self) {
        // It may have ended by itself; what counts is that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The id of what stands there as an id or as a document.
pub(crate) fn id_of(value: &Value) -> &str {
    value.as_str().or_else(|| value["id"].as_str()).unwrap_or_default()
}

/// Whether a member names an id, alone or in a list.
pub(crate) fn names(document: &Value, member: &str, id: &str) -> bool {
    match &document[member] {
        Value::Array(all) => all.iter().any(|one| id_of(one) == id),
        one => id_of(one) == id,
    }
}

/// Whether a member names everybody, in any of its spellings.
pub(crate) fn names_everybody(document: &Value, member: &str) -> bool {
    ["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"]
        .iter()
        .any(|public| names(document, member, public))
}
