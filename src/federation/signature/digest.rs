//! Digests: of bodies (`Digest`, `Content-Digest`) and of followers (FEP-8fcf).

use super::{Refusal, fields};
use crate::limits;
use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderMap;

/// The value of a `Digest` header: `SHA-256=…`.
#[must_use]
pub fn digest_header(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)))
}

/// The value of a `Content-Digest` header (RFC 9530): `sha-256=:…:`.
#[must_use]
pub fn content_digest_header(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Checks a `Digest` list: its SHA-256 member must be the body's.
pub(super) fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let text = super::field(headers, "digest").ok_or(Refusal::Coverage("digest"))??;
    let mut found = false;
    for member in text.split(',').take(limits::SIGNATURE_PARTS_MAX) {
        let Some((algorithm, value)) = member.trim().split_once('=') else { continue };
        if algorithm.eq_ignore_ascii_case("sha-256") {
            found = true;
            let claimed = STANDARD.decode(value.trim()).map_err(|_| Refusal::DigestMismatch)?;
            if claimed != digest(&SHA256, body).as_ref() {
                return Err(Refusal::DigestMismatch);
            }
        }
    }
    if found { Ok(()) } else { Err(Refusal::DigestMismatch) }
}

/// Checks a `Content-Digest` dictionary: each of sha-256 and sha-512 that is there, at least one.
pub(super) fn check_content_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let text = super::field(headers, "content-digest").ok_or(Refusal::Coverage("content-digest"))??;
    let members = fields::dictionary(&text).ok_or(Refusal::Malformed("content-digest"))?;
    let mut found = false;
    for (algorithm, member) in &members {
        let actual = match algorithm.as_str() {
            "sha-256" => digest(&SHA256, body),
            "sha-512" => digest(&SHA512, body),
            _ => continue,
        };
        found = true;
        match &member.value {
            fields::Value::Bare(fields::Bare::Bytes(claimed)) if claimed == actual.as_ref() => {}
            _ => return Err(Refusal::DigestMismatch),
        }
    }
    if found { Ok(()) } else { Err(Refusal::DigestMismatch) }
}

/// The XOR of the SHA-256 of each follower's id, in hexadecimal (FEP-8fcf).
pub fn followers_digest<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut sum = [0u8; 32];
    for id in ids {
        for (byte, other) in sum.iter_mut().zip(digest(&SHA256, id.as_bytes()).as_ref()) {
            *byte ^= other;
        }
    }
    let nibble = |n: u8| char::from(b"0123456789abcdef"[usize::from(n)]);
    sum.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}

/// A `Collection-Synchronization` header (FEP-8fcf).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionSynchronization {
    /// The sender's followers collection.
    pub collection_id: String,
    /// Where the part of it that lives on our server is listed.
    pub url: String,
    /// `followers_digest` of that part.
    pub digest: String,
}

impl CollectionSynchronization {
    /// Reads the header; none if a part is missing or given twice.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = fields::parameters(text)?;
        let mut take = |name: &str| {
            let at = parts.iter().position(|(found, _)| found.eq_ignore_ascii_case(name))?;
            Some(parts.swap_remove(at).1)
        };
        Some(CollectionSynchronization {
            collection_id: take("collectionid")?,
            url: take("url")?,
            digest: take("digest")?,
        })
    }

    /// The header's value.
    #[must_use]
    pub fn header(&self) -> String {
        format!("collectionId=\"{}\", url=\"{}\", digest=\"{}\"", self.collection_id, self.url, self.digest)
    }
}
