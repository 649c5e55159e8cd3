//! Reads what an account elsewhere has to show, because somebody here looks at it or follows it (FEDERATION §5, backfill).

use crate::{error::Result, federation::fetch, server::Server};
use storage::AccountId;

/// Reads the latest statuses, pins and numbers of `account`.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, account: AccountId) -> Result<()> {
    fetch::profile::read(server, account).await
}
