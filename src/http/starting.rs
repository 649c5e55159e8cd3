//! While a server starts its address is taken already: whoever comes is told so instead of waiting for minutes.

use super::listen::not_accepted;
use crate::limits;
use std::{io, time::Duration};
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
/// left to whoever takes the listener next. Answers under way then end by themselves, in seconds.
pub(crate) async fn meanwhile<T>(
    listener: &TcpListener,
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
    let mut answers = JoinSet::new();
    let done = loop {
        let room = answers.len() < limits::STARTING_CONNECTIONS;
        tokio::select! {
            biased;
            done = work.as_mut() => break done,
            Some(_) = answers.join_next(), if !answers.is_empty() => {}
            // Dropped before it is ready it has taken nobody from the queue.
            accepted = listener.accept(), if room => match accepted {
                Ok((socket, _)) => {
                    if let Some(said) = says() {
                        answers.spawn(turn_away(socket, said));
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
async fn turn_away(mut socket: TcpStream, said: String) {
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
