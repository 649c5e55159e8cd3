//! Domains one wants nothing of (client API, domain_blocks).

use crate::{
    error::Result,
    http::{Params, Viewer, answer, paging::Cursors},
    limits, relationship,
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/domain_blocks", get(list).post(create).delete(remove))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:blocks")?;
    let own = viewer.account;
    let (default, most) = limits::DOMAIN_BLOCKS_PAGE;
    let paging = params.paging(default, most);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let rows = server.read(move |view| relationship::blocked_domains(view, own, bounds, direction, limit)).await?;
    let cursors = Cursors::of(rows.iter().map(|(row, _)| row.0));
    let domains: Vec<&str> = rows.iter().map(|(_, domain)| domain.as_str()).collect();
    Ok(paging.answer(server.origin(), &domains, cursors))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("write:blocks")?;
    let (own, domain) = (viewer.account, params.require("domain")?.to_owned());
    server.write(move |tx| relationship::block_domain(tx, own, &domain)).await?;
    Ok(answer::empty())
}

async fn remove(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("write:blocks")?;
    let (own, domain) = (viewer.account, params.require("domain")?.to_owned());
    server.write(move |tx| relationship::unblock_domain(tx, own, &domain)).await?;
    Ok(answer::empty())
}
