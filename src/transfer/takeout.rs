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

/// The room of archives.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// What those of others take ([`of_others`]).
    pub others_bytes: u64,
    /// What all may take ([`most`]).
    pub most_bytes: u64,
}

/// Asks for an archive of `owner`, which a job writes.
///
/// # Errors
/// `Forbidden` while one is being written; before `limits::TAKEOUT_REST_MS` (a week) have passed since the last one, or
/// `limits::TAKEOUT_FAILED_REST_MS` (a day) where nothing came of it; and where those of others take all the room.
///
/// Source: Mastodon's `Backup` model and `BackupPolicy`.
pub fn ask(tx: &mut Tx<'_>, owner: AccountId, room: Room) -> Result<()> {
    let now = tx.now();
    if let Some(known) = takeout::find(tx, owner)?
        && !may_ask(&known, now)
    {
        return Err(Error::Forbidden(match state(&known, now) {
            TakeoutState::Failed => "An archive of which nothing came can be asked for again after a day",
            _ => "An archive can be asked for once a week",
        }));
    }
    if room.others_bytes >= room.most_bytes {
        return Err(Error::Forbidden("Other archives take all the room there is for them; ask again in some days"));
    }
    let statuses = stats(tx, owner)?.statuses;
    takeout::begin(tx, owner, statuses.saturating_mul(2));
    Ok(())
}

/// Whether another one may be asked for.
#[must_use]
pub fn may_ask(known: &Takeout, now: Timestamp) -> bool {
    let rest = match state(known, now) {
        TakeoutState::Failed => limits::TAKEOUT_FAILED_REST_MS,
        TakeoutState::Writing | TakeoutState::Ready | TakeoutState::TooLarge => limits::TAKEOUT_REST_MS,
    };
    now.ms_since(known.asked_at) >= rest
}

/// How far an archive is; nobody waits longer than `limits::TAKEOUT_WRITTEN_MS` for one.
#[must_use]
pub fn state(known: &Takeout, now: Timestamp) -> TakeoutState {
    let late = now.ms_since(known.asked_at) >= limits::TAKEOUT_WRITTEN_MS;
    if known.state == TakeoutState::Writing && late { TakeoutState::Failed } else { known.state }
}

/// Bytes that all archives together may take of a budget of so many.
#[must_use]
pub fn most(budget: u64) -> u64 {
    budget / limits::TAKEOUTS_SHARE
}

/// Bytes of those files below `takeout/` that are not of `owner`.
#[must_use]
pub fn of_others(files: &[(String, u64)], owner: AccountId) -> u64 {
    let others = files.iter().filter(|(file, _)| named(file).is_none_or(|(account, _)| account != owner));
    others.map(|(_, bytes)| *bytes).fold(0, u64::saturating_add)
}

/// Whose a file below `takeout/` is, and when it was asked for.
#[must_use]
pub fn named(file: &str) -> Option<(AccountId, Timestamp)> {
    let (account, asked_at) = file.strip_suffix(".tar.gz")?.split_once('-')?;
    Some((AccountId(account.parse().ok()?), Timestamp(asked_at.parse().ok()?)))
}

/// The archive of `owner`, if it can be taken: until `limits::TAKEOUT_KEPT_MS` (a week) after it was asked for.
///
/// # Errors
/// Storage errors.
pub fn ready(read: &dyn Read, owner: AccountId, now: Timestamp) -> Result<Option<Takeout>> {
    let known = takeout::find(read, owner)?.filter(|known| known.state == TakeoutState::Ready);
    Ok(known.filter(|known| now.ms_since(known.asked_at) < limits::TAKEOUT_KEPT_MS))
}

/// The file of the archive that was asked for at this time is gone, or is to go: nothing came of it.
///
/// # Errors
/// Storage errors.
pub fn lose(tx: &mut Tx<'_>, owner: AccountId, asked_at: Timestamp) -> Result<()> {
    // It makes room.
    tx.accept_when_full();
    Ok(takeout::note(tx, owner, asked_at, |known| known.state = TakeoutState::Failed)?)
}

/// Whether a file below `takeout/` is still to be had: its name says whose it is and when it was asked for.
///
/// # Errors
/// Storage errors.
pub fn is_kept(read: &dyn Read, file: &str, now: Timestamp) -> Result<bool> {
    let Some((owner, _)) = named(file) else { return Ok(false) };
    // One that is just finished is there a moment before its row says so.
    let known = takeout::find(read, owner)?.filter(|known| known.file(owner) == file);
    Ok(known.is_some_and(|known| {
        let there = matches!(known.state, TakeoutState::Ready | TakeoutState::Writing);
        there && now.ms_since(known.asked_at) < limits::TAKEOUT_KEPT_MS
    }))
}
