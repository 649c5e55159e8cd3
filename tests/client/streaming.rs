//! Live streams: what is told to whom, over WebSockets and server-sent events (client API, streaming).

use crate::{
    announcements::announce,
    browser::{Browser, Form},
    call::{checked, id},
    lab::{Instance, Person, World},
    schema::{SCHEMA, check_entities},
    settings::signed_in,
    site::{Site, html},
    web::{PATIENCE, Web, parse},
};
use dassie::{http::session, limits};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use storage::{SecretHash, user::Role as Standing};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

/// A client's end of a WebSocket.
pub struct Socket(WebSocketStream<TcpStream>);

/// A handshake: the status of its answer and the connection behind it.
async fn shake(web: Web, target: &str, headers: &[(&str, &str)]) -> (u16, String, TcpStream) {
    let mut stream = web.connect().await;
    let mut head = format!(
        "GET {target} HTTP/1.1\r\nHost: home.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("a whole head"));
    }
    let answer = String::from_utf8(answer).expect("a head is text");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer.to_lowercase(), stream)
}

impl Socket {
    /// Listens to the streams that the query names.
    pub async fn open(person: &Person<'_>, query: &str) -> Socket {
        let target = format!("/api/v1/streaming?access_token={}&{query}", person.token);
        let (status, answer, stream) = shake(person.home.web(), &target, &[]).await;
        assert_eq!(status, 101, "{answer}");
        assert!(answer.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{answer}");
        Socket(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)
    }

    /// Sends a command.
    pub async fn says(&mut self, command: Value) {
        self.0.send(Message::text(command.to_string())).await.expect("the server reads");
    }

    /// The next message; `None` once the server has closed.
    pub async fn message(&mut self) -> Option<Value> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        return Some(serde_json::from_str(&text).expect("messages are JSON"));
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("a message or an end in time")
    }

    /// The next frame: its stream and event, and its payload read as JSON.
    pub async fn frame(&mut self) -> (Value, String, Value) {
        let message = self.message().await.expect("the stream goes on");
        let event = message["event"].as_str().unwrap_or_else(|| panic!("no event: {message}")).to_owned();
        let payload = message["payload"].as_str().unwrap_or_else(|| panic!("no payload: {message}"));
        let payload = if event == "delete" { json!(payload) } else { serde_json::from_str(payload).expect("JSON") };
        (message["stream"].clone(), event, payload)
    }

    /// The next frame, which is a status as the schema says, on this stream.
    async fn status(&mut self, stream: Value, event: &str) -> Value {
        let (named, happened, payload) = self.frame().await;
        assert_eq!((&named, happened.as_str()), (&stream, event), "{payload}");
        // Public streams say nothing of the viewer.
        check_entities(&payload, stream[0] == "user");
        if let Some(schema) = &*SCHEMA {
            assert!(schema.check("GET", "/api/v1/statuses/1", 200, &payload), "a status has a schema");
        }
        payload
    }
}

/// Ann, whom Ben follows, and Cat, who follows nobody.
async fn three(home: &Instance) -> [Person<'_>; 3] {
    let people = [home.person("ann").await, home.person("ben").await, home.person("cat").await];
    people[1].asks("POST", &format!("/api/v1/accounts/{}/follow", people[0].id), &[]).await;
    people
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_user_stream_tells_what_the_home_timeline_shows() {
    let home = World::new().instance("home.test").await;
    let [ann, ben, cat] = three(&home).await;
    let user = json!(["user"]);
    let mut bens = Socket::open(&ben, "stream=user").await;
    let mut cats = Socket::open(&cat, "stream=user").await;
    let private = id(&ann.writes("for followers", &[("visibility", "private")]).await);
    let told = bens.status(user.clone(), "update").await;
    assert_eq!((id(&told), &told["favourited"], &told["filtered"]), (private.clone(), &json!(false), &json!([])));
    cat.asks("PATCH", "/api/v2/notifications/policy", &[("for_private_mentions", "accept")]).await;
    // A status for Cat reaches Cat's stream as a notification, and nobody else's.
    let mention = id(&ann.writes("@cat hello", &[("visibility", "direct")]).await);
    let (stream, event, payload) = cats.frame().await;
    assert_eq!((&stream, event.as_str(), &payload["type"]), (&user, "notification", &json!("mention")));
    assert_eq!(id(&payload["status"]), mention);
    checked_notification(&payload);
    // What Ben marked is drawn for Ben.
    ben.asks("POST", &format!("/api/v1/statuses/{private}/favourite"), &[]).await;
    let edit = [("status", "for followers, edited")];
    ann.asks("PUT", &format!("/api/v1/statuses/{private}"), &edit).await;
    let told = bens.status(user.clone(), "status.update").await;
    assert_eq!((id(&told), &told["favourited"]), (private.clone(), &json!(true)));
    let reblogged = id(&cat.writes("shared", &[]).await);
    assert_eq!(id(&cats.status(user.clone(), "update").await), reblogged, "one's own");
    let reblog = id(&ann.asks("POST", &format!("/api/v1/statuses/{reblogged}/reblog"), &[]).await);
    let told = bens.status(user.clone(), "update").await;
    assert_eq!((id(&told), id(&told["reblog"])), (reblog.clone(), reblogged.clone()));
    ann.asks("POST", &format!("/api/v1/statuses/{reblogged}/unreblog"), &[]).await;
    assert_eq!(bens.frame().await, (user.clone(), "delete".to_owned(), json!(reblog)));
    ann.asks("DELETE", &format!("/api/v1/statuses/{private}"), &[]).await;
    assert_eq!(bens.frame().await, (user, "delete".to_owned(), json!(private)));
}

fn checked_notification(payload: &Value) {
    check_entities(payload, true);
    if let Some(schema) = &*SCHEMA {
        assert!(schema.check("GET", "/api/v1/notifications/1", 200, payload), "a notification has a schema");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_that_comes_after_its_status_is_told() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let _site = Site::open(&world, "news.test", vec![("/", html("<title>News</title>"))]).await;
    let [ann, ben, _] = three(&home).await;
    let mut bens = Socket::open(&ben, "stream=user").await;
    let posted = id(&ann.writes("https://news.test/", &[]).await);
    let user = json!(["user"]);
    assert_eq!(id(&bens.status(user.clone(), "update").await), posted);
    let told = bens.status(user.clone(), "status.update").await;
    assert_eq!((id(&told), &told["card"]["title"], &told["edited_at"]), (posted, &json!("News"), &Value::Null));
    // One that is known is shown from the start, and nothing more is told.
    world.clock.advance(1_000);
    let again = id(&ann.writes("https://news.test/ again", &[]).await);
    let told = bens.status(user.clone(), "update").await;
    assert_eq!((id(&told), &told["card"]["title"]), (again, &json!("News")));
    world.clock.advance(1_000);
    let last = id(&ann.writes("no link", &[]).await);
    assert_eq!(id(&bens.status(user, "update").await), last);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_streams_hide_what_public_timelines_hide() {
    let home = World::new().instance("home.test").await;
    let [ann, ben, cat] = three(&home).await;
    let mut bens = Socket::open(&ben, "").await;
    let mut cats = Socket::open(&cat, "stream=public").await;
    for stream in ["public:local", "public:remote"] {
        bens.says(json!({ "type": "subscribe", "stream": stream })).await;
    }
    bens.says(json!({ "type": "subscribe", "stream": "hashtag", "tag": "Basement" })).await;
    bens.says(json!({ "type": "dance", "stream": "public" })).await;
    let refusal = bens.message().await.expect("an answer");
    assert!(refusal["error"].as_str().is_some_and(|error| error.contains("subscribe")), "{refusal}");
    // Cat blocks Ann: nothing of hers reaches Cat any more.
    cat.asks("POST", &format!("/api/v1/accounts/{}/block", ann.id), &[]).await;
    ann.writes("unlisted #basement", &[("visibility", "unlisted")]).await;
    ann.writes("private #basement", &[("visibility", "private")]).await;
    let first = id(&ann.writes("public #basement", &[]).await);
    // One event comes on each stream it belongs to, in any order of streams.
    let mut told = [bens.frame().await, bens.frame().await]
        .map(|(stream, event, payload)| (stream[0].to_string(), event, id(&payload)));
    told.sort();
    let named = |stream: &str| (format!("\"{stream}\""), "update".to_owned(), first.clone());
    assert_eq!(told, [named("hashtag"), named("public:local")]);
    ben.writes("@ann an answer is no news", &[("in_reply_to_id", &first)]).await;
    bens.says(json!({ "type": "unsubscribe", "stream": "hashtag", "tag": "Basement" })).await;
    bens.says(json!({ "type": "dance", "stream": "public" })).await;
    assert!(bens.message().await.expect("an answer")["error"].is_string(), "commands are obeyed in order");
    ann.asks("DELETE", &format!("/api/v1/statuses/{first}"), &[]).await;
    assert_eq!(bens.frame().await, (json!(["public:local"]), "delete".to_owned(), json!(first)));
    let last = id(&ben.writes("by somebody else", &[]).await);
    let (stream, event, payload) = cats.frame().await;
    // A bare id of what was public says nothing of who wrote it.
    assert_eq!((stream, event.as_str(), payload), (json!(["public"]), "delete", json!(first)));
    assert_eq!(id(&cats.status(json!(["public"]), "update").await), last);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_conversations_and_filters_are_told_to_whom_they_belong() {
    let home = World::new().instance("home.test").await;
    let [ann, ben, cat] = three(&home).await;
    let list = id(&ben.asks("POST", "/api/v1/lists", &[("title", "l"), ("exclusive", "true")]).await);
    ben.asks("POST", &format!("/api/v1/lists/{list}/accounts"), &[("account_ids[]", &ann.id.to_string())]).await;
    let mut bens = Socket::open(&ben, "stream=user").await;
    let mut cats = Socket::open(&cat, &format!("stream=list&list={list}")).await;
    bens.says(json!({ "type": "subscribe", "stream": "list", "list": list })).await;
    bens.says(json!({ "type": "subscribe", "stream": "direct" })).await;
    cats.says(json!({ "type": "subscribe", "stream": "user" })).await;
    for socket in [&mut bens, &mut cats] {
        socket.says(json!({ "type": "dance" })).await;
        assert!(socket.message().await.expect("an answer")["error"].is_string());
    }
    // The list is exclusive: what its members write is told there and not at home.
    let posted = id(&ann.writes("for the list", &[]).await);
    let (stream, event, told) = bens.frame().await;
    assert_eq!((stream, event.as_str(), id(&told)), (json!(["list", list]), "update", posted));
    ben.asks("PATCH", "/api/v2/notifications/policy", &[("for_private_mentions", "accept")]).await;
    let direct = id(&cat.writes("@ben between us", &[("visibility", "direct")]).await);
    let mut told = [bens.frame().await, bens.frame().await];
    told.sort_by_key(|(stream, ..)| stream.to_string());
    let [(stream, event, conversation), (_, notified, _)] = told;
    assert_eq!((stream, event.as_str(), notified.as_str()), (json!(["direct"]), "conversation", "notification"));
    assert_eq!((&conversation["unread"], id(&conversation["last_status"])), (&json!(true), direct.clone()));
    let filter = [("title", "f"), ("context[]", "home"), ("keywords_attributes[0][keyword]", "x")];
    ben.asks("POST", "/api/v2/filters", &filter).await;
    let changed = bens.message().await.expect("told");
    assert_eq!((&changed["event"], changed.get("payload")), (&json!("filters_changed"), None));
    // Somebody else's list tells nothing; one's own direct status stands at home.
    let (stream, event, own) = cats.frame().await;
    assert_eq!((stream, event.as_str(), id(&own)), (json!(["user"]), "update", direct));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_does_not_tell_who_is_in_the_list_of_somebody_else() {
    let home = World::new().instance("home.test").await;
    let [ann, ben, cat] = three(&home).await;
    cat.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let list = id(&ben.asks("POST", "/api/v1/lists", &[("title", "l")]).await);
    ben.asks("POST", &format!("/api/v1/lists/{list}/accounts"), &[("account_ids[]", &ann.id.to_string())]).await;
    let mut bens = Socket::open(&ben, &format!("stream=list&list={list}")).await;
    let mut cats = Socket::open(&cat, &format!("stream=list&list={list}")).await;
    cats.says(json!({ "type": "subscribe", "stream": "user:notification" })).await;
    cats.says(json!({ "type": "dance" })).await;
    assert!(cats.message().await.expect("an answer")["error"].is_string());
    let posted = id(&ann.writes("soon gone", &[]).await);
    let (stream, event, told) = bens.frame().await;
    assert_eq!((stream, event.as_str(), id(&told)), (json!(["list", list]), "update", posted.clone()));
    ann.asks("DELETE", &format!("/api/v1/statuses/{posted}"), &[]).await;
    assert_eq!(bens.frame().await, (json!(["list", list]), "delete".to_owned(), json!(posted)));
    ben.writes("@cat hello", &[]).await;
    let (stream, event, _) = cats.frame().await;
    assert_eq!((stream, event.as_str()), (json!(["user:notification"]), "notification"), "nothing came before it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_whoever_may_read_listens_and_only_as_long() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let web = home.web();
    assert_eq!(shake(web, "/api/v1/streaming?stream=user", &[]).await.0, 401);
    assert_eq!(shake(web, "/api/v1/streaming?stream=user&access_token=wrong", &[]).await.0, 401);
    let own = format!("access_token={}", ann.token);
    assert_eq!(shake(web, &format!("/api/v1/streaming?stream=admin&{own}"), &[]).await.0, 422);
    let plain = crate::call::call(web, Some(&ann.token), "GET", "/api/v1/streaming?stream=user", &[]).await;
    assert_eq!(plain.status, 426, "{}", plain.text());
    assert_eq!(web.get("/api/v1/streaming/user", &[("host", "home.test")]).await.status, 401);
    // Web apps send the token as the protocol and want it back.
    let protocol = [("Sec-WebSocket-Protocol", ann.token.as_str())];
    let (status, answer, stream) = shake(web, "/api/v1/streaming", &protocol).await;
    assert_eq!(status, 101, "{answer}");
    assert!(answer.contains(&format!("sec-websocket-protocol: {}", ann.token)), "{answer}");
    let mut socket = Socket(WebSocketStream::from_raw_socket(stream, Role::Client, None).await);
    socket.says(json!({ "type": "subscribe", "stream": "user" })).await;
    let mut other = Socket::open(&ann, "stream=user").await;
    let posted = id(&ann.writes("still here", &[]).await);
    assert_eq!(id(&other.status(json!(["user"]), "update").await), posted);
    assert_eq!(id(&socket.status(json!(["user"]), "update").await), posted);
    let hash = SecretHash::of(&ann.token);
    home.server().write(move |tx| Ok(storage::oauth::delete_token(tx, hash)?)).await.expect("revoked");
    home.server().access_cache().clear();
    assert_eq!(other.message().await, None, "cut off");
    assert_eq!(socket.message().await, None, "cut off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_sent_events_begin_at_once_and_end_with_the_server() {
    let mut home = World::new().instance("home.test").await;
    let token = {
        let ann = home.person("ann").await;
        ann.token.clone()
    };
    let mut stream = home.web().connect().await;
    let head =
        format!("GET /api/v1/streaming/user HTTP/1.1\r\nHost: home.test\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    let mut heard = Vec::new();
    until(&mut stream, &mut heard, ":)\n").await;
    let head = parse(&heard[..]).map(|reply| reply.header("content-type").map(str::to_owned));
    assert!(String::from_utf8_lossy(&heard).to_lowercase().contains("content-type: text/event-stream"), "{head:?}");
    let fields = crate::web::form(&[("status", "live")]);
    let reply =
        crate::call::raw(home.web(), Some(&token), "POST", "/api/v1/statuses", crate::call::FORM, &fields).await;
    checked("POST", "/api/v1/statuses", &reply, true);
    until(&mut stream, &mut heard, "event: update\ndata: {\"id\":").await;
    assert_eq!(home.web().get("/api/v1/streaming/health", &[("host", "home.test")]).await.text(), "OK");
    home.restart().await;
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the stream ends with the server");
}

/// Reads until `text` has come.
async fn until(stream: &mut TcpStream, heard: &mut Vec<u8>, text: &str) {
    let reading = async {
        while !String::from_utf8_lossy(heard).contains(text) {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).await.expect("the stream goes on");
            assert!(count > 0, "the end, before {text:?}: {}", String::from_utf8_lossy(heard));
            heard.extend_from_slice(&piece[..count]);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("{text:?} did not come"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_dropped_and_nobody_else_notices() {
    let home = World::new().instance("home.test").await;
    let [ann, ben, cat] = three(&home).await;
    let _deaf = Socket::open(&cat, "stream=public").await;
    let mut bens = Socket::open(&ben, "stream=public").await;
    let streams = home.server().streams().clone();
    let text = "long ".repeat(900);
    // As many as the system's buffers and the queue hold, and then some.
    for count in 0..4_000 {
        let posted = id(&ann.writes(&format!("{count} {text}"), &[]).await);
        let told = bens.status(json!(["public"]), "update").await;
        assert_eq!(id(&told), posted, "in order, none missing");
        if streams.dropped() > 0 {
            assert_eq!(streams.listeners(), 1);
            return;
        }
    }
    panic!("nobody was dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_disabled_or_suspended_hears_nothing_more() {
    let home = World::new().instance("home.test").await;
    let (bad, mo) = (home.person("bad").await, home.staff("mo", Standing::Moderator).await);
    let path = |what: &str| format!("/api/v1/admin/accounts/{}/{what}", bad.id);
    for (kind, undo) in [("disable", "enable"), ("suspend", "unsuspend")] {
        let mut socket = Socket::open(&bad, "stream=public").await;
        mo.asks("POST", &path("action"), &[("type", kind)]).await;
        assert_eq!(socket.message().await, None, "{kind}: cut off");
        let again = format!("/api/v1/streaming?stream=public&access_token={}", bad.token);
        assert_eq!(shake(home.web(), &again, &[]).await.0, 403, "{kind}");
        mo.asks("POST", &path(undo), &[]).await;
    }
}

/// A live page of a browser, which was greeted.
async fn live(browser: &Browser) -> TcpStream {
    let mut stream = browser.listens("/live").await;
    until(&mut stream, &mut Vec::new(), ":)\n").await;
    stream
}

/// Waits for the end of a stream, whatever it says before.
async fn ends(mut stream: TcpStream) {
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
    assert!(ended.is_ok(), "the stream goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_pages_end_with_the_session_of_their_browser() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;

    let of_other = live(&signed_in(&home, &ann).await).await;
    let page = browser.get("/settings/access").await;
    let name = page.text().split("name=\"session\" value=\"").nth(1).expect("the other").to_owned();
    let form = Form::on(&page, "/settings/access");
    browser.follow(&form.with("session", name.split('"').next().expect("its name"))).await;
    ends(of_other).await;

    let of_other = live(&signed_in(&home, &ann).await).await;
    browser.follow(&form.with("others", "end")).await;
    ends(of_other).await;

    // The first of many browsers makes room for the last.
    let of_first = live(&browser).await;
    world.clock.advance(1_000);
    for _ in 0..limits::SESSIONS_PER_USER {
        session::begin(home.server(), ann.id, &http::HeaderMap::new()).await.expect("one more browser");
    }
    ends(of_first).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_streams_tell_of_silenced_accounts_to_their_followers_only() {
    let home = World::new().instance("home.test").await;
    let [loud, fan, cat] = three(&home).await;
    let mo = home.staff("mo", Standing::Moderator).await;
    mo.asks("POST", &format!("/api/v1/admin/accounts/{}/action", loud.id), &[("type", "silence")]).await;
    let (mut fans, mut cats) = (Socket::open(&fan, "stream=public").await, Socket::open(&cat, "stream=public").await);
    let silenced = id(&loud.writes("heard by few", &[]).await);
    let open = id(&cat.writes("heard by all", &[]).await);
    assert_eq!(id(&cats.status(json!(["public"]), "update").await), open);
    assert_eq!(id(&fans.status(json!(["public"]), "update").await), silenced);
    assert_eq!(id(&fans.status(json!(["public"]), "update").await), open);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_is_signed_in_is_told_of_announcements() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let [ann, ben, _] = three(&home).await;
    let (mut anns, mut bens) = (Socket::open(&ann, "stream=user").await, Socket::open(&ben, "stream=user").await);
    let mut public = Socket::open(&ben, "stream=public").await;
    let number = announce(&home, "Hello #all", None, None).await;
    for socket in [&mut anns, &mut bens] {
        let (stream, event, payload) = socket.frame().await;
        assert_eq!((&stream, event.as_str(), id(&payload)), (&json!(["user"]), "announcement", number.clone()));
        assert_eq!((&payload["reactions"], payload.get("read")), (&json!([]), None));
    }
    let path = format!("/api/v1/announcements/{number}/reactions/%F0%9F%8E%89");
    for (method, count) in [("PUT", 1), ("DELETE", 0)] {
        ann.asks(method, &path, &[]).await;
        let (_, event, payload) = bens.frame().await;
        let told = json!({ "name": "🎉", "count": count, "announcement_id": number });
        assert_eq!((event.as_str(), payload), ("announcement.reaction", told));
    }
    let remove = json!({ "announce": { "remove": { "id": number.parse::<u64>().expect("a number") } } });
    crate::instance::command(&home, remove).await;
    let message = bens.message().await.expect("the stream goes on");
    let gone = json!({ "stream": ["user"], "event": "announcement.delete", "payload": number });
    assert_eq!(message, gone);

    // One whose time comes later is told then.
    let later = announce(&home, "Later", Some("2026-01-02"), None).await;
    world.clock.advance(25 * 60 * 60 * 1000);
    let (_, event, payload) = bens.frame().await;
    assert_eq!((event.as_str(), id(&payload)), ("announcement", later));
    let open = id(&ann.writes("for all", &[]).await);
    assert_eq!(id(&public.status(json!(["public"]), "update").await), open, "nothing of it on public streams");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_stream_has_an_address_of_its_own() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let list = id(&ann.asks("POST", "/api/v1/lists", &[("title", "a list")]).await);
    let list = format!("list?list={list}");
    for stream in [
        "direct",
        "hashtag?tag=x",
        "hashtag/local?tag=x",
        &list,
        "public",
        "public/local",
        "public/remote",
        "user",
        "user/notification",
    ] {
        let path = format!("/api/v1/streaming/{stream}");
        assert_eq!(home.web().get(&path, &[("host", "home.test")]).await.status, 401, "{path}");
        let mut connection = home.web().connect().await;
        let head = format!("GET {path} HTTP/1.1\r\nHost: home.test\r\nAuthorization: Bearer {}\r\n\r\n", ann.token);
        connection.write_all(head.as_bytes()).await.expect("the server reads");
        until(&mut connection, &mut Vec::new(), ":)\n").await;
    }
}
