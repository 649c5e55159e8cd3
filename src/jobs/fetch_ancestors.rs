//! Reads the statuses above one whose parent was not known here, and the group of its thread (FEDERATION §5, backfill).

use super::Outcome;
use crate::{error::Error, federation::fetch, limits, server::Server};
use storage::{StatusId, peer::backoff_ms};

/// Reads the ancestors of `status`, and whom the first is for, within the budget of one cause. A parent whose server does
/// not answer is asked for at most `limits::ANCESTORS_ATTEMPTS` times.
pub(super) async fn run(server: &Server, status: StatusId, attempts: u32) -> Outcome {
    let error = match fetch::status::ancestors(server, status).await {
        Ok(()) => return Outcome::Done,
        Err(error) => error,
    };
    if matches!(error, Error::Storage(_) | Error::Bug(_) | Error::Busy { .. }) {
        return Outcome::of(&error, server, attempts);
    }
    if attempts.saturating_add(1) >= limits::ANCESTORS_ATTEMPTS {
        tracing::debug!(%status, %error, "a parent stays unknown");
        return Outcome::Done;
    }
    match Outcome::of(&error, server, attempts) {
        // Before that it would not be asked: it is remembered that it did not answer.
        Outcome::Later(_, why) => {
            let pause = backoff_ms(attempts.saturating_add(1), server.random()).max(limits::FETCH_NEGATIVE_MS);
            Outcome::Later(server.now().plus_ms(pause), why)
        }
        outcome => outcome,
    }
}
