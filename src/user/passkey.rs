//! Passkeys: adding one, taking one away, coming in with one.

use super::{sign_up::owe, webauthn::Made};
use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Digest, Tx,
    job::Letter,
    octets::Octets,
    passkey::{self, PASSKEYS, Passkey},
    table::hex,
};

/// Adds a passkey under a name that its owner chose.
///
/// # Errors
/// `Invalid` beyond `limits::PASSKEYS` (10), for a name that is too long, and for a passkey that is there already.
pub fn add(tx: &mut Tx<'_>, account: AccountId, name: &str, made: &Made) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("passkey", why));
    let characters = name.chars().count();
    if characters > limits::PASSKEY_NAME_CHARS {
        return refuse(format!("name has {characters} characters; at most {}", limits::PASSKEY_NAME_CHARS));
    }
    let there = passkey::of_account(tx, account)?.len();
    if there >= limits::PASSKEYS {
        return refuse(format!("you have {there} passkeys; at most {}", limits::PASSKEYS));
    }
    if PASSKEYS.contains(tx, &(account, Digest::of_bytes(&made.credential)))? {
        return refuse("this passkey is there already".to_owned());
    }
    let passkey = Passkey {
        name: name.to_owned(),
        credential: Octets(made.credential.clone()),
        key: Octets(made.key.clone()),
        counter: made.counter,
        may_be_copied: made.may_be_copied,
        created_at: tx.now(),
        used_at: None,
    };
    passkey::put(tx, account, &passkey);
    owe(tx, account, Letter::PasskeyAdded);
    Ok(())
}

/// What a passkey is called in a form.
#[must_use]
pub fn word(digest: &Digest) -> String {
    hex(&digest.0)
}

/// Takes a passkey away.
///
/// # Errors
/// `NotFound` if the account has none of that name.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, named: &str) -> Result<()> {
    let known = passkey::of_account(tx, account)?.into_iter().find(|(digest, _)| word(digest) == named);
    let (digest, _) = known.ok_or(Error::NotFound)?;
    tx.accept_when_full();
    PASSKEYS.delete(tx, &(account, digest));
    owe(tx, account, Letter::PasskeyRemoved);
    Ok(())
}

/// Takes note that somebody comes in with a passkey that has signed `counter` times by now, and had `before` when its
/// signature was verified.
///
/// # Errors
/// `NotFound` if the account has no such passkey, `Invalid` if it was used meanwhile.
pub fn enter(tx: &mut Tx<'_>, account: AccountId, credential: &[u8], before: u32, counter: u32) -> Result<()> {
    let mut passkey = passkey::find(tx, account, credential)?.ok_or(Error::NotFound)?;
    if passkey.counter != before {
        return Err(Error::invalid("passkey", "the key has been used elsewhere since"));
    }
    passkey.counter = counter;
    passkey.used_at = Some(tx.now());
    tx.accept_when_full();
    passkey::put(tx, account, &passkey);
    Ok(())
}
