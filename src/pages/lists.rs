//! Lists: all of them, one with what its people say, and changing them.

use super::{
    draw::{Found, draw},
    neighbours::Place,
    number,
};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        visit::{Form, Member, Visit, gone},
    },
    limits,
    list::{self, ListChange, policy_named},
    present,
    server::Server,
    timeline,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, Bounds, Direction, filter::FilterContext};
use web::page::{
    Pager,
    lists::{self as page, OneList},
};

/// `GET /lists`
pub(super) async fn all(State(server): State<Server>, member: Member) -> Result<Response> {
    show_all(&server, &member.visit, member.account, String::new(), None).await
}

async fn show_all(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: String,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let lists: Vec<_> = list::all(context.read, own)?.iter().map(present::list).collect();
        Ok(Found::Page(page::lists(site, &lists, &typed, problem.as_deref())))
    });
    Ok(answer::form_page(drawn.await?, said.as_deref()))
}

/// `POST /lists`
pub(super) async fn create(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, change, typed) = (form.account, change(&form), form.text("title").to_owned());
    match server.write(move |tx| list::create(tx, own, &change)).await {
        Ok(made) => gone(&server, &format!("/lists/{made}"), "notice-saved"),
        Err(Error::Invalid { why, .. }) => show_all(&server, &form.visit, own, typed, Some(why)).await,
        Err(error) => Err(error),
    }
}

/// `GET /lists/ID`
pub(super) async fn show(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
    params: Params,
) -> Result<Response> {
    let (own, id, place) = (member.account, number(&id)?, Place::of(&params));
    draw(&server, &member.visit, move |context, site| {
        let record = list::require(context.read, own, id)?;
        let lists: Vec<_> = list::all(context.read, own)?.iter().map(present::list).collect();
        let most = limits::LIST_MEMBERS_MAX;
        let (members, _) = list::members(context.read, own, id, Bounds::NONE, Direction::Descending, most)?;
        let members = members.into_iter().map(|member| context.account(member)).collect::<Result<Vec<_>>>()?;
        let placed = place.read(|window| timeline::list(context.read, own, id, window))?;
        let page = OneList {
            list: &present::list(&(id, record)),
            lists: &lists,
            members: &members,
            statuses: &context.statuses_in(FilterContext::Home, &placed.page.statuses)?,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
        };
        Ok(Found::Page(page::list(site, &page)))
    })
    .await
}

/// `POST /lists/ID`: changes it, or deletes it.
pub(super) async fn update(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, number(&id)?);
    if form.params.str("do") == Some("delete") {
        server.write(move |tx| list::delete(tx, own, id)).await?;
        return gone(&server, "/lists", "notice-list-deleted");
    }
    let change = change(&form);
    server.write(move |tx| list::update(tx, own, id, &change)).await?;
    form.back(&server, "notice-saved")
}

/// `POST /lists/ID/remove`: takes somebody out of it.
pub(super) async fn remove(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, number(&id)?);
    let member: AccountId = form.params.id("account").ok_or(Error::NotFound)?;
    server.write(move |tx| list::remove(tx, own, id, &[member])).await?;
    form.back(&server, "notice-saved")
}

fn change(form: &Form) -> ListChange {
    ListChange {
        title: Some(form.text("title").to_owned()),
        replies_policy: form.params.str("replies_policy").and_then(policy_named),
        // A box that is not ticked is not sent.
        exclusive: Some(form.params.bool("exclusive").unwrap_or(false)),
    }
}
