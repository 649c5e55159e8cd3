//! `/healthz`: the whole state as JSON, 200 or 503. `/readyz`: one word, whether requests can be answered. `/health`: the
//! same in Mastodon's word.

use crate::{
    http::{Json, answer},
    operate::{Verdict, state},
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
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/health", get(health))
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

/// Client API, health.
async fn health(State(server): State<Server>) -> Response {
    match state(&server).await.verdict {
        Verdict::Down => answer::refuse(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        Verdict::Good | Verdict::Degraded => "OK".into_response(),
    }
}
