//! Archives: asking for one, what is found of it, and when it goes.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Read, Timestamp, Tx,
    account::stats,
    takeout::{self, Takeout, TakeoutState},
};

/// Asks for an archive of `owner`, which a job writes.
///
/// # Errors
/// `Forbidden` while one is being written, and before `limits::TAKEOUT_REST_MS` (a week) have passed since the last one
/// that came to something.
///
/// Source: Mastodon's `Backup` model and `BackupPolicy`.
pub fn ask(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    let now = tx.now();
    if let Some(known) = takeout::find(tx, owner)?
        && !may_ask(&known, now)
    {
        return Err(Error::Forbidden("An archive can be asked for once a week"));
    }
    let statuses = stats(tx, owner)?.statuses;
    takeout::begin(tx, owner, statuses.saturating_mul(2));
    Ok(())
}

/// Whether another one may be asked for.
#[must_use]
pub fn may_ask(known: &Takeout, now: Timestamp) -> bool {
    let came_to_nothing = matches!(known.state, TakeoutState::Failed | TakeoutState::TooLarge);
    came_to_nothing || now.ms_since(known.asked_at) >= limits::TAKEOUT_REST_MS
}

/// The archive of `owner`, if it can be taken: until `limits::TAKEOUT_KEPT_MS` (a week) after it was asked for.
///
/// # Errors
/// Storage errors.
pub fn ready(read: &dyn Read, owner: AccountId, now: Timestamp) -> Result<Option<Takeout>> {
    let known = takeout::find(read, owner)?.filter(|known| known.state == TakeoutState::Ready);
    Ok(known.filter(|known| now.ms_since(known.asked_at) < limits::TAKEOUT_KEPT_MS))
}

/// Whether a file below `takeout/` is still to be had: its name says whose it is and when it was asked for.
///
/// # Errors
/// Storage errors.
pub fn is_kept(read: &dyn Read, file: &str, now: Timestamp) -> Result<bool> {
    let Some(owner) = file.split('-').next().and_then(|text| text.parse().ok()).map(AccountId) else {
        return Ok(false);
    };
    // One that is just finished is there a moment before its row says so.
    let known = takeout::find(read, owner)?.filter(|known| known.file(owner) == file);
    Ok(known.is_some_and(|known| {
        let there = matches!(known.state, TakeoutState::Ready | TakeoutState::Writing);
        there && now.ms_since(known.asked_at) < limits::TAKEOUT_KEPT_MS
    }))
}
