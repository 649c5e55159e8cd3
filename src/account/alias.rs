//! Other accounts that somebody here names as their own, so that those can move here (`alsoKnownAs`).

use super::{require, require_shown};
use crate::{
    error::{Error, Result},
    limits,
    origin::Origin,
};
use storage::{
    AccountId, Event, Read, Tx,
    account::{self, Account},
    intent::Intent,
    job::{self, JobKind},
};

/// An account that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Its ActivityPub id.
    pub uri: String,
    /// `name` or `name@domain`, if it is known here.
    pub acct: Option<String>,
}

/// Whom `id` names as its own, the oldest first.
///
/// # Errors
/// `NotFound` for an unknown account.
pub fn list(read: &dyn Read, origin: &Origin, id: AccountId) -> Result<Vec<Alias>> {
    let named = require(read, id)?.also_known_as;
    let alias = |uri: String| Ok(Alias { acct: known(read, origin, &uri)?.map(|account| account.acct()), uri });
    named.into_iter().map(alias).collect()
}

/// `id` names `alias` as its own; a second time nothing happens.
///
/// # Errors
/// `NotFound` for an unknown or suspended account; `Invalid` for oneself and above `limits::OWN_ALIASES_MAX`.
pub fn add(tx: &mut Tx<'_>, origin: &Origin, id: AccountId, alias: AccountId) -> Result<()> {
    let mut account = require_shown(tx, id)?;
    let uri = origin.url(&require_shown(tx, alias)?.uri);
    if id == alias {
        return Err(Error::invalid("alias", format!("{} is no alias of itself", account.acct())));
    }
    if account.also_known_as.contains(&uri) {
        return Ok(());
    }
    if account.also_known_as.len() >= limits::OWN_ALIASES_MAX {
        let most = limits::OWN_ALIASES_MAX;
        return Err(Error::invalid("alias", format!("{} has {most} aliases; at most {most}", account.acct())));
    }
    account.also_known_as.push(uri);
    changed(tx, &account)
}

/// `id` no longer names the account with this ActivityPub id as its own.
///
/// # Errors
/// `NotFound` for an unknown account, or if it is not named.
pub fn remove(tx: &mut Tx<'_>, id: AccountId, uri: &str) -> Result<()> {
    let mut account = require_shown(tx, id)?;
    let before = account.also_known_as.len();
    account.also_known_as.retain(|named| named != uri);
    if account.also_known_as.len() == before {
        return Err(Error::NotFound);
    }
    changed(tx, &account)
}

fn changed(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    account::put(tx, account)?;
    tx.emit(Event::AccountChanged { account: account.id });
    job::enqueue(tx, JobKind::Distribute(Intent::UpdateActor { account: account.id }));
    Ok(())
}

/// The account with this ActivityPub id, here or elsewhere, if it is known.
fn known(read: &dyn Read, origin: &Origin, uri: &str) -> Result<Option<Account>> {
    let Some(path) = origin.path_of(uri) else { return Ok(account::find_by_uri(read, uri)?) };
    let name = path.rsplit('/').next().unwrap_or_default();
    Ok(account::find_by_name(read, name, None)?.filter(|account| account.uri == path))
}
