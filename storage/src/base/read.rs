//! Reading a base: the last block first, then row by row, one block in memory; nothing is believed before its
//! checksum holds, and the whole not before counts and sum are those of the last block.

use super::{
    BaseInfo,
    format::{END_BYTES, End, HEAD, Head, Kind, ROW_HEAD, Unpacker, row_head},
};
use crate::{
    engine::{Row, held::Held},
    error::{Error, Result},
    migrate::refuse_newer,
    table::TableId,
    vfs::{OpenMode, Vfs, VfsFile},
};
use std::{io, path::Path, sync::Arc};

/// A row in the reader's block: table, key, value.
pub type RowRef<'b> = (TableId, &'b [u8], &'b [u8]);

/// Reads the rows of a base in order.
pub struct BaseReader {
    file: Arc<dyn VfsFile>,
    info: BaseInfo,
    end: End,
    offset: u64,
    blocks: u64,
    unpacker: Unpacker,
    block: Vec<u8>,
    at: usize,
    rows_left: u32,
    found: Held,
    last_key: Vec<u8>,
    done: bool,
}

impl BaseReader {
    /// Opens the base `name` of a store and reads its first and last block.
    ///
    /// # Errors
    /// `Corrupt` naming file and byte, `Format` for one of a newer program, `Io`.
    pub fn open(vfs: &dyn Vfs, store_dir: &Path, name: &str) -> Result<BaseReader> {
        let io = |error| Error::io(format!("read {name}"), error);
        let file = vfs.open(&store_dir.join(name), OpenMode::Existing).map_err(io)?;
        let size = file.size().map_err(io)?;
        let info = BaseInfo { name: name.to_owned(), bytes: size, ..EMPTY };
        let mut reader = BaseReader {
            file,
            info,
            end: NOTHING,
            offset: size.saturating_sub(END_BYTES as u64),
            blocks: 0,
            unpacker: Unpacker::new().map_err(io)?,
            block: Vec::new(),
            at: 0,
            rows_left: 0,
            found: Held::default(),
            last_key: Vec::new(),
            done: false,
        };
        reader.read_end()?;
        reader.offset = 0;
        reader.read_start()?;
        Ok(reader)
    }

    /// What the last block says.
    #[must_use]
    pub fn info(&self) -> &BaseInfo {
        &self.info
    }

    /// The block that is being read, counted from 1.
    pub(super) fn block(&self) -> u64 {
        self.blocks
    }

    fn corrupt(&self, offset: u64, why: impl Into<String>) -> Error {
        Error::corrupt(&self.info.name, format!("byte {offset}"), why)
    }

    fn read_end(&mut self) -> Result<()> {
        let at = self.offset;
        let (head, payload) = self.read_block()?;
        let end = (head.kind == Kind::End).then(|| End::decode(&payload)).flatten();
        let end = end.ok_or_else(|| self.corrupt(at, "the last block is not one; the file is cut"))?;
        refuse_newer(end.format)?;
        let Held { lsn, rows, .. } = end.holds;
        if end.upto < lsn || head.number + 1 != end.blocks {
            return Err(self.corrupt(at, "the last block contradicts itself"));
        }
        self.info = BaseInfo { lsn, upto: end.upto, rows, written: end.written, ..self.info.clone() };
        self.end = end;
        Ok(())
    }

    fn read_start(&mut self) -> Result<()> {
        let (head, payload) = self.read_block()?;
        let format = <[u8; 4]>::try_from(&payload[..]).ok().map(u32::from_le_bytes);
        if head.kind != Kind::Start || format != Some(self.end.format) {
            return Err(self.corrupt(0, "the first block is not one"));
        }
        self.step_over(0, &head)
    }

    /// The block at the current place and its payload.
    fn read_block(&mut self) -> Result<(Head, Vec<u8>)> {
        let io = |error| Error::io(format!("read {}", self.info.name), error);
        let mut whole = vec![0; HEAD];
        let read = self.file.read_at(self.offset, &mut whole).map_err(io)?;
        let head = Head::read(&whole[..read]).map_err(|why| self.corrupt(self.offset, why))?;
        whole.resize(HEAD + head.stored, 0);
        let read = self.file.read_at(self.offset + HEAD as u64, &mut whole[HEAD..]).map_err(io)?;
        if read < head.stored || !head.holds(&whole) {
            return Err(self.corrupt(self.offset, format!("the checksum of block {} does not hold", head.number)));
        }
        Ok((head, whole.split_off(HEAD)))
    }

    fn step_over(&mut self, at: u64, head: &Head) -> Result<()> {
        if head.number != self.blocks {
            return Err(self.corrupt(at, format!("block {} stands where {} belongs", head.number, self.blocks)));
        }
        self.blocks += 1;
        self.offset = at + (HEAD + head.stored) as u64;
        Ok(())
    }

    /// The next row; `None` behind the last one, when everything held.
    ///
    /// # Errors
    /// `Corrupt` naming file and byte, `Io`.
    pub fn next_row(&mut self) -> Result<Option<RowRef<'_>>> {
        while self.rows_left == 0 {
            if self.done || !self.next_block()? {
                return Ok(None);
            }
        }
        let Some((table, key_len, value_len)) = row_head(&self.block[self.at..]) else {
            return Err(self.corrupt(self.offset, format!("a row of block {} has no end", self.blocks - 1)));
        };
        let key = self.at + ROW_HEAD;
        let value = key + key_len;
        let number = table.0.to_be_bytes();
        let ordered = [&number[..], &self.block[key..value]].concat();
        if ordered <= self.last_key {
            return Err(self.corrupt(self.offset, format!("the rows of block {} are not in order", self.blocks - 1)));
        }
        self.last_key = ordered;
        self.at = value + value_len;
        self.rows_left -= 1;
        let (key, value) = (&self.block[key..value], &self.block[value..self.at]);
        self.found.add([&number, key], value);
        Ok(Some((table, key, value)))
    }

    /// Loads the next block of rows; `false` if the last block came and all of it is right.
    fn next_block(&mut self) -> Result<bool> {
        let at = self.offset;
        if self.at < self.block.len() {
            return Err(self.corrupt(at, format!("block {} holds more than its rows", self.blocks - 1)));
        }
        let (head, payload) = self.read_block()?;
        self.step_over(at, &head)?;
        match head.kind {
            Kind::Start => Err(self.corrupt(at, "a second first block")),
            Kind::Rows => {
                let unpacked = self.unpacker.unpack(&payload, head.raw);
                let cannot = |error: io::Error| self.corrupt(at, format!("block {}: {error}", head.number));
                let block = unpacked.map_err(cannot)?;
                if block.len() != head.raw || head.rows == 0 {
                    return Err(self.corrupt(at, format!("block {} is not as long as it says", head.number)));
                }
                (self.block, self.at, self.rows_left) = (block, 0, head.rows);
                Ok(true)
            }
            Kind::End => {
                self.done = true;
                let holds = Held { lsn: self.end.holds.lsn, bytes: None, ..self.found };
                let whole = End::decode(&payload) == Some(self.end) && self.offset == self.info.bytes;
                if !whole || self.blocks != self.end.blocks || holds != self.end.holds {
                    return Err(self.corrupt(at, "its rows are not those that were written"));
                }
                Ok(false)
            }
        }
    }
}

impl Iterator for BaseReader {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let row = self.next_row();
        row.map(|row| row.map(|(table, key, value)| (table, key.to_vec(), value.to_vec()))).transpose()
    }
}

const EMPTY: BaseInfo = BaseInfo {
    name: String::new(),
    lsn: crate::id::Lsn(0),
    upto: crate::id::Lsn(0),
    rows: 0,
    bytes: 0,
    written: crate::id::Timestamp(0),
};

const NOTHING: End = End {
    holds: Held { lsn: crate::id::Lsn(0), rows: 0, sum: 0, bytes: None },
    upto: crate::id::Lsn(0),
    blocks: 0,
    written: crate::id::Timestamp(0),
    format: 0,
};
