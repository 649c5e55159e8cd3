//! Input that nobody should send: a clear answer or a closed door, and a bounded cost (SECURITY A11, B1-B4, E1).

use crate::{
    certificates::Authority,
    instance::{Instance, User},
    peer::{ACTIVITY_JSON, Answer, Peer},
    sign::{SigningKey, http_date},
    web::parse,
};
use bytes::Bytes;
use dassie::{
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach,
    running::Parts,
    server::Server,
};
use flate2::{Compress, Compression, FlushCompress};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

struct Scene {
    instance: Instance,
    peer: Peer,
    alice: User,
}

async fn scene() -> Scene {
    let authority = Authority::new();
    let instance = Instance::start("bad.test", &authority.pem()).await;
    let peer = Peer::start(&authority);
    for host in ["evil.test", "other.test"] {
        instance.reach.map(&format!("{host}:443"), reach::Target { address: peer.tls, plain: false });
    }
    let alice = instance.user("alice").await;
    Scene { instance, peer, alice }
}

impl Scene {
    /// The status of an answer to raw bytes; `None` if the connection was closed without one.
    async fn status_of(&self, request: &[u8]) -> Option<u16> {
        parse(&self.instance.web.raw(request).await).map(|reply| reply.status)
    }

    async fn assert_alive(&self) {
        assert_eq!(self.instance.get("/api/v2/instance").await.status, 200, "the instance still answers");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_beyond_their_bound_are_refused_unread() {
    let scene = scene().await;
    for (path, size) in [
        ("/inbox", 1_100_000),
        ("/users/alice/inbox", 1_100_000),
        ("/api/v1/statuses", 2_000_000),
        ("/oauth/token", 200_000),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: bad.test\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
        );
        let begun = Instant::now();
        // Only the head is sent: the refusal may not wait for the body.
        assert_eq!(scene.status_of(head.as_bytes()).await, Some(413), "{path}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{path} waited for a body it refuses");
    }
    let mut chunked =
        b"POST /inbox HTTP/1.1\r\nHost: bad.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".to_vec();
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    for _ in 0..20 {
        chunked.extend_from_slice(&chunk);
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    // Unsigned, so it is refused before its body is read at all.
    assert!(matches!(scene.status_of(&chunked).await, Some(401) | None), "an unsigned body is not read");
    let mut form =
        b"POST /oauth/token HTTP/1.1\r\nHost: bad.test\r\nContent-Type: application/x-www-form-urlencoded\r\n\
        Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            .to_vec();
    for _ in 0..20 {
        form.extend_from_slice(&chunk);
    }
    form.extend_from_slice(b"0\r\n\r\n");
    assert!(matches!(scene.status_of(&form).await, Some(413) | None), "a body without stated length is counted too");
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn multipart_forms_of_nobody_are_not_held() {
    let scene = scene().await;
    let begun = |path: &str, size: usize, body: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: bad.test\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {size}\r\n\r\n{body}"
        )
    };
    // Files are for routes that take some; anywhere else a form is as long as any other.
    for path in ["/api/v1/apps", "/api/v1/statuses", "/auth/sign_in"] {
        assert_eq!(scene.status_of(begun(path, 2_000_000, "").as_bytes()).await, Some(413), "{path}");
    }
    let part =
        |head: &str, content: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n");
    for path in ["/settings/profile", "/settings/import", "/compose"] {
        // What stands before the first part, or in the head of one, never ends: it is not waited for.
        for endless in ["a".repeat(2_000_000), format!("--x\r\nContent-Disposition: {}", "a".repeat(2_000_000))] {
            let refused = scene.status_of(begun(path, 17_000_000, &endless).as_bytes()).await;
            assert!(matches!(refused, Some(400) | None), "{path}: {refused:?}");
        }
        let texts = part("name=\"a\"", &"a".repeat(60_000)).repeat(30);
        let refused = scene.status_of(begun(path, 17_000_000, &texts).as_bytes()).await;
        assert!(matches!(refused, Some(413) | None), "{path}: {refused:?}");
        // A picture that was chosen is passed over, however large, and the form answered as what it is.
        let file = format!("{}--x--\r\n", part("name=\"file\"; filename=\"a\"", &"a".repeat(3_000_000)));
        assert_eq!(scene.status_of(begun(path, file.len(), &file).as_bytes()).await, Some(403), "{path}");
    }
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_senders_are_dropped_and_cost_nobody_else() {
    let scene = scene().await;
    let mut silent = Vec::new();
    for _ in 0..60 {
        silent.push(scene.instance.web.connect().await);
    }
    let mut half_head = scene.instance.web.connect().await;
    half_head.write_all(b"GET / HTTP/1.1\r\nHost: bad").await.expect("sent");
    let mut half_body = scene.instance.web.connect().await;
    let head = b"POST /api/v1/statuses HTTP/1.1\r\nHost: bad.test\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{";
    half_body.write_all(head).await.expect("sent");
    scene.assert_alive().await;
    // 10 s for a head, 10 s of grace for a body, and room for a slow machine.
    for (what, stream) in [("half a head", &mut half_head), ("half a body", &mut half_body)] {
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(35), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{what} may hang for ever");
        if let Some(reply) = parse(&rest) {
            assert!((400..500).contains(&reply.status), "{what} was answered {}", reply.status);
        }
    }
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nested_and_malformed_json_is_refused_without_a_panic() {
    let scene = scene().await;
    let key = SigningKey::generate();
    let actor = "https://evil.test/users/eve";
    scene.peer.serve(
        actor,
        Answer::document(&json!({"@context": "https://www.w3.org/ns/activitystreams", "id": actor,
        "type": "Person", "preferredUsername": "eve", "inbox": format!("{actor}/inbox"),
        "publicKey": {"id": format!("{actor}#k"), "owner": actor, "publicKeyPem": key.public_pem()}})),
    );
    scene.peer.serve(
        "https://evil.test/.well-known/webfinger",
        Answer::jrd(&json!({"subject": "acct:eve@evil.test",
        "links": [{"rel": "self", "type": "application/activity+json", "href": actor}]})),
    );
    let nested = "[".repeat(100_000);
    let wrapped = format!(
        "{{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"{actor}/1\",\"type\":\"Create\",\"actor\":\"{actor}\",\"object\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let number = format!("{{\"id\":{}}}", "9".repeat(900_000));
    let twice = format!(
        "{{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"{actor}/2\",\"type\":\"Follow\",\"type\":\"Like\",\"actor\":\"{actor}\",\"object\":\"{}\"}}",
        scene.alice.uri
    );
    for (what, body) in [
        ("nesting", nested.as_str()),
        ("nesting inside", &wrapped),
        ("a number", &number),
        ("half a surrogate", "{\"id\":\"\\ud800\"}"),
        ("a key twice", &twice),
        ("nothing", ""),
        ("text", "hello"),
    ] {
        let date = http_date(scene.instance.now_ms());
        let headers = key.post(&format!("{actor}#k"), "bad.test", "/inbox", &date, body.as_bytes());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = scene.instance.web.send("POST", "/inbox", &headers, body.as_bytes()).await;
        assert_eq!(reply.status, 400, "{what}: {}", reply.text());
        let kind = [("Content-Type", "application/json")];
        let reply = scene.alice.send("POST", "/api/v1/statuses", &kind, body.as_bytes()).await;
        assert!(matches!(reply.status, 400 | 413 | 422), "{what} as a form: {}", reply.status);
        assert!(reply.json()["error"].is_string(), "{what}: errors are JSON");
    }
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_headers_are_refused() {
    let scene = scene().await;
    let many: String = (0..500).map(|number| format!("X-{number}: y\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "y".repeat(64 * 1024));
    for (what, headers) in [("many", many), ("long", long)] {
        let request = format!("GET /api/v2/instance HTTP/1.1\r\nHost: bad.test\r\nConnection: close\r\n{headers}\r\n");
        let status = scene.status_of(request.as_bytes()).await;
        assert!(matches!(status, Some(400 | 431) | None), "{what} headers: {status:?}");
    }
    let path = format!("GET /{} HTTP/1.1\r\nHost: bad.test\r\nConnection: close\r\n\r\n", "a".repeat(64 * 1024));
    let status = scene.status_of(path.as_bytes()).await;
    assert!(matches!(status, Some(400 | 404 | 414 | 431) | None), "a long path: {status:?}");
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_two_servers_read_differently_are_refused() {
    let scene = scene().await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: bad.test\r\n\r\n";
    let chunked = format!("0\r\n\r\n{smuggled}");
    let cases = [
        (
            "length and chunks",
            format!(
                "POST /inbox HTTP/1.1\r\nHost: bad.test\r\nContent-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}",
                chunked.len()
            ),
        ),
        (
            "two lengths",
            format!(
                "POST /inbox HTTP/1.1\r\nHost: bad.test\r\nContent-Length: 0\r\nContent-Length: {}\r\n\r\n{smuggled}",
                smuggled.len()
            ),
        ),
        ("two hosts", "GET / HTTP/1.1\r\nHost: bad.test\r\nHost: evil.test\r\n\r\n".to_owned()),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned()),
        ("a folded line", "GET / HTTP/1.1\r\nHost: bad.test\r\nX-A: b\r\n c\r\n\r\n".to_owned()),
        (
            "an odd coding",
            "POST /inbox HTTP/1.1\r\nHost: bad.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned(),
        ),
        ("a blank before the colon", "GET / HTTP/1.1\r\nHost : bad.test\r\n\r\n".to_owned()),
    ];
    for (what, request) in cases {
        // Some refusals leave the connection open: what comes within some seconds is all that comes.
        let (raw, _) = scene.instance.web.raw_within(Duration::from_secs(4), request.as_bytes()).await;
        let text = String::from_utf8_lossy(&raw).into_owned();
        let answers = text.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{what}: {answers} answers to one request: {text}");
        if let Some(reply) = parse(&raw) {
            // Chunks win over a length (RFC 9112 §6.3): the request is read whole, answered once, and the connection
            // closed, so that nothing can hide behind it.
            let closed = reply.header("connection") == Some("close");
            let one_reading = what == "length and chunks" && reply.status == 401 && closed;
            assert!(one_reading || matches!(reply.status, 400 | 411 | 501), "{what} was answered {}", reply.status);
        }
    }
    let foreign = scene.instance.web.get("/api/v2/instance", &[("Host", "evil.example")]).await;
    assert!(matches!(foreign.status, 404 | 421), "another host: {}", foreign.status);
    assert!(!foreign.text().contains("evil.example"), "its name is not repeated");
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_and_endless_answers_of_peers_end() {
    let scene = scene().await;
    let (first, block) = zeros_gzipped();
    let space = Bytes::from_static(&[b' '; 16 * 1024]);
    let peer = &scene.peer;
    peer.serve("https://evil.test/gzip", Answer::Endless(ACTIVITY_JSON, "gzip", first, block));
    peer.serve("https://evil.test/endless", Answer::Endless(ACTIVITY_JSON, "", space.clone(), space));
    peer.serve("https://evil.test/loop", Answer::Redirect("https://evil.test/loop".to_owned()));
    peer.serve("https://evil.test/there", Answer::Redirect("https://other.test/back".to_owned()));
    peer.serve("https://other.test/back", Answer::Redirect("https://evil.test/there".to_owned()));
    peer.serve("https://evil.test/file", Answer::Redirect("file:///etc/passwd".to_owned()));
    peer.serve("https://evil.test/plain", Answer::Body("text/plain", Bytes::from_static(b"{}")));
    peer.serve("https://evil.test/json", Answer::Body("application/json", Bytes::from_static(b"{}")));
    peer.serve("https://evil.test/brotli", Answer::Encoded(ACTIVITY_JSON, "br", Bytes::from_static(b"{}")));
    let nested = Bytes::from("[".repeat(100_000));
    peer.serve("https://evil.test/nested", Answer::Body(ACTIVITY_JSON, nested));
    for path in ["gzip", "endless", "loop", "there", "file", "plain", "json", "brotli", "nested"] {
        let begun = Instant::now();
        let found = scene.alice.search("statuses", &format!("https://evil.test/{path}"), true).await;
        assert!(found.is_empty(), "{path}: {found:?}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{path} took {:?}", begun.elapsed());
    }
    let turns = |path: &str| peer.seen(|seen| seen.path == path).len();
    assert!(turns("/loop") <= 4, "three redirects at most, not {}", turns("/loop"));
    assert!(turns("/there") + turns("/back") <= 4);
    scene.assert_alive().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_that_hang_or_drip_are_left() {
    let scene = scene().await;
    scene.peer.serve("https://evil.test/hang", Answer::Hang);
    scene.peer.serve("https://evil.test/drip", Answer::Drip(ACTIVITY_JSON, Duration::from_millis(200)));
    for path in ["hang", "drip"] {
        let begun = Instant::now();
        let query = format!("/api/v2/search?resolve=true&q=https%3A%2F%2Fevil.test%2F{path}");
        let reply = scene.alice.get(&query).await;
        assert!(begun.elapsed() < Duration::from_secs(36), "{path} took {:?}", begun.elapsed());
        assert!(matches!(reply.status, 200 | 503), "{path}: {}", reply.status);
        scene.assert_alive().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_addresses_are_refused_in_every_spelling() {
    let dir = tempfile::tempdir().expect("a directory");
    let origin = Origin::parse("https://public.example", None).expect("a name");
    let clock = ManualClock::new(crate::instance::START);
    let mut parts = Parts::of_system(reach::Reach::Public);
    parts.clock = Clock::Manual(clock);
    let mut config = Config::embedded(dir.path(), Some(origin));
    config.rates = false;
    let running = Server::start(config, parts).await.expect("it starts");
    let alice = User::on(&running, "public.example", "alice").await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let spellings = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.0.0.1.",
        "１２７.0.0.1",
        "127。0。0。1",
        "public.example@127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fc00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[100::1]",
        "[2001::1]",
        "[64:ff9b:1::1]",
    ];
    for host in spellings {
        for url in [format!("https://{host}:{port}/n"), format!("http://{host}:{port}/n"), format!("https://{host}/n")]
        {
            let begun = Instant::now();
            let found = alice.search("statuses", &url, true).await;
            assert!(found.is_empty(), "{url}");
            assert!(begun.elapsed() < Duration::from_secs(4), "{url} was tried: {:?}", begun.elapsed());
        }
    }
    let visitor = listener.accept();
    assert!(visitor.is_err(), "one of the spellings reached this machine: {visitor:?}");
    running.stop().await.expect("it stops");
}

/// The beginning of a gzip of zeros, and a block of it (1 MiB of zeros) that can be repeated for ever.
fn zeros_gzipped() -> (Bytes, Bytes) {
    let zeros = vec![0u8; 1 << 20];
    let mut deflate = Compress::new(Compression::best(), false);
    let mut blocks = [Vec::with_capacity(1 << 16), Vec::with_capacity(1 << 16)];
    for block in &mut blocks {
        deflate.compress_vec(&zeros, block, FlushCompress::Full).expect("deflates");
    }
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let [first, second] = blocks;
    ([header.as_slice(), &first].concat().into(), second.into())
}
