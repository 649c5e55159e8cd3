//! Lives here: accounts: finding them by handle and by words, changing one's own profile, taking remote ones in.
//! May use: instance, the lowest rooms, `storage`. Must never name: relationship, status, HTTP, ActivityPub, the server.
//! Invariants: a handle leads to one account, the last that proved it; nothing of a suspended account is shown; what a
//! peer says of its own profile replaces what it said before.

pub mod accept;
pub mod alias;
pub mod backfill;
pub mod handle;
pub mod keys;
pub mod links;
pub mod render;
pub mod search;
pub mod update;

pub use crate::text::is_language;
pub use handle::Handle;

use crate::error::{Error, Result};
use storage::{
    AccountId, Read,
    account::{self, Account},
    user,
};

/// The account with this id.
///
/// # Errors
/// `NotFound` if there is none, or it is of somebody who is not let in yet.
pub fn require(read: &dyn Read, id: AccountId) -> Result<Account> {
    let account = account::find(read, id)?.ok_or(Error::NotFound)?;
    if account.is_local() && user::is_waiting(read, id)? {
        return Err(Error::NotFound);
    }
    Ok(account)
}

/// The account with this id, if anything of it may be shown.
///
/// # Errors
/// `NotFound` if there is none, it is suspended, or of somebody who is not let in yet.
pub fn require_shown(read: &dyn Read, id: AccountId) -> Result<Account> {
    Some(require(read, id)?).filter(|account| account.suspended_at.is_none()).ok_or(Error::NotFound)
}

/// The account with this id, if it may still do something new: one that moved away only looks, tidies up and comes back.
///
/// # Errors
/// `NotFound` if there is none; `Forbidden` if it moved.
pub fn require_acting(read: &dyn Read, id: AccountId) -> Result<Account> {
    let account = require(read, id)?;
    if account.is_local() && account.moved_to.is_some() {
        return Err(Error::Forbidden("This account has moved to another one and only that one acts now"));
    }
    Ok(account)
}

/// The account with this handle.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, accounts#lookup.
pub fn lookup(read: &dyn Read, handle: &Handle) -> Result<Option<Account>> {
    Ok(account::find_by_name(read, &handle.username, handle.domain.as_deref())?)
}

/// The whole handle of an account, as one types it to find exactly that one; none: there is no such account.
///
/// # Errors
/// Storage errors.
pub fn called(read: &dyn Read, id: AccountId) -> Result<Option<String>> {
    let found = account::find(read, id)?;
    Ok(found.map(|account| format!("@{}", Handle { username: account.username, domain: account.domain })))
}

/// The first characters of foreign text, for messages.
#[must_use]
pub fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
pub(crate) mod lab;
#[cfg(test)]
mod tests;
