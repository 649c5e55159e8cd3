//! GIF and WebP without anything but what draws, so that they need not be written anew and keep moving.
//!
//! Source: GIF89a specification, §17-§26; WebP Container Specification.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::media::FileKind;

/// A file whose blocks were copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stripped {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// Pictures in it.
    frames: u64,
}

impl Stripped {
    /// Whether it is more than one picture.
    pub(super) fn moves(&self) -> bool {
        self.frames > 1
    }
}

/// The drawing blocks of a GIF or WebP; `None` for other kinds, which are written anew.
///
/// # Errors
/// `Invalid` for a file that ends early or moves beyond the limits.
pub(super) fn strip(kind: FileKind, bytes: &[u8]) -> Result<Option<Stripped>> {
    let (stripped, (width, height)) = match kind {
        FileKind::Png | FileKind::Jpeg => return Ok(None),
        FileKind::Gif => gif(&mut Reader(bytes))?,
        FileKind::Webp => webp(&mut Reader(bytes))?,
    };
    let pixels = stripped.frames.saturating_mul(u64::from(width) * u64::from(height));
    if stripped.frames > limits::ANIMATION_FRAMES_MAX || (stripped.moves() && pixels > limits::ANIMATION_PIXELS_MAX) {
        let why = format!(
            "moving picture has {} frames of {width}x{height} pixels; at most {} frames and {} pixels together",
            stripped.frames,
            limits::ANIMATION_FRAMES_MAX,
            limits::ANIMATION_PIXELS_MAX
        );
        return Err(Error::invalid("file", why));
    }
    Ok(Some(stripped))
}

type Measured = (Stripped, (u32, u32));

/// Bytes not yet read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (head, tail) =
            self.0.split_at_checked(count).ok_or_else(|| Error::invalid("file", "picture ends early"))?;
        self.0 = tail;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// GIF's chain of short blocks up to an empty one.
    fn sub_blocks(&mut self) -> Result<&'a [u8]> {
        let begin = self.0;
        loop {
            let length = self.byte()?;
            if length == 0 {
                return Ok(&begin[..begin.len() - self.0.len()]);
            }
            self.take(length.into())?;
        }
    }
}

fn gif(file: &mut Reader<'_>) -> Result<Measured> {
    const COLOURS: u8 = 0x80;
    let colours = |flags: u8| if flags & COLOURS == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut out = file.take(6)?.to_vec();
    let screen = file.take(7)?;
    let size = (u16::from_le_bytes([screen[0], screen[1]]).into(), u16::from_le_bytes([screen[2], screen[3]]).into());
    out.extend_from_slice(screen);
    out.extend_from_slice(file.take(colours(screen[4]))?);
    let mut frames = 0;
    loop {
        match file.byte()? {
            0x3b => {
                out.push(0x3b);
                return Ok((Stripped { bytes: out, frames }, size));
            }
            0x21 => {
                let label = file.byte()?;
                let blocks = file.sub_blocks()?;
                let loops = blocks.starts_with(b"\x0bNETSCAPE2.0") || blocks.starts_with(b"\x0bANIMEXTS1.0");
                // How long and where a frame shows, and how often all of them: the rest are words.
                if label == 0xf9 || (label == 0xff && loops) {
                    out.extend_from_slice(&[0x21, label]);
                    out.extend_from_slice(blocks);
                }
            }
            0x2c => {
                let place = file.take(9)?;
                out.push(0x2c);
                out.extend_from_slice(place);
                out.extend_from_slice(file.take(colours(place[8]))?);
                out.push(file.byte()?);
                out.extend_from_slice(file.sub_blocks()?);
                frames += 1;
            }
            other => return Err(Error::invalid("file", format!("GIF has a block of the unknown kind {other}"))),
        }
    }
}

fn webp(file: &mut Reader<'_>) -> Result<Measured> {
    const WORDS: u8 = 0x04 | 0x08;
    let head = file.take(12)?;
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    let mut inside = Reader(file.take(length.saturating_sub(4))?);
    let mut out = head.to_vec();
    let (mut frames, mut size) = (0, (1, 1));
    while !inside.0.is_empty() {
        let (name, content) = chunk(&mut inside)?;
        match name {
            b"VP8X" if content.len() >= 10 => {
                let side = |at: usize| u32::from_le_bytes([content[at], content[at + 1], content[at + 2], 0]) + 1;
                size = (side(4), side(7));
                let mut flags = content.to_vec();
                flags[0] &= !WORDS;
                put(&mut out, name, &flags);
            }
            b"ANMF" => {
                frames += 1;
                put(&mut out, name, &frame(content)?);
            }
            b"VP8 " | b"VP8L" => {
                frames = frames.max(1);
                put(&mut out, name, content);
            }
            b"ALPH" | b"ANIM" | b"ICCP" => put(&mut out, name, content),
            _ => {}
        }
    }
    let length = u32::try_from(out.len() - 8).map_err(|_| Error::invalid("file", "WebP is too large"))?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Ok((Stripped { bytes: out, frames }, size))
}

/// A frame of a moving WebP with its drawing chunks.
fn frame(content: &[u8]) -> Result<Vec<u8>> {
    let mut inside = Reader(content);
    let mut out = inside.take(16)?.to_vec();
    while !inside.0.is_empty() {
        let (name, content) = chunk(&mut inside)?;
        if matches!(name, b"ALPH" | b"VP8 " | b"VP8L") {
            put(&mut out, name, content);
        }
    }
    Ok(out)
}

fn chunk<'a>(inside: &mut Reader<'a>) -> Result<(&'a [u8; 4], &'a [u8])> {
    let early = || Error::invalid("file", "picture ends early");
    let name = inside.take(4)?.first_chunk::<4>().ok_or_else(early)?;
    let length = inside.take(4)?.first_chunk::<4>().ok_or_else(early)?;
    let length = u32::from_le_bytes(*length) as usize;
    let content = inside.take(length)?;
    // An odd chunk is padded; the last one of some writers is not.
    if length % 2 == 1 && !inside.0.is_empty() {
        inside.take(1)?;
    }
    Ok((name, content))
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    out.extend_from_slice(name);
    // A chunk is shorter than the file it was read from, whose length has 32 bits.
    out.extend_from_slice(&(content.len() as u32).to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}
