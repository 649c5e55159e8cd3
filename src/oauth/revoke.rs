//! Giving access back (client API, oauth#revoke; RFC 7009).

use super::{client, refusal::Refusal};
use crate::{
    http::{Params, answer},
    server::Server,
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use storage::{
    SecretHash,
    oauth::{self, TOKENS},
};

/// `POST /oauth/revoke`
pub(super) async fn revoke(
    State(server): State<Server>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Refusal> {
    let application = match client::require(&server, &headers, &params).await {
        // Here the client API answers 403, where the token endpoint says 401.
        Err(Refusal::Client) => return Err(Refusal::ForeignToken),
        other => other?.id,
    };
    let Some(token) = params.str("token") else {
        return Err(Refusal::Request("Missing required parameter: token.".to_owned()));
    };
    let hash = SecretHash::of(token);
    let own = server
        .write(move |tx| {
            // An unknown token is as good as revoked (RFC 7009 §2.2).
            let Some(token) = TOKENS.get(tx, &hash)? else { return Ok(true) };
            if token.application != application {
                return Ok(false);
            }
            oauth::delete_token(tx, hash)?;
            Ok(true)
        })
        .await?;
    if !own {
        return Err(Refusal::ForeignToken);
    }
    server.access_cache().clear();
    Ok(answer::empty())
}
