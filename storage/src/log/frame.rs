//! Frames: `magic u32 · len u32 · crc32c u32 · lsn u64 · kind u8 · payload`, little-endian.
//!
//! The checksum covers the segment's uuid, lsn, kind and payload, so that a frame left by an earlier use of the
//! same bytes of disk never counts.

use crate::{
    checksum,
    id::{Lsn, Timestamp},
    limits,
};

/// The first four bytes of each frame; its last byte is the epoch of the frame format.
pub const MAGIC: u32 = u32::from_le_bytes(*b"DAS\x01");
/// Bytes before the payload.
pub const HEAD: usize = 21;
/// Bytes of a group's payload.
pub const GROUP_BYTES: usize = 32;

/// A segment's random name inside checksums.
pub type Uuid = [u8; 16];

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Opens a group: `durable_upto u64 · uuid · time i64`; without the time in logs of the first programs.
    Group,
    /// One transaction.
    Transaction,
    /// The first frame of a segment.
    Segment,
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Kind> {
        match byte {
            1 => Some(Kind::Group),
            2 => Some(Kind::Transaction),
            3 => Some(Kind::Segment),
            _ => None,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Kind::Group => 1,
            Kind::Transaction => 2,
            Kind::Segment => 3,
        }
    }
}

/// A frame whose checksum holds.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Its position.
    pub lsn: Lsn,
    /// What it holds.
    pub kind: Kind,
    /// The content.
    pub payload: &'a [u8],
}

impl Frame<'_> {
    /// Bytes of the whole frame.
    #[must_use]
    pub fn len(&self) -> usize {
        HEAD + self.payload.len()
    }

    /// Never: a frame has a head.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// `durable_upto` of a group's frame.
    #[must_use]
    pub fn durable_upto(&self) -> Option<Lsn> {
        if self.kind != Kind::Group {
            return None;
        }
        Some(Lsn(u64::from_le_bytes(self.payload.get(..8)?.try_into().ok()?)))
    }

    /// When a group was written; `None` for other frames and for groups written before there were times.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        if self.kind != Kind::Group {
            return None;
        }
        Some(Timestamp(i64::from_le_bytes(self.payload.get(24..32)?.try_into().ok()?)))
    }
}

fn frame_sum(uuid: &Uuid, lsn: Lsn, kind: u8, payload: &[u8]) -> u32 {
    let sum = checksum::checksum(uuid);
    let sum = checksum::extend(sum, &lsn.0.to_le_bytes());
    let sum = checksum::extend(sum, &[kind]);
    checksum::extend(sum, payload)
}

/// Appends a frame to `out`.
pub fn encode(out: &mut Vec<u8>, uuid: &Uuid, lsn: Lsn, kind: Kind, payload: &[u8]) {
    out.extend_from_slice(&MAGIC.to_le_bytes());
    // Records are bounded by `RECORD_BYTES_MAX`, far below 4 GiB.
    out.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&frame_sum(uuid, lsn, kind.byte(), payload).to_le_bytes());
    out.extend_from_slice(&lsn.0.to_le_bytes());
    out.push(kind.byte());
    out.extend_from_slice(payload);
}

/// The payload of a group's frame.
#[must_use]
pub fn group_payload(durable_upto: Lsn, uuid: &Uuid, time: Timestamp) -> [u8; GROUP_BYTES] {
    let mut payload = [0; GROUP_BYTES];
    payload[..8].copy_from_slice(&durable_upto.0.to_le_bytes());
    payload[8..24].copy_from_slice(uuid);
    payload[24..].copy_from_slice(&time.0.to_le_bytes());
    payload
}

/// The length of the payload that a frame's head claims, if its magic and bounds hold.
#[must_use]
pub fn claimed_len(head: &[u8]) -> Option<usize> {
    if head.len() < HEAD || head[..4] != MAGIC.to_le_bytes() {
        return None;
    }
    let len = u32::from_le_bytes(head[4..8].try_into().ok()?) as usize;
    (len <= limits::RECORD_BYTES_MAX).then_some(len)
}

/// Reads the frame at the start of `bytes`; `None` if it is not whole or its checksum does not hold.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], uuid: &Uuid) -> Option<Frame<'a>> {
    let len = claimed_len(bytes)?;
    let payload = bytes.get(HEAD..HEAD + len)?;
    let sum = u32::from_le_bytes(bytes[8..12].try_into().ok()?);
    let lsn = Lsn(u64::from_le_bytes(bytes[12..20].try_into().ok()?));
    let kind = Kind::from_byte(bytes[20])?;
    (frame_sum(uuid, lsn, kind.byte(), payload) == sum).then_some(Frame { lsn, kind, payload })
}

/// The uuid that a group's or segment's frame at the start of `bytes` claims, if the frame holds under it.
#[must_use]
pub fn self_described(bytes: &[u8]) -> Option<Uuid> {
    let len = claimed_len(bytes)?;
    let payload = bytes.get(HEAD..HEAD + len)?;
    let uuid: Uuid = match Kind::from_byte(bytes[20])? {
        Kind::Group => payload.get(8..24)?.try_into().ok()?,
        Kind::Segment => payload.get(..16)?.try_into().ok()?,
        Kind::Transaction => return None,
    };
    decode(bytes, &uuid).map(|_| uuid)
}

#[cfg(test)]
mod tests {
    use super::{GROUP_BYTES, HEAD, Kind, decode, encode, group_payload, self_described};
    use crate::id::{Lsn, Timestamp};

    #[test]
    fn a_group_carries_its_time_and_one_from_before_there_were_times_still_reads() {
        let uuid = [7; 16];
        let payload = group_payload(Lsn(0x0102), &uuid, Timestamp(0x0304));
        let mut golden = vec![2, 1, 0, 0, 0, 0, 0, 0];
        golden.extend([7; 16]);
        golden.extend([4, 3, 0, 0, 0, 0, 0, 0]);
        assert_eq!(payload[..], golden);
        for (len, time) in [(GROUP_BYTES, Some(Timestamp(0x0304))), (24, None)] {
            let mut bytes = Vec::new();
            encode(&mut bytes, &uuid, Lsn(9), Kind::Group, &payload[..len]);
            let frame = decode(&bytes, &uuid).expect("a frame just written reads back");
            assert_eq!((frame.durable_upto(), frame.time()), (Some(Lsn(0x0102)), time));
            assert_eq!(self_described(&bytes), Some(uuid));
        }
    }

    #[test]
    fn a_frame_counts_only_under_its_own_uuid_and_unharmed() {
        let mut bytes = Vec::new();
        encode(&mut bytes, &[7; 16], Lsn(9), Kind::Transaction, b"payload");
        let frame = decode(&bytes, &[7; 16]).expect("a frame just written reads back");
        assert_eq!((frame.lsn, frame.kind, frame.payload), (Lsn(9), Kind::Transaction, &b"payload"[..]));
        assert_eq!(frame.len(), bytes.len());
        assert!(decode(&bytes, &[8; 16]).is_none());
        for position in 0..bytes.len() {
            let mut harmed = bytes.clone();
            harmed[position] ^= 1;
            assert!(decode(&harmed, &[7; 16]).is_none(), "byte {position}");
        }
        assert!(decode(&bytes[..HEAD + 3], &[7; 16]).is_none());
    }
}
