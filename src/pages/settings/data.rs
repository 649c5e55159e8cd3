//! What is stored about oneself, and the archive of it.

use super::super::draw::{Found, draw};
use crate::{
    clock,
    error::{Error, Result},
    http::{
        answer,
        file::{self, Sent},
        visit::{Form, Member, Visit, gone},
    },
    limits,
    moderation::report,
    server::Server,
    transfer::{held, takeout},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, header::CONTENT_DISPOSITION};
use storage::{
    AccountId, Timestamp,
    takeout::{Takeout, TakeoutState},
    user,
};
use web::page::settings::data::{self as page, Archive, Data, Kind};

const PATH: &str = "/settings/data";

/// `GET /settings/data`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/data/archive`
pub(super) async fn ask(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, files) = (form.account, server.files().clone());
    let there = server.on_disk(move || Ok(files.taken_out_bytes()?)).await?;
    let (others_bytes, most_bytes) = (takeout::of_others(&there, own), takeout::most(server.room().budget()));
    match server.write(move |tx| takeout::ask(tx, own, takeout::Room { others_bytes, most_bytes })).await {
        Ok(()) => gone(&server, PATH, "notice-archive-begun"),
        Err(Error::Forbidden(why)) => drawn(&server, &form.visit, own, Some(why.to_owned())).await,
        Err(error) => Err(error),
    }
}

/// `GET /settings/data/archive.tar.gz`
pub(super) async fn take(State(server): State<Server>, headers: HeaderMap, member: Member) -> Result<Response> {
    let (own, now) = (member.account, server.now());
    let known = server.read(move |view| takeout::ready(view, own, now)).await?.ok_or(Error::NotFound)?;
    let (files, name) = (server.files().clone(), known.file(own));
    let Some(open) = server.on_disk(move || Ok(files.open_taken_out(&name)?)).await? else {
        // The file is gone by another way: the owner need not wait out the week.
        server.write(move |tx| takeout::lose(tx, own, known.asked_at)).await?;
        return Err(Error::NotFound);
    };
    let sent = Sent {
        file: open,
        bytes: known.bytes,
        mime: "application/gzip",
        tag: Some(format!("{own}-{}", known.asked_at.0)),
        kept: "private, no-store",
    };
    let mut response = file::answer(&server, &headers, &sent);
    let day = clock::iso_date(known.asked_at);
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"archive-{day}.tar.gz\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let (said, now) = (problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        let read = context.read;
        let user = user::find(read, own)?;
        let mut kinds: Vec<_> = held::held(read, own)?
            .into_iter()
            .map(|held| Kind { what: held.what, count: held.count, more: held.more })
            .collect();
        let (reports, more) = report::of_reporter(read, own)?;
        kinds.push(Kind { what: "reports", count: reports.len() as u64, more });
        let pictures = held::pictures(read, own)?;
        let archive = storage::takeout::find(read, own)?;
        let page = Data {
            archive: archive.map(|known| told(&known, now)),
            kept_days: (limits::TAKEOUT_KEPT_MS / clock::DAY_MS).unsigned_abs(),
            kinds: &kinds,
            pictures: (pictures.count, pictures.bytes, pictures.among),
            email: user.as_ref().map(|user| user.email.as_str()).filter(|email| !email.is_empty()),
            address: user.as_ref().and_then(|user| user.signed_up_from).map(|address| address.to_string()),
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::data(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

fn told(known: &Takeout, now: Timestamp) -> Archive {
    Archive {
        asked: clock::iso(known.asked_at),
        state: match takeout::state(known, now) {
            TakeoutState::Writing => page::State::Writing { done: known.done.min(known.of), of: known.of },
            TakeoutState::Ready => page::State::Ready {
                bytes: known.bytes,
                until: clock::iso(known.asked_at.plus_ms(limits::TAKEOUT_KEPT_MS)),
            },
            TakeoutState::Failed => page::State::Failed,
            TakeoutState::TooLarge => page::State::TooLarge,
        },
        // When its time is over there is nothing to take, and the next may be asked for.
        over: takeout::may_ask(known, now),
    }
}
