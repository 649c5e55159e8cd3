//! `dassie domain`: to which servers this one answers: whether they must sign, whether only some are let in, and which.

use super::{
    control::{self, Request},
    explain,
    out::say,
    store,
};
use crate::{
    account::handle::normalise_domain,
    config::{Config, Flags},
    error::{Error, Result},
    limits,
    moderation::{
        allow,
        block_list::{self, ListStrength, Reach, Table},
    },
    server::Server,
};
use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};
use storage::{
    Bounds, Direction, Tx, authorized_fetch,
    domain_allow::{self, DOMAIN_ALLOWS},
};

/// Other servers.
#[derive(Subcommand)]
pub(super) enum Domains {
    /// Meet only servers that are let in, or everybody; without an argument say which.
    LimitedFederation {
        /// Which.
        switch: Option<Switch>,
        #[command(flatten)]
        place: super::Place,
    },
    /// Give documents only to servers that sign for them, or to everybody; without an argument say which.
    AuthorizedFetch {
        /// Which.
        switch: Option<Switch>,
        #[command(flatten)]
        place: super::Place,
    },
    /// Say what stands between this server and another one.
    Explain {
        /// Its domain.
        host: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: super::Place,
    },
    /// Let a server in, and all below its domain.
    Allow {
        /// Its domain.
        host: String,
        #[command(flatten)]
        place: super::Place,
    },
    /// Let a server in no more.
    Disallow {
        /// Its domain.
        host: String,
        #[command(flatten)]
        place: super::Place,
    },
    /// Block the servers that a list names: Mastodon's `domain_blocks.csv` and its kin, a domain a line, or JSON.
    Import {
        /// The list.
        file: PathBuf,
        /// How much of it: only what it suspends, or all with their severities.
        #[arg(long)]
        strength: Strength,
        /// Say what it would block and do nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: super::Place,
    },
}

/// How much of a list is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Strength {
    /// Only what it suspends.
    Light,
    /// All of it.
    Careful,
}

impl Strength {
    fn of_list(self) -> ListStrength {
        match self {
            Strength::Light => ListStrength::Light,
            Strength::Careful => ListStrength::Careful,
        }
    }
}

/// A list, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct List {
    name: String,
    strength: Strength,
    text: String,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Switch {
    /// Only servers that are let in, or that sign.
    On,
    /// Everybody.
    Off,
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// To set or say the switch.
    Limited(Option<Switch>),
    /// To set or say whether fetches must be signed.
    Authorized(Option<Switch>),
    /// To let in.
    Allow(String),
    /// To let in no more.
    Disallow(String),
}

/// Does what is asked, in the running server or, if none runs, in the store itself.
pub(super) fn run(domains: Domains) -> Result<()> {
    let (wanted, flags): (_, Flags) = match domains {
        Domains::LimitedFederation { switch, place } => (Wanted::Limited(switch), place.flags()),
        Domains::AuthorizedFetch { switch, place } => (Wanted::Authorized(switch), place.flags()),
        Domains::Explain { host, json, place } => {
            return explain::run(&explain::Wanted::Domain(named(&host)?), json, &place.flags());
        }
        Domains::Import { file, strength, dry_run, place } => return import(&file, strength, dry_run, &place.flags()),
        Domains::Allow { host, place } => (Wanted::Allow(host), place.flags()),
        Domains::Disallow { host, place } => (Wanted::Disallow(host), place.flags()),
    };
    let config = Config::load(&flags)?;
    let request = Request::Domain(wanted.clone());
    say(control::carried_out(&config, "domain", &request, move |tx| settle(tx, &wanted))?);
    Ok(())
}

/// Reads a list, says what it would block and has that done, by the running server or, if none runs, once one does.
fn import(file: &Path, strength: Strength, dry_run: bool, flags: &Flags) -> Result<()> {
    let refuse = |why: String| Error::invalid("list", format!("{}: {why}", file.display()));
    let open = std::fs::File::open(file).map_err(|error| refuse(error.to_string()))?;
    let mut bytes = Vec::new();
    let bound = limits::BLOCK_LIST_BYTES as u64 + 1;
    open.take(bound).read_to_end(&mut bytes).map_err(|error| refuse(error.to_string()))?;
    if bytes.len() > limits::BLOCK_LIST_BYTES {
        return Err(refuse(format!("the list has more than {} bytes", limits::BLOCK_LIST_BYTES)));
    }
    let table = block_list::read(&bytes)?;
    let reach = Reach::of(&table.rows, strength.of_list());
    say(format!(
        "{}: {} servers ({} to be suspended, {} limited, {} only without media or reports); {} lines cannot be read",
        file.display(),
        reach.servers(),
        reach.suspended,
        reach.silenced,
        reach.refused,
        table.unread
    ));
    if dry_run {
        return Ok(());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = String::from_utf8(bytes).map_err(|_| refuse("the list is no text".to_owned()))?;
    let config = Config::load(flags)?;
    let list = List { name, strength, text };
    match control::done(&config, "list", &Request::ImportDomains(list.clone()))? {
        Some(said) => say(said),
        None => {
            let rule = move |tx: &mut Tx<'_>| kept(tx, &list, table.clone());
            store::with_closed(&config, |store| store.write(rule))?;
            say("they are blocked once the server runs; those that are blocked already stay as they are");
        }
    }
    Ok(())
}

fn kept(tx: &mut Tx<'_>, list: &List, table: Table) -> Result<()> {
    block_list::apply_by_operator(tx, &list.name, list.strength.of_list(), table).map(drop)
}

/// Keeps a list in the running server, which blocks its servers one after another.
pub(super) async fn import_in_server(server: &Server, list: List) -> Result<String> {
    let list = Arc::new(list);
    let read = Arc::clone(&list);
    let table = server.on_disk(move || block_list::read(read.text.as_bytes())).await?;
    server.write(move |tx| kept(tx, &list, table.clone())).await?;
    Ok("they are blocked one after another; those that are blocked already stay as they are".to_owned())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    let said = server.write(move |tx| settle(tx, &wanted)).await?;
    // What it remembers of who may ask what was learnt before.
    server.access_cache().clear();
    Ok(said)
}

/// A domain as it stands in the rows.
pub(super) fn named(host: &str) -> Result<String> {
    let why = || Error::invalid("domain", format!("{host:?} is not a domain"));
    normalise_domain(host.trim()).ok_or_else(why)
}

fn settle(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<String> {
    match wanted {
        Wanted::Limited(switch) => {
            if let Some(switch) = switch {
                domain_allow::set_limited(tx, *switch == Switch::On)?;
            }
            let most = limits::DOMAIN_ALLOWS_MAX;
            let rows = DOMAIN_ALLOWS.list(tx, &(), Bounds::NONE, Direction::Ascending, most)?;
            let names: Vec<_> = rows.into_iter().map(|(name, _)| name).collect();
            Ok(match domain_allow::limited_since(tx)? {
                Some(_) if names.is_empty() => "federation is limited: no server is let in".to_owned(),
                Some(_) => format!("federation is limited to {}", names.join(", ")),
                None => "federation is not limited: everybody is let in who is not blocked".to_owned(),
            })
        }
        Wanted::Authorized(switch) => {
            if let Some(switch) = switch {
                authorized_fetch::set(tx, *switch == Switch::On)?;
            }
            Ok(match authorized_fetch::since(tx)? {
                Some(_) => "documents are given only to servers that sign for them".to_owned(),
                None => "documents are given to everybody".to_owned(),
            })
        }
        Wanted::Allow(host) => {
            let domain = named(host)?;
            allow::allow_by_operator(tx, &domain)?;
            let more = match domain_allow::limited_since(tx)? {
                Some(_) => "",
                None => "; federation is not limited, so everybody else is let in too",
            };
            Ok(format!("{domain} is let in{more}"))
        }
        Wanted::Disallow(host) => {
            let domain = named(host)?;
            allow::disallow_by_operator(tx, &domain).map_err(|error| match error {
                Error::NotFound => Error::invalid("domain", format!("{domain} was not let in by name")),
                other => other,
            })?;
            Ok(format!("{domain} is not let in by name any more"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn servers_are_let_in_by_name_and_the_switch_is_remembered() {
        let lab = Lab::new();
        let ask = |wanted: Wanted| lab.write(move |tx| settle(tx, &wanted)).map_err(|error| error.to_string());
        assert!(ask(Wanted::Limited(None)).expect("said").contains("not limited"));
        assert!(ask(Wanted::Allow(" Away.Test ".into())).expect("allowed").starts_with("away.test is let in; "));
        assert!(ask(Wanted::Limited(Some(Switch::On))).expect("on").ends_with("limited to away.test"));
        assert!(ask(Wanted::Limited(None)).expect("said").ends_with("limited to away.test"));
        assert!(ask(Wanted::Allow("a b".into())).expect_err("no domain").contains("is not a domain"));
        assert!(ask(Wanted::Disallow("far.test".into())).expect_err("unknown").contains("was not let in"));
        ask(Wanted::Disallow("away.test".into())).expect("disallowed");
        assert!(ask(Wanted::Limited(None)).expect("said").contains("no server is let in"));
        assert!(ask(Wanted::Limited(Some(Switch::Off))).expect("off").contains("not limited"));
        for (switch, said) in [(None, "everybody"), (Some(Switch::On), "that sign"), (None, "that sign")] {
            assert!(ask(Wanted::Authorized(switch)).expect("said").contains(said));
        }
        assert!(ask(Wanted::Authorized(Some(Switch::Off))).expect("off").contains("everybody"));
    }
}
