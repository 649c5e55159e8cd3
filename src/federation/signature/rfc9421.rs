//! RFC 9421, HTTP message signatures, in the profile of the fediverse (FEDERATION §4).

use super::{
    Hash, KeyId, MAIN_KEY, PROOF_KEY, PrivateKey, PublicKey, Refusal, RequestParts, Scheme, Verified, digest, expired,
    field, fields, has_body, in_window, origin_authority, time_of,
};
use crate::error::{Error, Result as AppResult};
use base64::{Engine, engine::general_purpose::STANDARD};
use fields::{Bare, Parameters, Value};
use http::{HeaderMap, HeaderValue, Method};
use storage::Timestamp;
use url::Url;

/// One signature of a request.
struct Claim {
    components: Vec<(Bare, Parameters)>,
    parameters: Parameters,
    signature: Vec<u8>,
}

pub(super) fn key_id(headers: &HeaderMap) -> Result<KeyId, Refusal> {
    Claim::choose(headers)?.key_id()
}

pub(super) fn verify(
    request: &RequestParts<'_>,
    key: &PublicKey,
    now: Timestamp,
    origin: &Url,
) -> Result<Verified, Refusal> {
    let claim = Claim::choose(request.headers)?;
    let key_id = claim.key_id()?;
    match (claim.text("alg"), key.is_ed25519()) {
        (None, _) | (Some("rsa-v1_5-sha256"), false) | (Some("ed25519"), true) => {}
        _ => return Err(Refusal::UnsupportedAlgorithm),
    }
    let covered = claim.covered()?;
    check_coverage(&covered, request)?;
    let created = claim.seconds("created")?.ok_or(Refusal::Coverage("created"))?;
    let expires = claim.seconds("expires")?;
    if !in_window(created, now) || expires.is_some_and(|expires| expired(expires, now)) {
        return Err(Refusal::OutsideWindow);
    }
    if covered.iter().any(|name| name == "content-digest") || has_body(request) {
        digest::check_content_digest(request.headers, request.body)?;
    }
    let check = |fragment| {
        let base = signature_base(request, &covered, &claim, origin, fragment)?;
        key.check(base.as_bytes(), &claim.signature, Hash::Sha256)
    };
    match check("") {
        // Fedify signs the address of a key as the key is called.
        Err(Refusal::BadSignature) if request.method == Method::GET && covers(&covered, "@target-uri") => {
            check(MAIN_KEY).or_else(|_| check(PROOF_KEY))?;
        }
        verdict => verdict?,
    }
    Ok(Verified { key_id, scheme: Scheme::Rfc9421, covered, signed_at: time_of(created) })
}

impl Claim {
    /// The first label that names an http(s) key and has a signature; failing that, the first with a signature.
    fn choose(headers: &HeaderMap) -> Result<Self, Refusal> {
        let inputs = field(headers, "signature-input").ok_or(Refusal::Missing)??;
        let signatures = field(headers, "signature").ok_or(Refusal::Missing)??;
        let inputs = fields::dictionary(&inputs).ok_or(Refusal::Malformed("Signature-Input"))?;
        let signatures = fields::dictionary(&signatures).ok_or(Refusal::Malformed("Signature"))?;
        let mut claims = inputs.into_iter().filter_map(|(label, input)| {
            let Value::List(components) = input.value else { return None };
            let (_, signature) = signatures.iter().find(|(other, _)| *other == label)?;
            let Value::Bare(Bare::Bytes(signature)) = &signature.value else { return None };
            Some(Claim { components, parameters: input.parameters, signature: signature.clone() })
        });
        let first = claims.next().ok_or(Refusal::Malformed("no label has both an input and a signature"))?;
        if first.names_http_key() {
            return Ok(first);
        }
        Ok(claims.find(Claim::names_http_key).unwrap_or(first))
    }

    fn names_http_key(&self) -> bool {
        self.text("keyid").is_some_and(|id| id.starts_with("https://") || id.starts_with("http://"))
    }

    fn parameter(&self, name: &str) -> Option<&Bare> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.parameter(name)? {
            Bare::String(text) => Some(text),
            _ => None,
        }
    }

    fn seconds(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.parameter(name) {
            None => Ok(None),
            Some(Bare::Integer(seconds)) => Ok(Some(*seconds)),
            Some(_) => Err(Refusal::Malformed("created or expires is not a number")),
        }
    }

    fn key_id(&self) -> Result<KeyId, Refusal> {
        self.text("keyid").map(|id| KeyId(id.to_owned())).ok_or(Refusal::Malformed("no keyid"))
    }

    /// Names of the components: plain ones only, each once (§2.5).
    fn covered(&self) -> Result<Vec<String>, Refusal> {
        let mut out: Vec<String> = Vec::with_capacity(self.components.len());
        for (name, parameters) in &self.components {
            let Bare::String(name) = name else { return Err(Refusal::Malformed("a component is not a string")) };
            if !parameters.is_empty() {
                return Err(Refusal::Coverage("plain components only: parameters are not understood"));
            }
            if out.contains(name) {
                return Err(Refusal::Malformed("a component is covered twice"));
            }
            if name.chars().any(|c| c.is_ascii_uppercase() || c.is_control()) {
                return Err(Refusal::Malformed("a component is not in lower case"));
            }
            out.push(name.clone());
        }
        Ok(out)
    }
}

fn covers(covered: &[String], name: &str) -> bool {
    covered.iter().any(|covered| covered == name)
}

fn check_coverage(covered: &[String], request: &RequestParts<'_>) -> Result<(), Refusal> {
    let covers = |name: &str| covers(covered, name);
    if !covers("@method") {
        return Err(Refusal::Coverage("@method"));
    }
    // A covered body says what is meant (RFC 9421 §4.3 leaves the query out there); a GET's query is all it says.
    let query_matters = request.path_and_query.contains('?') && !covers("content-digest");
    let parts = covers("@authority") && covers("@path") && (covers("@query") || !query_matters);
    if !covers("@target-uri") && !parts {
        return Err(Refusal::Coverage("@target-uri, or @authority with @path and @query"));
    }
    if has_body(request) && !covers("content-digest") {
        return Err(Refusal::Coverage("content-digest"));
    }
    Ok(())
}

/// RFC 9421 §2.5; scheme and authority come from the configured origin. The target URI has no fragment, and a request
/// none either (RFC 9110 §7.1), but whoever signed may have left the one of our key's id there.
fn signature_base(
    request: &RequestParts<'_>,
    covered: &[String],
    claim: &Claim,
    origin: &Url,
    fragment: &str,
) -> Result<String, Refusal> {
    let authority = origin_authority(origin);
    let (path, query) = match request.path_and_query.split_once('?') {
        Some((path, query)) => (path, query),
        None => (request.path_and_query, ""),
    };
    let mut out = String::with_capacity(512);
    for name in covered {
        let value = match name.as_str() {
            "@method" => request.method.as_str().to_owned(),
            "@target-uri" => format!("{}://{authority}{}{fragment}", origin.scheme(), request.path_and_query),
            "@authority" => authority.clone(),
            "@scheme" => origin.scheme().to_owned(),
            "@request-target" => request.path_and_query.to_owned(),
            "@path" => path.to_owned(),
            "@query" => format!("?{query}"),
            name if name.starts_with('@') => return Err(Refusal::Coverage("a component that is not understood")),
            name => field(request.headers, name).ok_or(Refusal::Malformed("a covered header is absent"))??,
        };
        out.push('"');
        out.push_str(name);
        out.push_str("\": ");
        out.push_str(&value);
        out.push('\n');
    }
    out.push_str("\"@signature-params\": ");
    out.push_str(&fields::write_list(&claim.components, &claim.parameters));
    Ok(out)
}

/// Signs a request in Mastodon's profile: `@method`, `@target-uri` and, of a body, `content-digest`; and what is said of
/// followers (FEP-8fcf), if it is.
///
/// Sets `Host`, `Content-Digest`, `Signature-Input` and `Signature`.
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
    let bug = |_| Error::Bug("header value is not printable".to_owned());
    headers.insert("host", HeaderValue::from_str(&origin_authority(url)).map_err(bug)?);
    let mut covered = vec!["@method".to_owned(), "@target-uri".to_owned()];
    if let Some(body) = body {
        headers.insert("content-digest", HeaderValue::from_str(&digest::content_digest_header(body)).map_err(bug)?);
        covered.push("content-digest".to_owned());
    }
    if headers.contains_key(super::FOLLOWERS_HEADER) {
        covered.push(super::FOLLOWERS_HEADER.to_owned());
    }
    let claim = Claim {
        components: covered.iter().map(|name| (Bare::String(name.clone()), Vec::new())).collect(),
        parameters: vec![
            ("created".to_owned(), Bare::Integer(now.0.div_euclid(1_000))),
            ("keyid".to_owned(), Bare::String(key_id.to_owned())),
            ("alg".to_owned(), Bare::String("rsa-v1_5-sha256".to_owned())),
        ],
        signature: Vec::new(),
    };
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = RequestParts { method, path_and_query: target, headers, body: body.unwrap_or_default() };
    let base = signature_base(&request, &covered, &claim, url, "")
        .map_err(|refusal| Error::Bug(format!("own request: {refusal}")))?;
    let input = format!("sig1={}", fields::write_list(&claim.components, &claim.parameters));
    headers.insert("signature-input", HeaderValue::from_str(&input).map_err(bug)?);
    let signature = format!("sig1=:{}:", STANDARD.encode(key.sign(base.as_bytes())?));
    headers.insert("signature", HeaderValue::from_str(&signature).map_err(bug)?);
    Ok(())
}
