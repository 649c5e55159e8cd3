//! All sections at a glance.

use super::super::draw::{Found, draw};
use crate::{error::Result, http::visit::Member, server::Server};
use axum::{extract::State, response::Response};
use storage::user;
use web::page::settings;

/// `GET /settings`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let email = user::find(context.read, own)?.map(|user| user.email).filter(|email| !email.is_empty());
        Ok(Found::Page(settings::overview(site, email.as_deref())))
    })
    .await
}
