//! Keys: what others give us (PEM, Multikey), and our own.

use super::{Refusal, multikey};
use crate::{
    error::{Error, Result},
    limits,
};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rsa::{
    pkcs1::{DecodeRsaPublicKey, EncodeRsaPublicKey},
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding},
    sha2::{Sha256, Sha512},
    traits::PublicKeyParts,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// SubjectPublicKeyInfo of an Ed25519 key up to the 32 bytes of the key (RFC 8410 §4).
const ED25519_SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key somebody else signs with.
pub struct PublicKey(Kind);

enum Kind {
    /// Verified by aws-lc-rs where it takes the key, by `rsa` where it does not.
    Rsa {
        fast: Option<ParsedPublicKey>,
        key: Box<rsa::PublicKey>,
    },
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
}

/// What a signature of an RSA key hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

impl PublicKey {
    /// Reads a PEM text: SubjectPublicKeyInfo (RSA or Ed25519) or PKCS#1, lines of any length.
    ///
    /// # Errors
    /// `BadKey`: more than 16 kB, not a key, RSA outside 2048–8192 bits, an exponent that is even or above 2^33.
    pub fn from_pem(text: &str) -> Result<Self, Refusal> {
        Self::from_pem_of(text, limits::RSA_MIN_BITS)
    }

    pub(super) fn from_pem_of(text: &str, min_bits: u32) -> Result<Self, Refusal> {
        if text.len() > limits::PEM_MAX_BYTES {
            return Err(Refusal::BadKey("PEM is too long"));
        }
        let not_pem = Refusal::BadKey("not a public key in PEM");
        let (_, rest) = text.split_once("-----BEGIN ").ok_or(not_pem)?;
        let (label, rest) = rest.split_once("-----").ok_or(not_pem)?;
        let (body, _) = rest.split_once("-----END ").ok_or(not_pem)?;
        let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(body).map_err(|_| not_pem)?;
        match label {
            "PUBLIC KEY" => Self::from_spki(&der, min_bits),
            "RSA PUBLIC KEY" => Self::from_pkcs1(&der, min_bits),
            _ => Err(not_pem),
        }
    }

    /// Reads a `publicKeyMultibase` (FEP-521a): Ed25519 or RSA.
    ///
    /// # Errors
    /// `BadKey` as `from_pem`, and for every other kind of key.
    pub fn from_multikey(text: &str) -> Result<Self, Refusal> {
        match multikey::decode(text)? {
            multikey::Raw::Ed25519(bytes) => Self::from_ed25519(&bytes),
            multikey::Raw::Rsa(der) => Self::from_pkcs1(&der, limits::RSA_MIN_BITS),
        }
    }

    /// Reads what `encode` gave: the DER of a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// `BadKey`.
    pub fn from_der(der: &[u8]) -> Result<Self, Refusal> {
        Self::from_spki(der, limits::RSA_MIN_BITS)
    }

    fn from_spki(der: &[u8], min_bits: u32) -> Result<Self, Refusal> {
        if let Some(bytes) = der.strip_prefix(&ED25519_SPKI_PREFIX) {
            let bytes = bytes.try_into().map_err(|_| Refusal::BadKey("Ed25519 key has not 32 bytes"))?;
            return Self::from_ed25519(&bytes);
        }
        let key = rsa::PublicKey::from_public_key_der(der).map_err(|_| Refusal::BadKey("not an RSA or Ed25519 key"))?;
        Self::from_rsa(key, min_bits)
    }

    fn from_pkcs1(der: &[u8], min_bits: u32) -> Result<Self, Refusal> {
        let key = rsa::PublicKey::from_pkcs1_der(der).map_err(|_| Refusal::BadKey("not an RSA key"))?;
        Self::from_rsa(key, min_bits)
    }

    fn from_rsa(key: rsa::PublicKey, min_bits: u32) -> Result<Self, Refusal> {
        let bits = key.n().bit_width();
        if bits < min_bits || bits > limits::RSA_MAX_BITS {
            return Err(Refusal::BadKey("RSA modulus is outside 2048 to 8192 bits"));
        }
        let exponent = key.e();
        // `rsa` itself refuses exponents above 2^33 - 1.
        let is_odd = key.e_bytes().last().is_some_and(|byte| byte & 1 == 1);
        if !is_odd || exponent.bit_width() > 33 || exponent.bit_width() < 2 {
            return Err(Refusal::BadKey("RSA exponent is even, 1, or above 2^33"));
        }
        let der = key.to_pkcs1_der().map_err(|_| Refusal::BadKey("RSA key does not encode"))?;
        // It would take a smaller key here and refuse every signature later.
        let fast = (bits >= limits::RSA_MIN_BITS)
            .then(|| ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_bytes()).ok())
            .flatten();
        Ok(PublicKey(Kind::Rsa { fast, key: Box::new(key) }))
    }

    fn from_ed25519(bytes: &[u8; 32]) -> Result<Self, Refusal> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| Refusal::BadKey("not an Ed25519 point"))?;
        if key.is_weak() {
            return Err(Refusal::BadKey("Ed25519 key of small order"));
        }
        Ok(PublicKey(Kind::Ed25519(Box::new(key))))
    }

    /// DER of the SubjectPublicKeyInfo, to be stored and read again with `from_der`.
    ///
    /// # Errors
    /// `BadKey` if the key does not encode, which a key that was read never does.
    pub fn encode(&self) -> Result<Vec<u8>, Refusal> {
        match &self.0 {
            Kind::Rsa { key, .. } => key
                .to_public_key_der()
                .map(|der| der.as_bytes().to_vec())
                .map_err(|_| Refusal::BadKey("RSA key does not encode")),
            Kind::Ed25519(key) => Ok([ED25519_SPKI_PREFIX.as_slice(), key.as_bytes()].concat()),
        }
    }

    /// Whether this is an Ed25519 key (the only kind proofs use).
    #[must_use]
    pub fn is_ed25519(&self) -> bool {
        matches!(self.0, Kind::Ed25519(_))
    }

    /// Checks `signature` over `message`; Ed25519 strictly, and whatever `hash` says.
    pub(super) fn check(&self, message: &[u8], signature: &[u8], hash: Hash) -> Result<(), Refusal> {
        let good = match (&self.0, hash) {
            (Kind::Rsa { fast: Some(key), .. }, Hash::Sha256) => key.verify_sig(message, signature).is_ok(),
            (Kind::Rsa { key, .. }, Hash::Sha256) => key.pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
            (Kind::Rsa { key, .. }, Hash::Sha512) => key.pkcs1v15_verify::<Sha512>(message, signature).is_ok(),
            (Kind::Ed25519(key), _) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        };
        if good { Ok(()) } else { Err(Refusal::BadSignature) }
    }
}

/// Keys that were read lately, by the text they were read from: reading one costs as much as verifying with it.
#[derive(Default)]
pub struct ReadKeys(Mutex<HashMap<String, Arc<PublicKey>>>);

impl ReadKeys {
    /// Reads a key as peers publish it: PEM, or Multikey.
    ///
    /// # Errors
    /// `BadKey` as `PublicKey::from_pem` and `from_multikey`; that is not remembered.
    pub fn read(&self, text: &str) -> Result<Arc<PublicKey>, Refusal> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let key = if text.starts_with('z') { PublicKey::from_multikey(text) } else { PublicKey::from_pem(text) };
        let key = Arc::new(key?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= limits::READ_KEYS_MAX {
            known.clear();
        }
        known.insert(text.to_owned(), Arc::clone(&key));
        Ok(key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_ed25519() { "PublicKey(Ed25519)" } else { "PublicKey(RSA)" })
    }
}

/// An RSA key of ours: signs requests. Cheap to clone.
#[derive(Clone)]
pub struct PrivateKey {
    pair: Arc<KeyPair>,
    pkcs8: Arc<[u8]>,
    public_pem: Arc<str>,
}

impl PrivateKey {
    /// Makes a new RSA-2048 key: some 50 ms of CPU, so never inside a store closure nor on an async worker.
    ///
    /// # Errors
    /// `Bug` if the system gives no randomness.
    pub fn generate() -> Result<Self> {
        let key = rsa::PrivateKey::new(&mut SystemRng, limits::RSA_OWN_BITS).map_err(bug)?;
        let pkcs8 = key.to_pkcs8_der().map_err(bug)?;
        Self::from_pkcs8(pkcs8.as_bytes())
    }

    /// Reads a key as `pkcs8` gave it.
    ///
    /// # Errors
    /// `Bug` for bytes that are not an RSA key: they come from our own store.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let pair = KeyPair::from_pkcs8(der).map_err(bug)?;
        let key = rsa::PrivateKey::from_pkcs8_der(der).map_err(bug)?;
        let public_pem = key.to_public_key().to_public_key_pem(LineEnding::LF).map_err(bug)?;
        Ok(PrivateKey { pair: Arc::new(pair), pkcs8: der.into(), public_pem: public_pem.into() })
    }

    /// The key as PKCS#8 DER, for the store.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half as PEM (SubjectPublicKeyInfo), for `publicKeyPem`.
    #[must_use]
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// PKCS#1 v1.5 with SHA-256: 0.25–0.6 ms of CPU.
    ///
    /// # Errors
    /// `Bug` if the key cannot sign.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(bug)?;
        Ok(signature)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(RSA)")
    }
}

/// An Ed25519 key of ours: signs proofs (FEP-8b32).
pub struct ProofKey(ed25519_dalek::SigningKey);

impl ProofKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// `Bug` if the system gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut seed = [0; 32];
        aws_lc_rs::rand::fill(&mut seed).map_err(bug)?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of a stored seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        ProofKey(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, for the store.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half as `publicKeyMultibase`.
    #[must_use]
    pub fn multikey(&self) -> String {
        multikey::encode_ed25519(self.0.verifying_key().as_bytes())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        use ed25519_dalek::Signer;
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofKey(Ed25519)")
    }
}

fn bug(error: impl fmt::Display) -> Error {
    Error::Bug(format!("key: {error}"))
}

/// The system's randomness in the shape the `rsa` crate asks for.
struct SystemRng;

impl rsa::rand_core::TryRng for SystemRng {
    type Error = std::io::Error;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> std::result::Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> std::result::Result<(), Self::Error> {
        aws_lc_rs::rand::fill(out).map_err(|_| std::io::Error::other("no randomness"))
    }
}

impl rsa::rand_core::TryCryptoRng for SystemRng {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_key_is_stored_read_and_verified() {
        let key = PrivateKey::generate().expect("a key");
        let again = PrivateKey::from_pkcs8(key.pkcs8()).expect("stored key");
        let signature = again.sign(b"hello").expect("signs");
        let public = PublicKey::from_pem(key.public_pem()).expect("own PEM");
        assert!(public.check(b"hello", &signature, Hash::Sha256).is_ok());
        assert_eq!(public.check(b"hallo", &signature, Hash::Sha256), Err(Refusal::BadSignature));
        assert_eq!(public.check(b"hello", &signature, Hash::Sha512), Err(Refusal::BadSignature));
        let Kind::Rsa { fast, key } = &public.0 else { panic!("an RSA key") };
        assert!(fast.is_some() && key.pkcs1v15_verify::<Sha256>(b"hello", &signature).is_ok());
        let stored = PublicKey::from_der(&public.encode().expect("encodes")).expect("reads");
        assert!(stored.check(b"hello", &signature, Hash::Sha256).is_ok());
        let one_line: String = key_on_one_line(again.public_pem());
        assert!(PublicKey::from_pem(&one_line).is_ok(), "PEM without line breaks is common");
    }

    fn key_on_one_line(pem: &str) -> String {
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        format!("-----BEGIN PUBLIC KEY-----{body}-----END PUBLIC KEY-----")
    }

    /// A PKCS#1 public key of `bits` ones with the given exponent, as PEM.
    fn pem_of(bits: usize, exponent: &[u8]) -> String {
        let integer = |bytes: &[u8]| {
            let mut out = vec![0x02];
            der_length(&mut out, bytes.len() + 1);
            out.push(0);
            out.extend_from_slice(bytes);
            out
        };
        let inner = [integer(&vec![0xff; bits / 8]), integer(exponent)].concat();
        let mut der = vec![0x30];
        der_length(&mut der, inner.len());
        der.extend(inner);
        format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", STANDARD.encode(der))
    }

    fn der_length(out: &mut Vec<u8>, length: usize) {
        match length {
            0..=127 => out.push(u8::try_from(length).expect("small")),
            _ => {
                let bytes = u16::try_from(length).expect("below 64 kB").to_be_bytes();
                out.push(0x82);
                out.extend_from_slice(&bytes);
            }
        }
    }

    #[test]
    fn keys_outside_the_bounds_are_refused() {
        let e = [0x81, 0, 0x01];
        for (bits, good) in [(1024, false), (2048, true), (4096, true), (8192, true), (8200, false), (65536, false)] {
            assert_eq!(PublicKey::from_pem(&pem_of(bits, &e)).is_ok(), good, "{bits} bits");
        }
        assert!(PublicKey::from_pem(&pem_of(2048, &[0x82, 0, 0])).is_err(), "even exponent");
        assert!(PublicKey::from_pem(&pem_of(2048, &[0x84, 0, 0, 0, 0x01])).is_err(), "exponent above 2^33");
        assert!(PublicKey::from_pem(&pem_of(2048, &[0x81])).is_ok(), "any odd exponent");
        let long = format!("-----BEGIN PUBLIC KEY-----\n{}-----END PUBLIC KEY-----", "A".repeat(limits::PEM_MAX_BYTES));
        assert!(PublicKey::from_pem(&long).is_err());
        for bad in ["", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----x-----END PUBLIC KEY-----", "A"] {
            assert!(PublicKey::from_pem(bad).is_err(), "{bad}");
        }
        let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
        assert!(PublicKey::from_pem(private).is_err());
    }

    #[test]
    fn ed25519_keys_come_as_pem_too() {
        let key = ProofKey::from_seed(&[7; 32]);
        let der = [ED25519_SPKI_PREFIX.as_slice(), key.0.verifying_key().as_bytes()].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(&der));
        let public = PublicKey::from_pem(&pem).expect("reads");
        assert!(public.is_ed25519() && public.encode().expect("encodes") == der);
        assert!(public.check(b"x", &key.sign(b"x"), Hash::Sha256).is_ok());
        assert!(public.check(b"y", &key.sign(b"x"), Hash::Sha256).is_err());
        assert!(public.check(b"x", b"short", Hash::Sha256).is_err());
        assert_eq!(ProofKey::from_seed(&key.seed()).multikey(), key.multikey());
    }
}
