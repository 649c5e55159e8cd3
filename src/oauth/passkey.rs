//! Signing in with a passkey instead of name and password. Its authenticator has recognised the person, so nobody is asked
//! for a second step.

use super::sign_in;
use crate::{
    error::{Error, Result},
    http::{
        Params,
        auth::is_suspended,
        challenges::{Challenge, Purpose},
        exchange::Client,
        json,
        rate::{Bucket, Who},
        session::{self, FormGuard, own_path},
    },
    server::Server,
    user::{
        passkey,
        webauthn::{self, Known, Party, Used},
    },
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header::SET_COOKIE};
use std::borrow::Cow;
use storage::{AccountId, SecretHash, passkey as rows, user};

/// `POST /auth/passkey/challenge`: what a passkey is to sign, for the form of this browser alone.
pub(super) async fn challenge(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let now = server.now();
    server.rates().take(Bucket::SignInAddress, Who::address(address), now)?;
    let challenge: Challenge = server.random_bytes();
    server.challenges().give(challenge, purpose(&guard), now);
    let party = server.origin().host();
    Ok(json(&serde_json::json!({ "challenge": URL_SAFE_NO_PAD.encode(challenge), "party": party })))
}

/// `POST /auth/passkey`
pub(super) async fn enter(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let return_to = own_path(params.str("return_to"));
    server.rates().take(Bucket::SignInAddress, Who::address(address), server.now())?;
    let why = match entered(&server, &guard, &params).await {
        Ok(Ok(account)) => {
            let cookie = session::begin(&server, account, &headers).await?;
            return Ok(([(SET_COOKIE, cookie)], Redirect::to(return_to)).into_response());
        }
        Ok(Err(why)) => Cow::Borrowed(why),
        // What it was that is wrong helps nobody but whoever tries.
        Err(Error::Invalid { why, .. }) => {
            tracing::debug!(%why, "a passkey was refused");
            guard.words.say("passkey-wrong")
        }
        Err(Error::NotFound) => guard.words.say("passkey-wrong"),
        Err(error) => return Err(error),
    };
    sign_in::show(&server, &guard, return_to, "", Some(&why)).await
}

/// Who came in, or why they may not.
async fn entered(
    server: &Server,
    guard: &FormGuard,
    params: &Params,
) -> Result<std::result::Result<AccountId, &'static str>> {
    let bytes = |name: &'static str| {
        let decoded = URL_SAFE_NO_PAD.decode(params.require(name)?);
        decoded.map_err(|_| Error::invalid("passkey", format!("{name} is no base64")))
    };
    let holder: [u8; 8] = bytes("user")?.try_into().map_err(|_| Error::invalid("passkey", "user is none of ours"))?;
    let account = AccountId(u64::from_be_bytes(holder));
    let (credential, client_data) = (bytes("credential")?, bytes("client_data")?);
    let (authenticator_data, signature) = (bytes("authenticator_data")?, bytes("signature")?);
    if !server.challenges().take(&webauthn::challenge(&client_data)?, purpose(guard), server.now()) {
        return Err(Error::invalid("passkey", "the challenge is over"));
    }
    let named = credential.clone();
    let found = server.read(move |view| {
        let Some(user) = user::find(view, account)? else { return Ok(None) };
        let suspended = is_suspended(view, account)?;
        Ok(rows::find(view, account, &named)?.map(|passkey| (user, suspended, passkey)))
    });
    let (user, suspended, passkey) = found.await?.ok_or(Error::NotFound)?;
    let party = Party { id: server.origin().host(), origin: server.origin().as_str() };
    let known = Known { key: &passkey.key, counter: passkey.counter, may_be_copied: passkey.may_be_copied };
    let said = Used { client_data: &client_data, authenticator_data: &authenticator_data, signature: &signature };
    let counter = webauthn::used(party, known, said)?;
    let account = match sign_in::allowed(&user, suspended) {
        Ok(account) => account,
        Err(why) => return Ok(Err(why)),
    };
    let before = passkey.counter;
    server.write(move |tx| passkey::enter(tx, account, &credential, before, counter)).await?;
    Ok(Ok(account))
}

fn purpose(guard: &FormGuard) -> Purpose {
    Purpose::Enter(SecretHash::of(guard.form_token()))
}
