//! E-mail addresses that nobody signs up with, known by their hash (client API, admin/canonical_email_blocks).

use super::{draw, page};
use crate::{
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer},
    moderation::{
        Power,
        sign_up_block::{self, block_email, email_hash, lift_email, parse_hash},
    },
    present::moderation::admin_canonical_email_block,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{
    Read, RowId,
    sign_up_block::{CANONICAL_EMAIL_BLOCKS, of_canonical_email},
};
use web::entity::AdminCanonicalEmailBlock;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/canonical_email_blocks", get(list).post(create))
        .route("/api/v1/admin/canonical_email_blocks/test", post(test))
        .route("/api/v1/admin/canonical_email_blocks/{id}", get(show).delete(delete))
}

const READ: &str = "admin:read:canonical_email_blocks";
const WRITE: &str = "admin:write:canonical_email_blocks";

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    let rows = |read: &dyn Read, bounds, direction, limit| {
        sign_up_block::list(read, &CANONICAL_EMAIL_BLOCKS, bounds, direction, limit)
    };
    page(&server, &viewer, Power::ManageBlocks, &params, rows, |(id, block)| admin_canonical_email_block(*id, block))
        .await
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(block): Path<String>,
) -> Result<Json<AdminCanonicalEmailBlock>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&block)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: RowId) -> Result<Json<AdminCanonicalEmailBlock>> {
    let block = draw(server, viewer, Power::ManageBlocks, move |context| {
        CANONICAL_EMAIL_BLOCKS.get(context.read, &id)?.ok_or(Error::NotFound)
    });
    block.await.map(|block| Json(admin_canonical_email_block(id, &block)))
}

/// Which blocks an address falls under: one, or none.
async fn test(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<Vec<AdminCanonicalEmailBlock>>> {
    viewer.require(READ)?;
    let hash = email_hash(params.require("email")?);
    let found = draw(&server, &viewer, Power::ManageBlocks, move |context| Ok(of_canonical_email(context.read, hash)?));
    let found = found.await?;
    Ok(Json(found.iter().map(|(id, block)| admin_canonical_email_block(*id, block)).collect()))
}

async fn create(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<AdminCanonicalEmailBlock>> {
    viewer.require(WRITE)?;
    let hash = match params.str("canonical_email_hash").filter(|text| !text.is_empty()) {
        Some(text) => parse_hash(text).ok_or_else(|| {
            Error::invalid("canonical_email_hash", "Canonical email hash is not 64 hexadecimal digits")
        })?,
        None => email_hash(params.require("email")?),
    };
    let by = viewer.account;
    let block = server.write(move |tx| block_email(tx, by, hash)).await?;
    drawn(&server, &viewer, block).await
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(block): Path<String>) -> Result<Response> {
    viewer.require(WRITE)?;
    let (by, block) = (viewer.account, id(&block)?);
    server.write(move |tx| lift_email(tx, by, block)).await?;
    Ok(answer::empty())
}
