//! From a handler to a page: reading the store and drawing in one go, off the async workers.

use crate::{
    error::Result,
    http::{answer, auth::is_limited, session::Browser},
    present::Context,
    server::Server,
};
use axum::response::{IntoResponse, Redirect, Response};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, VARY},
};
use storage::{account, instance::settings};
use web::layout::{Site, Viewer};

/// What a handler found.
pub(super) enum Found {
    /// A whole page.
    Page(String),
    /// It is somewhere else.
    Elsewhere(String),
}

/// Reads and draws on one consistent view what people write, for whoever may see it: while federation is limited only who
/// is signed in, as everybody else is sent to where one signs in.
pub(super) async fn draw<F>(server: &Server, browser: Option<&Browser>, draw: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    if browser.is_none() && is_limited(server).await? {
        return Ok(Redirect::to("/auth/sign_in").into_response());
    }
    draw_for_anybody(server, browser, draw).await
}

/// Reads and draws on one consistent view what everybody may see.
pub(super) async fn draw_for_anybody<F>(server: &Server, browser: Option<&Browser>, draw: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    let (origin, lab, now) = (server.origin().clone(), server.reach().is_lab(), server.now());
    let viewer = browser.map(|browser| (browser.account, browser.form_token()));
    let found = server
        .read(move |view| {
            let context = Context::new(view, &origin, viewer.as_ref().map(|(id, _)| *id)).at(now);
            let title = context.title(&settings(view)?);
            let account = match &viewer {
                Some((id, _)) => account::find(view, *id)?,
                None => None,
            };
            let viewer = account.as_ref().zip(viewer.as_ref());
            let viewer = viewer.map(|(account, (_, token))| Viewer { username: &account.username, form_token: token });
            draw(&context, &Site { title: &title, viewer, ..answer::site(&origin, lab) })
        })
        .await?;
    let mut response = match found {
        Found::Page(document) => answer::html(document),
        Found::Elsewhere(url) => Redirect::to(&url).into_response(),
    };
    let headers = response.headers_mut();
    // What a guest sees may stand in a cache before this server for a moment, never in the browser: it may sign in.
    let kept = if browser.is_some() { "private, no-store" } else { "public, max-age=0, s-maxage=15" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static("Accept, Cookie"));
    Ok(response)
}
