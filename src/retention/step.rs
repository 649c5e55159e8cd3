//! One step through the queues: the oldest statuses of other servers are looked at; what nothing holds goes, what is held
//! goes to the end of the queue and is looked at again later.

use super::{
    FollowedTags,
    rule::{Verdict, judge},
};
use crate::{error::Result, limits, status::purge};
use storage::{
    StatusId, Tx,
    retention::{self, Hour, Rank},
    status,
};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// What nothing holds goes this many days after it arrived, even if there is room.
    pub days: u32,
    /// There is too little room: the oldest goes before its time.
    pub pressed: bool,
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Statuses that went.
    pub removed: usize,
    /// Statuses that stay for now.
    pub kept: usize,
    /// There may be more to look at for the same goal.
    pub more: bool,
}

/// Does one step; `tags` are those that people here follow.
///
/// # Errors
/// Storage errors.
pub fn step(tx: &mut Tx<'_>, goal: Goal, tags: &FollowedTags) -> Result<Done> {
    tx.accept_when_full();
    let now = Hour::of(tx.now());
    for (rank, before) in due(now, goal) {
        let rows = retention::head(tx, rank, before, limits::RETENTION_STEP)?;
        if !rows.is_empty() {
            return look_at(tx, (goal, now), tags, rank, &rows);
        }
    }
    Ok(Done::default())
}

/// The queues in the order in which they are worked through, each with the hour from which on it is left alone.
fn due(now: Hour, goal: Goal) -> [(Rank, Hour); 3] {
    let aged = now.before(goal.days.saturating_mul(24));
    if goal.pressed {
        [
            (Rank::Ordinary, now.before(limits::RETENTION_FRESH_HOURS).max(aged)),
            (Rank::Kept, now.before(limits::RETENTION_KEPT_HOURS_PRESSED)),
            (Rank::Followed, followed_from(now)),
        ]
    } else {
        // What is followed does not go by age, but whether it is followed still is looked at.
        [(Rank::Ordinary, aged), (Rank::Kept, now.before(limits::RETENTION_KEPT_HOURS)), (Rank::Followed, aged)]
    }
}

fn followed_from(now: Hour) -> Hour {
    now.before(limits::RETENTION_FOLLOWED_HOURS)
}

fn look_at(
    tx: &mut Tx<'_>,
    (goal, now): (Goal, Hour),
    tags: &FollowedTags,
    rank: Rank,
    rows: &[(Hour, StatusId)],
) -> Result<Done> {
    let mut done = Done { more: true, ..Done::default() };
    let (mut looked_at, mut operations) = (0, 0);
    for (hour, id) in rows {
        if looked_at >= limits::RETENTION_ROWS || operations >= limits::JOB_OPERATIONS {
            break;
        }
        let Some(row) = status::find(tx, *id)? else {
            retention::unqueue(tx, rank, *hour, *id);
            operations += 1;
            continue;
        };
        let look = judge(tx, &row, *hour, tags)?;
        looked_at += look.rows + 1;
        let place = match (look.verdict, rank) {
            (Verdict::Keep, _) => Some((Rank::Kept, now)),
            // Where there is room it is as good as kept, and looked at again as what is kept.
            (Verdict::Followed(_), _) if !goal.pressed => Some((Rank::Kept, now)),
            // What was kept and is not any more has lost its hour; when it was posted is the next best.
            (Verdict::Followed(_), Rank::Kept) => Some((Rank::Followed, Hour::of(id.time()))),
            (Verdict::Go, Rank::Kept) => Some((Rank::Ordinary, Hour::of(id.time()))),
            (Verdict::Followed(hour), Rank::Followed) if hour < followed_from(now) => None,
            (Verdict::Followed(hour), _) => Some((Rank::Followed, hour)),
            (Verdict::Go, _) => None,
        };
        if let Some((rank, hour)) = place {
            operations += 2;
            done.kept += 1;
            retention::queue(tx, rank, hour, *id);
        } else {
            let cost = purge::cost(tx, &row)?;
            if operations > 0 && operations + cost > limits::JOB_OPERATIONS {
                break;
            }
            operations += cost + 1;
            looked_at += cost;
            done.removed += 1;
            purge::let_go(tx, &row)?;
        }
        if place != Some((rank, *hour)) {
            retention::unqueue(tx, rank, *hour, *id);
        }
    }
    Ok(done)
}
