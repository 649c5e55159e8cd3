//! What an engine holds, in 36 bytes: the LSN, the number of rows, a sum over all rows in any order, their bytes, and a
//! sum of these.
//!
//! The last one, because an LSN that rots must not look like a log that lost its end. Stored in the commit that made it
//! so. Neither engine notices every row that rots or vanishes; this does.

use crate::{
    checksum,
    error::{Error, Result},
    id::Lsn,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) lsn: Lsn,
    pub(crate) rows: u64,
    pub(crate) sum: u64,
    /// Bytes of keys and values; `None` in an engine made before they were counted, until it is made anew.
    pub(crate) bytes: Option<u64>,
}

impl Default for Held {
    fn default() -> Self {
        Held { lsn: Lsn(0), rows: 0, sum: 0, bytes: Some(0) }
    }
}

impl Held {
    pub(crate) fn encode(self) -> Vec<u8> {
        let numbers = [self.lsn.0, self.rows, self.sum].into_iter().chain(self.bytes);
        let mut bytes: Vec<u8> = numbers.flat_map(u64::to_be_bytes).collect();
        bytes.extend(checksum::checksum(&bytes).to_be_bytes());
        bytes
    }

    /// `None` for what is damaged. Engines made before there was the last sum have 24 bytes, those made before the bytes
    /// were counted 28.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Held> {
        let numbers = if bytes.len() == 36 { 32 } else { 24 };
        let (numbers, sum) = bytes.split_at_checked(numbers)?;
        if !sum.is_empty() && sum != checksum::checksum(numbers).to_be_bytes() {
            return None;
        }
        let number = |at: usize| Some(u64::from_be_bytes(numbers.get(at..at + 8)?.try_into().ok()?));
        Some(Held { lsn: Lsn(number(0)?), rows: number(8)?, sum: number(16)?, bytes: number(24) })
    }

    /// A row came. `key` begins with the table's number.
    pub(crate) fn add(&mut self, key: [&[u8]; 2], value: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.sum = self.sum.wrapping_add(row_sum(key, value));
        self.bytes = self.bytes.map(|bytes| bytes.wrapping_add(row_bytes(key, value)));
    }

    /// A row went.
    pub(crate) fn subtract(&mut self, key: [&[u8]; 2], value: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(row_sum(key, value));
        self.bytes = self.bytes.map(|bytes| bytes.wrapping_sub(row_bytes(key, value)));
    }

    /// # Errors
    /// `Corrupt` unless what was found is what was noted.
    pub(crate) fn compare(self, found: Held, place: &str) -> Result<()> {
        let counted = self.bytes.zip(found.bytes);
        if (self.lsn, self.rows, self.sum) == (found.lsn, found.rows, found.sum)
            && counted.is_none_or(|(noted, there)| noted == there)
        {
            return Ok(());
        }
        let why = format!(
            "{} rows with sum {:x} were found; {} with {:x} were stored; it is to be rebuilt from the log",
            found.rows, found.sum, self.rows, self.sum
        );
        Err(Error::corrupt(place, "all rows", why))
    }
}

fn row_bytes([_, key]: [&[u8]; 2], value: &[u8]) -> u64 {
    (key.len() + value.len()) as u64
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bit_of_it_rots_unseen() {
        let held = Held { lsn: Lsn(3000), rows: 6000, sum: 0x1234_5678_9abc_def0, bytes: Some(77_000) };
        let bytes = held.encode();
        assert_eq!((Held::decode(&bytes), bytes.len()), (Some(held), 36));
        let before = Held { bytes: None, ..held };
        assert_eq!((Held::decode(&before.encode()), before.encode().len()), (Some(before), 28), "as written before");
        assert_eq!(Held::decode(&before.encode()[..24]), Some(before), "and before that");
        for bit in 0..bytes.len() * 8 {
            let mut rotten = bytes.clone();
            rotten[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Held::decode(&rotten), None, "bit {bit}");
        }
        for len in (0..bytes.len()).filter(|len| *len != 24) {
            assert_eq!(Held::decode(&bytes[..len]), None, "{len} bytes");
        }
    }
}
