//! Lives here: OAuth 2 as Mastodon's clients do it (client API, OAuth): applications, signing up and in, approval, tokens.
//! May use: `http`, `present`, `user`, `storage::{oauth, user}`, `web` for its pages.
//! Must never name: `api`, `pages`, `federation`, `jobs`.
//! Invariants: secrets are stored as hashes only; a code is used once; a scope never grows; redirect uris match whole; no
//! session begins without the second step of whoever has one.

mod applications;
mod authorize;
mod client;
mod confirmation;
mod draw;
mod grant;
mod metadata;
mod passkey;
mod password;
mod recovery;
mod redirect;
mod refusal;
mod revoke;
mod scope;
mod second_step;
mod sign_in;
mod sign_up;
mod token;
mod userinfo;

use crate::server::Server;
use axum::{
    Router,
    routing::{get, post},
};

/// All routes of OAuth and sign-in.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/apps", post(applications::create))
        .route("/oauth/authorize", get(authorize::ask).post(authorize::decide).delete(authorize::deny))
        .route("/oauth/authorize/native", get(authorize::show_code))
        .route("/oauth/token", post(token::create))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
        .route("/auth/sign_in", get(sign_in::form).post(sign_in::sign_in))
        .route("/auth/passkey", post(passkey::enter))
        .route("/auth/passkey/challenge", post(passkey::challenge))
        .route("/auth/second_step", get(second_step::form).post(second_step::pass))
        .route("/auth/sign_out", post(sign_in::sign_out))
        .route("/api/v1/accounts", post(sign_up::by_application))
        .route("/api/v1/emails/confirmations", post(confirmation::again))
        .route("/api/v1/emails/check_confirmation", get(confirmation::check))
        .route("/auth/sign_up", get(sign_up::form).post(sign_up::by_form))
        .route("/invite/{code}", get(sign_up::invited))
        .route("/auth/confirmation", get(confirmation::form).post(confirmation::confirm))
        .route("/auth/done", get(confirmation::done))
        .route("/auth/password/new", get(password::forgotten))
        .route("/auth/password", post(password::ask))
        .route("/auth/password/edit", get(password::form).post(password::reset))
        .route("/auth/email", get(confirmation::form_of_email).post(confirmation::confirm_email))
        .route("/auth/recovery", get(recovery::form).post(recovery::reset))
        .route("/auth/edit", get(password::change_form).post(password::change))
        .route("/.well-known/change-password", get(password::well_known))
}
