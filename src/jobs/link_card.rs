//! Gives a status the preview of its first link (client API, PreviewCard).

use crate::{error::Result, federation::fetch, server::Server};
use storage::{JobId, StatusId};

/// Reads the page behind the first link of `status`, unless it was read within a day.
///
/// # Errors
/// Our own; what the page's server does is none, but that it may not be asked yet.
pub(super) async fn run(server: &Server, job: JobId, status: StatusId) -> Result<()> {
    fetch::link::card(server, status, job.time()).await
}
