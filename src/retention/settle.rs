//! Rows of earlier versions, brought step by step into the tables that retention reads. Nothing goes before all are in.

use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, StatusId, Tx,
    account::LOCAL_ACCOUNTS,
    retention::{self, Hour, Rank, Settling, Touch},
    status::{self, BOOKMARKS, FAVOURITES, STATUSES, STATUSES_OF_ACCOUNT},
};

const LISTS: u8 = 3;

/// Does one step; says whether there is more to do.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>) -> Result<bool> {
    let next = match retention::settling(tx)? {
        Settling::Settled => return Ok(false),
        Settling::Arrivals { after } => arrivals(tx, after)?,
        Settling::Touches { account, list, after } => touches(tx, account, list, after)?,
        // Versions that had come this far knew of no votes and quotes.
        Settling::Done => Settling::Shares { after: StatusId(0) },
        Settling::Shares { after } => shares(tx, after)?,
    };
    retention::put_settling(tx, next);
    Ok(next != Settling::Settled)
}

fn touches(tx: &mut Tx<'_>, account: AccountId, list: u8, after: u64) -> Result<Settling> {
    let from = Bounds { above: account.0.checked_sub(1), below: None };
    let next = LOCAL_ACCOUNTS.list(tx, &(), from, Direction::Ascending, 1)?;
    let Some(((), current)) = next.first().map(|(id, ())| ((), *id)) else {
        return Ok(Settling::Arrivals { after: StatusId(0) });
    };
    let (list, after) = if current == account { (list, after) } else { (0, 0) };
    let bounds = Bounds { above: Some(after).filter(|after| *after > 0), below: None };
    let last = match list {
        0 => marked(tx, current, bounds, &FAVOURITES)?,
        1 => marked(tx, current, bounds, &BOOKMARKS)?,
        _ => written(tx, current, bounds)?,
    };
    Ok(match last {
        Some(after) => Settling::Touches { account: current, list, after: after.0 },
        None if list + 1 < LISTS => Settling::Touches { account: current, list: list + 1, after: 0 },
        None => Settling::Touches { account: AccountId(current.0.saturating_add(1)), list: 0, after: 0 },
    })
}

type Marks = storage::Table<(AccountId, StatusId), status::Mark>;

/// Some of what `who` marked; the last one looked at, `None` at the end.
fn marked(tx: &mut Tx<'_>, who: AccountId, bounds: Bounds, marks: &Marks) -> Result<Option<StatusId>> {
    let rows = marks.list(tx, &who, bounds, Direction::Ascending, limits::RETENTION_SETTLE_STEP)?;
    for ((_, id), _) in &rows {
        hold(tx, *id, who)?;
    }
    Ok(rows.last().map(|((_, id), _)| *id))
}

/// Some of what `who` wrote or shared; the last one looked at, `None` at the end.
fn written(tx: &mut Tx<'_>, who: AccountId, bounds: Bounds) -> Result<Option<StatusId>> {
    // Each may hold a whole thread above it.
    let rows = STATUSES_OF_ACCOUNT.list(tx, &who, bounds, Direction::Ascending, limits::RETENTION_THREADS_STEP)?;
    for ((_, id), _) in &rows {
        let Some(row) = status::find(tx, *id)? else { continue };
        if let Some(original) = row.reblog_of {
            hold(tx, original, who)?;
        }
        retention::take_part(tx, row.reply.and_then(|reply| reply.status), who)?;
    }
    Ok(rows.last().map(|((_, id), _)| *id))
}

/// Who here voted in the next statuses of other servers, or quotes them, holds them.
fn shares(tx: &mut Tx<'_>, after: StatusId) -> Result<Settling> {
    let (mut after, mut held) = (after, 0);
    for _ in 0..limits::RETENTION_SETTLE_STEP {
        let Some(next) = retention::next_shared(tx, after)? else { return Ok(Settling::Settled) };
        after = next;
        if status::find(tx, next)?.is_some_and(|row| !row.local) {
            held += retention::hold_shares(tx, next)?;
        }
        if held >= limits::RETENTION_SETTLE_STEP {
            break;
        }
    }
    Ok(Settling::Shares { after })
}

fn hold(tx: &mut Tx<'_>, id: StatusId, who: AccountId) -> Result<()> {
    if status::find(tx, id)?.is_some_and(|row| !row.local) {
        retention::touch(tx, id, who, Touch::Marked)?;
    }
    Ok(())
}

/// Statuses that were stored before arrivals were noted count as arrived now: within the hour the queue is in the order
/// in which they were posted. What has arrived meanwhile stands in it twice; the second row points to nothing when its
/// turn comes, or says the same again.
fn arrivals(tx: &mut Tx<'_>, after: StatusId) -> Result<Settling> {
    let bounds = Bounds { above: Some(after.0), below: None };
    let rows = STATUSES.list(tx, &(), bounds, Direction::Ascending, limits::RETENTION_SETTLE_STEP)?;
    let now = Hour::of(tx.now());
    for (id, row) in &rows {
        if !row.local {
            retention::queue(tx, Rank::Ordinary, now, *id);
        }
    }
    Ok(rows.last().map_or(Settling::Done, |(id, _)| Settling::Arrivals { after: *id }))
}
