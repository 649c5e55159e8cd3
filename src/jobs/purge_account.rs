//! Removes what a deleted account left: its statuses and marks, its place in the lists of others, what was filtered of it,
//! the keys that its server showed; of one here also what it had for itself alone.

use crate::{announcement, collection, error::Result, limits, relationship, server::Server, status, suggestion};
use storage::{AccountId, account, activity::LAST_ACTIVE, belongings, filtered};

/// Purges `account` step by step; the order does not matter, since every read obeys the deletion already.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, account: AccountId) -> Result<()> {
    while server.write(move |tx| relationship::purge_step(tx, account)).await? {}
    while server.write(move |tx| status::purge::of_account(tx, account)).await? {}
    while server.write(move |tx| suggestion::forget_step(tx, account)).await? {}
    let mut behind = Some(None);
    while let Some(after) = behind {
        behind = server.write(move |tx| announcement::forget_step(tx, account, after)).await?.map(Some);
    }
    server
        .write(move |tx| {
            LAST_ACTIVE.delete(tx, &account);
            Ok(())
        })
        .await?;
    let most = limits::FILTERED_REMOVED_AT_ONCE;
    while server.write(move |tx| Ok(filtered::purge_step(tx, account, most)?)).await? {}
    while server.write(move |tx| collection::purge_step(tx, account)).await? {}
    let most = limits::BELONGINGS_REMOVED_AT_ONCE;
    while server.write(move |tx| Ok(belongings::purge_step(tx, account, most)?)).await? {}
    server.write(move |tx| Ok(account::replace_keys(tx, account, &[])?)).await
}
