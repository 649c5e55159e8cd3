//! Lives here: what authenticators and browsers say about passkeys, read and verified (WebAuthn level 2, §7).
//! May use: aws-lc-rs, base64, serde_json. Must never name: the store, requests.
//! Must never name: attestation; who made an authenticator is nobody's business here.
//! Invariants: nothing counts that was said for another origin, another server, another challenge, or without the person.

mod cbor;

use crate::error::{Error, Result};
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cbor::Value;
use serde::Deserialize;

/// Algorithms of keys that are taken, the best first: Ed25519, ECDSA on P-256, RSA (IANA, COSE algorithms).
pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// Bytes of a challenge (§13.4.3 wants 16).
pub const CHALLENGE_BYTES: usize = 32;
/// Bytes of the name an authenticator gives to a key (§4).
pub const CREDENTIAL_BYTES_MAX: usize = 1_023;
/// Bytes of a public key as an authenticator writes it: one of RSA with 4096 bits has some 540.
pub const KEY_BYTES_MAX: usize = 1_100;

/// The person was there (§6.1).
const PRESENT: u8 = 1;
/// The person was recognised: by a finger, a face, a number.
const VERIFIED: u8 = 1 << 2;
/// The key may be copied to other devices of the person, and is.
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
/// A key follows.
const WITH_KEY: u8 = 1 << 6;
/// Extensions follow.
const WITH_EXTENSIONS: u8 = 1 << 7;

/// Whose passkeys these are.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// The server's name, without a port (§5.1.2, RP ID).
    pub id: &'a str,
    /// Scheme and authority of its pages.
    pub origin: &'a str,
}

/// A key that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The name its authenticator knows it by.
    pub credential: Vec<u8>,
    /// The public half, as the authenticator wrote it (COSE key).
    pub key: Vec<u8>,
    /// How often it signed, if the authenticator counts.
    pub counter: u32,
    /// It may be copied to other devices.
    pub may_be_copied: bool,
}

/// What a browser sends of a key that was used.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// What the browser vouches for, JSON.
    pub client_data: &'a [u8],
    /// What the authenticator vouches for.
    pub authenticator_data: &'a [u8],
    /// The signature over both.
    pub signature: &'a [u8],
}

/// A key that is known.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its public half.
    pub key: &'a [u8],
    /// How often it had signed.
    pub counter: u32,
    /// It may be copied to other devices.
    pub may_be_copied: bool,
}

/// What the browser vouches for (§5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

/// What the authenticator vouches for (§6.1).
struct Authenticator<'a> {
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

/// The challenge that a browser answers, as it says.
///
/// # Errors
/// `Invalid` if what it sent cannot be read.
pub fn challenge(client_data: &[u8]) -> Result<[u8; CHALLENGE_BYTES]> {
    let read = client(client_data)?;
    let bytes = URL_SAFE_NO_PAD.decode(read.challenge).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| refused("the challenge is none of ours"))
}

/// A key that an authenticator made (§7.1). Whoever calls has looked whether its challenge was given out, and to whom.
///
/// # Errors
/// `Invalid` saying what is not as it must be.
pub fn made(party: Party<'_>, client_data: &[u8], attestation: &[u8]) -> Result<Made> {
    same_place(party, &client(client_data)?, "webauthn.create")?;
    let read = cbor::whole(attestation).ok_or_else(|| refused("the attestation cannot be read"))?;
    // None was asked for; a browser may pass one on all the same that says nothing about the authenticator (§5.1.3, step 21).
    // What it says is not looked at.
    if !matches!((read.named("fmt"), read.named("attStmt")), (Some(Value::Text(_)), Some(Value::Map(_)))) {
        return Err(refused("the attestation has not the parts that it must have"));
    }
    let data =
        read.named("authData").and_then(Value::bytes).ok_or_else(|| refused("authenticator data are missing"))?;
    let said = authenticator(party, data)?;
    if said.flags & WITH_KEY == 0 {
        return Err(refused("there is no key"));
    }
    // The authenticator's model, 16 bytes, is passed over.
    let (length, rest) = said.rest.get(16..).and_then(<[u8]>::split_first_chunk).ok_or_else(cut_off)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > CREDENTIAL_BYTES_MAX {
        return Err(refused(&format!("the key's name has {length} bytes; at most {CREDENTIAL_BYTES_MAX}")));
    }
    let (credential, mut rest) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    let before = rest;
    cbor::take(&mut rest).ok_or_else(|| refused("the key cannot be read"))?;
    let key = &before[..before.len() - rest.len()];
    end(said.flags, rest)?;
    if key.len() > KEY_BYTES_MAX {
        return Err(refused(&format!("the key has {} bytes; at most {KEY_BYTES_MAX}", key.len())));
    }
    PublicKey::read(key)?;
    Ok(Made {
        credential: credential.to_vec(),
        key: key.to_vec(),
        counter: said.counter,
        may_be_copied: said.flags & MAY_BE_COPIED != 0,
    })
}

/// Whether a known key signed this (§7.2); how often it has signed by now. Whoever calls has looked whether its challenge
/// was given out.
///
/// # Errors
/// `Invalid` saying what is not as it must be.
pub fn used(party: Party<'_>, known: Known<'_>, used: Used<'_>) -> Result<u32> {
    same_place(party, &client(used.client_data)?, "webauthn.get")?;
    let said = authenticator(party, used.authenticator_data)?;
    if said.flags & WITH_KEY != 0 {
        return Err(refused("authenticator data have a key where none was asked for"));
    }
    end(said.flags, said.rest)?;
    if (said.flags & MAY_BE_COPIED != 0) != known.may_be_copied {
        return Err(refused("whether the key may be copied has changed"));
    }
    let mut signed = used.authenticator_data.to_vec();
    signed.extend_from_slice(digest(&SHA256, used.client_data).as_ref());
    PublicKey::read(known.key)?.verify(&signed, used.signature)?;
    // A key that is used twice over counts backwards somewhere (§6.1.1).
    if (said.counter != 0 || known.counter != 0) && said.counter <= known.counter {
        return Err(refused("the key has been used elsewhere since"));
    }
    Ok(said.counter)
}

fn client(client_data: &[u8]) -> Result<ClientData> {
    serde_json::from_slice(client_data).map_err(|error| refused(&format!("client data cannot be read: {error}")))
}

fn same_place(party: Party<'_>, client: &ClientData, kind: &str) -> Result<()> {
    if client.kind != kind {
        return Err(refused("client data are for something else"));
    }
    if client.origin != party.origin || client.cross_origin || client.top_origin.is_some() {
        return Err(refused("client data are from another page"));
    }
    Ok(())
}

fn authenticator<'a>(party: Party<'_>, data: &'a [u8]) -> Result<Authenticator<'a>> {
    let (server, rest) = data.split_at_checked(32).ok_or_else(cut_off)?;
    let (flags, rest) = rest.split_first().ok_or_else(cut_off)?;
    let (counter, rest) = rest.split_first_chunk().ok_or_else(cut_off)?;
    if server != digest(&SHA256, party.id.as_bytes()).as_ref() {
        return Err(refused("the key is for another server"));
    }
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(refused("the authenticator has not recognised anybody"));
    }
    if flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0 {
        return Err(refused("the key is copied and must not be"));
    }
    Ok(Authenticator { flags: *flags, counter: u32::from_be_bytes(*counter), rest })
}

/// Extensions, which nobody asked for, and nothing behind them.
fn end(flags: u8, rest: &[u8]) -> Result<()> {
    let well = match flags & WITH_EXTENSIONS {
        0 => rest.is_empty(),
        _ => matches!(cbor::whole(rest), Some(Value::Map(_))),
    };
    if well { Ok(()) } else { Err(refused("authenticator data do not end where they must")) }
}

/// The public half of a key.
enum PublicKey<'a> {
    Ed25519(&'a [u8]),
    /// A point of P-256, uncompressed.
    P256(Vec<u8>),
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
}

impl<'a> PublicKey<'a> {
    /// Reads a COSE key (RFC 9053 §7, RFC 8230 §4).
    fn read(bytes: &'a [u8]) -> Result<Self> {
        let key = cbor::whole(bytes).ok_or_else(|| refused("the key cannot be read"))?;
        let number = |label| key.numbered(label).and_then(Value::number);
        let bytes = |label| key.numbered(label).and_then(Value::bytes);
        let long = |label, length| bytes(label).filter(|bytes| bytes.len() == length);
        let read = match (number(1), number(3), number(-1)) {
            (Some(1), Some(-8), Some(6)) => long(-2, 32).map(PublicKey::Ed25519),
            (Some(2), Some(-7), Some(1)) => {
                let point = long(-2, 32).zip(long(-3, 32));
                point.map(|(x, y)| PublicKey::P256([&[4], x, y].concat()))
            }
            (Some(3), Some(-257), None) => {
                let sizes = |(modulus, exponent): &(&[u8], &[u8])| modulus.len() <= 512 && exponent.len() <= 8;
                let parts = bytes(-1).zip(bytes(-2)).filter(sizes);
                parts.map(|(modulus, exponent)| PublicKey::Rsa { modulus, exponent })
            }
            _ => None,
        };
        read.ok_or_else(|| refused("the key is of no kind that was asked for"))
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<()> {
        let verified = match self {
            PublicKey::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(signed, signature),
            PublicKey::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature),
            PublicKey::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: *modulus, e: *exponent };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
            }
        };
        verified.map_err(|_| refused("the signature is wrong"))
    }
}

fn cut_off() -> Error {
    refused("authenticator data are cut off")
}

fn refused(why: &str) -> Error {
    Error::invalid("passkey", format!("passkey: {why}"))
}

#[cfg(test)]
mod tests;
