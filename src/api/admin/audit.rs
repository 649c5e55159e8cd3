//! The audit log: an extension, since Mastodon shows its own on pages only.

use super::{draw, paging};
use crate::{
    error::Result,
    http::{Params, Viewer, paging::Cursors},
    moderation::{self, Power},
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};

pub(super) fn routes() -> Router<Server> {
    Router::new().route("/api/v1/admin/audit_log", get(list))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("admin:read")?;
    let paging = paging(&params);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, &viewer, Power::ViewAuditLog, move |context| {
        let page = moderation::deeds(context.read, bounds, direction, limit)?;
        let rows = page.rows.iter().map(|(id, deed)| context.audit_row(*id, deed)).collect::<Result<Vec<_>>>()?;
        Ok((rows, page.examined))
    });
    let (rows, examined) = drawn.await?;
    Ok(paging.answer(server.origin(), &rows, examined.map(|(newest, oldest)| Cursors { newest, oldest })))
}
