//! What those who look after the server work through: who waits to be let in, and reports with whom they are about. Each form
//! calls the rule that the client API's routes for it call, which asks for the power itself.

use super::{
    draw::{Found, draw},
    neighbours::Place,
    number,
};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        visit::{Form, Member, Visit, gone},
    },
    limits,
    moderation::{
        self, Power,
        account::{self, Action, Decision, Filter, Status},
        newcomer,
        report::{self, State as Wanted},
    },
    server::Server,
    user::sign_up::Proof,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, ReportId, Tx, status};
use web::page::moderation::{self as page, Deed, Question, Report, Which};

/// `GET /moderation/waiting`
pub(super) async fn waiting(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    drawn_waiting(&server, &member.visit, member.account, Place::of(&params), None).await
}

/// `POST /moderation/waiting`: lets somebody in.
pub(super) async fn let_in(State(server): State<Server>, form: Form) -> Result<Response> {
    let (by, target) = (form.account, number(form.text("approve"))?);
    let proof = if server.config().mail.is_some() { Proof::ByMail } else { Proof::None };
    match server.write(move |tx| newcomer::approve(tx, by, target, proof)).await {
        Ok(()) => {
            server.access_cache().clear();
            gone(&server, page::WAITING, "notice-let-in")
        }
        Err(Error::Forbidden(why)) => {
            drawn_waiting(&server, &form.visit, by, Place::at(page::WAITING), Some(why.to_owned())).await
        }
        Err(error) => Err(error),
    }
}

async fn drawn_waiting(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    place: Place,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageUsers)?;
        let filter = Filter { status: Some(Status::Pending), ..Filter::default() };
        let found = place.list(|window| {
            let part = account::list(context.read, &filter, window.bounds, window.direction, window.limit)?;
            Ok((part.rows, part.examined))
        })?;
        let people = found.rows.iter().map(|id| context.admin_account(*id)).collect::<Result<Vec<_>>>()?;
        Ok(Found::Page(page::waiting(site, &people, found.pager(), problem.as_deref())))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// `GET /moderation/waiting/ID/reject`: asks before somebody is turned away.
pub(super) async fn ask_reject(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response> {
    let (own, target) = (member.account, number(&id)?);
    draw(&server, &member.visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageUsers)?;
        let person = context.admin_account(target)?;
        if person.approved {
            return Err(Error::NotFound);
        }
        Ok(Found::Page(page::turn_away(site, &person)))
    })
    .await
}

/// `POST /moderation/waiting/ID/reject`
pub(super) async fn reject(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (by, target) = (form.account, number(&id)?);
    server.write(move |tx| newcomer::reject(tx, by, target)).await?;
    server.access_cache().clear();
    gone(&server, page::WAITING, "notice-turned-away")
}

/// `GET /moderation/reports`: open ones unless `resolved` is true.
pub(super) async fn reports(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let own = member.account;
    let (which, wanted, place) = if params.bool("resolved") == Some(true) {
        (Which::Closed, Wanted::Closed, Place::of(&params).keeping("resolved=true"))
    } else {
        (Which::Open, Wanted::Open, Place::of(&params))
    };
    draw(&server, &member.visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageReports)?;
        let found = place.list(|window| {
            let all = report::Filter::default();
            let part = report::list(context.read, wanted, all, window.bounds, window.direction, window.limit)?;
            Ok((part.rows, part.examined))
        })?;
        let mut rows = Vec::with_capacity(found.rows.len());
        for row in &found.rows {
            rows.push((context.report(row)?, context.account(row.reporter)?));
        }
        Ok(Found::Page(page::reports(site, which, &rows, found.pager())))
    })
    .await
}

/// `GET /moderation/reports/ID`
pub(super) async fn report(State(server): State<Server>, Path(id): Path<String>, member: Member) -> Result<Response> {
    drawn_report(&server, &member.visit, member.account, number(&id)?, None).await
}

async fn drawn_report(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    id: ReportId,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageReports)?;
        let known = report::find(context.read, id)?;
        let may_act = match account::require_below(context.read, own, Power::ManageUsers, known.target) {
            Ok(_) => true,
            Err(Error::Forbidden(_) | Error::NotFound) => false,
            Err(error) => return Err(error),
        };
        let mut lost = Vec::new();
        for post in &known.statuses {
            if status::find(context.read, *post)?.is_none() {
                lost.push(post.to_string());
            }
        }
        let report = context.admin_report(&known)?;
        let page = Report { report: &report, gone: &lost, may_act, problem: problem.as_deref() };
        Ok(Found::Page(page::report(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// A step in the work on a report.
type Step = fn(&mut Tx<'_>, AccountId, ReportId) -> Result<()>;

/// What a button of a report does.
enum Work {
    Step(Step),
    TakeBack(Action),
}

/// `POST /moderation/reports/ID`: a step in the work on it, or the end of something that was done to whom it is about.
pub(super) async fn work(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (by, id) = (form.account, number(&id)?);
    let (work, notice) = match form.text("do") {
        "assign" => (Work::Step(report::assign), "notice-saved"),
        "unassign" => (Work::Step(report::unassign), "notice-saved"),
        "resolve" => (Work::Step(report::resolve), "notice-report-resolved"),
        "reopen" => (Work::Step(report::reopen), "notice-report-reopened"),
        "unsilence" => (Work::TakeBack(Action::Unsilence), "notice-taken-back"),
        "unsuspend" => (Work::TakeBack(Action::Unsuspend), "notice-taken-back"),
        _ => return Err(Error::invalid("do", "no button of this form is known")),
    };
    let done = match work {
        Work::Step(step) => server.write(move |tx| step(tx, by, id)).await,
        Work::TakeBack(action) => act(&server, by, id, action, None).await,
    };
    match done {
        Ok(()) => gone(&server, &path(id), notice),
        Err(Error::Forbidden(why)) => drawn_report(&server, &form.visit, by, id, Some(why.to_owned())).await,
        Err(error) => Err(error),
    }
}

/// Acts on whom a report is about; where it is said why, that settles the report. From its answer on no token, session or
/// stream of the account holds.
async fn act(server: &Server, by: AccountId, id: ReportId, action: Action, why: Option<String>) -> Result<()> {
    let rule = move |tx: &mut Tx<'_>| {
        moderation::require(tx, by, Power::ManageReports)?;
        let target = report::find(tx, id)?.target;
        let settles = why.is_some().then_some(id);
        account::act(tx, &Decision { by, target, action, why: why.clone().unwrap_or_default(), report: settles })
    };
    server.write(rule).await?;
    server.access_cache().clear();
    Ok(())
}

/// `GET /moderation/reports/ID/DEED`: asks before it is done.
pub(super) async fn ask_deed(
    State(server): State<Server>,
    Path((id, deed)): Path<(String, String)>,
    member: Member,
) -> Result<Response> {
    let deed = Deed::named(&deed).ok_or(Error::NotFound)?;
    drawn_question(&server, &member.visit, member.account, (number(&id)?, deed), (String::new(), None)).await
}

/// `POST /moderation/reports/ID/DEED`
pub(super) async fn decide(
    State(server): State<Server>,
    Path((id, deed)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    let (by, id) = (form.account, number(&id)?);
    let deed = Deed::named(&deed).ok_or(Error::NotFound)?;
    let (action, notice) = match deed {
        Deed::Silence => (Action::Silence, "notice-silenced"),
        Deed::Suspend => (Action::Suspend, "notice-suspended"),
    };
    let typed = form.text("text").to_owned();
    match act(&server, by, id, action, Some(typed.clone())).await {
        Ok(()) => gone(&server, &path(id), notice),
        Err(Error::Invalid { why, .. }) => {
            drawn_question(&server, &form.visit, by, (id, deed), (typed, Some(why))).await
        }
        Err(error) => Err(error),
    }
}

/// The question, with what was typed and why that was refused.
async fn drawn_question(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    (id, deed): (ReportId, Deed),
    (typed, problem): (String, Option<String>),
) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageReports)?;
        let target = report::find(context.read, id)?.target;
        account::require_below(context.read, own, Power::ManageUsers, target)?;
        let (account, report) = (context.account(target)?, id.to_string());
        let page = Question {
            account: &account,
            report: &report,
            deed,
            typed: &typed,
            text_max: limits::MODERATION_TEXT_CHARS_MAX,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::question(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

fn path(report: ReportId) -> String {
    format!("{}/{report}", page::REPORTS)
}
