//! Posts that wait for their time: the list, another time, taking one back.

use super::{
    compose::{moment_of, redraft_scheduled},
    draw::{Found, draw, zone},
};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        visit::{Form, Member, Visit, gone},
    },
    limits,
    server::Server,
    status::scheduled,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, Bounds, Direction, RowId, Tx};
use web::page::scheduled::{self as page, Waiting};

/// `GET /scheduled`, `?from=N`: behind the first N.
pub(super) async fn list(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member.visit, member.account, place(&params), None).await
}

/// How many a list begins behind.
fn place(params: &Params) -> usize {
    params.id::<u64>("from").and_then(|from| usize::try_from(from).ok()).unwrap_or(0)
}

/// The list from a place in it, the next post first: all that wait are few enough to be put in order.
async fn show(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    from: usize,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let read = context.read;
        let (bounds, most) = (Bounds::NONE, limits::SCHEDULED_MAX);
        let mut all = storage::scheduled::of_account(read, own, bounds, Direction::Ascending, most)?;
        all.sort_by_key(|(id, at)| (*at, *id));
        let until = from.saturating_add(limits::TIMELINE_PAGE.0);
        let later = (until < all.len()).then(|| format!("/scheduled?from={until}"));
        let mut drawn = Vec::with_capacity(limits::TIMELINE_PAGE.0);
        for (id, _) in all.into_iter().skip(from).take(limits::TIMELINE_PAGE.0) {
            if let Some(row) = storage::scheduled::find(read, id)? {
                drawn.push(context.scheduled(id, &row)?);
            }
        }
        let page = Waiting { waiting: &drawn, from: from as u64, later: later.as_deref(), problem: problem.as_deref() };
        Ok(Found::Page(page::scheduled(site, &page)))
    });
    Ok(answer::form_page(drawn.await?, said.as_deref()))
}

/// `POST /scheduled/ID`: moves it, takes it back, or makes a draft of it again.
pub(super) async fn change(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, RowId(id.parse().map_err(|_| Error::NotFound)?));
    match form.params.str("do") {
        Some("cancel") => {
            server.write(move |tx| scheduled::cancel(tx, own, id)).await?;
            gone(&server, "/scheduled", "notice-unscheduled")
        }
        Some("draft") => {
            let origin = server.origin().clone();
            let draft = server.write(move |tx| redraft_scheduled(tx, &origin, own, id)).await?;
            gone(&server, &format!("/compose?draft={draft}"), "notice-unscheduled-draft")
        }
        _ => match moved(&server, &form, own, id).await {
            Ok(()) => gone(&server, "/scheduled", "notice-rescheduled"),
            Err(Error::Invalid { why, .. }) => show(&server, &form.visit, own, place(&form.params), Some(why)).await,
            Err(error) => Err(error),
        },
    }
}

async fn moved(server: &Server, form: &Form, own: AccountId, id: RowId) -> Result<()> {
    let missing = || Error::invalid("scheduled_at", "the time to post it is missing");
    let at = moment_of(&form.params, &zone(server, &form.visit).await?)?.ok_or_else(missing)?;
    server.write(move |tx: &mut Tx<'_>| scheduled::reschedule(tx, own, id, at).map(drop)).await
}
