//! A peer's inbox on a loopback socket, in a mood.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How a peer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// 202.
    Well,
    /// This status.
    Failing(u16),
    /// Reads, and never answers.
    Hanging,
    /// 202 to what is signed after RFC 9421, 401 to everything else.
    Newer,
    /// The first status to what is signed by draft-cavage, the second to what is signed after RFC 9421.
    Split(u16, u16),
}

/// A peer.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    mood: Mutex<Mood>,
    seen: AtomicUsize,
    received: Mutex<Vec<String>>,
}

impl Peer {
    pub(crate) async fn start(mood: Mood) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state =
            Arc::new(State { mood: Mutex::new(mood), seen: AtomicUsize::new(0), received: Mutex::new(Vec::new()) });
        let shared = Arc::clone(&state);
        #[expect(clippy::disallowed_methods, reason = "a peer is no part of the server")]
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Peer { address, state }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// Requests seen.
    pub(crate) fn seen(&self) -> usize {
        self.state.seen.load(Ordering::SeqCst)
    }

    /// Ids of activities taken, in order.
    pub(crate) fn received(&self) -> Vec<String> {
        self.state.received.lock().unwrap().clone()
    }
}

async fn serve(socket: TcpStream, state: Arc<State>) {
    let mut socket = BufReader::new(socket);
    while let Some((body, newer)) = read_request(&mut socket).await {
        // Whoever sees that it came may change the mood for the next one.
        let mood = *state.mood.lock().unwrap();
        state.seen.fetch_add(1, Ordering::SeqCst);
        let status = match mood {
            Mood::Newer if !newer => 401,
            Mood::Well | Mood::Newer => {
                let document: serde_json::Value = serde_json::from_slice(&body).unwrap();
                state.received.lock().unwrap().push(document["id"].as_str().unwrap().to_owned());
                202
            }
            Mood::Failing(status) => status,
            Mood::Split(older, newest) => {
                if newer {
                    newest
                } else {
                    older
                }
            }
            Mood::Hanging => std::future::pending().await,
        };
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
        if socket.get_mut().write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The body of the next request, which must be signed, and whether it is after RFC 9421; none if the connection is closed.
async fn read_request(socket: &mut BufReader<TcpStream>) -> Option<(Vec<u8>, bool)> {
    let (mut length, mut signed, mut newer, mut line) = (0, false, false, String::new());
    loop {
        line.clear();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let header = line.trim_end().to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        signed |= header.starts_with("signature:");
        newer |= header.starts_with("signature-input:");
        if header.is_empty() {
            break;
        }
    }
    assert!(signed, "a delivery is signed");
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await.ok()?;
    Some((body, newer))
}
