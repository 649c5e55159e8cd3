//! Proofs inside a document: FEP-8b32 with `eddsa-jcs-2022` (W3C vc-di-eddsa §3.3).
//!
//! What is signed: SHA-256 of the canonical proof without its value, then SHA-256 of the canonical document without
//! `proof` and without the RsaSignature2017 member `signature` that others add afterwards.

use super::{Hash, ProofKey, PublicKey, Refusal, jcs, multikey};
use crate::{
    error::{Error, Result as AppResult},
    limits,
};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use storage::Timestamp;

/// A key that may make proofs, as its controller's actor lists it under `assertionMethod`.
#[derive(Debug)]
pub struct ProofMethod<'a> {
    /// The id of the key.
    pub id: &'a str,
    /// The actor it belongs to.
    pub controller: &'a str,
    /// The key.
    pub key: &'a PublicKey,
}

/// The `verificationMethod` of a document's proof, to be looked up before `verify`; none without a usable proof.
#[must_use]
pub fn verification_method(document: &Value) -> Option<&str> {
    let proof = read(document).ok()?;
    (text(proof, "cryptosuite") == Some("eddsa-jcs-2022")).then(|| text(proof, "verificationMethod")).flatten()
}

/// Checks the proof of a document against the key its `verificationMethod` names, for one actor.
///
/// # Errors
/// `Missing` without a proof, `UnsupportedAlgorithm` for other suites (treat both as unsigned), `WrongController`
/// if key, purpose or actor do not belong together, `OutsideWindow` for more than seven days or past `expires`.
pub fn verify(document: &Value, method: &ProofMethod<'_>, actor: &str, now: Timestamp) -> Result<(), Refusal> {
    let proof = read(document)?;
    if text(proof, "type") != Some("DataIntegrityProof") || text(proof, "cryptosuite") != Some("eddsa-jcs-2022") {
        return Err(Refusal::UnsupportedAlgorithm);
    }
    if text(proof, "proofPurpose") != Some("assertionMethod") {
        return Err(Refusal::WrongController);
    }
    if text(proof, "verificationMethod") != Some(method.id) || method.controller != actor {
        return Err(Refusal::WrongController);
    }
    check_window(proof, now)?;
    if !method.key.is_ed25519() {
        return Err(Refusal::UnsupportedAlgorithm);
    }
    let value = text(proof, "proofValue").ok_or(Refusal::Malformed("proof has no proofValue"))?;
    let signature = multikey::decode_multibase(value, 128).ok_or(Refusal::Malformed("proofValue is not base58btc"))?;
    let hashed = hash(document, proof)?;
    method.key.check(&hashed, &signature, Hash::Sha256)
}

/// Signs a document: adds `proof`, its `@context` copied in.
///
/// # Errors
/// `Bug` if the document already has one or the time cannot be written.
pub fn attach(document: &mut Map<String, Value>, key: &ProofKey, method_id: &str, now: Timestamp) -> AppResult<()> {
    if document.contains_key("proof") {
        return Err(Error::Bug("document already has a proof".to_owned()));
    }
    let created = jiff::Timestamp::from_second(now.0.div_euclid(1_000))
        .map_err(|error| Error::Bug(format!("time {}: {error}", now.0)))?;
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": method_id,
        "proofPurpose": "assertionMethod",
        "created": created.to_string(),
    });
    if let (Some(context), Some(proof)) = (document.get("@context"), proof.as_object_mut()) {
        proof.insert("@context".to_owned(), context.clone());
    }
    let hashed = [digest_of(&proof), digest_of(&Value::Object(document.clone()))].concat();
    if let Some(proof) = proof.as_object_mut() {
        proof.insert("proofValue".to_owned(), Value::String(multikey::encode_multibase(&key.sign(&hashed))));
    }
    document.insert("proof".to_owned(), proof);
    Ok(())
}

/// The proof of a document; one in an array of one is as good.
fn read(document: &Value) -> Result<&Map<String, Value>, Refusal> {
    match document.get("proof") {
        None | Some(Value::Null) => Err(Refusal::Missing),
        Some(Value::Object(proof)) => Ok(proof),
        Some(Value::Array(proofs)) => match proofs.as_slice() {
            [Value::Object(proof)] => Ok(proof),
            _ => Err(Refusal::Malformed("more or less than one proof")),
        },
        Some(_) => Err(Refusal::Malformed("proof is not an object")),
    }
}

fn text<'a>(proof: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    proof.get(name)?.as_str()
}

fn check_window(proof: &Map<String, Value>, now: Timestamp) -> Result<(), Refusal> {
    let time = |name: &str| match proof.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .map(|time| Some(Timestamp(time.as_millisecond())))
            .ok_or(Refusal::Malformed("a time of the proof is not a time")),
    };
    let created = time("created")?.ok_or(Refusal::Malformed("proof has no created"))?;
    let age = now.ms_since(created);
    let expired = time("expires")?.is_some_and(|expires| now.ms_since(expires) > 0);
    if expired || !(-limits::SIGNATURE_FUTURE_MS..=limits::PROOF_AGE_MS).contains(&age) {
        return Err(Refusal::OutsideWindow);
    }
    Ok(())
}

/// vc-di-eddsa §3.3.2: a proof that brings an `@context` replaces the document's, which must begin with it.
fn hash(document: &Value, proof: &Map<String, Value>) -> Result<Vec<u8>, Refusal> {
    let Value::Object(document) = document else { return Err(Refusal::Malformed("document is not an object")) };
    let mut unsigned = document.clone();
    unsigned.remove("proof");
    unsigned.remove("signature");
    if let Some(context) = proof.get("@context") {
        if !begins_with(unsigned.get("@context").unwrap_or(&Value::Null), context) {
            return Err(Refusal::Malformed("document @context does not begin with the proof's"));
        }
        unsigned.insert("@context".to_owned(), context.clone());
    }
    let mut options = proof.clone();
    options.remove("proofValue");
    Ok([digest_of(&Value::Object(options)), digest_of(&Value::Object(unsigned))].concat())
}

fn begins_with(document: &Value, proof: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(elements) => elements.clone(),
        single => vec![single.clone()],
    };
    list(document).starts_with(&list(proof))
}

fn digest_of(value: &Value) -> Vec<u8> {
    digest(&SHA256, jcs::canonical(value).as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTOR: &str = "https://a.test/users/ann";
    const METHOD: &str = "https://a.test/users/ann#ed25519-key";
    const NOW: Timestamp = Timestamp(1_767_225_600_000);

    fn signed() -> (Value, PublicKey) {
        let key = ProofKey::from_seed(&[3; 32]);
        let mut document = json!({
            "@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://a.test/1", "type": "Like",
            "actor": ACTOR, "object": "https://b.test/n", "x": [1.5, null, "é😀"],
        });
        attach(document.as_object_mut().expect("an object"), &key, METHOD, NOW).expect("signs");
        (document, PublicKey::from_multikey(&key.multikey()).expect("own key"))
    }

    #[test]
    fn own_proofs_verify_and_nothing_else_does() {
        let (document, key) = signed();
        let method = ProofMethod { id: METHOD, controller: ACTOR, key: &key };
        assert_eq!(verification_method(&document), Some(METHOD));
        assert_eq!(verify(&document, &method, ACTOR, NOW), Ok(()));
        let mut signed_after = document.clone();
        signed_after["signature"] = json!({"type": "RsaSignature2017"});
        assert_eq!(verify(&signed_after, &method, ACTOR, NOW), Ok(()));
        let mut changed = document.clone();
        changed["object"] = json!("https://b.test/m");
        assert_eq!(verify(&changed, &method, ACTOR, NOW), Err(Refusal::BadSignature));
        assert_eq!(verify(&document, &method, "https://b.test/u", NOW), Err(Refusal::WrongController));
        assert_eq!(verify(&json!({"id": 1}), &method, ACTOR, NOW), Err(Refusal::Missing));
        let other = PublicKey::from_multikey(&ProofKey::from_seed(&[4; 32]).multikey()).expect("a key");
        let other = ProofMethod { id: METHOD, controller: ACTOR, key: &other };
        assert_eq!(verify(&document, &other, ACTOR, NOW), Err(Refusal::BadSignature));
    }

    #[test]
    fn a_proof_counts_for_seven_days() {
        let (document, key) = signed();
        let method = ProofMethod { id: METHOD, controller: ACTOR, key: &key };
        let after = |ms| verify(&document, &method, ACTOR, NOW.plus_ms(ms));
        assert_eq!(after(limits::PROOF_AGE_MS), Ok(()));
        assert_eq!(after(limits::PROOF_AGE_MS + 1), Err(Refusal::OutsideWindow));
        assert_eq!(after(-limits::SIGNATURE_FUTURE_MS - 1), Err(Refusal::OutsideWindow));
    }
}
