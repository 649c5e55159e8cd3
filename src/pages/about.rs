//! About this server, and its long texts: privacy policy and terms of service.

use super::draw::{Found, draw, draw_for_anybody};
use crate::{
    error::Result, http::visit::Visit, instance::texts, moderation::domain, present::moderation::domain_block,
    server::Server,
};
use axum::{extract::State, response::Response};
use web::page::{
    about::{self, About},
    document,
};

/// `GET /about`
pub(super) async fn show(State(server): State<Server>, visit: Visit) -> Result<Response> {
    let now = server.now();
    draw_for_anybody(&server, &visit, move |context, site| {
        let page = About {
            instance: &context.v1_instance(now)?,
            text: &context.about_text()?.content,
            terms: texts::terms(context.read, now)?.is_some(),
        };
        Ok(Found::Page(about::about(site, &page)))
    })
    .await
}

/// `GET /about/blocked`: as the client API tells it; strangers are not told while federation is limited.
pub(super) async fn blocked(State(server): State<Server>, visit: Visit) -> Result<Response> {
    draw(&server, &visit, |context, site| {
        let blocks: Vec<_> = domain::public(context.read)?.iter().map(domain_block).collect();
        Ok(Found::Page(about::blocked(site, &blocks)))
    })
    .await
}

/// `GET /privacy-policy`
pub(super) async fn privacy_policy(State(server): State<Server>, visit: Visit) -> Result<Response> {
    draw_for_anybody(&server, &visit, |context, site| {
        Ok(Found::Page(document::privacy_policy(site, &context.privacy_policy()?)))
    })
    .await
}

/// `GET /terms-of-service`
pub(super) async fn terms_of_service(State(server): State<Server>, visit: Visit) -> Result<Response> {
    let now = server.now();
    draw_for_anybody(&server, &visit, move |context, site| {
        Ok(Found::Page(document::terms_of_service(site, &context.terms_of_service(now)?)))
    })
    .await
}
