//! CRC-32C, for frames, checkpoints and rows. With the processor's instruction where it has one.

/// The checksum of `bytes`.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
}

/// The checksum of what `sum` stands for and `bytes` behind it.
pub(crate) fn extend(sum: u32, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(sum, bytes)
}
