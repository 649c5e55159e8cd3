//! Which application calls: id and secret by HTTP Basic or in the body (RFC 6749 §2.3.1).

use super::refusal::Refusal;
use crate::{http::Params, server::Server};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use percent_encoding::percent_decode_str;
use storage::{
    SecretHash,
    oauth::{self, Application},
};

/// The application that proves itself with its secret.
///
/// # Errors
/// `Client` if it is unknown, says nothing, or its secret is wrong: all the same answer.
pub(super) async fn require(server: &Server, headers: &HeaderMap, params: &Params) -> Result<Application, Refusal> {
    let in_body = || Some((params.str("client_id")?.to_owned(), params.str("client_secret")?.to_owned()));
    let (id, secret) = basic(headers).or_else(in_body).ok_or(Refusal::Client)?;
    let found = server.read(move |view| Ok(oauth::find_application(view, &id)?)).await?;
    let application = found.ok_or(Refusal::Client)?;
    let given = SecretHash::of(&secret).0;
    match aws_lc_rs::constant_time::verify_slices_are_equal(&given, &application.client_secret_hash) {
        Ok(()) => Ok(application),
        Err(_) => Err(Refusal::Client),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    Some((decode(id)?, decode(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read() {
        let headers = |value: &str| HeaderMap::from_iter([(AUTHORIZATION, value.parse().expect("a header"))]);
        let both = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic(&headers("Basic YTpi")), both("a", "b"));
        assert_eq!(basic(&headers(&format!("basic {}", STANDARD.encode("a%3A:b:c")))), both("a:", "b:c"));
        assert_eq!(basic(&headers("Bearer YTpi")), None);
        assert_eq!(basic(&headers("Basic !!")), None);
    }
}
