//! Which notifications come, which are kept aside, which are dropped.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    notification::{self, Change},
    present::notification::treatment_named,
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{AccountId, filtered::Treatment, user};
use web::page::settings::notifications as page;

const PATH: &str = "/settings/notifications";

/// `GET /settings/notifications`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/notifications`
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    match outcome(&server, PATH, "notice-saved", kept(&server, &form).await)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, form.account, Some(why)).await,
    }
}

async fn kept(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    let change = Change {
        not_following: treatment(form, "for_not_following")?,
        not_followers: treatment(form, "for_not_followers")?,
        new_accounts: treatment(form, "for_new_accounts")?,
        private_mentions: treatment(form, "for_private_mentions")?,
        limited_accounts: treatment(form, "for_limited_accounts")?,
        bots: treatment(form, "for_bots")?,
    };
    server.write(move |tx| notification::change_policy(tx, own, change)).await
}

/// What was chosen; a field that was not sent stays as it is.
fn treatment(form: &Form, field: &'static str) -> Result<Option<Treatment>> {
    let Some(word) = form.params.str(field) else { return Ok(None) };
    let unknown = || Error::invalid(field, format!("{field} is none of those that can be chosen"));
    treatment_named(word).map(Some).ok_or_else(unknown)
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let (said, sends_mail) = (problem.clone(), server.config().mail.is_some());
    let shown = draw(server, visit, move |context, site| {
        let email = user::find(context.read, own)?.map(|user| user.email);
        let email = email.filter(|email| sends_mail && !email.is_empty());
        let policy = context.notification_policy(own)?;
        Ok(Found::Page(page::notifications(site, &policy, email.as_deref(), problem.as_deref())))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
