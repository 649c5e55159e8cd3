//! Custom emoji of this server (client API, custom_emojis).

use crate::{http::Json, server::Server};
use axum::{Router, routing::get};
use web::entity::CustomEmoji;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/custom_emojis", get(list))
}

/// No emoji can be added here yet, so there is none to list; those of other servers come with what uses them.
async fn list() -> Json<Vec<CustomEmoji>> {
    Json(Vec::new())
}
