//! Posts scheduled statuses when their time has come.

use super::Outcome;
use crate::{
    error::Result,
    federation::fetch,
    server::Server,
    status::{self, scheduled},
};
use storage::{AccountId, RowId};

/// Posts the scheduled status `id`, once: posting removes its row in the same commit. What can never be posted any more,
/// because what it answers or quotes is gone or its author is kept out, is given up, as Mastodon does.
pub(super) async fn run(server: &Server, id: RowId, attempts: u32) -> Outcome {
    let error = match publish(server, id).await {
        Ok(()) => return Outcome::Done,
        Err(error) => error,
    };
    match Outcome::of(&error, server, attempts) {
        Outcome::Drop(why) => match server.write(move |tx| scheduled::give_up(tx, id)).await {
            Ok(()) => Outcome::Drop(why),
            Err(error) => Outcome::of(&error, server, attempts),
        },
        other => other,
    }
}

async fn publish(server: &Server, id: RowId) -> Result<()> {
    let now = server.now();
    let Some(row) = server.read(move |view| scheduled::due(view, id, now)).await? else { return Ok(()) };
    fetch::resolve_named(server, &row.text).await?;
    let origin = server.origin().clone();
    let composed = server.read(move |view| status::compose(view, &origin, &row.text, row.content_type)).await?;
    server.write(move |tx| scheduled::publish(tx, id, &composed)).await
}

/// Removes the scheduled statuses of a suspended account, some each commit.
///
/// # Errors
/// Storage errors.
pub(super) async fn drop_all(server: &Server, account: AccountId) -> Result<()> {
    while server.write(move |tx| scheduled::drop_step(tx, account)).await? {}
    Ok(())
}
