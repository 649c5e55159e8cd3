//! `/healthz`: the whole state as JSON, 200 or 503. `/readyz`: one word, whether requests can be answered. `/health`: the
//! same in Mastodon's word. `/readyz/self`: which server answers.

use crate::{
    http::{Json, answer},
    operate::{Verdict, doctor, state},
    server::Server,
};
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;

/// The probes.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/health", get(health))
        .route(doctor::WORD, get(word))
}

async fn healthz(State(server): State<Server>) -> Response {
    let state = state(&server).await;
    let status = if state.verdict == Verdict::Down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(state)).into_response()
}

async fn readyz(State(server): State<Server>) -> Response {
    let state = state(&server).await;
    match state.verdict {
        Verdict::Down => answer::refuse(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        Verdict::Good | Verdict::Degraded => "ready".into_response(),
    }
}

/// By what a server is known that is asked by any name: nothing that anybody could use.
async fn word(State(server): State<Server>) -> Response {
    server.word().to_owned().into_response()
}

/// Client API, health.
async fn health(State(server): State<Server>) -> Response {
    match state(&server).await.verdict {
        Verdict::Down => answer::refuse(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        Verdict::Good | Verdict::Degraded => "OK".into_response(),
    }
}
