//! Choosing the language of pages: kept in the browser, and with the account of whoever is signed in.

use super::draw::{Found, draw_for_anybody};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        session::{FormGuard, own_path},
        visit::{self, Visit},
    },
    server::Server,
    user,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use web::{page::language, words::Words};

/// `GET /language`
pub(super) async fn form(
    State(server): State<Server>,
    visit: Visit,
    guard: FormGuard,
    params: Params,
) -> Result<Response> {
    let token = guard.form_token().to_owned();
    let back = own_path(params.str("return_to")).to_owned();
    let drawn =
        draw_for_anybody(&server, &visit, move |_, site| Ok(Found::Page(language::language(site, &token, &back))));
    let mut page = drawn.await?;
    // It holds a token of this browser.
    answer::uncached(page.headers_mut());
    guard.page(&server, page)
}

/// `POST /language`
pub(super) async fn choose(
    State(server): State<Server>,
    visit: Visit,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let unknown = || Error::invalid("language", "this server has no such language");
    let words = Words::in_language(params.str("language").unwrap_or_default()).ok_or_else(unknown)?;
    if let Some(account) = visit.account() {
        server.write(move |tx| user::choose_locale(tx, account, words.tag())).await?;
    }
    let cookie = visit::language_cookie(&server, words)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(own_path(params.str("return_to")))).into_response())
}
