//! Lives here: HTTP signatures of both kinds, embedded proofs, keys, digests.
//! May use: aws-lc-rs, rsa, ed25519-dalek, `limits`, `address`. Must never name: storage's tables, sockets.
//! Must never name: core rooms; finding a key belongs to `fetch`, deciding who may say what to `trust`.
//! Invariants: the key decides the algorithm; what is not covered is not believed; LD signatures do not exist here.

pub mod cavage;
pub mod digest;
pub mod fields;
pub mod jcs;
pub mod key;
pub mod multikey;
pub mod proof;
pub mod rfc9421;
#[cfg(test)]
mod vectors;

use key::Hash;
pub use key::{PrivateKey, ProofKey, PublicKey, ReadKeys};

use crate::limits;
use http::{HeaderMap, Method};
use std::fmt;
use storage::Timestamp;
use url::Url;

/// What a signature is checked against.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query exactly as in the request line.
    pub path_and_query: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// What stands behind an actor's id in the id of the key that signs its requests.
pub const MAIN_KEY: &str = "#main-key";

/// What stands behind an actor's id in the id of the key that makes its proofs.
pub const PROOF_KEY: &str = "#ed25519-key";

/// The header that says who follows (FEP-8fcf); it counts only if it is signed.
pub const FOLLOWERS_HEADER: &str = "collection-synchronization";

/// The two ways to sign a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// draft-cavage-http-signatures-12.
    Cavage,
    /// RFC 9421.
    Rfc9421,
}

/// The `keyId` a request names, an http(s) URL, exactly as sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyId(pub String);

impl KeyId {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request whose signature holds.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The key it names.
    pub key_id: KeyId,
    /// How it was signed.
    pub scheme: Scheme,
    /// Names of the covered headers and components, lower case, in order.
    pub covered: Vec<String>,
    /// When it was signed, as it says, whole seconds: who overheard it cannot say another time, whichever of several
    /// signatures by one key (RFC 9421 §4.3) they leave in the request.
    pub signed_at: Timestamp,
}

impl Verified {
    /// Whether a header was covered; nothing else about it is to be believed.
    #[must_use]
    pub fn covers(&self, header: &str) -> bool {
        self.covered.iter().any(|name| name == header)
    }
}

/// Why a signature counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No signature at all.
    Missing,
    /// Not readable, or readable in two ways.
    Malformed(&'static str),
    /// The body is not the one that was signed, or its digest is in no known algorithm.
    DigestMismatch,
    /// Too old, expired, or from the future.
    OutsideWindow,
    /// Something that must be covered is not.
    Coverage(&'static str),
    /// An algorithm we do not have, or that does not belong to the key.
    UnsupportedAlgorithm,
    /// The key is not one we accept.
    BadKey(&'static str),
    /// The signature does not verify with this key: perhaps the key was changed.
    BadSignature,
    /// A proof of somebody else's key, or for another purpose.
    WrongController,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Missing => f.write_str("no signature"),
            Refusal::Malformed(why) => write!(f, "signature is malformed: {why}"),
            Refusal::DigestMismatch => f.write_str("digest does not match the body"),
            Refusal::OutsideWindow => f.write_str("signature is too old, expired or from the future"),
            Refusal::Coverage(what) => write!(f, "signature does not cover {what}"),
            Refusal::UnsupportedAlgorithm => f.write_str("signature algorithm is unknown or not the key's"),
            Refusal::BadKey(why) => write!(f, "key is not acceptable: {why}"),
            Refusal::BadSignature => f.write_str("signature does not verify"),
            Refusal::WrongController => f.write_str("proof is not this actor's"),
        }
    }
}

impl std::error::Error for Refusal {}

/// The key a request says it is signed with, to be looked up before `verify`.
///
/// # Errors
/// `Missing`, or `Malformed` (also for a key id that is not http(s): FEDERATION §4).
pub fn key_id(headers: &HeaderMap) -> Result<KeyId, Refusal> {
    let id = match scheme(headers)? {
        Scheme::Rfc9421 => rfc9421::key_id(headers)?,
        Scheme::Cavage => cavage::key_id(headers)?,
    };
    if id.0.len() > limits::URI_BYTES_MAX {
        return Err(Refusal::Malformed("key id is too long"));
    }
    if !(id.0.starts_with("https://") || id.0.starts_with("http://")) {
        return Err(Refusal::Malformed("key id is not an http(s) URL"));
    }
    Ok(id)
}

/// Checks the signature of a request with the key that `key_id` named.
///
/// `origin` is our configured public origin: behind a proxy neither scheme nor host of the request can be believed.
///
/// # Errors
/// The first rule that is broken; cryptography comes last.
pub fn verify(request: &RequestParts<'_>, key: &PublicKey, now: Timestamp, origin: &Url) -> Result<Verified, Refusal> {
    match scheme(request.headers)? {
        Scheme::Rfc9421 => rfc9421::verify(request, key, now, origin),
        Scheme::Cavage => cavage::verify(request, key, now, origin),
    }
}

fn scheme(headers: &HeaderMap) -> Result<Scheme, Refusal> {
    let size: usize = ["signature", "signature-input"]
        .iter()
        .flat_map(|name| headers.get_all(*name))
        .map(http::HeaderValue::len)
        .sum();
    if size > limits::SIGNATURE_HEADER_MAX_BYTES {
        return Err(Refusal::Malformed("its headers are too long"));
    }
    match (headers.contains_key("signature-input"), headers.contains_key("signature")) {
        (_, false) => Err(Refusal::Missing),
        (true, true) => Ok(Scheme::Rfc9421),
        (false, true) => Ok(Scheme::Cavage),
    }
}

/// Whether a request must prove its body.
fn has_body(request: &RequestParts<'_>) -> bool {
    !request.body.is_empty() || !matches!(*request.method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A time that a signature names in seconds.
fn time_of(seconds: i64) -> Timestamp {
    Timestamp(seconds.saturating_mul(1_000))
}

/// Whether a signature made at `at` (seconds) still counts, or counts already.
fn in_window(at_s: i64, now: Timestamp) -> bool {
    let age = now.ms_since(time_of(at_s));
    (-limits::SIGNATURE_FUTURE_MS..=limits::SIGNATURE_AGE_MS).contains(&age)
}

/// Whether `expires` (seconds) has passed, with the same margin for clocks as everything else.
fn expired(expires_s: i64, now: Timestamp) -> bool {
    now.ms_since(time_of(expires_s)) > limits::SIGNATURE_FUTURE_MS
}

/// The values of a header, trimmed and joined as RFC 9421 §2.1 and the draft §2.3 say; none if absent.
fn field(headers: &HeaderMap, name: &str) -> Option<Result<String, Refusal>> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let mut out = String::new();
    for value in values {
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
            return Some(Err(Refusal::Malformed("a covered header is not UTF-8")));
        };
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(text.trim());
    }
    Some(Ok(out))
}

/// `host` or `host:port` of an origin as it stands in a `Host` header.
fn origin_authority(origin: &Url) -> String {
    match (origin.host_str(), origin.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}
