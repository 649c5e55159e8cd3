//! Collections of accounts (client API, collections).

use super::{
    accounts::reader,
    draw::{draw, id},
};
use crate::{
    collection::{self, CollectionChange},
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, paging::Paging, value::Map},
    limits,
    present::{Context, collection_item},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    middleware::map_response,
    response::Response,
    routing::{delete, get, post},
};
use storage::{AccountId, RowId, Tx, collection::Collection as Record};
use web::entity::{CollectionWithAccounts, Collections, WrappedCollection, WrappedCollectionItem};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    let nested = || map_response(answer::nest_refusal);
    Router::new()
        .route("/api/v1/collections", post(create).layer(nested()))
        .route("/api/v1/collections/{id}", get(show).patch(update).delete(remove).layer(nested()))
        .route("/api/v1/collections/{id}/items", post(add))
        .route("/api/v1/collections/{id}/items/{item}", delete(take_out))
        .route("/api/v1/collections/{id}/items/{item}/revoke", post(revoke))
        .route("/api/v1/accounts/{id}/collections", get(of_owner))
        .route("/api/v1/accounts/{id}/in_collections", get(of_member))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<WrappedCollection>> {
    viewer.require("write:collections")?;
    params.require("name")?;
    let (own, change) = (viewer.account, change(&params));
    let mut accounts: Vec<AccountId> = params.ids("account_ids");
    accounts.dedup();
    if accounts.len() > limits::COLLECTION_MEMBERS_MAX {
        let why = format!("{} accounts given; at most {}", accounts.len(), limits::COLLECTION_MEMBERS_MAX);
        return Err(Error::invalid("collection_items", why));
    }
    let made = server.write(move |tx| collection::create(tx, own, &change, &accounts)).await?;
    wrapped(&server, own, made).await
}

async fn show(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(text): Path<String>,
) -> Result<Json<CollectionWithAccounts>> {
    let (wanted, viewer): (RowId, _) = (id(&text)?, reader(viewer.as_ref(), "read:collections")?);
    let drawn = draw(&server, viewer, move |context| {
        let record = collection::require(context.read, viewer, wanted)?;
        context.collection_with_accounts(wanted, &record)
    });
    drawn.await.map(Json)
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<WrappedCollection>> {
    viewer.require("write:collections")?;
    let (own, wanted, change) = (viewer.account, id(&text)?, change(&params));
    server.write(move |tx| collection::update(tx, own, wanted, &change)).await?;
    wrapped(&server, own, wanted).await
}

async fn remove(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:collections")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    server.write(move |tx| collection::delete(tx, own, wanted)).await?;
    Ok(answer::empty())
}

async fn add(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<WrappedCollectionItem>> {
    viewer.require("write:collections")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    let who: AccountId = id(params.require("account_id")?)?;
    let item = server.write(move |tx| collection::add(tx, own, wanted, who)).await?;
    Ok(Json(WrappedCollectionItem { collection_item: collection_item(&item) }))
}

async fn take_out(State(server): State<Server>, viewer: Viewer, path: Path<(String, String)>) -> Result<Response> {
    end(&server, &viewer, path, collection::take_out).await
}

async fn revoke(State(server): State<Server>, viewer: Viewer, path: Path<(String, String)>) -> Result<Response> {
    end(&server, &viewer, path, collection::revoke).await
}

/// A rule that ends an account's place in a collection.
type Rule = fn(&mut Tx<'_>, AccountId, RowId, RowId) -> Result<()>;

async fn end(server: &Server, viewer: &Viewer, path: Path<(String, String)>, rule: Rule) -> Result<Response> {
    viewer.require("write:collections")?;
    let Path((text, item)) = path;
    let (own, wanted, item) = (viewer.account, id(&text)?, id(&item)?);
    server.write(move |tx| rule(tx, own, wanted, item)).await?;
    Ok(answer::empty())
}

async fn of_owner(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(text): Path<String>,
    params: Params,
) -> Result<Response> {
    let (owner, viewer): (AccountId, _) = (id(&text)?, reader(viewer.as_ref(), "read:collections")?);
    page(&server, viewer, &params, move |context| collection::of_owner(context.read, viewer, owner)).await
}

async fn of_member(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("read:collections")?;
    let (member, own): (AccountId, _) = (id(&text)?, viewer.account);
    page(&server, Some(own), &params, move |context| collection::of_member(context.read, own, member)).await
}

/// One page of a list that is bounded as a whole, by offset.
async fn page<F>(server: &Server, viewer: Option<AccountId>, params: &Params, list: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>) -> Result<Vec<(RowId, Record)>> + Send + 'static,
{
    let paging: Paging = params.paging(limits::COLLECTIONS_PAGE.0, limits::COLLECTIONS_PAGE.1);
    let (offset, limit) = (paging.offset, paging.limit);
    let drawn = draw(server, viewer, move |context| {
        let all = list(context)?;
        let part = all.iter().skip(offset).take(limit);
        let drawn = part.map(|(id, record)| context.collection(*id, record)).collect::<Result<Vec<_>>>()?;
        Ok((Collections { collections: drawn }, all.len()))
    });
    let (collections, all) = drawn.await?;
    let more = offset + collections.collections.len() < all;
    Ok(paging.answer_by_offset(server.origin(), answer::json(&collections), more))
}

async fn wrapped(server: &Server, own: AccountId, wanted: RowId) -> Result<Json<WrappedCollection>> {
    let drawn = draw(server, Some(own), move |context| {
        let record = collection::require(context.read, Some(own), wanted)?;
        Ok(WrappedCollection { collection: context.collection(wanted, &record)? })
    });
    drawn.await.map(Json)
}

fn change(params: &Map) -> CollectionChange {
    let text = |key: &str| params.has(key).then(|| params.str(key).unwrap_or_default().to_owned());
    CollectionChange {
        name: text("name"),
        description: text("description"),
        language: text("language"),
        sensitive: params.bool("sensitive"),
        discoverable: params.bool("discoverable"),
        tag: text("tag_name"),
    }
}
