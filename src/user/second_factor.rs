//! Two-factor authentication: a code of a program beside the password, or one of ten spare codes. Each counts once.

use super::{
    code::{self, Purpose},
    password::end_access,
    sign_up::owe,
    totp,
};
use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, SecretHash, Tx,
    job::Letter,
    second_factor::{self, SECOND_FACTORS, SECOND_STEPS, SPARE_CODES, SecondFactor, SecondStep},
    user,
};

/// What becomes of a code that somebody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// They are in.
    Open,
    /// It is wrong, or was given before.
    Wrong,
    /// Too many were wrong, or it took too long: the password is asked again.
    Over,
}

/// Why a second factor was not turned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOn {
    /// The code is wrong.
    Code,
    /// It is on already.
    Already,
}

/// Turns it on for whoever has shown by a code that their program has the secret; the code counts no more. Every session and
/// token ends: whoever came in by the password alone is to come in anew.
///
/// # Errors
/// Storage errors; a refusal is the inner one.
pub fn turn_on(
    tx: &mut Tx<'_>,
    account: AccountId,
    secret: [u8; totp::SECRET_BYTES],
    typed: &str,
    spare: &[SecretHash],
) -> Result<std::result::Result<(), NotOn>> {
    if SECOND_FACTORS.contains(tx, &account)? {
        return Ok(Err(NotOn::Already));
    }
    let now = tx.now();
    let Some(last_step) = totp::step_of(&secret, typed, now, 0) else { return Ok(Err(NotOn::Code)) };
    SECOND_FACTORS.put(tx, &account, &SecondFactor { secret, last_step, since: now });
    second_factor::put_spare_codes(tx, account, spare)?;
    end_access(tx, user::find(tx, account)?.ok_or(Error::NotFound)?)?;
    owe(tx, account, Letter::SecondFactorOn);
    Ok(Ok(()))
}

/// Puts other spare codes in place of those there were.
///
/// # Errors
/// `NotFound` if no second factor is on; storage errors.
pub fn renew_spare_codes(tx: &mut Tx<'_>, account: AccountId, spare: &[SecretHash]) -> Result<()> {
    if !SECOND_FACTORS.contains(tx, &account)? {
        return Err(Error::NotFound);
    }
    Ok(second_factor::put_spare_codes(tx, account, spare)?)
}

/// Turns it off; says whether it was on. Then every session and token ends.
///
/// # Errors
/// Storage errors.
pub fn turn_off(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    tx.accept_when_full();
    let was_on = SECOND_FACTORS.contains(tx, &account)?;
    second_factor::remove(tx, account)?;
    if was_on {
        end_access(tx, user::find(tx, account)?.ok_or(Error::NotFound)?)?;
        owe(tx, account, Letter::SecondFactorOff);
    }
    Ok(was_on)
}

/// Remembers that the right password was given in the browser whose cookie has this hash.
///
/// # Errors
/// Storage errors.
pub fn owe_code(tx: &mut Tx<'_>, account: AccountId, browser: SecretHash) -> Result<()> {
    tx.accept_when_full();
    let step = SecondStep { begun_at: tx.now(), wrong: 0 };
    Ok(second_factor::put_step(tx, account, browser, &step)?)
}

/// Takes a code in the browser whose cookie has this hash. A code that was taken is used up when this is durable.
///
/// # Errors
/// Storage errors.
pub fn pass(tx: &mut Tx<'_>, account: AccountId, browser: SecretHash, typed: &str) -> Result<Passage> {
    tx.accept_when_full();
    let (key, now) = ((account, browser), tx.now());
    let Some(mut step) = SECOND_STEPS.get(tx, &key)? else { return Ok(Passage::Over) };
    let factor = second_factor::find(tx, account)?;
    let Some(factor) = factor.filter(|_| now.ms_since(step.begun_at) <= limits::SECOND_STEP_MS) else {
        SECOND_STEPS.delete(tx, &key);
        return Ok(Passage::Over);
    };
    if takes(tx, account, &factor, typed)? {
        SECOND_STEPS.delete(tx, &key);
        return Ok(Passage::Open);
    }
    step.wrong += 1;
    if step.wrong >= limits::SECOND_STEP_TRIES {
        SECOND_STEPS.delete(tx, &key);
        return Ok(Passage::Over);
    }
    SECOND_STEPS.put(tx, &key, &step);
    Ok(Passage::Wrong)
}

/// Whether a code is right; then it is used up.
fn takes(tx: &mut Tx<'_>, account: AccountId, factor: &SecondFactor, typed: &str) -> Result<bool> {
    if typed.len() > limits::CODE_BYTES_MAX {
        return Ok(false);
    }
    if let Some(last_step) = totp::step_of(&factor.secret, typed, tx.now(), factor.last_step) {
        SECOND_FACTORS.put(tx, &account, &SecondFactor { last_step, ..factor.clone() });
        return Ok(true);
    }
    let Some(hash) = code::hash(account, Purpose::Spare, typed) else { return Ok(false) };
    let known = SPARE_CODES.contains(tx, &(account, hash))?;
    if known {
        SPARE_CODES.delete(tx, &(account, hash));
        if SPARE_CODES.list(tx, &account, Bounds::NONE, Direction::Ascending, 1)?.is_empty() {
            owe(tx, account, Letter::CodesUsedUp);
        }
    }
    Ok(known)
}
