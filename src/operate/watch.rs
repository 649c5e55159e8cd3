//! The task that looks at the disk every second, the one that keeps what the clock made doubtful, the one that measures
//! the room, and the one that reads again what nobody asks for.

use super::state::look;
use crate::{error::Result, limits, server::Server};
use storage::retention;

/// Starts them.
pub fn start(server: &Server) {
    super::room::start(server);
    super::reread::start(server);
    let of_task = server.clone();
    server.spawn("watch", async move {
        loop {
            look(&of_task);
            of_task.sleep_until(of_task.now().plus_ms(limits::DISK_LOOK_MS)).await;
        }
    });
    // Apart from the other, which never waits for the disk.
    let of_task = server.clone();
    server.spawn("clock", async move {
        loop {
            if let Err(error) = keep_rest(&of_task).await {
                tracing::warn!(%error, "a restart would forget that the clock was found far ahead");
            }
            of_task.sleep_until(of_task.now().plus_ms(limits::DISK_LOOK_MS)).await;
        }
    });
}

/// Stores until when ages are not trusted, if that is new.
async fn keep_rest(server: &Server) -> Result<()> {
    let Some(rest) = server.disk().ages_rest_to_keep(server.clocks()) else { return Ok(()) };
    server
        .write(move |tx| {
            retention::put_ages_rest(tx, rest);
            Ok(())
        })
        .await?;
    server.disk().ages_rest_is_kept(rest);
    Ok(())
}
