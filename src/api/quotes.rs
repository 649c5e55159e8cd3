//! Quotes of a status: who may quote it, who does, and taking that back (client API, statuses).

use super::{
    draw::{draw, id},
    timelines::{cursors, window},
};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer},
    intake::status::quote_policy,
    limits,
    server::Server,
    status::{self, Marked},
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post, put},
};
use web::entity::Status;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/statuses/{id}/interaction_policy", put(set_policy))
        .route("/api/v1/statuses/{id}/quotes", get(list))
        .route("/api/v1/statuses/{id}/quotes/{quoting}/revoke", post(revoke))
}

async fn set_policy(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
    params: Params,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status) = (viewer.account, id(&status)?);
    let missing = || Error::invalid("quote_approval_policy", "quote_approval_policy is missing");
    let choice = quote_policy(&params)?.ok_or_else(missing)?;
    let status = server.write(move |tx| status::set_policy(tx, own, status, choice)).await?;
    draw(&server, Some(own), move |context| context.status(&status)).await.map(Json)
}

async fn list(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("read:statuses")?;
    let (status, viewer) = (id(&status)?, Some(viewer.account));
    let (default, most) = limits::TIMELINE_PAGE;
    let paging = params.paging(default, most);
    let window = window(&paging);
    let (found, examined) = draw(&server, viewer, move |context| {
        let Marked { statuses, examined } = status::quotes(context.read, viewer, status, window)?;
        Ok((context.statuses(&statuses)?, examined))
    })
    .await?;
    Ok(paging.answer(server.origin(), &found, cursors(examined)))
}

async fn revoke(
    State(server): State<Server>,
    viewer: Viewer,
    Path((status, quoting)): Path<(String, String)>,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status, quoting) = (viewer.account, id(&status)?, id(&quoting)?);
    let quoting = server.write(move |tx| status::revoke(tx, own, status, quoting)).await?;
    // What is for others is taken back all the same, but not shown.
    draw(&server, Some(own), move |context| context.status(&status::require(context.read, Some(own), quoting.id)?))
        .await
        .map(Json)
}
