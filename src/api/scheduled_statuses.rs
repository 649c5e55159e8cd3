//! Statuses that are to be posted later (client API, scheduled_statuses). `statuses` makes them.

use super::draw::{draw, id};
use crate::{
    error::Result,
    http::{Json, Params, Viewer, answer, paging::Cursors},
    intake::status::moment,
    limits,
    server::Server,
    status::scheduled,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::RowId;
use web::entity::ScheduledStatus;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/scheduled_statuses", get(list))
        .route("/api/v1/scheduled_statuses/{id}", get(show).put(update).delete(cancel))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:statuses")?;
    let own = viewer.account;
    let (default, max) = limits::TIMELINE_PAGE;
    let paging = params.paging(default, max);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let rows = scheduled::page(context.read, own, bounds, direction, limit)?;
        let cursors = Cursors::of(rows.iter().map(|(id, _)| id.0));
        let drawn = rows.iter().map(|(id, row)| context.scheduled(*id, row)).collect::<Result<Vec<_>>>()?;
        Ok((drawn, cursors))
    });
    let (rows, cursors) = drawn.await?;
    Ok(paging.answer(server.origin(), &paging.newest_first(rows), cursors))
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<ScheduledStatus>> {
    viewer.require("read:statuses")?;
    let (own, wanted): (_, RowId) = (viewer.account, id(&text)?);
    let drawn = draw(&server, Some(own), move |context| {
        context.scheduled(wanted, &scheduled::require(context.read, own, wanted)?)
    });
    drawn.await.map(Json)
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<ScheduledStatus>> {
    viewer.require("write:statuses")?;
    let (own, wanted, at) = (viewer.account, id(&text)?, moment(&params)?);
    let row = match at {
        Some(at) => server.write(move |tx| scheduled::reschedule(tx, own, wanted, at)).await?,
        // As Mastodon: whoever says no time changes none.
        None => server.read(move |view| scheduled::require(view, own, wanted)).await?,
    };
    draw(&server, Some(own), move |context| context.scheduled(wanted, &row)).await.map(Json)
}

async fn cancel(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:statuses")?;
    let (own, wanted): (_, RowId) = (viewer.account, id(&text)?);
    server.write(move |tx| scheduled::cancel(tx, own, wanted)).await?;
    Ok(answer::empty())
}
