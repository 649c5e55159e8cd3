//! The thousand servers of the day: one socket, what each does with a request, what all have got, and in which order.

use super::PEERS;
use crate::instance::START;
use dassie::reach::{Lab, Target};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    thread::{self, JoinHandle},
};
use storage::{Digest, peer::REVIVED_AFTER_MS};
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
    /// It takes the activity, and says nothing for as long as anybody waits.
    Hangs,
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
            Mood::Takes | Mood::Swallows | Mood::Hangs | Mood::Breaks | Mood::Says(_) => None,
        }
    }
}

/// Whether a server is down: some are, for hours; after the day none is.
pub(super) fn is_down(peer: usize, now: i64) -> bool {
    let hours = (now - START.0) / 3_600_000;
    let of_peer = mix(peer as u64);
    let down_from = i64::try_from(of_peer >> 8 & 0xff).unwrap_or(0) % 24;
    let down_for = i64::try_from(of_peer >> 16 & 0xff).unwrap_or(0) % 14;
    hours < 24 && of_peer.is_multiple_of(4) && (down_from..down_from + down_for).contains(&hours)
}

/// The mood of a server: some are down for hours, all stumble now and then; after the day all are well.
fn mood(peer: usize, request: u64, now: i64) -> Mood {
    if (now - START.0) / 3_600_000 >= 24 {
        return Mood::Takes;
    }
    let of_peer = mix(peer as u64);
    if is_down(peer, now) {
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
    /// How each server was asked last.
    asked: HashMap<usize, Asked>,
    /// Activity → whom it is for, of those that are for some servers alone.
    pub(super) few: HashMap<String, Few>,
    /// The same → the servers that were asked with it, whatever they answered.
    tried: HashMap<String, HashSet<usize>>,
    /// How often such an activity, said before, came behind the first one that a server took at a moment.
    pub(super) went_first: u32,
    /// Requests until everybody hangs; none: nobody will.
    pub(super) serves: Option<usize>,
    /// Requests that hung.
    pub(super) hung: usize,
    /// How often a server was asked again after it had wanted to be left alone.
    pub(super) waited_for: u32,
    /// Activities that were taken without an answer, those that hung among them.
    pub(super) swallowed: u32,
    pub(super) refused: u32,
}

/// What is for some servers alone.
pub(super) struct Few {
    pub(super) said_at: i64,
    pub(super) to: HashSet<usize>,
}

/// How a server was asked.
#[derive(Clone, Copy)]
struct Asked {
    at: i64,
    /// Until when it wants to be left alone: if nothing else was said to it at that moment, which might end that.
    until: Option<i64>,
    /// Before it is not tried again, even if it is heard from.
    rests_until: i64,
    /// It said that it took what it was asked with.
    answered: bool,
}

/// What a request says.
struct Letter {
    id: String,
    object: String,
    /// What is said about an object later has a higher one.
    rank: u8,
    /// It is for those alone whom it names.
    for_few: bool,
    bytes: Digest,
}

impl Letter {
    fn open(body: &[u8]) -> Self {
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
        let for_few = document["type"] == "Create" && !document["to"].to_string().contains("#Public");
        Letter { id, object, rank, for_few, bytes: Digest::of_bytes(body) }
    }
}

/// How an activity came to a server.
pub(super) struct Receipt {
    bytes: Digest,
    pub(super) times: u32,
    /// The sender was told that it was taken.
    pub(super) answered: bool,
}

impl Taken {
    /// What each server is owed of so many activities for everybody, and of what is for it: all that it did not say to have
    /// taken.
    pub(super) fn unanswered(&self, said: usize) -> Vec<usize> {
        let mut owed = vec![said; PEERS];
        for peer in self.few.values().flat_map(|few| &few.to) {
            owed[*peer] += 1;
        }
        for ((peer, _), receipt) in &self.activities {
            owed[*peer] -= usize::from(receipt.answered);
        }
        owed
    }

    /// Of so many activities for everybody, and those for some, how many not everybody said to have taken whom they are for.
    pub(super) fn incomplete(&self, said: usize) -> usize {
        let mut answers: HashMap<&str, usize> = HashMap::new();
        for ((_, id), receipt) in &self.activities {
            *answers.entry(id).or_default() += usize::from(receipt.answered);
        }
        let wanted = |id: &str| self.few.get(id).map_or(PEERS, |few| few.to.len());
        said + self.few.len() - answers.iter().filter(|(id, count)| **count == wanted(id)).count()
    }

    /// When a server was asked last.
    pub(super) fn asked_at(&self, peer: usize) -> Option<i64> {
        self.asked.get(&peer).map(|asked| asked.at)
    }

    /// Whether a server that is heard from now may be tried.
    pub(super) fn may_be_tried(&self, peer: usize, now: i64) -> bool {
        self.asked.get(&peer).is_none_or(|asked| asked.rests_until <= now)
    }

    /// Takes an activity.
    fn take(&mut self, peer: usize, letter: &Letter) {
        let new = || Receipt { bytes: letter.bytes, times: 0, answered: false };
        let receipt = self.activities.entry((peer, letter.id.clone())).or_insert_with(new);
        assert_eq!(receipt.bytes, letter.bytes, "{} is repeated as it was", letter.id);
        receipt.times += 1;
        self.about.entry((peer, letter.object.clone())).or_default().push(letter.rank);
    }

    /// A server is asked with something, and answers so.
    fn ask(&mut self, peer: usize, now: i64, mood: Mood, letter: &Letter) {
        let before = self.asked.get(&peer).copied();
        if let Some(Asked { at, until: Some(until), .. }) = before
            && at < now
        {
            assert!(until <= now, "p{peer} wanted to be left alone for {} ms more", until - now);
            self.waited_for += 1;
        }
        // What it is owed goes one by one, and this is not the question whether it is back.
        if before.is_some_and(|before| before.at == now && before.answered) {
            self.goes_in_turn(peer, now, letter);
        }
        if letter.for_few {
            self.tried.entry(letter.id.clone()).or_default().insert(peer);
        }
        let same = before.filter(|before| before.at == now);
        let until = mood.rests_ms().filter(|_| same.is_none()).map(|rests| now + rests);
        let rests_until = now + mood.rests_ms().unwrap_or(0).max(REVIVED_AFTER_MS);
        let rests_until = same.map_or(rests_until, |same| same.rests_until.max(rests_until));
        self.asked.insert(peer, Asked { at: now, until, rests_until, answered: mood == Mood::Takes });
    }

    /// Nothing goes to a server before what was said to it among few, earlier, and has not been tried yet.
    fn goes_in_turn(&mut self, peer: usize, now: i64, letter: &Letter) {
        let is_untried = |id: &str| self.tried.get(id).is_none_or(|tried| !tried.contains(&peer));
        let waits = |id: &str, few: &Few| few.said_at < now && few.to.contains(&peer) && is_untried(id);
        let first = self.few.iter().find(|(id, few)| waits(id, few)).map(|(id, _)| id);
        assert!(letter.for_few || first.is_none(), "p{peer} got {} before {first:?}", letter.id);
        let went_first = self.few.get(&letter.id).is_some_and(|few| waits(&letter.id, few));
        self.went_first += u32::from(went_first);
    }

    fn answer(&mut self, peer: usize, letter: Letter) {
        self.activities.get_mut(&(peer, letter.id)).expect("it was taken").answered = true;
    }
}

/// All the servers: one socket, on a thread of its own.
pub(super) struct Town {
    address: SocketAddr,
    taken: Arc<Mutex<Taken>>,
    pub(super) now: Arc<AtomicI64>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Town {
    pub(super) fn start() -> Self {
        let (taken, now) = (Arc::<Mutex<Taken>>::default(), Arc::new(AtomicI64::new(START.0)));
        let (address, stop, thread) = open(&taken, &now);
        Town { address, taken, now, stop, thread: Some(thread) }
    }

    /// It moves to another address, where nobody hangs: what is still said at the former one is said to nobody.
    pub(super) fn moves(&mut self) {
        self.leave();
        self.taken().serves = None;
        let (address, stop, thread) = open(&self.taken, &self.now);
        (self.address, self.stop, self.thread) = (address, stop, Some(thread));
    }

    /// The names of all servers lead here.
    pub(super) fn is_reached_by(&self, reach: &Lab) {
        for peer in 0..PEERS {
            reach.map(&format!("p{peer}.test:443"), Target { address: self.address, plain: true });
        }
    }

    fn leave(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic on that thread has been printed.
            let _ = thread.join();
        }
    }

    pub(super) fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().expect("nothing strange was sent")
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Takes an address, and serves there on a thread of its own until it is told to stop.
fn open(taken: &Arc<Mutex<Taken>>, now: &Arc<AtomicI64>) -> (SocketAddr, watch::Sender<bool>, JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
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
    (address, stop, thread)
}

/// One connection, until either side has enough.
async fn converse(mut stream: TcpStream, taken: Arc<Mutex<Taken>>, now: Arc<AtomicI64>) {
    let mut buffer = Vec::new();
    while let Some((peer, body)) = read(&mut stream, &mut buffer).await {
        let letter = Letter::open(&body);
        let mood = {
            let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
            let request = taken.requests.entry(peer).or_default();
            *request += 1;
            let now = now.load(Ordering::Relaxed);
            let usual = mood(peer, *request, now);
            let mood = if taken.serves == Some(0) { Mood::Hangs } else { usual };
            taken.serves = taken.serves.map(|left| left.saturating_sub(1));
            taken.ask(peer, now, mood, &letter);
            match mood {
                Mood::Takes => {
                    taken.take(peer, &letter);
                    taken.answer(peer, letter);
                }
                Mood::Swallows | Mood::Hangs => {
                    taken.take(peer, &letter);
                    taken.swallowed += 1;
                    taken.hung += usize::from(mood == Mood::Hangs);
                }
                Mood::Breaks | Mood::Says(_) => taken.refused += 1,
            }
            mood
        };
        let answer = match mood {
            Mood::Takes => "202 Accepted",
            Mood::Says(status) => status,
            Mood::Swallows | Mood::Breaks => return,
            Mood::Hangs => {
                // Until whoever asks has enough of it.
                while stream.read_buf(&mut buffer).await.unwrap_or(0) > 0 {}
                return;
            }
        };
        let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            let ends = taken.lock().unwrap_or_else(PoisonError::into_inner).serves == Some(0);
            assert!(ends, "whoever asks waits for the answer, unless it is stopped");
            return;
        }
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
