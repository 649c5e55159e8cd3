//! Removes what a deleted account left: its statuses and marks, its place in the lists of others, its keys.

use crate::{error::Result, relationship, server::Server, status};
use storage::{AccountId, account};

/// Purges `account` step by step; the order does not matter, since every read obeys the deletion already.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, account: AccountId) -> Result<()> {
    while server.write(move |tx| relationship::purge_step(tx, account)).await? {}
    while server.write(move |tx| status::purge::of_account(tx, account)).await? {}
    server.write(move |tx| Ok(account::replace_keys(tx, account, &[])?)).await
}
