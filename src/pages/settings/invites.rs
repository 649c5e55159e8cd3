//! Invites that one made.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, number, outcome,
};
use crate::{
    clock,
    error::Result,
    http::visit::{Form, Member, Visit},
    limits,
    server::Server,
    user::invite::{self, NewInvite},
};
use axum::{extract::State, response::Response};
use storage::{AccountId, RowId};
use web::page::settings::invites::{self as page, Invite, Invites};

const PATH: &str = "/settings/invites";

/// `GET /settings/invites`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/invites`: makes one, or takes one back.
pub(super) async fn change(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let (notice, result) = match form.params.id::<RowId>("revoke") {
        Some(id) => {
            let result = server.write(move |tx| invite::revoke(tx, own, id)).await;
            ("notice-invite-revoked", result)
        }
        None => ("notice-invite-made", made(&server, &form).await),
    };
    match outcome(&server, PATH, notice, result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, own, Some((form.text("comment").to_owned(), why))).await,
    }
}

async fn made(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    let new = NewInvite {
        max_uses: number(form, "max_uses")?,
        lasts_ms: number::<u32>(form, "expires_in")?.map(|seconds| i64::from(seconds) * 1_000),
        autofollow: form.params.bool("autofollow") == Some(true),
        comment: form.text("comment").to_owned(),
    };
    let code = invite::code(server.random_bytes());
    server.write(move |tx| invite::create(tx, own, &new, &code).map(drop)).await
}

/// The page; with what was typed, and why it was refused.
async fn drawn(server: &Server, visit: &Visit, own: AccountId, refused: Option<(String, String)>) -> Result<Response> {
    let (typed, problem) = refused.unzip();
    let (said, now) = (problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        let known = invite::list(context.read, own)?.into_iter().map(|(id, known)| Invite {
            id: id.to_string(),
            link: context.origin.url(&format!("/invite/{}", known.code)),
            uses: known.uses,
            max_uses: known.max_uses,
            expires_at: known.expires_at.map(clock::iso),
            holds: known.holds(now),
            autofollow: known.autofollow,
            comment: known.comment,
        });
        let invites: Vec<_> = known.collect();
        Ok(Found::Page(page::invites(
            site,
            &Invites {
                may: invite::may_invite(context.read, own)?,
                invites: &invites,
                typed: typed.as_deref().unwrap_or_default(),
                comment_max: limits::INVITE_COMMENT_CHARS_MAX,
                problem: problem.as_deref(),
            },
        )))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
