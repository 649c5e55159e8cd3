//! Explore: tags, people and posts beyond whom one follows.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    directory::{self, Wanted},
    error::Result,
    http::{Params, visit::Member},
    limits,
    server::Server,
    suggestion, tag,
    timeline::{self, Listed, Origins},
    trend,
};
use axum::{extract::State, response::Response};
use storage::{
    directory::{Order, Scope},
    filter::FilterContext,
};
use web::page::{
    Pager,
    explore::{self, Explore},
};

/// `GET /explore`
pub(super) async fn show(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place) = (member.account, Place::of(&params));
    let (trends, now) = (server.trends().clone(), server.now());
    draw(&server, &member.visit, move |context, site| {
        let listed = Listed { origins: Origins::Local, ..Listed::default() };
        let placed = place.read(|window| timeline::public(context.read, context.viewer, listed, window))?;
        let named = |names: Vec<String>| {
            names.iter().take(limits::EXPLORED_TAGS).map(|name| context.tag_named(name)).collect::<Result<Vec<_>>>()
        };
        let (mut busy, mut followed, mut people) = (Vec::new(), Vec::new(), Vec::new());
        let mut newcomers = Vec::new();
        if place.is_first() {
            busy = named(trend::tags(&trends, context.read, now)?)?;
            followed = named(tag::followed(context.read, own)?)?;
            for suggested in suggestion::list(context.read, own, limits::EXPLORED_PEOPLE)? {
                people.push(context.suggestion(&suggested)?);
            }
            let wanted = Wanted {
                scope: Scope::Local,
                order: Order::New,
                offset: 0,
                limit: limits::EXPLORED_PEOPLE + 1,
                examined: limits::EXPLORED_EXAMINED,
            };
            for id in directory::list(context.read, Some(own), wanted)? {
                if id != own && newcomers.len() < limits::EXPLORED_PEOPLE {
                    newcomers.push(context.account(id)?);
                }
            }
        }
        let page = Explore {
            followed: &followed,
            busy: &busy,
            people: &people,
            newcomers: &newcomers,
            statuses: &context.statuses_in(FilterContext::Public, &placed.page.statuses)?,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
            first: place.is_first(),
        };
        Ok(Found::Page(explore::explore(site, &page)))
    })
    .await
}
