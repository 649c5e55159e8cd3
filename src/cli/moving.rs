//! `dassie user alias` and `dassie user move`: through the running server, because other servers are asked.

use super::{
    Place,
    control::{self, Request},
    out::say,
};
use crate::{
    account::{self, alias},
    config::Config,
    error::{Error, Result},
    federation::fetch,
    operate::explain,
    relationship,
    server::Server,
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use storage::AccountId;

/// Aliases of a user.
#[derive(Subcommand)]
pub(super) enum Aliases {
    /// Name another account as the user's own.
    Add(Alias),
    /// Name it no longer.
    Remove(Alias),
    /// Say whom the user names.
    List {
        /// The account's name.
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Args)]
pub(super) struct Alias {
    /// The account's name.
    name: String,
    /// The other account: name@domain, or a name here.
    acct: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(super) struct Move {
    /// The account's name.
    name: String,
    /// The new account: name@domain, or a name here.
    #[arg(required_unless_present_any = ["back", "progress"])]
    target: Option<String>,
    /// Take the move back: the account acts again; followers who went stay where they are.
    #[arg(long, conflicts_with = "target")]
    back: bool,
    /// Say which of the followers' servers have heard of the last move, and what is outstanding.
    #[arg(long, conflicts_with_all = ["target", "back"])]
    progress: bool,
    #[command(flatten)]
    place: Place,
}

/// What is to be done with aliases, as it goes to the running server.
#[derive(Serialize, Deserialize)]
pub(super) struct AliasWanted {
    name: String,
    deed: AliasDeed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AliasDeed {
    Add(String),
    Remove(String),
    List,
}

/// A move, as it goes to the running server.
#[derive(Serialize, Deserialize)]
pub(super) struct MoveWanted {
    name: String,
    deed: MoveDeed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MoveDeed {
    To(String),
    Back,
    Progress,
}

/// Adds, removes or lists.
pub(super) fn alias(aliases: Aliases) -> Result<()> {
    let (name, deed, place) = match aliases {
        Aliases::Add(Alias { name, acct, place }) => (name, AliasDeed::Add(acct), place),
        Aliases::Remove(Alias { name, acct, place }) => (name, AliasDeed::Remove(acct), place),
        Aliases::List { name, place } => (name, AliasDeed::List, place),
    };
    asked(place, &Request::Alias(AliasWanted { name, deed }))
}

/// Moves, or takes a move back.
pub(super) fn go(wanted: Move) -> Result<()> {
    let Move { name, target, back: _, progress, place } = wanted;
    let deed = match target {
        Some(target) => MoveDeed::To(target),
        None if progress => MoveDeed::Progress,
        None => MoveDeed::Back,
    };
    asked(place, &Request::Move(MoveWanted { name, deed }))
}

fn asked(place: Place, request: &Request) -> Result<()> {
    let config = Config::load(&place.flags())?;
    let said = control::done(&config, "user", request)?;
    say(said.ok_or_else(|| {
        Error::invalid("user", "no server runs on this data directory, and only it asks other servers")
    })?);
    Ok(())
}

/// In the running server.
pub(super) async fn alias_in_server(server: &Server, wanted: AliasWanted) -> Result<String> {
    let (id, name, origin) = (local(server, &wanted.name).await?, wanted.name, server.origin().clone());
    match wanted.deed {
        AliasDeed::Add(acct) => {
            let other = named(&acct, fetch::handle_anew(server, &acct).await)?;
            server.write(move |tx| alias::add(tx, &origin, id, other)).await?;
            Ok(format!("@{name} names {acct} as an alias"))
        }
        AliasDeed::Remove(acct) => {
            let known = server.read(move |view| alias::list(view, &origin, id)).await?;
            // As it is listed: its server may be gone by now.
            let wanted = acct.trim_start_matches('@').to_lowercase();
            let is_meant = |known: &alias::Alias| {
                known.uri == acct || known.acct.as_ref().is_some_and(|known| known.to_lowercase() == wanted)
            };
            let unknown = || Error::invalid("alias", format!("@{name} names no {acct}"));
            let uri = known.into_iter().find(is_meant).ok_or_else(unknown)?.uri;
            server.write(move |tx| alias::remove(tx, id, &uri)).await?;
            Ok(format!("@{name} no longer names {acct} as an alias"))
        }
        AliasDeed::List => {
            let known = server.read(move |view| alias::list(view, &origin, id)).await?;
            let lines = known.into_iter().map(|alias| match alias.acct {
                Some(acct) => format!("{acct} ({})", alias.uri),
                None => alias.uri,
            });
            Ok(lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// In the running server.
pub(super) async fn move_in_server(server: &Server, wanted: MoveWanted) -> Result<String> {
    let (from, name, origin) = (local(server, &wanted.name).await?, wanted.name, server.origin().clone());
    let target = match wanted.deed {
        MoveDeed::To(target) => target,
        MoveDeed::Back => {
            server.write(move |tx| relationship::come_back(tx, from)).await?;
            return Ok(format!("@{name} acts again"));
        }
        MoveDeed::Progress => {
            return Ok(explain::move_progress_of_server(server, from).await?.to_string().trim_end().to_owned());
        }
    };
    let to = named(&target, fetch::handle_anew(server, &target).await)?;
    server.write(move |tx| relationship::move_away(tx, &origin, from, to)).await?;
    Ok(format!("@{name} has moved to {target}; followers are being told"))
}

async fn local(server: &Server, name: &str) -> Result<AccountId> {
    let handle = account::Handle { username: name.trim_start_matches('@').to_owned(), domain: None };
    let known = server.read(move |view| account::lookup(view, &handle)).await?;
    known.map(|known| known.id).ok_or_else(|| Error::invalid("name", format!("there is no user {name}")))
}

/// In words for whoever typed `acct`.
fn named(acct: &str, found: Result<AccountId>) -> Result<AccountId> {
    match found {
        Err(Error::NotFound | Error::Gone) => Err(Error::invalid("acct", format!("nobody is called {acct}"))),
        found => found,
    }
}
