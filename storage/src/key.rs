//! Keys: how typed values become bytes whose order is the order of the values.
//!
//! Numbers are big-endian; a string that is not last ends in `00` (strings may not hold NUL); a digest is
//! fixed length; a tuple is its parts one after another. At most `limits::KEY_MAX` bytes.

use crate::{Timestamp, id::Lsn};
use serde::{Deserialize, Serialize};

/// A value that can stand in a key.
pub trait Key: Sized {
    /// Appends the bytes of this part.
    fn encode(&self, out: &mut Vec<u8>);
    /// Takes this part from the front of `bytes`; `None` if it cannot be read.
    fn decode(bytes: &mut &[u8]) -> Option<Self>;

    /// The bytes of this key alone.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        self.encode(&mut out);
        out
    }

    /// Reads a whole key; `None` if bytes are left over or missing.
    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let key = Self::decode(&mut bytes)?;
        bytes.is_empty().then_some(key)
    }
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(count)?;
    *bytes = tail;
    Some(head)
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Key for $number {
            fn encode(&self, out: &mut Vec<u8>) { out.extend_from_slice(&self.to_be_bytes()); }
            fn decode(bytes: &mut &[u8]) -> Option<Self> {
                take(bytes, size_of::<$number>())?.try_into().ok().map(<$number>::from_be_bytes)
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64);

impl Key for Timestamp {
    /// Times before 1970 sort as 1970.
    fn encode(&self, out: &mut Vec<u8>) {
        u64::try_from(self.0).unwrap_or(0).encode(out);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        i64::try_from(u64::decode(bytes)?).ok().map(Timestamp)
    }
}

impl Key for Lsn {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        u64::decode(bytes).map(Lsn)
    }
}

impl Key for () {
    fn encode(&self, _: &mut Vec<u8>) {}
    fn decode(_: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

impl Key for String {
    fn encode(&self, out: &mut Vec<u8>) {
        // A NUL would end the part early; names with one are refused where they enter.
        out.extend(self.bytes().filter(|byte| *byte != 0));
        out.push(0);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let text = take(bytes, end)?;
        take(bytes, 1)?;
        String::from_utf8(text.to_vec()).ok()
    }
}

/// The first 16 bytes of SHA-256: a key for texts of any length. The row holds the text itself, to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// The digest of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_bytes(text.as_bytes())
    }

    /// The digest of `bytes`.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let whole = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        let mut first = [0; 16];
        first.copy_from_slice(&whole.as_ref()[..16]);
        Digest(first)
    }
}

impl Key for Digest {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes, 16)?.try_into().ok().map(Digest)
    }
}

/// A whole SHA-256, for secrets that are looked up by their hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// The hash of `secret`.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        let whole = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(whole.as_ref());
        SecretHash(hash)
    }
}

impl Key for SecretHash {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes, 32)?.try_into().ok().map(SecretHash)
    }
}

macro_rules! tuples {
    ($(($($part:ident $index:tt),*))*) => {$(
        impl<$($part: Key),*> Key for ($($part,)*) {
            fn encode(&self, out: &mut Vec<u8>) { $(self.$index.encode(out);)* }
            fn decode(bytes: &mut &[u8]) -> Option<Self> { Some(($($part::decode(bytes)?,)*)) }
        }
    )*};
}
tuples! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) }
