//! Reads the thread of a status that somebody here looks at (FEDERATION §5, backfill).

use super::{Outcome, again_for_the_rest};
use crate::{federation::fetch, server::Server};
use storage::StatusId;

/// Reads the thread of `status`, whose first known status was `first`; once more later if a server in it was not to be asked.
pub(super) async fn run(server: &Server, first: StatusId, status: StatusId, attempts: u32) -> Outcome {
    match fetch::thread::read(server, first, status).await {
        Ok(left_out) => again_for_the_rest(server, left_out, attempts).await,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}
