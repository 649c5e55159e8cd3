//! The local socket of the data directory: how commands reach the running server. One JSON line goes in; lines that tell
//! how far it is may come back, and then the answer.
//!
//! The directory is open to its owner alone, so whoever can connect could read everything anyway.

use super::{
    announce, check, domain, explain, instance, invite, keys, moving, queue, relay, reset, retention, role, store,
    text, user,
};
use crate::{
    backup::{ReadByHand, Wanted, Work},
    config::Config,
    error::{Error, Result},
    limits,
    operate::{self, State, doctor::Finding},
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream as BlockingStream},
    path::{Path, PathBuf},
    time::Duration,
};
use std::{ops::ControlFlow, sync::Arc};
use storage::{Tx, check::Repair};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    sync::{Semaphore, mpsc},
};

/// What a command asks of the running server.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    /// `dassie state`.
    State,
    /// `dassie doctor`.
    Doctor,
    /// `dassie check`.
    Check,
    /// `dassie check --repair`.
    Repair,
    /// `dassie store stats`.
    StoreStats,
    /// `dassie retention`.
    Retention {
        /// What to set.
        days: Option<u32>,
    },
    /// `dassie text`.
    Text(text::Wanted),
    /// `dassie domain`.
    Domain(domain::Wanted),
    /// `dassie domain import`.
    ImportDomains(domain::List),
    /// `dassie queue`.
    Queue(queue::Wanted),
    /// `dassie why`, `dassie domain explain`.
    Explain(explain::Wanted),
    /// `dassie relay`.
    Relay(relay::Wanted),
    /// `dassie announce`.
    Announce(announce::Wanted),
    /// `dassie instance`.
    Instance(instance::Wanted),
    /// `dassie invite`.
    Invite(invite::Wanted),
    /// `dassie user add`.
    AddUser(user::Wanted),
    /// `dassie user reset`.
    ResetUser(reset::Wanted),
    /// `dassie user role`.
    SetRole(role::Wanted),
    /// `dassie user test-push`.
    TestPush {
        /// The account's name.
        name: String,
    },
    /// `dassie user rotate-keys`.
    RotateKeys(keys::Wanted),
    /// `dassie user alias`.
    Alias(moving::AliasWanted),
    /// `dassie user move`.
    Move(moving::MoveWanted),
    /// `dassie backup now` and `verify`: to be begun.
    BeginBackup(Wanted),
    /// How far that has come.
    BackupWork,
    /// `dassie backup verify --all`: what it came to, to be remembered.
    BackupRead(ReadByHand),
}

/// What the running server says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// Its state.
    State(Box<State>),
    /// What was looked at.
    Findings(Vec<Finding>),
    /// A line for people, before the answer: how far long work is, or what it has come to.
    Told(Told),
    /// What a check came to.
    Checked(check::Outcome),
    /// What the store holds.
    StoreStats(Box<store::Stats>),
    /// The settings.
    Instance(Box<instance::Shown>),
    /// Invites: all, or the one that was made or taken back.
    Invites(Vec<invite::Shown>),
    /// What is owed, or what came of a decision about it.
    Queue(Box<queue::Shown>),
    /// What was found out.
    Explained(Box<explain::Shown>),
    /// Relays, or what came of a decision about one.
    Relay(Box<relay::Said>),
    /// The work on backups under way, or the last that ended.
    BackupWork(Option<Box<Work>>),
    /// It is done; what to print.
    Done(String),
    /// It was refused, in words for people.
    Refused(String),
}

/// A line that long work says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// Where it is; the next one replaces it.
    Progress(String),
    /// What stays.
    Line(String),
}

/// Where long work tells how far it is, from any thread.
pub(super) struct Teller(mpsc::Sender<Told>);

impl Teller {
    /// Says where it is; passed over if the last one has not been taken yet. A break: nobody listens any more.
    pub(super) fn progress(&self, text: String) -> ControlFlow<()> {
        match self.0.try_send(Told::Progress(text)) {
            Err(mpsc::error::TrySendError::Closed(_)) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Says what stays; waits until it is taken, so never on an async worker. A break: nobody listens any more.
    pub(super) fn line(&self, text: String) -> ControlFlow<()> {
        if self.0.blocking_send(Told::Line(text)).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}

/// Asks the running server; `None` if none runs on this directory.
pub(super) fn ask(data_dir: &Path, request: &Request) -> Result<Option<Answer>> {
    ask_hearing(data_dir, request, &mut |_| {})
}

/// What `pick` takes from the answer of the running server; `None` if none runs on this directory. `field` names what a
/// refusal is about.
pub(super) fn answer<T>(
    config: &Config,
    field: &'static str,
    request: &Request,
    pick: impl FnOnce(Answer) -> Option<T>,
) -> Result<Option<T>> {
    ask(&config.data_dir, request)?.map(|answer| picked(answer, field, pick)).transpose()
}

/// What `pick` takes from an answer. `field` names what a refusal is about.
///
/// # Errors
/// `Invalid` if the server refused; a bug if `pick` takes nothing.
pub(super) fn picked<T>(answer: Answer, field: &'static str, pick: impl FnOnce(Answer) -> Option<T>) -> Result<T> {
    match answer {
        Answer::Refused(why) => Err(Error::invalid(field, why)),
        answer => pick(answer).ok_or_else(something_else),
    }
}

/// The server answered what was not asked.
pub(super) fn something_else() -> Error {
    Error::Bug("the server answered something else".to_owned())
}

/// What the running server did; `None` if none runs on this directory. `field` names what a refusal is about.
pub(super) fn done(config: &Config, field: &'static str, request: &Request) -> Result<Option<String>> {
    answer(config, field, request, |answer| match answer {
        Answer::Done(said) => Some(said),
        _ => None,
    })
}

/// What came of a rule that the running server carries out, or, if none runs, this command in the store itself. `field`
/// names what a refusal is about.
pub(super) fn carried_out(
    config: &Config,
    field: &'static str,
    request: &Request,
    rule: impl Fn(&mut Tx<'_>) -> Result<String> + Send + 'static,
) -> Result<String> {
    match done(config, field, request)? {
        Some(said) => Ok(said),
        None => store::with_closed(config, |store| store.write(rule)),
    }
}

/// Asks the running server and hears how far it is. However long it takes, some line comes every
/// `limits::CONTROL_BEAT_SECONDS`.
pub(super) fn ask_hearing(data_dir: &Path, request: &Request, hear: &mut dyn FnMut(Told)) -> Result<Option<Answer>> {
    let mut stream = match BlockingStream::connect(path_in(data_dir)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(failed(data_dir, &error)),
    };
    let mut exchange = |stream: &mut BlockingStream| {
        stream.set_read_timeout(Some(Duration::from_secs(limits::CONTROL_SECONDS)))?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        stream.write_all(&line)?;
        let mut reader = BufReader::new(stream);
        loop {
            let mut text = String::new();
            reader.by_ref().take(limits::CONTROL_BYTES as u64).read_line(&mut text)?;
            match serde_json::from_str(&text)? {
                Answer::Told(told) => hear(told),
                answer => return Ok(answer),
            }
        }
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
    let places = Arc::new(Semaphore::new(limits::CONTROL_AT_ONCE));
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                let to = server.clone();
                server.spawn("command", async move {
                    if let Err(error) = converse(stream, &to).await {
                        tracing::info!(%error, "a command was broken off");
                    }
                    drop(place);
                });
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
    let mut reading = tokio::io::BufReader::new(reading.take(limits::CONTROL_BYTES as u64));
    in_time(reading.read_line(&mut line)).await?;
    let request = match serde_json::from_str(&line) {
        Ok(request) => request,
        Err(error) => {
            let why = format!("this server does not know the command: {error}");
            return write_line(&mut writing, &Answer::Refused(why)).await;
        }
    };
    let (send, mut told) = mpsc::channel(limits::CONTROL_LINES);
    let work = carry_out(server, request, Teller(send));
    tokio::pin!(work);
    let mut last = Told::Progress("at work".to_owned());
    let answer = loop {
        tokio::select! {
            biased;
            Some(line) = told.recv() => {
                last = say(&mut writing, line).await?;
            }
            answer = &mut work => break answer,
            // Whoever waits sees that somebody is still at it, and a peer that is gone is noticed.
            () = tokio::time::sleep(Duration::from_secs(limits::CONTROL_BEAT_SECONDS)) => {
                last = say(&mut writing, last).await?;
            }
        }
    };
    while let Ok(line) = told.try_recv() {
        say(&mut writing, line).await?;
    }
    write_line(&mut writing, &answer).await?;
    writing.shutdown().await
}

/// Writes what was told; answers what may be said again.
async fn say(writing: &mut OwnedWriteHalf, told: Told) -> io::Result<Told> {
    let line = Answer::Told(told);
    write_line(writing, &line).await?;
    Ok(match line {
        Answer::Told(Told::Progress(text)) => Told::Progress(text),
        _ => Told::Progress("at work".to_owned()),
    })
}

async fn write_line(writing: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut text = serde_json::to_vec(answer)?;
    text.push(b'\n');
    in_time(writing.write_all(&text)).await
}

async fn in_time<T>(exchange: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let time = Duration::from_secs(limits::CONTROL_SECONDS);
    tokio::time::timeout(time, exchange).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn carry_out(server: &Server, request: Request, teller: Teller) -> Answer {
    match request {
        Request::State => Answer::State(Box::new(operate::state(server).await)),
        Request::Doctor => Answer::Findings(operate::doctor::look(server).await),
        Request::Check => check::in_server(server, Repair::Nothing, teller).await.map_or_else(refused, Answer::Checked),
        Request::Repair => {
            check::in_server(server, Repair::Derived, teller).await.map_or_else(refused, Answer::Checked)
        }
        Request::StoreStats => {
            store::in_server(server).await.map_or_else(refused, |stats| Answer::StoreStats(Box::new(stats)))
        }
        Request::ResetUser(wanted) => reset::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::SetRole(wanted) => role::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::TestPush { name } => user::push_test(server, name).await.map_or_else(refused, Answer::Done),
        Request::Retention { days } => retention::in_server(server, days).await.map_or_else(refused, Answer::Done),
        Request::Text(wanted) => text::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::Domain(wanted) => domain::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::ImportDomains(list) => domain::import_in_server(server, list).await.map_or_else(refused, Answer::Done),
        Request::Queue(wanted) => {
            queue::in_server(server, wanted).await.map_or_else(refused, |shown| Answer::Queue(Box::new(shown)))
        }
        Request::Explain(wanted) => {
            explain::in_server(server, wanted).await.map_or_else(refused, |shown| Answer::Explained(Box::new(shown)))
        }
        Request::Relay(wanted) => {
            relay::in_server(server, wanted).await.map_or_else(refused, |said| Answer::Relay(Box::new(said)))
        }
        Request::Announce(wanted) => announce::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::Instance(wanted) => {
            instance::in_server(server, wanted).await.map_or_else(refused, |shown| Answer::Instance(Box::new(shown)))
        }
        Request::Invite(wanted) => invite::in_server(server, wanted).await.map_or_else(refused, Answer::Invites),
        Request::BeginBackup(wanted) => match server.backup().begin(server, wanted) {
            Ok(_) => Answer::BackupWork(server.backup().work().map(Box::new)),
            Err(error) => refused(error),
        },
        Request::BackupWork => Answer::BackupWork(server.backup().work().map(Box::new)),
        Request::BackupRead(read) => match server.backup().remember_read(server, read).await {
            Ok(()) => Answer::Done(String::new()),
            Err(error) => refused(error),
        },
        Request::RotateKeys(wanted) => keys::in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::Alias(wanted) => moving::alias_in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::Move(wanted) => moving::move_in_server(server, wanted).await.map_or_else(refused, Answer::Done),
        Request::AddUser(wanted) => user::add(server, wanted).await.map_or_else(refused, Answer::Done),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_or_else wants")]
fn refused(error: Error) -> Answer {
    Answer::Refused(error.to_string())
}
