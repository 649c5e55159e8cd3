//! Polls (client API, polls). A poll has the number of its status.

use super::{
    draw::{draw, id},
    statuses::reader,
};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer},
    limits, poll,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use storage::{AccountId, StatusId};
use web::entity::Poll;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/polls/{id}", get(show)).route("/api/v1/polls/{id}/votes", post(vote))
}

async fn show(State(server): State<Server>, viewer: Option<Viewer>, Path(text): Path<String>) -> Result<Json<Poll>> {
    let wanted: StatusId = id(&text)?;
    let viewer = reader(viewer, "read:statuses")?;
    let now = server.now();
    let old = server.read(move |view| {
        let (status, asked) = poll::require(view, viewer, wanted)?;
        Ok(!status.local && poll::is_stale(view, wanted, &asked, now)?)
    });
    // What strangers ask makes nobody else work.
    if old.await? && viewer.is_some() {
        server.write(move |tx| poll::refresh(tx, wanted)).await?;
    }
    drawn(&server, viewer, wanted).await
}

async fn vote(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<Poll>> {
    viewer.require("write:statuses")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    let unknown = || Error::invalid("choices", "the chosen vote option does not exist");
    let sent = params.texts("choices");
    if sent.len() > limits::POLL_OPTIONS_MAX {
        return Err(unknown());
    }
    let choice = |text: &str| text.trim().parse::<u32>().map_err(|_| unknown());
    let choices = sent.into_iter().map(choice).collect::<Result<Vec<_>>>()?;
    server.write(move |tx| poll::vote(tx, own, wanted, &choices)).await?;
    drawn(&server, Some(own), wanted).await
}

async fn drawn(server: &Server, viewer: Option<AccountId>, wanted: StatusId) -> Result<Json<Poll>> {
    draw(server, viewer, move |context| {
        let (status, asked) = poll::require(context.read, viewer, wanted)?;
        context.poll(&status, &asked)
    })
    .await
    .map(Json)
}
