//! Filters (client API, filters). Nobody can have one yet, so every list is empty.

use crate::{
    error::Result,
    http::{Json, Viewer},
    server::Server,
};
use axum::{Router, routing::get};
use web::entity::Filter;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v2/filters", get(list)).route("/api/v1/filters", get(list))
}

async fn list(viewer: Viewer) -> Result<Json<Vec<Filter>>> {
    viewer.require("read:filters")?;
    Ok(Json(Vec::new()))
}
