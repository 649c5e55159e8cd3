//! Lets the followers of an account that moved follow the new one (FEDERATION §3, Move).

use crate::{error::Result, relationship, server::Server};
use storage::AccountId;

/// Moves all followers here from `from` to `to`, step by step.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, from: AccountId, to: AccountId) -> Result<()> {
    let mut after = None;
    loop {
        after = server.write(move |tx| relationship::move_step(tx, from, to, after)).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}
