//! The local socket of the data directory: how commands reach the running server. One JSON line each way.
//!
//! The directory is open to its owner alone, so whoever can connect could read everything anyway.

use super::{check, retention, store, user};
use crate::{
    backup::{Wanted, Work},
    error::{Error, Result},
    limits,
    operate::{self, State},
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream as BlockingStream},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

/// What a command asks of the running server.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    /// `dassie state`.
    State,
    /// `dassie check`.
    Check,
    /// `dassie store stats`.
    StoreStats,
    /// `dassie retention`.
    Retention {
        /// What to set.
        days: Option<u32>,
    },
    /// `dassie user add`.
    AddUser(user::Wanted),
    /// `dassie user test-push`.
    TestPush {
        /// The account's name.
        name: String,
    },
    /// `dassie backup now` and `verify`: to be begun.
    BeginBackup(Wanted),
    /// How far that has come.
    BackupWork,
}

/// What the running server says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// Its state.
    State(Box<State>),
    /// What a check found.
    Findings(Vec<String>),
    /// What the store holds.
    StoreStats(Box<store::Stats>),
    /// The work on backups under way, or the last that ended.
    BackupWork(Option<Box<Work>>),
    /// It is done; what to print.
    Done(String),
    /// It was refused, in words for people.
    Refused(String),
}

fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}

/// Asks the running server; `None` if none runs on this directory.
pub(super) fn ask(data_dir: &Path, request: &Request) -> Result<Option<Answer>> {
    let mut stream = match BlockingStream::connect(path_in(data_dir)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(failed(data_dir, &error)),
    };
    let exchange = |stream: &mut BlockingStream| {
        stream.set_read_timeout(Some(Duration::from_secs(limits::CONTROL_SECONDS)))?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        stream.write_all(&line)?;
        let mut text = String::new();
        BufReader::new(stream.take(limits::CONTROL_BYTES as u64)).read_line(&mut text)?;
        Ok(serde_json::from_str(&text)?)
    };
    exchange(&mut stream).map(Some).map_err(|error: io::Error| failed(data_dir, &error))
}

/// Whether a server runs on this directory.
pub(super) fn is_answered(data_dir: &Path) -> bool {
    BlockingStream::connect(path_in(data_dir)).is_ok()
}

fn failed(data_dir: &Path, error: &io::Error) -> Error {
    Error::invalid("control", format!("cannot talk to the server on {}: {error}", data_dir.display()))
}

/// Opens the socket and answers commands until the server stops.
///
/// Without it the server still serves, so trouble here is told and not fatal.
pub fn listen(server: &Server) {
    let path = path_in(&server.config().data_dir);
    // The store's lock is held, so a socket lying here belongs to a process that is gone.
    if let Err(error) = std::fs::remove_file(&path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the old control socket cannot be removed");
    }
    let opened = UnixListener::bind(&path).and_then(|listener| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    });
    match opened {
        Ok(listener) => server.spawn("control", serve(listener, server.clone())),
        Err(error) => tracing::warn!(%error, path = %path.display(), "commands cannot reach this server"),
    }
}

async fn serve(listener: UnixListener, server: Server) {
    loop {
        match listener.accept().await {
            // One after another: commands are rare, and each is bounded in time.
            Ok((stream, _)) => {
                let time = Duration::from_secs(limits::CONTROL_SECONDS);
                match tokio::time::timeout(time, converse(stream, &server)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::info!(%error, "a command was broken off"),
                    Err(_) => tracing::info!("a command took too long"),
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the control socket");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, server: &Server) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    tokio::io::BufReader::new(reading.take(limits::CONTROL_BYTES as u64)).read_line(&mut line).await?;
    let answer = match serde_json::from_str(&line) {
        Ok(request) => carry_out(server, request).await,
        Err(error) => Answer::Refused(format!("this server does not know the command: {error}")),
    };
    let mut text = serde_json::to_vec(&answer)?;
    text.push(b'\n');
    writing.write_all(&text).await?;
    writing.shutdown().await
}

async fn carry_out(server: &Server, request: Request) -> Answer {
    match request {
        Request::State => Answer::State(Box::new(operate::state(server).await)),
        Request::Check => check::in_server(server).await.map_or_else(refused, Answer::Findings),
        Request::StoreStats => {
            store::in_server(server).await.map_or_else(refused, |stats| Answer::StoreStats(Box::new(stats)))
        }
        Request::TestPush { name } => user::push_test(server, name).await.map_or_else(refused, Answer::Done),
        Request::Retention { days } => retention::in_server(server, days).await.map_or_else(refused, Answer::Done),
        Request::BeginBackup(wanted) => match server.backup().begin(server, wanted) {
            Ok(_) => Answer::BackupWork(server.backup().work().map(Box::new)),
            Err(error) => refused(error),
        },
        Request::BackupWork => Answer::BackupWork(server.backup().work().map(Box::new)),
        Request::AddUser(wanted) => user::add(server, wanted).await.map_or_else(refused, Answer::Done),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_or_else wants")]
fn refused(error: Error) -> Answer {
    Answer::Refused(error.to_string())
}
