//! Moving between accounts: whom one names as one's own, and moving away. Plain forms for whoever is signed in.

use super::draw::{Found, draw};
use crate::{
    account::{self, alias},
    error::{Error, Result},
    federation::fetch,
    http::{
        Params,
        rate::{Bucket, Who},
        session::{self, Browser},
    },
    limits,
    present::Context,
    relationship,
    server::Server,
    user::verify_password,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use storage::{AccountId, user};
use web::page::moving::{self as page, Aliases, Migration, Named};

const ALIASES: &str = "/settings/aliases";
const MIGRATION: &str = "/settings/migration";
/// The time between two moves in days, as the page says it.
const WAIT_DAYS: i64 = limits::MOVE_AGAIN_MS / (24 * 60 * 60_000);

/// `GET /settings/aliases`
pub(super) async fn aliases(State(server): State<Server>, browser: Option<Browser>) -> Result<Response> {
    match browser {
        Some(browser) => show_aliases(&server, &browser, "", None).await,
        None => Ok(sign_in(ALIASES)),
    }
}

/// `POST /settings/aliases`
pub(super) async fn add_alias(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    check(&server, &browser, &headers, &params)?;
    let (typed, origin, own) = (text(&params, "acct"), server.origin().clone(), browser.account);
    let outcome = match fetch::handle_anew(&server, &typed).await {
        Ok(other) => server.write(move |tx| alias::add(tx, &origin, own, other)).await,
        Err(error) => Err(error),
    };
    match problem(outcome, &typed)? {
        None => Ok(Redirect::to(ALIASES).into_response()),
        Some(why) => show_aliases(&server, &browser, &typed, Some(why)).await,
    }
}

/// `POST /settings/aliases/remove`
pub(super) async fn remove_alias(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    check(&server, &browser, &headers, &params)?;
    let (uri, own) = (text(&params, "uri"), browser.account);
    match server.write(move |tx| alias::remove(tx, own, &uri)).await {
        // Gone already, in another window perhaps.
        Ok(()) | Err(Error::NotFound) => Ok(Redirect::to(ALIASES).into_response()),
        Err(error) => Err(error),
    }
}

/// `GET /settings/migration`
pub(super) async fn migration(State(server): State<Server>, browser: Option<Browser>) -> Result<Response> {
    match browser {
        Some(browser) => show_migration(&server, &browser, "", None).await,
        None => Ok(sign_in(MIGRATION)),
    }
}

/// `POST /settings/migration`
pub(super) async fn migrate(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    check(&server, &browser, &headers, &params)?;
    let (typed, origin, own) = (text(&params, "acct"), server.origin().clone(), browser.account);
    if !knows_password(&server, own, params.str("password").unwrap_or_default().to_owned()).await? {
        let why = "This is not your password.".to_owned();
        return show_migration(&server, &browser, &typed, Some(why)).await;
    }
    let outcome = match fetch::handle_anew(&server, &typed).await {
        Ok(to) => server.write(move |tx| relationship::move_away(tx, &origin, own, to)).await,
        Err(error) => Err(error),
    };
    match problem(outcome, &typed)? {
        None => Ok(Redirect::to(MIGRATION).into_response()),
        Some(why) => show_migration(&server, &browser, &typed, Some(why)).await,
    }
}

/// `POST /settings/migration/back`
pub(super) async fn come_back(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    check(&server, &browser, &headers, &params)?;
    let own = browser.account;
    match server.write(move |tx| relationship::come_back(tx, own)).await {
        // Back already, in another window perhaps.
        Ok(()) | Err(Error::Invalid { .. }) => Ok(Redirect::to(MIGRATION).into_response()),
        Err(error) => Err(error),
    }
}

fn sign_in(return_to: &str) -> Response {
    Redirect::to(&format!("/auth/sign_in?return_to={return_to}")).into_response()
}

fn check(server: &Server, browser: &Browser, headers: &HeaderMap, params: &Params) -> Result<()> {
    session::check_same_site(server, headers)?;
    browser.check_form(params.str("authenticity_token"))
}

fn text(params: &Params, name: &str) -> String {
    params.str(name).unwrap_or_default().trim().to_owned()
}

/// What is wrong with what was typed, in words for people; other failures stay failures.
fn problem(outcome: Result<()>, typed: &str) -> Result<Option<String>> {
    match outcome {
        Ok(()) => Ok(None),
        Err(Error::Invalid { why, .. }) => Ok(Some(why)),
        Err(Error::NotFound | Error::Gone) => Ok(Some(format!("nobody is called {}", account::excerpt(typed)))),
        Err(Error::Remote { host, .. }) => Ok(Some(format!("{host} does not say who that is; perhaps later"))),
        Err(Error::Forbidden(why)) => Ok(Some(why.to_owned())),
        Err(error) => Err(error),
    }
}

/// Whether whoever sits before a signed-in browser knows its password; slow for guessers.
async fn knows_password(server: &Server, account: AccountId, password: String) -> Result<bool> {
    // No name that somebody types to sign in begins with a blank.
    server.rates().take(Bucket::SignInName, Who::named(&format!(" account {account}")), server.now())?;
    let stored = server.read(move |view| Ok(user::find(view, account)?.map(|user| user.password_hash))).await?;
    server.stretch(move || verify_password(&password, stored.as_deref())).await
}

async fn show_aliases(server: &Server, browser: &Browser, typed: &str, problem: Option<String>) -> Result<Response> {
    let (own, typed, refused) = (browser.account, typed.to_owned(), problem.is_some());
    let shown = draw(server, Some(browser), move |context, site| {
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
    shown.await.map(|response| judged(response, refused))
}

async fn show_migration(server: &Server, browser: &Browser, typed: &str, problem: Option<String>) -> Result<Response> {
    let (own, typed, refused, now) = (browser.account, typed.to_owned(), problem.is_some(), server.now());
    let shown = draw(server, Some(browser), move |context, site| {
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
    shown.await.map(|response| judged(response, refused))
}

const DAY_MS: i64 = 24 * 60 * 60_000;

/// Where the account moved, as `name@domain`, if that is known here.
fn moved_to(context: &Context<'_>, own: AccountId) -> Result<Option<String>> {
    Ok(context.account(own)?.moved.as_ref().map(|moved| moved.acct.clone()))
}

fn token<'a>(site: &web::layout::Site<'a>) -> &'a str {
    site.viewer.map(|viewer| viewer.form_token).unwrap_or_default()
}

fn judged(mut response: Response, refused: bool) -> Response {
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}
