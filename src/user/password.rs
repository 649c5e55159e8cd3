//! Choosing another password: by a link sent by mail, or with the old one.

use super::sign_up::{owe, require_link};
use crate::{error::Result, limits};
use storage::{
    AccountId, SecretHash, Tx,
    job::{self, JobKind, Letter},
    mail_link::{self, Purpose},
    new_address::NEW_ADDRESSES,
    recovery::RECOVERY_SHEETS,
    second_factor,
    user::{self, User},
};

/// Owes a link to whoever has this address. Whether anybody has it is seen neither in the answer nor in what is stored:
/// a letter to nobody is a job as well.
///
/// # Errors
/// Storage errors.
pub fn ask(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    let known = user::find_by_email(tx, email.trim())?.map_or(AccountId(0), |user| user.account);
    owe(tx, known, Letter::ResetPassword);
    Ok(())
}

/// Sets the password of whoever holds a link; it and all others of theirs are used up, every session and token ends.
///
/// # Errors
/// `NotFound` for a link that does not hold.
pub fn reset(tx: &mut Tx<'_>, link: SecretHash, password_hash: &str) -> Result<AccountId> {
    let now = tx.now();
    let user = require_link(tx, link, Purpose::ResetPassword, now)?;
    change(tx, user, password_hash)
}

/// Sets the password of a user; every session and token ends, neither what links were sent nor a recovery sheet holds any
/// more: whoever knew the old password may have made it.
///
/// # Errors
/// Storage errors.
pub fn change(tx: &mut Tx<'_>, mut user: User, password_hash: &str) -> Result<AccountId> {
    let account = user.account;
    tx.accept_when_full();
    password_hash.clone_into(&mut user.password_hash);
    mail_link::remove_for(tx, account, Purpose::ResetPassword)?;
    RECOVERY_SHEETS.delete(tx, &account);
    // Whoever knew the old password is not half signed in with it either.
    second_factor::remove_steps(tx, account)?;
    end_access(tx, user)?;
    owe(tx, account, Letter::PasswordChanged);
    Ok(account)
}

/// Stores a user who signs in by something else from now on; every session and token ends. So does the wish for another
/// e-mail address: whoever opened the link sent there would get the next letters.
///
/// # Errors
/// Storage errors.
pub(super) fn end_access(tx: &mut Tx<'_>, mut user: User) -> Result<()> {
    let (account, now) = (user.account, tx.now());
    NEW_ADDRESSES.delete(tx, &account);
    mail_link::remove_for(tx, account, Purpose::ChangeEmail)?;
    user.access_ended_at = Some(now);
    user::put(tx, &user)?;
    if user::end_access(tx, account, now.plus_ms(1), limits::ACCESS_ENDED_AT_ONCE)? {
        // What is made later within this very moment holds.
        job::enqueue(tx, JobKind::EndAccess { account, before: now });
    }
    Ok(())
}
