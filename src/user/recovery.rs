//! Recovery sheets: a code on paper with which somebody chooses a new password without mail. It counts once, and until the
//! password is changed in another way.

use super::{
    code::{self, Purpose},
    password,
    sign_up::owe,
};
use crate::error::{Error, Result};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use storage::{
    AccountId, Tx,
    job::Letter,
    recovery::{RECOVERY_SHEETS, RecoverySheet},
    user,
};

/// Keeps the code of the sheet that somebody got with their account.
///
/// # Errors
/// `Invalid` if that is no such code.
pub fn keep(tx: &mut Tx<'_>, account: AccountId, typed: &str) -> Result<()> {
    let hash = code::hash(account, Purpose::Recovery, typed);
    let hash = hash.ok_or_else(|| Error::invalid("recovery", "recovery code is not what the page showed"))?;
    RECOVERY_SHEETS.put(tx, &account, &RecoverySheet { code: hash.0, made_at: tx.now() });
    Ok(())
}

/// Keeps the code of another sheet that somebody has in their hands; a former one counts no more. A letter says so, since
/// whoever has it chooses another password some day.
///
/// # Errors
/// As [`keep`].
pub fn renew(tx: &mut Tx<'_>, account: AccountId, typed: &str) -> Result<()> {
    keep(tx, account, typed)?;
    owe(tx, account, Letter::SheetMade);
    Ok(())
}

/// Sets the password of whoever has the code of their sheet, which is used up by it; every session and token ends. Says
/// whether the code was right.
///
/// # Errors
/// Storage errors.
pub fn reset(tx: &mut Tx<'_>, account: AccountId, typed: &str, password_hash: &str) -> Result<bool> {
    let (sheet, user) = (RECOVERY_SHEETS.get(tx, &account)?, user::find(tx, account)?);
    let (Some(sheet), Some(user)) = (sheet, user) else { return Ok(false) };
    let hash = code::hash(account, Purpose::Recovery, typed);
    if hash.is_none_or(|hash| verify_slices_are_equal(&hash.0, &sheet.code).is_err()) {
        return Ok(false);
    }
    password::change(tx, user, password_hash)?;
    Ok(true)
}
