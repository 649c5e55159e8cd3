//! Moving between accounts: whom one names as one's own, and moving away. Plain forms for whoever is signed in.

use super::draw::{Found, draw};
use crate::{
    account::{self, alias},
    clock::DAY_MS,
    error::{Error, Result},
    federation::fetch,
    http::{
        answer,
        visit::{Form, Member, Visit},
    },
    limits,
    origin::Origin,
    present::Context,
    relationship,
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use storage::{AccountId, Tx};
use web::page::moving::{self as page, Aliases, Migration, Named};

const ALIASES: &str = "/settings/aliases";
const MIGRATION: &str = "/settings/migration";
/// The time between two moves in days, as the page says it.
const WAIT_DAYS: i64 = limits::MOVE_AGAIN_MS / DAY_MS;

/// `GET /settings/aliases`
pub(super) async fn aliases(State(server): State<Server>, member: Member) -> Result<Response> {
    show_aliases(&server, &member.visit, member.account, "", None).await
}

/// `POST /settings/aliases`
pub(super) async fn add_alias(State(server): State<Server>, form: Form) -> Result<Response> {
    let typed = form.text("acct").to_owned();
    match carried_out(&server, form.account, &typed, alias::add).await? {
        None => Ok(Redirect::to(ALIASES).into_response()),
        Some(why) => show_aliases(&server, &form.visit, form.account, &typed, Some(why)).await,
    }
}

/// `POST /settings/aliases/remove`
pub(super) async fn remove_alias(State(server): State<Server>, form: Form) -> Result<Response> {
    let (uri, own) = (form.text("uri").to_owned(), form.account);
    match server.write(move |tx| alias::remove(tx, own, &uri)).await {
        // Gone already, in another window perhaps.
        Ok(()) | Err(Error::NotFound) => Ok(Redirect::to(ALIASES).into_response()),
        Err(error) => Err(error),
    }
}

/// `GET /settings/migration`
pub(super) async fn migration(State(server): State<Server>, member: Member) -> Result<Response> {
    show_migration(&server, &member.visit, member.account, "", None).await
}

/// `POST /settings/migration`
pub(super) async fn migrate(State(server): State<Server>, form: Form) -> Result<Response> {
    let typed = form.text("acct").to_owned();
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = "This is not your password.".to_owned();
        return show_migration(&server, &form.visit, form.account, &typed, Some(why)).await;
    }
    match carried_out(&server, form.account, &typed, relationship::move_away).await? {
        None => Ok(Redirect::to(MIGRATION).into_response()),
        Some(why) => show_migration(&server, &form.visit, form.account, &typed, Some(why)).await,
    }
}

/// `POST /settings/migration/back`
pub(super) async fn come_back(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    match server.write(move |tx| relationship::come_back(tx, own)).await {
        // Back already, in another window perhaps.
        Ok(()) | Err(Error::Invalid { .. }) => Ok(Redirect::to(MIGRATION).into_response()),
        Err(error) => Err(error),
    }
}

/// A rule about oneself and the account that was typed.
type Rule = fn(&mut Tx<'_>, &Origin, AccountId, AccountId) -> Result<()>;

/// Carries a rule out; what is wrong with what was typed comes back in words for people, other failures stay failures.
async fn carried_out(server: &Server, own: AccountId, typed: &str, rule: Rule) -> Result<Option<String>> {
    let origin = server.origin().clone();
    let outcome = match fetch::handle_anew(server, typed).await {
        Ok(other) => server.write(move |tx| rule(tx, &origin, own, other)).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(None),
        Err(Error::Invalid { why, .. }) => Ok(Some(why)),
        Err(Error::NotFound | Error::Gone) => Ok(Some(format!("nobody is called {}", account::excerpt(typed)))),
        Err(Error::Remote { host, .. }) => Ok(Some(format!("{host} does not say who that is; perhaps later"))),
        Err(Error::Forbidden(why)) => Ok(Some(why.to_owned())),
        Err(error) => Err(error),
    }
}

async fn show_aliases(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: &str,
    problem: Option<String>,
) -> Result<Response> {
    let (typed, said) = (typed.to_owned(), problem.clone());
    let shown = draw(server, visit, move |context, site| {
        let known = alias::list(context.read, context.origin, own)?;
        let named = known.iter().map(|alias| Named { uri: &alias.uri, acct: alias.acct.as_deref() });
        let page = Aliases {
            token: token(site),
            named: &named.collect::<Vec<_>>(),
            most: limits::OWN_ALIASES_MAX,
            typed: &typed,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::aliases(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

async fn show_migration(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: &str,
    problem: Option<String>,
) -> Result<Response> {
    let (typed, said, now) = (typed.to_owned(), problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        let record = account::require(context.read, own)?;
        let wait = record.moved_at.map_or(0, |last| limits::MOVE_AGAIN_MS - now.ms_since(last));
        let moved = moved_to(context, own)?;
        let page = Migration {
            token: token(site),
            moved_to: record.moved_to.as_deref().map(|uri| moved.as_deref().unwrap_or(uri)),
            wait_days: u64::try_from((wait + DAY_MS - 1).div_euclid(DAY_MS)).ok().filter(|_| wait > 0),
            between_days: WAIT_DAYS.unsigned_abs(),
            followers: context.account(own)?.followers_count,
            typed: &typed,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::migration(site, &page)))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

/// Where the account moved, as `name@domain`, if that is known here.
fn moved_to(context: &Context<'_>, own: AccountId) -> Result<Option<String>> {
    Ok(context.account(own)?.moved.as_ref().map(|moved| moved.acct.clone()))
}

fn token<'a>(site: &web::layout::Site<'a>) -> &'a str {
    site.viewer.map(|viewer| viewer.form_token).unwrap_or_default()
}
