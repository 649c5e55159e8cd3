//! Whom one recommends on one's profile (client API, endorsements).

use super::blocks::own_people;
use crate::{
    account,
    error::Result,
    http::{Params, Viewer},
    relationship,
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/endorsements", get(list))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:accounts")?;
    own_people(&server, &viewer, &params, |read, own, bounds, direction, limit| {
        let owner = account::require(read, own)?;
        relationship::endorsements(read, &owner, Some(own), bounds, direction, limit)
    })
    .await
}
