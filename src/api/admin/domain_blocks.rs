//! Blocks of domains (client API, admin/domain_blocks).

use super::{draw, page};
use crate::{
    account::{excerpt, handle::normalise_domain},
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer},
    moderation::{
        Power,
        domain::{self, Terms},
    },
    present::moderation::admin_domain_block,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::{DomainBlockId, moderation::Severity};
use web::entity::AdminDomainBlock;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/domain_blocks", get(list).post(create))
        .route("/api/v1/admin/domain_blocks/{id}", get(show).put(update).delete(delete))
}

const READ: &str = "admin:read:domain_blocks";
const WRITE: &str = "admin:write:domain_blocks";

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require(READ)?;
    page(&server, &viewer, Power::ManageFederation, &params, domain::list, admin_domain_block).await
}

async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Path(block): Path<String>,
) -> Result<Json<AdminDomainBlock>> {
    viewer.require(READ)?;
    drawn(&server, &viewer, id(&block)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, id: DomainBlockId) -> Result<Json<AdminDomainBlock>> {
    let block = draw(server, viewer, Power::ManageFederation, move |context| domain::find(context.read, id));
    block.await.map(|block| Json(admin_domain_block(&block)))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<AdminDomainBlock>> {
    viewer.require(WRITE)?;
    let typed = params.require("domain")?;
    let domain = normalise_domain(typed.trim())
        .ok_or_else(|| Error::invalid("domain", format!("{:?} is not a domain", excerpt(typed))))?;
    if server.origin().is_own_domain(&domain) {
        return Err(Error::invalid("domain", "domain is this server"));
    }
    let (by, terms) = (viewer.account, terms(&params)?);
    let block = server.write(move |tx| domain::block(tx, by, &domain, &terms)).await?;
    drawn(&server, &viewer, block).await
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(block): Path<String>,
    params: Params,
) -> Result<Json<AdminDomainBlock>> {
    viewer.require(WRITE)?;
    let (by, block, terms) = (viewer.account, id(&block)?, terms(&params)?);
    server.write(move |tx| domain::change(tx, by, block, &terms)).await?;
    drawn(&server, &viewer, block).await
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(block): Path<String>) -> Result<Response> {
    viewer.require(WRITE)?;
    let (by, block) = (viewer.account, id(&block)?);
    server.write(move |tx| domain::lift(tx, by, block)).await?;
    Ok(answer::empty())
}

fn terms(params: &Params) -> Result<Terms> {
    let severity = match params.str("severity").unwrap_or_default() {
        "" => None,
        "noop" => Some(Severity::Noop),
        "silence" => Some(Severity::Silence),
        "suspend" => Some(Severity::Suspend),
        other => {
            let why = format!("{:?} is not noop, silence or suspend", excerpt(other));
            return Err(Error::invalid("severity", why));
        }
    };
    let text = |name: &str| params.str(name).map(str::to_owned);
    Ok(Terms {
        severity,
        reject_media: params.bool("reject_media"),
        reject_reports: params.bool("reject_reports"),
        private_comment: text("private_comment"),
        public_comment: text("public_comment"),
        obfuscate: params.bool("obfuscate"),
    })
}
