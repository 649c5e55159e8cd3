//! The instance (client API, instance): what apps read before anything else.

use super::draw::draw;
use crate::{error::Result, http::Json, moderation::domain, present::moderation::domain_block, server::Server};
use axum::{Router, extract::State, routing::get};
use web::entity::{DomainBlock, Instance, Rule, V1Instance};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/instance", get(version_1))
        .route("/api/v2/instance", get(version_2))
        .route("/api/v1/instance/rules", get(rules))
        .route("/api/v1/instance/domain_blocks", get(domain_blocks))
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

async fn domain_blocks(State(server): State<Server>) -> Result<Json<Vec<DomainBlock>>> {
    let blocks = server.read(|view| domain::public(view)).await?;
    Ok(Json(blocks.iter().map(domain_block).collect()))
}
