//! Reports as moderators work through them (client API, admin/reports).

use super::{draw, paging};
use crate::{
    api::{
        draw::id,
        reports::{category, rules},
    },
    error::Result,
    http::{Json, Params, Viewer, paging::Cursors},
    moderation::{
        Power,
        report::{self, Filter, State as Wanted},
    },
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{AccountId, ReportId, Tx};
use web::entity::AdminReport;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/reports", get(list))
        .route("/api/v1/admin/reports/{id}", get(show).put(update))
        .route("/api/v1/admin/reports/{id}/assign_to_self", post(assign_to_self))
        .route("/api/v1/admin/reports/{id}/unassign", post(unassign))
        .route("/api/v1/admin/reports/{id}/resolve", post(resolve))
        .route("/api/v1/admin/reports/{id}/reopen", post(reopen))
}

const READ: &str = "admin:read:reports";
const WRITE: &str = "admin:write:reports";

/// Open reports unless `resolved` is true.
async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    let wanted = if params.bool("resolved") == Some(true) { Wanted::Closed } else { Wanted::Open };
    let filter = Filter { reporter: params.id("account_id"), target: params.id("target_account_id") };
    let paging = paging(&params);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, &viewer, Power::ManageReports, move |context| {
        let page = report::list(context.read, wanted, filter, bounds, direction, limit)?;
        let rows = page.rows.iter().map(|row| context.admin_report(row)).collect::<Result<Vec<_>>>()?;
        Ok((rows, page.examined))
    });
    let (rows, examined) = drawn.await?;
    Ok(paging.answer(server.origin(), &rows, examined.map(|(newest, oldest)| Cursors { newest, oldest })))
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(report): Path<String>) -> Result<Json<AdminReport>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&report)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: ReportId) -> Result<Json<AdminReport>> {
    let drawn = draw(server, viewer, Power::ManageReports, move |context| {
        context.admin_report(&report::find(context.read, id)?)
    });
    drawn.await.map(Json)
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(report): Path<String>,
    params: Params,
) -> Result<Json<AdminReport>> {
    viewer.require(WRITE)?;
    let (by, report) = (viewer.account, id(&report)?);
    let category = params.str("category").map(category).transpose()?;
    let broken = params.has("rule_ids").then(|| rules(&params));
    server.write(move |tx| report::describe(tx, by, report, category, broken.as_deref())).await?;
    drawn(&server, &viewer, report).await
}

async fn assign_to_self(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminReport>> {
    work(&state, &viewer, &path, report::assign).await
}

async fn unassign(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminReport>> {
    work(&state, &viewer, &path, report::unassign).await
}

async fn resolve(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminReport>> {
    work(&state, &viewer, &path, report::resolve).await
}

async fn reopen(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminReport>> {
    work(&state, &viewer, &path, report::reopen).await
}

/// A step in the work on a report.
type Step = fn(&mut Tx<'_>, AccountId, ReportId) -> Result<()>;

async fn work(server: &Server, viewer: &Viewer, report: &str, step: Step) -> Result<Json<AdminReport>> {
    viewer.require(WRITE)?;
    let (by, report) = (viewer.account, id(report)?);
    server.write(move |tx| step(tx, by, report)).await?;
    drawn(server, viewer, report).await
}
