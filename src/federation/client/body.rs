//! Reading the body of an answer within its bound, inflating gzip on the way (SECURITY B3).

use super::Beyond;
use crate::limits;
use bytes::{Bytes, BytesMut};
use flate2::write::GzDecoder;
use http::{HeaderMap, header::CONTENT_ENCODING};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::{fmt, io::Write};

/// Why a body was not taken.
#[derive(Debug)]
pub(super) enum Unread {
    TooLarge,
    Bomb,
    Encoding(String),
    Broken(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::TooLarge => f.write_str("body is larger than its bound"),
            Unread::Bomb => write!(f, "body inflates to more than {} times its size", limits::INFLATE_RATIO_MAX),
            Unread::Encoding(name) => write!(f, "content encoding {name:?} was not asked for"),
            Unread::Broken(why) => write!(f, "body is broken: {why}"),
        }
    }
}

/// A body that was read.
#[derive(Debug)]
pub(super) enum Read {
    /// All of it.
    Whole(Bytes),
    /// As much as its bound allows; the rest was left.
    Cut(Bytes),
}

/// The whole body, at most `max_bytes` of it inflated.
pub(super) async fn whole(incoming: Incoming, headers: &HeaderMap, max_bytes: usize) -> Result<Bytes, Unread> {
    match read(incoming, headers, max_bytes, Beyond::Refuse).await? {
        Read::Whole(body) | Read::Cut(body) => Ok(body),
    }
}

/// The body, at most `max_bytes` of it inflated.
pub(super) async fn read(
    mut incoming: Incoming,
    headers: &HeaderMap,
    max_bytes: usize,
    beyond: Beyond,
) -> Result<Read, Unread> {
    let encoding = headers
        .get(CONTENT_ENCODING)
        .map_or(Ok("identity"), |value| value.to_str().map_err(|_| Unread::Encoding("(not text)".to_owned())))?;
    let mut out = match encoding.trim().to_ascii_lowercase().as_str() {
        "identity" | "" => Target::Plain(BytesMut::new()),
        "gzip" | "x-gzip" => {
            let inflate = Box::new(GzDecoder::new(Bounded { out: Vec::new(), max_bytes }));
            Target::Gzip { inflate, read: 0 }
        }
        other => return Err(Unread::Encoding(other.chars().take(40).collect())),
    };
    let announced = incoming.size_hint().lower();
    if beyond == Beyond::Refuse && announced > u64::try_from(max_bytes).unwrap_or(u64::MAX) {
        return Err(Unread::TooLarge);
    }
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| Unread::Broken(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        match out.take(&data, max_bytes) {
            Err(Unread::TooLarge) if beyond == Beyond::Cut => return Ok(Read::Cut(out.cut(&data, max_bytes))),
            taken => taken?,
        }
    }
    match out.finish(max_bytes) {
        // Some of it comes only when the stream of gzip is closed.
        Err(Unread::TooLarge) if beyond == Beyond::Cut => Ok(Read::Cut(out.cut(&[], max_bytes))),
        finished => finished.map(Read::Whole),
    }
}

enum Target {
    Plain(BytesMut),
    Gzip { inflate: Box<GzDecoder<Bounded>>, read: usize },
}

impl Target {
    fn take(&mut self, data: &[u8], max_bytes: usize) -> Result<(), Unread> {
        match self {
            Target::Plain(out) if out.len() + data.len() > max_bytes => return Err(Unread::TooLarge),
            Target::Plain(out) => out.extend_from_slice(data),
            Target::Gzip { inflate, read } => {
                // Small pieces, so that the ratio is looked at before much was inflated.
                for piece in data.chunks(8 * 1024) {
                    *read += piece.len();
                    let outcome = inflate.write_all(piece);
                    check_inflated(inflate.get_ref(), *read)?;
                    outcome.map_err(|error| Unread::Broken(error.to_string()))?;
                }
            }
        }
        Ok(())
    }

    /// What is within the bound, `data` being the first that goes beyond it.
    fn cut(self, data: &[u8], max_bytes: usize) -> Bytes {
        match self {
            Target::Plain(mut out) => {
                let room = max_bytes.saturating_sub(out.len());
                out.extend_from_slice(&data[..room.min(data.len())]);
                out.freeze()
            }
            Target::Gzip { mut inflate, .. } => {
                let mut out = std::mem::take(&mut inflate.get_mut().out);
                out.truncate(max_bytes);
                out.into()
            }
        }
    }

    fn finish(&mut self, max_bytes: usize) -> Result<Bytes, Unread> {
        match self {
            Target::Plain(out) => Ok(std::mem::take(out).freeze()),
            Target::Gzip { inflate, read } => {
                if *read == 0 {
                    return Ok(Bytes::new());
                }
                let outcome = inflate.try_finish();
                check_inflated(inflate.get_ref(), *read)?;
                outcome.map_err(|error| Unread::Broken(error.to_string()))?;
                let out = std::mem::replace(inflate.get_mut(), Bounded { out: Vec::new(), max_bytes }).out;
                Ok(out.into())
            }
        }
    }
}

fn check_inflated(inflated: &Bounded, read: usize) -> Result<(), Unread> {
    let size = inflated.out.len();
    if size > limits::INFLATE_FREE_BYTES.max(read.saturating_mul(limits::INFLATE_RATIO_MAX)) {
        return Err(Unread::Bomb);
    }
    if size > inflated.max_bytes { Err(Unread::TooLarge) } else { Ok(()) }
}

/// Takes one byte more than the bound, which shows that it was exceeded, and then nothing.
struct Bounded {
    out: Vec<u8>,
    max_bytes: usize,
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        let room = (self.max_bytes + 1).saturating_sub(self.out.len());
        if room == 0 {
            return Err(std::io::Error::other("larger than its bound"));
        }
        let taken = data.len().min(room);
        self.out.extend_from_slice(&data[..taken]);
        Ok(taken)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
