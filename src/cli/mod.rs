//! Lives here: the command line (DESIGN §11): one file a command, and the local socket to the running server.
//! May use: `config`, `operate`, `backup`, `standby`, `Server`, rooms, `federation`.
//! Must never name: `api`, `oauth`, `pages`.
//! Invariants: a command acts on the running server, else takes the store's lock itself; secrets come by stdin only.

mod announce;
pub mod arenas;
mod backup;
mod check;
mod config;
pub mod control;
mod doctor;
mod domain;
mod explain;
mod instance;
mod invite;
mod keys;
mod log;
mod moving;
mod notify;
mod out;
mod queue;
mod relay;
mod reset;
mod restore;
mod retention;
mod role;
mod serve;
mod standby;
mod state;
mod store;
mod text;
mod user;

use crate::{config::Flags, error::Result};
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};
use storage::check::Repair;

/// A whole fediverse server in one binary and one data directory.
#[derive(Parser)]
#[command(name = "dassie", version, args_conflicts_with_subcommands = true)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Serve (what bare `dassie` does).
    Serve(Serve),
    /// Say how the server is.
    State {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Look whether this server's name leads to it.
    Doctor {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Users.
    #[command(subcommand)]
    User(user::Users),
    /// Say, or set, after how many days posts of other servers go that nothing here holds.
    Retention {
        /// Set the days.
        #[arg(long)]
        days: Option<u32>,
        #[command(flatten)]
        place: Place,
    },
    /// Long texts of this server: what it is, privacy policy, terms of service.
    #[command(subcommand)]
    Text(text::Texts),
    /// Other servers: which ones are met, whether they must sign, lists of whom to block, what stands in the way of one.
    #[command(subcommand)]
    Domain(domain::Domains),
    /// What other servers are owed: see it, pause, resume, retry or drop it.
    Queue(queue::Command),
    /// Relays: servers that pass on public posts of many others.
    #[command(subcommand)]
    Relay(relay::Command),
    /// Say why a status or account is here, what holds it, and whom it reached.
    Why {
        /// Its address, its id, or a handle.
        named: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Tell everybody here something, or see what is told.
    Announce(announce::Announce),
    /// What an administrator changes while the server runs: its name, its rules, who may sign up.
    #[command(subcommand)]
    Instance(instance::Command),
    /// Let somebody sign up who shows a code.
    #[command(subcommand)]
    Invite(invite::Command),
    /// Check the store from end to end.
    Check {
        /// Make right what follows from other rows or from the engine: indexes, counters, damaged base snapshots.
        #[arg(long)]
        repair: bool,
        #[command(flatten)]
        place: Place,
    },
    /// What the store holds, and its engine.
    #[command(subcommand)]
    Store(store::Command),
    /// Backups: make, list, see restored.
    #[command(subcommand)]
    Backup(backup::Command),
    /// Make a data directory from a backup.
    Restore(restore::Restore),
    /// Follow a server's backups on a second machine that can take over.
    Standby(standby::Standby),
    /// Take over from the server that is followed, or after a restore.
    Promote(standby::Promote),
    /// The configuration.
    #[command(subcommand)]
    Config(Configuration),
}

#[derive(Subcommand)]
enum Configuration {
    /// Print the configuration.
    Show {
        /// Print every key with its value and the source of it, not only what was set.
        #[arg(long)]
        effective: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Where the data and the configuration are.
#[derive(Args, Default)]
struct Place {
    /// The data directory [default: ./dassie-data].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration file [default: dassie.toml in the data directory].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args, Default)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// The address to listen on [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Where this server is seen, as https://example.org; http://localhost:PORT is a try-out.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// Bytes the data directory may take, as "20 GB" [default: 20 % of the disk, at least 2 GB].
    #[arg(long, value_name = "SIZE")]
    budget: Option<String>,
    /// Lab mode: loopback peers and plain http, for tests; marks the data directory for ever.
    #[arg(long)]
    lab: bool,
    /// Certificate authorities that lab peers use, PEM.
    #[arg(long, value_name = "FILE", requires = "lab")]
    lab_ca: Option<PathBuf>,
    /// Go on although the log lost data that had been acknowledged.
    #[arg(long)]
    accept_log_loss: bool,
}

impl Place {
    fn flags(self) -> Flags {
        Flags { data_dir: self.data, config: self.config, ..Flags::default() }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let line = Line::parse();
    match carry_out(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dassie: {error}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(line: Line) -> Result<()> {
    match line.command.unwrap_or(Command::Serve(line.serve)) {
        Command::Serve(serve) => serve::run(serve),
        Command::State { json, place } => state::run(json, &place.flags()),
        Command::Doctor { json, place } => doctor::run(json, &place.flags()),
        Command::User(users) => user::run(users),
        Command::Retention { days, place } => retention::run(days, &place.flags()),
        Command::Text(texts) => text::run(texts),
        Command::Domain(domains) => domain::run(domains),
        Command::Queue(command) => queue::run(command),
        Command::Relay(command) => relay::run(command),
        Command::Why { named, json, place } => explain::run(&explain::Wanted::Why(named), json, &place.flags()),
        Command::Announce(announce) => announce::run(announce),
        Command::Instance(command) => instance::run(command),
        Command::Invite(command) => invite::run(command),
        Command::Check { repair, place } => {
            check::run(if repair { Repair::Derived } else { Repair::Nothing }, &place.flags())
        }
        Command::Store(command) => store::run(command),
        Command::Backup(command) => backup::run(command),
        Command::Restore(restore) => restore::run(restore),
        Command::Standby(standby) => standby::run(standby),
        Command::Promote(promote) => standby::promote(promote),
        Command::Config(Configuration::Show { effective, place }) => config::run(effective, &place.flags()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Line::command().debug_assert();
    }

    #[test]
    fn whoever_asks_where_backups_may_lie_hears_of_object_stores() {
        for path in [&["backup", "now"][..], &["backup", "list"], &["backup", "verify"], &["restore"], &["standby"]] {
            let mut line = Line::command();
            let command = path.iter().fold(&mut line, |command, name| {
                command.find_subcommand_mut(name).unwrap_or_else(|| panic!("{path:?} is a command"))
            });
            let help = command.render_help().to_string();
            assert!(help.contains("s3://BUCKET/PREFIX?endpoint=URL&region=NAME"), "{path:?}: {help}");
        }
    }

    #[test]
    fn announcements_are_told_apart_from_what_is_done_with_them() {
        for good in [
            &["announce", "list is a word", "--until", "2026-12-01"][..],
            &["announce", "list"],
            &["announce", "remove", "5", "--data", "x"],
            &["domain", "limited-federation", "on"],
            &["domain", "limited-federation"],
            &["domain", "allow", "away.test"],
            &["domain", "explain", "away.test", "--json"],
            &["why", "https://away.test/@ann/1", "--json"],
            &["relay", "add", "https://relay.test/inbox", "--tags", "a,b", "--languages", "de", "--per-hour", "9"],
            &["relay", "add", "https://relay.test/tag/{tag}", "--languages", "de"],
            &["relay", "list", "--json"],
            &["invite", "new", "--uses", "3", "--days", "7", "--autofollow", "--as", "ann"],
            &["invite", "revoke", "CODE"],
            &["queue", "--json"],
            &["queue", "show", "away.test", "--json"],
            &["queue", "purge", "away.test", "--yes", "--data", "x"],
            &["text", "set", "about", "--file", "about.md"],
            &["text", "show", "terms", "--from", "2026-12-01"],
        ] {
            assert!(Line::try_parse_from([&["dassie"], good].concat()).is_ok(), "{good:?}");
        }
        for bad in [&["announce", "remove", "x"][..], &["domain", "limited-federation", "maybe"], &["text", "set", "x"]]
        {
            assert!(Line::try_parse_from([&["dassie"], bad].concat()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn bare_flags_serve() {
        let line = Line::try_parse_from(["dassie", "--lab", "--origin", "http://localhost:3001"]).expect("valid");
        assert!(line.command.is_none() && line.serve.lab);
        let line = Line::try_parse_from(["dassie", "serve", "--listen", "127.0.0.1:1"]).expect("valid");
        assert!(matches!(line.command, Some(Command::Serve(serve)) if serve.listen.is_some()));
    }

    #[test]
    fn a_move_goes_somewhere_or_back() {
        let parsed = |line: &str| Line::try_parse_from(line.split(' ')).is_ok();
        assert!(parsed("dassie user move ann anna@b.test") && parsed("dassie user move ann --back"));
        assert!(!parsed("dassie user move ann") && !parsed("dassie user move ann anna@b.test --back"));
        assert!(parsed("dassie user rotate-keys ann") && parsed("dassie user rotate-keys --all"));
        assert!(!parsed("dassie user rotate-keys") && !parsed("dassie user rotate-keys ann --all"));
        assert!(parsed("dassie user alias add anna ann@a.test") && parsed("dassie user alias list anna"));
    }
}
