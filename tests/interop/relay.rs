//! ActivityRelay, a relay of others: started, and asked by two servers here as the two kinds of relays are asked, while
//! somebody on Fedify gives it posts.

use crate::{
    binary::{ask, tail, wait_for},
    fedify::{Fedify, Resident},
    house::{House, Person, text},
    matrix::{
        Matrix, Outcome,
        Way::{In, Out},
        hold, until,
    },
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::Write,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// The process; it has one of its own, which ends when it is told to end.
struct Relay {
    child: Child,
    data: TempDir,
    address: SocketAddr,
}

/// A server here that asks the relay, and somebody on it.
struct Member {
    house: House,
    person: Person,
    /// What of the relay it is told, by which it knows its kind.
    path: &'static str,
}

/// Goes through the matrix.
pub(crate) fn all(python: &Path, fedify: &Path) {
    let version = Command::new(python).args(["-m", "relay", "--version"]).output().expect("the relay starts");
    let mut matrix = Matrix::of(String::from_utf8_lossy(&version.stdout).trim().to_owned());
    let relay = Relay::start(python);
    let fedify = Fedify::start(fedify, "localhost");
    let (first, second) = (Member::open("ann", "inbox"), Member::open("una", "actor"));
    matrix.step("asked as Mastodon's kind", Out, || first.asks(&relay));
    matrix.step("asked as LitePub's kind", Out, || second.asks(&relay));
    let note = passes(&fedify, &relay);
    let comes = |member: &Member| note.clone().and_then(|note| member.is_shown(&note, &relay));
    matrix.step("post of a third, to Mastodon's kind", In, || comes(&first));
    matrix.step("post of a third, to LitePub's kind", In, || comes(&second));
    matrix.step("post, from Mastodon's kind", Out, || goes(&first, &second, &relay));
    matrix.step("post, from LitePub's kind", Out, || goes(&second, &first, &relay));
    let leaves = |member: &Member| note.clone().and_then(|note| member.leaves(&relay, &note));
    matrix.step("left as Mastodon's kind", Out, || leaves(&first));
    matrix.step("left as LitePub's kind", Out, || leaves(&second));
    matrix.close(&format!(
        "Its log:\n{}\nDassie's logs:\n{}\n{}\nFedify's errors: {}",
        relay.log(),
        first.house.log(),
        second.house.log(),
        fedify.errors()
    ));
}

/// Somebody on a third server, which has joined the relay, gives it what they said; the Note's id.
fn passes(fedify: &Fedify, relay: &Relay) -> Outcome<String> {
    let zoe: Resident = fedify.resident("zoe", false);
    // A relay takes servers alone.
    fedify.does("actor", &json!({"name": "office", "kind": "Application"}))?;
    fedify.does("follow", &json!({"as": "office", "target": relay.url("actor")}))?;
    relay.counts(zoe.handle.rsplit('@').next().unwrap_or_default(), true)?;
    let post = json!({"as": zoe.name, "text": "for all who listen", "visibility": "public"});
    let note = text(&fedify.does("post", &post)?, "id");
    fedify.does("pass", &json!({"as": zoe.name, "id": note, "relay": relay.url("actor")}))?;
    Ok(note)
}

/// What is said publicly on one server here is passed on to the other.
fn goes(from: &Member, to: &Member, relay: &Relay) -> Outcome {
    let status = from.person.posts("for all who listen", &[])?;
    to.is_shown(&text(&status, "uri"), relay)
}

impl Member {
    fn open(owner: &str, path: &'static str) -> Self {
        let house = House::open(&[owner]);
        let person = house.person(owner, "read write follow");
        Member { house, person, path }
    }

    /// Asks the relay, which agrees.
    fn asks(&self, relay: &Relay) -> Outcome {
        self.house.command(&["relay", "add", &relay.url(self.path)])?;
        until("the relay to agree", || Ok(self.house.says(&["relay", "list"])?.contains("agreed").then_some(())))?;
        relay.counts(&self.house.host(), true)
    }

    /// Leaves the relay, which heeds it; what came by it no longer says so.
    fn leaves(&self, relay: &Relay, note: &str) -> Outcome {
        self.house.command(&["relay", "remove", &relay.url(self.path)])?;
        relay.counts(&self.house.host(), false)?;
        let status = self.person.finds_status(note)?;
        hold(status["dassie"]["relay"].is_null(), || format!("{status}"))
    }

    /// A status that came by the relay is in the timeline of all known servers, says so, and is no boost.
    fn is_shown(&self, uri: &str, relay: &Relay) -> Outcome {
        let path = "/api/v1/timelines/public?limit=40";
        let status = self.person.waits_for(path, uri, |found| found["uri"] == uri)?;
        let came_by = &status["dassie"]["relay"];
        hold(*came_by == relay.host().as_str() && status["reblog"].is_null(), || format!("{status}"))
    }
}

impl Relay {
    /// Makes its directory, over plain http, and starts it.
    fn start(python: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let data = TempDir::new().expect("a directory");
        let port = address.port();
        let settings = format!(
            "listen: 127.0.0.1\nport: {port}\ndomain: localhost:{port}\nworkers: 1\n\
             database_type: sqlite\ncache_type: database\nsqlite_path: relay.sqlite3\n"
        );
        fs::write(data.path().join("relay.yaml"), settings).expect("written");
        let mut setup = command(python, data.path(), &["setup", "--skip-questions"]);
        // Whether it should run at once is asked all the same.
        setup.stdin.take().expect("a pipe").write_all(b"n\n").expect("written");
        let made = setup.wait().expect("it ends");
        let child = command(python, data.path(), &["run"]);
        let relay = Relay { child, data, address };
        assert!(made.success(), "the relay is not set up: {}", relay.log());
        let request = format!("GET /actor HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", relay.host());
        wait_for("the relay to answer", || ask(address, request.as_bytes()).filter(|reply| reply.status == 200));
        relay
    }

    /// Host with port.
    fn host(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.host())
    }

    /// Waits until a server is among those that it passes on to, or is not.
    fn counts(&self, host: &str, wanted: bool) -> Outcome {
        let request = format!("GET /following HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host());
        until(&format!("{host} to be a member: {wanted}"), || {
            let reply = ask(self.address, request.as_bytes()).ok_or("the relay does not answer")?;
            Ok((reply.text().contains(&format!("http://{host}/")) == wanted).then_some(()))
        })
    }

    /// The last lines of its log.
    fn log(&self) -> String {
        tail(&self.data.path().join("log"))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Killed, it would leave its process behind.
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !told.is_ok_and(|status| status.success()) {
            // It may have ended by itself; what counts is that it is gone.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// One of its commands, begun.
fn command(python: &Path, data: &Path, arguments: &[&str]) -> Child {
    let log = File::options().create(true).append(true).open(data.join("log")).expect("a log");
    Command::new(python)
        .args(["-m", "relay", "-c", "relay.yaml"])
        .args(arguments)
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .expect("the relay starts")
}
