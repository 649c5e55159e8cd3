//! Messages sealed for one program: `aes128gcm` (RFC 8291) and `aesgcm`, the draft that older programs read
//! (draft-ietf-webpush-encryption-04).

use crate::error::{Error, Result};
use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};

/// Bytes of a program's authentication secret (RFC 8291 §3.2).
pub(super) const AUTH_BYTES: usize = 16;
/// Bytes of a public key as both encodings write it.
const POINT_BYTES: usize = 65;
/// The record size written down; a message is one record (RFC 8188 §2.1).
const RECORD_BYTES: u32 = 4096;

/// A sealed message and what its headers must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The body.
    pub body: Vec<u8>,
    /// For the older encoding: salt and public key, which its headers carry.
    pub apart: Option<([u8; 16], Vec<u8>)>,
}

/// For whom a message is sealed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) p256dh: &'a [u8],
    pub(super) auth: &'a [u8],
}

/// Seals `text` for the holder of the private key of `p256dh` and of `auth`, with a key and a salt made for this message.
///
/// # Errors
/// `Invalid` if `p256dh` is no point of P-256; `Bug` if the system gives no randomness.
pub fn seal(text: &[u8], p256dh: &[u8], auth: &[u8], standard: bool, salt: [u8; 16]) -> Result<Sealed> {
    let own = PrivateKey::generate(&ECDH_P256).map_err(|_| no_key())?;
    let reader = Reader { p256dh, auth };
    if standard { standard_body(text, reader, &own, salt) } else { draft_body(text, reader, &own, salt) }
}

/// Whether `bytes` are a public key that messages can be sealed for.
pub(super) fn is_point(bytes: &[u8]) -> bool {
    bytes.len() == POINT_BYTES && PrivateKey::generate(&ECDH_P256).is_ok_and(|own| shared_secret(&own, bytes).is_ok())
}

/// RFC 8291 §3.4, RFC 8188 §2.
fn standard_body(text: &[u8], reader: Reader<'_>, own: &PrivateKey, salt: [u8; 16]) -> Result<Sealed> {
    let public = public_of(own)?;
    let secret = shared_secret(own, reader.p256dh)?;
    let info = [b"WebPush: info\0", reader.p256dh, &public].concat();
    let key_material = expand::<32>(&extract(reader.auth, &secret), &info)?;
    let prk = extract(&salt, &key_material);
    let key = expand::<16>(&prk, b"Content-Encoding: aes128gcm\0")?;
    let nonce = expand::<12>(&prk, b"Content-Encoding: nonce\0")?;
    // The last record ends with a 2 (RFC 8188 §2).
    let sealed = encrypt(key, nonce, [text, &[2]].concat())?;
    let mut body = Vec::with_capacity(21 + POINT_BYTES + sealed.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    body.push(65);
    body.extend_from_slice(&public);
    body.extend_from_slice(&sealed);
    Ok(Sealed { body, apart: None })
}

/// draft-ietf-webpush-encryption-04 §3, draft-ietf-httpbis-encryption-encoding-03 §3.
fn draft_body(text: &[u8], reader: Reader<'_>, own: &PrivateKey, salt: [u8; 16]) -> Result<Sealed> {
    let public = public_of(own)?;
    let secret = shared_secret(own, reader.p256dh)?;
    let key_material = expand::<32>(&extract(reader.auth, &secret), b"Content-Encoding: auth\0")?;
    let prk = extract(&salt, &key_material);
    let length = [0, 65];
    let context = [b"P-256\0", &length[..], reader.p256dh, &length[..], &public].concat();
    let key = expand::<16>(&prk, &[b"Content-Encoding: aesgcm\0", &context[..]].concat())?;
    let nonce = expand::<12>(&prk, &[b"Content-Encoding: nonce\0", &context[..]].concat())?;
    // Padding comes first there: its length, which is none.
    let body = encrypt(key, nonce, [&[0, 0], text].concat())?;
    Ok(Sealed { body, apart: Some((salt, public)) })
}

fn public_of(own: &PrivateKey) -> Result<Vec<u8>> {
    Ok(own.compute_public_key().map_err(|_| no_key())?.as_ref().to_vec())
}

fn shared_secret(own: &PrivateKey, theirs: &[u8]) -> Result<Vec<u8>> {
    let not_a_point = || Error::invalid("p256dh", "the key is not a point of P-256");
    agree(own, UnparsedPublicKey::new(&ECDH_P256, theirs), not_a_point(), |secret| Ok(secret.to_vec()))
}

fn extract(salt: &[u8], secret: &[u8]) -> Prk {
    Salt::new(HKDF_SHA256, salt).extract(secret)
}

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[u8]) -> Result<[u8; N]> {
    let mut out = [0; N];
    let filled = prk.expand(&[info], Bytes(N)).and_then(|okm| okm.fill(&mut out));
    filled.map_err(|_| Error::Bug("a key could not be derived".to_owned()))?;
    Ok(out)
}

fn encrypt(key: [u8; 16], nonce: [u8; 12], mut text: Vec<u8>) -> Result<Vec<u8>> {
    let failed = |_| Error::Bug("a push message could not be sealed".to_owned());
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(failed)?);
    // Key and nonce are made for this one message.
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut text).map_err(failed)?;
    Ok(text)
}

fn no_key() -> Error {
    Error::Bug("the system gave no key for a push message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    fn read(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, Appendix A.
    #[test]
    fn the_standard_encoding_is_that_of_the_rfc() {
        let own = PrivateKey::from_private_key(&ECDH_P256, &read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"));
        let p256dh = read("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = read("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = read("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let reader = Reader { p256dh: &p256dh, auth: &auth };
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = standard_body(text, reader, &own.expect("a key"), salt).expect("sealed");
        let wanted = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8\
                      wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(&sealed.body), wanted.replace(char::is_whitespace, ""));
        assert_eq!(sealed.apart, None);
    }

    /// What a program does with the older encoding, written from its side.
    #[test]
    fn the_older_encoding_opens_with_the_readers_key() {
        let reader = PrivateKey::generate(&ECDH_P256).expect("a key");
        let p256dh = public_of(&reader).expect("a public key");
        let auth = [7; AUTH_BYTES];
        let sealed = seal(b"hello", &p256dh, &auth, false, [9; 16]).expect("sealed");
        let (salt, public) = sealed.apart.expect("headers");
        let secret = shared_secret(&reader, &public).expect("a secret");
        let prk = extract(&salt, &expand::<32>(&extract(&auth, &secret), b"Content-Encoding: auth\0").expect("a key"));
        let context = [b"P-256\0\0\x41", &p256dh[..], b"\0\x41", &public].concat();
        let key = expand::<16>(&prk, &[b"Content-Encoding: aesgcm\0", &context[..]].concat()).expect("a key");
        let nonce = expand::<12>(&prk, &[b"Content-Encoding: nonce\0", &context[..]].concat()).expect("a nonce");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
        let mut body = sealed.body;
        let opened = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).expect("it opens");
        assert_eq!(opened, b"\0\0hello");
    }

    #[test]
    fn what_is_no_point_is_refused() {
        let point = public_of(&PrivateKey::generate(&ECDH_P256).expect("a key")).expect("a public key");
        assert!(is_point(&point));
        assert!(!is_point(&point[1..]) && !is_point(&[4; 65]) && !is_point(&[]));
        assert!(matches!(seal(b"", &[4; 65], &[0; 16], true, [0; 16]), Err(Error::Invalid { .. })));
    }
}
