//! Open WebSockets: what one costs in memory, and how long a post takes to the last of them while a tenth does not read.

use crate::{
    http::{self, Connection},
    subject::Subject,
};
use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Sockets for each of the people; one account may hold a hundred.
const EACH: usize = 100;
const PEOPLE: usize = 100;
/// One in ten never reads.
const DEAF: usize = 10;
const POSTS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn streams(subject: &Subject, token: &str) {
    let mut tokens = vec![token.to_owned()];
    for number in 1..PEOPLE {
        let name = format!("stream{number}");
        subject.add_user(&name);
        tokens.push(subject.token(&name).await);
    }
    let before = subject.resident_mib();
    let (mut readers, mut deaf) = (Vec::new(), Vec::new());
    for number in 0..EACH * PEOPLE {
        let stream = open(&subject.host, &tokens[number % PEOPLE]).await;
        if number % DEAF == 0 { deaf.push(stream) } else { readers.push(stream) }
    }
    let opened = subject.resident_mib();
    let count = readers.len();
    let frames = Rc::new(Cell::new(0_usize));
    let mut tasks = JoinSet::new();
    for stream in readers {
        tasks.spawn_local(read(stream, Rc::clone(&frames)));
    }
    let slowest = posts(subject, token, count, frames).await;
    let told = subject.resident_mib();
    let kib = |mib: f64| (mib - before) * 1024.0 / (EACH * PEOPLE) as f64;
    println!(
        "sockets, {} open         {:8.1} KiB each idle, {:5.1} KiB after {POSTS} posts   (aim <= 15)\n\
         a post at the last of them  {:8.3} s at worst, {} deaf   (aim <= 1)",
        EACH * PEOPLE,
        kib(opened),
        kib(told),
        slowest.as_secs_f64(),
        deaf.len(),
    );
    tasks.shutdown().await;
}

async fn posts(subject: &Subject, token: &str, readers: usize, frames: Rc<Cell<usize>>) -> Duration {
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let mut slowest = Duration::ZERO;
    for number in 0..POSTS {
        let start = Instant::now();
        let body = format!("status=Everybody+sees+number+{number}&visibility=public");
        let answer = connection.call("POST", "/api/v1/statuses", &headers, body.as_bytes()).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        while frames.get() < readers * (number + 1) {
            assert!(start.elapsed() < PATIENCE, "{} of {} frames", frames.get(), readers * (number + 1));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        slowest = slowest.max(start.elapsed());
    }
    slowest
}

/// A socket that listens to the public timeline.
async fn open(host: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).await.expect("it listens");
    let headers = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let path = format!("/api/v1/streaming?stream=public&access_token={token}");
    stream.write_all(&http::request(host, "GET", &path, &headers, b"")).await.expect("it reads");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a whole head"));
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    stream
}

/// Counts the frames that hold an update (RFC 6455 §5.2; a server's frames are not masked).
async fn read(mut stream: TcpStream, frames: Rc<Cell<usize>>) {
    loop {
        let Ok(head) = stream.read_u16().await else { return };
        let length = match head & 0x7f {
            126 => usize::from(stream.read_u16().await.unwrap_or(0)),
            127 => usize::try_from(stream.read_u64().await.unwrap_or(0)).unwrap_or(0),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        if stream.read_exact(&mut payload).await.is_err() {
            return;
        }
        if payload.windows(8).any(|window| window == b"\"update\"") {
            frames.set(frames.get() + 1);
        }
    }
}
