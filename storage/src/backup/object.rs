//! Objects: a head, then the content, packed where that pays and sealed if the repository is.
//!
//! `magic u32 · kind u8 · packing u8 · sealed u8 · 0 · store u64 · length u32 · stored u32 · crc32c u32 · content`,
//! little-endian. The checksum covers the object's name, the head before it and the content, so that an object under
//! another's name, or one of another store, is noticed without a key too.

use super::{
    seal::{self, Seal},
    target::OBJECT_BYTES_MAX,
};
use crate::{
    base::{Packer, Unpacker},
    checksum,
    error::{Error, Result},
};

/// "DBK" and the epoch of the format.
const MAGIC: [u8; 4] = *b"DBK\x01";
/// Bytes before the content.
pub(super) const HEAD: usize = 28;
/// The part of the head that a sealed content is bound to.
const BOUND: usize = 20;
/// Most bytes of a content: sealed and with its head it is an object still.
pub(super) const CONTENT_MAX: usize = OBJECT_BYTES_MAX - HEAD - seal::GROWTH;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Repository = 1,
    Base = 2,
    Log = 3,
    File = 4,
    List = 5,
    Point = 6,
    Lease = 7,
    Claim = 8,
    Standby = 9,
    Sent = 10,
}

/// An object whose checksum holds and whose seal, if it has one, opened.
pub(super) struct Opened {
    pub(super) kind: u8,
    pub(super) store: u64,
    pub(super) sealed: bool,
    pub(super) content: Vec<u8>,
}

/// Head and content.
pub(super) fn encode(name: &str, kind: Kind, store: u64, seal: Option<&Seal>, content: &[u8]) -> Result<Vec<u8>> {
    if content.len() > CONTENT_MAX {
        return Err(Error::TooLarge { what: "an object of a backup", size: content.len(), limit: CONTENT_MAX });
    }
    let io = |error| Error::io("pack an object of a backup", error);
    // A base is packed already.
    let packed = match kind {
        Kind::Base => Vec::new(),
        _ => Packer::new().and_then(|mut packer| packer.pack(content)).map_err(io)?,
    };
    let pays = kind != Kind::Base && packed.len() < content.len() - content.len() / 16;
    let body = if pays { &packed[..] } else { content };
    let mut out = Vec::with_capacity(HEAD + body.len() + seal::GROWTH);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[kind as u8, u8::from(pays), u8::from(seal.is_some()), 0]);
    out.extend_from_slice(&store.to_le_bytes());
    out.extend_from_slice(&length(content.len()));
    let sealed;
    let body = match seal {
        Some(seal) => {
            sealed = seal.seal(body, &about(name, &out))?;
            &sealed[..]
        }
        None => body,
    };
    out.extend_from_slice(&length(body.len()));
    let sum = sum(name, &out, body);
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend_from_slice(body);
    Ok(out)
}

/// Lengths here are at most `OBJECT_BYTES_MAX`.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

fn about(name: &str, bound: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &[0], bound].concat()
}

fn sum(name: &str, head: &[u8], body: &[u8]) -> u32 {
    checksum::extend(checksum::extend(checksum::checksum(name.as_bytes()), head), body)
}

/// Reads an object.
///
/// # Errors
/// `Corrupt` naming the object, `Format` for one of a newer program, `Refused` if it is sealed and `seal` is none.
pub(super) fn decode(name: &str, seal: Option<&Seal>, bytes: &[u8]) -> Result<Opened> {
    let corrupt = |at: &str, why: String| Error::corrupt(format!("the backup's object {name}"), at, why);
    if bytes.len() < HEAD || bytes[..3] != MAGIC[..3] {
        return Err(corrupt("byte 0", format!("{} bytes that are no object of a backup", bytes.len())));
    }
    if bytes[3] > MAGIC[3] {
        return Err(Error::Format { found: bytes[3].into(), known: MAGIC[3].into() });
    }
    let (head, body) = bytes.split_at(HEAD);
    let four = |at: usize| head[at..at + 4].iter().rev().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    let store = u64::from(four(12)) << 32 | u64::from(four(8));
    let (raw, stored) = (four(16) as usize, four(20) as usize);
    if stored != body.len() || sum(name, &head[..24], body) != four(24) {
        return Err(corrupt("byte 0", "its checksum does not hold".into()));
    }
    if raw > CONTENT_MAX || head[5] > 1 || head[6] > 1 {
        return Err(corrupt("the head", format!("a content of {raw} bytes; at most {CONTENT_MAX}")));
    }
    let opened;
    let body = match (head[6], seal) {
        (0, _) => body,
        (_, None) => return Err(Error::Refused("this backup is sealed; a key file or a passphrase opens it".into())),
        (_, Some(seal)) => {
            let why = "it does not open with this key: it was sealed with another, or for another place";
            opened = seal.unseal(body, &about(name, &head[..BOUND])).ok_or_else(|| corrupt("the seal", why.into()))?;
            &opened[..]
        }
    };
    let content = match head[5] {
        0 => body.to_vec(),
        _ => {
            let unpacked = Unpacker::new().and_then(|mut unpacker| unpacker.unpack(body, raw));
            unpacked.map_err(|error| corrupt("the content", error.to_string()))?
        }
    };
    if content.len() != raw {
        return Err(corrupt("the content", format!("{} bytes; {raw} were written", content.len())));
    }
    Ok(Opened { kind: head[4], store, sealed: head[6] == 1, content })
}
