//! Segments: numbered files of frames. The first frame names the segment and where its predecessor ends.

use super::frame::{self, Frame, HEAD, Kind, Uuid};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    migrate::refuse_newer,
    vfs::VfsFile,
};
use std::sync::Arc;

/// Where the first group begins: a sector of its own for the header.
pub const FIRST_FRAME: u64 = 512;
/// Bytes read from a segment at a time.
const WINDOW: usize = 256 * 1024;

/// The first frame of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Its random name.
    pub uuid: Uuid,
    /// Its number; one above its predecessor's.
    pub number: u64,
    /// The predecessor's random name; zeros for the first segment.
    pub predecessor: Uuid,
    /// Where the predecessor ends; bytes behind are never read again.
    pub predecessor_end: u64,
    /// The first LSN written here.
    pub first_lsn: Lsn,
    /// The lowest format whose programs may read this log.
    pub format: u32,
    /// The time of the last group before it; 0 where that is unknown, as in logs of the first programs.
    pub time: Timestamp,
}

impl SegmentHeader {
    /// The bytes at the start of the segment.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut payload = Vec::with_capacity(68);
        payload.extend_from_slice(&self.uuid);
        payload.extend_from_slice(&self.number.to_le_bytes());
        payload.extend_from_slice(&self.predecessor);
        payload.extend_from_slice(&self.predecessor_end.to_le_bytes());
        payload.extend_from_slice(&self.first_lsn.0.to_le_bytes());
        payload.extend_from_slice(&self.format.to_le_bytes());
        payload.extend_from_slice(&self.time.0.to_le_bytes());
        let mut out = Vec::new();
        frame::encode(&mut out, &self.uuid, self.first_lsn, Kind::Segment, &payload);
        out
    }

    /// Reads a header; `None` if there is none that holds.
    ///
    /// # Errors
    /// `Format` if a newer program wrote it.
    pub fn decode(bytes: &[u8]) -> Result<Option<SegmentHeader>> {
        let Some(uuid) = frame::self_described(bytes) else { return Ok(None) };
        let Some(Frame { kind: Kind::Segment, payload, .. }) = frame::decode(bytes, &uuid) else { return Ok(None) };
        let read = || {
            let number = |at: usize| Some(u64::from_le_bytes(payload.get(at..at + 8)?.try_into().ok()?));
            Some(SegmentHeader {
                uuid,
                number: number(16)?,
                predecessor: payload.get(24..40)?.try_into().ok()?,
                predecessor_end: number(40)?,
                first_lsn: Lsn(number(48)?),
                format: u32::from_le_bytes(payload.get(56..60)?.try_into().ok()?),
                time: match payload.get(60..68) {
                    Some(time) => Timestamp(i64::from_le_bytes(time.try_into().ok()?)),
                    None => Timestamp(0),
                },
            })
        };
        let header = read();
        if let Some(header) = header {
            refuse_newer(header.format)?;
        }
        Ok(header)
    }
}

/// The file name of segment `number`.
#[must_use]
pub fn file_name(number: u64) -> String {
    format!("{number:010}.seg")
}

/// The number in a segment's file name.
#[must_use]
pub fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".seg")?.parse().ok()
}

/// Reads frames of a segment one after another.
pub struct SegmentReader {
    file: Arc<dyn VfsFile>,
    name: String,
    uuid: Uuid,
    offset: u64,
    end: u64,
    buffer: Vec<u8>,
    start: usize,
}

/// What stands at the reader's place.
pub enum Step<'a> {
    /// A frame that holds; `offset` is where it begins.
    Frame {
        /// The frame.
        frame: Frame<'a>,
        /// Where it begins.
        offset: u64,
    },
    /// Nothing that holds, or the end.
    Stop,
}

impl SegmentReader {
    /// A reader from `offset` to `end` of a segment.
    #[must_use]
    pub fn new(file: Arc<dyn VfsFile>, name: String, uuid: Uuid, offset: u64, end: u64) -> Self {
        SegmentReader { file, name, uuid, offset, end, buffer: Vec::new(), start: 0 }
    }

    /// Where the next frame would begin.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn io(&self, source: std::io::Error) -> Error {
        Error::io(format!("read log/{}", self.name), source)
    }

    /// Makes at least `count` bytes available from the current place, fewer at the end.
    fn fill(&mut self, count: usize) -> Result<()> {
        let have = self.buffer.len() - self.start;
        if have >= count {
            return Ok(());
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let from = self.offset + have as u64;
        let wanted = count.max(WINDOW) - have;
        let left = usize::try_from(self.end.saturating_sub(from)).unwrap_or(usize::MAX);
        self.buffer.resize(have + wanted.min(left), 0);
        let read = self.file.read_at(from, &mut self.buffer[have..]).map_err(|error| self.io(error))?;
        self.buffer.truncate(have + read);
        Ok(())
    }

    /// The next frame.
    ///
    /// # Errors
    /// Only those of reading; what does not hold is `Stop`.
    pub fn step(&mut self) -> Result<Step<'_>> {
        self.fill(HEAD)?;
        let Some(len) = frame::claimed_len(&self.buffer[self.start..]) else { return Ok(Step::Stop) };
        self.fill(HEAD + len)?;
        let Some(Frame { lsn, kind, .. }) = frame::decode(&self.buffer[self.start..], &self.uuid) else {
            return Ok(Step::Stop);
        };
        let (offset, begin) = (self.offset, self.start + HEAD);
        self.start += HEAD + len;
        self.offset += (HEAD + len) as u64;
        let payload = &self.buffer[begin..begin + len];
        Ok(Step::Frame { frame: Frame { lsn, kind, payload }, offset })
    }

    /// Looks for the first group's frame that holds anywhere behind the current place and answers its
    /// `durable_upto`.
    ///
    /// # Errors
    /// Only those of reading.
    pub fn later_group(&mut self) -> Result<Option<Lsn>> {
        let uuid = self.uuid;
        self.search(|bytes| frame::decode(bytes, &uuid)?.durable_upto())
    }

    /// Whether a frame that describes itself (of whatever segment) stands anywhere behind the current place.
    ///
    /// # Errors
    /// Only those of reading.
    pub fn any_described(&mut self) -> Result<bool> {
        Ok(self.search(frame::self_described)?.is_some())
    }

    fn search<T>(&mut self, mut found: impl FnMut(&[u8]) -> Option<T>) -> Result<Option<T>> {
        let magic = frame::MAGIC.to_le_bytes();
        loop {
            self.fill(WINDOW)?;
            let window = &self.buffer[self.start..];
            if window.len() < HEAD {
                return Ok(None);
            }
            let Some(at) = position(window, &magic) else {
                let skip = window.len() - (magic.len() - 1);
                self.start += skip;
                self.offset += skip as u64;
                continue;
            };
            self.start += at;
            self.offset += at as u64;
            // A group's or segment's frame is short: no need to load what a length claims.
            self.fill(HEAD + 64)?;
            let claimed = frame::claimed_len(&self.buffer[self.start..]);
            if let Some(len) = claimed
                && len <= limits::KEY_MAX
            {
                self.fill(HEAD + len)?;
                if let Some(answer) = found(&self.buffer[self.start..]) {
                    return Ok(Some(answer));
                }
            }
            self.start += 1;
            self.offset += 1;
            if self.start >= self.buffer.len() {
                return Ok(None);
            }
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8; 4]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == wanted[0]) {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
