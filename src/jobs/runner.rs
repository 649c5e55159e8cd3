//! Jobs of one class: read when due, run a few at once, removed or put off when their outcome is durable. Those that wait for
//! a turn at some host leave their place to others.

use super::{
    Outcome, ask_relay, block_list, check_links, clean_up, fetch_ancestors, fetch_profile, fetch_quote, fetch_thread,
    forget_deliveries, import, link_card, mail, merge_notifications, move_followers, process_media, publish_scheduled,
    purge_account, purge_status, push, read_follows, refresh_account, remove_file, sever, synchronise_followers,
    take_out,
};
use crate::{
    announcement,
    error::Result,
    federation::fetch,
    limits,
    places::Places,
    poll,
    relationship::{self, Severing},
    server::Server,
    status,
    tasks::guarded,
};
use std::collections::HashSet;
use storage::{
    JobId, Timestamp,
    job::{self, Job, JobClass, JobKind},
    peer::backoff_ms,
};
use tokio::sync::mpsc;

/// Runs jobs of `class` until the server stops.
pub(super) async fn run(server: Server, class: JobClass) {
    let (ended, mut ends) = mpsc::unbounded_channel();
    let places = Places::new(limits::JOBS_AT_ONCE, limits::JOBS_ASIDE);
    let mut running: HashSet<JobId> = HashSet::new();
    loop {
        let next = match start(&server, class, &places, &mut running, &ended).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(?class, %error, "jobs wait for the store");
                super::rest_for_store().await;
                continue;
            }
        };
        // With all places taken only one that is left can make a difference.
        let next = next.filter(|_| places.any_free());
        tokio::select! {
            Some(id) = ends.recv() => {
                running.remove(&id);
                while let Ok(id) = ends.try_recv() {
                    running.remove(&id);
                }
            }
            () = places.left() => {}
            () = server.job_waits(class) => {}
            () = until(&server, next) => {}
        }
    }
}

/// Starts what is due and not running; answers when the next one is due.
async fn start(
    server: &Server,
    class: JobClass,
    places: &Places,
    running: &mut HashSet<JobId>,
    ended: &mpsc::UnboundedSender<JobId>,
) -> Result<Option<Timestamp>> {
    let now = server.now();
    // Who may not serve could not store how a job ended, and would send its message or ask its peer again and again.
    if server.fence().left().is_err() {
        return Ok(Some(now.plus_ms(limits::FENCE_LOOK_MS)));
    }
    // What was posted and what is owed go before what would be nice to have (DESIGN §8). Rows that wait are not even
    // written anew: that would be a commit each, on this disk.
    if matches!(class, JobClass::Fetch | JobClass::Page | JobClass::Backfill | JobClass::Import)
        && (server.disk().is_in_trouble() || !server.room().backfill())
    {
        return Ok(Some(now.plus_ms(limits::DISK_FETCH_LATER_MS)));
    }
    if class == JobClass::CleanUp && server.disk().is_in_trouble() {
        return Ok(Some(now.plus_ms(limits::DISK_FETCH_LATER_MS)));
    }
    // What people wrote is not deleted by a clock that may be wrong.
    if class == JobClass::CleanUp && !server.trusts_ages() {
        return Ok(Some(now.plus_ms(limits::CLOCK_LATER_MS)));
    }
    let limit = limits::JOBS_AT_ONCE + running.len();
    let (jobs, next) = server.read(move |view| Ok(job::due(view, class, now, limit)?)).await?;
    for (id, job) in jobs {
        if running.contains(&id) {
            continue;
        }
        let Some(place) = places.take() else { break };
        running.insert(id);
        let (server_of_job, ended) = (server.clone(), ended.clone());
        server.spawn("job", async move {
            place.hold(run_one(&server_of_job, id, job)).await;
            // The runner ends with the server only.
            let _ = ended.send(id);
        });
    }
    Ok(next.filter(|due| *due > now))
}

async fn run_one(server: &Server, id: JobId, job: Job) {
    let kind = job.kind.clone();
    let outcome = match guarded(work(server, id, &job)).await {
        Ok(outcome) => outcome,
        Err(panic) => {
            tracing::error!(job = %id, ?kind, %panic, "a job panicked");
            let pause = backoff_ms(job.attempts.saturating_add(1), server.random());
            Outcome::Later(server.now().plus_ms(pause), format!("panic: {panic}"))
        }
    };
    let stored = match in_time(server, id, &kind, outcome) {
        Outcome::Done => server.write(move |tx| Ok(job::finish(tx, id)?)).await,
        Outcome::Drop(why) => {
            tracing::info!(job = %id, ?kind, %why, "a job was dropped");
            server.write(move |tx| Ok(job::finish(tx, id)?)).await
        }
        Outcome::Waits(until) => server.write(move |tx| Ok(job::put_off(tx, id, until)?)).await,
        Outcome::Later(when, why) => {
            let reason = why.clone();
            let kept = server.write(move |tx| Ok(job::postpone(tx, id, when, &reason)?)).await;
            kept.map(|kept| {
                if !kept {
                    tracing::warn!(job = %id, ?kind, %why, "a job was given up");
                }
            })
        }
    };
    if let Err(error) = stored {
        // Its row is still there: it runs again.
        tracing::warn!(job = %id, ?kind, %error, "the end of a job could not be stored");
        super::rest_for_store().await;
    }
}

/// What asks other servers does not wait for its turn for ever: from some time on that is a try.
fn in_time(server: &Server, id: JobId, kind: &JobKind, outcome: Outcome) -> Outcome {
    let asks = matches!(kind.class(), JobClass::Fetch | JobClass::Page | JobClass::Backfill);
    match outcome {
        Outcome::Waits(until) if asks && server.now().ms_since(id.time()) > limits::JOB_WAITS_MAX_MS => {
            Outcome::Later(until, "its turn has not come for long".to_owned())
        }
        outcome => outcome,
    }
}

async fn work(server: &Server, id: JobId, job: &Job) -> Outcome {
    let result = match &job.kind {
        JobKind::FetchAncestors { status } => return fetch_ancestors::run(server, *status, job.attempts).await,
        JobKind::AskRelay { relay } => ask_relay::run(server, *relay).await,
        JobKind::AskForTags { relay } => ask_relay::for_tags(server, *relay).await,
        JobKind::LookAtTag { relay } => return ask_relay::look_at_tag(server, *relay, job.attempts).await,
        JobKind::FetchQuote { status } => fetch_quote::run(server, *status).await,
        JobKind::FetchThread { first, status } => {
            return fetch_thread::run(server, id, *first, *status, job.attempts).await;
        }
        JobKind::FetchProfile { account } => return fetch_profile::run(server, id, *account, job.attempts).await,
        JobKind::ReadFollows { account } => return read_follows::run(server, *account, job.attempts).await,
        JobKind::ReadBlockList { list } => return block_list::read(server, *list, job.attempts).await,
        JobKind::ApplyBlockList { list } => return block_list::apply(server, *list, job.attempts).await,
        JobKind::MailFormer { account, to, letter } => {
            return mail::run_to(server, *account, to, *letter, job.attempts).await;
        }
        JobKind::TakeOut { account, asked_at } => {
            return take_out::run(server, *account, *asked_at, job.attempts).await;
        }
        JobKind::Import { account, import } => import::run(server, *account, *import).await,
        JobKind::LinkCard { status } => link_card::run(server, id, *status).await,
        JobKind::RefreshAccount { account } => refresh_account::run(server, *account).await,
        JobKind::PurgeAccount { account } => purge_account::run(server, *account).await,
        JobKind::PurgeStatus { status, author } => purge_status::run(server, *author, *status).await,
        JobKind::ForgetDeliveries { activity, object } => forget_deliveries::run(server, *activity, *object).await,
        JobKind::ProcessMedia { media, upload } => process_media::run(server, *media, *upload).await,
        JobKind::RemoveFile { hash } => remove_file::run(server, *hash).await,
        JobKind::CheckLinks { account } => check_links::run(server, *account, job.attempts).await,
        JobKind::MoveFollowers { from, to } => move_followers::run(server, *from, *to).await,
        JobKind::MergeNotifications { account, from, upto } => {
            merge_notifications::run(server, id, *account, *from, *upto).await
        }
        JobKind::DropNotifications { account, from, upto } => {
            merge_notifications::drop_all(server, *account, *from, *upto).await
        }
        JobKind::AuthorizeFollowRequests { account } => authorize(server, *account).await,
        JobKind::Push { token, notification } => return push::run(server, *token, *notification, job.attempts).await,
        JobKind::Mail { account, letter, asked_at } => {
            return mail::run(server, *account, *letter, *asked_at, job.attempts).await;
        }
        JobKind::EndAccess { account, before } => end_access(server, *account, *before).await,
        JobKind::EndMute { account, target } => {
            let (account, target) = (*account, *target);
            server.write(move |tx| relationship::end_mute(tx, account, target)).await
        }
        JobKind::SeverDomain { account, domain } => sever_domain(server, *account, domain).await,
        JobKind::EndPoll { status } => end_poll(server, *status, job).await,
        JobKind::TellPoll { status } => {
            let status = *status;
            server.write(move |tx| poll::tell(tx, status)).await
        }
        JobKind::RefreshPoll { status } => fetch::status::refresh(server, *status).await,
        JobKind::PurgeList { account, list } => purge_list(server, *account, *list).await,
        JobKind::TurnAnnouncement { announcement: id } => {
            let id = *id;
            server.write(move |tx| announcement::turn(tx, id)).await
        }
        JobKind::PurgeAnnouncement { announcement: id } => purge_announcement(server, *id).await,
        JobKind::SeverAccount { account } => sever::account(server, *account).await,
        JobKind::SeverPeer { domain } => sever::domain(server, domain).await,
        JobKind::PublishScheduled { scheduled } => {
            return publish_scheduled::run(server, *scheduled, job.attempts).await;
        }
        JobKind::ForgetSigner { account } => {
            let account = *account;
            server
                .write(move |tx| {
                    storage::account::forget_signer(tx, account);
                    Ok(())
                })
                .await
        }
        JobKind::SynchroniseFollowers { account, url, digest } => {
            synchronise_followers::run(server, *account, url, *digest).await
        }
        JobKind::CleanUp { account } => clean_up::run(server, id, *account).await,
        JobKind::FollowInviter { account } => {
            let account = *account;
            server.write(move |tx| relationship::follow_inviter(tx, account)).await
        }
        JobKind::LeaveThread { account, parent } => {
            let (account, parent) = (*account, *parent);
            server.write(move |tx| status::purge::of_thread(tx, account, parent)).await
        }
        JobKind::DropScheduled { account } => publish_scheduled::drop_all(server, *account).await,
        JobKind::Distribute(_) => return Outcome::Drop(format!("job {id} belongs to distribution")),
    };
    match result {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::of(&error, server, job.attempts),
    }
}

/// Accepts follow requests of an account that no longer asks for approval, a few each commit.
async fn authorize(server: &Server, account: storage::AccountId) -> Result<()> {
    let mut after = None;
    loop {
        after = server.write(move |tx| relationship::authorize_pending(tx, account, after)).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Ends sessions and tokens of a user that were made before a time, some each commit.
async fn end_access(server: &Server, account: storage::AccountId, before: Timestamp) -> Result<()> {
    let step = move |tx: &mut storage::Tx<'_>| {
        Ok(storage::user::end_access(tx, account, before, limits::ACCESS_ENDED_AT_ONCE)?)
    };
    while server.write(step).await? {}
    server.access_cache().clear();
    Ok(())
}

/// Removes who follows `account` from a domain it blocks, a few each commit.
async fn sever_domain(server: &Server, account: storage::AccountId, domain: &str) -> Result<()> {
    let mut next = Some(Severing::Followers(None));
    while let Some(from) = next {
        let domain = domain.to_owned();
        next = server.write(move |tx| relationship::sever_domain_step(tx, account, &domain, from)).await?;
    }
    Ok(())
}

/// Tells the people here who voted that a poll has ended, some each commit.
async fn end_poll(server: &Server, status: storage::StatusId, job: &Job) -> Result<()> {
    // One that stepped aside is due later than what it waited for.
    let awaited = (job.attempts == 0).then_some(job.due);
    let mut behind = None;
    loop {
        behind = server.write(move |tx| poll::end_step(tx, status, awaited, behind)).await?;
        if behind.is_none() {
            return Ok(());
        }
    }
}

/// Removes what a deleted list held, some each commit.
async fn purge_list(server: &Server, owner: storage::AccountId, list: storage::RowId) -> Result<()> {
    while server.write(move |tx| crate::list::purge_step(tx, owner, list)).await? {}
    Ok(())
}

/// Removes what hung on an announcement that is gone, some each commit.
async fn purge_announcement(server: &Server, id: storage::RowId) -> Result<()> {
    while server.write(move |tx| announcement::purge_step(tx, id)).await? {}
    Ok(())
}

async fn until(server: &Server, time: Option<Timestamp>) {
    match time {
        Some(time) => server.sleep_until(time).await,
        None => std::future::pending().await,
    }
}
