//! Choosing another password: by a link sent by mail, or with the old one. What is told never says whether an address is
//! known here.

use super::{confirmation::stale, draw};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        exchange::Client,
        rate::{Bucket, Who},
        session::{self, Browser, FormGuard},
    },
    server::Server,
    user::{
        check_password, hash_password, password,
        sign_up::{canonical_email, require_link},
    },
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use storage::{SecretHash, account, mail_link::Purpose, user};
use web::{page::sign_up::Done, words::Words};

pub(super) fn to(done: Done) -> Response {
    Redirect::to(&format!("/auth/done?what={}", done.word())).into_response()
}

/// `GET /auth/password/new`
pub(super) async fn forgotten(State(server): State<Server>, guard: FormGuard) -> Result<Response> {
    guard.page(&server, draw::forgotten(&server, guard.words, guard.form_token()))
}

/// `POST /auth/password`
pub(super) async fn ask(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let email = params.require("email")?.trim().to_lowercase();
    let now = server.now();
    server.rates().take(Bucket::SignInAddress, Who::address(address), now)?;
    server.rates().take(Bucket::Mail, Who::named(&canonical_email(&email)), now)?;
    if server.config().mail.is_none() {
        return Err(Error::Forbidden("This server sends no mail"));
    }
    server.write(move |tx| password::ask(tx, &email)).await?;
    Ok(to(Done::ResetAsked))
}

/// `GET /auth/password/edit?reset_password_token=…`
pub(super) async fn form(State(server): State<Server>, guard: FormGuard, params: Params) -> Result<Response> {
    let secret = params.require("reset_password_token")?;
    let (hash, now) = (SecretHash::of(secret), server.now());
    match server.read(move |view| require_link(view, hash, Purpose::ResetPassword, now)).await {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        found => found?,
    };
    guard.page(&server, draw::choose_password(&server, guard.words, guard.form_token(), secret, None))
}

/// `POST /auth/password/edit`
pub(super) async fn reset(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    server.rates().take(Bucket::SignInAddress, Who::address(address), server.now())?;
    let secret = params.require("reset_password_token")?;
    let chosen = params.str("password").unwrap_or_default().to_owned();
    if let Err(Error::Invalid { why, .. }) = check_password(&chosen) {
        let page = draw::choose_password(&server, guard.words, guard.form_token(), secret, Some(&why));
        return Ok(answer::form_page(page, Some(&why)));
    }
    let (hash, salt) = (SecretHash::of(secret), server.random_bytes());
    let hashed = server.stretch(move || hash_password(&chosen, salt)).await?;
    match server.write(move |tx| password::reset(tx, hash, &hashed)).await {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        outcome => outcome?,
    };
    server.access_cache().clear();
    Ok(to(Done::PasswordSet))
}

/// `GET /auth/edit`
pub(super) async fn change_form(
    State(server): State<Server>,
    browser: Option<Browser>,
    guard: FormGuard,
) -> Result<Response> {
    let Some(browser) = browser else {
        return Ok(Redirect::to("/auth/sign_in?return_to=/auth/edit").into_response());
    };
    show_change(&server, guard.words, &browser, None).await
}

async fn show_change(server: &Server, words: Words, browser: &Browser, problem: Option<&str>) -> Result<Response> {
    let own = browser.account;
    let account = server.read(move |view| account::find(view, own)?.ok_or(Error::NotFound)).await?;
    let response = draw::change_password(server, words, &browser.form_token(), &account.username, problem);
    Ok(answer::form_page(response, problem))
}

/// `POST /auth/edit`
pub(super) async fn change(
    State(server): State<Server>,
    browser: Browser,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    browser.accept(&server, &headers, &params)?;
    let own = browser.account;
    if !browser.knows_password(&server, params.str("current_password").unwrap_or_default()).await? {
        return show_change(&server, guard.words, &browser, Some("This is not your current password.")).await;
    }
    let chosen = params.str("password").unwrap_or_default().to_owned();
    if let Err(Error::Invalid { why, .. }) = check_password(&chosen) {
        return show_change(&server, guard.words, &browser, Some(&why)).await;
    }
    let salt = server.random_bytes();
    let hashed = server.stretch(move || hash_password(&chosen, salt)).await?;
    let set = server.write(move |tx| {
        let user = user::find(tx, own)?.ok_or(Error::NotFound)?;
        password::change(tx, user, &hashed)
    });
    set.await?;
    server.access_cache().clear();
    let cookie = session::begin(&server, own, &headers).await?;
    Ok(([(SET_COOKIE, cookie)], to(Done::PasswordSet)).into_response())
}

/// `GET /.well-known/change-password` (W3C, a well-known URL for changing passwords).
pub(super) async fn well_known() -> Redirect {
    Redirect::temporary("/auth/edit")
}
