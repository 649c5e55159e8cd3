//! Profiles of other servers: when they are asked for because somebody here looks at them or follows them.

use crate::{error::Result, limits};
use storage::{
    AccountId, Read, Timestamp, Tx, account,
    backfill::{Asked, PROFILES},
    job::{self, JobClass, JobKind},
};

/// Whether what an account shows is to be asked for: it lives elsewhere, that was not done lately, and not too much of
/// the kind waits.
///
/// # Errors
/// Storage errors.
pub fn is_wanted(read: &dyn Read, now: Timestamp, id: AccountId) -> Result<bool> {
    let Some(account) = account::find(read, id)? else { return Ok(false) };
    if account.is_local() || account.suspended_at.is_some() {
        return Ok(false);
    }
    let due = PROFILES.get(read, &id)?.is_none_or(|asked| asked.is_due(now, limits::PROFILE_COOL_DOWN_MS));
    Ok(due && !job::is_crowded(read, JobClass::Backfill, limits::BACKFILLS_WAITING_MAX)?)
}

/// Asks for it, if it is wanted: one job at a time.
///
/// # Errors
/// Storage errors.
pub fn ask(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let now = tx.now();
    if is_wanted(tx, now, id)? {
        PROFILES.put(tx, &id, &Asked { at: now, ended_at: None, found: 0 });
        job::enqueue(tx, JobKind::FetchProfile { account: id });
    }
    Ok(())
}

/// Whether it was asked for again later than at `at`: what was asked for then has been taken over.
///
/// # Errors
/// Storage errors.
pub fn is_asked_anew(read: &dyn Read, id: AccountId, at: Timestamp) -> Result<bool> {
    Ok(PROFILES.get(read, &id)?.is_some_and(|asked| asked.at > at))
}

/// Says that the profile was read.
///
/// # Errors
/// Storage errors.
pub fn end(tx: &mut Tx<'_>, id: AccountId, found: u32) -> Result<()> {
    let now = tx.now();
    if let Some(asked) = PROFILES.get(tx, &id)? {
        PROFILES.put(tx, &id, &Asked { at: asked.at, ended_at: Some(now), found });
    }
    Ok(())
}
