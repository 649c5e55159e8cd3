//! In whose name a server is asked for what it gives to few (FEDERATION §4).

use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read, account, domain_block,
    relationship::{self, FOLLOWER_ROWS},
    status::{Status, Visibility},
};

/// Who here may well read what `author`, of another server, wrote for few: the first of `named` who lives here, or else
/// of their followers, of whom `limits::READERS_LOOKED_AT` are looked at. Nobody who blocks the author or
/// their domain, or is suspended.
///
/// # Errors
/// Storage errors.
pub fn reader(read: &dyn Read, author: AccountId, named: &[AccountId]) -> Result<Option<AccountId>> {
    let most = limits::READERS_LOOKED_AT;
    if let Some(account) = one_of(read, author, named)? {
        return Ok(Some(account));
    }
    for (_, follower) in FOLLOWER_ROWS.list(read, &author, Bounds::NONE, Direction::Ascending, most)? {
        if may_ask(read, follower, author)? {
            return Ok(Some(follower));
        }
    }
    Ok(None)
}

/// The same of a status of another server that is here already. None if it is for everybody; of what is for those alone
/// whom it names, one of these.
///
/// # Errors
/// Storage errors.
pub(super) fn reader_of(read: &dyn Read, status: &Status) -> Result<Option<AccountId>> {
    match status.visibility {
        Visibility::Public | Visibility::Unlisted => Ok(None),
        Visibility::Private => reader(read, status.account, &status.mentions),
        Visibility::Direct => one_of(read, status.account, &status.mentions),
    }
}

/// The first of `named` in whose name something of `author` may be asked for.
fn one_of(read: &dyn Read, author: AccountId, named: &[AccountId]) -> Result<Option<AccountId>> {
    for account in named.iter().copied() {
        if may_ask(read, account, author)? {
            return Ok(Some(account));
        }
    }
    Ok(None)
}

/// Whether something of `author` may be asked for in the name of `account`.
fn may_ask(read: &dyn Read, account: AccountId, author: AccountId) -> Result<bool> {
    let lives_here = account::find(read, account)?.is_some_and(|it| it.is_local() && it.suspended_at.is_none());
    if !lives_here || relationship::blocks(read, account, author)? {
        return Ok(false);
    }
    let domain = account::find(read, author)?.and_then(|author| author.domain);
    Ok(match domain {
        Some(domain) => !domain_block::blocks(read, account, &domain)?,
        None => true,
    })
}
