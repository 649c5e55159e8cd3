//! `dassie store`: what the store holds, and putting its tables into the other engine.

use super::{
    Place,
    control::{self, Answer, Request},
    log,
    out::{say, say_json},
};
use crate::{
    config::Config,
    error::{Error, Result},
    reach::Reach,
    running::{self, Parts},
    server::Server,
};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use std::fmt;
use storage::{EngineKind, Store, store::Checkpoint, vfs::RealDisk};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Say what the store holds: tables, log, base snapshots.
    Stats {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Put all tables into another engine, while no server runs.
    Convert {
        /// redb or sled.
        #[arg(long, value_name = "ENGINE")]
        engine: EngineKind,
        #[command(flatten)]
        place: Place,
    },
}

/// What a store holds, as printed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stats {
    engine: String,
    engine_bytes: u64,
    applied: u64,
    checkpoint: u64,
    log_begin: u64,
    log_end: u64,
    log_segments: usize,
    log_bytes: u64,
    bases: Vec<Base>,
    base_failed: Option<String>,
    tables: Vec<Table>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Base {
    name: String,
    lsn: u64,
    rows: u64,
    bytes: u64,
    /// Milliseconds since 1970.
    written_ms: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Table {
    name: String,
    rows: u64,
    bytes: u64,
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stats { engine, engine_bytes, applied, checkpoint, log_begin, log_end, .. } = self;
        writeln!(f, "engine {engine}: {engine_bytes} bytes, holds up to {applied}, checkpoint at {checkpoint}")?;
        let (segments, bytes) = (self.log_segments, self.log_bytes);
        writeln!(f, "log: transactions {log_begin} to {log_end}, {bytes} bytes in {segments} segments")?;
        for Base { name, lsn, rows, bytes, written_ms } in &self.bases {
            writeln!(f, "{name}: {rows} rows up to {lsn}, {bytes} bytes, written at {written_ms} ms since 1970")?;
        }
        if self.bases.is_empty() {
            writeln!(f, "no base snapshot yet: the whole log is kept")?;
        }
        if let Some(why) = &self.base_failed {
            writeln!(f, "the last base snapshot failed: {why}")?;
        }
        writeln!(f, "{:>12} {:>16}  table", "rows", "bytes")?;
        for Table { name, rows, bytes } in &self.tables {
            writeln!(f, "{rows:>12} {bytes:>16}  {name}")?;
        }
        Ok(())
    }
}

/// Runs `dassie store …`.
pub(super) fn run(command: Command) -> Result<()> {
    match command {
        Command::Stats { json, place } => stats(json, &Config::load(&place.flags())?),
        Command::Convert { engine, place } => convert(engine, Config::load(&place.flags())?),
    }
}

fn stats(json: bool, config: &Config) -> Result<()> {
    let stats = control::answer(config, "store", &Request::StoreStats, |answer| match answer {
        Answer::StoreStats(stats) => Some(*stats),
        _ => None,
    })?;
    let stats = match stats {
        Some(stats) => stats,
        None => with_closed(config, count)?,
    };
    if json {
        say_json(&stats)?;
    } else {
        say(stats.to_string().trim_end());
    }
    Ok(())
}

/// Does one thing to the store of a data directory that no server serves.
pub(super) fn with_closed<T>(config: &Config, act: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
    require_store(config)?;
    let store = open_closed(config)?;
    let done = act(&store);
    let closed = store.close();
    let done = done?;
    closed?;
    Ok(done)
}

/// Opens the store of a data directory that no server serves. Damage that is passed over, and how far a rebuild or a change
/// of the engine has come, goes to standard error.
pub(super) fn open_closed(config: &Config) -> Result<Store> {
    log::start_beside(&config.log)?;
    running::open_store_now(config, &Parts::of_system(Reach::Public))
}

pub(super) fn require_store(config: &Config) -> Result<()> {
    if config.data_dir.join("store").is_dir() {
        return Ok(());
    }
    Err(Error::invalid("store", format!("there is no store in {}", config.data_dir.display())))
}

/// In the running server.
pub(super) async fn in_server(server: &Server) -> Result<Stats> {
    let store = server.store().clone();
    server.compute(move || count(&store)).await
}

fn count(store: &Store) -> Result<Stats> {
    let storage::stats::Stats { state, tables } = store.stats()?;
    let base = |base: storage::base::BaseInfo| Base {
        name: base.name,
        lsn: base.lsn.0,
        rows: base.rows,
        bytes: base.bytes,
        written_ms: base.written.0,
    };
    let table =
        |table: storage::stats::TableStats| Table { name: table.name.to_owned(), rows: table.rows, bytes: table.bytes };
    Ok(Stats {
        engine: state.engine.to_string(),
        engine_bytes: state.engine_bytes,
        applied: state.applied.0,
        checkpoint: state.checkpoint.0,
        log_begin: state.log_begin.0,
        log_end: state.durable.0,
        log_segments: state.log_segments,
        log_bytes: state.log_bytes,
        bases: state.bases.into_iter().map(base).collect(),
        base_failed: state.base_failed,
        tables: tables.into_iter().map(table).collect(),
    })
}

fn convert(engine: EngineKind, mut config: Config) -> Result<()> {
    require_store(&config)?;
    let dir = config.data_dir.join("store");
    let configured = config.engine;
    config.engine = engine;
    // Opening with another engine than the last one moves the rows.
    let store = open_closed(&config)?;
    let verified = store.check();
    let counted = count(&store);
    let closed = store.close();
    let (findings, stats) = (verified?, counted?);
    closed?;
    for finding in &findings {
        say(finding);
    }
    if !findings.is_empty() {
        return Err(Error::invalid("store", format!("{} things are wrong", findings.len())));
    }
    let noted = Checkpoint::read(&RealDisk, &dir)?;
    if stats.applied > 0 && noted.is_none_or(|noted| noted.engine != engine) {
        return Err(Error::invalid("store", format!("the tables are not durable in {engine} yet; try again")));
    }
    let rows: u64 = stats.tables.iter().map(|table| table.rows).sum();
    say(format_args!("{rows} rows are in {engine}, read back and compared"));
    if configured != engine {
        say(format_args!("the next start would move them back to {configured}; put into dassie.toml before:"));
        say(format_args!("[storage]\nengine = \"{engine}\""));
    }
    Ok(())
}
