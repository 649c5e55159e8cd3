//! The plain port beside TLS: answers an authority that asks for a proof (RFC 8555 §8.3), sends everybody else to https.

use super::gate::Gate;
use crate::{
    error::{Error, Result},
    http::{
        kind::{Class, Kind},
        listen::{self, Site},
    },
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, Uri, header::LOCATION};
use tokio::net::TcpListener;

/// Serves the port until the server stops.
pub(super) fn start(server: &Server, listener: TcpListener) {
    let of_task = server.clone();
    server.spawn_ending("plain port", async move { serve(&of_task, listener, None).await });
}

/// Serves `listener` with these answers alone, behind `gate` if there is one, until the server stops.
pub(super) async fn serve(server: &Server, listener: TcpListener, gate: Option<Gate>) {
    let router = Router::new()
        .route("/.well-known/acme-challenge/{token}", get(proof))
        .fallback(elsewhere)
        .with_state(server.clone());
    // Every name is answered here: an authority asks by the name that is to be proved, with the port it came to.
    let site = Site { router, kind_of: |_, _| Kind { class: Class::Probe, cors: false, bucket: None } };
    listen::serve(listener, gate, site, server.clone(), server.stopping()).await;
}

async fn proof(State(server): State<Server>, Path(token): Path<String>) -> Result<Response> {
    server.keeper().told(&token).map(IntoResponse::into_response).ok_or(Error::NotFound)
}

/// The same target at this server's origin, whatever name the request had.
async fn elsewhere(State(server): State<Server>, uri: Uri) -> Result<Response> {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let target = HeaderValue::try_from(server.origin().url(target)).map_err(|_| Error::NotFound)?;
    Ok((StatusCode::PERMANENT_REDIRECT, [(LOCATION, target)]).into_response())
}
