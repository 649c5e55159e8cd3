//! Lives here: durable work: rows that are due, found again after a restart, woken by events.
//! May use: core rooms, `federation`, `storage`, `Server`. Must never name: api, pages, oauth, `http`; a job answers nobody.
//! Invariants: a row goes only when its work is durable; a panic or a bad row holds up nobody else; every queue and
//! every retry has a bound in `limits`.

mod ask_relay;
mod block_list;
mod check_links;
mod clean_up;
mod count_trends;
pub mod deliver;
mod distribute;
mod expand;
mod fetch_ancestors;
mod fetch_profile;
mod fetch_quote;
mod fetch_thread;
mod forget_deliveries;
mod forget_unnamed;
mod import;
pub mod inbound;
mod link_card;
mod mail;
mod merge_notifications;
mod move_followers;
mod process_media;
mod prune;
mod publish_scheduled;
mod purge_account;
mod purge_status;
mod push;
mod read_follows;
mod refresh_account;
mod remove_file;
mod retain;
mod runner;
mod sever;
mod synchronise_followers;
mod take_out;

use crate::{error::Error, limits, server::Server};
use std::{future::Future, pin::Pin, sync::Arc, task::Poll, time::Duration};
use storage::{
    Timestamp,
    job::{self, JobClass},
    peer::backoff_ms,
};
use tokio::sync::Notify;

/// How a piece of work ended (DESIGN §11). A peer being down is no error of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Again not before this time; why it could not be done now.
    Later(Timestamp, String),
    /// Its turn has not come: it looks again at this time, and no try is counted.
    Waits(Timestamp),
    /// It will never be done; why.
    Drop(String),
}

impl Outcome {
    /// What an error means for work that has stepped aside `attempts` times: trouble that passes is tried again, what
    /// is wrong or gone is dropped.
    #[must_use]
    pub fn of(error: &Error, server: &Server, attempts: u32) -> Self {
        let why = error.to_string();
        match error {
            Error::Busy { until, .. } => Outcome::Waits(*until),
            Error::Remote { .. }
            | Error::Needs { .. }
            | Error::TooMany { .. }
            | Error::Conflict
            | Error::Storage(_)
            | Error::Bug(_) => {
                let pause = backoff_ms(attempts.saturating_add(1), server.random());
                Outcome::Later(server.now().plus_ms(pause), why)
            }
            Error::NotFound
            | Error::Gone
            | Error::Invalid { .. }
            | Error::Unauthorized
            | Error::Forbidden(_)
            | Error::TooLarge { .. } => Outcome::Drop(why),
        }
    }
}

/// How the reading of a thread or profile ended that somebody looks at. What it left out because its server was not to be
/// asked before `left_out` is read with all the rest at most `limits::BACKFILL_AGAIN` times more, each time twice as much
/// later, unless `limits::BACKFILLS_AGAIN_MAX` of the kind wait.
async fn again_for_the_rest(server: &Server, left_out: Option<Timestamp>, attempts: u32) -> Outcome {
    let Some(until) = left_out.filter(|_| attempts < limits::BACKFILL_AGAIN) else { return Outcome::Done };
    let most = limits::BACKFILLS_AGAIN_MAX;
    match server.read(move |view| Ok(job::is_crowded(view, JobClass::Backfill, most)?)).await {
        Ok(true) => Outcome::Done,
        Ok(false) => {
            let earliest = server.now().plus_ms(limits::BACKFILL_AGAIN_MS << attempts);
            Outcome::Later(until.max(earliest), "a server was not to be asked for a part of it".to_owned())
        }
        Err(error) => Outcome::of(&error, server, attempts),
    }
}

/// Starts everything that works beside requests.
pub fn start(server: &Server) {
    let expansions = Arc::new(Notify::new());
    server.spawn_ending("deliver", deliver::run(server.clone()));
    server.spawn("distribute", distribute::run(server.clone(), Arc::clone(&expansions)));
    server.spawn("expand", expand::run(server.clone(), expansions));
    server.spawn("inbound", inbound::run(server.clone()));
    server.spawn("fetch jobs", runner::run(server.clone(), JobClass::Fetch));
    server.spawn("purge jobs", runner::run(server.clone(), JobClass::Purge));
    server.spawn("push jobs", runner::run(server.clone(), JobClass::Push));
    server.spawn("media jobs", runner::run(server.clone(), JobClass::Media));
    server.spawn("mail jobs", runner::run(server.clone(), JobClass::Mail));
    server.spawn("timed jobs", runner::run(server.clone(), JobClass::Timed));
    server.spawn("page jobs", runner::run(server.clone(), JobClass::Page));
    server.spawn("backfill jobs", runner::run(server.clone(), JobClass::Backfill));
    server.spawn("import jobs", runner::run(server.clone(), JobClass::Import));
    server.spawn("clean-up jobs", runner::run(server.clone(), JobClass::CleanUp));
    server.spawn("prune", prune::run(server.clone()));
    server.spawn("trends", count_trends::run(server.clone()));
    server.spawn("retain", retain::run(server.clone()));
    server.spawn("earlier versions", retain::settle_aside(server.clone()));
    server.spawn("forget", forget_unnamed::run(server.clone()));
}

/// Says what the store could not do, and rests before that is tried again.
async fn store_failed(what: &str, error: &Error) {
    tracing::warn!(%error, "{what}");
    rest_for_store().await;
}

/// Rests before what the store could not do is tried again.
async fn rest_for_store() {
    tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
}

/// Starts all futures in order and waits for all: writes begun so are executed in this order and share their fsync.
async fn in_order<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outcomes: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut waiting = false;
        for (future, outcome) in running.iter_mut().zip(&mut outcomes) {
            if outcome.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(output) => *outcome = Some(output),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}
