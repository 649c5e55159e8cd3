//! Asks another server which domains it blocks, for whoever runs this one to decide; and blocks what they decided, some
//! domains a commit.

use super::Outcome;
use crate::{
    error::{Error, Result},
    federation::fetch,
    limits,
    moderation::block_list,
    server::Server,
};
use storage::RowId;

/// Asks; a server that does not answer is asked again, at most `limits::BLOCK_LIST_ATTEMPTS` times.
pub(super) async fn read(server: &Server, id: RowId, attempts: u32) -> Outcome {
    let domain = match server.read(move |view| block_list::asked(view, id)).await {
        Ok(Some(domain)) => domain,
        Ok(None) => return Outcome::Done,
        Err(error) => return Outcome::of(&error, server, attempts),
    };
    let error = match answered(server, id, &domain).await {
        Ok(()) => return Outcome::Done,
        Err(error) => error,
    };
    match Outcome::of(&error, server, attempts) {
        Outcome::Later(when, why) if attempts < limits::BLOCK_LIST_ATTEMPTS || matches!(error, Error::Storage(_)) => {
            Outcome::Later(when, why)
        }
        waits @ Outcome::Waits(_) => waits,
        _ => given_up(server, id, said(error), attempts).await,
    }
}

async fn answered(server: &Server, id: RowId, domain: &str) -> Result<()> {
    let body = fetch::block_list::published(server, domain).await?;
    let table = server.on_disk(move || block_list::read(&body)).await?;
    server.write(move |tx| block_list::answered(tx, id, table.clone())).await
}

/// Goes on until the list is over. After a restart it goes on behind the last domain that is durable.
pub(super) async fn apply(server: &Server, id: RowId, attempts: u32) -> Outcome {
    loop {
        let origin = server.origin().clone();
        match server.write(move |tx| block_list::step(tx, &origin, id)).await {
            Ok(true) => {}
            Ok(false) => return Outcome::Done,
            Err(error) => {
                return match Outcome::of(&error, server, attempts) {
                    Outcome::Drop(_) => given_up(server, id, said(error), attempts).await,
                    other => other,
                };
            }
        }
    }
}

/// What an error says, without the field that it is about.
fn said(error: Error) -> String {
    match error {
        Error::Invalid { why, .. } => why,
        other => other.to_string(),
    }
}

async fn given_up(server: &Server, id: RowId, why: String, attempts: u32) -> Outcome {
    match server.write(move |tx| block_list::fail(tx, id, &why)).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}
