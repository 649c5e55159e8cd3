//! Refusals in the words of OAuth (RFC 6749 §5.2): `{error, error_description}`.

use crate::{error::Error, http::Json};
use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, WWW_AUTHENTICATE},
};
use serde::Serialize;

/// Why a program is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Unknown application, or its secret is wrong.
    Client,
    /// The application may not do this with somebody else's token.
    ForeignToken,
    /// The code is unknown, used, expired or another's; or the proof of it is wrong.
    Grant(&'static str),
    /// A grant type that is not offered.
    GrantType,
    /// More than the application registered.
    Scope,
    /// Something is missing or unreadable.
    Request(String),
    /// Everything that is not OAuth's own.
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid { why, .. } => Refusal::Request(why),
            other => Refusal::Other(other),
        }
    }
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        Refusal::Other(error.into())
    }
}

#[derive(Serialize)]
struct Said {
    error: &'static str,
    error_description: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Refusal::Other(error) => return error.into_response(),
            Refusal::Client => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported \
                 authentication method."
                    .to_owned(),
            ),
            Refusal::ForeignToken => {
                (StatusCode::FORBIDDEN, "unauthorized_client", "You are not authorized to revoke this token".to_owned())
            }
            Refusal::Grant(why) => (StatusCode::BAD_REQUEST, "invalid_grant", why.to_owned()),
            Refusal::GrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.".to_owned(),
            ),
            Refusal::Scope => (
                StatusCode::BAD_REQUEST,
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.".to_owned(),
            ),
            Refusal::Request(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
        };
        let mut response = (status, Json(Said { error, error_description: description })).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Dassie\""));
        }
        response
    }
}
