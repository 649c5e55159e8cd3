//! Removes files that no row refers to.

use crate::{error::Result, server::Server};
use storage::{BlobHash, media::BLOBS};

/// Removes the file `hash` unless a row refers to it, or somebody is about to.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, hash: BlobHash) -> Result<()> {
    // From here on nobody can begin to refer to it. Who began before is seen by a transaction, not yet by a view.
    let Some(removal) = server.files().begin_removal(hash) else { return Ok(()) };
    if server.write(move |tx| Ok(BLOBS.contains(tx, &hash)?)).await? {
        return Ok(());
    }
    server.on_disk(move || Ok(removal.remove()?)).await
}
