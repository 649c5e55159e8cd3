//! Another address for letters.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    error::{Error, Result},
    http::{
        rate::{Bucket, Who},
        visit::{Form, Member, Visit},
    },
    server::Server,
    user::{email, sign_up::canonical_email},
};
use axum::{extract::State, response::Response};
use storage::{AccountId, new_address::NEW_ADDRESSES, user};
use web::page::settings::email::{self as page, Email};

const PATH: &str = "/settings/email";

/// `GET /settings/email`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    shown(&server, &member.visit, member.account, String::new(), None).await
}

/// `POST /settings/email`: the password is asked, since whoever has the address may choose another.
pub(super) async fn change(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, typed) = (form.account, form.text("email").to_owned());
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        return shown(&server, &form.visit, own, typed, Some(why)).await;
    }
    let wanted = typed.clone();
    let changed = if server.config().mail.is_some() {
        // Letters to one address, and those at one user's wish.
        for name in [canonical_email(&wanted), format!(" account {own}")] {
            server.rates().take(Bucket::Mail, Who::named(&name), server.now())?;
        }
        outcome(&server, PATH, "notice-email-asked", server.write(move |tx| email::ask(tx, own, &wanted)).await)?
    } else {
        outcome(&server, PATH, "notice-email-changed", server.write(move |tx| email::change(tx, own, &wanted)).await)?
    };
    match changed {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => shown(&server, &form.visit, own, typed, Some(why)).await,
    }
}

async fn shown(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: String,
    problem: Option<String>,
) -> Result<Response> {
    let (said, sends_mail) = (problem.clone(), server.config().mail.is_some());
    let drawn = draw(server, visit, move |context, site| {
        let user = user::find(context.read, own)?.ok_or(Error::NotFound)?;
        let wanted = NEW_ADDRESSES.get(context.read, &own)?.map(|wanted| wanted.email);
        let page = Email {
            email: &user.email,
            wanted: wanted.as_deref(),
            sends_mail,
            typed: &typed,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::email(site, &page)))
    });
    drawn.await.map(|response| answered(response, said.as_deref()))
}
