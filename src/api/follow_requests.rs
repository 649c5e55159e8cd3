//! Follow requests (client API, follow_requests).

use super::{
    blocks::own_people,
    draw::{draw, id},
};
use crate::{
    error::Result,
    http::{Json, Params, Viewer},
    relationship,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{AccountId, Tx};
use web::entity::Relationship;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/follow_requests", get(list))
        .route("/api/v1/follow_requests/{account}/authorize", post(authorize))
        .route("/api/v1/follow_requests/{account}/reject", post(reject))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:follows")?;
    own_people(&server, &viewer, &params, relationship::requests).await
}

async fn authorize(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<Json<Relationship>> {
    answer(&server, &viewer, &account, relationship::authorize).await
}

async fn reject(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<Json<Relationship>> {
    answer(&server, &viewer, &account, relationship::reject).await
}

async fn answer(
    server: &Server,
    viewer: &Viewer,
    account: &str,
    rule: fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>,
) -> Result<Json<Relationship>> {
    viewer.require("write:follows")?;
    let (own, requester) = (viewer.account, id(account)?);
    server.write(move |tx| rule(tx, own, requester)).await?;
    draw(server, Some(own), move |context| context.relationship(own, requester)).await.map(Json)
}
