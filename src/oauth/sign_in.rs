//! Signing in with a browser: a form that works without JavaScript, slow for guessers (SECURITY D3, D4, D8).

use super::{draw, second_step};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        auth::is_suspended,
        exchange::Client,
        rate::{Bucket, Who},
        session::{self, Browser, FormGuard, own_path},
    },
    moderation::strike,
    server::Server,
    user::verify_password,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use std::net::IpAddr;
use storage::{
    AccountId, Read, account,
    instance::{self, Registrations},
    second_factor,
    user::{self, User},
};
use web::page::entrance::SignIn;

/// The one answer to every wrong pair, whether the name exists or not.
const WRONG: &str = "This name and password do not belong together.";

/// `GET /auth/sign_in?return_to=/path`
pub(super) async fn form(
    State(server): State<Server>,
    browser: Option<Browser>,
    guard: FormGuard,
    params: Params,
) -> Result<Response> {
    let return_to = own_path(params.str("return_to"));
    if browser.is_some() {
        return Ok(Redirect::to(return_to).into_response());
    }
    show(&server, &guard, return_to, "", None).await
}

/// The form, with what was typed and why it did not work.
pub(super) async fn show(
    server: &Server,
    guard: &FormGuard,
    return_to: &str,
    login: &str,
    problem: Option<&str>,
) -> Result<Response> {
    let settings = server.read(|view| Ok(instance::settings(view)?)).await?;
    let may_sign_up = settings.registrations != Registrations::Closed;
    let page = SignIn { token: guard.form_token(), return_to, login, problem, may_sign_up };
    guard.page(server, answer::form_page(draw::sign_in(server, guard.words, &page), problem))
}

/// `POST /auth/sign_in`
pub(super) async fn sign_in(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let login = params.str("login").unwrap_or_default().trim().to_owned();
    let password = params.str("password").unwrap_or_default().to_owned();
    let return_to = own_path(params.str("return_to")).to_owned();
    take_guess(&server, address, &login)?;
    let wanted = login.clone();
    let found = server.read(move |view| {
        let Some(user) = find(view, &wanted)? else { return Ok(None) };
        let suspended = is_suspended(view, user.account)?;
        let judged = !strike::of(view, user.account)?.is_empty();
        let owes_code = second_factor::find(view, user.account)?.is_some();
        Ok(Some((user, suspended, judged, owes_code)))
    });
    let found = found.await?;
    let stored = found.as_ref().map(|(user, ..)| user.password_hash.clone());
    let right = server.stretch(move || verify_password(&password, stored.as_deref())).await?;
    let Some((user, suspended, judged, owes_code)) = found.filter(|_| right) else {
        return show(&server, &guard, &return_to, &login, Some(WRONG)).await;
    };
    // Whom moderators keep out may still read why, and appeal.
    let kept_out = judged && (suspended || user.disabled) && !user.is_waiting();
    let (account, return_to) = match allowed(&user, suspended) {
        _ if kept_out => (user.account, "/disputes/strikes".to_owned()),
        Err(why) => return show(&server, &guard, &return_to, &login, Some(why)).await,
        Ok(account) => (account, return_to),
    };
    if owes_code {
        return second_step::begin(&server, account, &return_to).await;
    }
    let cookie = session::begin(&server, account, &headers).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&return_to)).into_response())
}

/// `POST /auth/sign_out`
pub(super) async fn sign_out(State(server): State<Server>, headers: HeaderMap, params: Params) -> Result<Response> {
    let browser = session::find_bearer(&server, &headers).await?.ok_or(Error::Forbidden("Please sign in first"))?;
    browser.accept(&server, &headers, &params)?;
    let cookie = browser.end(&server).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Takes one attempt to come in out of what an address and a name have.
pub(super) fn take_guess(server: &Server, address: IpAddr, login: &str) -> Result<()> {
    let now = server.now();
    server.rates().take(Bucket::SignInAddress, Who::address(address), now)?;
    // One person, however their name is written.
    let name = login.trim_start_matches('@').replace('\0', "").to_lowercase();
    server.rates().take(Bucket::SignInName, Who::named(&name), now)?;
    Ok(())
}

/// By e-mail address, or by the account's name.
pub(super) fn find(read: &dyn Read, login: &str) -> Result<Option<User>> {
    if login.trim_start_matches('@').contains('@') {
        return Ok(user::find_by_email(read, login)?);
    }
    let Some(account) = account::holder_of(read, login.trim_start_matches('@'))? else { return Ok(None) };
    Ok(user::find(read, account)?)
}

/// Told only to whoever knows the password.
pub(super) fn allowed(user: &User, suspended: bool) -> std::result::Result<AccountId, &'static str> {
    if suspended {
        return Err("This account is suspended.");
    }
    if user.disabled {
        return Err("This user is disabled.");
    }
    if user.confirmed_at.is_none() {
        return Err("The e-mail address is not confirmed yet.");
    }
    if !user.approved {
        return Err("Nobody who looks after this server has let you in yet.");
    }
    Ok(user.account)
}
