//! What is talked of (client API, trends).

use super::draw::draw;
use crate::{
    error::Result,
    http::{Params, Viewer, answer},
    limits,
    server::Server,
    trend,
};
use axum::{Router, extract::State, response::Response, routing::get};
use storage::filter::FilterContext;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/trends", get(tags))
        .route("/api/v1/trends/tags", get(tags))
        .route("/api/v1/trends/statuses", get(statuses))
        .route("/api/v1/trends/links", get(links))
}

async fn tags(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Response> {
    let (default, most) = limits::TRENDS_PAGE;
    let paging = params.paging(default, most);
    let (trends, now) = (server.trends().clone(), server.now());
    let (offset, limit) = (paging.offset, paging.limit);
    let drawn = draw(&server, viewer.map(|viewer| viewer.account), move |context| {
        let names = trend::tags(&trends, context.read, now)?;
        names.iter().skip(offset).take(limit).map(|name| context.tag_named(name)).collect::<Result<Vec<_>>>()
    });
    let drawn = drawn.await?;
    Ok(paging.answer_by_offset(server.origin(), answer::json(&drawn), drawn.len() == paging.limit))
}

async fn statuses(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Response> {
    let (default, most) = limits::TIMELINE_PAGE;
    let paging = params.paging(default, most);
    let (trends, now) = (server.trends().clone(), server.now());
    let (offset, limit) = (paging.offset, paging.limit);
    let viewer = viewer.map(|viewer| viewer.account);
    let drawn = draw(&server, viewer, move |context| {
        let found = trend::statuses(&trends, context.read, viewer, now)?;
        let page: Vec<_> = found.into_iter().skip(offset).take(limit).collect();
        context.statuses_in(FilterContext::Public, &page)
    });
    let drawn = drawn.await?;
    Ok(paging.answer_by_offset(server.origin(), answer::json(&drawn), drawn.len() == paging.limit))
}

async fn links(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Response> {
    let (default, most) = limits::TRENDS_PAGE;
    let paging = params.paging(default, most);
    let (trends, now) = (server.trends().clone(), server.now());
    let (offset, limit) = (paging.offset, paging.limit);
    let drawn = draw(&server, viewer.map(|viewer| viewer.account), move |context| {
        let found = trend::links(&trends, context.read, now)?;
        found.iter().skip(offset).take(limit).map(|link| context.trending_link(link)).collect::<Result<Vec<_>>>()
    });
    let drawn = drawn.await?;
    Ok(paging.answer_by_offset(server.origin(), answer::json(&drawn), drawn.len() == paging.limit))
}
