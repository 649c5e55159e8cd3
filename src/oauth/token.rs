//! Giving out tokens (client API, oauth#token; RFC 6749 §4.1.3, §4.4; RFC 7636).

use super::{
    applications::write_although_full,
    client,
    grant::{self, Exchange},
    refusal::Refusal,
    scope,
};
use crate::{
    http::{
        Params, Scopes,
        exchange::Client,
        json,
        rate::{Bucket, Who},
    },
    server::Server,
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, header::CACHE_CONTROL};
use storage::{
    ApplicationId, SecretHash, Timestamp, Tx,
    oauth::{self, Application, Token},
};
use web::entity;

/// `POST /oauth/token`
pub(super) async fn create(
    State(server): State<Server>,
    Client(address): Client,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Refusal> {
    match params.str("grant_type") {
        Some("authorization_code") => {
            let application = client::require(&server, &headers, &params).await?;
            exchange(&server, application.id, &params).await
        }
        Some("client_credentials") => {
            let application = client::require(&server, &headers, &params).await?;
            server.rates().take(Bucket::OwnToken, Who::address(address), server.now())?;
            give_own(&server, &application, &params).await
        }
        Some(_) => Err(Refusal::GrantType),
        None => Err(Refusal::Request("Missing required parameter: grant_type.".to_owned())),
    }
}

async fn exchange(server: &Server, application: ApplicationId, params: &Params) -> Result<Response, Refusal> {
    let missing = |name: &str| Refusal::Request(format!("Missing required parameter: {name}."));
    let code = SecretHash::of(params.str("code").ok_or_else(|| missing("code"))?);
    let redirect_uri = params.str("redirect_uri").ok_or_else(|| missing("redirect_uri"))?.to_owned();
    let verifier = params.str("code_verifier").map(str::to_owned);
    let secret = server.secret();
    let hash = SecretHash::of(&secret);
    let exchanged = server
        .write(move |tx| grant::exchange(tx, code, application, &redirect_uri, verifier.as_deref(), hash))
        .await?;
    match exchanged {
        Exchange::Token(token) => Ok(given(secret, token.scopes, token.created_at)),
        Exchange::Refused(why) => Err(Refusal::Grant(why)),
        Exchange::Reused => {
            // The token made from the code is gone; it must not live on in memory.
            server.access_cache().clear();
            Err(Refusal::Grant("The authorization code was used before; the access it gave is revoked."))
        }
    }
}

async fn give_own(server: &Server, application: &Application, params: &Params) -> Result<Response, Refusal> {
    let scopes = scope::parse(params.str("scope")).map_err(|_| Refusal::Scope)?;
    if !Scopes::new(application.scopes.clone()).cover(&scopes) {
        return Err(Refusal::Scope);
    }
    let secret = server.secret();
    let (hash, id, scopes) = (SecretHash::of(&secret), application.id, scopes.into_vec());
    let give = move |tx: &mut Tx<'_>| {
        // It may have been removed since its secret was looked at.
        if !oauth::APPLICATIONS.contains(tx, &id)? {
            return Ok(None);
        }
        let token =
            Token { id: tx.next_id(), application: id, account: None, scopes: scopes.clone(), created_at: tx.now() };
        oauth::put_token(tx, hash, &token);
        Ok(Some(token))
    };
    let token = write_although_full(server, give).await?.ok_or(Refusal::Client)?;
    Ok(given(secret, token.scopes, token.created_at))
}

/// A token as it is given out.
pub(super) fn given(access_token: String, scopes: Vec<String>, created_at: Timestamp) -> Response {
    // It never expires, so there is nothing to refresh.
    let token = entity::Token {
        access_token,
        token_type: "Bearer",
        scope: Scopes::new(scopes).to_string(),
        created_at: created_at.0.div_euclid(1000),
    };
    let mut response = json(&token);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
