//! Writing a base: rows in order, block after block; one block in memory.

use super::format::{End, Kind, Packer, block, put_row};
use crate::{
    catalogue::FORMAT,
    engine::{Exported, held::Held},
    error::{Error, Result},
    id::Timestamp,
    limits,
    table::TableId,
    vfs::{Trickle, VfsFile},
};
use std::{io, sync::Arc};

pub(super) struct BaseWriter {
    file: Arc<dyn VfsFile>,
    offset: u64,
    trickle: Trickle,
    blocks: u64,
    packer: Packer,
    raw: Vec<u8>,
    rows: u32,
    holds: Held,
}

fn failed(error: io::Error) -> Error {
    Error::io("write a base snapshot", error)
}

impl BaseWriter {
    /// Begins in an empty file.
    pub(super) fn begin(file: Arc<dyn VfsFile>) -> Result<BaseWriter> {
        let packer = Packer::new().map_err(failed)?;
        let (raw, holds) = (Vec::with_capacity(limits::BASE_BLOCK_BYTES), Held::default());
        let mut writer =
            BaseWriter { file, offset: 0, trickle: Trickle::default(), blocks: 0, packer, raw, rows: 0, holds };
        writer.put(&block(Kind::Start, 0, 0, 0, &FORMAT.to_le_bytes()))?;
        Ok(writer)
    }

    /// Adds the next row.
    pub(super) fn add(&mut self, table: TableId, key: &[u8], value: &[u8]) -> Result<()> {
        put_row(&mut self.raw, table, key, value)?;
        self.rows += 1;
        self.holds.add([&table.0.to_be_bytes(), key], value);
        if self.raw.len() >= limits::BASE_BLOCK_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows > 0 {
            let packed = self.packer.pack(&self.raw).map_err(failed)?;
            self.put(&block(Kind::Rows, self.blocks, self.rows, self.raw.len(), &packed))?;
            self.raw.clear();
            self.rows = 0;
        }
        Ok(())
    }

    fn put(&mut self, whole: &[u8]) -> Result<()> {
        self.file.write_at(self.offset, whole).map_err(failed)?;
        self.offset += whole.len() as u64;
        self.blocks += 1;
        self.trickle.wrote(self.file.as_ref(), self.offset).map_err(failed)
    }

    /// Writes the last block and returns when all is durable.
    pub(super) fn finish(mut self, exported: Exported, written: Timestamp) -> Result<()> {
        self.flush()?;
        let holds = Held { lsn: exported.lsn, ..self.holds };
        let end = End { holds, upto: exported.upto, blocks: self.blocks + 1, written, format: FORMAT };
        self.put(&block(Kind::End, self.blocks, 0, 0, &end.encode()))?;
        self.file.sync_data().map_err(failed)
    }
}
