//! What programs that read the web on their own are asked to leave alone.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// As Mastodon's: copies of other servers' pictures, and forms that ask a guest where they are at home; also where one signs
/// in, which has an address of its own for each page that leads there (RFC 9309 §2.2).
const RULES: &str = "\
User-agent: *
Disallow: /media/remote/
Disallow: /interact
Disallow: /authorize_interaction
Disallow: /share
Disallow: /auth/
Disallow: /oauth/
";

/// `GET /robots.txt`
pub(super) async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    (headers, RULES).into_response()
}
