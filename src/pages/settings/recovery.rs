//! The recovery sheet: a page shows a new code, and the form that comes back says that it is on paper.

use super::{
    super::draw::{Found, draw},
    answered,
};
use crate::{
    account, clock,
    error::{Error, Result},
    http::visit::{Form, Member, Visit, gone},
    server::Server,
    user::{code, recovery},
};
use axum::{extract::State, response::Response};
use storage::{AccountId, recovery::RECOVERY_SHEETS};
use web::page::settings::recovery::{self as page, Recovery};

const PATH: &str = "/settings/recovery";

/// `GET /settings/recovery`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let fresh = code::fresh_recovery(server.random_bytes());
    shown(&server, &member.visit, member.account, fresh, None).await
}

/// `POST /settings/recovery`: the password is asked, since with the code one chooses another.
pub(super) async fn keep(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, typed) = (form.account, form.text("recovery").to_owned());
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        return shown(&server, &form.visit, own, typed, Some(why)).await;
    }
    server.write(move |tx| recovery::renew(tx, own, &typed)).await?;
    gone(&server, PATH, "notice-recovery")
}

async fn shown(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    code: String,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let made = RECOVERY_SHEETS.get(context.read, &own)?.map(|sheet| clock::iso(sheet.made_at));
        let username = account::require(context.read, own)?.username;
        let page = Recovery { made: made.as_deref(), username: &username, code: &code, problem: problem.as_deref() };
        Ok(Found::Page(page::recovery(site, &page)))
    });
    drawn.await.map(|response| answered(response, said.as_deref()))
}
