//! Redirect uris: kept and compared as the application wrote them (client API, apps; SECURITY D1).

use crate::{
    error::{Error, Result},
    limits,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// "No redirect: show the code on a page" (client API, OAuth).
pub(super) const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// Schemes that run or read something in the browser instead of calling a program.
const FORBIDDEN: [&str; 9] =
    ["javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem", "mailto"];

const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Refuses what can be no redirect uri. It is not changed: `app://` stays `app://`.
pub(super) fn check(uri: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::invalid("redirect_uris", format!("redirect uri {why}")));
    if uri == OUT_OF_BAND {
        return Ok(());
    }
    if uri.len() > limits::OAUTH_TEXT_BYTES {
        return refuse(&format!("has {} bytes; at most {}", uri.len(), limits::OAUTH_TEXT_BYTES));
    }
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse("must be written in visible ASCII");
    }
    if uri.contains('#') {
        return refuse("must not have a fragment");
    }
    let Some(scheme) = scheme(uri) else { return refuse("must be absolute") };
    if FORBIDDEN.contains(&scheme.as_str()) {
        return refuse("has a scheme that is not allowed");
    }
    if matches!(scheme.as_str(), "http" | "https") && web_source(uri).is_none() {
        return refuse("must name a host");
    }
    Ok(())
}

/// The scheme in lower case (RFC 3986 §3.1).
fn scheme(uri: &str) -> Option<String> {
    let (scheme, _) = uri.split_once(':')?;
    let mut bytes = scheme.bytes();
    let first = bytes.next()?.is_ascii_alphabetic();
    let rest = bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    (first && rest).then(|| scheme.to_ascii_lowercase())
}

/// `https://host:port` of a web address.
fn web_source(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{host}{port}", url.scheme()))
}

/// What `form-action` of a page must allow so that its form may end at `uri` (Content Security Policy §6.4.2): browsers
/// check the redirect behind a form, too.
pub(super) fn form_action(uri: &str) -> String {
    if uri == OUT_OF_BAND {
        return "'self'".to_owned();
    }
    let target = match scheme(uri).as_deref() {
        Some("http" | "https") => web_source(uri),
        Some(scheme) => Some(format!("{scheme}:")),
        None => None,
    };
    target.map_or_else(|| "'self'".to_owned(), |target| format!("'self' {target}"))
}

/// `uri` with parameters appended to its own query, else untouched (RFC 6749 §4.1.2).
pub(super) fn with(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut target = uri.to_owned();
    for (name, value) in parameters {
        let separator = match target.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        target.push_str(separator);
        target.push_str(name);
        target.push('=');
        target.extend(utf8_percent_encode(value, QUERY_VALUE));
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_of_real_apps_are_accepted() {
        for good in [
            "icecubesapp://",
            "oauth2redirect://com.keylesspalace.tusky/",
            "urn:ietf:wg:oauth:2.0:oob",
            "https://elk.zone/api/a.test/oauth/https%3A%2F%2Felk.zone?x=1",
            "http://localhost:1234/cb",
            "tusky://x",
            "com.app.name:/callback",
            "http://127.0.0.1:9/",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JavaScript://x",
            "data:text/html,x",
            "/relative",
            "https://",
            "https://a.test/#f",
            "https://a.test/ä",
            "https://a.test/\nb",
            "1a://x",
            "",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&format!("app://{}", "x".repeat(limits::OAUTH_TEXT_BYTES))).is_err());
    }

    #[test]
    fn parameters_join_the_uris_own_query() {
        assert_eq!(with("app://", &[("code", "a b")]), "app://?code=a%20b");
        assert_eq!(
            with("https://e.test/cb?x=1", &[("code", "c"), ("state", "&=")]),
            "https://e.test/cb?x=1&code=c&state=%26%3D"
        );
        assert_eq!(with("https://e.test/cb?", &[("code", "c")]), "https://e.test/cb?code=c");
    }

    #[test]
    fn form_action_allows_just_the_target() {
        assert_eq!(form_action("icecubesapp://"), "'self' icecubesapp:");
        assert_eq!(form_action("https://Elk.zone/api?x;y"), "'self' https://elk.zone");
        assert_eq!(form_action("http://localhost:1234/cb"), "'self' http://localhost:1234");
        assert_eq!(form_action(OUT_OF_BAND), "'self'");
    }
}
