//! Large audiences become lists of inboxes: of each in turn as much as a commit takes, found in several short reads.

use super::in_order;
use crate::{error::Result, limits, server::Server};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use storage::{
    ActivityId, Timestamp,
    audience::{self, Added, Audience, Expansion, Room, Routes, STEP_ROWS, Stage, Step},
    delivery::ACTIVITIES,
    peer::InboxId,
};
use tokio::sync::Notify;

/// An expansion under way.
struct Walk {
    /// Inboxes found and stored so far.
    known: Arc<HashSet<InboxId>>,
    routes: Routes,
    /// When the activity was stored.
    since: Timestamp,
    /// What was found while the last step was stored, and from where on.
    ahead: Option<(Stage, Step)>,
}

type Walks = HashMap<ActivityId, Walk>;

/// Expands until the server stops.
pub(super) async fn run(server: Server, queued: Arc<Notify>) {
    let mut walks = Walks::new();
    loop {
        match round(&server, &mut walks).await {
            Ok(true) => {}
            Ok(false) => {
                walks.clear();
                queued.notified().await;
            }
            Err(error) => {
                walks.clear();
                super::store_failed("audiences wait for the store", &error).await;
            }
        }
    }
}

/// One commit of each of the oldest expansions; whether there were any.
///
/// The oldest of all never waits for another, so each round gets somewhere.
async fn round(server: &Server, walks: &mut Walks) -> Result<bool> {
    let look = |view: &storage::View<'_>| Ok(audience::under_way(view, None, limits::EXPANSIONS_AT_ONCE)?);
    let under_way = server.read(look).await?;
    let ids: HashSet<ActivityId> = under_way.iter().map(|(id, _)| *id).collect();
    walks.retain(|id, _| ids.contains(id));
    let advances = under_way.into_iter().map(|(id, expansion)| {
        let walk = walks.remove(&id);
        async move { (id, advance(server, id, expansion, walk).await) }
    });
    let advances: Vec<_> = advances.collect();
    for (id, outcome) in in_order(advances).await {
        if let Some(walk) = outcome? {
            walks.insert(id, walk);
        }
    }
    Ok(!ids.is_empty())
}

/// One commit of an expansion; answers how far it is, or nothing if it is over or somebody else went on with it.
async fn advance(server: &Server, id: ActivityId, expansion: Expansion, walk: Option<Walk>) -> Result<Option<Walk>> {
    let mut walk = match walk {
        Some(walk) => walk,
        None => begin(server, id).await?,
    };
    let Expansion { audience, stage, .. } = expansion;
    let ahead = walk.ahead.take();
    if ahead.as_ref().is_some_and(|(from, _)| *from != stage) {
        // Another step overtook it: what this one noted as found on the way is stored nowhere.
        walk = begin(server, id).await?;
    }
    let found = match ahead.filter(|(from, _)| *from == stage) {
        Some((_, step)) => Some(step),
        None => gather(server, id, &audience, stage, &mut walk, &HashSet::new()).await?,
    };
    let Some(step) = found else { return Ok(Some(walk)) };
    let (next, known) = (step.next, Arc::clone(&walk.known));
    // Who is next is found out while these are stored.
    let stored: HashSet<InboxId> = step.inboxes.iter().copied().collect();
    let (added, ahead) = tokio::join!(
        extend(server, id, stage, step, known),
        look_ahead(server, id, &audience, next, &mut walk, &stored)
    );
    let Some(added) = added? else { return Ok(None) };
    Arc::make_mut(&mut walk.known).extend(added.inboxes);
    if added.next.is_none() {
        let ms = server.now().ms_since(walk.since);
        tracing::info!(activity = %id, inboxes = walk.known.len(), ms, "it is known who gets an activity");
        return Ok(None);
    }
    walk.ahead = ahead?;
    Ok(Some(walk))
}

/// What stands behind a step that is being stored, if there is more.
async fn look_ahead(
    server: &Server,
    id: ActivityId,
    audience: &Audience,
    next: Option<Stage>,
    walk: &mut Walk,
    stored: &HashSet<InboxId>,
) -> Result<Option<(Stage, Step)>> {
    let Some(from) = next else { return Ok(None) };
    Ok(gather(server, id, audience, from, walk, stored).await?.map(|step| (from, step)))
}

async fn begin(server: &Server, id: ActivityId) -> Result<Walk> {
    let now = server.now();
    let look = move |view: &storage::View<'_>| {
        let since = ACTIVITIES.get(view, &id)?.map_or(now, |activity| activity.created_at);
        Ok(Walk { known: Arc::new(audience::inboxes(view, id)?), routes: Routes::default(), since, ahead: None })
    };
    server.read(look).await
}

/// Reads on until there is enough for a commit, in short looks, so that others read between. None: an earlier activity
/// about the object is still being expanded. Those that are being `stored` are passed over as those that are known.
async fn gather(
    server: &Server,
    id: ActivityId,
    whom: &Audience,
    from: Stage,
    walk: &mut Walk,
    stored: &HashSet<InboxId>,
) -> Result<Option<Step>> {
    let (mut whole, mut fresh) = (Step::default(), HashSet::new());
    let mut stage = from;
    // The first ones soon, the others in few commits.
    let enough = walk.known.len().clamp(limits::EXPANSION_INBOXES, limits::EXPANSION_INBOXES_MOST);
    for look in 0..limits::EXPANSION_LOOKS {
        let room = Room { rows: audience::FAR_STEP_ROWS, targets: STEP_ROWS.saturating_sub(whole.targets.len()) };
        let (audience, mut routes) = (whom.clone(), std::mem::take(&mut walk.routes));
        let read = move |view: &storage::View<'_>| {
            let step = audience::gather_far(view, id, &audience, stage, room, &mut routes)?;
            Ok((step, routes))
        };
        let (step, routes) = server.read(read).await?;
        walk.routes = routes;
        let Some(step) = step else {
            // What came before it in this commit is stored all the same.
            return Ok((look > 0).then_some(whole));
        };
        let is_new = |inbox: &InboxId| !walk.known.contains(inbox) && !stored.contains(inbox) && fresh.insert(*inbox);
        whole.inboxes.extend(step.inboxes.into_iter().filter(is_new));
        whole.targets.extend(step.targets);
        whole.next = step.next;
        let Some(next) = step.next else { break };
        stage = next;
        if whole.inboxes.len() >= enough || whole.targets.len() >= STEP_ROWS {
            break;
        }
    }
    Ok(Some(whole))
}

async fn extend(
    server: &Server,
    id: ActivityId,
    from: Stage,
    step: Step,
    known: Arc<HashSet<InboxId>>,
) -> Result<Option<Added>> {
    server.write(move |tx| Ok(audience::extend(tx, id, from, &step, &known)?)).await
}
