//! Accounts of other servers and hashtags that nothing here names any more go: once a day, each hour where there is too little
//! room. All rows are read for it, slowly (`storage::unnamed`).

use super::retain::{Tags, rest, trusted};
use crate::{clock::DAY_MS, error::Result, limits, retention, server::Server};
use std::{sync::Arc, time::Instant};
use storage::{
    AccountId, Timestamp, Tx,
    catalogue::TABLES,
    unnamed::{self, Place, Unnamed},
};

/// Works until the server stops.
pub(super) async fn run(server: Server) {
    let (mut passed_at, mut behind) = (None, None);
    loop {
        server.sleep_until(server.now().plus_ms(limits::UNNAMED_EVERY_PRESSED_MS)).await;
        trusted(&server).await;
        let now = server.now();
        // What was done in the future was done when the clock was wrong.
        let is_due = passed_at.is_none_or(|at: Timestamp| at > now || now.ms_since(at) >= limits::UNNAMED_EVERY_MS);
        if !is_due && !server.room().is_pressed() {
            continue;
        }
        passed_at = Some(now);
        if let Err(error) = pass(&server, &mut behind).await {
            tracing::warn!(%error, "accounts and hashtags that nothing names stay until the next look");
        }
        // Nothing is watched, whatever happened.
        let unwatch = |tx: &mut Tx<'_>| {
            tx.watch(None);
            Ok(())
        };
        if let Err(error) = server.write(unwatch).await {
            tracing::debug!(%error, "what nothing names is watched until the next look");
        }
    }
}

/// One look at all: first the hashtags, then the accounts behind `behind`.
async fn pass(server: &Server, behind: &mut Option<AccountId>) -> Result<()> {
    let now = server.now();
    let days = server.read(|view| Ok(storage::retention::days(view)?)).await?.unwrap_or(limits::RETENTION_DAYS);
    let aged = now.plus_ms(-i64::from(days).saturating_mul(DAY_MS));
    let fresh = now.plus_ms(-limits::UNNAMED_FRESH_MS);
    let until = if server.room().is_pressed() { aged.max(fresh) } else { aged };
    let tags = forget_tags(server, until).await?;
    let accounts = forget_accounts(server, until, behind).await?;
    if tags > 0 || accounts > 0 {
        tracing::info!(accounts, tags, "accounts of other servers and hashtags that nothing names went");
    }
    Ok(())
}

async fn forget_tags(server: &Server, until: Timestamp) -> Result<usize> {
    let (mut followed, mut removed, mut from) = (Tags::default(), 0, Some(Vec::new()));
    while let Some(at) = from {
        trusted(server).await;
        let followed = followed.fresh(server).await?;
        let begun = Instant::now();
        let (gone, next) = server.write(move |tx| retention::forget_tags(tx, at.clone(), &followed, until)).await?;
        removed += gone;
        from = next;
        rest(server, begun).await;
    }
    Ok(removed)
}

async fn forget_accounts(server: &Server, until: Timestamp, behind: &mut Option<AccountId>) -> Result<usize> {
    let watched = Arc::new(Unnamed::new(candidates(server, until, behind).await?));
    if watched.left(None, 1).is_empty() {
        return Ok(0);
    }
    let since = server.now();
    let watching = Arc::clone(&watched);
    let watch = move |tx: &mut Tx<'_>| {
        tx.watch(Some(Arc::clone(&watching)));
        Ok(())
    };
    server.write(watch).await?;
    read_all(server, &watched).await?;
    server.sleep_until(since.plus_ms(limits::UNNAMED_WATCH_MS)).await;
    let mut removed = 0;
    let outcome = forget_all(server, &watched, &mut removed).await;
    if removed > 0 {
        // Who looked at a state of before may write what names them: it is refused for as long.
        server.sleep_until(server.now().plus_ms(limits::UNNAMED_WATCH_MS)).await;
    }
    outcome.map(|()| removed)
}

/// Lets go what nothing has named, and counts it.
async fn forget_all(server: &Server, watched: &Arc<Unnamed>, removed: &mut usize) -> Result<()> {
    let mut last = None;
    loop {
        trusted(server).await;
        let (begun, unnamed) = (Instant::now(), Arc::clone(watched));
        let (gone, next) = server.write(move |tx| retention::forget(tx, &unnamed, last)).await?;
        *removed += gone;
        if next.is_none() {
            return Ok(());
        }
        last = next;
        rest(server, begun).await;
    }
}

/// Accounts behind `behind` that may go, at most `limits::UNNAMED_WATCHED`; moves it to the last that was looked at, or back
/// to the first.
async fn candidates(server: &Server, until: Timestamp, behind: &mut Option<AccountId>) -> Result<Vec<AccountId>> {
    let mut found = Vec::new();
    loop {
        trusted(server).await;
        let (begun, from) = (Instant::now(), *behind);
        let some = server.read(move |view| retention::candidates(view, from, until)).await?;
        found.extend(some.ids);
        *behind = some.next;
        if behind.is_none() || found.len() >= limits::UNNAMED_WATCHED {
            return Ok(found);
        }
        rest(server, begun).await;
    }
}

/// Reads all rows to see whom of the watched they name.
async fn read_all(server: &Server, watched: &Arc<Unnamed>) -> Result<()> {
    let mut place = Some(Place::default());
    while let Some(at) = place {
        trusted(server).await;
        let (begun, unnamed) = (Instant::now(), Arc::clone(watched));
        place = server.read(move |view| Ok(unnamed::read_on(view, TABLES, &at, &unnamed)?)).await?;
        rest(server, begun).await;
    }
    Ok(())
}
