//! About this server.

use super::draw::{Found, draw};
use crate::{error::Result, http::session::Browser, server::Server};
use axum::{extract::State, response::Response};
use web::page::about;

/// `GET /about`
pub(super) async fn show(State(server): State<Server>, browser: Option<Browser>) -> Result<Response> {
    let now = server.now();
    draw(&server, browser.as_ref(), move |context, site| {
        Ok(Found::Page(about::about(site, &context.v1_instance(now)?)))
    })
    .await
}
