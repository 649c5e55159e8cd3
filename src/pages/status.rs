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
        exchange::Client,
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
use std::collections::HashSet;
use storage::{AccountId, StatusId, relationship, status::Status};
use web::{
    layout::Site,
    page::thread::{self, Order, Thread},
};

/// `GET /@NAME/ID`
pub(super) async fn show(
    State(server): State<Server>,
    visit: Visit,
    Path((name, id)): Path<(String, String)>,
    from: Option<Client>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    // What cannot be an id is unknown, not malformed.
    let id: StatusId = id.parse().map_err(|_| Error::NotFound)?;
    if negotiate::shape(&headers) == Shape::Activity {
        return Ok(documents::status_answer(&server, name, id, &headers, params.uri(), from).await);
    }
    // Strangers set no work going.
    if let Some(viewer) = visit.account() {
        fetch::thread::open(&server, viewer, id).await?;
    }
    let after = params.id::<u64>("after").map(StatusId);
    let asked = Asked { id, after, order: Order::named(params.str("order").unwrap_or_default()) };
    draw_kept(&server, &visit, move |context, site| page(context, site, &name, asked)).await
}

/// What a request asks for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// The status its path names.
    id: StatusId,
    /// The reply behind which the page goes on.
    after: Option<StatusId>,
    /// In which order replies are to stand.
    order: Order,
}

/// The status a path names.
pub(super) enum Named {
    /// It has a page here for whoever looks.
    Here(Box<Status>),
    /// Guests are told where it was written.
    Elsewhere(String),
}

/// The status `id` of the account that a path calls `name`.
///
/// # Errors
/// `NotFound` where there is none, or it may not be seen; `Gone` for a deleted one of this server.
pub(super) fn named(context: &Context<'_>, name: &str, id: StatusId) -> Result<Named> {
    let author = profile::find(context, name)?;
    if author.is_local() {
        let (_, record) = collections::visible_status(context.read, &author.username, id, context.viewer)?;
        return Ok(Named::Here(Box::new(record)));
    }
    let status = status::require(context.read, context.viewer, id)?;
    match (status.account == author.id, context.viewer) {
        (false, _) => Err(Error::NotFound),
        (true, Some(_)) => Ok(Named::Here(Box::new(status))),
        (true, None) => Ok(Named::Elsewhere(status.url.unwrap_or(status.uri))),
    }
}

fn page(context: &Context<'_>, site: &Site<'_>, name: &str, asked: Asked) -> Result<Found> {
    match named(context, name, asked.id)? {
        Named::Here(status) => drawn(context, site, &status, asked),
        Named::Elsewhere(url) => Ok(Found::Elsewhere(url)),
    }
}

fn drawn(context: &Context<'_>, site: &Site<'_>, record: &Status, asked: Asked) -> Result<Found> {
    let after = asked.after;
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
    let whole_count = around.ancestors.len() + around.descendants.len();
    let hidden = whole_count.saturating_sub(thread.ancestors.len() + thread.descendants.len()) as u64;
    let trail: Vec<String> = part.trail.iter().map(ToString::to_string).collect();
    let path = site.at.split('?').next().unwrap_or_default();
    let more = part.more.map(|last| format!("{path}?after={last}#replies"));
    // A part of the replies is no whole to put in order; guests follow nobody.
    let whole = after.is_none() && part.more.is_none();
    let order = context.viewer.filter(|_| whole).map(|_| asked.order);
    let followed = if order == Some(Order::Followed) { followed(context, &thread.descendants)? } else { Vec::new() };
    let shown = Thread {
        order,
        followed: &followed,
        status: &drawn,
        ancestors: &thread.ancestors,
        descendants: &thread.descendants,
        missing,
        hidden,
        trail: &trail,
        more: more.as_deref(),
        start: after.map(|_| path),
    };
    Ok(Found::Page(thread::thread(site, &shown)))
}

/// Whom of those who wrote these statuses the viewer follows.
fn followed(context: &Context<'_>, statuses: &[web::entity::Status]) -> Result<Vec<String>> {
    let Some(viewer) = context.viewer else { return Ok(Vec::new()) };
    let mut found: Vec<String> = Vec::new();
    let writers: HashSet<&str> = statuses.iter().map(|status| status.account.id.as_str()).collect();
    for writer in writers {
        let Ok(id) = writer.parse::<AccountId>() else { continue };
        if relationship::find(context.read, viewer, id)?.is_some() {
            found.push(writer.to_owned());
        }
    }
    Ok(found)
}
