//! Announcements (client API, announcements).

use super::draw::{draw, id};
use crate::{
    announcement,
    error::Result,
    http::{Json, Params, Viewer, answer},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post, put},
};
use storage::{AccountId, RowId, Tx};
use web::entity::Announcement;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/announcements", get(list))
        .route("/api/v1/announcements/{id}/dismiss", post(dismiss))
        .route("/api/v1/announcements/{id}/reactions/{name}", put(react).delete(unreact))
}

/// Any token of a person will do (client API, announcements#get).
async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<Announcement>>> {
    let own = viewer.account;
    let with_dismissed = params.bool("with_dismissed").unwrap_or(false);
    let drawn = draw(&server, Some(own), move |context| {
        let rows = announcement::shown(context.read, own, with_dismissed)?;
        rows.iter().map(|(id, row)| context.announcement(*id, row)).collect::<Result<Vec<_>>>()
    });
    drawn.await.map(Json)
}

async fn dismiss(State(server): State<Server>, viewer: Viewer, Path(wanted): Path<String>) -> Result<Response> {
    viewer.require("write:accounts")?;
    let (own, wanted) = (viewer.account, id(&wanted)?);
    server.write(move |tx| announcement::dismiss(tx, own, wanted)).await?;
    Ok(answer::empty())
}

async fn react(State(server): State<Server>, viewer: Viewer, path: Path<(String, String)>) -> Result<Response> {
    change(&server, &viewer, path, announcement::react).await
}

async fn unreact(State(server): State<Server>, viewer: Viewer, path: Path<(String, String)>) -> Result<Response> {
    change(&server, &viewer, path, announcement::unreact).await
}

/// A rule about a reaction.
type Rule = fn(&mut Tx<'_>, AccountId, RowId, &str) -> Result<()>;

async fn change(server: &Server, viewer: &Viewer, path: Path<(String, String)>, rule: Rule) -> Result<Response> {
    viewer.require("write:favourites")?;
    let Path((wanted, name)) = path;
    let (own, wanted) = (viewer.account, id(&wanted)?);
    server.write(move |tx| rule(tx, own, wanted, &name)).await?;
    Ok(answer::empty())
}
