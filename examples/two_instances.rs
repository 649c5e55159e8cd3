//! A federation in one process: two whole servers with real sockets between them, and a story told step by step.
//!
//! `cargo run --example two_instances`
//!
//! Each step says what somebody did. Below it stands what was seen: every request between the servers (a tap stands
//! in front of each), and every commit that its server's listeners were told of, with its position in the log.

use dassie::{
    config::Config,
    origin::Origin,
    reach::{Lab, Reach, Target},
    running::{Parts, Running},
    server::Server,
    user::{self, NewUser, Username},
};
use serde_json::Value;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use storage::{
    AccountId, ApplicationId, Event, SecretHash, StatusId, account,
    oauth::{Application, Token, put_application, put_token},
    user::Role,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{broadcast::error::RecvError, mpsc},
    time::Instant,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Outcome<T> = Result<T, Failure>;

/// How long a step may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is listened on after a step, for what follows from it (a peer's answer, a note of progress).
const AFTERMATH: Duration = Duration::from_millis(300);

#[tokio::main]
async fn main() -> Outcome<()> {
    let scratch = tempfile::tempdir()?;
    let (journal, mut lines) = mpsc::unbounded_channel();
    let names = Arc::new(Lab::default());
    let mut story = Story { seen: &mut lines, step: 0 };

    let rock = Instance::start("rock.test", scratch.path(), &names, &journal).await?;
    let cliff = Instance::start("cliff.test", scratch.path(), &names, &journal).await?;
    story.told("Two servers start, each with its own data directory; a host map leads their names to loopback.").await;

    let alice = rock.person("alice").await?;
    let bob = cliff.person("bob").await?;
    story.told("A person signs up on each: @alice@rock.test and @bob@cliff.test. Nothing crosses the wire yet.").await;

    let found = bob.get("/api/v2/search?resolve=true&type=accounts&q=%40alice%40rock.test").await?;
    let alice_at_cliff = text(&found["accounts"][0], "id")?;
    story
        .told("Bob searches for @alice@rock.test. Nobody at cliff.test knows her: WebFinger, then her actor, signed.")
        .await;

    bob.post(&format!("/api/v1/accounts/{alice_at_cliff}/follow"), &[]).await?;
    let relationship = format!("/api/v1/accounts/relationships?id[]={alice_at_cliff}");
    bob.until(&relationship, |seen| seen[0]["following"] == true).await?;
    story
        .told("Bob follows her: a request and a job in one commit; a Follow goes out, and her server answers Accept.")
        .await;

    let posted = alice.post("/api/v1/statuses", &[("status", "Good morning from a warm rock #dassie")]).await?;
    let posted = text(&posted, "id")?;
    let at_home = bob.until("/api/v1/timelines/home", |home| holds(home, "warm rock")).await?;
    story
        .told("Alice posts. The answer came after her commit; the Create is delivered once to Bob's shared inbox.")
        .await;

    let seen = text(&at_home[0], "id")?;
    let reply = [("status", "@alice@rock.test There is room for two?"), ("in_reply_to_id", seen.as_str())];
    bob.post("/api/v1/statuses", &reply).await?;
    let told = alice.until("/api/v1/notifications", |list| list[0]["type"] == "mention").await?;
    story.told("Bob answers. His Create comes back, is joined to her post, and becomes a notification.").await;

    let context = alice.get(&format!("/api/v1/statuses/{posted}/context")).await?;
    println!("\nIn the end");
    println!("   Bob's home timeline:    {} wrote {}", at_home[0]["account"]["acct"], at_home[0]["content"]);
    println!("   Alice's notifications:  {} of {}", told[0]["type"], told[0]["account"]["acct"]);
    println!(
        "   below Alice's post:     {} {}",
        context["descendants"][0]["account"]["acct"], context["descendants"][0]["content"]
    );
    if !holds(&context["descendants"], "room for two") {
        return Err("the reply does not stand below the post".into());
    }
    rock.running.stop().await?;
    cliff.running.stop().await?;
    Ok(())
}

/// Prints steps with what was seen since the one before.
struct Story<'a> {
    seen: &'a mut mpsc::UnboundedReceiver<String>,
    step: u32,
}

impl Story<'_> {
    async fn told(&mut self, what: &str) {
        self.step += 1;
        println!("\n{}. {what}", self.step);
        let deadline = Instant::now() + AFTERMATH;
        while let Ok(Some(line)) = tokio::time::timeout_at(deadline, self.seen.recv()).await {
            println!("   {line}");
        }
    }
}

/// A server, and the way to it.
struct Instance {
    running: Running,
}

impl Instance {
    async fn start(
        name: &'static str,
        scratch: &std::path::Path,
        names: &Arc<Lab>,
        journal: &mpsc::UnboundedSender<String>,
    ) -> Outcome<Self> {
        // As far as anybody can tell its TLS ends at a proxy in front of it.
        let origin = Origin::parse(&format!("https://{name}"), None)?;
        let config = Config::embedded(&scratch.join(name), Some(origin));
        let running = Server::start(config, Parts::of_system(Reach::Lab(Arc::clone(names)))).await?;
        let tap = TcpListener::bind("127.0.0.1:0").await?;
        names.map(name, Target { address: tap.local_addr()?, plain: true });
        running.server.spawn("tap", watch_wire(tap, running.address, name, journal.clone()));
        running.server.spawn("journal", watch_commits(running.server.clone(), name, journal.clone()));
        Ok(Instance { running })
    }

    /// A person with a token, as sign-up and an app's OAuth would leave them.
    async fn person(&self, name: &str) -> Outcome<Person> {
        let server = &self.running.server;
        let new = NewUser {
            username: Username::parse(name)?,
            email: String::new(),
            // No hash is "!": nobody can sign in with a password.
            password_hash: "!".to_owned(),
            role: Role::User,
            keys: server.make_keys().await?,
            locale: "en".to_owned(),
            created_by: None,
        };
        let token = server.secret();
        let hash = SecretHash::of(&token);
        server
            .write(move |tx| {
                let account = user::create(tx, &new)?;
                let (application, created_at) = (tx.next_id::<ApplicationId>(), tx.now());
                let scopes = vec!["read".to_owned(), "write".to_owned(), "follow".to_owned()];
                put_application(
                    tx,
                    &Application {
                        id: application,
                        name: "two instances".to_owned(),
                        website: None,
                        redirect_uris: Vec::new(),
                        scopes: scopes.clone(),
                        client_id: format!("two-instances-{application}"),
                        client_secret_hash: [0; 32],
                        created_at,
                    },
                );
                let id = tx.next_id();
                put_token(tx, hash, &Token { id, application, account: Some(account), scopes, created_at });
                Ok(())
            })
            .await?;
        Ok(Person { address: self.running.address, token })
    }
}

/// Somebody who uses the client API of their server, directly and not through the tap.
struct Person {
    address: SocketAddr,
    token: String,
}

impl Person {
    async fn get(&self, path: &str) -> Outcome<Value> {
        self.send("GET", path, &[]).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        self.send("POST", path, fields).await
    }

    async fn until(&self, path: &str, condition: impl Fn(&Value) -> bool) -> Outcome<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.get(path).await?;
            if condition(&seen) {
                return Ok(seen);
            }
            if Instant::now() > deadline {
                return Err(format!("{path} is still {seen} after {PATIENCE:?}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn send(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let end = head_end(&answer).ok_or("the answer has no head")?;
        let head = String::from_utf8_lossy(&answer[..end]);
        if !head.starts_with("HTTP/1.1 200") || head.to_lowercase().contains("transfer-encoding") {
            return Err(format!("{method} {path}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(serde_json::from_slice(&answer[end..])?)
    }
}

fn holds(list: &Value, words: &str) -> bool {
    let holds = |status: &Value| status["content"].as_str().is_some_and(|content| content.contains(words));
    list.as_array().is_some_and(|list| list.iter().any(holds))
}

fn text(value: &Value, name: &str) -> Outcome<String> {
    Ok(value[name].as_str().ok_or_else(|| format!("no {name} in {value}"))?.to_owned())
}

/// Writes down what becomes durable at a server.
async fn watch_commits(server: Server, name: &'static str, journal: mpsc::UnboundedSender<String>) {
    let mut events = server.events();
    loop {
        match events.recv().await {
            Ok(published) => {
                let mut told = Vec::new();
                for event in published.events.iter() {
                    told.push(in_words(&server, event).await);
                }
                if !told.is_empty() {
                    // Nobody listens any more: the story is over.
                    let _ = journal.send(format!("commit  {name} log {}: {}", published.lsn, told.join(", ")));
                }
            }
            Err(RecvError::Lagged(missed)) => {
                let _ = journal.send(format!("commit  {name}: {missed} more"));
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn in_words(server: &Server, event: &Event) -> String {
    let who = async |id: AccountId| {
        let found = server.read(move |view| Ok(account::find(view, id)?)).await;
        found.ok().flatten().map_or_else(|| id.to_string(), |account| account.username)
    };
    let status = |id: &StatusId| format!("status …{:04}", id.0 % 10_000);
    match event {
        Event::StatusCreated { status: id, account } => format!("{} of {}", status(id), who(*account).await),
        Event::StatusUpdated { status: id, .. } => format!("{} changed", status(id)),
        Event::StatusDeleted { status: id, .. } => format!("{} gone", status(id)),
        Event::StatusCounted { status: id } => format!("counters of {}", status(id)),
        Event::FollowChanged { follower, target } => {
            format!("{} follows {}", who(*follower).await, who(*target).await)
        }
        Event::AccountChanged { account } => format!("account {}", who(*account).await),
        Event::NotificationCreated { account, .. } => format!("a notification for {}", who(*account).await),
        Event::InboundQueued { .. } => "an activity received, still to be read".to_owned(),
        Event::JobQueued { .. } | Event::JobWaits { .. } => "a job: tell peers".to_owned(),
        Event::DeliveryQueued { .. } => "an activity with the inboxes it is owed to".to_owned(),
        Event::StatusRetracted { status: id, .. } => format!("{} taken back", status(id)),
        Event::ListChanged { account } => format!("a list of {}", who(*account).await),
        Event::FiltersChanged { account } => format!("filters of {}", who(*account).await),
        Event::PeerRevived { domain } => format!("{domain} is there again"),
        Event::PeerSteered { domain, how } => format!("an operator decides of {domain}: {how:?}"),
        Event::MediaProcessed { .. } => "a picture is ready".to_owned(),
        Event::NotificationsMerged { account } => format!("accepted notifications for {}", who(*account).await),
        Event::AnnouncementPublished { .. } => "an announcement".to_owned(),
        Event::AnnouncementReacted { .. } => "a reaction to an announcement".to_owned(),
        Event::AnnouncementDeleted { .. } => "an announcement is gone".to_owned(),
    }
}

/// Passes connections on to a server and writes down each request with its answer.
async fn watch_wire(tap: TcpListener, to: SocketAddr, name: &'static str, journal: mpsc::UnboundedSender<String>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((peer, _)) = tap.accept().await {
        let journal = journal.clone();
        connections.spawn(async move {
            // A connection that ends is no failure: peers close what they do not need.
            let _ = pass_on(peer, to, name, &journal).await;
        });
    }
}

async fn pass_on(
    mut peer: TcpStream,
    to: SocketAddr,
    name: &str,
    journal: &mpsc::UnboundedSender<String>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(to).await?;
    loop {
        let request = message(&mut peer).await?;
        server.write_all(&request).await?;
        let answer = message(&mut server).await?;
        let (asked, answered) = (first_line(&request), first_line(&answer));
        let status = answered.split(' ').nth(1).unwrap_or_default();
        let asked = asked.trim_end_matches(" HTTP/1.1");
        let _ = journal.send(format!("wire    → {name} {asked} {}→ {status}", carried(&request)));
        peer.write_all(&answer).await?;
    }
}

/// Which activity a request carries, and whether it is signed.
fn carried(request: &[u8]) -> String {
    let end = head_end(request).unwrap_or(request.len());
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let body: Value = serde_json::from_slice(&request[end..]).unwrap_or_default();
    let mut words = String::new();
    if let Some(kind) = body["type"].as_str() {
        words.push_str(&format!("[{kind}, {} bytes] ", request.len() - end));
    }
    if head.contains("\r\nsignature:") {
        words.push_str("(signed) ");
    }
    words
}

/// One HTTP/1.1 message whose length is stated, as all of these are.
async fn message(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        if let Some(end) = head_end(&message) {
            let head = String::from_utf8_lossy(&message[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if message.len() >= end + length.unwrap_or(0) {
                return Ok(message);
            }
        }
        if from.read_buf(&mut message).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn head_end(message: &[u8]) -> Option<usize> {
    message.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn first_line(message: &[u8]) -> String {
    String::from_utf8_lossy(message).lines().next().unwrap_or_default().to_owned()
}
