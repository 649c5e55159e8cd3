//! What this server is, in numbers: NodeInfo 2.0 and 2.1.

use crate::clock::DAY_MS;
use crate::{error::Result, http::Json, limits, server::Server};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use storage::{
    Bounds, Direction, Read, Timestamp, account,
    instance::{Registrations, settings},
    user,
};

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
    let usage = match server.read(move |view| usage(view, now)).await {
        Ok(usage) => usage,
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
                "total": usage.users,
                "activeMonth": usage.active_month,
                "activeHalfyear": usage.active_half_year,
            },
            "localPosts": usage.statuses,
        },
        "openRegistrations": usage.open,
        "metadata": {},
    });
    let content_type = format!("application/json; profile=\"{SCHEMA}/{version}#\"; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type)], document.to_string()).into_response()
}

/// The numbers a server tells about itself.
struct Usage {
    users: u64,
    active_month: u64,
    active_half_year: u64,
    statuses: u64,
    /// Somebody may sign up, let in by others or not.
    open: bool,
}

/// Counts local accounts, at most `limits::COUNTED_ACCOUNTS_MAX`; active means: posted within the time.
fn usage(read: &dyn Read, now: Timestamp) -> Result<Usage> {
    let open = settings(read)?.registrations != Registrations::Closed;
    let mut usage = Usage { users: 0, active_month: 0, active_half_year: 0, statuses: 0, open };
    let rows =
        account::LOCAL_ACCOUNTS.list(read, &(), Bounds::NONE, Direction::Ascending, limits::COUNTED_ACCOUNTS_MAX)?;
    for (id, ()) in rows {
        // Whoever is gone for good left their name.
        if user::is_waiting(read, id)? || !user::USERS.contains(read, &id)? {
            continue;
        }
        let stats = account::stats(read, id)?;
        let posted_within = |days: i64| stats.last_status_at.is_some_and(|at| now.ms_since(at) <= days * DAY_MS);
        usage.users += 1;
        usage.statuses += stats.statuses;
        usage.active_month += u64::from(posted_within(30));
        usage.active_half_year += u64::from(posted_within(180));
    }
    Ok(usage)
}
