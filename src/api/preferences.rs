//! Preferences (client API, preferences).

use super::draw::draw;
use crate::{
    error::Result,
    http::{Json, Viewer},
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use web::entity::Preferences;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/preferences", get(show))
}

async fn show(State(server): State<Server>, viewer: Viewer) -> Result<Json<Preferences>> {
    viewer.require("read:accounts")?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.preferences(own)).await.map(Json)
}
