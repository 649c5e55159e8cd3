//! What a browser must know to put these pages among the programs of a device.

use super::draw::{Found, draw_for_anybody};
use crate::{error::Result, http::visit::Visit, server::Server};
use axum::{extract::State, response::Response};
use http::{HeaderValue, header::CONTENT_TYPE};
use web::page::installed;

/// `GET /manifest.webmanifest`; browsers ask for it without cookies, so it is in the language that they ask for.
pub(super) async fn manifest(State(server): State<Server>, visit: Visit) -> Result<Response> {
    let drawn = draw_for_anybody(&server, &visit, |_, site| Ok(Found::Page(installed::manifest(site))));
    let mut response = drawn.await?;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    Ok(response)
}
