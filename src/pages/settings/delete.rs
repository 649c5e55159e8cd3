//! Deleting one's account.

use super::{
    super::draw::{Found, draw},
    answered,
};
use crate::{
    account,
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    moderation,
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::header::SET_COOKIE;
use storage::{
    AccountId,
    user::{self, Role},
};
use web::page::settings::leave;

/// `GET /settings/delete`
pub(super) async fn form(State(server): State<Server>, member: Member) -> Result<Response> {
    show(&server, &member.visit, member.account, None).await
}

/// `POST /settings/delete`: the password is asked, since this cannot be undone.
pub(super) async fn delete(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        return show(&server, &form.visit, own, Some(why)).await;
    }
    match server.write(move |tx| moderation::leave(tx, own)).await {
        Ok(()) => {}
        Err(Error::Forbidden(why)) => return show(&server, &form.visit, own, Some(why.to_owned())).await,
        Err(error) => return Err(error),
    }
    server.access_cache().clear();
    let cookie = browser.end(&server).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

async fn show(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        let record = account::require(context.read, own)?;
        let owner = user::find(context.read, own)?.is_some_and(|user| user.role == Role::Owner);
        Ok(Found::Page(leave::leave(site, &record.username, owner, problem.as_deref())))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
