//! Removes what a deleted account left: its statuses and marks, its place in the lists of others, what was filtered of it,
//! the keys that its server showed; of one here also what it had for itself alone.

use crate::{announcement, collection, error::Result, limits, relationship, server::Server, status, suggestion};
use storage::{
    AccountId, Tx,
    account::{self, ACCOUNTS},
    activity::LAST_ACTIVE,
    belongings, filtered,
};

/// Purges `account` step by step; readers do not mind the order, since every read obeys the deletion already. It ends where
/// the account is back: its server describes it again, or whoever suspended it here has let it in.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, account: AccountId) -> Result<()> {
    all_of(server, account, relationship::purge_step).await?;
    all_of(server, account, status::purge::of_account).await?;
    // Before what holds for them: what is in their filters is held, too.
    let own = |tx: &mut Tx<'_>, account| Ok(belongings::purge_step(tx, account, limits::BELONGINGS_REMOVED_AT_ONCE)?);
    all_of(server, account, own).await?;
    let mut before = Some(None);
    while let Some(row) = before {
        let step = move |tx: &mut Tx<'_>| match is_gone(tx, account)? {
            true => status::purge::of_holder(tx, account, row),
            false => Ok(None),
        };
        before = server.write(step).await?.map(Some);
    }
    all_of(server, account, suggestion::forget_step).await?;
    let mut behind = Some(None);
    while let Some(after) = behind {
        let step = move |tx: &mut Tx<'_>| match is_gone(tx, account)? {
            true => announcement::forget_step(tx, account, after),
            false => Ok(None),
        };
        behind = server.write(step).await?.map(Some);
    }
    all_of(server, account, |tx, account| {
        LAST_ACTIVE.delete(tx, &account);
        Ok(false)
    })
    .await?;
    let filtered = |tx: &mut Tx<'_>, account| Ok(filtered::purge_step(tx, account, limits::FILTERED_REMOVED_AT_ONCE)?);
    all_of(server, account, filtered).await?;
    all_of(server, account, collection::purge_step).await?;
    all_of(server, account, |tx, account| {
        account::replace_keys(tx, account, &[])?;
        Ok(false)
    })
    .await
}

/// Removes one kind of thing, which answers whether there may be more.
async fn all_of(server: &Server, account: AccountId, step: fn(&mut Tx<'_>, AccountId) -> Result<bool>) -> Result<()> {
    while server.write(move |tx| Ok(is_gone(tx, account)? && step(tx, account)?)).await? {}
    Ok(())
}

/// Whether the account is gone still. The row itself, not what a block of its domain makes of it.
fn is_gone(tx: &Tx<'_>, account: AccountId) -> Result<bool> {
    Ok(ACCOUNTS.get(tx, &account)?.is_none_or(|row| row.suspended_at.is_some()))
}
