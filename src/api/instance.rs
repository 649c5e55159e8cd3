//! The instance (client API, instance): what apps read before anything else.

use super::draw::draw;
use crate::{error::Result, http::Json, server::Server};
use axum::{Router, extract::State, routing::get};
use web::entity::{Instance, Rule, V1Instance};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/instance", get(version_1))
        .route("/api/v2/instance", get(version_2))
        .route("/api/v1/instance/rules", get(rules))
}

async fn version_1(State(server): State<Server>) -> Result<Json<V1Instance>> {
    let now = server.now();
    draw(&server, None, move |context| context.v1_instance(now)).await.map(Json)
}

async fn version_2(State(server): State<Server>) -> Result<Json<Instance>> {
    let now = server.now();
    draw(&server, None, move |context| context.instance(now)).await.map(Json)
}

async fn rules(State(server): State<Server>) -> Result<Json<Vec<Rule>>> {
    draw(&server, None, |context| context.rules()).await.map(Json)
}
