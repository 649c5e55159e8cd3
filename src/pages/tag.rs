//! Public posts with a hashtag, which the links in posts lead to.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::{Error, Result},
    http::{Params, visit::Visit},
    limits,
    server::Server,
    timeline::{self, Listed, Tags},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::filter::FilterContext;
use web::page::{
    Pager,
    tag::{self, Tag},
};

/// `GET /tags/NAME`
pub(super) async fn show(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    if name.is_empty() || name.len() > limits::TAG_BYTES_MAX {
        return Err(Error::NotFound);
    }
    let place = Place::of(&params);
    draw(&server, &visit, move |context, site| {
        let tags = Tags { tag: name.clone(), ..Tags::default() };
        let placed =
            place.read(|window| timeline::tag(context.read, context.viewer, &tags, Listed::default(), window))?;
        let page = Tag {
            name: &name,
            statuses: &context.statuses_in(FilterContext::Public, &placed.page.statuses)?,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
        };
        Ok(Found::Page(tag::tag(site, &page)))
    })
    .await
}
