//! Notifications in groups (client API, grouped_notifications).

use super::{draw::draw, notifications::filter};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, paging::Cursors},
    limits,
    notification::{self, GROUPED, kind_named},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use serde::Serialize;
use std::sync::Arc;
use storage::notification::NotificationKind;
use web::entity::{GroupedNotifications, SharedAccount};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v2/notifications", get(list))
        .route("/api/v2/notifications/unread_count", get(unread_count))
        .route("/api/v2/notifications/{key}", get(show))
        .route("/api/v2/notifications/{key}/accounts", get(accounts))
        .route("/api/v2/notifications/{key}/dismiss", post(dismiss))
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:notifications")?;
    let (own, filter, grouped) = (viewer.account, filter(&params), grouped(&params));
    let paging = params.paging(limits::NOTIFICATIONS_PAGE, limits::NOTIFICATIONS_PAGE_MAX);
    let (place, limit) = ((paging.bounds(), paging.direction()), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let found = notification::grouped(context.read, own, &filter, &grouped, place, limit)?;
        Ok((context.groups(&found.groups)?, found.examined))
    });
    let (found, examined) = drawn.await?;
    let cursors = examined.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer_with(server.origin(), answer::json(&found), cursors))
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(key): Path<String>,
) -> Result<Json<GroupedNotifications>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let drawn = draw(&server, Some(own), move |context| {
        let group = notification::group(context.read, own, &key)?.ok_or(Error::NotFound)?;
        context.groups(&[group])
    });
    drawn.await.map(Json)
}

async fn accounts(
    State(server): State<Server>,
    viewer: Viewer,
    Path(key): Path<String>,
) -> Result<Json<Vec<Arc<SharedAccount>>>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let drawn = draw(&server, Some(own), move |context| {
        let rows = notification::members(context.read, own, &key)?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        rows.iter().map(|(_, row)| context.account(row.from)).collect()
    });
    drawn.await.map(Json)
}

async fn dismiss(State(server): State<Server>, viewer: Viewer, Path(key): Path<String>) -> Result<Response> {
    viewer.require("write:notifications")?;
    let own = viewer.account;
    loop {
        let wanted = key.clone();
        if !server.write(move |tx| notification::dismiss_group(tx, own, &wanted)).await? {
            return Ok(answer::empty());
        }
    }
}

#[derive(Serialize)]
struct Count {
    count: usize,
}

async fn unread_count(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Count>> {
    viewer.require("read:notifications")?;
    let (own, filter, grouped) = (viewer.account, filter(&params), grouped(&params));
    let limit = params.paging(limits::UNREAD_COUNTED, limits::ROWS_EXAMINED_MAX).limit;
    let count = server.read(move |view| notification::unread_groups(view, own, &filter, &grouped, limit)).await?;
    Ok(Json(Count { count }))
}

/// `grouped_types[]`; without it all kinds that can be grouped are.
fn grouped(params: &Params) -> Vec<NotificationKind> {
    if !params.has("grouped_types") {
        return GROUPED.to_vec();
    }
    params.texts("grouped_types").into_iter().filter_map(kind_named).collect()
}
