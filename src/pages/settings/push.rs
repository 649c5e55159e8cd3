//! Notifications that this browser shows also while no page is open (Push API; RFC 8030).

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
    push::{self, ALERTS, Wanted},
    server::Server,
};
use axum::{extract::State, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use storage::{
    AccountId, SecretHash,
    job::{self, JobKind},
    push::{self as rows, Alert, Policy},
};
use web::page::settings::push::{self as page, Push};

const PATH: &str = "/settings/push";
/// What people who do not look after the server may ask for, and what is asked for at first.
const OFFERED: [(Alert, bool); 9] = [
    (Alert::Mention, true),
    (Alert::Follow, true),
    (Alert::FollowRequest, true),
    (Alert::Favourite, false),
    (Alert::Reblog, false),
    (Alert::Quote, true),
    (Alert::Poll, true),
    (Alert::Status, true),
    (Alert::Update, false),
];

/// `GET /settings/push`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/push`: subscribes this browser, changes what it is told, or leaves.
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let notice = match form.params.str("do") {
        Some("remove") => "notice-push-off",
        Some("test") => "notice-push-test",
        _ => "notice-saved",
    };
    let result = kept(&server, &form).await;
    match outcome(&server, PATH, notice, result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, form.account, Some(why)).await,
    }
}

async fn kept(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    let session = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?.hash();
    let alerts = alerts(&form.params.texts("alerts"));
    match form.params.str("do") {
        Some("remove") => {
            server.write(move |tx| push::leave_browser(tx, own, session)).await?;
            server.access_cache().clear();
            Ok(())
        }
        Some("subscribe") => {
            let decoded =
                |field: &str| URL_SAFE_NO_PAD.decode(form.text(field).trim_end_matches('=')).unwrap_or_default();
            let wanted = Wanted {
                endpoint: form.text("endpoint").to_owned(),
                p256dh: decoded("p256dh"),
                auth: decoded("auth"),
                standard: true,
                alerts,
                policy: Policy::All,
            };
            wanted.check(server.reach().is_lab())?;
            let secret = server.secret();
            server.write(move |tx| push::wake_browser(tx, own, session, &secret, &wanted).map(drop)).await
        }
        Some("test") => {
            server.rates().take(Bucket::Mail, Who::named(&format!(" push {own}")), server.now())?;
            let wake = move |tx: &mut storage::Tx<'_>| {
                let token = rows::of_session(tx, own, session)?.ok_or(Error::NotFound)?;
                job::enqueue(tx, JobKind::Push { token, notification: None });
                Ok(())
            };
            server.write(wake).await
        }
        _ => {
            let change = move |tx: &mut storage::Tx<'_>| {
                let token = rows::of_session(tx, own, session)?.ok_or(Error::NotFound)?;
                push::change(tx, token, Some(alerts), None).map(drop)
            };
            server.write(change).await
        }
    }
}

fn alerts(named: &[&str]) -> u32 {
    let chosen = ALERTS.iter().filter(|(_, name)| named.contains(name));
    chosen.fold(0, |bits, (alert, _)| bits | alert.bit())
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let session: SecretHash = visit.browser.as_ref().ok_or(Error::Unauthorized)?.hash();
    let (key, said) = (server.vapid().public().to_owned(), problem.clone());
    let shown = draw(server, visit, move |context, site| {
        let token = rows::of_session(context.read, own, session)?;
        let known = token.map(|token| rows::find(context.read, token)).transpose()?.flatten();
        let name = |alert: Alert| ALERTS.iter().find(|(known, _)| *known == alert).map_or("", |(_, name)| *name);
        let asked = |alert: Alert, first: bool| known.as_ref().map_or(first, |known| known.alerts & alert.bit() != 0);
        let alerts: Vec<_> = OFFERED.into_iter().map(|(alert, first)| (name(alert), asked(alert, first))).collect();
        let page = Push { key: &key, subscribed: known.is_some(), alerts: &alerts, problem: problem.as_deref() };
        Ok(Found::Page(page::push(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
