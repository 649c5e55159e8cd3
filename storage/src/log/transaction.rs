//! The record of one transaction: physical operations with final values, and the events it emitted.
//!
//! `version u8 · operations u32 · { table u16 · present u8 · key len u16 · key · [value len u32 · value] } · events`
//! (little-endian; events are postcard). Replaying it over a newer state converges, because nothing is relative.

use crate::{
    error::{Error, Result},
    event::Event,
    limits,
    table::TableId,
};
use bytes::Bytes;

const VERSION: u8 = 1;

/// One row set or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Where.
    pub table: TableId,
    /// Which row.
    pub key: Bytes,
    /// The value; `None` removes the row.
    pub value: Option<Bytes>,
}

/// What one transaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Rows set and removed, each key at most once.
    pub operations: Vec<Operation>,
    /// What is told to listeners.
    pub events: Vec<Event>,
}

impl Transaction {
    /// The record's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let size: usize =
            self.operations.iter().map(|op| 9 + op.key.len() + op.value.as_ref().map_or(0, Bytes::len)).sum();
        let mut out = Vec::with_capacity(size + 16 + self.events.len() * 24);
        out.push(VERSION);
        // Counts and lengths are bounded by `limits` before a transaction gets here.
        out.extend_from_slice(&(self.operations.len() as u32).to_le_bytes());
        for operation in &self.operations {
            out.extend_from_slice(&operation.table.0.to_le_bytes());
            out.push(u8::from(operation.value.is_some()));
            out.extend_from_slice(&(operation.key.len() as u16).to_le_bytes());
            out.extend_from_slice(&operation.key);
            if let Some(value) = &operation.value {
                out.extend_from_slice(&(value.len() as u32).to_le_bytes());
                out.extend_from_slice(value);
            }
        }
        postcard::to_extend(&self.events, out).expect("postcard writes to memory, which cannot fail for plain enums")
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `Format` for a newer version, `Corrupt` for anything that breaks a bound.
    pub fn decode(payload: &[u8]) -> Result<Self> {
        let mut rest = payload;
        match take(&mut rest, 1)? {
            [VERSION] => {}
            [0] => return Err(bad("version 0")),
            [newer, ..] => return Err(Error::Format { found: (*newer).into(), known: VERSION.into() }),
            [] => return Err(bad("empty")),
        }
        let count = number::<4>(&mut rest)?;
        if count > limits::TRANSACTION_OPERATIONS_MAX + 1 {
            return Err(bad("too many operations"));
        }
        let mut operations = Vec::with_capacity(count);
        for _ in 0..count {
            let table = TableId(u16::try_from(number::<2>(&mut rest)?).map_err(|_| bad("table"))?);
            let present = take(&mut rest, 1)?[0];
            let key_len = number::<2>(&mut rest)?;
            let key = Bytes::copy_from_slice(take(&mut rest, key_len)?);
            let value = match present {
                0 => None,
                1 => {
                    let len = number::<4>(&mut rest)?;
                    Some(Bytes::copy_from_slice(take(&mut rest, len)?))
                }
                _ => return Err(bad("operation")),
            };
            operations.push(Operation { table, key, value });
        }
        let events = postcard::from_bytes(rest).map_err(|error| bad(&error.to_string()))?;
        Ok(Transaction { operations, events })
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count).ok_or_else(|| bad("too short"))?;
    *rest = tail;
    Ok(head)
}

fn number<const N: usize>(rest: &mut &[u8]) -> Result<usize> {
    let bytes = take(rest, N)?;
    Ok(bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
}

fn bad(why: &str) -> Error {
    Error::corrupt("log", "transaction", why)
}

#[cfg(test)]
mod tests {
    use super::{Operation, Transaction};
    use crate::{event::Event, table::TableId};
    use bytes::Bytes;

    #[test]
    fn a_record_reads_back_and_no_prefix_of_it_does() {
        let operations = vec![
            Operation { table: TableId(300), key: Bytes::from_static(b"k"), value: Some(Bytes::from_static(b"value")) },
            Operation { table: TableId(2), key: Bytes::new(), value: None },
        ];
        let whole = Transaction { operations, events: vec![Event::JobQueued { job: crate::JobId(4) }] };
        let bytes = whole.encode();
        assert_eq!(Transaction::decode(&bytes).expect("reads back"), whole);
        for end in 0..bytes.len() {
            assert!(Transaction::decode(&bytes[..end]).is_err(), "{end} bytes");
        }
    }
}
