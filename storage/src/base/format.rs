//! The bytes of a base: blocks with a head and a checksum each; rows in between are packed; the last one sums up.

use crate::{
    checksum,
    engine::held::Held,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    table::TableId,
};
use std::io;

/// "DBS" and the epoch of the format.
const MAGIC: [u8; 4] = *b"DBS\x01";
/// Bytes before a block's payload.
pub(super) const HEAD: usize = 29;
/// Bytes of the last block.
pub(super) const END_BYTES: usize = HEAD + 52;
/// Packs well and faster than any disk we care about takes it.
const LEVEL: i32 = 3;
/// Most bytes of rows in one block: the row that fills it may be the longest there is.
const RAW_MAX: usize = limits::BASE_BLOCK_BYTES + ROW_HEAD + limits::KEY_MAX + limits::VALUE_MAX;
/// Most bytes of a payload: what cannot be packed grows a little.
const STORED_MAX: usize = RAW_MAX + RAW_MAX / 128 + 1024;
/// Bytes before a row's key.
pub(super) const ROW_HEAD: usize = 8;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first: the format.
    Start = 1,
    /// Rows, packed.
    Rows = 2,
    /// The last: LSNs, counts, sum.
    End = 3,
}

/// What stands before a payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) kind: Kind,
    /// Counted from 0.
    pub(super) number: u64,
    pub(super) rows: u32,
    pub(super) raw: usize,
    pub(super) stored: usize,
    sum: u32,
}

/// The last block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) holds: Held,
    pub(super) upto: Lsn,
    /// Blocks of the file, this one included.
    pub(super) blocks: u64,
    pub(super) written: Timestamp,
    pub(super) format: u32,
}

/// Head and payload.
pub(super) fn block(kind: Kind, number: u64, rows: u32, raw: usize, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + payload.len());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&number.to_le_bytes());
    out.push(kind as u8);
    for count in [rows, length(raw), length(payload.len())] {
        out.extend_from_slice(&count.to_le_bytes());
    }
    out.extend_from_slice(payload);
    let sum = checksum::checksum(&out[8..]);
    out[4..8].copy_from_slice(&sum.to_le_bytes());
    out
}

/// Lengths here are bounded far below 4 GiB; what is not does not pass `Head::read`.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Head {
    /// Reads a head; the payload is to be checked by `holds`.
    ///
    /// # Errors
    /// In words, what is wrong.
    pub(super) fn read(bytes: &[u8]) -> Result<Head, String> {
        let four = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
        let read = || Some((four(4)?, four(8)?, four(12)?, *bytes.get(16)?, four(17)?, four(21)?, four(25)?));
        let Some((sum, low, high, kind, rows, raw, stored)) = read() else { return Err("the file ends here".into()) };
        if bytes[..4] != MAGIC {
            return Err("no block begins here".into());
        }
        let kind = match kind {
            1 => Kind::Start,
            2 => Kind::Rows,
            3 => Kind::End,
            other => return Err(format!("a block of unknown kind {other}")),
        };
        let (raw, stored) = (raw as usize, stored as usize);
        if raw > RAW_MAX || stored > STORED_MAX {
            return Err(format!("a block of {raw} bytes, {stored} packed; at most {RAW_MAX} and {STORED_MAX}"));
        }
        Ok(Head { kind, number: u64::from(high) << 32 | u64::from(low), rows, raw, stored, sum })
    }

    /// Whether head and payload, in one piece, are what was written.
    pub(super) fn holds(&self, whole: &[u8]) -> bool {
        whole.get(8..).is_some_and(|checked| checksum::checksum(checked) == self.sum)
    }
}

impl End {
    pub(super) fn encode(&self) -> Vec<u8> {
        let numbers = [self.holds.lsn.0, self.upto.0, self.holds.rows, self.holds.sum, self.blocks];
        let mut out: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        out.extend_from_slice(&self.written.0.to_le_bytes());
        out.extend_from_slice(&self.format.to_le_bytes());
        out
    }

    pub(super) fn decode(payload: &[u8]) -> Option<End> {
        let number = |index: usize| Some(u64::from_le_bytes(payload.get(index * 8..index * 8 + 8)?.try_into().ok()?));
        (payload.len() == END_BYTES - HEAD).then_some(())?;
        Some(End {
            holds: Held { lsn: Lsn(number(0)?), rows: number(2)?, sum: number(3)?, bytes: None },
            upto: Lsn(number(1)?),
            blocks: number(4)?,
            written: Timestamp(i64::from_le_bytes(payload.get(40..48)?.try_into().ok()?)),
            format: u32::from_le_bytes(payload.get(48..52)?.try_into().ok()?),
        })
    }
}

/// Appends a row: table, length of the key, length of the value, key, value.
pub(super) fn put_row(out: &mut Vec<u8>, table: TableId, key: &[u8], value: &[u8]) -> Result<()> {
    let too_large = |what, size, limit| Error::TooLarge { what, size, limit };
    let short = u16::try_from(key.len()).ok().filter(|_| key.len() <= limits::KEY_MAX);
    let key_len = short.ok_or(too_large("a key", key.len(), limits::KEY_MAX))?;
    if value.len() > limits::VALUE_MAX {
        return Err(too_large("a value", value.len(), limits::VALUE_MAX));
    }
    out.extend_from_slice(&table.0.to_le_bytes());
    out.extend_from_slice(&key_len.to_le_bytes());
    out.extend_from_slice(&length(value.len()).to_le_bytes());
    out.extend_from_slice(key);
    out.extend_from_slice(value);
    Ok(())
}

/// A row's table and lengths at the start of `bytes`; `None` if they cannot be.
pub(super) fn row_head(bytes: &[u8]) -> Option<(TableId, usize, usize)> {
    let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let value = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let (table, key) = (TableId(two(0)?), usize::from(two(2)?));
    let fits = key <= limits::KEY_MAX && value <= limits::VALUE_MAX && bytes.len() - ROW_HEAD >= key + value;
    fits.then_some((table, key, value))
}

/// Packs blocks.
pub(crate) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    pub(crate) fn new() -> io::Result<Packer> {
        zstd::bulk::Compressor::new(LEVEL).map(Packer)
    }

    pub(crate) fn pack(&mut self, raw: &[u8]) -> io::Result<Vec<u8>> {
        self.0.compress(raw)
    }
}

/// Unpacks blocks.
pub(crate) struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    pub(crate) fn new() -> io::Result<Unpacker> {
        zstd::bulk::Decompressor::new().map(Unpacker)
    }

    /// Unpacks into at most `raw` bytes, which `Head::read` has bounded.
    pub(crate) fn unpack(&mut self, stored: &[u8], raw: usize) -> io::Result<Vec<u8>> {
        self.0.decompress(stored, raw)
    }
}
