//! Mutes: what one does not want to read. Nobody else learns of them; they count when something is read.

use crate::{
    account,
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Tx,
    job::{self, JobKind},
    mute,
};

/// How somebody is muted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MuteOptions {
    /// Notifications are hidden too.
    pub notifications: bool,
    /// How long, milliseconds; `None`: until taken back.
    pub duration_ms: Option<i64>,
}

/// `account` mutes `target`, or changes a mute. Muting oneself does nothing.
///
/// # Errors
/// `NotFound` for an unknown account; `Invalid` for a duration beyond `limits::MUTE_MS_MAX`.
///
/// Source: client API, accounts#mute.
pub fn mute(tx: &mut Tx<'_>, account: AccountId, target: AccountId, options: MuteOptions) -> Result<()> {
    account::require(tx, target)?;
    if account == target {
        return Ok(());
    }
    if options.duration_ms.is_some_and(|ms| ms > limits::MUTE_MS_MAX) {
        return Err(Error::invalid("duration", format!("duration is above {} seconds", limits::MUTE_MS_MAX / 1_000)));
    }
    let expires_at = options.duration_ms.map(|ms| tx.now().plus_ms(ms));
    mute::put(tx, account, target, options.notifications, expires_at)?;
    if let Some(at) = expires_at {
        job::enqueue_at(tx, JobKind::EndMute { account, target }, at);
    }
    Ok(())
}

/// Takes a mute back; nothing happens if there is none.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#unmute.
pub fn unmute(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    account::require(tx, target)?;
    mute::remove(tx, account, target)?;
    Ok(())
}

/// Ends a mute whose time has come; one that was made longer since has a job of its own.
///
/// # Errors
/// Storage errors.
pub fn end_mute(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    let now = tx.now();
    let over = mute::find(tx, account, target)?.and_then(|mute| mute.expires_at).is_some_and(|at| at <= now);
    if over {
        mute::remove(tx, account, target)?;
    }
    Ok(())
}
