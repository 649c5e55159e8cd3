//! Letting in, or turning away, those who signed up.

use super::power::{Power, require};
use crate::{
    error::{Error, Result},
    limits,
    user::{
        invite, remove as remove_user,
        sign_up::{Proof, owe, untell_staff},
    },
};
use storage::{
    AccountId, Bounds, Direction, Read, Tx,
    account::{self, Account},
    job::Letter,
    moderation::{AuditAction, Subject, record_deed},
    user::{self, User, WAITING},
};

/// How many people wait for somebody's word, among the newest `limits::ROWS_EXAMINED_MAX` who are not in yet.
///
/// # Errors
/// Storage errors.
pub fn waiting(read: &dyn Read) -> Result<usize> {
    let mut waiting = 0;
    for (id, ()) in WAITING.list(read, &(), Bounds::NONE, Direction::Descending, limits::ROWS_EXAMINED_MAX)? {
        waiting += usize::from(user::find(read, id)?.is_some_and(|user| !user.approved));
    }
    Ok(waiting)
}

/// Lets somebody in. Where no address can be confirmed theirs counts as confirmed. Whoever calls clears what is
/// remembered of tokens once it is durable.
///
/// # Errors
/// `Forbidden` for whoever may not, or if they are in already; `NotFound` if nobody signed up under this number.
///
/// Source: client API, admin/accounts#approve.
pub fn approve(tx: &mut Tx<'_>, by: AccountId, target: AccountId, proof: Proof) -> Result<()> {
    let mut user = require_pending(tx, by, target)?;
    user.approved = true;
    if proof == Proof::None {
        user.confirmed_at = user.confirmed_at.or(Some(tx.now()));
    }
    user::put(tx, &user)?;
    if user.confirmed_at.is_some() {
        invite::let_in(tx, target)?;
    }
    if user.confirmed_at.is_some() && proof == Proof::ByMail {
        owe(tx, target, Letter::Approved);
    }
    record_deed(tx, by, AuditAction::Approve, Subject::Account(target), "");
    Ok(())
}

/// Turns somebody away: the user is gone with everything they sent, the name stays used. Whoever calls clears what is
/// remembered of tokens once it is durable.
///
/// # Errors
/// As [`approve`].
///
/// Source: client API, admin/accounts#reject.
pub fn reject(tx: &mut Tx<'_>, by: AccountId, target: AccountId) -> Result<()> {
    require_pending(tx, by, target)?;
    untell_staff(tx, target)?;
    remove_user(tx, target)?;
    // Nobody has ever seen the account; what is left of it holds its name.
    let account = account::find(tx, target)?.ok_or(Error::NotFound)?;
    let suspended_at = account.suspended_at.or(Some(tx.now()));
    account::put(tx, &Account { suspended_at, ..account })?;
    record_deed(tx, by, AuditAction::Reject, Subject::Account(target), "");
    Ok(())
}

fn require_pending(tx: &mut Tx<'_>, by: AccountId, target: AccountId) -> Result<User> {
    require(tx, by, Power::ManageUsers)?;
    let user = user::find(tx, target)?.ok_or(Error::NotFound)?;
    if user.approved { Err(Error::Forbidden("This action is not allowed")) } else { Ok(user) }
}
