//! Hashtags: what is known of one, following and featuring them (client API, tags, followed_tags, featured_tags).

use super::{
    accounts::reader,
    draw::{draw, id},
};
use crate::{
    account,
    error::Result,
    http::{Json, Params, Viewer, answer, paging::Cursors},
    limits,
    server::Server,
    tag,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{MethodRouter, get, post},
};
use storage::{AccountId, Tx};
use web::entity::{FeaturedTag, Tag};

/// The routes of these chapters.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/tags/{name}", get(show))
        .route("/api/v1/tags/{name}/follow", act("write:follows", tag::follow))
        .route("/api/v1/tags/{name}/unfollow", act("write:follows", tag::unfollow))
        .route("/api/v1/tags/{name}/feature", act("write:accounts", feature_by_name))
        .route("/api/v1/tags/{name}/unfeature", act("write:accounts", tag::unfeature))
        .route("/api/v1/followed_tags", get(followed))
        .route("/api/v1/featured_tags", get(featured).post(feature))
        .route("/api/v1/featured_tags/suggestions", get(suggestions))
        .route("/api/v1/featured_tags/{id}", axum::routing::delete(unfeature))
        .route("/api/v1/accounts/{id}/featured_tags", get(featured_by))
}

/// A rule that changes how one stands to a tag.
type Act = fn(&mut Tx<'_>, AccountId, &str) -> Result<()>;

fn act(scope: &'static str, rule: Act) -> MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, Path(name): Path<String>| async move {
        viewer.require(scope)?;
        let (own, changed) = (viewer.account, name.clone());
        server.write(move |tx| rule(tx, own, &changed)).await?;
        draw(&server, Some(own), move |context| context.tag_named(&name)).await.map(Json)
    })
}

fn feature_by_name(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    tag::feature(tx, account, name).map(drop)
}

async fn show(State(server): State<Server>, viewer: Option<Viewer>, Path(name): Path<String>) -> Result<Json<Tag>> {
    let viewer = reader(viewer.as_ref(), "read")?;
    draw(&server, viewer, move |context| context.tag_named(&name)).await.map(Json)
}

async fn followed(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:follows")?;
    let own = viewer.account;
    let (default, most) = limits::TAGS_PAGE;
    let paging = params.paging(default, most);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(&server, Some(own), move |context| {
        let rows = tag::followed_page(context.read, own, bounds, direction, limit)?;
        let tags = rows.iter().map(|(_, name)| context.tag_named(name)).collect::<Result<Vec<_>>>()?;
        Ok((tags, Cursors::of(rows.iter().map(|(row, _)| row.0))))
    });
    let (tags, cursors) = drawn.await?;
    Ok(paging.answer(server.origin(), &tags, cursors))
}

async fn featured(State(server): State<Server>, viewer: Viewer) -> Result<Json<Vec<FeaturedTag>>> {
    viewer.require("read:accounts")?;
    of_account(&server, Some(viewer.account), viewer.account).await
}

async fn featured_by(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(text): Path<String>,
) -> Result<Json<Vec<FeaturedTag>>> {
    of_account(&server, reader(viewer.as_ref(), "read:accounts")?, id(&text)?).await
}

async fn of_account(server: &Server, viewer: Option<AccountId>, owner: AccountId) -> Result<Json<Vec<FeaturedTag>>> {
    draw(server, viewer, move |context| {
        account::require_shown(context.read, owner)?;
        Ok(tag::featured(context.read, owner)?.iter().map(|tag| context.featured_tag(tag)).collect())
    })
    .await
    .map(Json)
}

async fn feature(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<FeaturedTag>> {
    viewer.require("write:accounts")?;
    let (own, name) = (viewer.account, params.require("name")?.to_owned());
    let row = server.write(move |tx| tag::feature(tx, own, &name)).await?;
    draw(&server, Some(own), move |context| Ok(context.featured_tag(&tag::featured_one(context.read, own, row)?)))
        .await
        .map(Json)
}

async fn unfeature(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:accounts")?;
    let (own, row) = (viewer.account, id(&text)?);
    server.write(move |tx| tag::unfeature_row(tx, own, row)).await?;
    Ok(answer::empty())
}

async fn suggestions(State(server): State<Server>, viewer: Viewer) -> Result<Json<Vec<Tag>>> {
    viewer.require("read:accounts")?;
    let own = viewer.account;
    let drawn = draw(&server, Some(own), move |context| {
        tag::suggested(context.read, own)?.iter().map(|name| context.tag_named(name)).collect()
    });
    drawn.await.map(Json)
}
