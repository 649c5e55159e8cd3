//! Statuses: posting, reading, editing, deleting (client API, statuses). Marks and shares stand in `interactions`.

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    federation::fetch,
    http::{Json, Params, Viewer, answer::Written},
    intake::status::{compose, content_type, moment, policy, poll, quote_policy, text, visibility, wanted},
    limits,
    media::Fate,
    server::Server,
    status::{self, Change, Created, NewStatus},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::sync::Arc;
use storage::{Ahead, StatusId};
use web::entity::{Posted, Status, StatusEdit, StatusSource, write_page};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/statuses", post(create).get(by_ids))
        .route("/api/v1/statuses/{id}", get(show).put(update).delete(delete))
        .route("/api/v1/statuses/{id}/context", get(context))
        .route("/api/v1/statuses/{id}/history", get(history))
        .route("/api/v1/statuses/{id}/source", get(source))
}

async fn create(
    State(server): State<Server>,
    viewer: Viewer,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Posted>> {
    viewer.require("write:statuses")?;
    let (own, application) = (viewer.account, viewer.application);
    let content_type = content_type(&params)?.unwrap_or_default();
    let (composed, spoiler_text) = compose(&server, &params, content_type).await?;
    let new = NewStatus {
        author: own,
        composed,
        spoiler_text,
        media: wanted(&params)?,
        sensitive: params.bool("sensitive"),
        language: text(&params, "language"),
        visibility: visibility(&params)?,
        in_reply_to: match text(&params, "in_reply_to_id") {
            Some(text) => Some(id(&text)?),
            None => None,
        },
        poll: poll(&params)?,
        quoted: text(&params, "quoted_status_id").map(|text| id(&text)).transpose()?,
        quote_policy: quote_policy(&params)?,
        interaction_policy: policy(&params, "interaction_policy")?,
        application: Some(application),
        idempotency_key: idempotency_key(&headers)?,
        scheduled_at: moment(&params)?,
        local_only: params.bool("local_only"),
    };
    let made = server.write(move |tx| status::create(tx, &new)).await?;
    let drawn = draw(&server, Some(own), move |context| {
        Ok(match made {
            Created::Fresh(status) | Created::Repeated(status) => Posted::Now(Box::new(context.status(&status)?)),
            Created::Scheduled(id, row) => Posted::Later(Box::new(context.scheduled(id, &row)?)),
        })
    });
    drawn.await.map(Json)
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
    params: Params,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status): (_, StatusId) = (viewer.account, id(&status)?);
    let content_type = match content_type(&params)? {
        Some(asked) => asked,
        // What is not said stays.
        None => {
            let before = server.read(move |view| Ok(storage::status::find(view, status)?)).await?;
            before.map(|before| before.content_type).unwrap_or_default()
        }
    };
    let (composed, spoiler_text) = compose(&server, &params, content_type).await?;
    let change = Change {
        composed,
        spoiler_text,
        media: wanted(&params)?,
        sensitive: params.bool("sensitive"),
        language: text(&params, "language"),
        poll: poll(&params)?,
        quote_policy: quote_policy(&params)?,
        interaction_policy: policy(&params, "interaction_policy")?,
    };
    let status = server.write(move |tx| status::edit(tx, own, status, &change)).await?;
    draw(&server, Some(own), move |context| context.status(&status)).await.map(Json)
}

async fn delete(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
    params: Params,
) -> Result<Json<Status>> {
    viewer.require("write:statuses")?;
    let (own, status): (_, StatusId) = (viewer.account, id(&status)?);
    let fate = if params.bool("delete_media").unwrap_or(false) { Fate::Gone } else { Fate::Loose };
    let deleted = server.write(move |tx| status::delete(tx, own, status, fate)).await?;
    draw(&server, Some(own), move |context| context.deleted(&deleted)).await.map(Json)
}

async fn show(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(status): Path<String>,
) -> Result<Json<Status>> {
    let status = id(&status)?;
    let viewer = reader(viewer, "read:statuses")?;
    draw(&server, viewer, move |context| context.status(&status::require(context.read, viewer, status)?))
        .await
        .map(Json)
}

async fn by_ids(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Written> {
    let viewer = reader(viewer, "read:statuses")?;
    let mut ids: Vec<StatusId> = params.ids("id");
    ids.truncate(limits::STATUSES_BY_ID_MAX);
    let drawn = draw(&server, viewer, move |context| {
        let ahead = Ahead::new(context.read);
        ahead.sights(viewer, &ids)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            match status::require(&ahead, viewer, id) {
                Ok(status) => found.push(Arc::new(status)),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let page = context.over(&ahead).written_or_drawn(&found)?;
        Written::of(write_page(&page, found.len() * limits::STATUS_JSON_BYTES))
    });
    drawn.await
}

async fn context(State(server): State<Server>, viewer: Option<Viewer>, Path(status): Path<String>) -> Result<Response> {
    let status = id(&status)?;
    let viewer = reader(viewer, "read:statuses")?;
    let drawn = draw(&server, viewer, move |context| {
        let around = status::context(context.read, viewer, status)?;
        Ok((context.thread(&around)?, status::backfill::missing_around(context.read, status, &around)?))
    });
    let (thread, missing) = drawn.await?;
    let mut response = Json(thread).into_response();
    if missing > 0 {
        response.headers_mut().insert("dassie-missing", HeaderValue::from(missing));
    }
    // Strangers set no work going.
    let Some(viewer) = viewer else { return Ok(response) };
    if let Some(refresh) = fetch::thread::open(&server, viewer, status).await? {
        let said =
            format!("id=\"{}\", retry={}, result_count={}", refresh.id, limits::REFRESH_RETRY_SECONDS, refresh.found);
        let said = HeaderValue::from_str(&said).map_err(|error| Error::Bug(format!("async refresh: {error}")))?;
        response.headers_mut().insert("mastodon-async-refresh", said);
    }
    Ok(response)
}

async fn history(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(status): Path<String>,
) -> Result<Json<Vec<StatusEdit>>> {
    let status = id(&status)?;
    let viewer = reader(viewer, "read:statuses")?;
    let drawn = draw(&server, viewer, move |context| {
        let status = status::require(context.read, viewer, status)?;
        context.versions(status.account, &status::history(context.read, &status)?)
    });
    drawn.await.map(Json)
}

async fn source(
    State(server): State<Server>,
    viewer: Viewer,
    Path(status): Path<String>,
) -> Result<Json<StatusSource>> {
    viewer.require("read:statuses")?;
    let (own, status) = (viewer.account, id(&status)?);
    let drawn = draw(&server, Some(own), move |context| {
        let status = status::require(context.read, Some(own), status)?;
        if status.account == own { Ok(context.source(&status)) } else { Err(Error::NotFound) }
    });
    drawn.await.map(Json)
}

/// Who reads, where reading needs no token; a token must allow it all the same.
pub(super) fn reader(viewer: Option<Viewer>, scope: &str) -> Result<Option<storage::AccountId>> {
    match viewer {
        Some(viewer) => viewer.require(scope).map(|()| Some(viewer.account)),
        None => Ok(None),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key").filter(|value| !value.is_empty()) else { return Ok(None) };
    if value.len() > limits::IDEMPOTENCY_KEY_BYTES_MAX {
        let why = format!("key has {} bytes; at most {}", value.len(), limits::IDEMPOTENCY_KEY_BYTES_MAX);
        return Err(Error::invalid("Idempotency-Key", why));
    }
    Ok(Some(String::from_utf8_lossy(value.as_bytes()).into_owned()))
}
