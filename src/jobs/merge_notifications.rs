//! What becomes of filtered notifications once their sender is accepted, dismissed or blocked.

use crate::{error::Result, limits, notification, server::Server};
use storage::{AccountId, JobId, NotificationId, Tx, filtered, job};

/// Brings what was filtered of `from` up to `upto` into the list of `account`, step by step, and says so at the end, in
/// the commit that ends the job: whoever is merged is counted once.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(
    server: &Server,
    job: JobId,
    account: AccountId,
    from: AccountId,
    upto: NotificationId,
) -> Result<()> {
    while server.write(move |tx| notification::merge_step(tx, account, from, upto)).await? {}
    let end = move |tx: &mut Tx<'_>| {
        notification::merged(tx, account)?;
        Ok(job::finish(tx, job)?)
    };
    server.write(end).await
}

/// Removes what was filtered of `from` up to `upto`, step by step.
///
/// # Errors
/// Storage errors.
pub(super) async fn drop_all(server: &Server, account: AccountId, from: AccountId, upto: NotificationId) -> Result<()> {
    let most = limits::FILTERED_REMOVED_AT_ONCE;
    while server.write(move |tx| Ok(filtered::drop_step(tx, account, from, upto, most)?)).await? {}
    Ok(())
}
