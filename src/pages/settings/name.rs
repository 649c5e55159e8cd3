//! The owner gives a try-out its name later, by the steps of the first run (UX §1): what was written so far goes along.

use super::super::{
    draw::{Found, draw},
    name::{ANEW_S, Shown, Typed, body, standing},
};
use crate::{
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, Member, Visit},
    },
    operate::{naming, ways},
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use storage::{
    AccountId, passkey,
    user::{self, Role},
};
use web::{
    layout::GoesOn,
    page::{
        naming::{Door, Pass, taken},
        settings::name as page,
    },
};

const PATH: &str = "/settings/name";

/// `GET /settings/name`
pub(super) async fn show(State(server): State<Server>, headers: HeaderMap, member: Member) -> Result<Response> {
    require_owner(&server, member.account).await?;
    if !naming::is_open(&server).await? {
        return draw(&server, &member.visit, |_, site| Ok(Found::Page(page::settled(site)))).await;
    }
    let shown = standing(&server, &headers).await;
    drawn(&server, &member.visit, member.account, shown, None).await
}

/// `POST /settings/name`
pub(super) async fn look(State(server): State<Server>, headers: HeaderMap, form: Form) -> Result<Response> {
    require_open(&server, form.account).await?;
    let typed = Typed::of(&form.params);
    match naming::begin(&server, typed.name()) {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(Error::Invalid { why, .. }) => {
            let ways = ways::look(&server, &headers).await;
            let shown = Shown::Ask { typed: Some(typed), ways, problem: Some(why) };
            drawn(&server, &form.visit, form.account, shown, None).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /settings/name/take`: the password is asked, since a name stays.
pub(super) async fn take(State(server): State<Server>, headers: HeaderMap, form: Form) -> Result<Response> {
    require_open(&server, form.account).await?;
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        let shown = standing(&server, &headers).await;
        return drawn(&server, &form.visit, form.account, shown, Some(why)).await;
    }
    let origin = naming::take(&server).await?;
    let address = origin.url("/home");
    draw(&server, &form.visit, move |_, site| {
        Ok(Found::Page(page::passing(
            site,
            GoesOn::Later { seconds: ANEW_S, address: &address },
            &taken(site.words, &address),
        )))
    })
    .await
}

/// `POST /settings/name/leave`
pub(super) async fn leave(State(server): State<Server>, form: Form) -> Result<Response> {
    require_open(&server, form.account).await?;
    server.naming().leave();
    Ok(Redirect::to(PATH).into_response())
}

async fn require_owner(server: &Server, own: AccountId) -> Result<()> {
    let owns = server.read(move |view| Ok(user::find(view, own)?.is_some_and(|user| user.role == Role::Owner))).await?;
    if owns { Ok(()) } else { Err(Error::Forbidden("Only the owner may give this server its name")) }
}

async fn require_open(server: &Server, own: AccountId) -> Result<()> {
    require_owner(server, own).await?;
    if naming::is_open(server).await? { Ok(()) } else { Err(Error::NotFound) }
}

async fn drawn(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    shown: Shown,
    problem: Option<String>,
) -> Result<Response> {
    let refused = problem.is_some() || matches!(shown, Shown::Ask { problem: Some(_), .. });
    let of_page = server.clone();
    let response = draw(server, visit, move |context, site| {
        let passkeys = passkey::of_account(context.read, own)?.len() as u64;
        let password = user::find(context.read, own)?.is_some_and(|user| !user.password_hash.is_empty());
        let token = site.viewer.map(|viewer| viewer.form_token).unwrap_or_default();
        let body = body(&of_page, site.words, Pass { token, door: Door::Owner { passkeys, password } }, &shown);
        Ok(Found::Page(match shown {
            Shown::Looking(_) => page::passing(site, GoesOn::AGAIN, &body),
            _ => page::naming(site, problem.as_deref(), &body),
        }))
    });
    response.await.map(|response| answer::form_page(response, refused.then_some("")))
}
