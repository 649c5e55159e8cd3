//! Makes what is shown of an uploaded picture.

use crate::{
    error::{Error, Result},
    media::{self, Files, picture},
    server::Server,
};
use storage::{MediaId, media as rows};

/// Processes the received file `number` of the upload `id`; a file that is no picture is an outcome, told to its owner.
/// Its bytes go once the outcome is durable.
///
/// # Errors
/// Storage errors; then it is tried again.
pub(super) async fn run(server: &Server, id: MediaId, number: u64) -> Result<()> {
    if server.read(move |view| Ok(rows::find(view, id)?)).await?.is_some() {
        let outcome = match make(server, number).await {
            Ok(files) => Ok(files),
            Err(Error::Invalid { why, .. }) => Err(why),
            // A codec that panics does so again.
            Err(Error::Bug(why)) => {
                tracing::error!(media = %id, %why, "a picture could not be processed");
                Err("picture cannot be read".to_owned())
            }
            Err(error) => return Err(error),
        };
        server.write(move |tx| media::settle(tx, id, number, &outcome)).await?;
    }
    let files = server.files().clone();
    server.on_disk(move || Ok(files.forget_received(number)?)).await
}

async fn make(server: &Server, number: u64) -> Result<Files> {
    let files = server.files().clone();
    let work = move || {
        let Some(bytes) = files.received(number)? else {
            return Err(Error::invalid("file", "the uploaded file is gone; please upload it again"));
        };
        let processed = picture::process(&bytes)?;
        drop(bytes);
        Files::keep(&files, &processed)
    };
    server.picture(work).await
}
