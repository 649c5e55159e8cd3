//! Domains whose e-mail addresses nobody signs up with (client API, admin/email_domain_blocks).

use super::{draw, page};
use crate::{
    account::{excerpt, handle::normalise_domain},
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer},
    moderation::{
        Power,
        sign_up_block::{self, block_email_domain, lift_email_domain},
    },
    present::moderation::admin_email_domain_block,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::{Read, RowId, sign_up_block::EMAIL_DOMAIN_BLOCKS};
use web::entity::AdminEmailDomainBlock;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/email_domain_blocks", get(list).post(create))
        .route("/api/v1/admin/email_domain_blocks/{id}", get(show).delete(delete))
}

const READ: &str = "admin:read:email_domain_blocks";
const WRITE: &str = "admin:write:email_domain_blocks";

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    let rows = |read: &dyn Read, bounds, direction, limit| {
        sign_up_block::list(read, &EMAIL_DOMAIN_BLOCKS, bounds, direction, limit)
    };
    page(&server, &viewer, Power::ManageBlocks, &params, rows, |(id, block)| admin_email_domain_block(*id, block)).await
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(block): Path<String>,
) -> Result<Json<AdminEmailDomainBlock>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&block)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: RowId) -> Result<Json<AdminEmailDomainBlock>> {
    let block = draw(server, viewer, Power::ManageBlocks, move |context| {
        EMAIL_DOMAIN_BLOCKS.get(context.read, &id)?.ok_or(Error::NotFound)
    });
    block.await.map(|block| Json(admin_email_domain_block(id, &block)))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<AdminEmailDomainBlock>> {
    viewer.require(WRITE)?;
    let typed = params.require("domain")?;
    let domain = normalise_domain(typed.trim())
        .filter(|domain| !domain.contains(':'))
        .ok_or_else(|| Error::invalid("domain", format!("{:?} is not a domain", excerpt(typed))))?;
    let (by, allow) = (viewer.account, params.bool("allow_with_approval") == Some(true));
    let block = server.write(move |tx| block_email_domain(tx, by, &domain, allow)).await?;
    drawn(&server, &viewer, block).await
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(block): Path<String>) -> Result<Response> {
    viewer.require(WRITE)?;
    let (by, block) = (viewer.account, id(&block)?);
    server.write(move |tx| lift_email_domain(tx, by, block)).await?;
    Ok(answer::empty())
}
