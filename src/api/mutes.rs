//! Whom one mutes (client API, mutes).

use super::draw::draw;
use crate::{
    clock,
    error::Result,
    http::{Params, Viewer, paging::Cursors},
    limits, relationship,
    server::Server,
};
use axum::{Router, extract::State, response::Response, routing::get};
use storage::mute;
use web::entity::{Account, MutedAccount};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/mutes", get(list))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:mutes")?;
    let own = viewer.account;
    let paging = params.paging(limits::ACCOUNTS_PAGE, limits::ACCOUNTS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let rows = relationship::muted(context.read, own, bounds, direction, limit)?;
        let mut drawn = Vec::with_capacity(rows.rows.len());
        for (_, target) in &rows.rows {
            let ends = mute::find(context.read, own, *target)?.and_then(|mute| mute.expires_at);
            let account = Account::clone(&**context.account(*target)?);
            drawn.push(MutedAccount { account, mute_expires_at: ends.map(clock::iso) });
        }
        Ok((drawn, rows.examined))
    });
    let (people, cursors) = drawn.await?;
    let cursors = cursors.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &people, cursors))
}
