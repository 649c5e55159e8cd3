//! What an engine holds, in 24 bytes: the LSN, the number of rows, and a sum over all rows in any order.
//!
//! Stored in the commit that made it so. Neither engine notices every row that rots or vanishes; this does.

use crate::{
    checksum,
    error::{Error, Result},
    id::Lsn,
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) lsn: Lsn,
    pub(crate) rows: u64,
    pub(crate) sum: u64,
}

impl Held {
    pub(crate) fn encode(self) -> Vec<u8> {
        [self.lsn.0, self.rows, self.sum].iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Held> {
        let number = |at: usize| Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        (bytes.len() == 24).then_some(Held { lsn: Lsn(number(0)?), rows: number(8)?, sum: number(16)? })
    }

    /// A row came. `key` begins with the table's number.
    pub(crate) fn add(&mut self, key: [&[u8]; 2], value: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.sum = self.sum.wrapping_add(row_sum(key, value));
    }

    /// A row went.
    pub(crate) fn subtract(&mut self, key: [&[u8]; 2], value: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(row_sum(key, value));
    }

    /// # Errors
    /// `Corrupt` unless what was found is what was noted.
    pub(crate) fn compare(self, found: Held, place: &str) -> Result<()> {
        if self == found {
            return Ok(());
        }
        let why = format!(
            "{} rows with sum {:x} were found; {} with {:x} were stored; it is to be rebuilt from the log",
            found.rows, found.sum, self.rows, self.sum
        );
        Err(Error::corrupt(place, "all rows", why))
    }
}

/// 64 bits of a row. The sum over rows is order-free, so rows may come and go one by one.
fn row_sum([table, key]: [&[u8]; 2], value: &[u8]) -> u64 {
    let whole = |start: u32| {
        let sum = checksum::extend(start, &(key.len() as u64).to_le_bytes());
        checksum::extend(checksum::extend(checksum::extend(sum, table), key), value)
    };
    let low = u64::from(whole(0));
    // A checksum is linear: the second half must not be a function of the first.
    let high = u64::from(checksum::extend(checksum::extend(!0x5bd1_e995, value), key));
    let mut mixed = (high << 32) | low;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
