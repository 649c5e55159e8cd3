//! Another e-mail address: confirmed by a link sent there where letters are sent, else at once.

use super::sign_up::{owe, require_link, wrong_email};
use crate::error::{Error, Result};
use storage::{
    AccountId, Read, SecretHash, Timestamp, Tx,
    job::{self, JobKind, Letter},
    mail_link::{self, MailLink, Purpose},
    new_address::{NEW_ADDRESSES, NewAddress},
    user::{self, User},
};

/// Owes a link to the address that a user wants, and a word to the one they have. Whoever calls has asked for the
/// password.
///
/// # Errors
/// `Invalid` for an address that may not be, `NotFound` without a user.
pub fn ask(tx: &mut Tx<'_>, account: AccountId, wanted: &str) -> Result<()> {
    let user = require(tx, account, wanted)?;
    NEW_ADDRESSES.put(tx, &account, &NewAddress { email: wanted.trim().to_owned(), asked_at: tx.now() });
    mail_link::remove_for(tx, account, Purpose::ChangeEmail)?;
    owe(tx, account, Letter::NewAddress);
    if !user.email.is_empty() {
        owe(tx, account, Letter::AddressToChange);
    }
    Ok(())
}

/// Changes the address at once, for servers that send no letters. Whoever calls has asked for the password.
///
/// # Errors
/// As [`ask`].
pub fn change(tx: &mut Tx<'_>, account: AccountId, wanted: &str) -> Result<()> {
    let user = require(tx, account, wanted)?;
    set(tx, user, wanted.trim())
}

/// Stores the secret of the link that the letter to a wanted address carries; whose it is and where it goes. `None` if
/// nobody wants it any more.
///
/// # Errors
/// Storage errors.
pub fn make_link(tx: &mut Tx<'_>, account: AccountId, hash: SecretHash) -> Result<Option<(User, String)>> {
    let (user, wanted) = (user::find(tx, account)?, NEW_ADDRESSES.get(tx, &account)?);
    let (Some(user), Some(wanted)) = (user.filter(|user| !user.disabled), wanted) else { return Ok(None) };
    let link = MailLink { account, purpose: Purpose::ChangeEmail, email: wanted.email.clone(), created_at: tx.now() };
    mail_link::put(tx, hash, &link)?;
    Ok(Some((user, wanted.email)))
}

/// Who wants which address, by a link that was sent there.
///
/// # Errors
/// `NotFound` for a link that does not hold.
pub fn require_wanted(read: &dyn Read, link: SecretHash, now: Timestamp) -> Result<(User, String)> {
    let user = require_link(read, link, Purpose::ChangeEmail, now)?;
    let sent = mail_link::find(read, link)?.ok_or(Error::NotFound)?;
    let wanted = NEW_ADDRESSES.get(read, &user.account)?.filter(|wanted| wanted.email == sent.email);
    Ok((user, wanted.ok_or(Error::NotFound)?.email))
}

/// Changes the address of whoever opened the link that was sent there.
///
/// # Errors
/// `NotFound` for a link that does not hold, `Invalid` if somebody else has the address by now.
pub fn confirm(tx: &mut Tx<'_>, link: SecretHash) -> Result<()> {
    let now = tx.now();
    let (user, wanted) = require_wanted(tx, link, now)?;
    let user = require(tx, user.account, &wanted)?;
    set(tx, user, &wanted)
}

/// Links sent to the former address hold no more, and it is told so.
fn set(tx: &mut Tx<'_>, mut user: User, email: &str) -> Result<()> {
    let former = std::mem::replace(&mut user.email, email.to_owned());
    if !former.is_empty() && former.to_lowercase() != email.to_lowercase() {
        let (account, letter) = (user.account, Letter::AddressChanged);
        job::enqueue(tx, JobKind::MailFormer { account, to: former, letter });
    }
    mail_link::remove_all(tx, user.account)?;
    NEW_ADDRESSES.delete(tx, &user.account);
    Ok(user::put(tx, &user)?)
}

/// The user who may have this address.
fn require(read: &dyn Read, account: AccountId, wanted: &str) -> Result<User> {
    let user = user::find(read, account)?.ok_or(Error::NotFound)?;
    // Their own in other letters is theirs.
    if wanted.trim().to_lowercase() == user.email.to_lowercase() && !user.email.is_empty() {
        return Ok(user);
    }
    match wrong_email(read, wanted)? {
        Some((_, why)) => Err(Error::invalid("email", format!("email {why}"))),
        None => Ok(user),
    }
}
