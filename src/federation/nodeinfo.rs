//! What this server is, in numbers: NodeInfo 2.0 and 2.1.

use crate::{http::Json, instance::counts, server::Server};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use storage::instance::{Registrations, settings};

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema";

/// The routes of this file.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/.well-known/nodeinfo", get(discovery))
        .route("/nodeinfo/2.0", get(|state| document(state, "2.0")))
        .route("/nodeinfo/2.1", get(|state| document(state, "2.1")))
}

async fn discovery(State(server): State<Server>) -> Json<Value> {
    let link = |version: &str| json!({ "rel": format!("{SCHEMA}/{version}"), "href": server.origin().url(&format!("/nodeinfo/{version}")) });
    Json(json!({ "links": [link("2.0"), link("2.1")] }))
}

async fn document(State(server): State<Server>, version: &'static str) -> Response {
    let now = server.now();
    let read = server.read(move |view| Ok((counts(view, now)?, settings(view)?.registrations)));
    let (counts, registrations) = match read.await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let software = json!({ "name": "dassie", "version": env!("CARGO_PKG_VERSION") });
    let document = json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": [] },
        "usage": {
            "users": {
                "total": counts.users,
                "activeMonth": counts.active_month,
                "activeHalfyear": counts.active_half_year,
            },
            "localPosts": counts.statuses,
        },
        "openRegistrations": registrations != Registrations::Closed,
        "metadata": {},
    });
    let content_type = format!("application/json; profile=\"{SCHEMA}/{version}#\"; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type)], document.to_string()).into_response()
}
