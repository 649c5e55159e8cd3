//! Large audiences become lists of inboxes: a step of each in turn, each step a commit.

use super::in_order;
use crate::{error::Result, limits, server::Server};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use storage::{
    ActivityId,
    audience::{self, Added, Expansion, Step},
    peer::InboxId,
};
use tokio::sync::Notify;

/// Inboxes found so far of each activity under way.
type Known = HashMap<ActivityId, Arc<HashSet<InboxId>>>;

/// Expands until the server stops.
pub(super) async fn run(server: Server, queued: Arc<Notify>) {
    let mut known = Known::new();
    loop {
        match round(&server, &mut known).await {
            Ok(true) => {}
            Ok(false) => {
                known.clear();
                queued.notified().await;
            }
            Err(error) => {
                tracing::warn!(%error, "audiences wait for the store");
                tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
            }
        }
    }
}

/// One step of the oldest expansions; whether there were any.
///
/// The oldest of all never waits for another, so each round gets somewhere.
async fn round(server: &Server, known: &mut Known) -> Result<bool> {
    let fresh: HashSet<ActivityId> = known.keys().copied().collect();
    let steps = server.read(move |view| {
        let mut steps = Vec::new();
        for (id, expansion) in audience::under_way(view, None, limits::EXPANSIONS_AT_ONCE)? {
            let found = if fresh.contains(&id) { None } else { Some(audience::inboxes(view, id)?) };
            let step = audience::gather(view, id, &expansion.audience, expansion.stage)?;
            steps.push((id, expansion, found, step));
        }
        Ok(steps)
    });
    let steps = steps.await?;
    let under_way: HashSet<_> = steps.iter().map(|(id, ..)| *id).collect();
    known.retain(|id, _| under_way.contains(id));
    let mut writes = Vec::new();
    let mut ids = Vec::new();
    for (id, expansion, found, step) in steps {
        if let Some(found) = found {
            known.insert(id, Arc::new(found));
        }
        let Some(step) = step else { continue };
        ids.push(id);
        writes.push(extend(server, id, expansion, step, Arc::clone(known.entry(id).or_default())));
    }
    for (id, added) in ids.into_iter().zip(in_order(writes).await) {
        let Some(added) = added? else {
            known.remove(&id);
            continue;
        };
        if let Some(known) = known.get_mut(&id) {
            Arc::make_mut(known).extend(added.inboxes);
        }
    }
    Ok(!under_way.is_empty())
}

async fn extend(
    server: &Server,
    id: ActivityId,
    expansion: Expansion,
    step: Step,
    known: Arc<HashSet<InboxId>>,
) -> Result<Option<Added>> {
    server.write(move |tx| Ok(audience::extend(tx, id, expansion.stage, &step, &known)?)).await
}
