//! Reads the thread of a status that somebody here looks at (FEDERATION §5, backfill).

use super::{Outcome, again_for_the_rest};
use crate::{federation::fetch, server::Server, status::backfill};
use storage::{JobId, StatusId};

/// Reads the thread of `status`, whose first known status was `first`; once more later if a server in it was not to be
/// asked, unless it was asked for anew meanwhile.
pub(super) async fn run(server: &Server, id: JobId, first: StatusId, status: StatusId, attempts: u32) -> Outcome {
    if attempts > 0 {
        match server.read(move |view| backfill::is_asked_anew(view, first, status, id.time())).await {
            Ok(false) => {}
            Ok(true) => return Outcome::Done,
            Err(error) => return Outcome::of(&error, server, attempts),
        }
    }
    match fetch::thread::read(server, first, status).await {
        Ok(left_out) => again_for_the_rest(server, left_out, attempts).await,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}
