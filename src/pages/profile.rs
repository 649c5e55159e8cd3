//! Public profiles. Peers get the actor from the same address (ActivityPub §3.2); people of other servers are shown at
//! their own.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    account::{Handle, lookup, render},
    error::{Error, Result},
    federation::collections,
    federation::documents,
    http::{
        Params,
        negotiate::{self, Shape},
        session::Browser,
    },
    limits,
    present::Context,
    server::Server,
    timeline::{self, Wanted, Window},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use storage::account::Account;
use web::{
    layout::Site,
    page::{
        Pager,
        profile::{self, Profile, Tab},
    },
};

/// `GET /@NAME`
pub(super) async fn posts(
    State(server): State<Server>,
    browser: Option<Browser>,
    Path(name): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    if negotiate::shape(&headers) == Shape::Activity {
        return Ok(documents::account_answer(&server, name, &headers, params.uri()).await);
    }
    show(&server, browser, name, Tab::Posts, &params).await
}

/// `GET /@NAME/with_replies`
pub(super) async fn with_replies(
    State(server): State<Server>,
    browser: Option<Browser>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    show(&server, browser, name, Tab::WithReplies, &params).await
}

async fn show(server: &Server, browser: Option<Browser>, name: String, tab: Tab, params: &Params) -> Result<Response> {
    let place = Place::of(params);
    draw(server, browser.as_ref(), move |context, site| match find(context, &name)? {
        account if account.is_local() => local(context, site, &account, tab, &place),
        account => Ok(Found::Elsewhere(render::page(context.origin, &account))),
    })
    .await
}

/// The account a path names: `name`, or `name@domain`.
///
/// # Errors
/// `NotFound`; `Gone` for a suspended account of this server.
pub(super) fn find(context: &Context<'_>, name: &str) -> Result<Account> {
    let handle = Handle::parse(name, |domain| context.origin.is_own_domain(domain)).ok_or(Error::NotFound)?;
    match handle.domain {
        None => collections::require(context.read, &handle.username),
        Some(_) => {
            let account = lookup(context.read, &handle)?.filter(|account| account.suspended_at.is_none());
            account.ok_or(Error::NotFound)
        }
    }
}

fn local(context: &Context<'_>, site: &Site<'_>, account: &Account, tab: Tab, place: &Place) -> Result<Found> {
    let wanted = Wanted { exclude_replies: tab == Tab::Posts, ..Wanted::default() };
    let (read, viewer) = (context.read, context.viewer);
    let placed = place.read(|window| timeline::account(read, viewer, account.id, &wanted, window))?;
    let pinned = match tab {
        Tab::Posts if place.is_first() => {
            timeline::pinned(read, viewer, account.id, Window::newest(limits::PINNED_STATUSES_MAX))?.statuses
        }
        Tab::Posts | Tab::WithReplies => Vec::new(),
    };
    let page = Profile {
        account: &*context.account(account.id)?,
        pinned: &context.statuses(&pinned)?,
        statuses: &context.statuses(&placed.page.statuses)?,
        tab,
        pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
    };
    Ok(Found::Page(profile::profile(site, &page)))
}
