//! Public posts for feed readers, at the address of the page with an ending (RSS 2.0, RFC 4287, JSON Feed 1.1).

use super::profile::find;
use crate::{
    account::Handle,
    error::{Error, Result},
    http::{answer, auth::is_limited, drawn::Document, visit::Visit},
    limits,
    present::Context,
    server::Server,
    timeline::{self, Listed, Origins, Tags, Wanted, Window},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderValue, header::CACHE_CONTROL};
use storage::instance::settings;
use web::feed::{Feed, Spelling};

/// The spelling that a name of a path ends with, and the name without it.
pub(super) fn asked(name: &str) -> Option<(String, Spelling)> {
    Spelling::ALL.into_iter().find_map(|spelling| Some((name.strip_suffix(spelling.ending())?.to_owned(), spelling)))
}

/// `GET /@NAME/feed.json`
pub(super) async fn account_json(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response> {
    of_account(&server, &visit, name, Spelling::Json).await
}

/// `GET /tags/NAME/feed.json`
pub(super) async fn tag_json(State(server): State<Server>, visit: Visit, Path(name): Path<String>) -> Result<Response> {
    of_tag(&server, &visit, name, Spelling::Json).await
}

/// What somebody here wrote for everybody: no answers to others, nothing shared.
pub(super) async fn of_account(server: &Server, visit: &Visit, name: String, spelling: Spelling) -> Result<Response> {
    read(server, visit, spelling, move |context| {
        // People of other servers have their feeds there.
        let local =
            Handle::parse(&name, |domain| context.origin.is_own_domain(domain)).is_some_and(|h| h.domain.is_none());
        let account = if local { find(context, &name)? } else { return Err(Error::NotFound) };
        let wanted = Wanted { exclude_replies: true, exclude_reblogs: true, ..Wanted::default() };
        let window = Window::newest(limits::TIMELINE_PAGE.0);
        let page = timeline::account(context.read, None, account.id, &wanted, window)?;
        let shown = context.account(account.id)?;
        let handle = format!("@{}@{}", shown.username, context.origin.handle_domain());
        let title = if shown.display_name.is_empty() { handle.clone() } else { shown.display_name.clone() };
        let feed = Feed {
            title: &title,
            about: &handle,
            page: &shown.url,
            address: &format!("{}{}", shown.url, spelling.ending()),
            icon: Some(&shown.avatar_static),
            posts: &context.statuses(&page.statuses)?,
        };
        Ok(spelling.write(&feed))
    })
    .await
}

/// `GET /local.rss`
pub(super) async fn local_rss(State(server): State<Server>, visit: Visit) -> Result<Response> {
    local(&server, &visit, Spelling::Rss).await
}

/// `GET /local.atom`
pub(super) async fn local_atom(State(server): State<Server>, visit: Visit) -> Result<Response> {
    local(&server, &visit, Spelling::Atom).await
}

/// `GET /local/feed.json`
pub(super) async fn local_json(State(server): State<Server>, visit: Visit) -> Result<Response> {
    local(&server, &visit, Spelling::Json).await
}

/// Public posts of people here, as the front page shows them.
async fn local(server: &Server, visit: &Visit, spelling: Spelling) -> Result<Response> {
    read(server, visit, spelling, move |context| {
        let listed = Listed { origins: Origins::Local, ..Listed::default() };
        let page = timeline::public(context.read, None, listed, Window::newest(limits::TIMELINE_PAGE.0))?;
        let settings = settings(context.read)?;
        let feed = Feed {
            title: &context.title(&settings),
            about: &settings.description,
            page: &context.origin.url("/"),
            address: &context.origin.url(&format!("/local{}", spelling.ending())),
            icon: None,
            posts: &context.statuses(&page.statuses)?,
        };
        Ok(spelling.write(&feed))
    })
    .await
}

/// Public posts with a hashtag.
pub(super) async fn of_tag(server: &Server, visit: &Visit, name: String, spelling: Spelling) -> Result<Response> {
    if name.is_empty() || name.len() > limits::TAG_BYTES_MAX {
        return Err(Error::NotFound);
    }
    read(server, visit, spelling, move |context| {
        let tags = Tags { tag: name.clone(), ..Tags::default() };
        let page =
            timeline::tag(context.read, None, &tags, Listed::default(), Window::newest(limits::TIMELINE_PAGE.0))?;
        let server_title = context.title(&settings(context.read)?);
        let address = context.tag_named(&name)?.url;
        let feed = Feed {
            title: &format!("#{name}"),
            about: &server_title,
            page: &address,
            address: &format!("{address}{}", spelling.ending()),
            icon: None,
            posts: &context.statuses(&page.statuses)?,
        };
        Ok(spelling.write(&feed))
    })
    .await
}

/// Reads and writes on one view, as a stranger sees it.
async fn read<F>(server: &Server, visit: &Visit, spelling: Spelling, write: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>) -> Result<String> + Send + 'static,
{
    if is_limited(server).await? {
        return Err(Error::NotFound);
    }
    let (origin, now) = (server.origin().clone(), server.now());
    let body = server.read(move |view| write(&Context::new(view, &origin, None).at(now))).await?;
    let kind = match spelling {
        Spelling::Rss => "application/rss+xml; charset=utf-8",
        Spelling::Atom => "application/atom+xml; charset=utf-8",
        Spelling::Json => "application/feed+json; charset=utf-8",
    };
    let mut response = answer::validated(&Document::new(body), kind, |tag| visit.knows(tag));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    Ok(response)
}
