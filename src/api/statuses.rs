//! Statuses: posting, reading, editing, deleting (client API, statuses). Marks and shares stand in `interactions`.

use super::{
    draw::{draw, id},
    interaction_policies,
    media::words,
};
use crate::{
    clock,
    error::{Error, Result},
    federation::fetch,
    http::{Json, Params, Viewer, value::Map},
    limits,
    media::{Fate, Wanted},
    poll::NewPoll,
    server::Server,
    status::{self, Change, Choice, Created, NewStatus},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use storage::{
    Ahead, StatusId, Timestamp,
    status::{ContentType, Visibility},
};
use web::entity::{Posted, Status, StatusEdit, StatusSource};

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
        interaction_policy: interaction_policies::policy(&params, "interaction_policy")?,
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
        interaction_policy: interaction_policies::policy(&params, "interaction_policy")?,
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

async fn by_ids(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Json<Vec<Status>>> {
    let viewer = reader(viewer, "read:statuses")?;
    let mut ids: Vec<StatusId> = params.ids("id");
    ids.truncate(limits::STATUSES_BY_ID_MAX);
    let drawn = draw(&server, viewer, move |context| {
        let ahead = Ahead::new(context.read);
        ahead.sights(viewer, &ids)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            match status::require(&ahead, viewer, id) {
                Ok(status) => found.push(status),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        context.over(&ahead).statuses(&found)
    });
    drawn.await.map(Json)
}

async fn context(State(server): State<Server>, viewer: Option<Viewer>, Path(status): Path<String>) -> Result<Response> {
    let status = id(&status)?;
    let viewer = reader(viewer, "read:statuses")?;
    let drawn = draw(&server, viewer, move |context| context.thread(&status::context(context.read, viewer, status)?));
    let mut response = Json(drawn.await?).into_response();
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

/// The text and warning of a request, composed. Handles nobody here knows are looked up at their servers first, a few,
/// for a short time; whoever is not found stays plain text.
async fn compose(server: &Server, params: &Map, content_type: ContentType) -> Result<(status::Composed, String)> {
    let typed = params.str("status").unwrap_or_default();
    let (typed, spoiler_text) = status::text_and_warning(typed, params.str("spoiler_text").unwrap_or_default());
    fetch::resolve_named(server, &typed).await?;
    let origin = server.origin().clone();
    let composed = server.read(move |view| status::compose(view, &origin, &typed, content_type)).await?;
    Ok((composed, spoiler_text))
}

/// The pictures a request names, and what it says of them. An id that cannot be one is refused like an unknown one.
fn wanted(params: &Map) -> Result<Wanted> {
    let unknown = |text: &str| {
        let text: String = text.chars().take(40).collect();
        Error::invalid("media_ids", format!("Media {text} not found or already attached to another post"))
    };
    let ids = params.texts("media_ids").into_iter().filter(|text| !text.is_empty());
    let ids = ids.map(|text| id(text).map_err(|_| unknown(text))).collect::<Result<_>>()?;
    let mut said = Vec::new();
    for one in params.maps("media_attributes").into_iter().take(limits::ATTACHED_MAX) {
        said.extend(one.id("id").zip(Some(words(one)?)));
    }
    Ok(Wanted { ids, words: said })
}

/// The poll a request asks for.
fn poll(params: &Map) -> Result<Option<NewPoll>> {
    let Some(asked) = params.map("poll") else { return Ok(None) };
    let options: Vec<String> = asked.texts("options").into_iter().map(str::to_owned).collect();
    if options.is_empty() {
        return Ok(None);
    }
    let seconds = asked.int("expires_in").ok_or_else(|| Error::invalid("poll", "expires_in can't be blank"))?;
    Ok(Some(NewPoll {
        options,
        multiple: asked.bool("multiple").unwrap_or(false),
        hide_totals: asked.bool("hide_totals").unwrap_or(false),
        lasts_ms: seconds.saturating_mul(1_000),
    }))
}

/// How a request says its text is written.
fn content_type(params: &Map) -> Result<Option<ContentType>> {
    let Some(text) = text(params, "content_type") else { return Ok(None) };
    let known = status::CONTENT_TYPES.into_iter().find(|known| status::mime(*known).eq_ignore_ascii_case(&text));
    let refuse = || Error::invalid("content_type", "content_type is not text/plain or text/markdown");
    known.ok_or_else(refuse).map(Some)
}

/// When a request wants to have something posted.
pub(super) fn moment(params: &Map) -> Result<Option<Timestamp>> {
    let Some(text) = text(params, "scheduled_at") else { return Ok(None) };
    let unreadable = || Error::invalid("scheduled_at", "Scheduled at is not a time");
    clock::parse_moment(&text).ok_or_else(unreadable).map(Some)
}

/// A parameter that says something.
fn text(params: &Map, key: &str) -> Option<String> {
    params.str(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The visibility a request asks for.
pub(super) fn visibility(params: &Map) -> Result<Option<Visibility>> {
    Ok(match text(params, "visibility").as_deref() {
        None => None,
        Some("public") => Some(Visibility::Public),
        Some("unlisted") => Some(Visibility::Unlisted),
        Some("private") => Some(Visibility::Private),
        Some("direct") => Some(Visibility::Direct),
        Some(_) => return Err(Error::invalid("visibility", "visibility is not public, unlisted, private or direct")),
    })
}

/// Who may quote, as a request says.
pub(super) fn quote_policy(params: &Map) -> Result<Option<Choice>> {
    Ok(match text(params, "quote_approval_policy").as_deref() {
        None => None,
        Some("public") => Some(Choice::Public),
        Some("followers") => Some(Choice::Followers),
        Some("nobody") => Some(Choice::Nobody),
        Some(_) => {
            let why = "quote_approval_policy is not public, followers or nobody";
            return Err(Error::invalid("quote_approval_policy", why));
        }
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key").filter(|value| !value.is_empty()) else { return Ok(None) };
    if value.len() > limits::IDEMPOTENCY_KEY_BYTES_MAX {
        let why = format!("key has {} bytes; at most {}", value.len(), limits::IDEMPOTENCY_KEY_BYTES_MAX);
        return Err(Error::invalid("Idempotency-Key", why));
    }
    Ok(Some(String::from_utf8_lossy(value.as_bytes()).into_owned()))
}
