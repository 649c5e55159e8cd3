//! What this authorization server offers (RFC 8414; client API, oauth). Some apps use PKCE only if it is said here.

use super::scope;
use crate::{http::json, server::Server};
use axum::{extract::State, response::Response};
use web::entity::ServerMetadata;

/// `GET /.well-known/oauth-authorization-server`
pub(super) async fn show(State(server): State<Server>) -> Response {
    let url = |path: &str| server.origin().url(path);
    json(&ServerMetadata {
        issuer: url("/"),
        service_documentation: "https://docs.joinmastodon.org/".to_owned(),
        authorization_endpoint: url("/oauth/authorize"),
        token_endpoint: url("/oauth/token"),
        app_registration_endpoint: url("/api/v1/apps"),
        revocation_endpoint: url("/oauth/revoke"),
        userinfo_endpoint: url("/oauth/userinfo"),
        scopes_supported: scope::ALL.to_vec(),
        response_types_supported: vec!["code"],
        response_modes_supported: vec!["query"],
        grant_types_supported: vec!["authorization_code", "client_credentials"],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
        code_challenge_methods_supported: vec!["S256"],
    })
}
