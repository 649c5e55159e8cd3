//! Lives here: settings: one file a section, each with the page of its form and what the form does.
//! May use: `http`, `intake`, core rooms, `present`, `web`, `federation::fetch`. Must never name: `api`, `oauth`, `jobs`, `cli`.
//! Must never name: the client API's tokens, but to end them.
//! Invariants: a form calls the rule that the client API calls; whatever is refused, the page comes back and says why.

mod access;
mod cleanup;
mod data;
mod delete;
mod email;
mod emoji;
mod filters;
mod invites;
mod name;
mod notifications;
mod overview;
mod passkeys;
mod people;
mod posting;
mod profile;
mod push;
mod recovery;
mod relays;
mod reports;
mod second_factor;
mod tags;
mod transfer;

use crate::{
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, gone},
    },
    server::Server,
};
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use std::str::FromStr;

/// The routes of this folder.
pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/settings", get(overview::show))
        .route("/settings/profile", get(profile::form).post(profile::save))
        .route("/settings/posting", get(posting::posting).post(posting::save_posting))
        .route("/settings/reading", get(posting::reading).post(posting::save_reading))
        .route("/settings/push", get(push::show).post(push::save))
        .route("/settings/access", get(access::show).post(access::end))
        .route("/settings/second_factor", get(second_factor::show).post(second_factor::send))
        .route("/settings/second_factor/codes", get(second_factor::codes).post(second_factor::renew_codes))
        .route("/settings/email", get(email::show).post(email::change))
        .route("/settings/passkeys", get(passkeys::show).post(passkeys::change))
        .route("/settings/passkeys/challenge", post(passkeys::challenge))
        .route("/settings/reports", get(reports::show))
        .route(web::page::settings::relays::PATH, get(relays::show).post(relays::change))
        .route("/settings/recovery", get(recovery::show).post(recovery::keep))
        .route("/settings/blocks", get(people::blocks).post(people::change_blocks))
        .route("/settings/mutes", get(people::mutes).post(people::change_mutes))
        .route("/settings/domains", get(people::domains).post(people::change_domains))
        .route("/settings/filters", get(filters::list))
        .route("/settings/filters/{id}", get(filters::form).post(filters::send))
        .route("/settings/invites", get(invites::show).post(invites::change))
        .route("/settings/cleanup", get(cleanup::show).post(cleanup::save))
        .route("/settings/name", get(name::show).post(name::look))
        .route("/settings/name/take", post(name::take))
        .route("/settings/name/leave", post(name::leave))
        .route("/settings/notifications", get(notifications::show).post(notifications::save))
        .route("/settings/tags", get(tags::show).post(tags::change))
        .route("/settings/data", get(data::show))
        .route("/settings/data/archive", post(data::ask))
        .route("/settings/data/archive.tar.gz", get(data::take))
        .route("/settings/import", get(transfer::show).post(transfer::bring))
        .route("/settings/import/account", post(transfer::ask))
        .route("/settings/import/{id}", get(transfer::one))
        .route("/settings/export/{file}", get(transfer::take))
        .route("/settings/delete", get(delete::form).post(delete::delete))
        .route("/admin/emoji", get(emoji::list).post(emoji::add))
        .route("/admin/emoji/{code}", get(emoji::show).post(emoji::change))
        .route("/admin/emoji/{code}/delete", get(emoji::ask_remove).post(emoji::remove))
}

/// What becomes of a form: back to its page with a notice, or the page again with why not; other failures stay failures.
enum Outcome {
    Done(Response),
    Refused(String),
}

/// Tells refusals that whoever sent the form can do something about from other failures.
fn outcome(server: &Server, path: &str, notice: &'static str, result: Result<()>) -> Result<Outcome> {
    match result {
        Ok(()) => gone(server, path, notice).map(Outcome::Done),
        Err(Error::Invalid { why, .. }) => Ok(Outcome::Refused(why)),
        Err(Error::Forbidden(why)) => Ok(Outcome::Refused(why.to_owned())),
        Err(error) => Err(error),
    }
}

/// A number that may be left away.
fn number<T: FromStr>(form: &Form, field: &'static str) -> Result<Option<T>> {
    match form.text(field) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid(field, format!("{field} is no number"))),
    }
}

/// A page that says why a form was refused is answered so.
fn answered(page: Response, problem: Option<&str>) -> Response {
    answer::form_page(page, problem)
}
