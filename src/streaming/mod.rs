//! Lives here: live streams of the client API over WebSockets and server-sent events.
//! May use: `http`, `present`, rooms, `Server` and its events. Must never name: other edges, ActivityPub.
//! Invariants: nothing is sent that the same viewer could not read elsewhere; who is slow is dropped and nobody else
//! waits; a revoked token or a suspended person is cut off at once.
//!
//! Source: client API, streaming.

mod draw;
mod hub;
mod line;
mod sse;
mod topic;
mod websocket;
mod work;

pub use hub::Streams;
pub use sse::SSE;
pub use work::start;

use crate::{http::answer, server::Server};
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/streaming", get(websocket::open))
        .route("/api/v1/streaming/health", get(health))
        .merge(sse::routes())
}

/// For whatever watches a streaming server that is a process of its own elsewhere.
async fn health() -> Response {
    let mut response = "OK".into_response();
    answer::uncached(response.headers_mut());
    response
}
