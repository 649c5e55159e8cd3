//! Lives here: what those who look after the server may do (client API, admin), one file per chapter.
//! May use: the moderation room, `present`, `http`, `server`. Must never name: other edges, the network.
//! Must never name: a role; the rules ask for powers.
//! Invariants: every route asks for its scope, and reads only behind `moderation::require`; the rules it calls ask for
//! the power themselves.

mod accounts;
mod audit;
mod canonical_email_blocks;
mod domain_allows;
mod domain_blocks;
mod email_domain_blocks;
mod ip_blocks;
mod metrics;
mod reports;

use crate::{
    error::Result,
    http::{
        Params, Viewer,
        paging::{Cursors, Paging},
    },
    limits,
    moderation::{self, Page, Power},
    present::Context,
    server::Server,
};
use axum::{Router, response::Response};
use serde::Serialize;
use storage::{Bounds, Direction, Read};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    accounts::routes()
        .merge(audit::routes())
        .merge(canonical_email_blocks::routes())
        .merge(domain_allows::routes())
        .merge(domain_blocks::routes())
        .merge(email_domain_blocks::routes())
        .merge(ip_blocks::routes())
        .merge(metrics::routes())
        .merge(reports::routes())
}

/// Reads and draws for a viewer who has `power`.
async fn draw<T, F>(server: &Server, viewer: &Viewer, power: Power, draw: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Context<'_>) -> Result<T> + Send + 'static,
{
    let own = viewer.account;
    let drawn = super::draw::draw(server, Some(own), move |context| {
        moderation::require(context.read, own, power)?;
        draw(context)
    });
    drawn.await
}

/// The page asked for, of the size such lists have.
fn paging(params: &Params) -> Paging {
    params.paging(limits::ADMIN_PAGE, limits::ADMIN_PAGE_MAX)
}

/// A page of numbered rows for a viewer who has `power`, each as `shown` draws it.
async fn page<R, E, F>(
    server: &Server,
    viewer: &Viewer,
    power: Power,
    params: &Params,
    rows: F,
    shown: impl Fn(&R) -> E + Send,
) -> Result<Response>
where
    R: Send + 'static,
    E: Serialize,
    F: FnOnce(&dyn Read, Bounds, Direction, usize) -> Result<Page<R>> + Send + 'static,
{
    let paging = paging(params);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let page = draw(server, viewer, power, move |context| rows(context.read, bounds, direction, limit)).await?;
    let drawn: Vec<_> = page.rows.iter().map(shown).collect();
    Ok(paging.answer(server.origin(), &drawn, page.examined.map(|(newest, oldest)| Cursors { newest, oldest })))
}
