//! Confirming an e-mail address: the page behind the link of a letter, and what apps ask about it (client API, emails).

use super::draw;
use crate::{
    error::{Error, Result},
    http::{
        Json, Params, answer,
        auth::{Access, Standing},
        rate::{Bucket, Who},
        session::FormGuard,
    },
    server::Server,
    user::{
        email,
        sign_up::{self, canonical_email, confirm_again, require_link},
    },
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use storage::{SecretHash, mail_link::Purpose, user};
use web::{page::sign_up::Done, words::Words};

/// `GET /auth/confirmation?confirmation_token=…`: a button and no more, since programs follow links of letters, too.
pub(super) async fn form(State(server): State<Server>, guard: FormGuard, params: Params) -> Result<Response> {
    let secret = params.require("confirmation_token")?;
    let (hash, now) = (SecretHash::of(secret), server.now());
    let found = server.read(move |view| require_link(view, hash, Purpose::Confirm, now)).await;
    let user = match found {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        found => found?,
    };
    guard.page(&server, draw::confirm(&server, guard.words, guard.form_token(), secret, &user.email))
}

/// A page that says that a link does not hold.
pub(super) fn stale(server: &Server, words: Words) -> Response {
    let mut response = draw::stale_link(server, words);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// `POST /auth/confirmation`
pub(super) async fn confirm(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let hash = SecretHash::of(params.require("confirmation_token")?);
    let user = match server.write(move |tx| sign_up::confirm(tx, hash)).await {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        confirmed => confirmed?,
    };
    server.access_cache().clear();
    let done = if user.approved { Done::Confirmed } else { Done::Waiting };
    Ok(Redirect::to(&format!("/auth/done?what={}", done.word())).into_response())
}

/// `GET /auth/email?token=…`: the same for an address that letters are to go to.
pub(super) async fn form_of_email(State(server): State<Server>, guard: FormGuard, params: Params) -> Result<Response> {
    let secret = params.require("token")?;
    let (hash, now) = (SecretHash::of(secret), server.now());
    let (_, wanted) = match server.read(move |view| email::require_wanted(view, hash, now)).await {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        found => found?,
    };
    let words = guard.words;
    guard.page(&server, draw::confirm_email(&server, words, guard.form_token(), secret, &wanted))
}

/// `POST /auth/email`
pub(super) async fn confirm_email(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let hash = SecretHash::of(params.require("token")?);
    match server.write(move |tx| email::confirm(tx, hash)).await {
        Err(Error::NotFound) => return Ok(stale(&server, guard.words)),
        confirmed => confirmed?,
    }
    Ok(Redirect::to(&format!("/auth/done?what={}", Done::EmailChanged.word())).into_response())
}

/// `GET /auth/done?what=…`
pub(super) async fn done(State(server): State<Server>, guard: FormGuard, params: Params) -> Result<Response> {
    let done = params.str("what").and_then(Done::of).ok_or(Error::NotFound)?;
    Ok(draw::done(&server, guard.words, done))
}

/// `POST /api/v1/emails/confirmations`: the letter once more, perhaps to another address.
pub(super) async fn again(State(server): State<Server>, access: Access, params: Params) -> Result<Response> {
    access.require("write:accounts")?;
    let account = access.account.ok_or(Error::Forbidden("This method requires an authenticated user"))?;
    if access.standing == Standing::Disabled {
        return Err(Error::Forbidden("Your login is currently disabled"));
    }
    if server.config().mail.is_none() {
        return Err(Error::invalid("email", "this server sends no mail"));
    }
    let (application, email) = (access.application, params.str("email").map(str::to_owned));
    let typed = email.clone().filter(|email| !email.trim().is_empty());
    let to = server.read(move |view| Ok(typed.or(user::find(view, account)?.map(|user| user.email)))).await?;
    // Letters to one address, whoever asks for them and however it is written.
    server.rates().take(Bucket::Mail, Who::named(&canonical_email(&to.unwrap_or_default())), server.now())?;
    server
        .write(move |tx| {
            let user = user::find(tx, account)?.ok_or(Error::NotFound)?;
            if user.created_by != Some(application) {
                return Err(Error::Forbidden(
                    "This method is only available to the application the user originally signed-up with",
                ));
            }
            confirm_again(tx, account, email.as_deref())
        })
        .await?;
    Ok(answer::empty())
}

/// `GET /api/v1/emails/check_confirmation`
pub(super) async fn check(State(server): State<Server>, access: Access) -> Result<Json<bool>> {
    access.require("read:accounts")?;
    let account = access.account.ok_or(Error::Forbidden("This method requires an authenticated user"))?;
    // As it is now, not as it was remembered.
    let confirmed =
        server.read(move |view| Ok(user::find(view, account)?.is_some_and(|user| user.confirmed_at.is_some())));
    confirmed.await.map(Json)
}
