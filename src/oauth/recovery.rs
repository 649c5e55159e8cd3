//! Choosing a new password by the code of a recovery sheet, without mail. The answer never says who has an account here.

use super::{draw, password::to, sign_in};
use crate::{
    error::{Error, Result},
    http::{Params, answer, exchange::Client, session::FormGuard},
    server::Server,
    user::{check_password, hash_password, recovery},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use web::{
    page::{recovery::ByCode, sign_up::Done},
    words::Words,
};

/// `GET /auth/recovery`
pub(super) async fn form(State(server): State<Server>, guard: FormGuard) -> Result<Response> {
    show(&server, &guard, guard.words, "", None)
}

/// `POST /auth/recovery`
pub(super) async fn reset(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let words = guard.words;
    let login = params.str("login").unwrap_or_default().trim().to_owned();
    let typed = params.str("code").unwrap_or_default().to_owned();
    let chosen = params.str("password").unwrap_or_default().to_owned();
    sign_in::take_guess(&server, address, &login)?;
    if let Err(Error::Invalid { why, .. }) = check_password(&chosen) {
        return show(&server, &guard, words, &login, Some(&why));
    }
    // As slow for whom there is not as for whom there is.
    let salt = server.random_bytes();
    let hashed = server.stretch(move || hash_password(&chosen, salt)).await?;
    let wanted = login.clone();
    let set = server.write(move |tx| match sign_in::find(tx, &wanted)? {
        Some(user) => recovery::reset(tx, user.account, &typed, &hashed),
        None => Ok(false),
    });
    if !set.await? {
        return show(&server, &guard, words, &login, Some(&words.say("recovery-wrong")));
    }
    server.access_cache().clear();
    Ok(to(Done::PasswordSet))
}

fn show(server: &Server, guard: &FormGuard, words: Words, login: &str, problem: Option<&str>) -> Result<Response> {
    let page = ByCode { token: guard.form_token(), login, problem };
    guard.page(server, answer::form_page(draw::by_code(server, words, &page), problem))
}
