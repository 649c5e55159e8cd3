//! Removes what only time makes superfluous: ids of activities received more than a week ago.

use crate::{error::Result, limits, server::Server};
use std::time::Duration;
use storage::inbound;

/// Prunes at the start and every `limits::PRUNE_EVERY_MS`, until the server stops.
pub(super) async fn run(server: Server) {
    loop {
        if let Err(error) = prune(&server).await {
            tracing::warn!(%error, "pruning waits for the store");
            tokio::time::sleep(Duration::from_millis(limits::JOB_STORE_RETRY_MS.unsigned_abs())).await;
            continue;
        }
        let next = server.now().plus_ms(limits::PRUNE_EVERY_MS);
        server.sleep_until(next).await;
    }
}

async fn prune(server: &Server) -> Result<()> {
    while server.write(|tx| Ok(inbound::prune(tx)?)).await? {}
    Ok(())
}
