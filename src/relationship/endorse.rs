//! What one says of others: private notes, and whom one recommends on one's profile.

use crate::{
    account,
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Tx,
    endorsement::{self, ACCOUNT_NOTES, AccountNote},
    relationship,
};

/// Sets the private note of `account` about `target`; an empty one removes it.
///
/// # Errors
/// `NotFound` for an unknown account; `Invalid` above `limits::ACCOUNT_NOTE_CHARS_MAX`.
///
/// Source: client API, accounts#note.
pub fn write_note(tx: &mut Tx<'_>, account: AccountId, target: AccountId, comment: &str) -> Result<()> {
    account::require_shown(tx, target)?;
    let chars = comment.chars().count();
    if chars > limits::ACCOUNT_NOTE_CHARS_MAX {
        let why = format!("comment has {chars} characters; at most {}", limits::ACCOUNT_NOTE_CHARS_MAX);
        return Err(Error::invalid("comment", why));
    }
    if comment.trim().is_empty() {
        ACCOUNT_NOTES.delete(tx, &(account, target));
    } else {
        ACCOUNT_NOTES.put(tx, &(account, target), &AccountNote { comment: comment.to_owned() });
    }
    Ok(())
}

/// `account` recommends `target`, whom it follows.
///
/// # Errors
/// `NotFound` for an unknown account; `Invalid` if `account` does not follow it.
///
/// Source: client API, accounts#endorse.
pub fn endorse(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    account::require_shown(tx, target)?;
    if relationship::find(tx, account, target)?.is_none() {
        return Err(Error::invalid("account", "you must be already following the person you want to endorse"));
    }
    Ok(endorsement::endorse(tx, account, target)?)
}

/// Takes a recommendation back; nothing happens if there is none.
///
/// # Errors
/// `NotFound` for an unknown account.
///
/// Source: client API, accounts#unendorse.
pub fn unendorse(tx: &mut Tx<'_>, account: AccountId, target: AccountId) -> Result<()> {
    account::require_shown(tx, target)?;
    Ok(endorsement::unendorse(tx, account, target)?)
}
