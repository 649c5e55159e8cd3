//! The front page: the server, and what is said on it.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::Result,
    http::{Params, visit::Visit},
    instance::texts,
    server::Server,
    timeline::{self, Listed, Origins},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use storage::instance::settings;
use web::page::{
    Pager,
    front::{self, Front},
};

/// `GET /`; whoever is signed in is at home.
pub(super) async fn show(State(server): State<Server>, visit: Visit, params: Params) -> Result<Response> {
    if visit.browser.is_some() {
        return Ok(Redirect::to("/home").into_response());
    }
    let (place, now) = (Place::of(&params), server.now());
    draw(&server, &visit, move |context, site| {
        let listed = Listed { origins: Origins::Local, ..Listed::default() };
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
