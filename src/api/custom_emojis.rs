//! Custom emoji of this server (client API, custom_emojis).

use super::draw::draw;
use crate::{error::Result, http::Json, server::Server};
use axum::{Router, extract::State, routing::get};
use web::entity::CustomEmoji;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/custom_emojis", get(list))
}

/// Those that pickers show; the others, and those of other servers, come with what uses them.
async fn list(State(server): State<Server>) -> Result<Json<Vec<CustomEmoji>>> {
    draw(&server, None, |context| context.custom_emojis()).await.map(Json)
}
