//! Whom one might want to follow (client API, suggestions).

use super::draw::{draw, id};
use crate::{
    error::Result,
    http::{Json, Params, Viewer, answer},
    limits,
    server::Server,
    suggestion,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{delete, get},
};
use std::sync::Arc;
use web::entity::{SharedAccount, Suggestion};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/suggestions", get(version_1))
        .route("/api/v1/suggestions/{id}", delete(dismiss))
        .route("/api/v2/suggestions", get(version_2))
}

async fn version_1(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<Vec<Arc<SharedAccount>>>> {
    let found = suggested(&server, &viewer, &params).await?;
    Ok(Json(found.into_iter().map(|suggestion| suggestion.account).collect()))
}

async fn version_2(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<Suggestion>>> {
    suggested(&server, &viewer, &params).await.map(Json)
}

async fn suggested(server: &Server, viewer: &Viewer, params: &Params) -> Result<Vec<Suggestion>> {
    viewer.require("read:accounts")?;
    let own = viewer.account;
    let (default, most) = limits::SUGGESTIONS_PAGE;
    let limit = params.paging(default, most).limit;
    let drawn = draw(server, Some(own), move |context| {
        let found = suggestion::list(context.read, own, limit)?;
        found.iter().map(|suggested| context.suggestion(suggested)).collect()
    });
    drawn.await
}

async fn dismiss(State(server): State<Server>, viewer: Viewer, Path(target): Path<String>) -> Result<Response> {
    viewer.require("read:accounts")?;
    let (own, target) = (viewer.account, id(&target)?);
    server.write(move |tx| suggestion::dismiss(tx, own, target)).await?;
    Ok(answer::empty())
}
