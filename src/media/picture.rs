//! Reading pictures people send and making what is shown of them. The only file that names the codecs.
//!
//! What goes out was written here, pixel by pixel, or is a GIF or WebP of which only the blocks that draw were copied:
//! no EXIF, no place, no comment, nothing behind the end.

use super::strip::{self, Stripped};
use crate::{
    error::{Error, Result},
    limits,
};
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};
use std::io::Cursor;
use storage::media::FileKind;

/// A file made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: FileKind,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What is made of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    /// To be seen large, at most `limits::PICTURE_KEPT_PIXELS` if it stands still.
    pub original: Made,
    /// For timelines, at most `limits::PREVIEW_PIXELS`, always still.
    pub small: Made,
    /// Blurhash.
    pub blurhash: String,
    /// It moves.
    pub animated: bool,
}

/// The words for a file that is none of the kinds taken.
#[must_use]
pub fn accepted() -> String {
    FileKind::ALL.map(FileKind::mime).join(", ")
}

/// What `head` begins, if it is taken.
///
/// # Errors
/// `Invalid` with the list of what is taken.
pub fn require_kind(head: &[u8]) -> Result<FileKind> {
    FileKind::of(head)
        .ok_or_else(|| Error::invalid("file", format!("File content type is invalid; accepted: {}", accepted())))
}

/// Makes what is shown of an upload. Slow, and needs up to `limits::PICTURE_MEMORY_BYTES`.
///
/// # Errors
/// `Invalid` for what is no picture of a kind taken, is damaged, or larger than the limits.
pub fn process(bytes: &[u8]) -> Result<Processed> {
    let kind = require_kind(bytes)?;
    let stripped = strip::strip(kind, bytes)?;
    let read = read(kind, bytes)?;
    let animated = stripped.as_ref().is_some_and(Stripped::moves);
    let (width, height) = read.image.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let small = encode(&fitted(&read.image, limits::PREVIEW_PIXELS), None)?;
    let blurhash = blurhash(&read.image)?;
    let whole = !read.turned && pixels <= limits::PICTURE_KEPT_PIXELS;
    let original = match stripped {
        Some(stripped) if animated || whole => Made { bytes: stripped.bytes, kind, width, height },
        _ => rewritten(kind, &read)?,
    };
    Ok(Processed { original, small, blurhash, animated })
}

/// Makes a picture of a profile, cut to the shape of `size` and never enlarged; and a still one if it moves.
///
/// # Errors
/// As [`process`]; also for moving pictures beyond `limits::PROFILE_ANIMATION_BYTES`.
pub fn profile(bytes: &[u8], size: (u32, u32)) -> Result<(Made, Option<Made>)> {
    let kind = require_kind(bytes)?;
    let stripped = strip::strip(kind, bytes)?.filter(Stripped::moves);
    let read = read(kind, bytes)?;
    let still = encode(&filled(&read.image, size), None)?;
    let Some(stripped) = stripped else { return Ok((still, None)) };
    if stripped.bytes.len() > limits::PROFILE_ANIMATION_BYTES {
        let (have, most) = (stripped.bytes.len(), limits::PROFILE_ANIMATION_BYTES);
        return Err(Error::invalid("file", format!("moving picture has {have} bytes; at most {most}")));
    }
    let (width, height) = read.image.dimensions();
    Ok((Made { bytes: stripped.bytes, kind, width, height }, Some(still)))
}

/// Makes an emoji, a PNG of at most `limits::EMOJI_PIXELS` if it stands still; and a still one if it moves. A moving one is
/// no larger than what was sent.
///
/// # Errors
/// As [`process`]; also for moving pictures with a side beyond `limits::EMOJI_MOVING_SIDE_MAX`.
pub fn emoji(bytes: &[u8]) -> Result<(Made, Option<Made>)> {
    let kind = require_kind(bytes)?;
    let stripped = strip::strip(kind, bytes)?.filter(Stripped::moves);
    let read = read(kind, bytes)?;
    // Deep colours and profiles would make it larger than other servers take.
    let still = png(&DynamicImage::ImageRgba8(fitted(&read.image, limits::EMOJI_PIXELS).to_rgba8()), None)?;
    let Some(stripped) = stripped else { return Ok((still, None)) };
    let ((width, height), most) = (read.image.dimensions(), limits::EMOJI_MOVING_SIDE_MAX);
    if width.max(height) > most {
        let why = format!("emoji has {width} by {height} pixels; at most {most} on each side if it moves");
        return Err(Error::invalid("file", why));
    }
    Ok((Made { bytes: stripped.bytes, kind, width, height }, Some(still)))
}

/// A still picture of at most `pixels` from another server's file.
///
/// # Errors
/// As [`process`].
pub fn reduced(bytes: &[u8], pixels: u64) -> Result<Made> {
    let read = read(require_kind(bytes)?, bytes)?;
    encode(&fitted(&read.image, pixels), None)
}

/// Another server's file as it is, if it is a picture of a kind and size taken; nothing but what draws in GIF and WebP.
///
/// # Errors
/// As [`process`].
pub fn checked(bytes: &[u8]) -> Result<Vec<u8>> {
    let kind = require_kind(bytes)?;
    measured(kind, bytes)?;
    let Some(stripped) = strip::strip(kind, bytes)? else { return Ok(bytes.to_vec()) };
    // A file that lies about its length may be read, but not what is within that length.
    measured(kind, &stripped.bytes)?;
    Ok(stripped.bytes)
}

/// The same of an emoji of another server.
///
/// # Errors
/// As [`process`]; also for a side beyond `limits::REMOTE_EMOJI_SIDE_MAX`.
pub fn checked_emoji(bytes: &[u8]) -> Result<Vec<u8>> {
    let clean = checked(bytes)?;
    let ((width, height), most) = (measured(require_kind(&clean)?, &clean)?, limits::REMOTE_EMOJI_SIDE_MAX);
    if width.max(height) > most {
        let why = format!("emoji has {width} by {height} pixels; at most {most} on each side");
        return Err(Error::invalid("file", why));
    }
    Ok(clean)
}

/// A picture in memory, upright.
struct Upright {
    image: DynamicImage,
    /// It had to be turned.
    turned: bool,
    icc: Option<Vec<u8>>,
}

fn format(kind: FileKind) -> ImageFormat {
    match kind {
        FileKind::Png => ImageFormat::Png,
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Gif => ImageFormat::Gif,
        FileKind::Webp => ImageFormat::WebP,
    }
}

/// Width and height as the header says, refused before a pixel is read if there are too many.
fn measured(kind: FileKind, bytes: &[u8]) -> Result<(u32, u32)> {
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format(kind))
        .into_dimensions()
        .map_err(|error| refused(&error))?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > limits::PICTURE_PIXELS_MAX {
        let why = format!("picture has {width}x{height} pixels; at most {} together", limits::PICTURE_PIXELS_MAX);
        return Err(Error::invalid("file", why));
    }
    Ok((width, height))
}

fn read(kind: FileKind, bytes: &[u8]) -> Result<Upright> {
    measured(kind, bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(kind));
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(limits::PICTURE_MEMORY_BYTES);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    // A damaged profile or orientation is none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile().ok().flatten().filter(|icc| icc.len() <= limits::PICTURE_PROFILE_BYTES);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    image.apply_orientation(orientation);
    Ok(Upright { image, turned: orientation != Orientation::NoTransforms, icc })
}

fn rewritten(kind: FileKind, read: &Upright) -> Result<Made> {
    let image = fitted(&read.image, limits::PICTURE_KEPT_PIXELS);
    match kind {
        FileKind::Png => png(&image, read.icc.as_deref()),
        FileKind::Jpeg => jpeg(&image, read.icc.as_deref(), limits::JPEG_QUALITY_LARGE),
        FileKind::Gif | FileKind::Webp => encode(&image, read.icc.as_deref()),
    }
}

/// JPEG, or PNG if something shows through.
fn encode(image: &DynamicImage, icc: Option<&[u8]>) -> Result<Made> {
    let clear = image.color().has_alpha() && image.pixels().any(|(_, _, pixel)| pixel.0[3] < u8::MAX);
    if clear { png(image, icc) } else { jpeg(image, icc, limits::JPEG_QUALITY_SMALL) }
}

fn jpeg(image: &DynamicImage, icc: Option<&[u8]>, quality: u8) -> Result<Made> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    set_icc(&mut encoder, icc);
    let plain = match image {
        DynamicImage::ImageLuma8(_) => image.clone(),
        _ => DynamicImage::ImageRgb8(image.to_rgb8()),
    };
    plain.write_with_encoder(encoder).map_err(|error| refused(&error))?;
    Ok(Made { bytes, kind: FileKind::Jpeg, width: image.width(), height: image.height() })
}

fn png(image: &DynamicImage, icc: Option<&[u8]>) -> Result<Made> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    set_icc(&mut encoder, icc);
    image.write_with_encoder(encoder).map_err(|error| refused(&error))?;
    Ok(Made { bytes, kind: FileKind::Png, width: image.width(), height: image.height() })
}

/// Colours stay as they were meant; an encoder that cannot say so writes none.
fn set_icc(encoder: &mut impl ImageEncoder, icc: Option<&[u8]>) {
    if let Some(icc) = icc {
        let _ = encoder.set_icc_profile(icc.to_vec());
    }
}

/// The picture with about `pixels` at most, in its own shape, sides rounded as Mastodon does.
fn fitted(image: &DynamicImage, pixels: u64) -> DynamicImage {
    let (width, height) = image.dimensions();
    let have = u64::from(width) * u64::from(height);
    if have <= pixels {
        return image.clone();
    }
    let scale = (pixels as f64 / have as f64).sqrt();
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let (width, height) = (side(width), side(height));
    // Where one side would be less than half a pixel they would be far too many; elsewhere half a row and half a column more.
    let rounded = u64::from(width) * u64::from(height);
    if rounded <= pixels + (u64::from(width) + u64::from(height)) / 2 + 1 {
        return image.thumbnail_exact(width, height);
    }
    let most = u32::try_from(pixels).unwrap_or(u32::MAX);
    image.thumbnail_exact(width.min(most), height.min(most))
}

/// The middle of the picture in the shape of `size`, never enlarged.
fn filled(image: &DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let (have_width, have_height) = image.dimensions();
    let (across, down) = (f64::from(have_width) / f64::from(width), f64::from(have_height) / f64::from(height));
    let cut = across.min(down);
    let side = |side: u32, scale: f64| ((f64::from(side) * scale).round() as u32).max(1);
    let (cut_width, cut_height) = (side(width, cut).min(have_width), side(height, cut).min(have_height));
    let middle = image.crop_imm((have_width - cut_width) / 2, (have_height - cut_height) / 2, cut_width, cut_height);
    let scale = cut.min(1.0);
    middle.thumbnail_exact(side(width, scale), side(height, scale))
}

fn blurhash(image: &DynamicImage) -> Result<String> {
    let tiny = fitted(image, limits::BLURHASH_PIXELS).to_rgba8();
    let (width, height) = tiny.dimensions();
    let (across, down) = if width >= height { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, width, height, tiny.as_raw())
        .map_err(|error| Error::Bug(format!("blurhash of {width}x{height}: {error}")))
}

fn refused(error: &ImageError) -> Error {
    let why: String = error.to_string().chars().take(limits::JOB_ERROR_CHARS).collect();
    Error::invalid("file", format!("picture cannot be read: {why}"))
}

#[cfg(test)]
mod tests;
