//! Lives here: OAuth 2 as Mastodon's clients do it (client API, OAuth): applications, sign-in, approval, tokens.
//! May use: `http`, `user`, `storage::{oauth, user}`, `web` for its pages.
//! Must never name: `api`, `pages`, `federation`, `jobs`.
//! Invariants: secrets are stored as hashes only; a code is used once; a scope never grows; redirect uris match whole.

mod applications;
mod authorize;
mod client;
mod draw;
mod grant;
mod metadata;
mod redirect;
mod refusal;
mod revoke;
mod scope;
mod sign_in;
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
        .route("/oauth/authorize", get(authorize::ask).post(authorize::decide))
        .route("/oauth/authorize/native", get(authorize::show_code))
        .route("/oauth/token", post(token::create))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
        .route("/auth/sign_in", get(sign_in::form).post(sign_in::sign_in))
        .route("/auth/sign_out", post(sign_in::sign_out))
}
