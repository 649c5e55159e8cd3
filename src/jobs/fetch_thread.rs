//! Reads the thread of a status that somebody here looks at (FEDERATION §5, backfill).

use crate::{error::Result, federation::fetch, server::Server};
use storage::StatusId;

/// Reads the thread of `status`, whose first known status was `first`.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, first: StatusId, status: StatusId) -> Result<()> {
    fetch::thread::read(server, first, status).await
}
