//! Leaving: somebody here deletes their own account.

use crate::{
    account::accept::erase,
    error::{Error, Result},
    user::remove as remove_user,
};
use storage::{
    AccountId, Tx,
    account::ACCOUNTS,
    intent::Intent,
    job::{self, JobKind},
    moderation::{put_standing, standing},
    user::{self, Role},
};

/// Removes the account of somebody here for good, with what they wrote and had, as they asked. Their name stays used, and
/// every server that is known is told. Whoever calls clears what is remembered of tokens once it is durable.
///
/// # Errors
/// `NotFound` if nobody here has this account; `Forbidden` for an owner: a server is somebody's.
pub fn leave(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let user = user::find(tx, id)?.ok_or(Error::NotFound)?;
    let mut account = ACCOUNTS.get(tx, &id)?.filter(|account| account.is_local()).ok_or(Error::NotFound)?;
    if user.role == Role::Owner {
        return Err(Error::Forbidden("The owner of a server cannot leave it; make somebody else the owner first"));
    }
    let now = tx.now();
    let mut gone = standing(tx, id)?;
    gone.suspended_at = gone.suspended_at.or(Some(now));
    account.suspended_at = account.suspended_at.or(Some(now));
    tx.accept_when_full();
    put_standing(tx, id, gone);
    remove_user(tx, id)?;
    job::enqueue(tx, JobKind::DropScheduled { account: id });
    job::enqueue(tx, JobKind::Distribute(Intent::DeleteActor { account: id }));
    erase(tx, account)
}
