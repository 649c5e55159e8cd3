//! How a push service knows this server: a signed word of who sends, for the service alone (RFC 8292).

use crate::error::{Error, Result};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use storage::{Timestamp, push::VapidKey};
use url::Url;

/// How long a word holds; at most 24 hours (RFC 8292 §2).
const HOLDS_SECONDS: i64 = 12 * 3600;

/// The server's key, ready to sign.
pub struct Vapid {
    pair: EcdsaKeyPair,
    public: String,
    subject: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: String,
    exp: i64,
    sub: &'a str,
}

impl Vapid {
    /// Reads the stored key; `subject` tells a push service whom to ask: an https URL or a mailto.
    ///
    /// # Errors
    /// `Bug` for a key that is none.
    pub fn new(key: &VapidKey, subject: String) -> Result<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.private)
            .map_err(|error| Error::Bug(format!("the stored push key cannot be read: {error}")))?;
        Ok(Vapid { pair, public: public_text(key), subject })
    }

    /// The public key, as programs and services are told it: base64url without padding.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The word for the service at `endpoint`: a JWT (RFC 8292 §2).
    ///
    /// # Errors
    /// `Bug` if it cannot be signed.
    pub fn word(&self, endpoint: &Url, now: Timestamp) -> Result<String> {
        let failed = |why: String| Error::Bug(format!("a word for a push service could not be signed: {why}"));
        let claims = Claims {
            aud: endpoint.origin().ascii_serialization(),
            exp: now.0 / 1000 + HOLDS_SECONDS,
            sub: &self.subject,
        };
        let claims = serde_json::to_vec(&claims).map_err(|error| failed(error.to_string()))?;
        let text = format!("{}.{}", encoded(br#"{"typ":"JWT","alg":"ES256"}"#), encoded(&claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(|error| failed(error.to_string()))?;
        Ok(format!("{text}.{}", encoded(signature.as_ref())))
    }
}

/// A new key.
///
/// # Errors
/// `Bug` if the system gives no randomness.
pub fn generate() -> Result<VapidKey> {
    let failed = |_| Error::Bug("no key for push services could be made".to_owned());
    let private =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(failed)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private.as_ref())
        .map_err(|error| Error::Bug(format!("the key just made cannot be read: {error}")))?;
    Ok(VapidKey { private: private.as_ref().to_vec(), public: pair.public_key().as_ref().to_vec() })
}

/// A public key as programs are told it.
#[must_use]
pub fn public_text(key: &VapidKey) -> String {
    encoded(&key.public)
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    #[test]
    fn the_word_names_the_service_and_holds_under_the_public_key() {
        let key = generate().expect("a key");
        let vapid = Vapid::new(&key, "https://here.test".to_owned()).expect("readable");
        let endpoint = Url::parse("https://push.test:8443/send/1?x=y").expect("a URL");
        let word = vapid.word(&endpoint, Timestamp(1_000_000)).expect("signed");
        let (text, signature) = word.rsplit_once('.').expect("three parts");
        let claims = URL_SAFE_NO_PAD.decode(text.split_once('.').expect("two parts").1).expect("base64url");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
        assert_eq!(claims["aud"], "https://push.test:8443");
        assert_eq!(claims["exp"], 1000 + HOLDS_SECONDS);
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key.public);
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        assert!(public.verify(text.as_bytes(), &signature).is_ok());
        assert_eq!(vapid.public(), public_text(&key));
    }
}
