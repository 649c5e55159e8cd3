//! Passkeys: those there are, a new one, taking one away.

use super::{
    super::{
        draw::{Found, draw},
        passkey as keys,
    },
    Outcome, answered, outcome,
};
use crate::{
    account, clock,
    error::{Error, Result},
    http::{
        challenges::Purpose,
        visit::{Form, Member, Visit, gone},
    },
    server::Server,
    user::passkey,
};
use axum::{extract::State, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use storage::{AccountId, passkey as rows};
use web::page::settings::passkeys::{self as page, Passkey, Passkeys};

const PATH: &str = "/settings/passkeys";

/// `GET /settings/passkeys`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    shown(&server, &member.visit, member.account, String::new(), None).await
}

/// `POST /settings/passkeys/challenge`: what an authenticator has to know to make a key (WebAuthn §5.4).
pub(super) async fn challenge(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let look = move |view: &storage::View<'_>| {
        let known = rows::of_account(view, own)?.into_iter();
        let known: Vec<_> = known.map(|(_, passkey)| URL_SAFE_NO_PAD.encode(&*passkey.credential)).collect();
        Ok((account::require(view, own)?.username, known))
    };
    let (name, known) = server.read(look).await?;
    Ok(keys::ask(&server, Purpose::Add(own), own, &name, &known))
}

/// `POST /settings/passkeys`: a new one, for which the password is asked, or one taken away.
pub(super) async fn change(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Some(named) = form.params.str("remove") {
        let named = named.to_owned();
        return match server.write(move |tx| passkey::remove(tx, own, &named)).await {
            // What is gone already is gone.
            Ok(()) | Err(Error::NotFound) => gone(&server, PATH, "notice-passkey-removed"),
            Err(error) => Err(error),
        };
    }
    let (name, browser) = (form.text("name").to_owned(), form.visit.browser.as_ref().ok_or(Error::Unauthorized)?);
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        return shown(&server, &form.visit, own, name, Some(why)).await;
    }
    let added = match keys::made(&server, Purpose::Add(own), &form.params) {
        Ok(made) => {
            let called = name.clone();
            server.write(move |tx| passkey::add(tx, own, &called, &made)).await
        }
        Err(error) => Err(error),
    };
    match outcome(&server, PATH, "notice-passkey-added", added)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => shown(&server, &form.visit, own, name, Some(why)).await,
    }
}

async fn shown(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: String,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let mut known = rows::of_account(context.read, own)?;
        known.sort_by_key(|(_, passkey)| std::cmp::Reverse(passkey.created_at));
        let listed = known.into_iter().map(|(digest, known)| Passkey {
            word: passkey::word(&digest),
            name: known.name,
            since: clock::iso(known.created_at),
            used: known.used_at.map(clock::iso),
        });
        let listed: Vec<_> = listed.collect();
        Ok(Found::Page(page::passkeys(
            site,
            &Passkeys { passkeys: &listed, typed: &typed, problem: problem.as_deref() },
        )))
    });
    drawn.await.map(|response| answered(response, said.as_deref()))
}
