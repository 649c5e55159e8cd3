//! Who has access: browsers and programs, and ending it.

use super::super::draw::{Found, draw};
use crate::{
    clock,
    error::{Error, Result},
    http::visit::{Form, Member, gone},
    server::Server,
    user::access,
};
use axum::{extract::State, response::Response};
use storage::{
    TokenId,
    use_of_access::{SESSION_USES, TOKEN_USES},
};
use web::page::settings::access::{self as page, Application, Session};

const PATH: &str = "/settings/access";

/// `GET /settings/access`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    let browser = member.visit.browser.clone().ok_or(Error::Unauthorized)?;
    draw(&server, &member.visit, move |context, site| {
        let sessions = access::sessions(context.read, own)?;
        let named: Vec<_> = sessions.iter().map(|(hash, _)| access::session_name(hash)).collect();
        let mut times = Vec::with_capacity(sessions.len());
        for (hash, session) in &sessions {
            let used = SESSION_USES.get(context.read, hash)?.map(|used| clock::iso(used.at));
            times.push((clock::iso(session.created_at), used));
        }
        let listed = sessions.iter().zip(&named).zip(&times);
        let browsers: Vec<_> = listed
            .map(|(((hash, session), name), (since, used))| Session {
                name,
                user_agent: &session.user_agent,
                since,
                used: used.as_deref(),
                own: browser.hash() == *hash,
            })
            .collect();
        let tokens = access::tokens(context.read, own)?;
        let mut ids = Vec::with_capacity(tokens.len());
        for (hash, token, _) in &tokens {
            let used = TOKEN_USES.get(context.read, hash)?.map(|used| clock::iso(used.at));
            ids.push((token.id.to_string(), clock::iso(token.created_at), used));
        }
        let unknown = site.t("access-unknown");
        let programs: Vec<_> = tokens
            .iter()
            .zip(&ids)
            .map(|((_, token, application), (id, since, used))| Application {
                id,
                name: application.as_ref().map_or(&*unknown, |application| &application.name),
                scopes: &token.scopes,
                since,
                used: used.as_deref(),
            })
            .collect();
        Ok(Found::Page(page::access(site, &browsers, &programs)))
    })
    .await
}

/// `POST /settings/access`: one browser, one program, or all other browsers.
pub(super) async fn end(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    let notice = if let Some(id) = form.params.id::<TokenId>("token") {
        ended(server.write(move |tx| access::end_token(tx, own, id)).await)?;
        "notice-access-ended"
    } else if form.params.has("others") {
        let kept = browser.hash();
        server.write(move |tx| access::end_other_sessions(tx, own, kept)).await?;
        "notice-signed-out"
    } else {
        let name = form.text("session").to_owned();
        ended(server.write(move |tx| access::end_session(tx, own, &name)).await)?;
        "notice-signed-out"
    };
    // Whatever listens is looked at again, and cut off if it has no access any more.
    server.access_cache().clear();
    gone(&server, PATH, notice)
}

/// What is gone already, in another window perhaps, is ended.
fn ended(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(Error::NotFound) => Ok(()),
        other => other,
    }
}
