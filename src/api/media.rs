//! Uploads (client API, media).

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, json, multipart},
    intake::media::{accept, ended, words},
    limits, media,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use storage::{AccountId, MediaId, media::MediaState};
use web::entity::MediaAttachment;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/media", post(synchronous))
        .route("/api/v2/media", post(asynchronous))
        .route("/api/v1/media/{id}", get(show).put(update).delete(delete))
}

/// Answers when the picture is ready.
async fn synchronous(State(server): State<Server>, viewer: Viewer, mut upload: multipart::Upload) -> Result<Response> {
    viewer.require("write:media")?;
    let events = server.events();
    let media = accept(&server, viewer.account, upload.files.pop(), words(&upload.params)?).await?;
    let waited = ended(&server, events, media.id, limits::MEDIA_SYNCHRONOUS_WAIT_MS).await;
    match waited {
        true => shown(&server, viewer.account, media.id, StatusCode::OK).await,
        // It goes on being processed; asking for it again tells when it is ready.
        false => Ok(answer::refuse(StatusCode::SERVICE_UNAVAILABLE, "The picture is still being processed")),
    }
}

/// Answers with 200 if the picture is ready within a moment, else with 202 and no address; at once for whoever prefers
/// that (RFC 7240 §4.1).
async fn asynchronous(
    State(server): State<Server>,
    viewer: Viewer,
    headers: HeaderMap,
    mut upload: multipart::Upload,
) -> Result<Response> {
    viewer.require("write:media")?;
    let events = server.events();
    let media = accept(&server, viewer.account, upload.files.pop(), words(&upload.params)?).await?;
    let at_once = headers.get("prefer").is_some_and(|wish| wish.as_bytes().eq_ignore_ascii_case(b"respond-async"));
    if !at_once {
        ended(&server, events, media.id, limits::MEDIA_WAIT_MS).await;
    }
    shown(&server, viewer.account, media.id, StatusCode::ACCEPTED).await
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(media): Path<String>) -> Result<Response> {
    viewer.require("write:media")?;
    shown(&server, viewer.account, id(&media)?, StatusCode::PARTIAL_CONTENT).await
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(media): Path<String>,
    params: Params,
) -> Result<Json<MediaAttachment>> {
    viewer.require("write:media")?;
    let (own, media, words) = (viewer.account, id(&media)?, words(&params)?);
    let media = server.write(move |tx| media::update(tx, own, media, &words)).await?;
    draw(&server, Some(own), move |context| Ok(context.media(&media))).await.map(Json)
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(media): Path<String>) -> Result<Response> {
    viewer.require("write:media")?;
    let (own, media) = (viewer.account, id(&media)?);
    server.write(move |tx| media::delete(tx, own, media)).await?;
    Ok(answer::empty())
}

/// An upload as it is now: ready with 200, failed with 422, else with `unfinished`.
async fn shown(server: &Server, own: AccountId, media: MediaId, unfinished: StatusCode) -> Result<Response> {
    let drawn = draw(server, Some(own), move |context| {
        let media = media::require(context.read, own, media)?;
        match &media.state {
            MediaState::Failed(why) => Err(Error::invalid("file", why.clone())),
            MediaState::Waiting(_) => Ok((unfinished, context.media(&media))),
            MediaState::Ready(_) => Ok((StatusCode::OK, context.media(&media))),
        }
    });
    let (status, entity) = drawn.await?;
    let mut response = json(&entity);
    *response.status_mut() = status;
    Ok(response.into_response())
}
