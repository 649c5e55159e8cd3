//! The drill's world: a data directory, a peer with somebody who follows and somebody who is followed, and what the
//! server has acknowledged so far.

use crate::{
    binary::{self, Running, ask, command, wait_for},
    certificates::Authority,
    peer::{Answer, JRD_JSON, Peer},
    sign::{SigningKey, http_date},
    sign_in,
    web::{Reply, form},
};
use serde_json::{Value, json};
use std::{
    io::Write,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};
use storage::{
    Read,
    status::{LOCAL_TIMELINE, PUBLIC_TIMELINE, STATUSES_OF_ACCOUNT},
};
use tempfile::TempDir;

/// The namespace of ActivityStreams.
pub(crate) const AS: &str = "https://www.w3.org/ns/activitystreams";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A post that was answered 200.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    /// Its id.
    pub(crate) id: String,
    /// Its uri.
    pub(crate) uri: String,
    /// Its text, unlike every other.
    pub(crate) text: String,
}

/// What was acknowledged.
#[derive(Debug, Default, Clone)]
pub(crate) struct Done {
    /// Posts answered 200.
    pub(crate) posts: Vec<Post>,
    /// Notes whose Create was answered 202.
    pub(crate) activities: Vec<String>,
    /// Posts that got no answer before the kill: key and text.
    pub(crate) unanswered: Vec<(String, String)>,
}

/// Everything but the process.
pub(crate) struct World {
    engine: &'static str,
    data: TempDir,
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// Its host with port.
    pub(crate) host: String,
    /// The peer.
    pub(crate) peer: Peer,
    key: SigningKey,
    /// Alice's token.
    pub(crate) token: String,
    /// Alice's account id.
    pub(crate) alice: String,
    kept: Done,
}

impl World {
    /// A fresh directory with alice in it.
    pub(crate) fn new(engine: &'static str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let data = TempDir::new().expect("a directory");
        let host = format!("localhost:{}", address.port());
        let mut adding = command(engine, data.path())
            .args(["user", "add", "alice", "--email", "alice@example.org", "--password-stdin", "--data"])
            .arg(data.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        adding.stdin.take().expect("a pipe").write_all(PASSWORD.as_bytes()).expect("written");
        let added = adding.wait_with_output().expect("it ends");
        assert!(added.status.success(), "user add: {}", String::from_utf8_lossy(&added.stderr));
        let peer = Peer::start(&Authority::new());
        let key = SigningKey::generate();
        let (token, alice) = (String::new(), String::new());
        World { engine, data, address, host, peer, key, token, alice, kept: Done::default() }
    }

    /// Its directory.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// The binary with what every call of it needs.
    pub(crate) fn command(&self) -> Command {
        command(self.engine, self.data.path())
    }

    /// Starts the server on it.
    pub(crate) fn serve(&self) -> Running {
        binary::serve(self.engine, self.data.path(), self.address)
    }

    /// Signs in, lets the fan follow alice and alice the star.
    pub(crate) fn settle(&mut self) {
        let running = self.serve();
        self.token = sign_in::token(self.address, &self.host, "alice", PASSWORD);
        let me = self.api("GET", "/api/v1/accounts/verify_credentials", &[], "").expect("an answer").json();
        me["id"].as_str().expect("an id").clone_into(&mut self.alice);
        for name in ["fan", "star"] {
            self.make_actor(name);
        }
        let follow = json!({"@context": AS, "id": format!("{}/follow", self.actor("fan")), "type": "Follow",
            "actor": self.actor("fan"), "object": format!("http://{}/users/alice", self.host)});
        assert_eq!(self.deliver("fan", &follow).map(|reply| reply.status), Some(202), "Follow is taken");
        self.wait_for_sent("fan", "Accept");
        let query = form(&[("q", &self.actor("star")), ("resolve", "true"), ("type", "accounts")]);
        let found = self.api("GET", &format!("/api/v2/search?{query}"), &[], "").expect("an answer").json();
        let star =
            found["accounts"][0]["id"].as_str().unwrap_or_else(|| panic!("the star is found: {found}")).to_owned();
        let asked = self.api("POST", &format!("/api/v1/accounts/{star}/follow"), &[], "").expect("an answer");
        assert_eq!(asked.status, 200, "follow: {}", asked.text());
        let sent = self.wait_for_sent("star", "Follow");
        let accept = json!({"@context": AS, "id": format!("{}/accept", self.actor("star")), "type": "Accept",
            "actor": self.actor("star"), "object": sent});
        assert_eq!(self.deliver("star", &accept).map(|reply| reply.status), Some(202), "Accept is taken");
        wait_for("the follow to hold", || {
            let reply = self.api("GET", &format!("/api/v1/accounts/relationships?id[]={star}"), &[], "")?;
            (reply.json()[0]["following"] == true).then_some(())
        });
        running.stop();
    }

    /// The actor id of somebody at the peer.
    pub(crate) fn actor(&self, name: &str) -> String {
        format!("http://{}/users/{name}", self.peer_host(name))
    }

    fn peer_host(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.peer.plain.port())
    }

    fn make_actor(&self, name: &str) {
        let (id, host) = (self.actor(name), self.peer_host(name));
        let actor = json!({"@context": AS, "id": id, "type": "Person", "preferredUsername": name,
            "inbox": format!("{id}/inbox"), "followers": format!("{id}/followers"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.key.public_pem()}});
        self.peer.serve(&id, Answer::document(&actor));
        let jrd = json!({"subject": format!("acct:{name}@{host}"),
            "links": [{"rel": "self", "type": "application/activity+json", "href": id}]});
        let jrd = Answer::Body(JRD_JSON, jrd.to_string().into());
        self.peer.serve(&format!("http://{host}/.well-known/webfinger"), jrd);
    }

    /// POSTs a signed activity to the shared inbox.
    pub(crate) fn deliver(&self, name: &str, activity: &Value) -> Option<Reply> {
        let body = activity.to_string();
        let key_id = format!("{}#main-key", self.actor(name));
        let headers = self.key.post(&key_id, &self.host, "/inbox", &http_date(now_ms()), body.as_bytes());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head =
            format!("POST /inbox HTTP/1.1\r\n{lines}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        ask(self.address, [head.as_bytes(), body.as_bytes()].concat().as_slice())
    }

    /// A request of alice.
    pub(crate) fn api(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n{lines}\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        ask(self.address, request.as_bytes())
    }

    fn wait_for_sent(&self, to: &str, kind: &str) -> Value {
        let host = self.peer_host(to);
        wait_for(&format!("{kind} to {to}"), || {
            self.peer.delivered(&host).into_iter().find(|activity| activity["type"] == kind)
        })
    }

    /// Every Create the fan was sent, as (activity id, object id).
    pub(crate) fn creates_sent(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let sent = self.peer.delivered(&self.peer_host("fan"));
        let creates = sent.iter().filter(|activity| activity["type"] == "Create");
        creates.map(|activity| (text(&activity["id"]), text(&activity["object"]["id"]))).collect()
    }

    /// How many Creates the fan was sent.
    pub(crate) fn deliveries(&self) -> usize {
        self.creates_sent().len()
    }

    /// `dassie check`: through the server if it runs.
    pub(crate) fn check(&self) {
        let checked = command(self.engine, self.data.path()).args(["check", "--data"]).arg(self.data.path()).output();
        let checked = checked.expect("the binary runs");
        let said = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
        assert!(
            checked.status.success(),
            "dassie check: {said}\n{}",
            binary::tail(&self.data.path().join("serve.log"))
        );
    }

    /// Removes every row of some indexes behind the server's back; answers how many.
    pub(crate) fn damage(&self) -> usize {
        let engine = self.engine.parse().expect("an engine");
        let options = storage::Options { engine, ..storage::Options::new(self.data.path().join("store")) };
        let store = storage::Store::open(options).expect("the store opens");
        let mut removed = 0;
        for table in [STATUSES_OF_ACCOUNT.id, PUBLIC_TIMELINE.id, LOCAL_TIMELINE.id] {
            let mut keys = Vec::new();
            let read = store.read(|view| {
                let all = storage::table::KeyRange::all();
                view.scan_bytes(table, &all, storage::Direction::Ascending, &mut |key, _| {
                    keys.push(key.to_vec());
                    Ok(std::ops::ControlFlow::Continue(()))
                })
            });
            read.unwrap_or_else(|error: storage::Error| panic!("{error}"));
            removed += keys.len();
            for some in keys.chunks(200).map(<[Vec<u8>]>::to_vec) {
                let remove = move |tx: &mut storage::Tx<'_>| {
                    some.iter().for_each(|key| tx.delete_bytes(table, key.clone()));
                    Ok::<(), storage::Error>(())
                };
                store.write(remove).expect("removed");
            }
        }
        store.close().expect("it closes");
        removed
    }

    /// `dassie check --repair`, killed after a while; whether it came to its end before.
    pub(crate) fn repair_for(&self, time: Duration) -> bool {
        let mut child = command(self.engine, self.data.path())
            .args(["check", "--repair", "--data"])
            .arg(self.data.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let begun = std::time::Instant::now();
        loop {
            if let Some(ended) = child.try_wait().expect("a child can be asked") {
                assert!(ended.success(), "what was removed follows from what is there");
                return true;
            }
            if begun.elapsed() > time {
                child.kill().expect("it is killed");
                child.wait().expect("it is gone");
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Remembers what was acknowledged in a round.
    pub(crate) fn keep(&mut self, done: Done) {
        self.kept.posts.extend(done.posts);
        self.kept.activities.extend(done.activities);
    }

    /// Everything acknowledged in all rounds.
    pub(crate) fn all(&self) -> Done {
        self.kept.clone()
    }
}

#[expect(clippy::disallowed_methods, reason = "the binary under test lives by the system's clock, and so do its peers")]
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292 million")
}
