//! The account chapters over a real socket: encodings, scopes, pages, refusals.

use crate::{
    account::lab::{START, put_local},
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach::Reach,
    running::{Parts, Running},
    server::Server,
};
use serde_json::{Value, json};
use storage::{
    AccountId, ApplicationId, SecretHash,
    oauth::{self, Application, Token},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A server, and what a request to it is answered.
struct Site {
    running: Running,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: u16,
    head: String,
    body: Value,
}

impl Site {
    async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let origin = Origin::parse("http://localhost:1", None).expect("an origin");
        let mut config = Config::embedded(dir.path(), Some(origin));
        config.rates = false;
        let clock = Clock::Manual(ManualClock::new(START));
        let parts = Parts {
            clock,
            disk: std::sync::Arc::new(storage::vfs::SimulatedDisk::new()),
            sizes: storage::Sizes::small(),
            ..Parts::of_system(Reach::Lab(std::sync::Arc::default()))
        };
        let running = Server::start(config, parts).await.expect("the server starts");
        Site { running, _dir: dir }
    }

    /// A person here, whose token is their name.
    async fn person(&self, name: &'static str, locked: bool, scopes: &'static [&'static str]) -> AccountId {
        let made = self.running.server.write(move |tx| {
            let (id, now) = (put_local(tx, name, locked)?, tx.now());
            let application = ApplicationId(7);
            oauth::put_application(
                tx,
                &Application {
                    id: application,
                    name: "app".to_owned(),
                    website: None,
                    redirect_uris: vec!["app://".to_owned()],
                    scopes: vec!["read".to_owned()],
                    client_id: "client".to_owned(),
                    client_secret_hash: [0; 32],
                    created_at: now,
                },
            );
            let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            let token = Token { id: tx.next_id(), application, account: Some(id), scopes, created_at: now };
            oauth::put_token(tx, SecretHash::of(name), &token);
            Ok(id)
        });
        made.await.expect("the person is stored")
    }

    async fn call(&self, method: &str, path: &str, token: &str, kind: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.running.address).await.expect("connected");
        let token = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost:1\r\nconnection: close\r\n{token}{kind}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("written");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.expect("answered");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let body = serde_json::from_str(body).unwrap_or(Value::Null);
        Answer { status, head: head.to_owned(), body }
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, "", "").await
    }

    async fn post(&self, path: &str, token: &str) -> Answer {
        self.call("POST", path, token, "", "").await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn profile_is_changed_in_every_encoding() {
    let site = Site::start().await;
    site.person("ann", false, &["read", "write"]).await;
    let path = "/api/v1/accounts/update_credentials";
    let form = "application/x-www-form-urlencoded";
    let fields = |answer: &Answer| answer.body["source"]["fields"][0]["name"].clone();

    let answer = site.call("PATCH", path, "ann", form, "display_name=A+N&fields_attributes%5B0%5D%5Bname%5D=f1").await;
    assert_eq!((answer.status, &answer.body["display_name"], fields(&answer)), (200, &json!("A N"), json!("f1")));
    let document = json!({ "note": "hi", "locked": "true", "fields_attributes": { "0": { "name": "f2", "value": "v" } },
        "source": { "privacy": "private", "language": null }, "discoverable": null });
    let answer = site.call("PATCH", path, "ann", "application/json", &document.to_string()).await;
    assert_eq!((answer.status, &answer.body["note"], fields(&answer)), (200, &json!("<p>hi</p>"), json!("f2")));
    assert_eq!((&answer.body["locked"], &answer.body["source"]["privacy"]), (&json!(true), &json!("private")));
    let part =
        |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let multipart = format!("{}{}--x--\r\n", part("bot", "true"), part("fields_attributes[][name]", "f3"));
    let answer = site.call("PATCH", path, "ann", "multipart/form-data; boundary=x", &multipart).await;
    assert_eq!(
        (answer.status, &answer.body["bot"], fields(&answer)),
        (200, &json!(true), json!("f3")),
        "{}",
        answer.body
    );
    assert_eq!(answer.body["display_name"], "A N", "what is not named stays");

    let picture = "--x\r\ncontent-disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n";
    let answer = site.call("PATCH", path, "ann", "multipart/form-data; boundary=x", picture).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let answer = site.call("PATCH", path, "ann", form, &format!("note={}", "n".repeat(2000))).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body["error"].as_str().is_some_and(|text| text.contains("at most")), "{}", answer.body);
    let preferences = site.get("/api/v1/preferences", "ann").await;
    assert_eq!(preferences.body["posting:default:visibility"], "private");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_route_asks_for_its_scope_and_strangers_for_a_token() {
    let site = Site::start().await;
    let ann = site.person("ann", false, &["profile"]).await;
    for (method, path) in [
        ("GET", "/api/v1/accounts/relationships?id[]=1"),
        ("GET", "/api/v1/accounts/search?q=a"),
        ("GET", "/api/v1/follow_requests"),
        ("GET", "/api/v1/notifications"),
        ("GET", "/api/v1/notifications/1"),
        ("GET", "/api/v1/notifications/unread_count"),
        ("GET", "/api/v1/markers?timeline[]=home"),
        ("GET", "/api/v1/preferences"),
        ("POST", "/api/v1/accounts/1/follow"),
        ("POST", "/api/v1/accounts/1/unfollow"),
        ("POST", "/api/v1/follow_requests/1/authorize"),
        ("POST", "/api/v1/notifications/clear"),
        ("POST", "/api/v1/notifications/1/dismiss"),
        ("POST", "/api/v1/markers"),
        ("PATCH", "/api/v1/accounts/update_credentials"),
    ] {
        assert_eq!(site.call(method, path, "", "", "").await.status, 401, "{method} {path}");
        assert_eq!(site.call(method, path, "unknown", "", "").await.status, 401, "{method} {path}");
        let outside = site.call(method, path, "ann", "", "").await;
        assert_eq!(outside.status, 403, "{method} {path}");
        assert_eq!(outside.body["error"], "This action is outside the authorized scopes", "{method} {path}");
    }
    let own = site.get("/api/v1/accounts/verify_credentials", "ann").await;
    assert_eq!((own.status, &own.body["id"]), (200, &json!(ann.to_string())));
    let app = site.get("/api/v1/apps/verify_credentials", "ann").await;
    assert_eq!((app.status, &app.body["name"]), (200, &json!("app")));
    for path in ["/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules", "/api/v1/custom_emojis"] {
        assert_eq!(site.get(path, "").await.status, 200, "{path}");
    }
    let picture = site.get("/avatars/original/missing.png", "").await;
    assert!(picture.status == 200 && picture.head.contains("image/png"), "{}", picture.head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn following_asking_and_notifying_over_the_wire() {
    let site = Site::start().await;
    let ann = site.person("ann", false, &["read", "write"]).await;
    let ben = site.person("ben", true, &["read", "follow", "write"]).await;
    let cat = site.person("cat", false, &["read", "follow"]).await;
    let asked = site.post(&format!("/api/v1/accounts/{ben}/follow?reblogs=false"), "ann").await;
    assert_eq!(
        (asked.status, &asked.body["requested"], &asked.body["showing_reblogs"]),
        (200, &json!(true), &json!(false))
    );
    site.post(&format!("/api/v1/accounts/{ben}/follow"), "cat").await;

    let first = site.get("/api/v1/follow_requests?limit=1", "ben").await;
    assert_eq!(first.body[0]["id"], cat.to_string());
    let link = first.head.lines().find(|line| line.to_lowercase().starts_with("link:")).expect("a link");
    let next =
        link.split(['<', '>']).nth(1).expect("an address").strip_prefix("http://localhost:1").expect("own").to_owned();
    let second = site.get(&next, "ben").await;
    assert_eq!((second.body.as_array().map(Vec::len), &second.body[0]["id"]), (Some(1), &json!(ann.to_string())));

    let taken = site.post(&format!("/api/v1/follow_requests/{ann}/authorize"), "ben").await;
    assert_eq!((taken.status, &taken.body["followed_by"]), (200, &json!(true)));
    assert_eq!(site.post(&format!("/api/v1/follow_requests/{ann}/authorize"), "ben").await.status, 404);
    let people = site.get(&format!("/api/v1/accounts/{ben}/followers"), "").await;
    assert_eq!(people.body[0]["acct"], "ann");
    let seen = site.get(&format!("/api/v1/accounts/relationships?id[]={ben}&id[]=1&id[]={cat}"), "ann").await;
    assert_eq!((seen.body.as_array().map(Vec::len), &seen.body[0]["following"]), (Some(2), &json!(true)));
    let single = site.get(&format!("/api/v1/accounts/relationships?id={ben}"), "ann").await;
    assert_eq!(single.body.as_array().map(Vec::len), Some(1));

    let told = site.get("/api/v1/notifications?types[]=follow", "ben").await;
    assert_eq!((told.body.as_array().map(Vec::len), &told.body[0]["type"]), (Some(1), &json!("follow")));
    let unread = site.get("/api/v1/notifications/unread_count", "ben").await;
    assert_eq!(unread.body["count"], 2);
    let id = told.body[0]["id"].as_str().expect("an id").to_owned();
    let position = json!({ "notifications": { "last_read_id": id } }).to_string();
    let marked = site.call("POST", "/api/v1/markers", "ben", "application/json", &position).await;
    assert_eq!(marked.body["notifications"]["version"], 1);
    assert_eq!(site.get("/api/v1/notifications/unread_count", "ben").await.body["count"], 0);
    let bad = site.call("POST", "/api/v1/markers", "ben", "application/json", r#"{"home":{"last_read_id":"x"}}"#).await;
    assert_eq!(bad.status, 422);
    assert_eq!(site.get(&format!("/api/v1/notifications/{id}"), "ann").await.status, 404, "somebody else's");
    assert_eq!(site.post(&format!("/api/v1/notifications/{id}/dismiss"), "ben").await.body, json!({}));
    assert_eq!(site.post("/api/v1/notifications/clear", "ben").await.body, json!({}));
    assert_eq!(site.get("/api/v1/notifications", "ben").await.body, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_found_and_the_unknown_is_404() {
    let site = Site::start().await;
    let ann = site.person("ann", false, &["read"]).await;
    for path in [
        "/api/v1/accounts/1",
        "/api/v1/accounts/x",
        "/api/v1/accounts/99999999999999999999",
        "/api/v1/accounts/1/followers",
        "/api/v1/accounts/lookup?acct=nobody",
        "/api/v1/accounts/lookup?acct=ann@elsewhere.test",
        "/api/v1/accounts/lookup?acct=%00",
    ] {
        let answer = site.get(path, "").await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body["error"].is_string(), "{path}: {}", answer.body);
    }
    assert_eq!(site.get("/api/v1/accounts/lookup", "").await.status, 422);
    for path in ["/api/v1/accounts/lookup?acct=@ann@localhost:1", "/api/v1/accounts/lookup?acct=ANN"] {
        assert_eq!(site.get(path, "").await.body["id"], ann.to_string(), "{path}");
    }
    let found = site.get("/api/v1/accounts/search?q=an&resolve=true", "ann").await;
    assert_eq!(found.body[0]["id"], ann.to_string());
    let both = site.get(&format!("/api/v1/accounts?id[]=5&id[]={ann}"), "").await;
    assert_eq!(both.body.as_array().map(Vec::len), Some(1));
    let many: String = (0..101).map(|number| format!("id[]={number}&")).collect();
    assert_eq!(site.get(&format!("/api/v1/accounts?{many}"), "").await.status, 422);
    let statuses = site.get(&format!("/api/v1/accounts/{ann}/statuses?exclude_replies=true"), "").await;
    assert_eq!((statuses.status, statuses.body), (200, json!([])));
    site.running.stop().await.expect("stopped");
}
