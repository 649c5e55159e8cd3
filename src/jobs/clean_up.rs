//! Deletes old statuses of somebody who wants that: some each step, and a while between two.

use crate::{error::Result, limits, server::Server, status::cleanup};
use storage::{AccountId, JobId};

/// Takes one step; the row of the next one is in the last commit of this one.
///
/// # Errors
/// Storage errors: it is tried again later.
pub(super) async fn run(server: &Server, job: JobId, account: AccountId) -> Result<()> {
    let now = server.now();
    let Some(step) = server.read(move |view| cleanup::next(view, account, job, now)).await? else { return Ok(()) };
    for id in step.doomed.clone() {
        server.write(move |tx| cleanup::remove(tx, account, job, id)).await?;
    }
    if !step.doomed.is_empty() {
        tracing::debug!(%account, deleted = step.doomed.len(), "old posts went as their author wants");
    }
    server.write(move |tx| cleanup::settle(tx, account, job, &step)).await
}

/// Begins anew what was given up.
///
/// # Errors
/// Storage errors.
pub(super) async fn wake(server: &Server) -> Result<()> {
    for account in server.read(|view| cleanup::sleeping(view, limits::COUNTED_MAX)).await? {
        server.write(move |tx| cleanup::wake(tx, account)).await?;
    }
    Ok(())
}
