//! Reads what a status quotes and the stamp it shows (FEDERATION §2, quotes).

use crate::{error::Result, federation::fetch, server::Server};
use storage::StatusId;

/// Reads what `status` quotes, within the budget of one cause.
///
/// # Errors
/// Those of the fetch that may pass.
pub(super) async fn run(server: &Server, status: StatusId) -> Result<()> {
    fetch::quote::quote(server, status).await
}
