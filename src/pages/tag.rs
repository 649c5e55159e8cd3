//! Public posts with a hashtag, which the links in posts lead to.

use super::{
    draw::{Found, draw, draw_kept},
    feed,
    neighbours::Place,
};
use crate::{
    error::{Error, Result},
    http::{
        Params,
        visit::{Member, Visit},
    },
    limits,
    server::Server,
    tag as rules,
    timeline::{self, Listed, Tags},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, Read, filter::FilterContext};
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
    if let Some((name, spelling)) = feed::asked(&name) {
        return feed::of_tag(&server, &visit, name, spelling).await;
    }
    let place = Place::of(&params);
    draw_kept(&server, &visit, move |context, site| {
        let tags = Tags { tag: name.clone(), ..Tags::default() };
        let placed =
            place.read(|window| timeline::tag(context.read, context.viewer, &tags, Listed::default(), window))?;
        let page = Tag {
            name: &name,
            statuses: &context.statuses_in(FilterContext::Public, &placed.page.statuses)?,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
            followed: context.viewer.map(|own| follows(context.read, own, &name)).transpose()?,
        };
        Ok(Found::Page(tag::tag(site, &page)))
    })
    .await
}

fn follows(read: &dyn Read, own: AccountId, name: &str) -> Result<bool> {
    let key = rules::key(name);
    Ok(rules::followed(read, own)?.iter().any(|followed| rules::key(followed) == key))
}

/// `GET /followed_tags`
pub(super) async fn followed(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place) = (member.account, Place::of(&params));
    draw(&server, &member.visit, move |context, site| {
        let found = place.list(|window| {
            let rows = rules::followed_page(context.read, own, window.bounds, window.direction, window.limit)?;
            let ends = rows.iter().map(|(row, _)| row.0).max().zip(rows.iter().map(|(row, _)| row.0).min());
            Ok((rows, ends))
        })?;
        let tags = found.rows.iter().map(|(_, name)| context.tag_named(name)).collect::<Result<Vec<_>>>()?;
        Ok(Found::Page(tag::followed(site, &tags, found.pager())))
    })
    .await
}
