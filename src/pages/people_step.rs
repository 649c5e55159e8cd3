//! The first run's third step, for whoever has just become the owner: people they know from elsewhere, and who may come here.

use super::draw::{Found, draw};
use crate::{
    error::{Error, Result},
    http::{
        answer,
        value::Value,
        visit::{Form, Member, Visit, gone},
    },
    instance::settings::{self, Setting},
    limits,
    server::Server,
    transfer::{self, source},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use storage::{
    AccountId, Read, Tx,
    import::{ImportKind, ImportMode, ImportRow},
    instance::{self, Registrations},
    invite::{self, Inviters},
    user::{self, Role},
};
use web::page::people_step::{self as page, People};

/// Who may come, in the words of the form, and what that is in settings.
const SIGN_UPS: [(&str, Registrations, Inviters); 4] = [
    ("closed", Registrations::Closed, Inviters::Nobody),
    ("invite", Registrations::Closed, Inviters::Everybody),
    ("approve", Registrations::Approve, Inviters::Everybody),
    ("open", Registrations::Open, Inviters::Everybody),
];

/// What was typed, and why it was refused.
struct Refused {
    account: String,
    sign_ups: String,
    why: String,
}

/// `GET /first-run/people`
pub(super) async fn form(State(server): State<Server>, member: Member) -> Result<Response> {
    show(&server, &member.visit, member.account, None).await
}

/// `POST /first-run/people`: all of it, or nothing.
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    match kept(&server, &form).await {
        Ok(true) => gone(&server, "/home", "notice-people-come"),
        Ok(false) => Ok(Redirect::to("/home").into_response()),
        Err(Error::Invalid { why, .. }) => {
            let (account, sign_ups) = (form.text("account").to_owned(), form.text("sign_ups").to_owned());
            show(&server, &form.visit, own, Some(Refused { account, sign_ups, why })).await
        }
        Err(error) => Err(error),
    }
}

/// Keeps what was said in one commit; whether people are looked for.
async fn kept(server: &Server, form: &Form) -> Result<bool> {
    let (own, word, account) = (form.account, form.text("sign_ups").to_owned(), form.text("account").to_owned());
    let rows: Option<Vec<ImportRow>> = match form.params.get("file") {
        Some(Value::File(file)) if !file.bytes.is_empty() => {
            let bytes = file.bytes.clone();
            Some(server.on_disk(move || transfer::read(ImportKind::Following, &bytes)).await?)
        }
        _ => None,
    };
    let looked_for = rows.is_some() || !account.is_empty();
    if looked_for && !federates(server) {
        return Err(Error::invalid("account", form.visit.words.say("people-try-out")));
    }
    let rule = move |tx: &mut Tx<'_>| {
        require_owner(tx, own)?;
        let chosen = SIGN_UPS.iter().find(|(known, ..)| *known == word);
        let unknown = || Error::invalid("sign_ups", "say who may come");
        let (_, registrations, inviters) = chosen.ok_or_else(unknown)?;
        settings::set(tx, Setting::Registrations, settings::registrations_name(*registrations))?;
        settings::set(tx, Setting::Invites, settings::inviters_name(*inviters))?;
        if let Some(rows) = &rows {
            transfer::begin(tx, own, ImportKind::Following, ImportMode::Merge, rows.clone())?;
        }
        if !account.is_empty() {
            source::ask(tx, own, &account)?;
        }
        Ok(looked_for)
    };
    server.write(rule).await
}

async fn show(server: &Server, visit: &Visit, own: AccountId, refused: Option<Refused>) -> Result<Response> {
    let said = refused.as_ref().map(|refused| refused.why.clone());
    let federates = federates(server);
    let shown = draw(server, visit, move |context, site| {
        require_owner(context.read, own)?;
        let now = sign_ups(context.read)?;
        let shown = People {
            federates,
            account: refused.as_ref().map_or("", |refused| &refused.account),
            sign_ups: refused.as_ref().map_or(now, |refused| &refused.sign_ups),
            rows_max: limits::IMPORT_ROWS as u64,
            problem: refused.as_ref().map(|refused| refused.why.as_str()),
        };
        Ok(Found::Page(page::people_step(site, &shown)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// Who may come now.
fn sign_ups(read: &dyn Read) -> Result<&'static str> {
    let (registrations, inviters) = (instance::settings(read)?.registrations, invite::inviters(read)?);
    Ok(match (registrations, inviters) {
        (Registrations::Open, _) => "open",
        (Registrations::Approve, _) => "approve",
        (Registrations::Closed, Inviters::Nobody) => "closed",
        (Registrations::Closed, _) => "invite",
    })
}

/// For everybody else there is no such page.
fn require_owner(read: &dyn Read, own: AccountId) -> Result<()> {
    let owner = user::find(read, own)?.is_some_and(|user| user.role == Role::Owner);
    if owner { Ok(()) } else { Err(Error::NotFound) }
}

/// A try-out reaches nobody, but for those of a lab.
fn federates(server: &Server) -> bool {
    !server.origin().is_localhost() || server.reach().is_lab()
}
