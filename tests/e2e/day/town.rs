//! The thousand servers of the day: one socket, what each does with a request, and what all have got.

use super::PEERS;
use crate::instance::START;
use serde_json::Value;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    thread::{self, JoinHandle},
};
use storage::Digest;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

pub(super) const SEED: u64 = 0x0dd5_ea5e;

/// What a server does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Takes,
    /// It takes the activity, and the connection breaks before it says so.
    Swallows,
    /// The connection breaks before it has read anything.
    Breaks,
    Says(&'static str),
}

const BUSY: &str = "503 Service Unavailable\r\nretry-after: 600";
const SLOWER: &str = "429 Too Many Requests\r\nretry-after: 60";
const BROKEN: &str = "500 Internal Server Error";

impl Mood {
    /// For how long it wants to be left alone.
    fn rests_ms(self) -> Option<i64> {
        match self {
            Mood::Says(BUSY) => Some(600_000),
            Mood::Says(SLOWER) => Some(60_000),
            Mood::Takes | Mood::Swallows | Mood::Breaks | Mood::Says(_) => None,
        }
    }
}

/// The mood of a server: some are down for hours, all stumble now and then; after the day all are well.
fn mood(peer: usize, request: u64, now: i64) -> Mood {
    let hours = (now - START.0) / 3_600_000;
    if hours >= 24 {
        return Mood::Takes;
    }
    let of_peer = mix(peer as u64);
    let down_from = i64::try_from(of_peer >> 8 & 0xff).unwrap_or(0) % 24;
    let down_for = i64::try_from(of_peer >> 16 & 0xff).unwrap_or(0) % 14;
    if of_peer.is_multiple_of(4) && (down_from..down_from + down_for).contains(&hours) {
        return [Mood::Breaks, Mood::Says(BUSY), Mood::Says(BROKEN)][(of_peer >> 24) as usize % 3];
    }
    match mix(of_peer ^ request) % 40 {
        0 => Mood::Swallows,
        1 => Mood::Breaks,
        2 => Mood::Says(BUSY),
        3 => Mood::Says(SLOWER),
        4 => Mood::Says(BROKEN),
        _ => Mood::Takes,
    }
}

/// SplitMix64.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(SEED).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// What all servers together have got.
#[derive(Default)]
pub(super) struct Taken {
    /// (server, activity) → how it came.
    pub(super) activities: HashMap<(usize, String), Receipt>,
    /// (server, object) → what was said about it, in the order of arrival.
    pub(super) about: HashMap<(usize, String), Vec<u8>>,
    /// Requests of each server so far.
    requests: HashMap<usize, u64>,
    /// When each server was asked last, and until when it wants to be left alone: if nothing else was said to it at that
    /// moment, which might end that.
    asked: HashMap<usize, (i64, Option<i64>)>,
    /// How often a server was asked again after it had wanted to be left alone.
    pub(super) waited_for: u32,
    /// Activities that were taken without an answer.
    pub(super) swallowed: u32,
    pub(super) refused: u32,
}

/// How an activity came to a server.
pub(super) struct Receipt {
    bytes: Digest,
    pub(super) times: u32,
    /// The sender was told that it was taken.
    pub(super) answered: bool,
}

impl Taken {
    /// What each server is owed of so many activities for everybody: all that it did not say to have taken.
    pub(super) fn unanswered(&self, said: usize) -> Vec<usize> {
        let mut owed = vec![said; PEERS];
        for ((peer, _), receipt) in &self.activities {
            owed[*peer] -= usize::from(receipt.answered);
        }
        owed
    }

    /// Of so many activities, how many not everybody said to have taken.
    pub(super) fn incomplete(&self, said: usize) -> usize {
        let mut answers: HashMap<&str, usize> = HashMap::new();
        for ((_, id), receipt) in &self.activities {
            *answers.entry(id).or_default() += usize::from(receipt.answered);
        }
        said - answers.values().filter(|count| **count == PEERS).count()
    }

    /// Takes an activity; answers its id.
    fn take(&mut self, peer: usize, body: &[u8]) -> String {
        let document: Value = serde_json::from_slice(body).expect("an activity");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let id = text(&document["id"]).expect("an id");
        let object = || text(&document["object"]["id"]).or_else(|| text(&document["object"])).expect("an object");
        let (rank, object) = match document["type"].as_str() {
            // What is boosted has an order of its own; what an Undo names is the boost.
            Some("Announce") => (0, id.clone()),
            Some("Create") => (0, object()),
            Some("Update" | "Undo") => (1, object()),
            Some("Delete") => (2, object()),
            other => panic!("nobody sent {other:?}"),
        };
        let bytes = Digest::of_bytes(body);
        let new = || Receipt { bytes, times: 0, answered: false };
        let receipt = self.activities.entry((peer, id.clone())).or_insert_with(new);
        assert_eq!(receipt.bytes, bytes, "{id} is repeated as it was");
        receipt.times += 1;
        self.about.entry((peer, object)).or_default().push(rank);
        id
    }

    /// A server is asked, and answers so.
    fn ask(&mut self, peer: usize, now: i64, mood: Mood) {
        let before = self.asked.get(&peer).copied();
        if let Some((at, Some(until))) = before
            && at < now
        {
            assert!(until <= now, "p{peer} wanted to be left alone for {} ms more", until - now);
            self.waited_for += 1;
        }
        let is_first = before.is_none_or(|(at, _)| at < now);
        let until = mood.rests_ms().filter(|_| is_first).map(|rests| now + rests);
        self.asked.insert(peer, (now, until));
    }

    fn answer(&mut self, peer: usize, id: String) {
        self.activities.get_mut(&(peer, id)).expect("it was taken").answered = true;
    }
}

/// All the servers: one socket, on a thread of its own.
pub(super) struct Town {
    pub(super) address: SocketAddr,
    taken: Arc<Mutex<Taken>>,
    pub(super) now: Arc<AtomicI64>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Town {
    pub(super) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let (taken, now) = (Arc::<Mutex<Taken>>::default(), Arc::new(AtomicI64::new(START.0)));
        let (stop, mut stopping) = watch::channel(false);
        let (of_thread, clock) = (taken.clone(), now.clone());
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a socket");
                let mut open = JoinSet::new();
                loop {
                    tokio::select! {
                        accepted = listener.accept() => {
                            let Ok((stream, _)) = accepted else { continue };
                            open.spawn(converse(stream, of_thread.clone(), clock.clone()));
                        }
                        Some(ended) = open.join_next(), if !open.is_empty() => ended.expect("nothing strange is sent"),
                        _ = stopping.changed() => return,
                    }
                }
            });
        });
        Town { address, taken, now, stop, thread: Some(thread) }
    }

    pub(super) fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().expect("nothing strange was sent")
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic on that thread has been printed.
            let _ = thread.join();
        }
    }
}

/// One connection, until either side has enough.
async fn converse(mut stream: TcpStream, taken: Arc<Mutex<Taken>>, now: Arc<AtomicI64>) {
    let mut buffer = Vec::new();
    while let Some((peer, body)) = read(&mut stream, &mut buffer).await {
        let answer = {
            let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
            let request = taken.requests.entry(peer).or_default();
            *request += 1;
            let now = now.load(Ordering::Relaxed);
            let mood = mood(peer, *request, now);
            taken.ask(peer, now, mood);
            match mood {
                Mood::Takes => {
                    let id = taken.take(peer, &body);
                    taken.answer(peer, id);
                }
                Mood::Swallows => {
                    taken.take(peer, &body);
                    taken.swallowed += 1;
                }
                Mood::Breaks | Mood::Says(_) => taken.refused += 1,
            }
            match mood {
                Mood::Takes => "202 Accepted",
                Mood::Says(status) => status,
                Mood::Swallows | Mood::Breaks => return,
            }
        };
        let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.expect("whoever asks waits for the answer");
    }
}

/// For which server the next request is, and its body.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(usize, Vec<u8>)> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
            let header = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                line.map(|value| value.trim().to_owned())
            };
            let length: usize = header("content-length")?.parse().ok()?;
            let peer = number(&header("host")?)?;
            if buffer.len() >= end + 4 + length {
                let body = buffer[end + 4..end + 4 + length].to_vec();
                buffer.drain(..end + 4 + length);
                return Some((peer, body));
            }
        }
        if stream.read_buf(buffer).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

/// Which server it is that has this name.
pub(super) fn number(domain: &str) -> Option<usize> {
    domain.strip_prefix('p')?.strip_suffix(".test")?.parse().ok()
}
