//! Multikeys: multibase base58btc of a multicodec prefix and the key (FEP-521a).

use super::Refusal;
use crate::limits;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// multicodec `ed25519-pub`, as a varint.
const ED25519: [u8; 2] = [0xed, 0x01];
/// multicodec `rsa-pub`, as a varint; PKCS#1 DER follows.
const RSA: [u8; 2] = [0x85, 0x24];

/// A key as a Multikey holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// The 32 bytes.
    Ed25519([u8; 32]),
    /// PKCS#1 DER.
    Rsa(Vec<u8>),
}

/// Reads a `publicKeyMultibase`.
///
/// # Errors
/// `BadKey` for other bases, other kinds of key, wrong lengths and more than 2048 characters.
pub fn decode(text: &str) -> Result<Raw, Refusal> {
    let bytes = decode_multibase(text, limits::MULTIKEY_MAX_CHARS).ok_or(Refusal::BadKey("not base58btc multibase"))?;
    if let Some(key) = bytes.strip_prefix(&ED25519) {
        let key = key.try_into().map_err(|_| Refusal::BadKey("Ed25519 key has not 32 bytes"))?;
        return Ok(Raw::Ed25519(key));
    }
    match bytes.strip_prefix(&RSA) {
        Some(der) => Ok(Raw::Rsa(der.to_vec())),
        None => Err(Refusal::BadKey("kind of Multikey is neither Ed25519 nor RSA")),
    }
}

/// The `publicKeyMultibase` of an Ed25519 key.
#[must_use]
pub fn encode_ed25519(key: &[u8; 32]) -> String {
    encode_multibase(&[ED25519.as_slice(), key].concat())
}

/// The `publicKeyMultibase` of an RSA key given as PKCS#1 DER.
#[must_use]
pub fn encode_rsa(pkcs1_der: &[u8]) -> String {
    encode_multibase(&[RSA.as_slice(), pkcs1_der].concat())
}

/// `z` and base58btc; quadratic, for keys and signatures only.
pub(super) fn encode_multibase(bytes: &[u8]) -> String {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    // Digits of base 58, least significant first.
    let mut digits: Vec<u8> = Vec::with_capacity(bytes.len() * 138 / 100 + 1);
    for byte in &bytes[zeros..] {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58).to_le_bytes()[0];
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58).to_le_bytes()[0]);
            carry /= 58;
        }
    }
    let ones = std::iter::repeat_n('1', zeros);
    let rest = digits.iter().rev().map(|digit| char::from(ALPHABET[usize::from(*digit)]));
    std::iter::once('z').chain(ones).chain(rest).collect()
}

/// Reads `z…` of at most `max_chars`; none for anything else.
pub(super) fn decode_multibase(text: &str, max_chars: usize) -> Option<Vec<u8>> {
    let text = text.strip_prefix('z')?;
    if text.is_empty() || text.len() > max_chars {
        return None;
    }
    let zeros = text.bytes().take_while(|c| *c == b'1').count();
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for c in text.bytes() {
        let mut carry = u32::try_from(ALPHABET.iter().position(|letter| *letter == c)?).ok()?;
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push(carry.to_le_bytes()[0]);
            carry >>= 8;
        }
    }
    bytes.extend(std::iter::repeat_n(0, zeros));
    bytes.reverse();
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_text_of_base58() {
        // draft-msporny-base58 §5.
        assert_eq!(encode_multibase(b"Hello World!"), "z2NEpo7TZRRrLZSi2U");
        assert_eq!(encode_multibase(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd]), "z11233QC4");
        assert_eq!(decode_multibase("z11233QC4", 100), Some(vec![0, 0, 0x28, 0x7f, 0xb4, 0xcd]));
    }

    #[test]
    fn other_bases_kinds_and_lengths_are_refused() {
        assert_eq!(decode(&encode_ed25519(&[9; 32])), Ok(Raw::Ed25519([9; 32])));
        assert_eq!(decode(&encode_rsa(b"der")), Ok(Raw::Rsa(b"der".to_vec())));
        let short = encode_multibase(&[0xed, 0x01, 1, 2]);
        let secp = encode_multibase(&[0xe7, 0x01, 1, 2]);
        for bad in ["", "z", "zO", "m6Mk", short.as_str(), secp.as_str(), &format!("z{}", "2".repeat(3_000))] {
            assert!(decode(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn base58_round_trips(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
            prop_assert_eq!(decode_multibase(&encode_multibase(&bytes), 1_000), Some(bytes));
        }
    }
}
