//! The page of one status with its thread. Peers get the object from the same address (ActivityPub §3.2).

use super::{
    draw::{Found, draw},
    profile,
};
use crate::{
    error::{Error, Result},
    federation::collections,
    federation::documents,
    federation::fetch,
    http::{
        negotiate::{self, Shape},
        visit::Visit,
    },
    present::Context,
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, Uri};
use storage::{StatusId, status::Status};
use web::{
    layout::Site,
    page::thread::{self, Thread},
};

/// `GET /@NAME/ID`
pub(super) async fn show(
    State(server): State<Server>,
    visit: Visit,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    // What cannot be an id is unknown, not malformed.
    let id: StatusId = id.parse().map_err(|_| Error::NotFound)?;
    if negotiate::shape(&headers) == Shape::Activity {
        return Ok(documents::status_answer(&server, name, id, &headers, &uri).await);
    }
    // Strangers set no work going.
    if let Some(viewer) = visit.account() {
        fetch::thread::open(&server, viewer, id).await?;
    }
    draw(&server, &visit, move |context, site| page(context, site, &name, id)).await
}

fn page(context: &Context<'_>, site: &Site<'_>, name: &str, id: StatusId) -> Result<Found> {
    let author = profile::find(context, name)?;
    if !author.is_local() {
        let status = status::require(context.read, context.viewer, id)?;
        if context.viewer.is_some() && status.account == author.id {
            return drawn(context, site, &status);
        }
        let owned = status.account == author.id;
        let url = status.url.unwrap_or(status.uri);
        return if owned { Ok(Found::Elsewhere(url)) } else { Err(Error::NotFound) };
    }
    let (_, record) = collections::visible_status(context.read, &author.username, id, context.viewer)?;
    drawn(context, site, &record)
}

fn drawn(context: &Context<'_>, site: &Site<'_>, record: &Status) -> Result<Found> {
    let drawn = context.status(record)?;
    // A reblog has no page of its own: what it shares has.
    if let Some(original) = drawn.reblog {
        let here = context.viewer.map(|_| format!("/@{}/{}", original.account.acct, original.id));
        return Ok(Found::Elsewhere(here.unwrap_or(original.url.unwrap_or(original.uri))));
    }
    let around = status::context(context.read, context.viewer, record.id)?;
    let all = around.ancestors.iter().chain(std::iter::once(record)).chain(&around.descendants);
    let missing = status::backfill::missing(context.read, all)?;
    let thread = context.thread(&around)?;
    let shown = Thread { status: &drawn, ancestors: &thread.ancestors, descendants: &thread.descendants, missing };
    Ok(Found::Page(thread::thread(site, &shown)))
}
