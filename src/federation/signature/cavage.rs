//! draft-cavage-http-signatures-12, as the fediverse speaks it (FEDERATION §4).

use super::{
    Hash, KeyId, PrivateKey, PublicKey, Refusal, RequestParts, Scheme, Verified, digest, expired, field, fields,
    has_body, in_window, origin_authority, time_of,
};
use crate::error::Result as AppResult;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method};
use storage::Timestamp;
use url::Url;

/// What a `Signature` header says.
struct Claim {
    key_id: String,
    algorithm: Option<String>,
    created: Option<i64>,
    expires: Option<i64>,
    covered: Vec<String>,
    signature: Vec<u8>,
}

pub(super) fn key_id(headers: &HeaderMap) -> Result<KeyId, Refusal> {
    Ok(KeyId(Claim::read(headers)?.key_id))
}

pub(super) fn verify(
    request: &RequestParts<'_>,
    key: &PublicKey,
    now: Timestamp,
    origin: &Url,
) -> Result<Verified, Refusal> {
    let claim = Claim::read(request.headers)?;
    let hash = algorithm(&claim, key)?;
    check_coverage(&claim, has_body(request))?;
    let signed_at = check_window(&claim, request.headers, now)?;
    if claim.covers("digest") || has_body(request) {
        digest::check_digest(request.headers, request.body)?;
    }
    check_signature(request, &claim, key, hash, origin)?;
    let Claim { key_id, covered, .. } = claim;
    Ok(Verified { key_id: KeyId(key_id), scheme: Scheme::Cavage, covered, signed_at })
}

impl Claim {
    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut lines = headers.get_all("signature").iter();
        let line = lines.next().ok_or(Refusal::Missing)?;
        if lines.next().is_some() {
            return Err(Refusal::Malformed("more than one Signature header"));
        }
        let text = std::str::from_utf8(line.as_bytes()).map_err(|_| Refusal::Malformed("not UTF-8"))?;
        let mut parts = fields::parameters(text).ok_or(Refusal::Malformed("not a list of unique parameters"))?;
        let mut take = |name: &str| {
            let at = parts.iter().position(|(found, _)| found.eq_ignore_ascii_case(name))?;
            Some(parts.swap_remove(at).1)
        };
        let seconds = |text: Option<String>| match text {
            // The draft allows fractions; whole seconds are enough for a window of an hour.
            Some(text) => match text.split('.').next().unwrap_or("").parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(Refusal::Malformed("created or expires is not a number")),
            },
            None => Ok(None),
        };
        let signature = take("signature").ok_or(Refusal::Malformed("no signature parameter"))?;
        let covered = take("headers").unwrap_or_else(|| "date".to_owned()).to_ascii_lowercase();
        let covered: Vec<String> = covered.split_ascii_whitespace().map(str::to_owned).collect();
        for (at, name) in covered.iter().enumerate() {
            if covered[..at].contains(name) {
                return Err(Refusal::Malformed("a header is covered twice"));
            }
            if at >= crate::limits::SIGNATURE_PARTS_MAX {
                return Err(Refusal::Malformed("too many headers are covered"));
            }
        }
        Ok(Claim {
            key_id: take("keyid").ok_or(Refusal::Malformed("no keyId parameter"))?,
            algorithm: take("algorithm"),
            created: seconds(take("created"))?,
            expires: seconds(take("expires"))?,
            covered,
            signature: STANDARD.decode(signature).map_err(|_| Refusal::Malformed("signature is not base64"))?,
        })
    }

    fn covers(&self, name: &str) -> bool {
        self.covered.iter().any(|covered| covered == name)
    }
}

/// The key decides; what the header names must agree with it.
fn algorithm(claim: &Claim, key: &PublicKey) -> Result<Hash, Refusal> {
    let Some(name) = &claim.algorithm else { return Ok(Hash::Sha256) };
    match (name.to_ascii_lowercase().as_str(), key.is_ed25519()) {
        ("hs2019", _) | ("ed25519", true) => Ok(Hash::Sha256),
        // §2.3: `(created)` with rsa-* is an error; old signers know only Date.
        ("rsa-sha256" | "rsa-sha512", false) if claim.covers("(created)") || claim.covers("(expires)") => {
            Err(Refusal::Malformed("(created) or (expires) with an rsa-* algorithm"))
        }
        ("rsa-sha256", false) => Ok(Hash::Sha256),
        ("rsa-sha512", false) => Ok(Hash::Sha512),
        _ => Err(Refusal::UnsupportedAlgorithm),
    }
}

fn check_coverage(claim: &Claim, has_body: bool) -> Result<(), Refusal> {
    if !claim.covers("host") {
        return Err(Refusal::Coverage("host"));
    }
    if !claim.covers("date") && !claim.covers("(created)") {
        return Err(Refusal::Coverage("date or (created)"));
    }
    if has_body && !claim.covers("digest") {
        return Err(Refusal::Coverage("digest"));
    }
    // Mastodon tolerates an uncovered target where the digest says which body was meant.
    if !claim.covers("(request-target)") && !claim.covers("digest") {
        return Err(Refusal::Coverage("(request-target)"));
    }
    Ok(())
}

/// Answers when it was signed: by its Date, or else by its `(created)`, one of which it covers.
fn check_window(claim: &Claim, headers: &HeaderMap, now: Timestamp) -> Result<Timestamp, Refusal> {
    let mut signed_at = None;
    if claim.covers("date") {
        let text = field(headers, "date").ok_or(Refusal::Malformed("date is covered but absent"))??;
        let date = http_date(&text).ok_or(Refusal::Malformed("Date is not a date"))?;
        if !in_window(date, now) {
            return Err(Refusal::OutsideWindow);
        }
        signed_at = Some(time_of(date));
    }
    if claim.covers("(created)") {
        let created = claim.created.ok_or(Refusal::Malformed("(created) is covered but absent"))?;
        if !in_window(created, now) {
            return Err(Refusal::OutsideWindow);
        }
        signed_at = signed_at.or(Some(time_of(created)));
    }
    match claim.expires {
        Some(expires) if expired(expires, now) => Err(Refusal::OutsideWindow),
        None if claim.covers("(expires)") => Err(Refusal::Malformed("(expires) is covered but absent")),
        _ => signed_at.ok_or(Refusal::Coverage("date or (created)")),
    }
}

/// Seconds since 1970 of an HTTP date (RFC 9110 §5.6.7, the preferred form).
fn http_date(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(text).ok().map(|time| time.as_second())
}

/// An HTTP date of a time.
fn write_http_date(time: Timestamp) -> AppResult<String> {
    jiff::Timestamp::from_millisecond(time.0)
        .and_then(|time| jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time))
        .map_err(|error| crate::error::Error::Bug(format!("date {}: {error}", time.0)))
}

/// With the query first, then without: old Mastodon and GoToSocial leave it out (FEDERATION §4).
fn check_signature(
    request: &RequestParts<'_>,
    claim: &Claim,
    key: &PublicKey,
    hash: Hash,
    origin: &Url,
) -> Result<(), Refusal> {
    let whole = signing_string(request, claim, request.path_and_query, origin)?;
    let first = key.check(whole.as_bytes(), &claim.signature, hash);
    match request.path_and_query.split_once('?') {
        Some((path, _)) if first.is_err() && claim.covers("(request-target)") => {
            let short = signing_string(request, claim, path, origin)?;
            key.check(short.as_bytes(), &claim.signature, hash)
        }
        _ => first,
    }
}

fn signing_string(request: &RequestParts<'_>, claim: &Claim, target: &str, origin: &Url) -> Result<String, Refusal> {
    let number =
        |number: Option<i64>| number.map(|n| n.to_string()).ok_or(Refusal::Malformed("a covered time is absent"));
    let mut out = String::with_capacity(512);
    for name in &claim.covered {
        let value = match name.as_str() {
            "(request-target)" => format!("{} {target}", request.method.as_str().to_ascii_lowercase()),
            "(created)" => number(claim.created)?,
            "(expires)" => number(claim.expires)?,
            "host" => signed_host(request.headers, origin)?,
            name => field(request.headers, name).ok_or(Refusal::Malformed("a covered header is absent"))??,
        };
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(name);
        out.push_str(": ");
        out.push_str(&value);
    }
    Ok(out)
}

/// The host a signature must have been made for is ours: as the request spells it, or, where a proxy wrote its own
/// name there, as the configured origin spells it. A request made for another server never verifies.
fn signed_host(headers: &HeaderMap, origin: &Url) -> Result<String, Refusal> {
    let ours = origin_authority(origin);
    let sent = field(headers, "host").ok_or(Refusal::Malformed("host is covered but absent"))??;
    let default = if origin.scheme() == "https" { ":443" } else { ":80" };
    let same = sent.eq_ignore_ascii_case(&ours)
        || sent.strip_suffix(default).is_some_and(|host| host.eq_ignore_ascii_case(&ours));
    Ok(if same { sent } else { ours })
}

/// Signs a request: sets `Host`, `Date`, `Digest` (for a body) and `Signature`.
///
/// Covers `(request-target) host date digest content-type` of a POST, `(request-target) host date accept` of a GET, and
/// what is said of followers (FEP-8fcf); of the last ones what is there. To be done anew for every attempt: it carries the time.
///
/// # Errors
/// `Bug` if the key or a header value cannot be used.
pub fn sign(
    method: &Method,
    url: &Url,
    headers: &mut HeaderMap,
    body: Option<&[u8]>,
    key_id: &str,
    key: &PrivateKey,
    now: Timestamp,
) -> AppResult<()> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    sign_target(target, (method, url), headers, body, (key_id, key, now))
}

/// As `sign`, the target without its query: some servers verify that alone (FEDERATION §4).
///
/// # Errors
/// As `sign`.
pub fn sign_by_path(
    method: &Method,
    url: &Url,
    headers: &mut HeaderMap,
    body: Option<&[u8]>,
    key_id: &str,
    key: &PrivateKey,
    now: Timestamp,
) -> AppResult<()> {
    let target = &url[url::Position::BeforePath..url::Position::AfterPath];
    sign_target(target, (method, url), headers, body, (key_id, key, now))
}

fn sign_target(
    target: &str,
    (method, url): (&Method, &Url),
    headers: &mut HeaderMap,
    body: Option<&[u8]>,
    (key_id, key, now): (&str, &PrivateKey, Timestamp),
) -> AppResult<()> {
    let bug = |_| crate::error::Error::Bug("header value is not printable".to_owned());
    headers.insert("host", HeaderValue::from_str(&origin_authority(url)).map_err(bug)?);
    headers.insert("date", HeaderValue::from_str(&write_http_date(now)?).map_err(bug)?);
    let mut covered = vec!["(request-target)", "host", "date"];
    if let Some(body) = body {
        headers.insert("digest", HeaderValue::from_str(&digest::digest_header(body)).map_err(bug)?);
        covered.push("digest");
    }
    let last = if body.is_some() { "content-type" } else { "accept" };
    for name in [last, super::FOLLOWERS_HEADER] {
        if headers.contains_key(name) {
            covered.push(name);
        }
    }
    let claim = Claim {
        key_id: String::new(),
        algorithm: None,
        created: None,
        expires: None,
        covered: covered.iter().map(|name| (*name).to_owned()).collect(),
        signature: Vec::new(),
    };
    let request = RequestParts { method, path_and_query: target, headers, body: body.unwrap_or_default() };
    let text = signing_string(&request, &claim, target, url)
        .map_err(|refusal| crate::error::Error::Bug(format!("own request: {refusal}")))?;
    let signature = STANDARD.encode(key.sign(text.as_bytes())?);
    let header = format!(
        "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{}\",signature=\"{signature}\"",
        covered.join(" ")
    );
    headers.insert("signature", HeaderValue::from_str(&header).map_err(bug)?);
    Ok(())
}
