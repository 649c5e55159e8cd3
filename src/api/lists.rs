//! Lists (client API, lists). Their timelines stand in `timelines`.

use super::{
    draw::{draw, id},
    timelines::{cursors, window},
};
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, value::Map},
    limits,
    list::{self, ListChange, policy_named},
    present,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::{AccountId, RowId, Tx};
use web::entity::List;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/lists", get(all).post(create))
        .route("/api/v1/lists/{id}", get(show).put(update).delete(remove))
        .route("/api/v1/lists/{id}/accounts", get(members).post(add_members).delete(remove_members))
        .route("/api/v1/accounts/{id}/lists", get(holding))
}

async fn all(State(server): State<Server>, viewer: Viewer) -> Result<Json<Vec<List>>> {
    viewer.require("read:lists")?;
    let own = viewer.account;
    server.read(move |view| Ok(list::all(view, own)?.iter().map(present::list).collect())).await.map(Json)
}

async fn holding(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<Vec<List>>> {
    viewer.require("read:lists")?;
    let (own, member): (_, AccountId) = (viewer.account, id(&text)?);
    server.read(move |view| Ok(list::holding(view, own, member)?.iter().map(present::list).collect())).await.map(Json)
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<List>> {
    viewer.require("read:lists")?;
    one(&server, viewer.account, id(&text)?).await
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<List>> {
    viewer.require("write:lists")?;
    let (own, change) = (viewer.account, change(&params)?);
    let made = server.write(move |tx| list::create(tx, own, &change)).await?;
    one(&server, own, made).await
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<List>> {
    viewer.require("write:lists")?;
    let (own, wanted, change) = (viewer.account, id(&text)?, change(&params)?);
    server.write(move |tx| list::update(tx, own, wanted, &change)).await?;
    one(&server, own, wanted).await
}

async fn remove(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:lists")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    server.write(move |tx| list::delete(tx, own, wanted)).await?;
    Ok(answer::empty())
}

async fn members(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("read:lists")?;
    let (own, wanted): (_, RowId) = (viewer.account, id(&text)?);
    let paging = params.paging(limits::ACCOUNTS_PAGE, limits::ACCOUNTS_PAGE_MAX);
    let mut window = window(&paging);
    if params.int("limit") == Some(0) {
        // Everybody at once, as apps ask that edit a list.
        window.limit = limits::LIST_MEMBERS_MAX;
    }
    let drawn = draw(&server, Some(own), move |context| {
        let (found, examined) =
            list::members(context.read, own, wanted, window.bounds, window.direction, window.limit)?;
        let drawn = found.into_iter().map(|member| context.account(member)).collect::<Result<Vec<_>>>()?;
        Ok((drawn, examined))
    });
    let (people, examined) = drawn.await?;
    Ok(paging.answer(server.origin(), &people, cursors(examined)))
}

async fn add_members(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Response> {
    change_members(&server, &viewer, &text, &params, list::add).await
}

async fn remove_members(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Response> {
    change_members(&server, &viewer, &text, &params, list::remove).await
}

async fn change_members(
    server: &Server,
    viewer: &Viewer,
    text: &str,
    params: &Params,
    rule: fn(&mut Tx<'_>, AccountId, RowId, &[AccountId]) -> Result<()>,
) -> Result<Response> {
    viewer.require("write:lists")?;
    let (own, wanted) = (viewer.account, id(text)?);
    let members: Vec<AccountId> = params.ids("account_ids");
    server.write(move |tx| rule(tx, own, wanted, &members)).await?;
    Ok(answer::empty())
}

async fn one(server: &Server, own: AccountId, wanted: RowId) -> Result<Json<List>> {
    server.read(move |view| Ok(present::list(&(wanted, list::require(view, own, wanted)?)))).await.map(Json)
}

fn change(params: &Map) -> Result<ListChange> {
    let policy = match params.str("replies_policy").filter(|word| !word.is_empty()) {
        None => None,
        Some(word) => {
            let unknown = || Error::invalid("replies_policy", "replies_policy is not followed, list or none");
            Some(policy_named(word).ok_or_else(unknown)?)
        }
    };
    Ok(ListChange {
        title: params.str("title").map(str::to_owned),
        replies_policy: policy,
        exclusive: params.bool("exclusive"),
    })
}
