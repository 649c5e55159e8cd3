//! About this server, how accessible it is, and its long texts: privacy policy and terms of service.

use super::draw::{Found, draw_for_anybody, draw_kept};
use crate::{
    clock,
    error::{Error, Result},
    http::{Params, visit::Visit},
    instance::texts,
    limits,
    moderation::domain,
    present::{Context, moderation::domain_block},
    server::Server,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use web::page::{
    about::{self, About},
    accessibility, document,
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

/// `GET /about/blocked`, `?from=N`: as the client API tells it, behind the first N; strangers are not told while federation
/// is limited.
pub(super) async fn blocked(State(server): State<Server>, visit: Visit, params: Params) -> Result<Response> {
    let from = params.id::<u64>("from").and_then(|from| usize::try_from(from).ok()).unwrap_or(0);
    draw_kept(&server, &visit, move |context, site| {
        let all = domain::public(context.read)?;
        let until = from.saturating_add(limits::DOMAIN_BLOCKS_DRAWN);
        let more = (until < all.len()).then(|| format!("/about/blocked?from={until}"));
        let blocks: Vec<_> = all.iter().skip(from).take(limits::DOMAIN_BLOCKS_DRAWN).map(domain_block).collect();
        Ok(Found::Page(about::blocked(site, &blocks, more.as_deref())))
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
        let days = terms_days(context)?;
        Ok(Found::Page(document::terms_of_service(site, &context.terms_of_service(now)?, &days)))
    })
    .await
}

/// `GET /terms-of-service/DAY`: those that count from this day on, as 2026-01-31.
pub(super) async fn former_terms(
    State(server): State<Server>,
    Path(day): Path<String>,
    visit: Visit,
) -> Result<Response> {
    let (now, from) = (server.now(), clock::parse_day(&day).ok_or(Error::NotFound)?);
    draw_for_anybody(&server, &visit, move |context, site| {
        let days = terms_days(context)?;
        Ok(Found::Page(document::terms_of_service(site, &context.terms_of_service_from(from, now)?, &days)))
    })
    .await
}

/// The days from which the versions of the terms count, the newest first.
fn terms_days(context: &Context<'_>) -> Result<Vec<String>> {
    let versions = texts::versions(context.read)?;
    Ok(versions.iter().rev().map(|terms| clock::iso_date(terms.from)).collect())
}

/// `GET /accessibility`
pub(super) async fn accessibility(State(server): State<Server>, visit: Visit) -> Result<Response> {
    let now = server.now();
    draw_for_anybody(&server, &visit, move |context, site| {
        let instance = context.v1_instance(now)?;
        Ok(Found::Page(accessibility::statement(site, &instance.email)))
    })
    .await
}
