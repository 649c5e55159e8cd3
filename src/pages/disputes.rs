//! What moderators decided about somebody, as that person reads it, also while they are kept out; what they say against it;
//! and the appeals that wait for whoever decides them. The addresses are Mastodon's, which apps know.

use super::{
    draw::{Found, draw, draw_for_anybody},
    number,
};
use crate::{
    clock,
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, Judged, JudgedForm, Member, Visit, gone},
    },
    limits,
    moderation::{
        self, Power,
        report::{evidence, find as find_report},
        strike::{self, Verdict},
    },
    present::Context,
    server::Server,
    text,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, ETAG},
};
use storage::{RowId, Timestamp, account, status, strike::Strike};
use web::{layout::Site, page::disputes as page};

/// `GET /disputes/strikes`
pub(super) async fn strikes(State(server): State<Server>, judged: Judged) -> Result<Response> {
    let (account, now) = (judged.browser.account, server.now());
    drawn(&server, &judged, move |context, site, own| {
        let known = strike::of(context.read, account)?;
        let shown: Vec<_> = known.iter().map(|(id, known)| told(context, *id, known, now)).collect::<Result<_>>()?;
        Ok(page::strikes(site, own, &shown))
    })
    .await
}

/// `GET /disputes/strikes/ID`
pub(super) async fn show(State(server): State<Server>, Path(id): Path<String>, judged: Judged) -> Result<Response> {
    one(&server, &judged, number(&id)?, String::new(), None).await
}

/// `POST /disputes/strikes/ID/appeal`
pub(super) async fn appeal(
    State(server): State<Server>,
    Path(id): Path<String>,
    JudgedForm { judged, params }: JudgedForm,
) -> Result<Response> {
    let (account, id) = (judged.browser.account, number(&id)?);
    let text = params.str("text").unwrap_or_default().to_owned();
    let typed = text.clone();
    match server.write(move |tx| strike::appeal(tx, account, id, &text)).await {
        Ok(()) => Ok(Redirect::to(&format!("/disputes/strikes/{id}")).into_response()),
        Err(Error::Invalid { why, .. }) => one(&server, &judged, id, typed, Some(why)).await,
        Err(Error::Forbidden(why)) => one(&server, &judged, id, typed, Some(why.to_owned())).await,
        Err(error) => Err(error),
    }
}

async fn one(server: &Server, judged: &Judged, id: RowId, typed: String, problem: Option<String>) -> Result<Response> {
    let (account, said, now) = (judged.browser.account, problem.clone(), server.now());
    let shown = drawn(server, judged, move |context, site, own| {
        let known = strike::require_own(context.read, account, id)?;
        Ok(page::strike(site, own, &told(context, id, &known, now)?, &typed, problem.as_deref()))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// A page for one person alone, whether they are kept out or not.
async fn drawn<F>(server: &Server, judged: &Judged, shown: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>, page::Own<'_>) -> Result<String> + Send + 'static,
{
    let (token, kept_out) = (judged.browser.form_token(), judged.visit.browser.is_none());
    // Nothing leads back here from another page.
    let mut visit = judged.visit.clone();
    visit.at.clear();
    let mut response = draw_for_anybody(server, &visit, move |context, site| {
        Ok(Found::Page(shown(context, site, page::Own { token: &token, kept_out })?))
    })
    .await?;
    let headers = response.headers_mut();
    headers.remove(ETAG);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// A strike with what it is about: the posts as they read when they were reported.
fn told(context: &Context<'_>, id: RowId, known: &Strike, now: Timestamp) -> Result<page::Strike> {
    let report = match known.report.map(|report| find_report(context.read, report)).transpose() {
        Err(Error::NotFound) => None,
        report => report?,
    };
    let kept = report.map(|report| evidence(context.read, &report)).transpose()?.unwrap_or_default();
    let name = account::find(context.read, known.account)?.map(|account| account.username).unwrap_or_default();
    let mut posts = Vec::with_capacity(kept.len());
    for post in kept {
        let there = status::find(context.read, post.id)?.is_some();
        let said = if post.spoiler_text.is_empty() { text::plain_text(&post.content) } else { post.spoiler_text };
        posts.push(page::Post {
            text: said.chars().take(limits::STRIKE_POST_CHARS).collect(),
            at: clock::iso(post.id.time()),
            path: there.then(|| format!("/@{name}/{}", post.id)),
        });
    }
    Ok(page::Strike {
        id: id.to_string(),
        action: strike::action_name(known.action),
        at: clock::iso(known.created_at),
        text: known.text.clone(),
        rules: known.rules.iter().map(|rule| rule.text.clone()).collect(),
        posts,
        holds: strike::holds(context.read, known)?,
        overruled: known.overruled_at.map(clock::iso),
        appeal: known.appeal.as_ref().map(|appeal| page::Appeal {
            text: appeal.text.clone(),
            at: clock::iso(appeal.created_at),
            state: strike::state_name(appeal.state),
        }),
        may_appeal_until: strike::may_appeal(known, now).then(|| clock::iso(strike::appeal_until(known))),
    })
}

/// `GET /disputes/appeals`
pub(super) async fn appeals(State(server): State<Server>, member: Member) -> Result<Response> {
    waiting(&server, &member.visit, member.account, None).await
}

/// `POST /disputes/appeals/ID`
pub(super) async fn decide(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (by, id) = (form.account, number(&id)?);
    let (verdict, notice) = match form.text("do") {
        "grant" => (Verdict::Grant, "notice-appeal-granted"),
        "refuse" => (Verdict::Refuse, "notice-appeal-refused"),
        _ => return Err(Error::invalid("do", "say what becomes of the appeal")),
    };
    match server.write(move |tx| strike::decide(tx, by, id, verdict)).await {
        Ok(()) => {
            server.access_cache().clear();
            gone(&server, "/disputes/appeals", notice)
        }
        Err(Error::Forbidden(why)) => waiting(&server, &form.visit, by, Some(why.to_owned())).await,
        Err(error) => Err(error),
    }
}

async fn waiting(server: &Server, visit: &Visit, own: storage::AccountId, problem: Option<String>) -> Result<Response> {
    let (said, now) = (problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageAppeals)?;
        let mut rows = Vec::new();
        for (id, known) in strike::waiting(context.read, own)? {
            rows.push((context.account(known.account)?, told(context, id, &known, now)?));
        }
        Ok(Found::Page(page::appeals(site, &rows, problem.as_deref())))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}
