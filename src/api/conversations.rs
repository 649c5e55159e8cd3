//! Conversations (client API, conversations).

use super::{
    draw::{draw, id},
    timelines::{cursors, window},
};
use crate::{
    error::Result,
    http::{Json, Params, Viewer, answer},
    limits,
    server::Server,
    status,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{MethodRouter, delete, get, post},
};
use storage::{AccountId, RowId, Tx};
use web::entity::Conversation;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/conversations", get(list))
        .route("/api/v1/conversations/{id}", delete(remove))
        .route("/api/v1/conversations/{id}/read", act(status::read_conversation))
        .route("/api/v1/conversations/{id}/unread", act(status::unread_conversation))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:statuses")?;
    let own = viewer.account;
    let (default, most) = limits::TIMELINE_PAGE;
    let paging = params.paging(default, most);
    let window = window(&paging);
    let drawn = draw(&server, Some(own), move |context| {
        let found = status::conversations(context.read, own, window)?;
        let drawn = found.rows.iter().map(|(id, known, last)| context.conversation(*id, known, Some(last)));
        Ok((drawn.collect::<Result<Vec<_>>>()?, found.examined))
    });
    let (drawn, examined) = drawn.await?;
    Ok(paging.answer(server.origin(), &drawn, cursors(examined)))
}

fn act(rule: fn(&mut Tx<'_>, AccountId, RowId) -> Result<()>) -> MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, Path(text): Path<String>| async move {
        viewer.require("write:conversations")?;
        let (own, wanted) = (viewer.account, id(&text)?);
        server.write(move |tx| rule(tx, own, wanted)).await?;
        drawn(&server, own, wanted).await
    })
}

async fn drawn(server: &Server, own: AccountId, wanted: RowId) -> Result<Json<Conversation>> {
    draw(server, Some(own), move |context| {
        let (known, last) = status::conversation(context.read, own, wanted)?;
        context.conversation(wanted, &known, last.as_ref())
    })
    .await
    .map(Json)
}

async fn remove(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:conversations")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    server.write(move |tx| status::remove_conversation(tx, own, wanted)).await?;
    Ok(answer::empty())
}
