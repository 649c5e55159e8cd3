//! Records packed one by one: zstd with a dictionary of what stands in most of them, for tables whose rows are most of
//! a store.
//!
//! Behind the version byte: the dictionary's number (0: as it is), and a frame of zstd that says its length unpacked,
//! without its first four bytes, which are always the same. A dictionary never changes and stays for ever.

use crate::{
    error::{Error, Result},
    limits, record,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{cell::RefCell, io, sync::LazyLock};
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::get_frame_content_size,
};

/// Packs nearly as well as higher ones, in a third of their time.
const LEVEL: i32 = 3;
/// What each frame of zstd begins with (RFC 8878 §3.1.1).
const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();
/// As it is.
const PLAIN: u8 = 0;
/// The dictionary in use.
const NUMBER: u8 = 1;
static DICTIONARY: &[u8] = include_bytes!("packed/1.dict");

static ENCODER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    // Making one costs more than packing a row.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Version byte + packed postcard of `value`; as it is where packing does not make it smaller.
pub fn encode<T: Serialize>(version: u8, value: &T) -> Vec<u8> {
    let plain = postcard::to_stdvec(value).expect("postcard writes to memory, which cannot fail for records");
    // What is too long for a row stays too long for one.
    let packed = if plain.len() > limits::VALUE_MAX { None } else { pack(&plain).ok() };
    let (number, body) = match &packed {
        Some(packed) if packed.len() < plain.len() => (NUMBER, packed),
        _ => (PLAIN, &plain),
    };
    [&[version, number], &body[..]].concat()
}

/// Reads what stands behind the version byte.
///
/// # Errors
/// `Format` for a dictionary of a later program, `Corrupt` for bytes that do not unpack or decode.
pub fn decode<T: DeserializeOwned>(name: &str, body: &[u8]) -> Result<T> {
    let corrupt = |why: String| Error::corrupt(name, "record", why);
    match body.split_first() {
        Some((&PLAIN, plain)) => record::decode_body(name, plain),
        Some((&NUMBER, packed)) => {
            let frame = [&MAGIC[..], packed].concat();
            let length = get_frame_content_size(&frame).ok().flatten().and_then(|length| usize::try_from(length).ok());
            let length = length.filter(|length| *length <= limits::VALUE_MAX);
            let length = length.ok_or_else(|| corrupt("its length unpacked is missing or too large".into()))?;
            let plain = unpack(&frame, length).map_err(|error| corrupt(error.to_string()))?;
            record::decode_body(name, &plain)
        }
        Some((number, _)) => Err(Error::Format { found: (*number).into(), known: NUMBER.into() }),
        None => Err(corrupt("it ends early".into())),
    }
}

fn pack(plain: &[u8]) -> io::Result<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(packer) => packer,
            none => none.insert(Compressor::with_prepared_dictionary(&ENCODER)?),
        };
        let mut packed = packer.compress(plain)?;
        packed.drain(..MAGIC.len().min(packed.len()));
        Ok(packed)
    })
}

fn unpack(frame: &[u8], length: usize) -> io::Result<Vec<u8>> {
    UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            none => none.insert(Decompressor::with_prepared_dictionary(&DECODER)?),
        };
        unpacker.decompress(frame, length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_unpacks_and_longer_rows_become_shorter() {
        for length in [0, 1, 10, 100, 1_000, 10_000, limits::VALUE_MAX - 3, limits::VALUE_MAX + 1] {
            let text = "a kettle of tea, ".chars().cycle().take(length).collect::<String>();
            let bytes = encode(3, &text);
            assert_eq!(bytes[0], 3);
            assert!(bytes.len() <= length + 6, "{} for {length}", bytes.len());
            assert_eq!((100..=limits::VALUE_MAX).contains(&length), bytes.len() < length / 2, "{length}");
            assert_eq!(decode::<String>("text", &bytes[1..]).expect("readable"), text);
        }
    }

    /// What this version made of the text below.
    const ROW: &[u8] = &[1, 32, 81, 141, 0, 0, 56, 80, 60, 112, 62, 116, 101, 97, 2, 0, 210, 130, 192, 116, 65, 24, 1];

    #[test]
    fn rows_of_this_version_stay_readable() {
        let text = "<p>tea</p>".repeat(8);
        assert_eq!(decode::<String>("text", ROW).expect("readable"), text);
        assert_eq!(decode::<String>("text", &[0, 1, b'a']).expect("readable"), "a");
    }

    #[test]
    fn what_is_harmed_or_of_later_programs_is_refused() {
        let bytes = encode(1, &"<p>a kettle of tea</p>".repeat(9));
        for upto in 1..bytes.len() {
            assert!(matches!(decode::<String>("text", &bytes[1..upto]), Err(Error::Corrupt { .. })), "{upto}");
        }
        let bomb = zstd::bulk::compress(&vec![7; limits::VALUE_MAX + 1], 3).expect("packed");
        let bomb = [&[NUMBER][..], &bomb[MAGIC.len()..]].concat();
        assert!(matches!(decode::<String>("text", &bomb), Err(Error::Corrupt { .. })));
        assert!(matches!(decode::<String>("text", &[NUMBER + 1, 0]), Err(Error::Format { .. })));
    }
}
