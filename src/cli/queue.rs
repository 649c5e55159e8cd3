//! `dassie queue`: what other servers are owed, and deciding about it, in the running server or on its data directory.

use super::{
    control::{self, Answer, Request},
    domain,
    out::{say, say_json},
    store,
};
use crate::{
    clock::Clock,
    config::Config,
    error::{Error, Result},
    limits,
    operate::queue::{self, PeerQueue, Queue},
    server::Server,
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::{
    io::{IsTerminal, Write, stdin, stdout},
    time::Duration,
};
use storage::{ActivityId, Store, Tx, peer::InboxId, steering};

/// What other servers are owed.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Command {
    #[command(subcommand)]
    steer: Option<Steer>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: super::Place,
}

#[derive(Subcommand)]
enum Steer {
    /// What one server is owed, and how it has answered.
    Show {
        /// Its domain.
        host: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: super::Place,
    },
    /// Send nothing to a server; what it is owed is kept.
    Pause(Peer),
    /// Send to it again.
    Resume(Peer),
    /// Try it at once, whatever it answered before.
    Retry(Peer),
    /// Drop what a server is owed.
    Purge {
        #[command(flatten)]
        peer: Peer,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
struct Peer {
    /// Its domain.
    host: String,
    #[command(flatten)]
    place: super::Place,
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// What is owed in all.
    All,
    /// What one peer is owed.
    Show(String),
    /// To send it nothing.
    Pause(String),
    /// To send to it again.
    Resume(String),
    /// To try it at once.
    Retry(String),
    /// To drop what it is owed.
    Purge(String),
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shown {
    /// What is owed in all.
    All(Queue),
    /// What one peer is owed.
    Peer(PeerQueue),
    /// It is done; what to print.
    Done(String),
}

/// Does what is asked of the queue.
pub(super) fn run(command: Command) -> Result<()> {
    let (wanted, json, place) = match command.steer {
        None => (Wanted::All, command.json, command.place),
        Some(Steer::Show { host, json, place }) => (Wanted::Show(domain::named(&host)?), json, place),
        Some(Steer::Pause(Peer { host, place })) => (Wanted::Pause(domain::named(&host)?), false, place),
        Some(Steer::Resume(Peer { host, place })) => (Wanted::Resume(domain::named(&host)?), false, place),
        Some(Steer::Retry(Peer { host, place })) => (Wanted::Retry(domain::named(&host)?), false, place),
        Some(Steer::Purge { peer: Peer { host, place }, yes }) => {
            let (host, config) = (domain::named(&host)?, Config::load(&place.flags())?);
            return purge(&config, host, if yes { Consent::Given } else { Consent::Asked });
        }
    };
    match carried_out(&Config::load(&place.flags())?, wanted)? {
        Shown::All(queue) if json => say_json(&queue),
        Shown::Peer(peer) if json => say_json(&peer),
        Shown::All(queue) => {
            say(queue.to_string().trim_end());
            Ok(())
        }
        Shown::Peer(peer) => {
            say(peer.to_string().trim_end());
            Ok(())
        }
        Shown::Done(said) => {
            say(said);
            Ok(())
        }
    }
}

/// Whether whoever purges has agreed.
#[derive(Clone, Copy)]
enum Consent {
    /// By `--yes`.
    Given,
    /// On the terminal, once it is said how much goes.
    Asked,
}

fn purge(config: &Config, host: String, consent: Consent) -> Result<()> {
    let Shown::Peer(peer) = carried_out(config, Wanted::Show(host.clone()))? else {
        return Err(control::something_else());
    };
    let oldest = peer.oldest.map(|oldest| format!(", the oldest of {oldest}")).unwrap_or_default();
    say(format_args!("{} deliveries are owed to {host}{oldest}; dropped, they never arrive", peer.owed));
    if let Consent::Asked = consent {
        agree()?;
    }
    let Shown::Done(said) = carried_out(config, Wanted::Purge(host))? else {
        return Err(control::something_else());
    };
    say(said);
    Ok(())
}

/// Asks on the terminal.
fn agree() -> Result<()> {
    let no = |why: &str| Error::invalid("purge", why);
    if !stdin().is_terminal() {
        return Err(no("nothing was dropped: say --yes"));
    }
    let mut answer = String::new();
    let asked = write!(stdout(), "drop them? (yes/no) ").and_then(|()| stdout().flush());
    asked.and_then(|()| stdin().read_line(&mut answer)).map_err(|error| no(&error.to_string()))?;
    if answer.trim() == "yes" { Ok(()) } else { Err(no("nothing was dropped")) }
}

fn carried_out(config: &Config, wanted: Wanted) -> Result<Shown> {
    let shown = control::answer(config, "queue", &Request::Queue(wanted.clone()), |answer| match answer {
        Answer::Queue(shown) => Some(*shown),
        _ => None,
    })?;
    match shown {
        Some(shown) => Ok(shown),
        None => store::with_closed(config, |store| in_store(store, wanted)),
    }
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<Shown> {
    match wanted {
        Wanted::All => queue::of_server(server).await.map(Shown::All),
        Wanted::Show(host) => server.read(move |view| queue::require_peer(view, &host)).await.map(Shown::Peer),
        Wanted::Pause(_) | Wanted::Resume(_) => server.write(move |tx| decide(tx, &wanted)).await.map(Shown::Done),
        Wanted::Retry(host) => {
            let mut step = Step::Retry(None);
            while let Some(next) = {
                let host = host.clone();
                server.write(move |tx| step.take(tx, &host)).await?
            } {
                step = next;
            }
            Ok(Shown::Done(seen_to(retried(&host), carried(server).await)))
        }
        Wanted::Purge(host) => {
            let mut step = Step::Purge { dropped: 0, more: true };
            while let Some(next) = {
                let host = host.clone();
                server.write(move |tx| step.take(tx, &host)).await?
            } {
                step = next;
            }
            Ok(Shown::Done(seen_to(step.dropped(&host), carried(server).await)))
        }
    }
}

/// Waits until those who deliver have carried out what was decided, also of what is not in rows yet: whoever is told
/// that it is done finds it so after a crash. Answers whether they did within `limits::STEERED_SECONDS`, and missed
/// nothing: what is decided in rows holds in any case.
async fn carried(server: &Server) -> bool {
    let time = Duration::from_secs(limits::STEERED_SECONDS);
    tokio::time::timeout(time, server.obeyed().wait()).await.is_ok_and(|carried| carried)
}

/// What was done, and whether that is all.
fn seen_to(done: String, carried: bool) -> String {
    match carried {
        true => done,
        false => format!("{done}; what is on its way is not seen to yet: say it again in a moment"),
    }
}

/// In a store that no server serves.
fn in_store(store: &Store, wanted: Wanted) -> Result<Shown> {
    match wanted {
        Wanted::All => queue::of_store(store, Clock::System.now()).map(Shown::All),
        Wanted::Show(host) => store.read(|view| queue::require_peer(view, &host)).map(Shown::Peer),
        Wanted::Pause(_) | Wanted::Resume(_) => store.write(move |tx| decide(tx, &wanted)).map(Shown::Done),
        Wanted::Retry(host) => {
            let mut step = Step::Retry(None);
            while let Some(next) = {
                let host = host.clone();
                store.write(move |tx| step.take(tx, &host))?
            } {
                step = next;
            }
            Ok(Shown::Done(retried(&host)))
        }
        Wanted::Purge(host) => {
            let mut step = Step::Purge { dropped: 0, more: true };
            while let Some(next) = {
                let host = host.clone();
                store.write(move |tx| step.take(tx, &host))?
            } {
                step = next;
            }
            Ok(Shown::Done(step.dropped(&host)))
        }
    }
}

/// What is decided in one transaction.
fn decide(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<String> {
    match wanted {
        Wanted::Pause(host) => Ok(match steering::pause(tx, host)? {
            true => format!("nothing is sent to {host} until `dassie queue resume {host}`; what it is owed is kept"),
            false => format!("{host} was paused already"),
        }),
        Wanted::Resume(host) => match steering::resume(tx, host)? {
            true => Ok(format!("{host} is sent to again")),
            false => Err(Error::invalid("queue", format!("{host} was not paused"))),
        },
        _ => Err(Error::Bug("not decided in one transaction".to_owned())),
    }
}

/// What takes more than one transaction, and how far it is.
#[derive(Debug, Clone, Copy)]
enum Step {
    Retry(Option<(ActivityId, InboxId)>),
    Purge { dropped: usize, more: bool },
}

impl Step {
    /// Takes a step; `None` after the last one.
    fn take(self, tx: &mut Tx<'_>, host: &str) -> Result<Option<Step>> {
        queue::require_peer(tx, host)?;
        match self {
            Step::Retry(_) if steering::paused_since(tx, host)?.is_some() => {
                Err(Error::invalid("queue", format!("{host} is paused: `dassie queue resume {host}` first")))
            }
            Step::Retry(after) => Ok(steering::retry_step(tx, host, after)?.map(|after| Step::Retry(Some(after)))),
            Step::Purge { more: false, .. } => Ok(None),
            Step::Purge { dropped, more: true } => {
                let (went, more) = steering::purge_step(tx, host)?;
                Ok(Some(Step::Purge { dropped: dropped + went, more }))
            }
        }
    }

    fn dropped(self, host: &str) -> String {
        let dropped = if let Step::Purge { dropped, .. } = self { dropped } else { 0 };
        format!("{dropped} deliveries to {host} were dropped")
    }
}

fn retried(host: &str) -> String {
    format!("{host} is tried at once; its failures are forgotten")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_went_is_said_also_where_what_is_on_its_way_is_not_seen_to() {
        let step = Step::Purge { dropped: 7, more: false };
        assert_eq!(seen_to(step.dropped("a.test"), true), "7 deliveries to a.test were dropped");
        let said = seen_to(step.dropped("a.test"), false);
        assert!(
            said.starts_with("7 deliveries to a.test were dropped; ") && said.ends_with("again in a moment"),
            "{said}"
        );
    }
}
