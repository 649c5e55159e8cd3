//! Networks whose requests are treated otherwise (client API, admin/ip_blocks).

use super::{draw, page};
use crate::{
    account::excerpt,
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, barred},
    moderation::{
        Power,
        sign_up_block::{self, IpTerms, block_ip, change_ip, lift_ip, parse_network},
    },
    present::moderation::{admin_ip_block, ip_severity_name},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::{
    Read, RowId,
    sign_up_block::{IP_BLOCKS, IpSeverity},
};
use web::entity::AdminIpBlock;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/ip_blocks", get(list).post(create))
        .route("/api/v1/admin/ip_blocks/{id}", get(show).put(update).delete(delete))
}

const READ: &str = "admin:read:ip_blocks";
const WRITE: &str = "admin:write:ip_blocks";
/// Seconds that a block may last, if it ends: ten years.
const LASTS_SECONDS_MAX: i64 = 10 * 366 * 24 * 3600;

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    let rows =
        |read: &dyn Read, bounds, direction, limit| sign_up_block::list(read, &IP_BLOCKS, bounds, direction, limit);
    page(&server, &viewer, Power::ManageBlocks, &params, rows, |(id, block)| admin_ip_block(*id, block)).await
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(block): Path<String>) -> Result<Json<AdminIpBlock>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&block)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: RowId) -> Result<Json<AdminIpBlock>> {
    let block = draw(server, viewer, Power::ManageBlocks, move |context| {
        IP_BLOCKS.get(context.read, &id)?.ok_or(Error::NotFound)
    });
    block.await.map(|block| Json(admin_ip_block(id, &block)))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<AdminIpBlock>> {
    viewer.require(WRITE)?;
    let (by, terms) = (viewer.account, terms(&params)?);
    let block = server.write(move |tx| block_ip(tx, by, &terms)).await?;
    // Obeyed from the answer on; whoever blocks their own network has this one answer still.
    let drawn = drawn(&server, &viewer, block).await;
    barred::read_anew(&server).await?;
    drawn
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(block): Path<String>,
    params: Params,
) -> Result<Json<AdminIpBlock>> {
    viewer.require(WRITE)?;
    let (by, block, terms) = (viewer.account, id(&block)?, terms(&params)?);
    server.write(move |tx| change_ip(tx, by, block, &terms)).await?;
    barred::read_anew(&server).await?;
    drawn(&server, &viewer, block).await
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(block): Path<String>) -> Result<Response> {
    viewer.require(WRITE)?;
    let (by, block) = (viewer.account, id(&block)?);
    server.write(move |tx| lift_ip(tx, by, block)).await?;
    barred::read_anew(&server).await?;
    Ok(answer::empty())
}

fn terms(params: &Params) -> Result<IpTerms> {
    let network = params.str("ip").filter(|text| !text.is_empty()).map(parse_network).transpose()?;
    let severities = [IpSeverity::SignUpRequiresApproval, IpSeverity::SignUpBlock, IpSeverity::NoAccess];
    let severity = match params.str("severity").unwrap_or_default() {
        "" => None,
        word => Some(severities.into_iter().find(|known| ip_severity_name(*known) == word).ok_or_else(|| {
            let why = format!("{:?} is not sign_up_requires_approval, sign_up_block or no_access", excerpt(word));
            Error::invalid("severity", why)
        })?),
    };
    let lasts_ms = params.has("expires_in").then(|| {
        let seconds = params.int("expires_in").filter(|seconds| *seconds > 0);
        seconds.map(|seconds| seconds.min(LASTS_SECONDS_MAX) * 1000)
    });
    Ok(IpTerms { network, severity, comment: params.str("comment").map(str::to_owned), lasts_ms })
}
