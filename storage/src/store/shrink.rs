//! An engine's file that is mostly free is written anew at a start: redb's does not shrink by itself.

use super::{Options, open::copy};
use crate::{
    engine::{self, Engine, EngineKind},
    error::{Error, Result},
    limits,
};
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Where the new one is made.
fn beside(options: &Options) -> PathBuf {
    options.dir.join("smaller")
}

/// The engine, written anew if more than half of its file and more than a quarter of the budget is free inside, or if it
/// was made before rows were measured. What fails leaves the one there is. A crash on the way leaves either, and what lies beside is removed at the next start.
///
/// # Errors
/// As the disk and the engine say, if afterwards none can be opened.
pub(super) fn shrink(options: &Options, engine: Arc<dyn Engine>) -> Result<Arc<dyn Engine>> {
    let vfs = options.vfs.as_ref();
    let io = |error| Error::io("remove what a start left", error);
    if vfs.exists(&beside(options)).map_err(io)? {
        vfs.remove_dir(&beside(options)).map_err(io)?;
    }
    let Some((takes, needs)) = wasteful(options, engine.as_ref())? else { return Ok(engine) };
    let start = Instant::now();
    tracing::info!(takes, needs, "the engine's file is mostly free and is written anew");
    if let Err(error) = write(options, engine.as_ref()) {
        tracing::warn!(%error, "the engine could not be written anew; it stays as it is");
        vfs.remove_dir(&beside(options)).map_err(io)?;
        return Ok(engine);
    }
    // Two handles on one name must not meet: the old one is closed before its file is replaced.
    drop(engine);
    let place = engine::place(options.engine);
    let replace = || -> std::io::Result<()> {
        vfs.rename(&beside(options).join(place), &options.dir.join(place))?;
        vfs.sync_dir(&options.dir)?;
        vfs.remove_dir(&beside(options))
    };
    match replace() {
        Ok(()) => tracing::info!(took_ms = start.elapsed().as_millis(), "the engine was written anew"),
        Err(error) => tracing::warn!(%error, "the engine that was written anew could not be put in its place"),
    }
    engine::open(options.engine, &options.vfs, &options.dir, options.tables)
}

/// What the file takes and what its rows need, if it is worth the work and there is room for it.
fn wasteful(options: &Options, engine: &dyn Engine) -> Result<Option<(u64, u64)>> {
    let (Some(budget), EngineKind::Redb) = (options.budget, options.engine) else { return Ok(None) };
    let live = engine.stats()?.live_bytes;
    let io = |error| Error::io("measure the engine", error);
    let path = options.dir.join(engine::place(options.engine));
    let mut entries = options.vfs.entries(&options.dir).map_err(io)?;
    let takes = entries.find_map(|entry| entry.ok().filter(|entry| entry.path == path)).map_or(0, |entry| entry.bytes);
    let free = options.vfs.free_space(&options.dir).map_err(io)?;
    // One that does not know is written anew to learn it.
    let needs = live.map_or(takes, |live| live.saturating_mul(limits::ENGINE_ROOM_PER_CENT) / 100);
    let worth = live.is_none() || (takes / 2 >= needs && takes.saturating_sub(needs) > budget / 4);
    let fits = free >= options.sizes.free_min.saturating_add(needs);
    Ok((worth && fits).then_some((takes, needs)))
}

fn write(options: &Options, old: &dyn Engine) -> Result<()> {
    let dir = beside(options);
    options.vfs.make_dir(&dir).map_err(|error| Error::io("make a directory", error))?;
    let new = engine::open(options.engine, &options.vfs, &dir, options.tables)?;
    copy(old, new.as_ref())?;
    new.checkpoint().map(drop)
}
