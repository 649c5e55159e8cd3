//! What waits for the word of somebody here: favourites, replies and reblogs of their statuses (GoToSocial,
//! interaction_requests).

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, paging::Cursors},
    limits,
    server::Server,
    status::{Wanted, interaction},
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{AccountId, RowId, Tx, interaction::Interaction, interaction::InteractionRequest as Record};
use web::entity::InteractionRequest;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/interaction_requests", get(list))
        .route("/api/v1/interaction_requests/{id}", get(show))
        .route("/api/v1/interaction_requests/{id}/authorize", post(authorize))
        .route("/api/v1/interaction_requests/{id}/reject", post(reject))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let kinds =
        [("favourites", Interaction::Favourite), ("replies", Interaction::Reply), ("reblogs", Interaction::Reblog)];
    let interactions: Vec<_> =
        kinds.into_iter().filter(|(name, _)| params.bool(name).unwrap_or(true)).map(|(_, kind)| kind).collect();
    if interactions.is_empty() {
        return Err(Error::invalid("favourites", "at least one of favourites, replies and reblogs must be true"));
    }
    let wanted = Wanted { status: params.str("status_id").map(id).transpose()?, interactions };
    let paging = params.paging(limits::NOTIFICATIONS_PAGE, limits::NOTIFICATIONS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let found = interaction::waiting(context.read, own, &wanted, bounds, direction, limit)?;
        let drawn = found.rows.iter().map(|(id, row)| context.interaction_request(*id, row));
        Ok((drawn.collect::<Result<Vec<_>>>()?, found.examined))
    });
    let (drawn, examined) = drawn.await?;
    let cursors = examined.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &drawn, cursors))
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<InteractionRequest>> {
    viewer.require("read:notifications")?;
    let (own, at) = (viewer.account, id::<RowId>(&text)?);
    let drawn = draw(&server, Some(own), move |context| {
        context.interaction_request(at, &interaction::require_request(context.read, own, at)?)
    });
    drawn.await.map(Json)
}

async fn authorize(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<InteractionRequest>> {
    viewer.require("write:statuses")?;
    answer(&server, viewer.account, &text, interaction::authorize).await
}

async fn reject(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<InteractionRequest>> {
    viewer.require("write:statuses")?;
    answer(&server, viewer.account, &text, interaction::reject).await
}

/// What is done to a request.
type Answer = fn(&mut Tx<'_>, AccountId, RowId) -> Result<Record>;

async fn answer(server: &Server, own: AccountId, text: &str, rule: Answer) -> Result<Json<InteractionRequest>> {
    let at = id(text)?;
    let row = server.write(move |tx| rule(tx, own, at)).await?;
    draw(server, Some(own), move |context| context.interaction_request(at, &row)).await.map(Json)
}
