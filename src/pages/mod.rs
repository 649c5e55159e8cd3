//! Lives here: HTML handlers: read the request, call one rule or read, draw with `web`.
//! May use: `http`, core rooms, `present`, `web`, `federation::{fetch, collections, documents}`, `operate::{naming, doctor}`.
//! Must never name: `api`, `oauth`, `jobs`, `cli`.
//! Invariants: everything works without JavaScript; forms carry a token; after a POST comes a redirect.

mod about;
mod assets;
mod draw;
mod first_run;
mod front;
mod media;
mod moving;
mod name;
mod neighbours;
mod profile;
mod status;
mod tag;

use crate::server::Server;
use axum::{
    Router,
    routing::{get, post},
};

/// All pages.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/", get(front::show))
        .route("/about", get(about::show))
        .route("/privacy-policy", get(about::privacy_policy))
        .route("/terms-of-service", get(about::terms_of_service))
        .route("/@{name}", get(profile::posts))
        .route("/@{name}/with_replies", get(profile::with_replies))
        .route("/@{name}/{id}", get(status::show))
        .route("/tags/{name}", get(tag::show))
        .route("/settings/aliases", get(moving::aliases).post(moving::add_alias))
        .route("/settings/aliases/remove", post(moving::remove_alias))
        .route("/settings/migration", get(moving::migration).post(moving::migrate))
        .route("/settings/migration/back", post(moving::come_back))
        .route("/first-run", get(first_run::form).post(first_run::create))
        .route("/first-run/name", post(name::look))
        .route("/first-run/name/take", post(name::take))
        .route("/first-run/name/leave", post(name::leave))
        .merge(assets::routes())
        .merge(media::routes())
}
