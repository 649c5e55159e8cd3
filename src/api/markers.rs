//! Markers (client API, markers): how far somebody has read.

use crate::{
    clock,
    error::{Error, Result},
    http::{Json, Params, Viewer},
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use std::collections::BTreeMap;
use storage::{
    activity,
    marker::{self, MARKERS},
};
use web::entity::Marker;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/markers", get(list).post(set))
}

/// Timelines that have a marker.
const TIMELINES: [&str; 2] = ["home", "notifications"];
/// Digits of an id.
const ID_DIGITS_MAX: usize = 20;

type Markers = BTreeMap<&'static str, Marker>;

async fn list(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Markers>> {
    viewer.require("read:statuses")?;
    let own = viewer.account;
    let wanted = params.texts("timeline");
    let wanted: Vec<_> = TIMELINES.into_iter().filter(|timeline| wanted.contains(timeline)).collect();
    let found = server.read(move |view| {
        let mut found = Markers::new();
        for timeline in wanted {
            if let Some(marker) = MARKERS.get(view, &(own, timeline.to_owned()))? {
                found.insert(timeline, drawn(&marker));
            }
        }
        Ok(found)
    });
    found.await.map(Json)
}

async fn set(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Markers>> {
    viewer.require("write:statuses")?;
    let own = viewer.account;
    let mut positions = Vec::new();
    for timeline in TIMELINES {
        let Some(position) = params.map(timeline).and_then(|marker| marker.str("last_read_id")) else { continue };
        let position = position.trim();
        let digits = !position.is_empty() && position.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || position.len() > ID_DIGITS_MAX {
            return Err(Error::invalid("last_read_id", format!("last_read_id of {timeline} is not an id")));
        }
        positions.push((timeline, position.to_owned()));
    }
    let stored = server.write(move |tx| {
        let mut stored = Markers::new();
        activity::count(tx, own, activity::Deed::Came)?;
        for (timeline, position) in &positions {
            stored.insert(*timeline, drawn(&marker::put(tx, own, timeline, position)?));
        }
        Ok(stored)
    });
    stored.await.map(Json)
}

fn drawn(marker: &marker::Marker) -> Marker {
    Marker {
        last_read_id: marker.last_read_id.clone(),
        version: marker.version,
        updated_at: clock::iso(marker.updated_at),
    }
}
