//! The first run: whoever holds the one-time link becomes the owner (DESIGN §8, §11), and goes on to `people_step`.

use super::{name, passkey};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        challenges::Purpose,
        exchange::Client,
        rate::{Bucket, Who},
        session::{self, FormGuard},
    },
    operate::naming,
    server::Server,
    user::{self, NewUser, Username, webauthn},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use storage::{AccountId, Tx, user::Role};
use web::{
    page::entrance::{self, FirstRun},
    words::Words,
};

/// `GET /first-run?code=…`: a name first, while there is none; then who owns it.
pub(super) async fn form(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    let code = require_code(&server, &params)?;
    if params.str("step") != Some("you") && naming::is_open(&server).await? {
        return name::show(&server, &guard, &headers, code).await;
    }
    show(&server, &guard, code, &params, None)
}

/// `POST /first-run`
pub(super) async fn create(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    server.rates().take(Bucket::SignInAddress, Who::address(address), server.now())?;
    guard.accept(&server, &headers, &params)?;
    let code = require_code(&server, &params)?;
    match make_owner(&server, &params, guard.words).await {
        Ok(account) => {
            server.owner_link().close();
            let cookie = session::begin(&server, account, &headers).await?;
            Ok(([(SET_COOKIE, cookie)], Redirect::to("/first-run/people")).into_response())
        }
        Err(Error::Invalid { why, .. }) => show(&server, &guard, code, &params, Some(&why)),
        Err(other) => Err(other),
    }
}

/// `POST /first-run/passkey/challenge`: a passkey carries the number of its account, so one is set apart for the owner.
pub(super) async fn challenge(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    require_code(&server, &params)?;
    server.rates().take(Bucket::SignInAddress, Who::address(address), server.now())?;
    let username = Username::parse(params.str("username").unwrap_or_default())?;
    let account: AccountId = server.write(|tx| Ok(tx.next_id())).await?;
    Ok(passkey::ask(&server, Purpose::First(account), account, username.as_str(), &[]))
}

/// What the owner comes in with.
enum Entry {
    Password(String),
    Passkey(AccountId, webauthn::Made),
}

async fn make_owner(server: &Server, params: &Params, words: Words) -> Result<AccountId> {
    let username = Username::parse(params.str("username").unwrap_or_default())?;
    let email = params.str("email").unwrap_or_default().to_owned();
    let recovery = params.str("recovery").map(str::to_owned);
    let entry = if params.str("attestation").is_some_and(|text| !text.is_empty()) {
        if recovery.is_none() {
            return Err(Error::invalid("recovery", "recovery code is not what the page showed"));
        }
        let account = passkey::holder(params)?;
        Entry::Passkey(account, passkey::made(server, Purpose::First(account), params)?)
    } else {
        let (password, salt) = (params.str("password").unwrap_or_default().to_owned(), server.random_bytes());
        Entry::Password(server.stretch(move || user::hash_password(&password, salt)).await?)
    };
    let password_hash = match &entry {
        Entry::Password(hash) => hash.clone(),
        Entry::Passkey(..) => String::new(),
    };
    let keys = server.make_keys().await?;
    let locale = words.tag().to_owned();
    let new = NewUser { username, email, password_hash, role: Role::Owner, keys, locale, created_by: None };
    let make = move |tx: &mut Tx<'_>| {
        let account = match &entry {
            Entry::Password(_) => user::create_first_owner(tx, &new)?,
            Entry::Passkey(account, made) => {
                user::create_first_owner_as(tx, *account, &new)?;
                user::passkey::add(tx, *account, "", made)?;
                *account
            }
        };
        if let Some(typed) = &recovery {
            user::recovery::keep(tx, account, typed)?;
        }
        Ok(account)
    };
    server.write(make).await
}

/// The code of the request while it holds; afterwards this page does not exist.
pub(super) fn require_code<'a>(server: &Server, params: &'a Params) -> Result<&'a str> {
    params.str("code").filter(|code| server.owner_link().admits(code, server.now())).ok_or(Error::NotFound)
}

fn show(server: &Server, guard: &FormGuard, code: &str, params: &Params, problem: Option<&str>) -> Result<Response> {
    // What was shown once is shown again until there is an owner.
    let fresh = user::code::fresh_recovery(server.random_bytes());
    let page = FirstRun {
        token: guard.form_token(),
        code,
        domain: server.origin().handle_domain(),
        username: params.str("username").unwrap_or_default(),
        email: params.str("email").unwrap_or_default(),
        recovery: params.str("recovery").unwrap_or(&fresh),
        problem,
    };
    let (site, title) = (name::site(server, guard), guard.words.say("naming-title"));
    let response = answer::private_page(entrance::scripted(&site, &title, &entrance::first_run(guard.words, &page)));
    guard.page(server, answer::form_page(response, problem))
}
