//! The client against an evil little server on loopback, and against every spelling of an address not to be reached.

use super::*;
use crate::{
    federation::signature::{PublicKey, RequestParts, verify},
    reach::{Lab, Target},
};
use std::{
    collections::VecDeque,
    io::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const NOW: Timestamp = Timestamp(1_767_225_600_000);

#[expect(clippy::disallowed_methods, reason = "a test is its own Server")]
fn spawn(task: Task) {
    tokio::spawn(task);
}

/// A lab in which these names lead to these addresses, spoken to as their URL says.
fn reach_of(lab: Lab, hosts: &[(&str, SocketAddr)]) -> Reach {
    for (name, address) in hosts {
        lab.map(name, Target { address: *address, plain: false });
    }
    Reach::Lab(Arc::new(lab))
}

fn lab(hosts: &[(&str, SocketAddr)]) -> Client {
    let origin = Url::parse("https://own.test").expect("a URL");
    Client::new(reach_of(Lab::default(), hosts), &origin, Arc::new(spawn)).expect("a client")
}

fn public(answers: Vec<Vec<IpAddr>>) -> Client {
    let origin = Url::parse("https://own.test").expect("a URL");
    let names = reach::Names::Script(Mutex::new(VecDeque::from(answers)));
    Client::with(Reach::Public, names, PATIENCE, &origin, Arc::new(spawn)).expect("a client")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// What the evil server saw.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

impl Seen {
    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics here").clone()
    }
}

/// Answers each request with what `answer` gives for its head; the connection stays open after a whole answer.
async fn evil(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Arc::new(Seen::default());
    let (shared, answer) = (Arc::clone(&seen), Arc::new(answer));
    spawn(Box::pin(async move {
        while let Ok((stream, _)) = listener.accept().await {
            shared.connections.fetch_add(1, Ordering::SeqCst);
            let (seen, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            spawn(Box::pin(async move { serve(stream, &seen, answer.as_ref()).await }));
        }
    }));
    (address, seen)
}

async fn serve(mut stream: TcpStream, seen: &Seen, answer: &(dyn Fn(&str) -> Vec<u8> + Send + Sync)) {
    let mut buffer = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let Ok(count @ 1..) = stream.read(&mut piece).await else { return };
        buffer.extend_from_slice(&piece[..count]);
        while let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length: ")?.trim().parse::<usize>().ok()
            });
            let whole = end + 4 + length.unwrap_or_default();
            if buffer.len() < whole {
                break;
            }
            let request = String::from_utf8_lossy(&buffer[..whole]).into_owned();
            buffer.drain(..whole);
            seen.requests.lock().expect("no test panics here").push(request);
            let bytes = answer(&head);
            if bytes.is_empty() || stream.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }
}

fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn redirect(status: u16, to: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Go\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    let body = encoder.finish().expect("memory");
    let mut out =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    out.extend(body);
    out
}

async fn get(client: &Client, text: &str) -> Result<Answer, Failure> {
    client.get(&url(text), "application/activity+json", AnswerLimits::DOCUMENT, &OpenDoor).await
}

async fn failure(client: &Client, text: &str) -> FailureKind {
    match get(client, text).await {
        Err(failure) => failure.kind,
        Ok(answer) => panic!("{text}: {answer:?}"),
    }
}

#[tokio::test]
async fn answers_come_back_and_connections_are_kept() {
    let (address, seen) = evil(|_| ok("{}")).await;
    let client = lab(&[("peer.test", address)]);
    for _ in 0..5 {
        let answer = get(&client, "http://peer.test/u?x=1#f").await.expect("an answer");
        assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (200, b"{}".as_slice()));
        assert_eq!(answer.final_url.as_str(), "http://peer.test/u?x=1");
        assert_eq!(answer.header("content-type"), Some("application/activity+json"));
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert_eq!(client.idle_connections(), 1);
    let request = seen.requests().remove(0);
    assert!(request.starts_with("GET /u?x=1 HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains(&format!("user-agent: Dassie/{} (+https://own.test)", env!("CARGO_PKG_VERSION"))),
        "{request}"
    );
    assert!(request.contains("host: peer.test"), "{request}");
}

#[tokio::test]
async fn a_connection_closed_under_us_is_opened_again() {
    let closing = AtomicUsize::new(0);
    // The second request on a connection gets nothing: the server closes it, as after an idle time.
    let (address, seen) =
        evil(move |_| if closing.fetch_add(1, Ordering::SeqCst) == 1 { Vec::new() } else { ok("{}") }).await;
    let client = lab(&[("peer.test", address)]);
    for _ in 0..2 {
        get(&client, "http://peer.test/").await.expect("an answer");
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn redirects_are_few_checked_and_signed_anew() {
    let (address, seen) = evil(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path.strip_prefix("/r").and_then(|rest| rest.parse::<u32>().ok()) {
            Some(0) => ok("end"),
            Some(n) => redirect(302, &format!("/r{}", n - 1)),
            None if path == "/own" => redirect(301, "https://own.test/secret"),
            None if path == "/file" => redirect(301, "file:///etc/passwd"),
            None if path == "/gopher" => redirect(301, "gopher://peer.test/"),
            None if path == "/other" => redirect(307, "http://other.test/r0"),
            None => redirect(301, path),
        }
    })
    .await;
    let client = lab(&[("peer.test", address), ("other.test", address)]);
    let key = PrivateKey::generate().expect("a key");
    let signer =
        Signer { key_id: "https://own.test/actor#main-key", key: &key, signing: Signing::By(Scheme::Cavage), now: NOW };
    let signed = |path: &str| {
        let url = url(&format!("http://peer.test{path}"));
        let (client, signer) = (client.clone(), signer);
        async move { client.get_signed(&url, "application/activity+json", &signer, AnswerLimits::DOCUMENT, &OpenDoor).await }
    };
    let answer = signed("/r3").await.expect("three redirects are followed");
    assert_eq!((answer.body.as_ref(), answer.final_url.as_str()), (b"end".as_slice(), "http://peer.test/r0"));
    assert_eq!(signed("/r4").await.expect_err("four are not").kind, FailureKind::BadAnswer);
    assert_eq!(signed("/loop").await.expect_err("a loop").kind, FailureKind::BadAnswer);
    for path in ["/own", "/file", "/gopher"] {
        assert_eq!(signed(path).await.expect_err(path).kind, FailureKind::Refused, "{path}");
    }
    assert_eq!(signed("/other").await.expect("another host").final_url.as_str(), "http://other.test/r0");

    let public_key = PublicKey::from_pem(key.public_pem()).expect("own key");
    for request in seen.requests() {
        let mut lines = request.lines();
        let target = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a target").to_owned();
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            headers.append(http::HeaderName::try_from(name).expect("a name"), value.parse().expect("a value"));
        }
        let origin = url(&format!("http://{}", headers["host"].to_str().expect("a host")));
        let parts = RequestParts { method: &Method::GET, path_and_query: &target, headers: &headers, body: b"" };
        assert!(verify(&parts, &public_key, NOW, &origin).is_ok(), "{request}");
    }
}

/// A doorkeeper who turns one host away.
struct Bars(&'static str);

impl Doorkeeper for Bars {
    fn admit<'a>(&'a self, authority: &'a Authority) -> Admission<'a> {
        let barred = authority.as_str() == self.0;
        Box::pin(ready(if barred { Err(Error::Forbidden("it is barred")) } else { Ok(()) }))
    }
}

#[tokio::test]
async fn whom_the_doorkeeper_bars_is_in_no_chain_of_redirects() {
    let (address, seen) = evil(|head| match head.split(' ').nth(1).unwrap_or_default() {
        "/round" => redirect(302, "http://other.test/away"),
        "/away" => redirect(302, "http://barred.test/back"),
        "/back" => redirect(302, "http://peer.test/end"),
        _ => ok("end"),
    })
    .await;
    let client = lab(&[("peer.test", address), ("other.test", address), ("barred.test", address)]);
    let accept = "application/activity+json";
    for (path, asked) in [("/away", 1), ("/round", 2)] {
        let at = url(&format!("http://peer.test{path}"));
        let before = seen.requests().len();
        let failed = client.get(&at, accept, AnswerLimits::DOCUMENT, &Bars("barred.test")).await.expect_err(path);
        assert_eq!((failed.kind, failed.host.as_str()), (FailureKind::Barred, "barred.test"), "{path}");
        assert!(matches!(Error::from(failed), Error::Forbidden(_)), "{path}");
        assert_eq!(seen.requests().len() - before, asked, "{path}");
    }
    assert!(!seen.requests().iter().any(|request| request.contains("host: barred.test")), "{:?}", seen.requests());
    let other = client.get(&url("http://peer.test/round"), accept, AnswerLimits::DOCUMENT, &Bars("own.test")).await;
    assert_eq!(other.expect("nobody of these is barred").body.as_ref(), b"end");
}

#[tokio::test]
async fn a_redirect_is_named_without_being_followed() {
    let (address, seen) = evil(|head| match head.split(' ').nth(1).unwrap_or_default() {
        "/there" => redirect(302, "https://other.test/x"),
        "/home" => redirect(301, "https://own.test/@a"),
        "/here" => redirect(303, "/there"),
        _ => b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n".to_vec(),
    })
    .await;
    let client = lab(&[("peer.test", address)]);
    for (path, target) in [
        ("/there#f", Some("https://other.test/x")),
        ("/home", Some("https://own.test/@a")),
        ("/here", Some("http://peer.test/there")),
        ("/page", None),
    ] {
        let led = client.redirect_of(&url(&format!("http://peer.test{path}"))).await.expect(path);
        assert_eq!(led.as_ref().map(Url::as_str), target, "{path}");
    }
    assert!(seen.requests().iter().all(|request| request.starts_with("HEAD /")), "{:?}", seen.requests());
    assert_eq!(seen.requests().len(), 4, "each asked once");
    // Outside of a lab the same addresses are refused as for any other request.
    let loopback = vec![vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]];
    for (target, kind) in [
        ("https://evil.test/", FailureKind::Inward),
        ("https://127.0.0.1/", FailureKind::Refused),
        ("https://localhost/", FailureKind::Refused),
        ("http://peer.test/", FailureKind::Refused),
    ] {
        let refused = public(loopback.clone()).redirect_of(&url(target)).await.expect_err(target);
        assert_eq!(refused.kind, kind, "{target}");
    }
}

#[tokio::test]
async fn a_post_follows_one_redirect_of_its_own_host_and_no_other() {
    let (address, seen) = evil(|head| match head.split(' ').nth(1).unwrap_or_default() {
        "/moved" => redirect(308, "/inbox"),
        "/twice" => redirect(308, "/moved"),
        "/away" => redirect(307, "http://other.test/inbox"),
        "/found" => redirect(302, "/inbox"),
        _ => b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec(),
    })
    .await;
    let client = lab(&[("peer.test", address), ("other.test", address)]);
    let key = PrivateKey::generate().expect("a key");
    let signer =
        Signer { key_id: "https://own.test/u#main-key", key: &key, signing: Signing::By(Scheme::Rfc9421), now: NOW };
    for (path, status) in [("/inbox", 202), ("/moved", 202), ("/twice", 308), ("/away", 307), ("/found", 302)] {
        let to = url(&format!("http://peer.test{path}"));
        let answer = client.post_signed(&to, HeaderMap::new(), Bytes::from_static(b"{\"a\":1}"), &signer).await;
        assert_eq!(answer.expect(path).status.as_u16(), status, "{path}");
    }
    assert!(seen.requests().iter().all(|request| !request.contains("other.test")), "nothing went to another host");
    assert!(seen.requests().iter().all(|request| request.ends_with("\r\n\r\n{\"a\":1}")));
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1, "one connection serves them all");
}

#[tokio::test]
async fn bodies_are_bounded_before_and_after_inflation() {
    let large = "x".repeat(limits::DOCUMENT_MAX_BYTES + 1);
    let fits = "x".repeat(limits::DOCUMENT_MAX_BYTES);
    let zeros = gzip(&vec![0; 20_000_000]);
    let noise: Vec<u8> = (0..60_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let small = gzip(&noise);
    let (address, _) = evil(move |head| {
        let chunk = format!("{:x}\r\n{}\r\n", 60_000, "y".repeat(60_000));
        match head.split(' ').nth(1).unwrap_or_default() {
            "/large" => ok(&large),
            "/fits" => ok(&fits),
            "/lie" => b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx".to_vec(),
            "/chunked" => {
                format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(40)).into_bytes()
            }
            "/bomb" => zeros.clone(),
            "/gzip" => small.clone(),
            "/cut" => small[..small.len() / 2]
                .iter()
                .copied()
                .chain(std::iter::repeat_n(b'x', small.len() - small.len() / 2))
                .collect(),
            "/brotli" => b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx".to_vec(),
            "/both" => b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n".to_vec(),
            _ => b"SSH-2.0-OpenSSH\r\n".to_vec(),
        }
    })
    .await;
    let client = lab(&[("peer.test", address)]);
    assert_eq!(get(&client, "http://peer.test/fits").await.expect("just fits").body.len(), limits::DOCUMENT_MAX_BYTES);
    assert_eq!(get(&client, "http://peer.test/gzip").await.expect("inflates").body.len(), 240_000);
    for path in ["/large", "/lie", "/chunked", "/bomb", "/cut", "/brotli", "/both", "/ssh"] {
        assert_eq!(failure(&client, &format!("http://peer.test{path}")).await, FailureKind::BadAnswer, "{path}");
    }
    assert_eq!(client.idle_connections(), 0, "a connection with an unread rest is not kept");
    let post =
        client.post(&url("http://peer.test/large"), HeaderMap::new(), Bytes::new()).await.expect("status counts");
    assert_eq!((post.status.as_u16(), post.body.len()), (200, 0));
}

#[tokio::test]
async fn header_floods_are_refused() {
    let (address, _) = evil(|head| match head.split(' ').nth(1).unwrap_or_default() {
        "/many" => {
            let lines: String = (0..100_000).map(|n| format!("x-{n}: y\r\n")).collect();
            format!("HTTP/1.1 200 OK\r\n{lines}content-length: 0\r\n\r\n").into_bytes()
        }
        "/long" => format!("HTTP/1.1 200 OK\r\nx: {}\r\ncontent-length: 0\r\n\r\n", "y".repeat(200_000)).into_bytes(),
        _ => {
            let lines: String = (0..limits::ANSWER_HEADERS_MAX - 1).map(|n| format!("x-{n}: y\r\n")).collect();
            format!("HTTP/1.1 200 OK\r\n{lines}content-length: 0\r\n\r\n").into_bytes()
        }
    })
    .await;
    let client = lab(&[("peer.test", address)]);
    assert!(get(&client, "http://peer.test/fits").await.is_ok());
    for path in ["/many", "/long"] {
        assert_eq!(failure(&client, &format!("http://peer.test{path}")).await, FailureKind::BadAnswer, "{path}");
    }
}

/// Sends `start` to the first connection and holds it open, with `drip` every 20 ms from then on.
async fn dripping(start: &'static str, drip: &'static str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    spawn(Box::pin(async move {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let mut request = [0; 4096];
        let Ok(1..) = stream.read(&mut request).await else { return };
        let mut alive = stream.write_all(start.as_bytes()).await.is_ok();
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while alive {
            tick.tick().await;
            alive = stream.write_all(drip.as_bytes()).await.is_ok();
        }
    }));
    address
}

#[tokio::test]
async fn slow_peers_are_left_in_time() {
    let patience = Patience {
        connect: Duration::from_secs(5),
        header: Duration::from_millis(200),
        total: Duration::from_millis(600),
    };
    let total_only = Patience { header: Duration::from_secs(60), ..patience };
    for (start, drip, patience, why) in [
        ("", "", patience, "(200ms)"),
        ("HTTP/1.1 200 OK\r\nx: ", "x", patience, "(200ms)"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", patience, "(200ms)"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "x", patience, "(600ms)"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n", patience, "(600ms)"),
        ("", "", total_only, "(600ms)"),
    ] {
        let address = dripping(start, drip).await;
        let reach = reach_of(Lab::default(), &[("peer.test", address)]);
        let client = Client::with(reach, reach::Names::System, patience, &url("https://own.test"), Arc::new(spawn));
        let failure = get(&client.expect("a client"), "http://peer.test/").await.expect_err("too slow");
        assert_eq!(failure.kind, FailureKind::TimedOut, "{start:?} {drip:?}: {failure}");
        assert!(failure.why.contains(why), "{start:?} {drip:?}: {failure}");
    }
    assert_eq!((PATIENCE.connect.as_secs(), PATIENCE.header.as_secs(), PATIENCE.total.as_secs()), (5, 10, 30));
}

#[tokio::test]
async fn nothing_but_public_addresses_is_reached() {
    let hosts = [
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
        "0x0",
        "10.0.0.1",
        "10.1",
        "167772161",
        "0x0a000001",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "0xa9fea9fe",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "192.168.257",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "127.0.0.1.",
        "１２７.0.0.1",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:a00:1]",
        "[::127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::8.8.8.8]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[2001::1]",
        "[2001:1ff::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::]",
        "[2002:808:808::]",
        "[3fff::1]",
        "[4000::1]",
        "[fc00::1]",
        "[fdff::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "x.localhost",
        "own.test",
        "OWN.test.",
    ];
    let client = public(Vec::new());
    for host in hosts {
        assert_eq!(failure(&client, &format!("https://{host}/")).await, FailureKind::Refused, "{host}");
    }
    for text in [
        "http://1.1.1.1/",
        "https://1.1.1.1:8443/",
        "https://user@example.org/",
        "https://u:p@example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:text/plain,x",
        "https://example.org:80/",
    ] {
        assert_eq!(failure(&client, text).await, FailureKind::Refused, "{text}");
    }
    for good in [
        "1.1.1.1",
        "8.8.8.8",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
    ] {
        assert!(is_global(good.parse().expect("an address")), "{good}");
    }
}

#[tokio::test]
async fn names_that_turn_inwards_are_refused_at_each_look_up() {
    let inside = IpAddr::from(Ipv4Addr::LOCALHOST);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let client = public(vec![vec![inside], vec!["fe80::1".parse().expect("an address")], Vec::new()]);
    assert_eq!(failure(&client, "https://rebind.test/").await, FailureKind::Inward);
    assert_eq!(failure(&client, "https://rebind.test/").await, FailureKind::Inward);
    assert_eq!(failure(&client, "https://rebind.test/").await, FailureKind::Unreachable, "no address at all");
    drop(listener);
    // A name that is public when it is checked and inside when it is asked again: it is asked once, and what was
    // checked is what is connected to.
    let outside: IpAddr = "8.8.8.8".parse().expect("an address");
    let names = reach::Names::Script(Mutex::new(VecDeque::from(vec![vec![inside, outside], vec![inside]])));
    let target = url("https://rebind.test/");
    let first = reach::resolve(&Reach::Public, &names, &target).await.expect("one address is public");
    assert_eq!(first, [SocketAddr::new(outside, 443)]);
    let reach::Names::Script(left) = &names else { panic!("a script") };
    assert_eq!(left.lock().expect("no test panics here").len(), 1, "asked exactly once");
    assert!(reach::resolve(&Reach::Public, &names, &target).await.is_err(), "and refused when it has turned");
}

#[tokio::test]
async fn tls_is_checked_against_name_and_root() {
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).expect("parameters");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_key = rcgen::KeyPair::generate().expect("a key");
    let ca = authority.self_signed(&ca_key).expect("a root");
    let issuer = rcgen::Issuer::new(authority, ca_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let leaf = rcgen::CertificateParams::new(vec!["peer.test".to_owned()])
        .expect("parameters")
        .signed_by(&key, &issuer)
        .expect("a leaf");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .expect("a configuration");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    spawn(Box::pin(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            if let Ok(1..) = stream.read(&mut request).await {
                // A client that went away in between is what the test is about.
                let _ = stream.write_all(&ok("tls")).await;
            }
        }
    }));
    let origin = url("https://own.test");
    let with = |lab| {
        let reach = reach_of(lab, &[("peer.test", address), ("other.test", address)]);
        Client::new(reach, &origin, Arc::new(spawn)).expect("a client")
    };
    let trusting = with(Lab::with_ca(ca.pem()));
    assert_eq!(get(&trusting, "https://peer.test/").await.expect("an answer").body.as_ref(), b"tls");
    assert_eq!(failure(&trusting, "https://other.test/").await, FailureKind::Unreachable, "another name");
    assert_eq!(failure(&with(Lab::default()), "https://peer.test/").await, FailureKind::Unreachable, "another root");
}

#[tokio::test]
async fn a_lab_speaks_plainly_where_its_map_says_so() {
    let (address, seen) = evil(|_| ok("{}")).await;
    let lab = Lab::default();
    lab.map("Peer.test", Target { address, plain: true });
    let client = Client::new(Reach::Lab(Arc::new(lab)), &url("https://own.test"), Arc::new(spawn)).expect("a client");
    let answer = get(&client, "https://peer.test/u").await.expect("an answer without TLS");
    assert_eq!(answer.final_url.as_str(), "https://peer.test/u");
    assert!(seen.requests()[0].contains("host: peer.test\r\n"));
}
