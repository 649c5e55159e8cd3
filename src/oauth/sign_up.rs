//! Signing up, through an application (client API, accounts#create) and by a form.

use super::{draw, token::given};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        auth::Access,
        exchange::Client,
        negotiate::{Shape, shape},
        session::FormGuard,
    },
    present::instance::{registrations, rules},
    server::Server,
    user::{
        self, NewUser, Username, invite,
        sign_up::{self, Asked, Newcomer, Outcome, Proof, Wrong},
    },
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use std::net::IpAddr;
use storage::{
    AccountId, ApplicationId, SecretHash, Tx, account, instance,
    oauth::{self, Token},
    user::{Role, find},
};
use web::{
    page::sign_up::{Done, Invited, SignUp},
    words::Words,
};

/// `POST /api/v1/accounts`: a token of the new user, who may do little with it until their address is confirmed and they
/// are let in.
pub(super) async fn by_application(
    State(server): State<Server>,
    access: Access,
    Client(address): Client,
    params: Params,
) -> Result<Response> {
    access.require("write:accounts")?;
    let prepared = prepare(&server, &params, address, Some(access.application), Words::default()).await?;
    let newcomer = match prepared {
        Ok(newcomer) => newcomer,
        Err(wrong) => return Ok(refused(&wrong)),
    };
    let secret = server.secret();
    let (hash, application) = (SecretHash::of(&secret), access.application);
    let made = server.write(move |tx| {
        let account = match sign_up::create(tx, &newcomer)? {
            Outcome::Made(account) => account,
            Outcome::Refused(wrong) => return Ok(Err(wrong)),
        };
        give(tx, application, account, hash).map(Ok)
    });
    Ok(match made.await? {
        Ok(token) => given(secret, token.scopes, token.created_at),
        Err(wrong) => refused(&wrong),
    })
}

/// A token of everything the application may ask for.
fn give(tx: &mut Tx<'_>, application: ApplicationId, account: AccountId, hash: SecretHash) -> Result<Token> {
    let known = oauth::APPLICATIONS.get(tx, &application)?.ok_or(Error::Unauthorized)?;
    let token =
        Token { id: tx.next_id(), application, account: Some(account), scopes: known.scopes, created_at: tx.now() };
    oauth::put_token(tx, hash, &token);
    Ok(token)
}

/// `GET /auth/sign_up`
pub(super) async fn form(State(server): State<Server>, guard: FormGuard) -> Result<Response> {
    show(&server, &guard, &Params::default(), "", None).await
}

/// `GET /invite/CODE`: the form, for whoever was invited; for apps, where they sign up by it.
///
/// Source: Mastodon 4.4, `Api::V1::InvitesController`.
pub(super) async fn invited(
    State(server): State<Server>,
    Path(code): Path<String>,
    guard: FormGuard,
    headers: HeaderMap,
) -> Result<Response> {
    let (looked_for, now) = (code.clone(), server.now());
    let holds = server.read(move |view| Ok(invite::valid(view, &looked_for, now)?.is_some())).await?;
    if shape(&headers) != Shape::Html {
        let words = "This invite is not valid";
        let known = json!({ "invite_code": code, "instance_api_url": server.origin().url("/api/v2/instance") });
        return Ok(if holds { crate::http::json(&known) } else { answer::refuse(StatusCode::UNAUTHORIZED, words) });
    }
    if !holds {
        return uninvited(&server, guard.words).await;
    }
    show(&server, &guard, &Params::default(), &code, None).await
}

/// A page that says that an invite holds no more.
async fn uninvited(server: &Server, words: Words) -> Result<Response> {
    let settings = server.read(|view| Ok(instance::settings(view)?)).await?;
    let mut page = draw::uninvited(server, words, registrations(&settings).enabled);
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}

/// `POST /auth/sign_up`
pub(super) async fn by_form(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    guard.accept(&server, &headers, &params)?;
    let code = params.str("invite_code").unwrap_or_default().trim().to_owned();
    let (looked_for, now) = (code.clone(), server.now());
    if !code.is_empty() && server.read(move |view| Ok(invite::valid(view, &looked_for, now)?.is_none())).await? {
        return uninvited(&server, guard.words).await;
    }
    let made = match prepare(&server, &params, address, None, guard.words).await? {
        Ok(newcomer) => {
            let recovery = params.str("recovery").map(str::to_owned);
            let create = move |tx: &mut Tx<'_>| match sign_up::create(tx, &newcomer)? {
                Outcome::Made(account) => {
                    if let Some(typed) = &recovery {
                        user::recovery::keep(tx, account, typed)?;
                    }
                    Ok(Ok(find(tx, account)?.ok_or(Error::NotFound)?))
                }
                Outcome::Refused(wrong) => Ok(Err(wrong)),
            };
            server.write(create).await?
        }
        Err(wrong) => Err(wrong),
    };
    let user = match made {
        Ok(user) => user,
        Err(wrong) => return show(&server, &guard, &params, &code, Some(&told(guard.words, &wrong))).await,
    };
    let done = match (user.confirmed_at, user.approved) {
        (None, _) => Done::CheckMail,
        (Some(_), false) => Done::Waiting,
        (Some(_), true) => Done::Welcome,
    };
    Ok(Redirect::to(&format!("/auth/done?what={}", done.word())).into_response())
}

/// Looks at what was sent, and does what is slow before the commit: password and keys.
async fn prepare(
    server: &Server,
    params: &Params,
    from: IpAddr,
    created_by: Option<ApplicationId>,
    words: Words,
) -> Result<std::result::Result<Newcomer, Vec<Wrong>>> {
    let text = |name: &str| params.str(name).unwrap_or_default().to_owned();
    let asked = Asked {
        username: text("username"),
        email: text("email").trim().to_owned(),
        password: text("password"),
        agreement: params.bool("agreement") == Some(true),
        locale: text("locale"),
        reason: text("reason"),
        date_of_birth: text("date_of_birth"),
        invite: text("invite_code").trim().to_owned(),
        from,
    };
    let (looked_at, now) = (asked.clone(), server.now());
    let wrong = server.read(move |view| sign_up::examine(view, &looked_at, now)).await?;
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let username = Username::parse(&asked.username)?;
    let (password, salt) = (asked.password.clone(), server.random_bytes());
    let password_hash = server.stretch(move || user::hash_password(&password, salt)).await?;
    let new = NewUser {
        username,
        email: asked.email.clone(),
        password_hash,
        role: Role::User,
        keys: server.make_keys().await?,
        locale: if asked.locale.is_empty() { words.tag().to_owned() } else { asked.locale.clone() },
        created_by,
    };
    let proof = if server.config().mail.is_some() { Proof::ByMail } else { Proof::None };
    Ok(Ok(Newcomer { new, asked, proof }))
}

async fn show(
    server: &Server,
    guard: &FormGuard,
    params: &Params,
    code: &str,
    problem: Option<&str>,
) -> Result<Response> {
    let (code, now) = (code.to_owned(), server.now());
    let read = server.read(move |view| {
        let by = invite::valid(view, &code, now)?.map(|(_, known)| known.account);
        let by = by.map(|by| account::find(view, by)).transpose()?.flatten();
        Ok((instance::settings(view)?, by.map(|by| (code, by.username))))
    });
    let (settings, invited) = read.await?;
    let entry = registrations(&settings);
    if !entry.enabled && invited.is_none() {
        // The front page says why.
        return Ok(Redirect::to("/").into_response());
    }
    let rules = rules(&settings);
    // What was shown once is shown again until there is a user.
    let fresh = user::code::fresh_recovery(server.random_bytes());
    let page = SignUp {
        token: guard.form_token(),
        domain: server.origin().handle_domain(),
        rules: &rules,
        invited: invited.as_ref().map(|(code, by)| Invited { code, by }),
        approval: entry.approval_required && invited.is_none(),
        reason_required: entry.reason_required,
        min_age: entry.min_age,
        username: params.str("username").unwrap_or_default(),
        email: params.str("email").unwrap_or_default(),
        reason: params.str("reason").unwrap_or_default(),
        date_of_birth: params.str("date_of_birth").unwrap_or_default(),
        recovery: params.str("recovery").unwrap_or(&fresh),
        problem,
    };
    guard.page(server, answer::form_page(draw::sign_up(server, guard.words, &page), problem))
}

/// All that is wrong, in the language of the page where it has words for that.
fn told(words: Words, wrong: &[Wrong]) -> String {
    let one = |one: &Wrong| {
        let why = format!("{} {}", one.field, one.why);
        match words.refusal(&why) {
            known if known != why => known.into_owned(),
            _ => sentence(std::slice::from_ref(one)),
        }
    };
    wrong.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// All that is wrong, as one sentence with the names of the fields.
fn sentence(wrong: &[Wrong]) -> String {
    let named = |one: &Wrong| {
        let name = match one.field {
            "username" => "Username",
            "email" => "E-mail address",
            "password" => "Password",
            "agreement" => "Service agreement",
            "locale" => "Locale",
            "reason" => "Reason",
            "date_of_birth" => "Date of birth",
            other => other,
        };
        format!("{name} {}", one.why)
    };
    wrong.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// The same as apps read it (client API, accounts#create, 422).
fn refused(wrong: &[Wrong]) -> Response {
    let mut details: Map<String, Value> = Map::new();
    for one in wrong {
        let said = json!({ "error": one.fault.code(), "description": one.why });
        match details.get_mut(one.field) {
            Some(Value::Array(list)) => list.push(said),
            _ => {
                details.insert(one.field.to_owned(), json!([said]));
            }
        }
    }
    let error = format!("Validation failed: {}", sentence(wrong));
    let mut response = crate::http::json(&json!({ "error": error, "details": details }));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}
