//! Who boosted a post, who favourited it, for whoever may see the post.

use super::{
    draw::{Found, draw},
    neighbours::Place,
    status::{Named, named},
};
use crate::{
    error::{Error, Result},
    http::{Params, visit::Visit},
    limits,
    server::Server,
    status::{self, People as Marked},
    timeline::Window,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, Read, StatusId};
use web::page::people::{self, People};

/// A rule that lists who did something with a status.
type Who = fn(&dyn Read, Option<AccountId>, StatusId, Window) -> Result<Marked>;

/// `GET /@NAME/ID/boosts`
pub(super) async fn boosts(
    State(server): State<Server>,
    visit: Visit,
    Path(path): Path<(String, String)>,
    params: Params,
) -> Result<Response> {
    show(&server, &visit, path, &params, (status::reblogged_by, "people-boosted")).await
}

/// `GET /@NAME/ID/favourites`
pub(super) async fn favourites(
    State(server): State<Server>,
    visit: Visit,
    Path(path): Path<(String, String)>,
    params: Params,
) -> Result<Response> {
    show(&server, &visit, path, &params, (status::favourited_by, "people-favourited")).await
}

async fn show(
    server: &Server,
    visit: &Visit,
    (name, id): (String, String),
    params: &Params,
    (rule, title): (Who, &'static str),
) -> Result<Response> {
    let id: StatusId = id.parse().map_err(|_| Error::NotFound)?;
    let place = Place::of(params).sized(limits::ACCOUNTS_PAGE);
    draw(server, visit, move |context, site| {
        let record = match named(context, &name, id)? {
            Named::Elsewhere(url) => return Ok(Found::Elsewhere(url)),
            Named::Here(record) => record,
        };
        let found = place.list(|window| {
            let Marked { accounts, examined } = rule(context.read, context.viewer, record.id, window)?;
            Ok((accounts, examined))
        })?;
        let page = People {
            title,
            owner: &*context.account(record.account)?,
            people: &context.accounts(&found.rows)?,
            pager: found.pager(),
        };
        Ok(Found::Page(people::people(site, &page)))
    })
    .await
}
