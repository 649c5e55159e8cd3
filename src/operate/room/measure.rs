//! The task that measures: the store's few files each time, the directories of many files in small steps with rests.

use super::watch::{Usage, growth};
use crate::{
    backup,
    error::{Error, Result},
    limits,
    server::Server,
};
use std::{path::PathBuf, time::Duration};
use storage::{
    Bounds, Direction, Timestamp,
    retention::{self, Hour, ROOM_HOURS},
    usage::Walk,
    vfs::RealDisk,
};

/// Starts it, and what measures backups on the same disk.
pub fn start(server: &Server) {
    start_backups(server);
    let of_task = server.clone();
    server.spawn("room", async move {
        let mut directories = Directories::default();
        let mut trouble = false;
        loop {
            match measure(&of_task, &mut directories).await {
                Ok(()) => trouble = false,
                Err(error) if !std::mem::replace(&mut trouble, true) => {
                    tracing::warn!(%error, "the room cannot be measured; it is tried again");
                }
                Err(error) => tracing::debug!(%error, "the room cannot be measured"),
            }
            of_task.sleep_until(of_task.now().plus_ms(limits::ROOM_LOOK_MS)).await;
        }
    });
}

/// Measures backups by a task of its own, since their place may be one that hangs: at the start, after each one that was
/// made, and now and then.
fn start_backups(server: &Server) {
    let Some(place) = server.config().backups.to.clone() else { return };
    let of_task = server.clone();
    server.spawn("room of backups", async move {
        let mut measured = None;
        loop {
            let (now, made) = (of_task.now(), last_work(&of_task));
            let fresh = |(at, of): (Timestamp, Option<u64>)| {
                of == made && now.ms_since(at).saturating_abs() < limits::ROOM_BACKUPS_MS
            };
            if !measured.is_some_and(fresh) {
                measured = Some((now, made));
                match measure_backups(&of_task, &place).await {
                    Ok(bytes) => tell_backups(&of_task, bytes),
                    Err(error) => tracing::warn!(%error, "the room that backups take cannot be measured"),
                }
            }
            of_task.sleep_until(of_task.now().plus_ms(limits::ROOM_LOOK_MS)).await;
        }
    });
}

/// The number of the last work on backups that ended.
fn last_work(server: &Server) -> Option<u64> {
    server.backup().work().filter(|work| work.ended.is_some()).map(|work| work.number)
}

fn tell_backups(server: &Server, bytes: Option<u64>) {
    if bytes.is_some() && server.room().backups().is_none() {
        tracing::warn!("{}", backup::SAME_DISK);
    }
    server.room().note_backups(bytes);
}

/// Bytes of the backups in a place, if that is on the disk of the data directory.
async fn measure_backups(server: &Server, place: &str) -> Result<Option<u64>> {
    let (place, data_dir) = (place.to_owned(), server.config().data_dir.clone());
    let Some(dir) = server.compute(move || Ok(backup::on_disk_of(&place, &data_dir))).await? else { return Ok(None) };
    let (bytes, _) = walk(server, dir).await?;
    Ok(Some(bytes))
}

/// What the directories of many files took, and when they are walked again.
#[derive(Default)]
struct Directories {
    sizes: [u64; 4],
    steps: u64,
    looks: u64,
}

/// `upload` has files that are being received or written. Copies of pictures the room keeps count of itself.
const NAMES: [&str; 4] = ["search", "media", "takeout", "upload"];
const COPIES: &str = "cache";

async fn measure(server: &Server, directories: &mut Directories) -> Result<()> {
    let begun = server.now();
    // A long walk is worth its answer longer: at most one step in ten looks at each.
    if directories.looks == 0 {
        directories.steps = 0;
        for (name, size) in NAMES.iter().zip(&mut directories.sizes) {
            let (bytes, steps) = walk(server, server.config().data_dir.join(name)).await?;
            *size = bytes;
            directories.steps += steps;
        }
        let of_copies = server.room().begin_copies();
        let (bytes, steps) = walk(server, server.config().data_dir.join(COPIES)).await?;
        server.room().note_copies(&of_copies, bytes);
        directories.steps += steps;
        directories.looks = directories.steps;
    }
    directories.looks = directories.looks.saturating_sub(limits::ROOM_STEPS_A_LOOK);
    look(server, directories.sizes, begun).await?;
    note(server).await
}

/// Measures the store's own files, and those of one that is being verified, and judges.
async fn look(server: &Server, [search, media, takeout, upload]: [u64; 4], begun: Timestamp) -> Result<()> {
    // As few files as the store itself, and it comes and goes within minutes.
    let (scratch, _) = walk(server, server.config().data_dir.join(backup::SCRATCH)).await?;
    let store = server.store().clone();
    let measured = server.compute(move || Ok(store.usage()?)).await?;
    let cache = server.room().copies();
    let usage = Usage { store: measured, search, media: media + takeout + upload, cache, scratch };
    let figures = server.store().disk();
    server.room().look(usage, figures.free_bytes.zip(figures.total_bytes), begun);
    server.store().set_spare(server.room().spare(), measured.on_disk());
    Ok(())
}

/// Walks over a directory; its bytes, and how many steps that took.
async fn walk(server: &Server, dir: PathBuf) -> Result<(u64, u64)> {
    let (mut walk, mut steps) = (Walk::new(dir), 0);
    loop {
        steps += 1;
        let (back, done) = server
            .compute(move || {
                let done = walk.step(&RealDisk, storage::limits::USAGE_STEP);
                Ok((walk, done.map_err(|error| Error::Storage(storage::Error::io("measure a directory", error)))?))
            })
            .await?;
        if let Some(bytes) = done {
            return Ok((bytes, steps));
        }
        walk = back;
        tokio::time::sleep(Duration::from_millis(limits::ROOM_STEP_REST_MS)).await;
    }
}

/// Keeps the bytes of this hour and tells the watch how they grew.
async fn note(server: &Server) -> Result<()> {
    let Some(used) = server.room().lasting() else { return Ok(()) };
    let hour = Hour::of(server.now()).0;
    let (known, first) = server
        .read(move |view| {
            let first = ROOM_HOURS.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
            Ok((ROOM_HOURS.contains(view, &hour)?, first.into_iter().next()))
        })
        .await?;
    server.room().note_growth(first.and_then(|then| growth(then, (hour, used))));
    if known || server.store().state().full {
        return Ok(());
    }
    server.write(move |tx| Ok(retention::note_room(tx, used, limits::ROOM_GROWTH_HOURS)?)).await
}
