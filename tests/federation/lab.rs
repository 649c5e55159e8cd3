//! Several real instances in one process: real sockets between them, one clock that only the test moves, names that
//! lead to loopback ports.

#[path = "newcomer.rs"]
mod newcomer;

use crate::web::{Reply, Web};
use dassie::{
    clock::{Clock, ManualClock},
    config::{Config, Mail, Translation},
    federation::activity::{self, Arrived, Received},
    origin::Origin,
    random::Random,
    reach::{Lab, Reach, Target},
    running::{Parts, Running},
    server::Server,
    user,
};
pub(crate) use newcomer::new_user;
use serde_json::Value;
use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use storage::{
    AccountId, ApplicationId, EngineKind, SecretHash, Sizes, Timestamp,
    account::SigningKeys,
    oauth::{Application, Token, put_application, put_token},
    user::Role,
    vfs,
};
use tokio::sync::OnceCell;

/// How long a condition may take to come true.
const PATIENCE: Duration = Duration::from_secs(20);
/// 2026-01-01T00:00:00Z, where the clock starts.
const START: Timestamp = Timestamp(1_767_225_600_000);

/// What the instances share.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) names: Arc<Lab>,
    /// What translates at the instances that are started from then on.
    pub(crate) translation: Arc<OnceLock<Translation>>,
    /// The mail server of instances that are started from now on.
    pub(crate) mail: Option<Mail>,
    /// Whether their rates are limited.
    pub(crate) rates: bool,
    /// Sizes and times of the stores of instances that are started from now on.
    pub(crate) sizes: Sizes,
}

impl World {
    pub(crate) fn new() -> Self {
        World {
            clock: ManualClock::new(START),
            names: Arc::new(Lab::default()),
            translation: Arc::default(),
            mail: None,
            rates: false,
            sizes: Sizes::default(),
        }
    }

    /// A new instance at `https://NAME`, its TLS ending at a proxy as far as anybody can tell.
    pub(crate) async fn instance(&self, name: &str) -> Instance {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        self.instance_on(name, scratch, EngineKind::Redb).await
    }

    /// The same in a directory that may have its data already, below its name.
    pub(crate) async fn instance_on(&self, name: &str, scratch: tempfile::TempDir, engine: EngineKind) -> Instance {
        let data = scratch.path().join(name);
        let running = self.start(name, &data, engine).await;
        let (name, world) = (name.to_owned(), self.clone());
        Instance { name, running: Some(running), data, engine, world, _scratch: scratch }
    }

    async fn start(&self, name: &str, data: &std::path::Path, engine: EngineKind) -> Running {
        let origin = Origin::parse(&format!("https://{name}"), None).expect("an origin");
        let mut config = Config::embedded(data, Some(origin));
        config.rates = self.rates;
        config.mail = self.mail.clone();
        config.engine = engine;
        config.translation = self.translation.get().cloned();
        let parts = Parts {
            clock: Clock::Manual(self.clock.clone()),
            random: Random::System,
            reach: Reach::Lab(self.names.clone()),
            disk: Arc::new(vfs::RealDisk),
            sizes: self.sizes.clone(),
            owner_code: None,
        };
        let running = Server::start(config, parts).await.expect("the server starts");
        self.names.map(name, Target { address: running.address, plain: true });
        running
    }
}

/// One instance.
pub(crate) struct Instance {
    pub(crate) name: String,
    running: Option<Running>,
    data: PathBuf,
    engine: EngineKind,
    world: World,
    _scratch: tempfile::TempDir,
}

impl Instance {
    pub(crate) fn server(&self) -> &Server {
        &self.running.as_ref().expect("it is running").server
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> &std::path::Path {
        &self.data
    }

    /// How many pictures uploaded here are on the disk.
    pub(crate) fn files(&self) -> usize {
        let mut open = vec![self.data.join("media")];
        let mut files = 0;
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() { open.push(entry.path()) } else { files += 1 }
            }
        }
        files
    }

    pub(crate) fn web(&self) -> Web {
        Web::at(self.running.as_ref().expect("it is running").address)
    }

    /// Runs `dassie` with these words on its data directory; answers whether it succeeded, and all that it printed.
    pub(crate) fn command(&self, words: &[&str]) -> (bool, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dassie"));
        command.args(words).arg("--data").arg(&self.data).stdin(std::process::Stdio::null());
        let output = tokio::task::block_in_place(|| command.output()).expect("dassie runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Waits until this command, with `--json`, prints what `condition` wants, and gives it.
    pub(crate) async fn prints(&self, words: &[&str], condition: impl Fn(&Value) -> bool) -> Value {
        let words = [words, &["--json"]].concat();
        comes(&words.join(" "), async || {
            let (_, said) = self.command(&words);
            serde_json::from_str(&said).ok().filter(&condition)
        })
        .await
    }

    /// What becomes here of an activity of `actor`, who lives elsewhere and is known to have sent it.
    pub(crate) async fn receives(&self, actor: &str, document: Value) -> Received {
        let arrived = Arrived { actor, sender: None, inbox: "", document, bytes: None, place: None };
        activity::receive(self.server(), arrived).await.expect("it can be carried out")
    }

    /// Nobody reaches it any more.
    pub(crate) fn cut_off(&self) {
        self.world.names.unmap(&self.name);
        // An unmapped name would be asked of the system's resolver; a closed port refuses at once.
        let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        self.world.names.map(&self.name, Target { address: closed.expect("a free port"), plain: true });
    }

    /// Everybody reaches it again.
    pub(crate) fn reconnect(&self) {
        let address = self.running.as_ref().expect("it is running").address;
        self.world.names.map(&self.name, Target { address, plain: true });
    }

    /// Stops it; nobody reaches it until it is started.
    pub(crate) async fn stop(&mut self) {
        self.running.take().expect("it is running").stop().await.expect("it stops");
        self.cut_off();
    }

    /// Starts it again on the same data.
    pub(crate) async fn start(&mut self) {
        self.running = Some(self.world.start(&self.name, &self.data, self.engine).await);
    }

    /// Stops it and starts it again on the same data.
    pub(crate) async fn restart(&mut self) {
        self.restart_after(|_| {}).await;
    }

    /// The same, with something happening to the data directory in between.
    pub(crate) async fn restart_after(&mut self, between: impl FnOnce(&std::path::Path)) {
        self.running.take().expect("it is running").stop().await.expect("it stops");
        between(&self.data);
        self.running = Some(self.world.start(&self.name, &self.data, self.engine).await);
    }

    /// A person with a token for everything.
    pub(crate) async fn person(&self, name: &str) -> Person<'_> {
        self.user(name, Role::User, &["read", "write", "follow", "push"]).await
    }

    /// Somebody who looks after the server, with a token for that, too.
    pub(crate) async fn staff(&self, name: &str, role: Role) -> Person<'_> {
        self.user(name, role, &["read", "write", "follow", "admin:read", "admin:write"]).await
    }

    /// A user with a role and a token.
    pub(crate) async fn user(&self, name: &str, role: Role, scopes: &[&str]) -> Person<'_> {
        let server = self.server();
        let keys = keys(server).await;
        let new = new_user(name, role, keys);
        let token = format!("token-of-{name}");
        let hash = SecretHash::of(&token);
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let id = server
            .write(move |tx| {
                let account = user::create(tx, &new)?;
                let (application, now) = (tx.next_id::<ApplicationId>(), tx.now());
                put_application(
                    tx,
                    &Application {
                        id: application,
                        name: "tests".to_owned(),
                        website: None,
                        redirect_uris: Vec::new(),
                        scopes: scopes.clone(),
                        client_id: format!("client {application}"),
                        client_secret_hash: [0; 32],
                        created_at: now,
                    },
                );
                let id = tx.next_id();
                put_token(
                    tx,
                    hash,
                    &Token { id, application, account: Some(account), scopes: scopes.clone(), created_at: now },
                );
                Ok(account)
            })
            .await
            .expect("a person");
        Person { home: self, name: name.to_owned(), id, token }
    }
}

/// Keys are slow to make, and the people of tests may share theirs: ids are what tells keys apart.
async fn keys(server: &Server) -> SigningKeys {
    static KEYS: OnceCell<SigningKeys> = OnceCell::const_new();
    KEYS.get_or_init(|| async { server.make_keys().await.expect("keys") }).await.clone()
}

/// Whatever a test did, the rows hold together in the end.
impl Drop for Instance {
    fn drop(&mut self) {
        let Some(running) = self.running.as_ref().filter(|_| !std::thread::panicking()) else { return };
        let findings = running.server.store().check().expect("the store can be checked");
        assert!(findings.is_empty(), "{}: {findings:?}", self.name);
    }
}

/// Somebody who calls the client API of their instance.
pub(crate) struct Person<'a> {
    pub(crate) home: &'a Instance,
    pub(crate) name: String,
    pub(crate) id: AccountId,
    pub(crate) token: String,
}

impl Person<'_> {
    pub(crate) fn handle(&self) -> String {
        format!("@{}@{}", self.name, self.home.name)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let reply = self.send("GET", path, &[]).await;
        assert_eq!(reply.status, 200, "GET {path}: {}", reply.text());
        reply.json()
    }

    /// The status of a GET.
    pub(crate) async fn status_of(&self, path: &str) -> u16 {
        self.send("GET", path, &[]).await.status
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Value {
        let reply = self.send("POST", path, fields).await;
        assert_eq!(reply.status, 200, "POST {path}: {}", reply.text());
        reply.json()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        self.home.web().send(method, path, &headers, body.as_bytes()).await
    }

    /// Posts and answers the id.
    pub(crate) async fn posts(&self, text: &str, fields: &[(&str, &str)]) -> String {
        let fields = [&[("status", text)], fields].concat();
        text_of(&self.post("/api/v1/statuses", &fields).await, "id")
    }

    /// The id of somebody's account here, asked for elsewhere if need be.
    pub(crate) async fn finds(&self, handle: &str) -> String {
        let path = format!("/api/v2/search?resolve=true&type=accounts&q={}", handle.replace('@', "%40"));
        let found = self.get(&path).await;
        text_of(&found["accounts"][0], "id")
    }

    /// Follows and waits until that is accepted.
    pub(crate) async fn follows(&self, handle: &str) -> String {
        let id = self.finds(handle).await;
        self.post(&format!("/api/v1/accounts/{id}/follow"), &[]).await;
        self.until(&format!("/api/v1/accounts/relationships?id[]={id}"), |seen| seen[0]["following"] == true).await;
        id
    }

    /// Waits until an answer is as `condition` wants it, and gives it.
    pub(crate) async fn until(&self, path: &str, condition: impl Fn(&Value) -> bool) -> Value {
        comes(path, async || Some(self.get(path).await).filter(&condition)).await
    }

    /// Waits until a status with this text is on the home timeline, and gives it.
    pub(crate) async fn sees_at_home(&self, text: &str) -> Value {
        let home = self.until("/api/v1/timelines/home", |home| shown(home, text).is_some()).await;
        shown(&home, text).expect("it was there").clone()
    }

    /// Waits for a notification of a kind, and gives it; of what waits for a word only who asks for it is told.
    pub(crate) async fn is_told(&self, kind: &str) -> Value {
        let asked = if kind.starts_with("pending.") { format!("?types[]={kind}") } else { String::new() };
        let list = self.until(&format!("/api/v1/notifications{asked}"), |list| told(list, kind).is_some()).await;
        told(&list, kind).expect("it was there").clone()
    }
}

/// Looks again and again until there is something, and gives it; panics with `what` after `PATIENCE`.
pub(crate) async fn comes<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A person at `home` who follows `whom`; their token, which outlives a stop of `home`.
pub(crate) async fn follower_at(home: &Instance, name: &str, whom: &Person<'_>) -> String {
    let follower = home.person(name).await;
    follower.follows(&whom.handle()).await;
    follower.token
}

/// The status of a list whose content holds `text`.
pub(crate) fn shown<'a>(list: &'a Value, text: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|status| status["content"].as_str().is_some_and(|content| content.contains(text)))
}

fn told<'a>(list: &'a Value, kind: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|notification| notification["type"] == kind)
}

/// A text member.
pub(crate) fn text_of(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}
