//! Intents become activities: built once, their bytes stored before the first send, with the first step of their
//! audience. In the order of their jobs, a batch at a time, so that two activities about one object keep theirs.

use super::in_order;
use crate::{
    error::{Error, Result},
    federation::activity,
    limits,
    server::Server,
};
use std::sync::Arc;
use storage::{
    ActivityId, JobId,
    audience::{self, Step},
    delivery::{Built, Memory},
    intent::Intent,
    job::{self, Job, JobClass, JobKind},
};
use tokio::sync::Notify;

/// A job with what it becomes.
#[derive(Clone)]
struct Made {
    job: JobId,
    /// None: there is nothing to tell (any more).
    activity: Option<Arc<(Built, Memory, Step)>>,
    /// It is remembered beside the earlier ones about its object, some of which may tell no more than it.
    beside: bool,
}

impl Made {
    fn nothing(job: JobId) -> Self {
        Made { job, activity: None, beside: false }
    }
}

/// Distributes until the server stops; tells `expansions` of audiences that need more steps.
pub(super) async fn run(server: Server, expansions: Arc<Notify>) {
    loop {
        match batch(&server, &expansions).await {
            Ok(0) => server.job_waits(JobClass::Distribute).await,
            Ok(_) => {}
            Err(error) => super::store_failed("distribution waits for the store", &error).await,
        }
    }
}

/// Distributes what is due, at most `limits::DISTRIBUTE_BATCH` jobs; answers how many.
async fn batch(server: &Server, expansions: &Notify) -> Result<usize> {
    let now = server.now();
    let (jobs, _) =
        server.read(move |view| Ok(job::due(view, JobClass::Distribute, now, limits::DISTRIBUTE_BATCH)?)).await?;
    let count = jobs.len();
    if count == 0 {
        return Ok(0);
    }
    let made = match make(server, jobs.clone()).await {
        // One intent that cannot be built must not hold up the others: one after another then.
        Err(error) if is_fault(&error) => {
            let mut made = Vec::with_capacity(count);
            for (id, job) in jobs {
                made.extend(make_alone(server, id, job).await?);
            }
            made
        }
        made => made?,
    };
    let stored = in_order(groups(made).into_iter().map(|group| store(server, group))).await;
    let mut more = false;
    for outcome in stored {
        more |= outcome?;
    }
    if more {
        expansions.notify_one();
    }
    Ok(count)
}

/// Whether a defect of ours, or an activity beyond its bounds, stands behind an error: trying again is of no use.
fn is_fault(error: &Error) -> bool {
    !matches!(error, Error::Storage(error) if !matches!(error, storage::Error::TooLarge { .. }))
}

async fn make_alone(server: &Server, id: JobId, job: Job) -> Result<Vec<Made>> {
    match make(server, vec![(id, job.clone())]).await {
        Err(error) if is_fault(&error) => {
            tracing::error!(job = %id, kind = ?job.kind, %error, "an activity cannot be built and is dropped");
            Ok(vec![Made::nothing(id)])
        }
        made => made,
    }
}

/// Builds the activities of `jobs`, off the async workers.
async fn make(server: &Server, jobs: Vec<(JobId, Job)>) -> Result<Vec<Made>> {
    let (origin, now) = (server.origin().clone(), server.now());
    server
        .read(move |view| {
            let mut made = Vec::with_capacity(jobs.len());
            for (id, job) in &jobs {
                let JobKind::Distribute(intent) = &job.kind else { continue };
                let mut beside = false;
                let activity = match activity::build(view, &origin, intent, *id, now)? {
                    Some(built) => {
                        let says_anew = matches!(intent, Intent::Update { .. } | Intent::UpdatePoll { .. });
                        beside = says_anew && built.audience.prior_of.is_none();
                        let relays = activity::relay::inboxes(view, intent)?;
                        if built.audience.is_empty() && relays.is_empty() {
                            made.push(Made::nothing(*id));
                            continue;
                        }
                        // Whoever got earlier activities is found by the steps after this one: those may stand in
                        // the same batch.
                        let stage = audience::first_stage(&built.audience);
                        let mut step = match stage {
                            audience::Stage::Prior(_) => Step { next: Some(stage), ..Step::default() },
                            stage => {
                                audience::gather(view, ActivityId(id.0), &built.audience, stage)?.unwrap_or_default()
                            }
                        };
                        step.targets.extend(relays);
                        Some(Arc::new((built, Memory::of(intent), step)))
                    }
                    None => None,
                };
                made.push(Made { job: *id, activity, beside });
            }
            Ok(made)
        })
        .await
}

/// What goes into one commit together: as much as the bounds of a transaction surely take.
fn groups(made: Vec<Made>) -> Vec<Vec<Made>> {
    let (mut groups, mut group, mut operations, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
    for one in made {
        let (more, size) = one.activity.as_ref().map_or((2, 0), |activity| {
            let (built, _, step) = activity.as_ref();
            let forgetting = 2 * usize::from(one.beside);
            (limits::DISTRIBUTE_OPERATIONS + forgetting + 3 * step.targets.len(), built.bytes.len())
        });
        let full = operations + more > limits::JOB_OPERATIONS || bytes + size > limits::DISTRIBUTE_BYTES;
        if full && !group.is_empty() {
            groups.push(std::mem::take(&mut group));
            (operations, bytes) = (0, 0);
        }
        operations += more;
        bytes += size;
        group.push(one);
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

/// Stores activities and ends their jobs, in one commit; answers whether an audience needs more steps.
async fn store(server: &Server, group: Vec<Made>) -> Result<bool> {
    let rule = group.clone();
    let outcome = server
        .write(move |tx| {
            let mut more = false;
            for one in &rule {
                if let Some(activity) = &one.activity {
                    let (built, memory, step) = activity.as_ref();
                    let id = ActivityId(one.job.0);
                    let added = audience::store(tx, id, built, *memory, step)?;
                    if one.beside && added.is_some() {
                        job::enqueue(tx, JobKind::ForgetDeliveries { activity: id, object: built.object });
                    }
                    more |= added.is_some_and(|added| added.next.is_some());
                }
                job::finish(tx, one.job)?;
            }
            Ok(more)
        })
        .await;
    match outcome {
        Err(error) if is_fault(&error) => {
            let jobs: Vec<_> = group.iter().map(|one| one.job).collect();
            tracing::error!(?jobs, %error, "activities cannot be stored and are dropped");
            server
                .write(move |tx| {
                    for id in &jobs {
                        job::finish(tx, *id)?;
                    }
                    Ok(false)
                })
                .await
        }
        outcome => outcome,
    }
}
