//! Hashtags that one follows, and those on one's profile.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    server::Server,
    tag,
};
use axum::{extract::State, response::Response};
use storage::{AccountId, Tx};
use web::page::settings::tags::{self as page, Tags};

const PATH: &str = "/settings/tags";

/// A rule about oneself and a tag.
type OnTag = fn(&mut Tx<'_>, AccountId, &str) -> Result<()>;

/// What a button is called, and what it does.
const ACTS: [(&str, OnTag); 4] = [
    ("follow", tag::follow),
    ("unfollow", tag::unfollow),
    ("feature", |tx, own, name| tag::feature(tx, own, name).map(drop)),
    ("unfeature", tag::unfeature),
];

/// `GET /settings/tags`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/tags`
pub(super) async fn change(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let Some((button, rule)) = ACTS.into_iter().find(|(button, _)| form.params.has(button)) else {
        return Err(Error::invalid("act", "no button of this form is known"));
    };
    let name = form.text(button).to_owned();
    let result = server.write(move |tx| rule(tx, own, &name)).await;
    match outcome(&server, PATH, "notice-saved", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, own, Some(why)).await,
    }
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        let mut followed = tag::followed(context.read, own)?;
        followed.sort_unstable();
        let featured: Vec<_> = tag::featured(context.read, own)?.into_iter().map(|tag| tag.name).collect();
        let page = Tags {
            followed: &followed,
            featured: &featured,
            suggested: &tag::suggested(context.read, own)?,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::tags(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
