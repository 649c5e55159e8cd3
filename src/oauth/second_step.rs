//! The second step of signing in, for whoever has turned two-factor authentication on: between the right password and the
//! session lies a code. What is remembered of the password is a row behind a cookie of its own, which opens nothing else.

use super::draw;
use crate::{
    error::Result,
    http::{
        Params, answer,
        exchange::Client,
        rate::{Bucket, Who},
        session::{self, FormGuard, own_path},
        visit,
    },
    limits,
    server::Server,
    user::second_factor::{self, Passage},
};
use axum::{
    extract::State,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use storage::{AccountId, SecretHash, second_factor::SECOND_STEPS};
use web::{page::second_step::SecondStep, words::Words};

const COOKIE: &str = "second_step";

/// Somebody whose password was right goes on here; durable when it returns.
pub(super) async fn begin(server: &Server, account: AccountId, return_to: &str) -> Result<Response> {
    let secret = server.secret();
    let hash = SecretHash::of(&secret);
    server.write(move |tx| second_factor::owe_code(tx, account, hash)).await?;
    let cookie = session::cookie(server, COOKIE, &format!("{account}.{secret}"), limits::SECOND_STEP_MS / 1_000)?;
    let back = utf8_percent_encode(return_to, NON_ALPHANUMERIC);
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&format!("/auth/second_step?return_to={back}"))).into_response())
}

/// `GET /auth/second_step?return_to=/path`
pub(super) async fn form(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    let return_to = own_path(params.str("return_to"));
    if half_signed_in(&server, &headers).is_none() {
        return Ok(visit::sign_in(return_to));
    }
    show(&server, &guard, guard.words, return_to, None)
}

/// `POST /auth/second_step`
pub(super) async fn pass(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let return_to = own_path(params.str("return_to"));
    let Some((account, browser)) = half_signed_in(&server, &headers) else { return Ok(visit::sign_in(return_to)) };
    let now = server.now();
    server.rates().take(Bucket::SignInAddress, Who::address(address), now)?;
    // Whoever has not given the password takes none of the guesses of whoever has.
    if !server.read(move |view| Ok(SECOND_STEPS.contains(view, &(account, browser))?)).await? {
        return over(&server, return_to);
    }
    // No name that somebody types to sign in begins with a blank.
    server.rates().take(Bucket::SignInName, Who::named(&format!(" second step {account}")), now)?;
    let typed = params.str("code").unwrap_or_default().to_owned();
    let words = guard.words;
    match server.write(move |tx| second_factor::pass(tx, account, browser, &typed)).await? {
        Passage::Open => {
            let signed_in = session::begin(&server, account, &headers).await?;
            let cookies =
                AppendHeaders([(SET_COOKIE, signed_in), (SET_COOKIE, session::cookie(&server, COOKIE, "", 0)?)]);
            Ok((cookies, Redirect::to(return_to)).into_response())
        }
        Passage::Wrong => show(&server, &guard, words, return_to, Some(&words.say("second-step-wrong"))),
        Passage::Over => over(&server, return_to),
    }
}

/// Back to where the password is given.
fn over(server: &Server, return_to: &str) -> Result<Response> {
    let mut response = visit::sign_in(return_to);
    response.headers_mut().append(SET_COOKIE, session::cookie(server, COOKIE, "", 0)?);
    Ok(response)
}

/// Whose password was given in this browser, as its cookie says; whether it is so the store knows.
fn half_signed_in(server: &Server, headers: &HeaderMap) -> Option<(AccountId, SecretHash)> {
    let value = session::value_of(server, headers, COOKIE)?;
    let (account, secret) = value.split_once('.')?;
    Some((account.parse().ok()?, SecretHash::of(secret)))
}

fn show(server: &Server, guard: &FormGuard, words: Words, return_to: &str, problem: Option<&str>) -> Result<Response> {
    let page = SecondStep { token: guard.form_token(), return_to, problem };
    guard.page(server, answer::form_page(draw::second_step(server, words, &page), problem))
}
