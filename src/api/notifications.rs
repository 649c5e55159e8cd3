//! Notifications (client API, notifications).

use super::draw::{draw, id};
use crate::{
    error::Result,
    http::{Json, Params, Viewer, answer, paging::Cursors, value::Map},
    limits,
    notification::{self, Filter, kind_named},
    present::filter::hidden_in,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{delete, get, post},
};
use serde::Serialize;
use storage::{NotificationId, filter::FilterContext, notification::NotificationKind};
use web::entity::Notification;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/notifications", get(list))
        .route("/api/v1/notifications/clear", post(clear))
        .route("/api/v1/notifications/unread_count", get(unread_count))
        .route("/api/v1/notifications/{id}", get(show))
        .route("/api/v1/notifications/{id}/dismiss", post(dismiss))
        .route("/api/v1/notifications/destroy_multiple", delete(destroy))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let filter = filter(&params);
    let paging = params.paging(limits::NOTIFICATIONS_PAGE, limits::NOTIFICATIONS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let page = notification::list(context.read, own, &filter, bounds, direction, limit)?;
        let mut drawn = Vec::with_capacity(page.rows.len());
        for (id, row) in &page.rows {
            let told = context.notification(*id, row)?;
            let hidden = told.status.as_ref().is_some_and(|it| hidden_in(FilterContext::Notifications, it));
            if !hidden {
                drawn.push(told);
            }
        }
        Ok((drawn, page.examined))
    });
    let (drawn, examined) = drawn.await?;
    let cursors = examined.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &drawn, cursors))
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(notification): Path<String>,
) -> Result<Json<Notification>> {
    viewer.require("read:notifications")?;
    let (own, id) = (viewer.account, id::<NotificationId>(&notification)?);
    let drawn = draw(&server, Some(own), move |context| {
        let row = notification::show(context.read, own, id)?;
        context.notification(id, &row)
    });
    drawn.await.map(Json)
}

async fn dismiss(State(server): State<Server>, viewer: Viewer, Path(notification): Path<String>) -> Result<Response> {
    viewer.require("write:notifications")?;
    let (own, id) = (viewer.account, id(&notification)?);
    server.write(move |tx| notification::dismiss(tx, own, id)).await?;
    Ok(answer::empty())
}

async fn destroy(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("write:notifications")?;
    let (own, ids) = (viewer.account, params.ids("ids"));
    server.write(move |tx| notification::destroy(tx, own, &ids)).await?;
    Ok(answer::empty())
}

async fn clear(State(server): State<Server>, viewer: Viewer) -> Result<Response> {
    viewer.require("write:notifications")?;
    let own = viewer.account;
    server.write(move |tx| notification::clear(tx, own)).await?;
    Ok(answer::empty())
}

#[derive(Serialize)]
struct Count {
    count: usize,
}

async fn unread_count(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Count>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let filter = filter(&params);
    let limit = params.paging(limits::UNREAD_COUNTED, limits::ROWS_EXAMINED_MAX).limit;
    let count = server.read(move |view| notification::unread_count(view, own, &filter, limit)).await?;
    Ok(Json(Count { count }))
}

/// `types[]`, `exclude_types[]`, `account_id`, `include_filtered`. Kinds that nothing here makes are in no answer, so
/// naming them alone answers nothing.
pub(super) fn filter(params: &Map) -> Filter {
    let kinds = |key: &str| params.texts(key).into_iter().filter_map(kind_named).collect::<Vec<NotificationKind>>();
    Filter {
        kinds: (!params.texts("types").is_empty()).then(|| kinds("types")),
        without: kinds("exclude_types"),
        from: params.id("account_id"),
        include_filtered: params.bool("include_filtered").unwrap_or(false),
    }
}
