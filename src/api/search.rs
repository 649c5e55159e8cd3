//! Search: accounts, hashtags, statuses, and whatever an address leads to (client API, search).

use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer},
    intake::search::{Asked, Kind, search},
    limits,
    server::Server,
    timeline::Window,
};
use axum::{Router, extract::State, routing::get};
use storage::AccountId;
use web::entity::{Search, V1Search};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/search", get(version_1)).route("/api/v2/search", get(answer))
}

async fn answer(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Json<Search>> {
    let text = params.require("q")?.trim().to_owned();
    let (default, most) = limits::SEARCH_PAGE;
    let paging = params.paging(default, most);
    let kind = match params.str("type") {
        None | Some("") => Kind::All,
        Some("accounts") => Kind::Accounts,
        Some("hashtags") => Kind::Hashtags,
        Some("statuses") => Kind::Statuses,
        Some(_) => return Err(Error::invalid("type", "type is not accounts, hashtags or statuses")),
    };
    let resolve = params.bool("resolve").unwrap_or(false);
    let own = match viewer {
        Some(viewer) => viewer.require("read:search").map(|()| Some(viewer.account))?,
        // Paging and asking other servers cost more than a stranger may spend (client API, search).
        None if resolve || paging.offset > 0 => return Err(Error::Unauthorized),
        None => None,
    };
    let asked = Asked {
        text,
        kind,
        resolve,
        following: params.bool("following").unwrap_or(false),
        account: params.id("account_id").map(AccountId),
        window: Window { bounds: paging.bounds(), direction: paging.direction(), limit: paging.limit },
        offset: paging.offset,
    };
    search(&server, own, asked).await.map(Json)
}

/// As it was before version 2: hashtags are names alone.
async fn version_1(state: State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Json<V1Search>> {
    let Json(Search { accounts, statuses, hashtags }) = answer(state, viewer, params).await?;
    Ok(Json(V1Search { accounts, statuses, hashtags: hashtags.into_iter().map(|tag| tag.name).collect() }))
}
