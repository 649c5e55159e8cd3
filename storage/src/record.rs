//! Records: a version byte, then postcard (DESIGN §3, records).
//!
//! postcard is not self-describing, so every change of a struct is a new version with its own frozen struct and
//! an upgrade step; enums grow only at the end.

use crate::error::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

/// A value stored in a table.
pub trait Record: Sized {
    /// The version byte that `encode` writes.
    const VERSION: u8;

    /// The bytes to store: version byte + postcard.
    fn encode(&self) -> Vec<u8>;

    /// Reads any version up to `VERSION`.
    ///
    /// # Errors
    /// `Format` for a version above the known one, `Corrupt` for bytes that do not decode.
    fn decode(bytes: &[u8]) -> Result<Self>;
}

/// Version byte + postcard of `value`.
pub fn encode_version<T: Serialize>(version: u8, value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.push(version);
    postcard::to_extend(value, out).expect("postcard writes to memory, which cannot fail for records")
}

/// Reads the postcard part of a record whose version byte has been looked at.
///
/// # Errors
/// `Corrupt`, with `name`, for bytes that do not decode.
pub fn decode_body<T: DeserializeOwned>(name: &str, body: &[u8]) -> Result<T> {
    postcard::from_bytes(body).map_err(|error| Error::corrupt(name, "record", error.to_string()))
}

/// Splits the version byte off.
///
/// # Errors
/// `Corrupt`, with `name`, for an empty value; `Format` for version 0 and for one above `known`.
pub fn split_version<'a>(name: &str, bytes: &'a [u8], known: u8) -> Result<(u8, &'a [u8])> {
    let Some((version, body)) = bytes.split_first() else {
        return Err(Error::corrupt(name, "record", "empty value"));
    };
    if *version == 0 || *version > known {
        return Err(Error::Format { found: (*version).into(), known: known.into() });
    }
    Ok((*version, body))
}

/// Declares the current version of a record; older versions are listed with the frozen struct they decode to,
/// which must be `Into` the record.
///
/// `record!(Status, 2, { 1 => StatusV1 });`
#[macro_export]
macro_rules! record {
    ($type:ty, $version:literal $(, { $($old:literal => $frozen:ty),* $(,)? })?) => {
        impl $crate::record::Record for $type {
            const VERSION: u8 = $version;
            fn encode(&self) -> Vec<u8> { $crate::record::encode_version($version, self) }
            fn decode(bytes: &[u8]) -> $crate::Result<Self> {
                let name = stringify!($type);
                let (version, body) = $crate::record::split_version(name, bytes, $version)?;
                match version {
                    $($($old => Ok($crate::record::decode_body::<$frozen>(name, body)?.into()),)*)?
                    _ => $crate::record::decode_body(name, body),
                }
            }
        }
    };
}

/// As `record!`, for a record that is packed from the current version on (`packed`).
///
/// `packed_record!(Status, 3, { 1 => StatusV1, 2 => StatusV2 });`
#[macro_export]
macro_rules! packed_record {
    ($type:ty, $version:literal, { $($old:literal => $frozen:ty),* $(,)? }) => {
        impl $crate::record::Record for $type {
            const VERSION: u8 = $version;
            fn encode(&self) -> Vec<u8> { $crate::packed::encode($version, self) }
            fn decode(bytes: &[u8]) -> $crate::Result<Self> {
                let name = stringify!($type);
                let (version, body) = $crate::record::split_version(name, bytes, $version)?;
                match version {
                    $($old => Ok($crate::record::decode_body::<$frozen>(name, body)?.into()),)*
                    _ => $crate::packed::decode(name, body),
                }
            }
        }
    };
}

/// An index row: its key says everything.
impl Record for () {
    const VERSION: u8 = 1;
    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
    fn decode(_: &[u8]) -> Result<Self> {
        Ok(())
    }
}

/// Ids and other small numbers as values: eight bytes, big-endian, without a version.
macro_rules! id_records {
    ($($id:ty),* $(,)?) => {$(
        impl Record for $id {
            const VERSION: u8 = 1;
            fn encode(&self) -> Vec<u8> { $crate::key::Key::to_bytes(self) }
            fn decode(bytes: &[u8]) -> Result<Self> {
                <$id as $crate::key::Key>::from_bytes(bytes)
                    .ok_or_else(|| Error::corrupt(stringify!($id), "value", format!("{} bytes", bytes.len())))
            }
        }
    )*};
}
id_records!(
    crate::AccountId,
    crate::StatusId,
    crate::RowId,
    crate::TagId,
    crate::JobId,
    crate::NotificationId,
    crate::MediaId,
    crate::ApplicationId,
    crate::TokenId,
    crate::Timestamp,
    crate::Lsn,
    crate::key::Digest,
    u64,
    (crate::AccountId, crate::AccountId),
);
