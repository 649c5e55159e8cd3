//! What people do with statuses: reblog, favourite, bookmark, pin, and who did (client API, statuses, favourites,
//! bookmarks).

use super::{
    draw::{draw, id},
    statuses::reader,
    timelines::{cursors, window},
};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer},
    intake::status::visibility,
    limits,
    server::Server,
    status::{self, Marked, People},
    timeline::Window,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{AccountId, Read, StatusId, Tx, status::Status as Record};
use web::entity::Status;

/// The routes of these chapters.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/statuses/{id}/reblog", post(reblog))
        .route("/api/v1/statuses/{id}/unreblog", act("write:statuses", status::unreblog))
        .route("/api/v1/statuses/{id}/favourite", act("write:favourites", status::favourite))
        .route("/api/v1/statuses/{id}/unfavourite", act("write:favourites", status::unfavourite))
        .route("/api/v1/statuses/{id}/bookmark", act("write:bookmarks", status::bookmark))
        .route("/api/v1/statuses/{id}/unbookmark", act("write:bookmarks", status::unbookmark))
        .route("/api/v1/statuses/{id}/mute", act("write:mutes", status::mute_thread))
        .route("/api/v1/statuses/{id}/unmute", act("write:mutes", status::unmute_thread))
        .route("/api/v1/statuses/{id}/pin", act("write:accounts", status::pin))
        .route("/api/v1/statuses/{id}/unpin", act("write:accounts", status::unpin))
        .route("/api/v1/statuses/{id}/favourited_by", people(status::favourited_by))
        .route("/api/v1/statuses/{id}/reblogged_by", people(status::reblogged_by))
        .route("/api/v1/favourites", marked("read:favourites", status::favourites))
        .route("/api/v1/bookmarks", marked("read:bookmarks", status::bookmarks))
}

/// A rule that does something with a status and answers it.
type Act = fn(&mut Tx<'_>, AccountId, StatusId) -> Result<Record>;
/// A rule that lists who did something with a status.
type Who = fn(&dyn Read, Option<AccountId>, StatusId, Window) -> Result<People>;
/// A rule that lists what somebody marked.
type What = fn(&dyn Read, AccountId, Window) -> Result<Marked>;

fn act(scope: &'static str, rule: Act) -> axum::routing::MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, Path(status): Path<String>| async move {
        viewer.require(scope)?;
        let (own, status) = (viewer.account, id(&status)?);
        let status = server.write(move |tx| rule(tx, own, status)).await?;
        drawn(&server, own, status).await
    })
}

async fn reblog(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
    params: Params,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status, visibility) = (viewer.account, id(&status)?, visibility(&params)?);
    let reblog = server.write(move |tx| status::reblog(tx, own, status, visibility)).await?;
    // One that waits for the author's word is nowhere to be read yet.
    draw(&server, Some(own), move |context| context.status(&reblog)).await.map(Json)
}

/// The status, unless `own` may not see it any more: a mark is taken back all the same, but shows nothing.
async fn drawn(server: &Server, own: AccountId, status: Record) -> Result<Json<Status>> {
    draw(server, Some(own), move |context| context.status(&status::require(context.read, Some(own), status.id)?))
        .await
        .map(Json)
}

fn people(rule: Who) -> axum::routing::MethodRouter<Server> {
    get(
        move |State(server): State<Server>, viewer: Option<Viewer>, Path(status): Path<String>, params: Params| async move {
            let status = id(&status)?;
            let viewer = reader(viewer, "read:statuses")?;
            let (default, most) = limits::PEOPLE_PAGE;
            let paging = params.paging(default, most);
            let window = window(&paging);
            let (found, examined) = draw(&server, viewer, move |context| {
                let People { accounts, examined } = rule(context.read, viewer, status, window)?;
                let drawn = accounts.into_iter().map(|account| context.account(account)).collect::<Result<Vec<_>>>()?;
                Ok((drawn, examined))
            })
            .await?;
            Ok::<Response, Error>(paging.answer(server.origin(), &found, cursors(examined)))
        },
    )
}

fn marked(scope: &'static str, rule: What) -> axum::routing::MethodRouter<Server> {
    get(move |State(server): State<Server>, viewer: Viewer, params: Params| async move {
        viewer.require(scope)?;
        let own = viewer.account;
        let (default, most) = limits::TIMELINE_PAGE;
        let paging = params.paging(default, most);
        let window = window(&paging);
        let (found, examined) = draw(&server, Some(own), move |context| {
            let Marked { statuses, examined } = rule(context.read, own, window)?;
            Ok((context.statuses(&statuses)?, examined))
        })
        .await?;
        Ok::<Response, Error>(paging.answer(server.origin(), &found, cursors(examined)))
    })
}
