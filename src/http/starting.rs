//! While a server starts its address is taken already: whoever comes is told so instead of waiting for minutes.

use super::{
    connection::{Place, Register},
    listen::not_accepted,
};
use crate::limits;
use std::{io, net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

/// How every sentence of a server that is starting begins.
pub(crate) const STARTING: &str = "Dassie is starting";

/// Does `work` and meanwhile answers whoever comes with 503 and the sentence `says` gives; without one, as nothing can
/// be said in plain where TLS is expected, the connection is closed.
///
/// Work that takes no longer than `limits::STARTING_GRACE_MS` turns nobody away: who comes waits for it. At most
/// `limits::STARTING_CONNECTIONS` at once; others wait in the system's queue, and whoever still does at the end is
/// left to whoever takes the listener next. Answers under way then end by themselves, in seconds. One address that
/// `is_proxy` does not know has at most `limits::STARTING_PER_CLIENT` of them: more are closed, and keep nobody waiting.
pub(crate) async fn meanwhile<T>(
    listener: &TcpListener,
    is_proxy: impl Fn(IpAddr) -> bool,
    says: impl Fn() -> Option<String>,
    work: impl Future<Output = T>,
) -> T {
    tokio::pin!(work);
    let grace = tokio::time::sleep(Duration::from_millis(limits::STARTING_GRACE_MS));
    tokio::select! {
        biased;
        done = work.as_mut() => return done,
        () = grace => {}
    }
    let (mut answers, register) = (JoinSet::new(), Arc::new(Register::default()));
    let done = loop {
        let room = answers.len() < limits::STARTING_CONNECTIONS;
        tokio::select! {
            biased;
            done = work.as_mut() => break done,
            Some(_) = answers.join_next(), if !answers.is_empty() => {}
            // Dropped before it is ready it has taken nobody from the queue.
            accepted = listener.accept(), if room => match accepted {
                Ok((socket, peer)) => {
                    let most = if is_proxy(peer.ip()) {
                        limits::STARTING_CONNECTIONS
                    } else {
                        limits::STARTING_PER_CLIENT
                    };
                    if let (Some(said), Some(place)) = (says(), register.enter(peer.ip(), most)) {
                        answers.spawn(turn_away(socket, place, said));
                    }
                }
                Err(error) => not_accepted(&error).await,
            },
        }
    };
    answers.detach_all();
    done
}

/// Whoever is too slow to ask, or asks too much, is told all the same.
async fn turn_away(mut socket: TcpStream, place: Place, said: String) {
    // It has its own bounds; nobody else has its place meanwhile.
    place.state.request_begins();
    let patience = Duration::from_secs(limits::STARTING_SECONDS);
    let heard = timeout(patience, hear(&mut socket)).await;
    let told = timeout(patience, tell(&mut socket, &said)).await;
    if !matches!((&heard, &told), (Ok(Ok(())), Ok(Ok(())))) {
        tracing::debug!(?heard, ?told, "a connection while starting");
    }
}

/// Reads to the end of a request's head, or of what is read of one.
async fn hear(socket: &mut TcpStream) -> io::Result<()> {
    let mut head: Vec<u8> = Vec::with_capacity(1024);
    let mut incoming = socket.take(limits::STARTING_READ_BYTES);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if incoming.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(())
}

async fn tell(socket: &mut TcpStream, said: &str) -> io::Result<()> {
    let again = limits::STARTING_RETRY_SECONDS;
    // `Refresh` is what browsers heed.
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Retry-After: {again}\r\nRefresh: {again}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{said}\n",
        said.len() + 1
    );
    socket.write_all(answer.as_bytes()).await?;
    socket.shutdown().await?;
    // To close a socket with bytes unread takes back what was sent.
    let mut rest = socket.take(limits::STARTING_READ_BYTES);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, SocketAddr};
    use tokio::{net::TcpSocket, sync::oneshot};

    #[tokio::test]
    async fn one_address_keeps_nobody_else_waiting() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let there = listener.local_addr().expect("it is bound");
        let (done, working) = oneshot::channel::<()>();
        let comes = async {
            let mut crowd = Vec::new();
            for _ in 0..limits::STARTING_PER_CLIENT {
                crowd.push(from(1, there).await);
            }
            let mut surplus = from(1, there).await;
            let read = surplus.read(&mut [0; 16]).await;
            assert!(matches!(read, Ok(0) | Err(_)), "it is closed: {read:?}");
            let mut other = from(2, there).await;
            other.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("it is heard");
            let mut answer = String::new();
            other.read_to_string(&mut answer).await.expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
            done.send(()).expect("it still works");
            crowd
        };
        let working = meanwhile(&listener, |_| false, || Some(STARTING.to_owned()), working);
        let (worked, crowd) = tokio::join!(working, comes);
        worked.expect("it was told");
        assert_eq!(crowd.len(), limits::STARTING_PER_CLIENT);
    }

    /// A connection from 127.0.0.`last`.
    async fn from(last: u8, there: SocketAddr) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0))).expect("an address of this machine");
        socket.connect(there).await.expect("it listens")
    }
}
