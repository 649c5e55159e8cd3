//! Reads what an account elsewhere has to show, because somebody here looks at it or follows it (FEDERATION §5, backfill).

use super::{Outcome, again_for_the_rest};
use crate::{account::backfill, federation::fetch, server::Server};
use storage::{AccountId, JobId};

/// Reads the latest statuses, pins and numbers of `account`; once more later if its server was not to be asked, unless
/// they were asked for anew meanwhile.
pub(super) async fn run(server: &Server, id: JobId, account: AccountId, attempts: u32) -> Outcome {
    if attempts > 0 {
        match server.read(move |view| backfill::is_asked_anew(view, account, id.time())).await {
            Ok(false) => {}
            Ok(true) => return Outcome::Done,
            Err(error) => return Outcome::of(&error, server, attempts),
        }
    }
    match fetch::profile::read(server, account).await {
        Ok(left_out) => again_for_the_rest(server, left_out, attempts).await,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}
