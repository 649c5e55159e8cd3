//! What waits for one's word under a policy of interactions; the buttons are those of `act`.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::Result,
    http::{Params, visit::Member},
    limits,
    server::Server,
    status::interaction::{self, Wanted},
    timeline::Window,
};
use axum::{extract::State, response::Response};
use storage::interaction::Interaction;
use web::page::asked;

/// `GET /interaction_requests`
pub(super) async fn show(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place) = (member.account, Place::of(&params).sized(limits::NOTIFICATIONS_PAGE));
    let interactions = vec![Interaction::Reply, Interaction::Reblog, Interaction::Favourite];
    let wanted = Wanted { status: None, interactions };
    draw(&server, &member.visit, move |context, site| {
        let found = place.list(|Window { bounds, direction, limit }| {
            let waiting = interaction::waiting(context.read, own, &wanted, bounds, direction, limit)?;
            Ok((waiting.rows, waiting.examined.map(|(newest, oldest)| (newest.0, oldest.0))))
        })?;
        let drawn = found.rows.iter().map(|(id, row)| context.interaction_request(*id, row));
        Ok(Found::Page(asked::asked(site, &drawn.collect::<Result<Vec<_>>>()?, found.pager())))
    })
    .await
}
