//! Removes what points to a deleted status.

use crate::{error::Result, server::Server, status};
use storage::{AccountId, StatusId};

/// Purges what points to the deleted `status` of `author`, step by step.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, author: AccountId, status: StatusId) -> Result<()> {
    while server.write(move |tx| status::purge::of_status(tx, author, status)).await? {}
    Ok(())
}
