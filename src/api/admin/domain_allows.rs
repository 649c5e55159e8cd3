//! Servers that are let in while federation is limited (client API, admin/domain_allows).

use super::{draw, page};
use crate::{
    account::{excerpt, handle::normalise_domain},
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer},
    moderation::{Power, allow},
    present::moderation::admin_domain_allow,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::RowId;
use web::entity::AdminDomainAllow;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/domain_allows", get(list).post(create))
        .route("/api/v1/admin/domain_allows/{id}", get(show).delete(delete))
}

const READ: &str = "admin:read:domain_allows";
const WRITE: &str = "admin:write:domain_allows";

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    page(&server, &viewer, Power::ManageFederation, &params, allow::list, admin_domain_allow).await
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(wanted): Path<String>,
) -> Result<Json<AdminDomainAllow>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&wanted)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: RowId) -> Result<Json<AdminDomainAllow>> {
    let found = draw(server, viewer, Power::ManageFederation, move |context| allow::find(context.read, id));
    found.await.map(|found| Json(admin_domain_allow(&found)))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<AdminDomainAllow>> {
    viewer.require(WRITE)?;
    let typed = params.require("domain")?;
    let domain = normalise_domain(typed.trim())
        .ok_or_else(|| Error::invalid("domain", format!("{:?} is not a domain", excerpt(typed))))?;
    let by = viewer.account;
    let made = server.write(move |tx| allow::allow(tx, by, &domain)).await?;
    drawn(&server, &viewer, made).await
}

async fn delete(
    State(server): State<Server>,
    viewer: Viewer,
    Path(wanted): Path<String>,
) -> Result<Json<AdminDomainAllow>> {
    viewer.require(WRITE)?;
    let (by, wanted) = (viewer.account, id(&wanted)?);
    let gone = drawn(&server, &viewer, wanted).await?;
    server.write(move |tx| allow::disallow(tx, by, wanted)).await?;
    Ok(gone)
}
