//! Relays, for whoever may decide about other servers.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    clock,
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    limits,
    moderation::{
        self, Power,
        relay::{self as rules, Decision, NewRelay},
    },
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, Read, RowId, Timestamp,
    relay::{self, Relay, RelayKind, RelayState},
};
use web::page::settings::relays::{self as page, OfTag, Relays, Typed};

/// `GET /admin/relays`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /admin/relays`: asks one, rests, goes on, or leaves.
pub(super) async fn change(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let named = |field: &str| form.params.has(field).then(|| form.text(field).to_owned());
    let (notice, decision) = if let Some(url) = named("leave") {
        ("notice-relay-left", Ok(Decision::Remove(url)))
    } else if let Some(url) = named("pause") {
        ("notice-relay-paused", Ok(Decision::Pause(url)))
    } else if let Some(url) = named("resume") {
        ("notice-relay-resumed", Ok(Decision::Resume(url)))
    } else {
        ("notice-relay-asked", new(&form).map(Decision::Add))
    };
    let result = match decision {
        Ok(decision) => server.write(move |tx| rules::decide(tx, own, &decision)).await,
        Err(error) => Err(error),
    };
    match outcome(&server, page::PATH, notice, result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, own, Some((typed(&form), why))).await,
    }
}

fn new(form: &Form) -> Result<NewRelay> {
    let words = |field: &str| form.text(field).split(',').map(|word| word.trim().to_owned());
    let some = |field: &str| words(field).filter(|word| !word.is_empty()).collect();
    let per_hour = form.text("per_hour").parse().map_err(|_| Error::invalid("per_hour", "per_hour is no number"))?;
    Ok(NewRelay { url: form.text("url").to_owned(), tags: some("tags"), languages: some("languages"), per_hour })
}

fn typed(form: &Form) -> Typed {
    let text = |field: &str| form.text(field).to_owned();
    Typed { url: text("url"), tags: text("tags"), languages: text("languages"), per_hour: text("per_hour") }
}

/// The page; with what was typed, and why it was refused.
async fn drawn(server: &Server, visit: &Visit, own: AccountId, refused: Option<(Typed, String)>) -> Result<Response> {
    let (typed, problem) = refused.unzip();
    let (said, now) = (problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageFederation)?;
        let known = relay::all(context.read)?;
        let relays =
            known.into_iter().map(|(id, row)| described(context.read, id, row, now)).collect::<Result<Vec<_>>>()?;
        let untyped = || Typed { per_hour: limits::RELAY_PER_HOUR.to_string(), ..Typed::default() };
        let page = Relays {
            relays: &relays,
            tags_max: storage::limits::TAG_RELAYS_MAX,
            typed: &typed.unwrap_or_else(untyped),
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::relays(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

fn described(read: &dyn Read, id: RowId, row: Relay, now: Timestamp) -> Result<page::Relay> {
    let mut of_tags = Vec::new();
    if row.kind == RelayKind::Tags {
        for (_, one) in relay::of_template(read, id)? {
            of_tags.push(OfTag {
                tag: one.tags.join(" "),
                state: state(one.state),
                since: one.accepted_at.map(clock::iso),
                today: one.came_today(now),
            });
        }
    }
    Ok(page::Relay {
        state: (row.kind != RelayKind::Tags).then(|| state(row.state)),
        since: row.accepted_at.map(clock::iso),
        paused: row.paused_at.map(clock::iso),
        this_hour: relay::taken(read, id, now)?.count,
        url: row.url,
        tags: row.tags,
        languages: row.languages,
        per_hour: row.per_hour,
        of_tags,
    })
}

fn state(state: RelayState) -> page::State {
    match state {
        RelayState::Asked => page::State::Asked,
        RelayState::Accepted => page::State::Accepted,
        RelayState::Refused => page::State::Refused,
    }
}
