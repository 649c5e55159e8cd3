//! A whole instance in this process, with the clock in the test's hand and only the lab's hosts in reach.

use crate::{
    newcomer::new_user,
    web::{Reply, Web, form},
};
use dassie::{
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach,
    running::{Parts, Running},
    server::Server,
    user::{self, NewUser},
};
use serde_json::Value;
use std::{
    future::Future,
    path::Path,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use storage::{
    SecretHash, Timestamp,
    account::SigningKeys,
    oauth,
    store::Sizes,
    user::Role,
    vfs::{RealDisk, Vfs},
};
use tempfile::TempDir;

/// 2026-12-01T12:00:00Z: where the clock of every instance stands at first; later than every sample.
pub(crate) const START: Timestamp = Timestamp(1_796_126_400_000);
/// How long a test waits for a condition.
pub(crate) const DEADLINE: Duration = Duration::from_secs(6);
/// How often it looks.
const GLANCE: Duration = Duration::from_millis(5);

/// The password of every user of a test.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running instance; its data go when it is dropped.
pub(crate) struct Instance {
    /// The running server.
    pub(crate) running: Running,
    /// Whom it can reach; names may be added.
    pub(crate) reach: Arc<reach::Lab>,
    /// Requests go here.
    pub(crate) web: Web,
    /// Its name.
    pub(crate) host: String,
    /// Its clock.
    pub(crate) clock: Arc<ManualClock>,
    data: TempDir,
}

/// Somebody who signs in here, with a token for everything.
#[derive(Clone)]
pub(crate) struct User {
    /// The account's id as the client API writes it.
    pub(crate) id: String,
    /// The actor.
    pub(crate) uri: String,
    token: String,
    web: Web,
    host: String,
}

impl Instance {
    /// `https://HOST`, trusting nobody but public authorities and `ca_pem`.
    pub(crate) async fn start(host: &str, ca_pem: &str) -> Self {
        Self::start_on(host, ca_pem, Arc::new(RealDisk)).await
    }

    /// The same with its store on another disk.
    pub(crate) async fn start_on(host: &str, ca_pem: &str, disk: Arc<dyn Vfs>) -> Self {
        Self::start_with(host, ca_pem, disk, Sizes::default(), START, |_| {}).await
    }

    /// The same with files of other sizes.
    pub(crate) async fn start_sized(host: &str, disk: Arc<dyn Vfs>, sizes: Sizes) -> Self {
        Self::start_with(host, "", disk, sizes, START, |_| {}).await
    }

    /// The same on this disk, with a budget of so many bytes.
    pub(crate) async fn start_within(host: &str, budget: u64) -> Self {
        let within = |config: &mut Config| config.budget = Some(budget);
        Self::start_with(host, "", Arc::new(RealDisk), Sizes::default(), START, within).await
    }

    /// The same with its store on another disk.
    pub(crate) async fn start_on_within(host: &str, disk: Arc<dyn Vfs>, budget: u64) -> Self {
        let within = |config: &mut Config| config.budget = Some(budget);
        Self::start_with(host, "", disk, Sizes::default(), START, within).await
    }

    /// The same with files that are written sooner, trusting `ca_pem`.
    pub(crate) async fn start_sized_within(host: &str, ca_pem: &str, budget: u64, sizes: Sizes) -> Self {
        let within = |config: &mut Config| config.budget = Some(budget);
        Self::start_with(host, ca_pem, Arc::new(RealDisk), sizes, START, within).await
    }

    /// The same with the rates that everybody has outside of labs.
    pub(crate) async fn start_rated(host: &str, ca_pem: &str) -> Self {
        let rated = |config: &mut Config| config.rates = true;
        Self::start_with(host, ca_pem, Arc::new(RealDisk), Sizes::default(), START, rated).await
    }

    /// The same with another configuration, at another time.
    pub(crate) async fn start_changed(
        host: &str,
        ca_pem: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start_with(host, ca_pem, Arc::new(RealDisk), Sizes::default(), now, change).await
    }

    /// The same stopped and started again, with the clock where it stood.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_after(0).await
    }

    /// The same, so many milliseconds later.
    pub(crate) async fn restarted_after(self, off_ms: i64) -> Self {
        self.restarted_between(|clock, _| clock.advance(off_ms)).await
    }

    /// The same, where this happens while it is down.
    pub(crate) async fn restarted_between(self, meanwhile: impl FnOnce(&ManualClock, &reach::Lab)) -> Self {
        let Instance { running, reach, host, clock, data, .. } = self;
        let config = running.server.config().clone();
        running.stop().await.expect("it stops");
        meanwhile(&clock, &reach);
        let mut parts = Parts::of_system(reach::Reach::Lab(reach.clone()));
        parts.clock = Clock::Manual(clock.clone());
        let running = Server::start(config, parts).await.expect("it starts again");
        let web = Web::at(running.address);
        Instance { running, reach, web, host, clock, data }
    }

    /// Its data directory.
    pub(crate) fn data_dir(&self) -> &Path {
        self.data.path()
    }

    async fn start_with(
        host: &str,
        ca_pem: &str,
        disk: Arc<dyn Vfs>,
        sizes: Sizes,
        now: Timestamp,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let reach = Arc::new(reach::Lab::with_ca(ca_pem.to_owned()));
        let data = TempDir::new().expect("a directory");
        let origin = Origin::parse(&format!("https://{host}"), None).expect("a lab name");
        let mut config = Config::embedded(data.path(), Some(origin));
        config.rates = false;
        change(&mut config);
        let mut parts = Parts::of_system(reach::Reach::Lab(reach.clone()));
        let clock = ManualClock::new(now);
        parts.clock = Clock::Manual(clock.clone());
        parts.disk = disk;
        parts.sizes = sizes;
        let running = Server::start(config, parts).await.expect("it starts");
        let web = Web::at(running.address);
        Instance { running, reach, web, host: host.to_owned(), clock, data }
    }

    /// Makes somebody with a token.
    pub(crate) async fn user(&self, name: &str) -> User {
        User::on(&self.running, &self.host, name).await
    }

    /// Fails unless the rows hold together, whatever was done to them.
    pub(crate) fn is_sound(&self) {
        let findings = self.running.server.store().check().expect("the store can be checked");
        assert!(findings.is_empty(), "{}: {findings:?}", self.host);
    }

    /// The time here, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.running.server.now().0
    }

    /// GET without a token.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.web.get(path, &[("Host", &self.host)]).await
    }
}

impl User {
    /// Makes somebody with a token on a server that runs as `https://HOST`.
    pub(crate) async fn on(running: &Running, host: &str, name: &str) -> Self {
        let server = &running.server;
        let new = NewUser {
            email: format!("{name}@example.org"),
            password_hash: password_hash().to_owned(),
            ..new_user(name, Role::User, keys(server).await)
        };
        let account = server.write(move |tx| user::create(tx, &new)).await.expect("made");
        let secret = server.secret();
        let hash = SecretHash::of(&secret);
        server
            .write(move |tx| {
                let application = oauth::Application {
                    id: tx.next_id(),
                    name: "test".to_owned(),
                    website: None,
                    redirect_uris: vec!["urn:ietf:wg:oauth:2.0:oob".to_owned()],
                    scopes: ["read", "write", "follow", "push"].map(str::to_owned).to_vec(),
                    client_id: format!("client-{}", account.0),
                    client_secret_hash: [7; 32],
                    created_at: tx.now(),
                };
                oauth::put_application(tx, &application);
                let token = oauth::Token {
                    id: tx.next_id(),
                    application: application.id,
                    account: Some(account),
                    scopes: application.scopes.clone(),
                    created_at: tx.now(),
                };
                oauth::put_token(tx, hash, &token);
                Ok(())
            })
            .await
            .expect("made");
        User {
            id: account.0.to_string(),
            uri: format!("https://{host}/users/{name}"),
            token: secret,
            web: Web::at(running.address),
            host: host.to_owned(),
        }
    }

    /// The same at their server once it has been started again.
    pub(crate) fn at(&self, instance: &Instance) -> Self {
        User { web: instance.web, ..self.clone() }
    }

    /// GET as this user.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    /// POST of a form as this user.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &kind, form(fields).as_bytes()).await
    }

    /// Any request as this user.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let own = [("Host", self.host.as_str()), ("Authorization", bearer.as_str())];
        self.web.send(method, path, &[&own, headers].concat(), body).await
    }

    /// What search finds, in `accounts` or `statuses`.
    pub(crate) async fn search(&self, what: &str, query: &str, resolve: bool) -> Vec<Value> {
        let query = form(&[("q", query), ("resolve", if resolve { "true" } else { "false" }), ("limit", "5")]);
        let reply = self.get(&format!("/api/v2/search?{query}")).await;
        assert_eq!(reply.status, 200, "search {query}: {}", reply.text());
        reply.json()[what].as_array().cloned().unwrap_or_else(|| panic!("search answers {what}: {}", reply.text()))
    }
}

/// Looks again and again until there is something, at most [`DEADLINE`].
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(look: impl FnMut() -> F) -> Option<T> {
    within(DEADLINE, look).await
}

/// The same with a deadline of its own.
pub(crate) async fn within<T, F: Future<Output = Option<T>>>(
    deadline: Duration,
    mut look: impl FnMut() -> F,
) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if begun.elapsed() > deadline {
            return None;
        }
        tokio::time::sleep(GLANCE).await;
    }
}

fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| user::hash_password(PASSWORD, [3; 16]).expect("a good password"))
}

/// Keys are slow to make, and the users of tests may share theirs: ids are what tells keys apart.
async fn keys(server: &Server) -> SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    if let Some(keys) = KEYS.get() {
        return keys.clone();
    }
    let made = server.make_keys().await.expect("keys");
    KEYS.get_or_init(|| made).clone()
}
