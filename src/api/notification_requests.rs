//! What becomes of notifications by strangers, and requests of those that were filtered (client API, notifications).

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, paging::Cursors, value::Map},
    limits,
    notification::{self, Change},
    present::notification::treatment_named,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{MethodRouter, get, post},
};
use storage::{AccountId, RowId, Tx, filtered::Treatment};
use web::entity::{Merged, NotificationPolicy, NotificationRequest, V1NotificationPolicy};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v2/notifications/policy", get(policy).patch(change_policy))
        .route("/api/v1/notifications/policy", get(v1_policy).put(change_v1_policy))
        .route("/api/v1/notifications/requests", get(list))
        .route("/api/v1/notifications/requests/merged", get(merged))
        .route("/api/v1/notifications/requests/accept", each(notification::accept))
        .route("/api/v1/notifications/requests/dismiss", each(notification::dismiss_request))
        .route("/api/v1/notifications/requests/{id}", get(show))
        .route("/api/v1/notifications/requests/{id}/accept", one(notification::accept))
        .route("/api/v1/notifications/requests/{id}/dismiss", one(notification::dismiss_request))
}

async fn policy(State(server): State<Server>, viewer: Viewer) -> Result<Json<NotificationPolicy>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.notification_policy(own)).await.map(Json)
}

async fn change_policy(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<NotificationPolicy>> {
    viewer.require("write:notifications")?;
    let own = viewer.account;
    let change = Change {
        not_following: treatment(&params, "for_not_following")?,
        not_followers: treatment(&params, "for_not_followers")?,
        new_accounts: treatment(&params, "for_new_accounts")?,
        private_mentions: treatment(&params, "for_private_mentions")?,
        limited_accounts: treatment(&params, "for_limited_accounts")?,
        bots: treatment(&params, "for_bots")?,
    };
    server.write(move |tx| notification::change_policy(tx, own, change)).await?;
    draw(&server, Some(own), move |context| context.notification_policy(own)).await.map(Json)
}

fn treatment(params: &Map, field: &'static str) -> Result<Option<Treatment>> {
    let Some(word) = params.str(field) else { return Ok(None) };
    let known = treatment_named(word);
    known.map(Some).ok_or_else(|| Error::invalid(field, format!("{field} is not one of accept, filter, drop")))
}

async fn v1_policy(State(server): State<Server>, viewer: Viewer) -> Result<Json<V1NotificationPolicy>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.v1_notification_policy(own)).await.map(Json)
}

async fn change_v1_policy(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<V1NotificationPolicy>> {
    viewer.require("write:notifications")?;
    let own = viewer.account;
    let filters =
        |field: &str| params.bool(field).map(|filter| if filter { Treatment::Filter } else { Treatment::Accept });
    let change = Change {
        not_following: filters("filter_not_following"),
        not_followers: filters("filter_not_followers"),
        new_accounts: filters("filter_new_accounts"),
        private_mentions: filters("filter_private_mentions"),
        ..Change::default()
    };
    server.write(move |tx| notification::change_policy(tx, own, change)).await?;
    draw(&server, Some(own), move |context| context.v1_notification_policy(own)).await.map(Json)
}

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let paging = params.paging(limits::NOTIFICATIONS_PAGE, limits::NOTIFICATIONS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let found = notification::requests(context.read, own, bounds, direction, limit)?;
        let drawn = found.rows.iter().map(|(at, request)| context.notification_request(own, *at, request));
        Ok((drawn.collect::<Result<Vec<_>>>()?, found.examined))
    });
    let (drawn, examined) = drawn.await?;
    let cursors = examined.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &drawn, cursors))
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<NotificationRequest>> {
    viewer.require("read:notifications")?;
    let (own, at) = (viewer.account, id::<RowId>(&text)?);
    let drawn = draw(&server, Some(own), move |context| {
        let request = notification::request(context.read, own, at)?;
        context.notification_request(own, at, &request)
    });
    drawn.await.map(Json)
}

async fn merged(State(server): State<Server>, viewer: Viewer) -> Result<Json<Merged>> {
    viewer.require("read:notifications")?;
    let own = viewer.account;
    let merged = server.read(move |view| notification::is_merged(view, own)).await?;
    Ok(Json(Merged { merged }))
}

/// What is done to a request.
type Answer = fn(&mut Tx<'_>, AccountId, RowId) -> Result<()>;

fn one(rule: Answer) -> MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, Path(text): Path<String>| async move {
        viewer.require("write:notifications")?;
        let (own, at) = (viewer.account, id(&text)?);
        server.write(move |tx| rule(tx, own, at)).await?;
        Ok::<_, Error>(answer::empty())
    })
}

fn each(rule: Answer) -> MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, params: Params| async move {
        viewer.require("write:notifications")?;
        let (own, rows) = (viewer.account, params.ids("id"));
        server.write(move |tx| notification::each(tx, own, &rows, rule)).await?;
        Ok::<_, Error>(answer::empty())
    })
}
