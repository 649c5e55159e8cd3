//! Uploads (client API, media).

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    events::Published,
    http::{Json, Params, Viewer, answer, json, multipart, value::Map},
    limits,
    media::{self, Upload, Words, picture},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::time::Duration;
use storage::{
    AccountId, Event, MediaId,
    blob::Incoming,
    media::{Media, MediaState},
};
use tokio::sync::broadcast::{self, error::RecvError};
use web::entity::MediaAttachment;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/media", post(synchronous))
        .route("/api/v2/media", post(asynchronous))
        .route("/api/v1/media/{id}", get(show).put(update).delete(delete))
}

/// Answers when the picture is ready.
async fn synchronous(State(server): State<Server>, viewer: Viewer, upload: multipart::Upload) -> Result<Response> {
    viewer.require("write:media")?;
    let events = server.events();
    let media = accept(&server, viewer.account, upload).await?;
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
    upload: multipart::Upload,
) -> Result<Response> {
    viewer.require("write:media")?;
    let events = server.events();
    let media = accept(&server, viewer.account, upload).await?;
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

/// What a request says of a picture.
pub(super) fn words(params: &Map) -> Result<Words> {
    let focus = params.str("focus").map(str::trim).filter(|text| !text.is_empty()).map(focus).transpose()?;
    Ok(Words { description: params.str("description").map(str::to_owned), focus })
}

/// `x,y`, each from -1 to 1; beyond that is the edge.
fn focus(text: &str) -> Result<(i32, i32)> {
    let part = |text: &str| text.trim().parse::<f64>().ok().filter(|part| part.is_finite());
    let thousandths = |part: f64| (part.clamp(-1.0, 1.0) * 1000.0).round() as i32;
    match text.split_once(',').map(|(x, y)| (part(x), part(y))) {
        Some((Some(x), Some(y))) => Ok((thousandths(x), thousandths(y))),
        _ => Err(Error::invalid("focus", "focus is not two numbers with a comma between them")),
    }
}

/// Makes the file durable, then the row that names it.
async fn accept(server: &Server, account: AccountId, upload: multipart::Upload) -> Result<Media> {
    let words = words(&upload.params)?;
    let Some((number, incoming)) = upload.file.filter(|(_, incoming)| incoming.bytes() > 0) else {
        return Err(Error::invalid("file", "File can't be blank"));
    };
    let received = server.on_disk(move || checked(incoming)).await?;
    let upload = Upload { account, number, words };
    let media = server.write(move |tx| media::accept(tx, &upload)).await;
    drop(received);
    if let Err(Error::Invalid { .. }) = &media {
        let files = server.files().clone();
        server.on_disk(move || Ok(files.forget_received(number)?)).await?;
    }
    media
}

/// Whether the first bytes are those of a picture; then the file is made durable.
fn checked(incoming: Incoming) -> Result<storage::blob::Received> {
    picture::require_kind(&incoming.head(16)?)?;
    Ok(incoming.finish()?)
}

/// Waits until an upload is processed, at most `ms`; whether it is.
async fn ended(server: &Server, mut events: broadcast::Receiver<Published>, media: MediaId, ms: u64) -> bool {
    let processed = async {
        loop {
            match events.recv().await {
                Ok(published) => {
                    if published.events.contains(&Event::MediaProcessed { media }) {
                        return true;
                    }
                }
                // What was missed may have been this one.
                Err(RecvError::Lagged(_)) => {
                    let look = server.read(move |view| Ok(storage::media::find(view, media)?)).await;
                    if !matches!(look, Ok(Some(Media { state: MediaState::Waiting(_), .. }))) {
                        return true;
                    }
                }
                Err(RecvError::Closed) => return false,
            }
        }
    };
    tokio::time::timeout(Duration::from_millis(ms), processed).await.unwrap_or(false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn focus_is_read_and_kept_inside() {
        assert_eq!(focus("0.5,-0.25").expect("readable"), (500, -250));
        assert_eq!(focus(" -3 , 1.0001 ").expect("readable"), (-1000, 1000));
        for bad in ["", "1", "a,b", "nan,0", "inf,0", "1,2,3"] {
            assert!(focus(bad).is_err(), "{bad}");
        }
    }
}
