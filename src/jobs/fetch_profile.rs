//! Reads what an account elsewhere has to show, because somebody here looks at it or follows it (FEDERATION §5, backfill).

use super::{Outcome, again_for_the_rest};
use crate::{federation::fetch, server::Server};
use storage::AccountId;

/// Reads the latest statuses, pins and numbers of `account`; once more later if its server was not to be asked.
pub(super) async fn run(server: &Server, account: AccountId, attempts: u32) -> Outcome {
    match fetch::profile::read(server, account).await {
        Ok(left_out) => again_for_the_rest(server, left_out, attempts).await,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}
