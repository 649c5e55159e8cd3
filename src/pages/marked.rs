//! What one marked: bookmarks and favourites.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::Result,
    http::{Params, visit::Member},
    server::Server,
    status::{self, Marked},
    timeline::Window,
};
use axum::{extract::State, response::Response};
use storage::{AccountId, Read};
use web::page::listed::{self, Listed};

/// A rule that lists what somebody marked.
type What = fn(&dyn Read, AccountId, Window) -> Result<Marked>;

/// `GET /bookmarks`
pub(super) async fn bookmarks(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member, &params, status::bookmarks, ("nav-bookmarks", "bookmarks-empty")).await
}

/// `GET /favourites`
pub(super) async fn favourites(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member, &params, status::favourites, ("nav-favourites", "favourites-empty")).await
}

async fn show(
    server: &Server,
    member: &Member,
    params: &Params,
    rule: What,
    (title, empty): (&'static str, &'static str),
) -> Result<Response> {
    let (own, place) = (member.account, Place::of(params));
    draw(server, &member.visit, move |context, site| {
        let found = place.list(|window| {
            let Marked { statuses, examined } = rule(context.read, own, window)?;
            Ok((statuses, examined))
        })?;
        let page = Listed {
            title: &site.words.say(title),
            empty,
            statuses: &context.statuses(&found.rows)?,
            pager: found.pager(),
        };
        Ok(Found::Page(listed::listed(site, &page)))
    })
    .await
}
