//! Whom one blocks (client API, blocks).

use super::draw::draw;
use crate::{
    error::Result,
    http::{Params, Viewer, paging::Cursors},
    limits,
    relationship::{self, Rows},
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};
use storage::{AccountId, Bounds, Direction, Read};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/blocks", get(list))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:blocks")?;
    own_people(&server, &viewer, &params, relationship::blocked).await
}

/// A list of one's own, by row.
pub(super) type OwnList = fn(&dyn Read, AccountId, Bounds, Direction, usize) -> Result<Rows>;

/// A page of accounts of a list of one's own.
pub(super) async fn own_people(server: &Server, viewer: &Viewer, params: &Params, list: OwnList) -> Result<Response> {
    let own = viewer.account;
    let paging = params.paging(limits::ACCOUNTS_PAGE, limits::ACCOUNTS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(server, Some(own), move |context| {
        let rows = list(context.read, own, bounds, direction, limit)?;
        context.people(&rows)
    });
    let (people, cursors) = drawn.await?;
    let cursors = cursors.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &people, cursors))
}
