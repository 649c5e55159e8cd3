//! The page of one status with its thread. Peers get the object from the same address (ActivityPub §3.2).

use super::{
    draw::{Found, draw_kept},
    profile,
};
use crate::{
    error::{Error, Result},
    federation::collections,
    federation::documents,
    federation::fetch,
    http::{
        Params,
        negotiate::{self, Shape},
        visit::Visit,
    },
    limits,
    present::Context,
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
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
    params: Params,
) -> Result<Response> {
    // What cannot be an id is unknown, not malformed.
    let id: StatusId = id.parse().map_err(|_| Error::NotFound)?;
    if negotiate::shape(&headers) == Shape::Activity {
        return Ok(documents::status_answer(&server, name, id, &headers, params.uri()).await);
    }
    // Strangers set no work going.
    if let Some(viewer) = visit.account() {
        fetch::thread::open(&server, viewer, id).await?;
    }
    let after = params.id::<u64>("after").map(StatusId);
    draw_kept(&server, &visit, move |context, site| page(context, site, &name, (id, after))).await
}

/// The status a path names, and the reply behind which the page goes on.
type Asked = (StatusId, Option<StatusId>);

fn page(context: &Context<'_>, site: &Site<'_>, name: &str, (id, after): Asked) -> Result<Found> {
    let author = profile::find(context, name)?;
    if !author.is_local() {
        let status = status::require(context.read, context.viewer, id)?;
        if context.viewer.is_some() && status.account == author.id {
            return drawn(context, site, &status, after);
        }
        let owned = status.account == author.id;
        let url = status.url.unwrap_or(status.uri);
        return if owned { Ok(Found::Elsewhere(url)) } else { Err(Error::NotFound) };
    }
    let (_, record) = collections::visible_status(context.read, &author.username, id, context.viewer)?;
    drawn(context, site, &record, after)
}

fn drawn(context: &Context<'_>, site: &Site<'_>, record: &Status, after: Option<StatusId>) -> Result<Found> {
    let drawn = context.status(record)?;
    // A reblog has no page of its own: what it shares has.
    if let Some(original) = drawn.reblog {
        let here = context.viewer.map(|_| format!("/@{}/{}", original.account.acct, original.id));
        return Ok(Found::Elsewhere(here.unwrap_or(original.url.unwrap_or(original.uri))));
    }
    let part = status::context_part(context.read, context.viewer, record.id, after, limits::THREAD_PAGE_REPLIES)?;
    let around = &part.context;
    let all = around.ancestors.iter().chain(std::iter::once(record)).chain(&around.descendants);
    let missing = if part.more.is_none() { status::backfill::missing(context.read, all)? } else { 0 };
    let thread = context.thread(around)?;
    let trail: Vec<String> = part.trail.iter().map(ToString::to_string).collect();
    let path = site.at.split('?').next().unwrap_or_default();
    let more = part.more.map(|last| format!("{path}?after={last}#replies"));
    let shown = Thread {
        status: &drawn,
        ancestors: &thread.ancestors,
        descendants: &thread.descendants,
        missing,
        trail: &trail,
        more: more.as_deref(),
        start: after.map(|_| path),
    };
    Ok(Found::Page(thread::thread(site, &shown)))
}
