//! The front page: the server, and what is said on it.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::Result,
    http::{Params, session::Browser},
    instance::texts,
    server::Server,
    timeline::{self, Listed, Origins},
};
use axum::{extract::State, response::Response};
use storage::instance::settings;
use web::page::{
    Pager,
    front::{self, Front},
};

/// `GET /`
pub(super) async fn show(State(server): State<Server>, browser: Option<Browser>, params: Params) -> Result<Response> {
    let (place, now) = (Place::of(&params), server.now());
    draw(&server, browser.as_ref(), move |context, site| {
        let listed = Listed { origins: Origins::Local, only_media: false };
        let placed = place.read(|window| timeline::public(context.read, context.viewer, listed, window))?;
        let instance = context.v1_instance(now)?;
        let message = settings(context.read)?.registrations_message;
        let page = Front {
            instance: &instance,
            closed_message: Some(message.as_str()).filter(|text| !text.is_empty()),
            statuses: &context.statuses(&placed.page.statuses)?,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
            terms: texts::terms(context.read, now)?.is_some(),
        };
        Ok(Found::Page(front::front(site, &page)))
    })
    .await
}
