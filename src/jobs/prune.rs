//! Removes what only time makes superfluous: ids of activities received more than a week ago, uploads nobody used, copies
//! of remote pictures; and files that a crash left without a row.

use super::{remove_file, retain};
use crate::{error::Result, limits, media, server::Server, transfer::takeout};
use std::time::Duration;
use storage::{
    Cache, Timestamp,
    cache::Evicted,
    inbound,
    media::{BLOBS, UPLOADS},
};

/// What is tidied by itself; one that cannot be done now keeps no other from being tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    OldCopies,
    OldArchives,
    ArchivesForRoom,
    AbandonedFiles,
    LooseUploads,
    ReceivedIds,
}

/// Files first: what goes there makes room at once, also while the store takes little.
const STEPS: [Step; 6] = [
    Step::OldCopies,
    Step::OldArchives,
    Step::ArchivesForRoom,
    Step::AbandonedFiles,
    Step::LooseUploads,
    Step::ReceivedIds,
];

/// Prunes at the start and every `limits::PRUNE_EVERY_MS`, until the server stops; copies also when they are too many. What
/// could not be done is tried again soon, and that alone.
pub(super) async fn run(server: Server) {
    let (mut left, mut next) = (Vec::new(), server.now());
    loop {
        retain::believed(&server).await;
        let begun = server.now();
        let all = begun >= next;
        left = prune(&server, if all { STEPS.to_vec() } else { left }).await;
        if all {
            next = begun.plus_ms(limits::PRUNE_EVERY_MS);
        }
        // What could not be done rests in any case.
        let rest = Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs());
        if !left.is_empty() {
            tokio::time::sleep(rest).await;
            let crowded = tokio::time::timeout(Duration::ZERO, server.room().crowded()).await.is_ok();
            if crowded && !left.contains(&Step::OldCopies) {
                left.push(Step::OldCopies);
            }
            continue;
        }
        tokio::select! {
            () = server.sleep_until(next) => {}
            () = server.room().crowded() => left.push(Step::OldCopies),
        }
    }
}

/// Takes these steps; answers those that could not be done.
async fn prune(server: &Server, steps: Vec<Step>) -> Vec<Step> {
    let mut left = Vec::new();
    for step in steps {
        if let Err(error) = take(server, step).await {
            tracing::warn!(?step, %error, "pruning waits for the store or the disk");
            left.push(step);
        }
    }
    left
}

async fn take(server: &Server, step: Step) -> Result<()> {
    match step {
        Step::OldCopies => remove_copies(server).await,
        Step::OldArchives => remove_taken_out(server).await,
        Step::ArchivesForRoom => evict_taken_out(server).await,
        Step::AbandonedFiles => remove_abandoned(server).await,
        Step::LooseUploads => {
            while server.write(media::drop_loose).await? {}
            Ok(())
        }
        Step::ReceivedIds => {
            while server.write(|tx| Ok(inbound::prune(tx)?)).await? {}
            Ok(())
        }
    }
}

/// Files that were written and whose commit never came.
async fn remove_abandoned(server: &Server) -> Result<()> {
    let files = server.files().clone();
    for number in server.on_disk(move || Ok(files.idle_received()?)).await? {
        let files = server.files().clone();
        if !server.write(move |tx| Ok(UPLOADS.contains(tx, &number)?)).await? {
            server.on_disk(move || Ok(files.forget_received(number)?)).await?;
        }
    }
    for first in 0..=u8::MAX {
        let files = server.files().clone();
        let there = server.on_disk(move || Ok(files.beginning_with(first)?)).await?;
        let look = move |view: &storage::View<'_>| {
            let mut abandoned = there;
            let mut outcome = Ok(());
            abandoned.retain(|hash| match BLOBS.contains(view, hash) {
                Ok(known) => !known,
                Err(error) => {
                    outcome = Err(error);
                    false
                }
            });
            Ok(outcome.map(|()| abandoned)?)
        };
        for hash in server.read(look).await? {
            remove_file::run(server, hash).await?;
        }
    }
    Ok(())
}

/// Archives whose time is over, or whose account is gone.
async fn remove_taken_out(server: &Server) -> Result<()> {
    let (files, now) = (server.files().clone(), server.now());
    for name in server.on_disk(move || Ok(files.taken_out()?)).await? {
        let (files, file) = (server.files().clone(), name.clone());
        if !server.read(move |view| takeout::is_kept(view, &file, now)).await? {
            server.on_disk(move || Ok(files.forget_taken_out(&name)?)).await?;
        }
    }
    Ok(())
}

/// Where room is short, the older half of the archives: they can be asked for again.
async fn evict_taken_out(server: &Server) -> Result<()> {
    if server.room().backfill() {
        return Ok(());
    }
    let files = server.files().clone();
    let names = server.on_disk(move || Ok(files.taken_out()?)).await?;
    let mut there: Vec<_> = names.into_iter().filter_map(|name| Some((takeout::named(&name)?, name))).collect();
    there.sort_unstable_by_key(|((_, asked_at), _)| *asked_at);
    let half = there.len().div_ceil(2);
    for ((owner, asked_at), name) in there.into_iter().take(half) {
        server.write(move |tx| takeout::lose(tx, owner, asked_at)).await?;
        let files = server.files().clone();
        server.on_disk(move || Ok(files.forget_taken_out(&name)?)).await?;
        tracing::info!(account = %owner, "an archive was removed to make room");
    }
    Ok(())
}

/// Copies of remote pictures that are old or too many, for themselves or for the room there is.
async fn remove_copies(server: &Server) -> Result<()> {
    let most = server.room().copies_may_take();
    remove(server, move |cache, now| cache.make_room(now, limits::CACHE_AGE_MS, most)).await
}

/// Where something has to go, the older half of the copies, but none used within a day: they can be fetched again, and a
/// post perhaps not.
pub(super) async fn halve_copies(server: &Server) -> Result<()> {
    remove(server, |cache, now| cache.halve(now, limits::CACHE_AGE_MS)).await
}

async fn remove<F>(server: &Server, which: F) -> Result<()>
where
    F: FnOnce(&Cache, Timestamp) -> storage::Result<Evicted> + Send + 'static,
{
    let (cache, now, walk) = (server.cache().clone(), server.now(), server.room().begin_copies());
    let evicted = server.on_disk(move || Ok(which(&cache, now)?)).await?;
    server.room().note_copies(&walk, evicted.bytes_left);
    if evicted.files > 0 {
        tracing::info!(files = evicted.files, bytes_left = evicted.bytes_left, "copies of pictures were removed");
    }
    Ok(())
}
