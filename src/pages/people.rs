//! What one says and decides about somebody on their profile: a note, which lists, blocking, and reporting them.

use super::{
    draw::{Found, draw},
    number,
};
use crate::{
    account,
    error::{Error, Result},
    http::{
        Params, answer,
        visit::{Form, Member, Visit, gone},
    },
    limits, list,
    moderation::report::{self, Forward, NewReport},
    present::Context,
    relationship::{self, MuteOptions},
    server::Server,
    timeline::{self, Wanted, Window},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use std::sync::Arc;
use storage::{AccountId, RowId, StatusId, Tx, account::Account, moderation::Category};
use web::page::{
    confirm::{self, Person, Server as OfServer},
    report::{self as page, Report},
};

/// `POST /people/ID/note`
pub(super) async fn note(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, other, comment) = (form.account, number(&id)?, form.text("comment").to_owned());
    server.write(move |tx| relationship::write_note(tx, own, other, &comment)).await?;
    form.back(&server, "notice-saved")
}

/// `POST /people/ID/lists`: in these lists and no others.
pub(super) async fn lists(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, other) = (form.account, number(&id)?);
    let wanted: Vec<u64> = form.params.ids("lists");
    server.write(move |tx| put_into(tx, own, other, &wanted)).await?;
    form.back(&server, "notice-saved")
}

fn put_into(tx: &mut Tx<'_>, own: AccountId, other: AccountId, wanted: &[u64]) -> Result<()> {
    let holding: Vec<RowId> = list::holding(tx, own, other)?.into_iter().map(|(id, _)| id).collect();
    for (id, _) in list::all(tx, own)? {
        match (wanted.contains(&id.0), holding.contains(&id)) {
            (true, false) => list::add(tx, own, id, &[other])?,
            (false, true) => list::remove(tx, own, id, &[other])?,
            _ => {}
        }
    }
    Ok(())
}

/// `GET /people/ID/block`
pub(super) async fn ask_block(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response> {
    ask(&server, &member, &id, ("block", "block-title", "block-says", "profile-block")).await
}

/// `GET /people/ID/mute`
pub(super) async fn ask_mute(State(server): State<Server>, Path(id): Path<String>, member: Member) -> Result<Response> {
    ask(&server, &member, &id, ("mute", "mute-title", "mute-says", "profile-mute")).await
}

/// `GET /people/ID/remove`
pub(super) async fn ask_remove(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response> {
    let words = ("remove-follower", "remove-title", "remove-says", "profile-remove-follower");
    ask(&server, &member, &id, words).await
}

/// How long a mute may be chosen on a page, seconds: an hour to a month.
const MUTE_SECONDS: (i64, i64) = (3_600, 2_592_000);

/// `POST /people/ID/mute`: for a time.
pub(super) async fn mute(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, other) = (form.account, number(&id)?);
    let (least, most) = MUTE_SECONDS;
    let seconds = form.params.int("duration").filter(|seconds| (least..=most).contains(seconds));
    let refused = || Error::invalid("duration", format!("duration is not between {least} and {most} seconds"));
    let seconds = seconds.ok_or_else(refused)?;
    // A box that is not ticked is not sent.
    let notifications = form.params.bool("notifications").unwrap_or(false);
    let options = MuteOptions { notifications, duration_ms: Some(seconds.saturating_mul(1_000)) };
    server.write(move |tx| relationship::mute(tx, own, other, options)).await?;
    form.back(&server, "notice-muted")
}

/// `GET /people/ID/server`: asks before everybody of a server is kept away, or let back.
pub(super) async fn ask_server(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response> {
    let (own, other) = (member.account, number(&id)?);
    draw(&server, &member.visit, move |context, site| {
        domain_of(&account::require_shown(context.read, other)?)?;
        let account = context.account(other)?;
        let blocks = context.relationship(own, other)?.domain_blocking;
        let page = OfServer { account: &account, action: &format!("/people/{other}/server"), blocks };
        Ok(Found::Page(confirm::server(site, &page)))
    })
    .await
}

/// `POST /people/ID/server`
pub(super) async fn server(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, other) = (form.account, number(&id)?);
    let rule = match form.text("do") {
        "block" => relationship::block_domain,
        "unblock" => relationship::unblock_domain,
        _ => return Err(Error::invalid("do", "no button of this form is known")),
    };
    let blocks = form.text("do") == "block";
    let acct = server
        .write(move |tx| {
            let account = account::require_shown(tx, other)?;
            rule(tx, own, &domain_of(&account)?)?;
            Ok(account.acct())
        })
        .await?;
    gone(&server, &format!("/@{acct}"), if blocks { "notice-server-blocked" } else { "notice-server-unblocked" })
}

/// The server of somebody elsewhere.
fn domain_of(account: &Account) -> Result<String> {
    account.domain.clone().ok_or_else(|| Error::invalid("domain", "this account is of this server"))
}

/// Asks before something is done: the button's name in the form for acts, and three messages.
async fn ask(
    server: &Server,
    member: &Member,
    id: &str,
    (act, title, says, button): (&'static str, &'static str, &'static str, &'static str),
) -> Result<Response> {
    let other = number(id)?;
    draw(server, &member.visit, move |context, site| {
        let account = context.account(account::require_shown(context.read, other)?.id)?;
        let page = Person { title, says, account: &account, act, button };
        Ok(Found::Page(confirm::person(site, &page)))
    })
    .await
}

/// `GET /report/ID?post=ID`
pub(super) async fn report_form(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
    params: Params,
) -> Result<Response> {
    let chosen = params.str("post").map(str::to_owned).into_iter().collect();
    show_report(&server, &member.visit, number(&id)?, Typed { chosen, ..Typed::default() }).await
}

#[derive(Default)]
struct Typed {
    chosen: Vec<String>,
    rules: Vec<String>,
    category: String,
    comment: String,
    problem: Option<String>,
}

async fn show_report(server: &Server, visit: &Visit, other: AccountId, typed: Typed) -> Result<Response> {
    let said = typed.problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let account = context.account(account::require_shown(context.read, other)?.id)?;
        let statuses = choices(context, other, &typed.chosen)?;
        let page = Report {
            account: &account,
            statuses: &statuses,
            chosen: &typed.chosen,
            rules: &context.rules()?,
            broken: &typed.rules,
            category: &typed.category,
            comment: &typed.comment,
            problem: typed.problem.as_deref(),
        };
        Ok(Found::Page(page::report(site, &page)))
    });
    Ok(answer::form_page(drawn.await?, said.as_deref()))
}

/// Posts to choose from: the one it began with, and the newest.
fn choices(context: &Context<'_>, other: AccountId, chosen: &[String]) -> Result<Vec<web::entity::Status>> {
    let wanted = Wanted { exclude_reblogs: true, ..Wanted::default() };
    let window = Window::newest(limits::REPORTED_SHOWN);
    let mut records = timeline::account(context.read, context.viewer, other, &wanted, window)?.statuses;
    for id in chosen.iter().take(limits::REPORTED_SHOWN).filter_map(|id| id.parse::<StatusId>().ok()) {
        if records.iter().all(|record| record.id != id)
            && let Ok(record) = crate::status::require(context.read, context.viewer, id)
            && record.account == other
        {
            records.insert(0, Arc::new(record));
        }
    }
    context.statuses(&records)
}

/// `POST /report/ID`
pub(super) async fn report(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let other = number(&id)?;
    let category = match form.text("category") {
        "spam" => Category::Spam,
        "violation" => Category::Violation,
        "legal" => Category::Legal,
        _ => Category::Other,
    };
    let ticked = form.params.texts("rule_ids");
    let typed = |problem: String| Typed {
        chosen: form.params.texts("status_ids").into_iter().map(str::to_owned).collect(),
        rules: ticked.iter().map(|number| (*number).to_owned()).collect(),
        category: form.text("category").to_owned(),
        comment: form.text("comment").to_owned(),
        problem: Some(problem),
    };
    // Rules that were ticked are never left out in silence.
    if category != Category::Violation && !ticked.is_empty() {
        let why = form.visit.words.say("report-rules-without").into_owned();
        return show_report(&server, &form.visit, other, typed(why)).await;
    }
    let rules = ticked.iter().filter_map(|number| number.parse().ok()).collect();
    let new = NewReport {
        reporter: form.account,
        target: other,
        category,
        comment: form.text("comment").to_owned(),
        rules,
        statuses: form.params.ids("status_ids"),
        forward: if form.params.bool("forward") == Some(true) { Forward::Yes } else { Forward::No },
    };
    match server.write(move |tx| report::create(tx, &new)).await {
        Ok(_) => gone(&server, "/home", "notice-reported"),
        Err(Error::Invalid { why, .. }) => show_report(&server, &form.visit, other, typed(why)).await,
        Err(error) => Err(error),
    }
}
