//! Makes room: step by step, what nothing holds goes; slowly, and not at all while the clock may be wrong, or the disk is in
//! trouble and nothing has to go.

use super::{clean_up, prune};
use crate::{
    error::Result,
    instance, limits,
    retention::{self, Done, Expiring, FollowedTags, Goal},
    server::Server,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{
    Timestamp, Tx, account, directory, interaction,
    retention::{Hour, Rank, head},
    tag,
};

/// Works until the server stops.
pub(super) async fn run(server: Server) {
    let (mut expired_at, mut halved_at, mut tags) = (None, None, Tags::default());
    loop {
        let outcome = async {
            settle(&server).await?;
            evict_copies(&server, &mut halved_at).await;
            make_room(&server, &mut tags).await?;
            let now = server.now();
            // What was done in the future was done when the clock was wrong.
            if expired_at.is_none_or(|at| at > now || now.ms_since(at) >= limits::EXPIRE_EVERY_MS) {
                expire(&server).await?;
                clean_up::wake(&server).await?;
                expired_at = Some(server.now());
            }
            Ok::<(), crate::error::Error>(())
        };
        if let Err(error) = outcome.await {
            tracing::warn!(%error, "making room waits for the store");
            tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
        }
        server.sleep_until(server.now().plus_ms(limits::RETENTION_EVERY_MS)).await;
    }
}

/// Rows of earlier versions, until all are in.
async fn settle(server: &Server) -> Result<()> {
    bring_in(server, |tx| Ok(directory::settle(tx)?)).await?;
    bring_in(server, retention::settle).await
}

/// Words of names that earlier versions stored as they were written, until all are folded, and what shows the leave of
/// others, until all is listed. Nothing waits for it.
pub(super) async fn settle_aside(server: Server) {
    while let Err(error) = words_and_leaves(&server).await {
        tracing::warn!(%error, "what earlier versions stored is brought in later");
        server.sleep_until(server.now().plus_ms(limits::PRUNE_EVERY_MS)).await;
    }
}

async fn words_and_leaves(server: &Server) -> Result<()> {
    bring_in(server, |tx| Ok(account::settle_words(tx)?)).await?;
    bring_in(server, |tx| Ok(interaction::settle(tx)?)).await
}

/// Takes a step until there are no more of them.
async fn bring_in(server: &Server, step: impl Fn(&mut Tx<'_>) -> Result<bool> + Copy + Send + 'static) -> Result<()> {
    loop {
        healthy(server).await;
        let begun = Instant::now();
        if !server.write(step).await? {
            return Ok(());
        }
        rest(server, begun).await;
    }
}

/// Pictures that can be fetched again go before posts: half of them, and then none for a while, since people look at them.
async fn evict_copies(server: &Server, halved_at: &mut Option<Timestamp>) {
    if !server.room().halves_copies() {
        return;
    }
    trusted(server).await;
    let now = server.now();
    if halved_at.is_some_and(|at| at <= now && now.ms_since(at) < limits::CACHE_HALVED_MS) {
        return;
    }
    *halved_at = Some(now);
    if let Err(error) = prune::halve_copies(server).await {
        tracing::warn!(%error, "copies of pictures cannot be removed to make room");
    }
}

/// The hashtags that people here follow, as they were read last.
#[derive(Default)]
pub(super) struct Tags {
    known: Arc<FollowedTags>,
    read_at: Option<Timestamp>,
}

impl Tags {
    /// Those of the last `limits::RETENTION_TAGS_MS`.
    pub(super) async fn fresh(&mut self, server: &Server) -> Result<Arc<FollowedTags>> {
        let now = server.now();
        // What was read in the future was read when the clock was wrong.
        if self.read_at.is_none_or(|at| at > now || now.ms_since(at) >= limits::RETENTION_TAGS_MS) {
            let (mut tags, mut behind) = (FollowedTags::default(), None);
            loop {
                let most = limits::RETENTION_TAGS_STEP;
                let some = server.read(move |view| Ok(tag::followed_here(view, behind.as_ref(), most)?)).await?;
                behind = some.1;
                if !tags.add(some.0) || behind.is_none() {
                    break;
                }
            }
            (self.known, self.read_at) = (Arc::new(tags), Some(now));
        }
        Ok(Arc::clone(&self.known))
    }
}

/// Lets go what has to until nothing is due.
async fn make_room(server: &Server, tags: &mut Tags) -> Result<()> {
    let (mut removed, mut kept, mut was_pressed) = (0, 0, false);
    loop {
        trusted(server).await;
        // Before the first measurement only age counts.
        let pressed = server.room().is_pressed();
        was_pressed |= pressed;
        let followed = tags.fresh(server).await?;
        let begun = Instant::now();
        let done = server.write(move |tx| step(tx, pressed, &followed)).await?;
        server.room().note_removed(done.removed);
        (removed, kept) = (removed + done.removed, kept + done.kept);
        if !done.more {
            break;
        }
        if server.takes_remote() {
            rest(server, begun).await;
        } else {
            // Other servers wait for this.
            tokio::time::sleep(begun.elapsed().saturating_mul(limits::RETENTION_REST_OUT)).await;
        }
    }
    if was_pressed {
        // What came within the last hour goes soon: waiting for that ends.
        let soon = server.read(|view| Ok(head(view, Rank::Ordinary, Hour(u32::MAX), 1)?)).await?;
        server.room().note_pass(removed + soon.len());
    }
    if removed > 0 {
        tracing::info!(removed, kept, "posts of other servers that nothing holds went to make room");
    }
    Ok(())
}

/// One step towards what an administrator set.
fn step(tx: &mut Tx<'_>, pressed: bool, tags: &FollowedTags) -> Result<Done> {
    let days = storage::retention::days(tx)?.unwrap_or(limits::RETENTION_DAYS);
    retention::step(tx, Goal { days, pressed }, tags)
}

/// What only time makes superfluous.
async fn expire(server: &Server) -> Result<()> {
    let mut next = Some(Expiring::default());
    while let Some(at) = next {
        trusted(server).await;
        let begun = Instant::now();
        next = server.write(move |tx| retention::expire(tx, &at)).await?;
        rest(server, begun).await;
    }
    let accounts = server.read(|view| instance::local_accounts(view, limits::COUNTED_MAX)).await?;
    for account in accounts {
        trusted(server).await;
        let now = server.now();
        let upto = server.read(move |view| retention::notices_upto(view, account, now)).await?;
        if let Some(upto) = upto {
            remove(server, move |tx| retention::remove_notices(tx, account, upto)).await?;
        }
        let upto = server.read(move |view| retention::filtered_upto(view, account, now)).await?;
        if let Some(upto) = upto {
            remove(server, move |tx| retention::remove_filtered(tx, account, upto)).await?;
        }
    }
    Ok(())
}

/// Takes a step until there is no more to remove.
async fn remove(server: &Server, step: impl Fn(&mut Tx<'_>) -> Result<bool> + Copy + Send + 'static) -> Result<()> {
    loop {
        trusted(server).await;
        let begun = Instant::now();
        if !server.write(step).await? {
            return Ok(());
        }
        rest(server, begun).await;
    }
}

/// Returns once the disk is not in trouble: what people write goes first. One that is only slow, which may last for weeks,
/// stops nothing where something has to go: it would be full before it is well.
async fn healthy(server: &Server) {
    let goes_on = || !server.disk().is_in_trouble() || server.disk().is_slow() && server.room().is_pressed();
    while !goes_on() {
        server.sleep_until(server.now().plus_ms(limits::DISK_FETCH_LATER_MS)).await;
    }
}

/// Returns once the disk is healthy enough and ages can be believed: all that goes here is old by the clock.
pub(super) async fn trusted(server: &Server) {
    loop {
        healthy(server).await;
        if server.trusts_ages() {
            return;
        }
        believed(server).await;
    }
}

/// Returns once ages can be believed.
pub(super) async fn believed(server: &Server) {
    while !server.trusts_ages() {
        server.sleep_until(server.now().plus_ms(limits::CLOCK_LATER_MS)).await;
    }
}

/// Leaves the writer to others for some time; longer where it is slow.
pub(super) async fn rest(server: &Server, begun: Instant) {
    let rest = begun.elapsed().saturating_mul(limits::RETENTION_REST);
    let most = if server.disk().is_slow() { limits::RETENTION_REST_SLOW_MAX } else { limits::RETENTION_REST_MAX };
    tokio::time::sleep(rest.clamp(limits::RETENTION_REST_MIN, most)).await;
}
