//! What is remembered of an activity once everybody has it, and how that goes again.

use super::{
    ACTIVITIES, ACTIVITIES_OF_OBJECT, ACTIVITY_BYTES, ACTIVITY_INBOXES, Activity, FORGET_STEP, OWED_COUNT, Sender,
    is_finished,
};
use crate::{
    account,
    error::Result,
    id::ActivityId,
    intent::Intent,
    key::Digest,
    retired_key,
    store::Tx,
    table::{Bounds, Direction, Read},
    undelivered,
};
use serde::{Deserialize, Serialize};

/// Activities about one object looked at when memory is tidied.
const TIDY_ACTIVITIES: usize = 100;
/// Lists of inboxes removed when an activity ends; the rest is left to a job.
const FINISH_LISTS: usize = 3;

/// What is remembered of an activity once everybody has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Memory {
    /// Nothing.
    Nothing,
    /// Who got it, so that later activities about the object reach them (`Audience::prior_of`).
    Audience,
    /// It takes the object back: nothing, and what was remembered of the object goes too.
    End,
    /// Its sender is gone: as `End`. Once it is known who gets it, what the sender left goes; once they have it, the keys.
    Departure,
}

impl Memory {
    /// What is remembered of the activity that tells `intent`.
    #[must_use]
    pub fn of(intent: &Intent) -> Self {
        match intent {
            Intent::Create { .. }
            | Intent::Update { .. }
            | Intent::UpdatePoll { .. }
            | Intent::Announce { .. }
            // It carries the quoting status, which its later activities follow.
            | Intent::QuoteRequest { .. }
            | Intent::AskReply { .. }
            | Intent::AskReblog { .. }
            // Relays hear of its end, too.
            | Intent::TellRelays { .. }
            // Whoever moved wants to know who has heard of it.
            | Intent::Move { .. } => Memory::Audience,
            Intent::Delete { .. }
            | Intent::DeleteHeld { .. }
            | Intent::DeleteShared { .. }
            | Intent::UndoAnnounce { .. } => Memory::End,
            Intent::DeleteActor { .. } => Memory::Departure,
            Intent::Like { .. }
            | Intent::AskFavourite { .. }
            | Intent::UndoLike { .. }
            | Intent::UndoAskFavourite { .. }
            | Intent::React { .. }
            | Intent::UndoReact { .. }
            | Intent::LikeWithEmoji { .. }
            | Intent::UndoLikeWithEmoji { .. }
            | Intent::Follow { .. }
            | Intent::UndoFollow { .. }
            | Intent::AcceptFollow { .. }
            | Intent::RejectFollow { .. }
            | Intent::UpdateActor { .. }
            | Intent::Pinned { .. }
            | Intent::Feature { .. }
            | Intent::Unfeature { .. }
            | Intent::Block { .. }
            | Intent::UndoBlock { .. }
            | Intent::Vote { .. }
            | Intent::Flag { .. }
            | Intent::AcceptQuote { .. }
            | Intent::RejectQuote { .. }
            | Intent::RevokeQuote { .. }
            | Intent::Forward { .. }
            | Intent::ChangeKeys { .. }
            | Intent::ChangeInstanceKeys { .. }
            | Intent::AcceptInteraction { .. }
            | Intent::RejectInteraction { .. }
            | Intent::FollowRelay { .. }
            | Intent::UnfollowRelay { .. }
            | Intent::AcceptRelay { .. } => Memory::Nothing,
        }
    }

    /// Whether the object is gone with the activity.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Memory::End | Memory::Departure)
    }
}

/// Removes at most one step of what is remembered of an object that is gone or said anew; answers whether there may
/// be more. `finish` queues the job that calls it.
///
/// # Errors
/// Storage errors.
pub fn tidy(tx: &mut Tx<'_>, object: Digest) -> Result<bool> {
    let mut known = Vec::new();
    for ((_, id), ()) in ACTIVITIES_OF_OBJECT.list(tx, &object, Bounds::NONE, Direction::Ascending, TIDY_ACTIVITIES)? {
        match ACTIVITIES.get(tx, &id)? {
            Some(activity) => known.push((id, activity, is_finished(tx, id)?)),
            None => ACTIVITIES_OF_OBJECT.delete(tx, &(object, id)),
        }
    }
    let covers = |(_, activity, finished): &&(ActivityId, Activity, bool)| {
        *finished && (activity.supersedes || activity.memory.ends())
    };
    let Some((newest, activity, _)) = known.iter().rev().find(covers) else { return Ok(false) };
    let mut budget = FORGET_STEP;
    let mut others = false;
    for (id, _, finished) in &known {
        if id == newest {
            continue;
        }
        if *finished && id < newest {
            if !forget(tx, *id, object, &mut budget)? {
                return Ok(true);
            }
        } else {
            others = true;
        }
    }
    if activity.memory.ends() && !others {
        return Ok(!forget(tx, *newest, object, &mut budget)?);
    }
    Ok(false)
}

/// Ends an activity that everybody has: its bytes go, and what its `memory` says.
pub(crate) fn finish(tx: &mut Tx<'_>, id: ActivityId) -> Result<()> {
    ACTIVITY_BYTES.delete(tx, &id);
    OWED_COUNT.delete(tx, &id);
    let Some(activity) = ACTIVITIES.get(tx, &id)? else { return Ok(()) };
    if let (Memory::Departure, Sender::Account(gone)) = (activity.memory, activity.sender) {
        account::forget_signer(tx, gone);
    }
    match activity.sender {
        Sender::Retired(account) => retired_key::forget(tx, account),
        Sender::RetiredInstance(at) => retired_key::forget_of_instance(tx, at)?,
        Sender::Account(_) | Sender::Instance => {}
    }
    let forgotten = activity.memory == Memory::Nothing || activity.memory == Memory::Audience && !has_inboxes(tx, id)?;
    let more = if forgotten {
        !forget(tx, id, activity.object, &mut FINISH_LISTS.clone())?
    } else {
        // Behind an ordinary Create there is nothing to tidy; what is, a job does, so that ends stay small commits.
        activity.supersedes || activity.memory.ends() || has_successor(tx, id, activity.object)?
    };
    if more {
        crate::job::enqueue(tx, crate::job::JobKind::ForgetDeliveries { activity: id, object: activity.object });
    }
    Ok(())
}

fn has_successor(read: &dyn Read, id: ActivityId, object: Digest) -> Result<bool> {
    let above = Bounds { above: Some(id.0), below: None };
    Ok(!ACTIVITIES_OF_OBJECT.list(read, &object, above, Direction::Ascending, 1)?.is_empty())
}

/// Removes one step of the rows of a finished activity; answers whether it is gone.
///
/// # Errors
/// Storage errors.
pub fn forget_activity(tx: &mut Tx<'_>, id: ActivityId, object: Digest) -> Result<bool> {
    forget(tx, id, object, &mut FORGET_STEP.clone())
}

fn forget(tx: &mut Tx<'_>, id: ActivityId, object: Digest, budget: &mut usize) -> Result<bool> {
    let lists = ACTIVITY_INBOXES.list(tx, &id, Bounds::NONE, Direction::Ascending, *budget)?;
    for (key, _) in &lists {
        ACTIVITY_INBOXES.delete(tx, key);
    }
    let enough = lists.len() < *budget;
    *budget -= lists.len();
    if !enough {
        return Ok(false);
    }
    ACTIVITIES.delete(tx, &id);
    ACTIVITIES_OF_OBJECT.delete(tx, &(object, id));
    if undelivered::forget(tx, id)? {
        *budget = budget.saturating_sub(1);
    }
    Ok(true)
}

fn has_inboxes(read: &dyn Read, id: ActivityId) -> Result<bool> {
    Ok(!ACTIVITY_INBOXES.list(read, &id, Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}
