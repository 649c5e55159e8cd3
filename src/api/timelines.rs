//! Timelines: home, public, tag, list, and the statuses of an account (client API, timelines, accounts#statuses).

use super::{
    draw::{draw, id},
    statuses::reader,
};
use crate::{
    account,
    error::Result,
    federation::fetch,
    http::{Paging, Params, Viewer, answer::Written, paging::Cursors, value::Map},
    limits,
    present::Context,
    server::Server,
    timeline::{self, Listed, Origins, Page, Tags, Wanted, Window},
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use std::sync::Arc;
use storage::{AccountId, filter::FilterContext, status::Status};
use web::entity::write_page;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/timelines/home", get(home))
        .route("/api/v1/timelines/direct", get(direct))
        .route("/api/v1/timelines/link", get(link))
        .route("/api/v1/timelines/list/{id}", get(list))
        .route("/api/v1/timelines/public", get(public))
        .route("/api/v1/timelines/tag/{tag}", get(tag))
        .route("/api/v1/accounts/{id}/statuses", get(of_account))
}

async fn home(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:statuses")?;
    let own = viewer.account;
    let paging = paging(&params);
    let window = window(&paging);
    let (home, origin, now) = (server.home().clone(), server.origin().clone(), server.now());
    let (filters, kept) = (server.filters().clone(), server.kept().clone());
    let drawn = server.read(move |view| {
        let Page { statuses, examined } = home.page(view, own, window)?;
        let context = Context::new(view, &origin, Some(own)).at(now).with_filters(&filters).with_kept(&kept);
        Ok((written(&context, FilterContext::Home, &statuses)?, examined))
    });
    let (statuses, examined) = drawn.await?;
    Ok(paging.answer_with(server.origin(), statuses, cursors(examined)))
}

async fn direct(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    viewer.require("read:statuses")?;
    let own = viewer.account;
    page(&server, Some(own), &params, FilterContext::Thread, move |context, window| {
        timeline::direct(context.read, own, window)
    })
    .await
}

async fn list(
    State(server): State<Server>,
    viewer: Viewer,
    Path(list): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("read:lists")?;
    let (own, list) = (viewer.account, id(&list)?);
    page(&server, Some(own), &params, FilterContext::Home, move |context, window| {
        timeline::list(context.read, own, list, window)
    })
    .await
}

async fn link(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Response> {
    let viewer = reader(viewer, "read:statuses")?;
    let url = params.require("url")?.to_owned();
    page(&server, viewer, &params, FilterContext::Public, move |context, window| {
        timeline::link(context.read, viewer, &url, window)
    })
    .await
}

async fn public(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Response> {
    let viewer = reader(viewer, "read:statuses")?;
    let listed = listed(&params);
    page(&server, viewer, &params, FilterContext::Public, move |context, window| {
        timeline::public(context.read, viewer, listed, window)
    })
    .await
}

async fn tag(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(tag): Path<String>,
    params: Params,
) -> Result<Response> {
    let viewer = reader(viewer, "read:statuses")?;
    let listed = listed(&params);
    let names = |key: &str| params.texts(key).into_iter().map(str::to_owned).collect();
    let tags = Tags { tag, any: names("any"), all: names("all"), none: names("none") };
    page(&server, viewer, &params, FilterContext::Public, move |context, window| {
        timeline::tag(context.read, viewer, &tags, listed, window)
    })
    .await
}

async fn of_account(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(author): Path<String>,
    params: Params,
) -> Result<Response> {
    let author: AccountId = id(&author)?;
    let viewer = reader(viewer, "read:statuses")?;
    let flag = |key: &str| params.bool(key).unwrap_or(false);
    let wanted = Wanted {
        exclude_replies: flag("exclude_replies"),
        exclude_reblogs: flag("exclude_reblogs"),
        only_media: flag("only_media"),
        tagged: params.str("tagged").filter(|name| !name.is_empty()).map(str::to_owned),
    };
    let pinned = flag("pinned");
    // Strangers set no work going.
    if viewer.is_some() {
        fetch::profile::open(&server, author).await?;
    }
    page(&server, viewer, &params, FilterContext::Account, move |context, window| {
        let author = account::require(context.read, author)?.id;
        match pinned {
            true => timeline::pinned(context.read, viewer, author, window),
            false => timeline::account(context.read, viewer, author, &wanted, window),
        }
    })
    .await
}

async fn page(
    server: &Server,
    viewer: Option<AccountId>,
    params: &Params,
    place: FilterContext,
    read: impl FnOnce(&Context<'_>, Window) -> Result<Page> + Send + 'static,
) -> Result<Response> {
    let paging = paging(params);
    let window = window(&paging);
    let drawn = draw(server, viewer, move |context| {
        let Page { statuses, examined } = read(context, window)?;
        Ok((written(context, place, &statuses)?, examined))
    });
    let (statuses, examined) = drawn.await?;
    Ok(paging.answer_with(server.origin(), statuses, cursors(examined)))
}

/// A page of statuses, drawn as filters allow in `place`, and written.
fn written(context: &Context<'_>, place: FilterContext, statuses: &[Arc<Status>]) -> Result<Written> {
    let page = context.shown(place, statuses)?;
    Written::of(write_page(&page, statuses.len() * limits::STATUS_JSON_BYTES))
}

fn paging(params: &Params) -> Paging {
    let (default, most) = limits::TIMELINE_PAGE;
    params.paging(default, most)
}

/// What a request for a page asks of a list.
pub(super) fn window(paging: &Paging) -> Window {
    Window { bounds: paging.bounds(), direction: paging.direction(), limit: paging.limit }
}

/// The cursors of the neighbouring pages: behind what was looked at, also if it was hidden.
pub(super) fn cursors(examined: Option<(u64, u64)>) -> Option<Cursors> {
    examined.map(|(newest, oldest)| Cursors { newest, oldest })
}

fn listed(params: &Map) -> Listed {
    let flag = |key: &str| params.bool(key).unwrap_or(false);
    let origins = match (flag("local"), flag("remote")) {
        (true, false) => Origins::Local,
        (false, true) => Origins::Remote,
        _ => Origins::All,
    };
    Listed { origins, only_media: flag("only_media"), ..Listed::default() }
}
