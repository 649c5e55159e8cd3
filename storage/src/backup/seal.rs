//! Sealing: XChaCha20-Poly1305 with a key from a passphrase (Argon2id) or a file of 32 bytes.
//!
//! Each object is sealed as one, with its name and head as associated data. Names hold kind, position and part, so an
//! object put in another's place, cut, or moved to another position does not open.

use crate::{
    error::{Error, Result},
    octets::Octets,
};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::hmac;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes before the sealed text: the nonce.
const NONCE: usize = 24;
/// Bytes a sealed text is longer.
pub(super) const GROWTH: usize = NONCE + 16;
/// Memory of the key derivation, KiB: what a small board has to spare for a second.
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes of the key derivation.
const PASSES: u32 = 3;
/// Most memory a repository may ask for, KiB: its header is not authenticated before the key is known.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Most passes a repository may ask for.
const PASSES_MAX: u32 = 16;
/// What is sealed into the header, so that a wrong key says so.
const KNOWN: &[u8] = b"dassie backup";

/// What opens a sealed repository.
#[derive(Clone)]
pub enum Secret {
    /// Words; the key is derived from them.
    Passphrase(String),
    /// The 32 bytes of a key file.
    Key([u8; 32]),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// How the key of a repository comes about, and a text to try it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealing {
    kind: Kind,
    known: Octets,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Passphrase { salt: [u8; 16], memory_kib: u32, passes: u32 },
    Key,
}

/// Seals and opens with one key.
pub(super) struct Seal {
    cipher: XChaCha20Poly1305,
    names: hmac::Key,
}

impl Seal {
    fn of(master: &[u8; 32]) -> Seal {
        let master = hmac::Key::new(hmac::HMAC_SHA256, master);
        let derived = |what: &[u8]| {
            let mut key = [0; 32];
            key.copy_from_slice(hmac::sign(&master, what).as_ref());
            key
        };
        Seal {
            cipher: XChaCha20Poly1305::new(&derived(b"content").into()),
            names: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"names")),
        }
    }

    /// A new key for a new repository.
    pub(super) fn make(secret: &Secret, store: u64) -> Result<(Seal, Sealing)> {
        let kind = match secret {
            Secret::Key(_) => Kind::Key,
            Secret::Passphrase(_) => Kind::Passphrase { salt: random("salt")?, memory_kib: MEMORY_KIB, passes: PASSES },
        };
        let seal = Seal::of(&master(secret, &kind)?);
        let known = seal.seal(KNOWN, &store.to_le_bytes())?;
        Ok((seal, Sealing { kind, known: Octets(known) }))
    }

    /// The key of a repository.
    ///
    /// # Errors
    /// `Refused` in a sentence if it is another one.
    pub(super) fn open(secret: &Secret, sealing: &Sealing, store: u64) -> Result<Seal> {
        let seal = Seal::of(&master(secret, &sealing.kind)?);
        match seal.unseal(&sealing.known, &store.to_le_bytes()) {
            Some(text) if text == KNOWN => Ok(seal),
            _ => Err(Error::Refused(format!(
                "the {} does not open this backup; it was sealed with another",
                secret.word()
            ))),
        }
    }

    pub(super) fn seal(&self, text: &[u8], about: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = random("nonce")?;
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), Payload { msg: text, aad: about });
        let sealed = sealed.map_err(|_| Error::Refused("sealing a part of the backup failed".into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// `None` if it is not what was sealed about this, with this key.
    pub(super) fn unseal(&self, sealed: &[u8], about: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: about }).ok()
    }

    /// A name for content that tells nobody without the key what it is.
    pub(super) fn name(&self, of: &[u8; 32]) -> [u8; 32] {
        let mut name = [0; 32];
        name.copy_from_slice(hmac::sign(&self.names, of).as_ref());
        name
    }
}

impl Secret {
    fn word(&self) -> &'static str {
        match self {
            Secret::Passphrase(_) => "passphrase",
            Secret::Key(_) => "key file",
        }
    }
}

fn random<const N: usize>(what: &str) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    let no = |_| Error::io(format!("draw a {what}"), std::io::Error::other("the system gives no random bytes"));
    aws_lc_rs::rand::fill(&mut bytes).map_err(no)?;
    Ok(bytes)
}

fn master(secret: &Secret, kind: &Kind) -> Result<[u8; 32]> {
    let refuse = |why: &str| Err(Error::Refused(why.to_owned()));
    match (secret, kind) {
        (Secret::Key(key), Kind::Key) => Ok(*key),
        (Secret::Passphrase(words), Kind::Passphrase { salt, memory_kib, passes }) => {
            if *memory_kib > MEMORY_KIB_MAX || *passes > PASSES_MAX {
                let most = format!("at most {MEMORY_KIB_MAX} KiB and {PASSES_MAX} passes");
                return refuse(&format!(
                    "this backup asks for {memory_kib} KiB and {passes} passes to make a key; {most}"
                ));
            }
            let bad = |error: argon2::Error| Error::corrupt("repository", "the key derivation", error.to_string());
            let params = Params::new(*memory_kib, *passes, 1, Some(32)).map_err(bad)?;
            let mut key = [0; 32];
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            argon2.hash_password_into(words.as_bytes(), salt, &mut key).map_err(bad)?;
            Ok(key)
        }
        (Secret::Passphrase(_), Kind::Key) => refuse("this backup is sealed with a key file, not with a passphrase"),
        (Secret::Key(_), Kind::Passphrase { .. }) => {
            refuse("this backup is sealed with a passphrase, not with a key file")
        }
    }
}
