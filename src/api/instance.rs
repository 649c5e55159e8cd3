//! The instance (client API, instance): what apps read before anything else.

use super::draw::{draw, id};
use crate::{
    account::handle::normalise_domain,
    clock,
    error::{Error, Result},
    http::{Json, Params, Viewer},
    instance, limits,
    moderation::domain,
    present::{language::LANGUAGES, moderation::domain_block},
    server::Server,
    status::backfill,
};
use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use web::entity::{
    AsyncRefresh, AsyncRefreshAnswer, DomainBlock, Instance, Language, Rule, ServerText, TermsOfService, V1Instance,
    WeekOfActivity,
};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/instance", get(version_1))
        .route("/api/v2/instance", get(version_2))
        .route("/api/v1/instance/rules", get(rules))
        .route("/api/v1/instance/domain_blocks", get(domain_blocks))
        .route("/api/v1/instance/activity", get(activity))
        .route("/api/v1/instance/peers", get(peers))
        .route("/api/v1/peers/search", get(search_peers))
        .route("/api/v1/instance/extended_description", get(extended_description))
        .route("/api/v1/instance/privacy_policy", get(privacy_policy))
        .route("/api/v1/instance/terms_of_service", get(terms_of_service))
        .route("/api/v1/instance/terms_of_service/{date}", get(terms_of_service_from))
        .route("/api/v1/instance/languages", get(languages))
        .route("/api/v1_alpha/async_refreshes/{id}", get(async_refresh))
}

async fn version_1(State(server): State<Server>) -> Result<Json<V1Instance>> {
    let now = server.now();
    draw(&server, None, move |context| context.v1_instance(now)).await.map(Json)
}

async fn version_2(State(server): State<Server>) -> Result<Json<Instance>> {
    let now = server.now();
    let mut instance = draw(&server, None, move |context| context.instance(now)).await?;
    instance.configuration.translation.enabled = server.translator().is_some();
    Ok(Json(instance))
}

async fn rules(State(server): State<Server>) -> Result<Json<Vec<Rule>>> {
    draw(&server, None, |context| context.rules()).await.map(Json)
}

/// Strangers are not told while federation is limited; so with `activity`, `peers` and `search_peers`.
async fn domain_blocks(State(server): State<Server>, _: Option<Viewer>) -> Result<Json<Vec<DomainBlock>>> {
    let blocks = server.read(|view| domain::public(view)).await?;
    Ok(Json(blocks.iter().map(domain_block).collect()))
}

async fn activity(State(server): State<Server>, _: Option<Viewer>) -> Result<Json<Vec<WeekOfActivity>>> {
    let now = server.now();
    draw(&server, None, move |context| context.activity(now)).await.map(Json)
}

async fn peers(State(server): State<Server>, _: Option<Viewer>) -> Result<Json<Vec<String>>> {
    server.read(|view| instance::peers(view, limits::COUNTED_MAX)).await.map(Json)
}

/// Nothing typed yet, and nothing that could be the beginning of a name, leads to nobody.
async fn search_peers(State(server): State<Server>, _: Option<Viewer>, params: Params) -> Result<Json<Vec<String>>> {
    let typed = params.str("q").unwrap_or_default().trim();
    if typed.is_empty() || typed.len() > limits::DOMAIN_BYTES_MAX {
        return Ok(Json(Vec::new()));
    }
    // What people type is not a whole name: a dot at its end is one that goes on.
    let whole = typed.trim_end_matches('.');
    let Some(domain) = normalise_domain(whole) else { return Ok(Json(Vec::new())) };
    let prefix = if whole.len() < typed.len() { format!("{domain}.") } else { domain };
    server.read(move |view| instance::search_peers(view, &prefix)).await.map(Json)
}

async fn extended_description(State(server): State<Server>) -> Result<Json<ServerText>> {
    draw(&server, None, |context| context.about_text()).await.map(Json)
}

async fn privacy_policy(State(server): State<Server>) -> Result<Json<ServerText>> {
    draw(&server, None, |context| context.privacy_policy()).await.map(Json)
}

async fn terms_of_service(State(server): State<Server>) -> Result<Json<TermsOfService>> {
    let now = server.now();
    draw(&server, None, move |context| context.terms_of_service(now)).await.map(Json)
}

async fn terms_of_service_from(State(server): State<Server>, Path(date): Path<String>) -> Result<Json<TermsOfService>> {
    let (now, from) = (server.now(), clock::parse_day(&date).ok_or(Error::NotFound)?);
    draw(&server, None, move |context| context.terms_of_service_from(from, now)).await.map(Json)
}

async fn languages() -> Json<&'static [Language]> {
    Json(LANGUAGES)
}

/// How far the reading of a thread has come (client API, async_refreshes).
async fn async_refresh(
    State(server): State<Server>,
    viewer: Viewer,
    Path(thread): Path<String>,
) -> Result<Json<AsyncRefreshAnswer>> {
    viewer.require("read")?;
    let (thread, now) = (id(&thread)?, server.now());
    let found = server.read(move |view| backfill::refresh(view, now, thread)).await?.ok_or(Error::NotFound)?;
    let status = if found.running { "running" } else { "finished" };
    let async_refresh = AsyncRefresh { id: found.id.to_string(), status, result_count: found.found };
    Ok(Json(AsyncRefreshAnswer { async_refresh }))
}
