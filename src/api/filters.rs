//! Filters, both versions (client API, filters). The first knows keywords only: each is one of its filters.

use super::draw::{draw, id};
use crate::{
    error::{Error, Result},
    filter::{self, FilterChange, KeywordChange, Whole},
    http::{Json, Params, Viewer, answer, value::Map},
    intake::filter::{change, contexts, lasts_ms},
    present::filter as drawn,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use storage::{
    AccountId, RowId, StatusId,
    filter::{FILTER_OF_KEYWORD, FILTER_OF_STATUS, FilterAction, FilterKeyword},
};
use web::entity::{Filter, FilterStatus, FilterWord, V1Filter};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v2/filters", get(list).post(create))
        .route("/api/v2/filters/{id}", get(show).put(update).delete(delete))
        .route("/api/v2/filters/{id}/keywords", get(keywords).post(add_keyword))
        .route("/api/v2/filters/keywords/{id}", get(keyword).put(change_keyword).delete(remove_keyword))
        .route("/api/v2/filters/{id}/statuses", get(statuses).post(add_status))
        .route("/api/v2/filters/statuses/{id}", get(status).delete(remove_status))
        .route("/api/v1/filters", get(v1_list).post(v1_create))
        .route("/api/v1/filters/{id}", get(v1_show).put(v1_update).delete(v1_delete))
}

async fn list(State(server): State<Server>, viewer: Viewer) -> Result<Json<Vec<Filter>>> {
    viewer.require("read:filters")?;
    let own = viewer.account;
    let found = draw(&server, Some(own), move |context| {
        Ok(filter::list(context.read, own)?.iter().map(drawn::whole).collect())
    });
    found.await.map(Json)
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<Filter>> {
    viewer.require("read:filters")?;
    read(&server, viewer.account, id(&text)?, drawn::whole).await
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Filter>> {
    viewer.require("write:filters")?;
    let (own, change) = (viewer.account, change(&params)?);
    let made = server.write(move |tx| filter::create(tx, own, &change)).await?;
    read(&server, own, made, drawn::whole).await
}

async fn update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<Filter>> {
    viewer.require("write:filters")?;
    let (own, wanted, change) = (viewer.account, id(&text)?, change(&params)?);
    server.write(move |tx| filter::update(tx, own, wanted, &change)).await?;
    read(&server, own, wanted, drawn::whole).await
}

async fn delete(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:filters")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    server.write(move |tx| filter::delete(tx, own, wanted)).await?;
    Ok(answer::empty())
}

async fn keywords(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<Vec<FilterWord>>> {
    viewer.require("read:filters")?;
    read(&server, viewer.account, id(&text)?, drawn::words).await
}

async fn add_keyword(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<FilterWord>> {
    viewer.require("write:filters")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    let keyword = FilterKeyword {
        keyword: params.str("keyword").unwrap_or_default().to_owned(),
        whole_word: params.bool("whole_word").unwrap_or(true),
    };
    let row = server.write(move |tx| filter::add_keyword(tx, own, wanted, &keyword)).await?;
    one_keyword(&server, own, row).await
}

async fn keyword(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<FilterWord>> {
    viewer.require("read:filters")?;
    one_keyword(&server, viewer.account, id(&text)?).await
}

async fn change_keyword(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<FilterWord>> {
    viewer.require("write:filters")?;
    let (own, row) = (viewer.account, id(&text)?);
    let (keyword, whole_word) = (params.str("keyword").map(str::to_owned), params.bool("whole_word"));
    server.write(move |tx| filter::change_keyword(tx, own, row, keyword.as_deref(), whole_word)).await?;
    one_keyword(&server, own, row).await
}

async fn remove_keyword(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:filters")?;
    let (own, row) = (viewer.account, id(&text)?);
    server.write(move |tx| filter::remove_keyword(tx, own, row)).await?;
    Ok(answer::empty())
}

async fn statuses(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<Vec<FilterStatus>>> {
    viewer.require("read:filters")?;
    read(&server, viewer.account, id(&text)?, drawn::statuses).await
}

async fn add_status(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<FilterStatus>> {
    viewer.require("write:filters")?;
    let (own, wanted) = (viewer.account, id(&text)?);
    let status: StatusId = params.id("status_id").ok_or_else(|| Error::invalid("status_id", "status_id is missing"))?;
    let row = server.write(move |tx| filter::add_status(tx, own, wanted, status)).await?;
    one_status(&server, own, row).await
}

async fn status(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<FilterStatus>> {
    viewer.require("read:filters")?;
    one_status(&server, viewer.account, id(&text)?).await
}

async fn remove_status(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
) -> Result<Json<FilterStatus>> {
    viewer.require("write:filters")?;
    let (own, row): (_, RowId) = (viewer.account, id(&text)?);
    let removed = server.write(move |tx| filter::remove_status(tx, own, row)).await?;
    Ok(Json(FilterStatus { id: row.to_string(), status_id: removed.to_string() }))
}

async fn v1_list(State(server): State<Server>, viewer: Viewer) -> Result<Json<Vec<V1Filter>>> {
    viewer.require("read:filters")?;
    let own = viewer.account;
    let found = draw(&server, Some(own), move |context| {
        Ok(filter::list(context.read, own)?.iter().flat_map(drawn::of_first_version).collect())
    });
    found.await.map(Json)
}

async fn v1_show(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Json<V1Filter>> {
    viewer.require("read:filters")?;
    v1_one(&server, viewer.account, id(&text)?).await
}

async fn v1_create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<V1Filter>> {
    viewer.require("write:filters")?;
    let (own, phrase) = (viewer.account, params.require("phrase")?.to_owned());
    let keyword = FilterKeyword { keyword: phrase.clone(), whole_word: params.bool("whole_word").unwrap_or(true) };
    let change =
        FilterChange { title: Some(phrase), keywords: vec![KeywordChange::Add(keyword)], ..v1_change(&params)? };
    let row = server
        .write(move |tx| {
            let made = filter::create(tx, own, &change)?;
            let keywords = filter::show(tx, own, made)?.keywords;
            keywords.first().map(|(row, _)| *row).ok_or(Error::NotFound)
        })
        .await?;
    v1_one(&server, own, row).await
}

async fn v1_update(
    State(server): State<Server>,
    viewer: Viewer,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<V1Filter>> {
    viewer.require("write:filters")?;
    let (own, row): (_, RowId) = (viewer.account, id(&text)?);
    let keyword = KeywordChange::Change(row, params.str("phrase").map(str::to_owned), params.bool("whole_word"));
    let change = FilterChange { keywords: vec![keyword], ..v1_change(&params)? };
    server
        .write(move |tx| {
            let of = FILTER_OF_KEYWORD.get(tx, &(own, row))?.ok_or(Error::NotFound)?;
            filter::update(tx, own, of, &change)
        })
        .await?;
    v1_one(&server, own, row).await
}

async fn v1_delete(State(server): State<Server>, viewer: Viewer, Path(text): Path<String>) -> Result<Response> {
    viewer.require("write:filters")?;
    let (own, row) = (viewer.account, id(&text)?);
    server.write(move |tx| filter::delete_phrase(tx, own, row)).await?;
    Ok(answer::empty())
}

async fn read<T: Send + 'static>(
    server: &Server,
    own: AccountId,
    wanted: RowId,
    view: fn(&Whole) -> T,
) -> Result<Json<T>> {
    server.read(move |read| Ok(view(&filter::show(read, own, wanted)?))).await.map(Json)
}

async fn one_keyword(server: &Server, own: AccountId, row: RowId) -> Result<Json<FilterWord>> {
    let found = server.read(move |read| {
        let of = FILTER_OF_KEYWORD.get(read, &(own, row))?.ok_or(Error::NotFound)?;
        let whole = filter::show(read, own, of)?;
        drawn::words(&whole).into_iter().find(|word| word.id == row.to_string()).ok_or(Error::NotFound)
    });
    found.await.map(Json)
}

async fn one_status(server: &Server, own: AccountId, row: RowId) -> Result<Json<FilterStatus>> {
    let found = server.read(move |read| {
        let of = FILTER_OF_STATUS.get(read, &(own, row))?.ok_or(Error::NotFound)?;
        let whole = filter::show(read, own, of)?;
        drawn::statuses(&whole).into_iter().find(|status| status.id == row.to_string()).ok_or(Error::NotFound)
    });
    found.await.map(Json)
}

async fn v1_one(server: &Server, own: AccountId, row: RowId) -> Result<Json<V1Filter>> {
    let found = server.read(move |read| {
        let of = FILTER_OF_KEYWORD.get(read, &(own, row))?.ok_or(Error::NotFound)?;
        let whole = filter::show(read, own, of)?;
        drawn::of_first_version(&whole).into_iter().find(|one| one.id == row.to_string()).ok_or(Error::NotFound)
    });
    found.await.map(Json)
}

fn v1_change(params: &Map) -> Result<FilterChange> {
    let action = |hide| if hide { FilterAction::Hide } else { FilterAction::Warn };
    Ok(FilterChange {
        contexts: contexts(params)?,
        action: params.bool("irreversible").map(action),
        lasts_ms: lasts_ms(params),
        ..FilterChange::default()
    })
}
