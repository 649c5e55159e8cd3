//! Home: what the people one follows say, newest first, with the place up to which one has read.

use super::{
    draw::{Found, draw_on_view},
    neighbours::Place,
};
use crate::{
    error::Result,
    http::{
        Params,
        visit::{Form, Member},
    },
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    filter::FilterContext,
    marker::{self, MARKERS},
};
use web::page::{
    Pager,
    home::{self, Home},
};

/// The marker of how far one has read, which apps share (client API, markers).
const MARKER: &str = "home";

/// `GET /home`
pub(super) async fn show(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place, home) = (member.account, Place::of(&params), server.home().clone());
    let key = server.secret();
    draw_on_view(&server, &member.visit, move |view, context, site| {
        let placed = place.read(|window| home.page(view, own, window))?;
        let marker = MARKERS.get(view, &(own, MARKER.to_owned()))?;
        let page = Home {
            statuses: &context.statuses_in(FilterContext::Home, &placed.page.statuses)?,
            first: place.is_first(),
            read_upto: marker.as_ref().and_then(|marker| marker.last_read_id.parse().ok()),
            key: &key,
            visibility: &context.preferences(own)?.posting_default_visibility,
            newest: placed.page.examined.map(|(newest, _)| newest),
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
        };
        Ok(Found::Page(home::home(site, &page)))
    })
    .await
}

/// `POST /home/read`: everything up to `upto` was read.
pub(super) async fn read(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Ok(upto) = form.text("upto").parse::<u64>() {
        server.write(move |tx| Ok(marker::put(tx, own, MARKER, &upto.to_string())?)).await?;
    }
    form.back(&server, "notice-read")
}
