//! Everywhere one can go, for narrow windows.

use super::draw::{Found, draw};
use crate::{error::Result, http::visit::Member, server::Server};
use axum::{extract::State, response::Response};
use web::page::menu;

/// `GET /menu`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    draw(&server, &member.visit, |_, site| Ok(Found::Page(menu::menu(site)))).await
}
