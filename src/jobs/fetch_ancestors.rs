//! Reads the statuses above one whose parent was not known here, and the group of its thread (FEDERATION §5, backfill).

use crate::{error::Result, federation::fetch, server::Server};
use storage::StatusId;

/// Reads the ancestors of `status`, and whom the first is for, within the budget of one cause.
///
/// # Errors
/// Those of the fetch; a parent that is gone is not one.
pub(super) async fn run(server: &Server, status: StatusId) -> Result<()> {
    fetch::status::ancestors(server, status).await
}
