//! Emoji on statuses (Pleroma, emoji reactions; glitch-soc, statuses#react).

use super::{
    draw::{draw, id},
    statuses::reader,
};
use crate::{
    error::Result,
    http::{Json, Viewer},
    server::Server,
    status::{self, react},
};
use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use storage::{AccountId, StatusId, Tx, status::Status as Record};
use web::entity::{EmojiReaction, Status};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/pleroma/statuses/{id}/reactions", get(list))
        .route("/api/v1/pleroma/statuses/{id}/reactions/{emoji}", get(list_one).put(put).delete(take_back))
        .route("/api/v1/statuses/{id}/react/{emoji}", post(put))
        .route("/api/v1/statuses/{id}/unreact/{emoji}", post(take_back))
}

async fn put(
    State(server): State<Server>,
    viewer: Viewer,
    Path((status, emoji)): Path<(String, String)>,
) -> Result<Json<Status>> {
    act(&server, &viewer, &status, move |tx, own, status| react::react(tx, own, status, &emoji)).await
}

async fn take_back(
    State(server): State<Server>,
    viewer: Viewer,
    Path((status, emoji)): Path<(String, String)>,
) -> Result<Json<Status>> {
    act(&server, &viewer, &status, move |tx, own, status| react::unreact(tx, own, status, &emoji)).await
}

/// Does something with a status, and answers that, unless they may not see it any more: a reaction is taken back all the
/// same, but shows nothing.
async fn act(
    server: &Server,
    viewer: &Viewer,
    status: &str,
    rule: impl Fn(&mut Tx<'_>, AccountId, StatusId) -> Result<Record> + Send + 'static,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status) = (viewer.account, id(status)?);
    let status = server.write(move |tx| rule(tx, own, status)).await?;
    draw(server, Some(own), move |context| context.status(&status::require(context.read, Some(own), status.id)?))
        .await
        .map(Json)
}

async fn list(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(status): Path<String>,
) -> Result<Json<Vec<EmojiReaction>>> {
    people(&server, viewer, &status, None).await
}

async fn list_one(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path((status, emoji)): Path<(String, String)>,
) -> Result<Json<Vec<EmojiReaction>>> {
    people(&server, viewer, &status, Some(emoji)).await
}

async fn people(
    server: &Server,
    viewer: Option<Viewer>,
    status: &str,
    emoji: Option<String>,
) -> Result<Json<Vec<EmojiReaction>>> {
    let status = id(status)?;
    let viewer = reader(viewer, "read:statuses")?;
    let drawn = draw(server, viewer, move |context| {
        let found = react::people(context.read, viewer, status, emoji.as_deref())?;
        found.iter().map(|(shown, people)| context.reaction(shown, people)).collect()
    });
    drawn.await.map(Json)
}
