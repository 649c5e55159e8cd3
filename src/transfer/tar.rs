//! An archive as it is written: `tar` in the form every program reads (POSIX.1-1988 `ustar`), compressed with gzip.

use flate2::{Compression, write::GzEncoder};
use std::io::{self, Write};

/// Bytes of a block.
const BLOCK: usize = 512;
/// Bytes of a file that a header of this form can tell: eleven octal digits.
const FILE_BYTES_MAX: u64 = (1 << 33) - 1;

/// An archive being written to `out`.
pub struct Tar<W: Write> {
    out: GzEncoder<W>,
    /// Bytes of the present file that are still to come, and those that fill its last block.
    owed: u64,
    filling: usize,
    seconds: u64,
}

impl<W: Write> Tar<W> {
    /// Begins an archive whose files were made at `seconds` since 1970.
    pub fn new(out: W, seconds: u64) -> Self {
        Tar { out: GzEncoder::new(out, Compression::fast()), owed: 0, filling: 0, seconds }
    }

    /// Begins a file of exactly `bytes`, which is to be handed over by `append`.
    ///
    /// # Errors
    /// `InvalidInput` for a name above 100 bytes, a file above 8 GiB, or before the last file is whole; what `out` says.
    pub fn begin(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        if name.len() > 100 || bytes > FILE_BYTES_MAX || self.owed > 0 {
            let why = format!("file {name:?} of {bytes} bytes, with {} bytes owed", self.owed);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        self.out.write_all(&head(name, bytes, self.seconds))?;
        (self.owed, self.filling) = (bytes, (BLOCK - (bytes % BLOCK as u64) as usize) % BLOCK);
        Ok(())
    }

    /// The next bytes of the file.
    ///
    /// # Errors
    /// `InvalidInput` for more than it was to have; what `out` says.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() as u64 > self.owed {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "file is longer than was said"));
        }
        self.out.write_all(bytes)?;
        self.owed -= bytes.len() as u64;
        if self.owed == 0 {
            self.out.write_all(&[0; BLOCK][..std::mem::take(&mut self.filling)])?;
        }
        Ok(())
    }

    /// A whole file.
    ///
    /// # Errors
    /// As `begin` and `append`.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.begin(name, bytes.len() as u64)?;
        self.append(bytes)
    }

    /// What is written to.
    pub fn out(&self) -> &W {
        self.out.get_ref()
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// `InvalidInput` if a file is not whole; what `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        if self.owed > 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "file is shorter than was said"));
        }
        self.out.write_all(&[0; 2 * BLOCK])?;
        self.out.finish()
    }
}

fn head(name: &str, bytes: u64, seconds: u64) -> [u8; BLOCK] {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| head[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{bytes:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", seconds.min(FILE_BYTES_MAX)).as_bytes());
    // The sum is of the header with blanks in its place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::GzDecoder;

    #[test]
    fn files_stand_in_blocks_and_the_sum_is_right() {
        let mut tar = Tar::new(Vec::new(), 1_700_000_000);
        tar.file("a.json", b"{}").expect("written");
        tar.begin("b", 512).expect("written");
        tar.append(&[7; 500]).expect("written");
        assert!(tar.begin("c", 1).is_err(), "the last one is not whole");
        tar.append(&[7; 12]).expect("written");
        assert!(tar.append(b"x").is_err(), "more than was said");
        tar.file("empty", b"").expect("written");
        let mut out = GzDecoder::new(Vec::new());
        out.write_all(&tar.finish().expect("ended")).expect("gzip");
        let plain = out.finish().expect("gzip");
        assert_eq!(plain.len(), 512 * (2 + 2 + 1 + 2));
        assert_eq!(&plain[512..514], b"{}");
        assert_eq!(&plain[2 * 512..2 * 512 + 2], b"b\0");
        let said = std::str::from_utf8(&plain[148..154]).expect("digits");
        let sum: u32 = plain[..512]
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        assert_eq!(u32::from_str_radix(said, 8), Ok(sum));
    }
}
