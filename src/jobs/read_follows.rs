//! Asks another server whom an account follows that somebody had there, and brings that as an import.

use super::Outcome;
use crate::{error::Error, federation::fetch::follows, limits, server::Server, transfer::source};
use storage::{AccountId, follow_source::SourceState};

/// Asks, and begins the import in one commit with the end of the asking. A server that does not answer is asked again, at
/// most `limits::FOLLOWS_ATTEMPTS` times.
pub(super) async fn run(server: &Server, account: AccountId, attempts: u32) -> Outcome {
    let known = server.read(move |view| source::find(view, account)).await;
    let handle = match known {
        Ok(Some(known)) if known.state == SourceState::Reading => known.handle,
        Ok(_) => return Outcome::Done,
        Err(error) => return Outcome::of(&error, server, attempts),
    };
    let outcome = match follows::followed(server, &handle).await {
        Ok(found) => server.write(move |tx| source::bring(tx, account, &found.uris, found.cut)).await,
        Err(error) => Err(error),
    };
    let error = match outcome {
        Ok(()) => return Outcome::Done,
        Err(error) => error,
    };
    match Outcome::of(&error, server, attempts) {
        Outcome::Later(when, why) if attempts < limits::FOLLOWS_ATTEMPTS || is_ours(&error) => {
            Outcome::Later(when, why)
        }
        waits @ Outcome::Waits(_) => waits,
        _ => {
            let why = match error {
                Error::NotFound | Error::Gone => format!("there is nobody called {handle}"),
                other => other.to_string(),
            };
            match server.write(move |tx| source::fail(tx, account, &why)).await {
                Ok(()) => Outcome::Done,
                Err(error) => Outcome::of(&error, server, attempts),
            }
        }
    }
}

/// Whether the trouble is here, so that nothing is said of the other server by it.
fn is_ours(error: &Error) -> bool {
    matches!(error, Error::Storage(_))
}
