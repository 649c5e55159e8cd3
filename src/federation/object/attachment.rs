//! Attachments in all their shapes: Document, Image, Video, Audio, Link, a bare address.

use super::read;
use crate::limits;
use serde_json::Value;

/// What an attachment shows as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A still or moving picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// Something to download.
    Unknown,
}

/// A file beside a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// Where it is, http(s).
    pub url: String,
    /// What it shows as.
    pub kind: AttachmentKind,
    /// As the peer says; a hint until the bytes are seen.
    pub media_type: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// A blurred preview.
    pub blurhash: Option<String>,
    /// The point to keep in view, each from -1 to 1.
    pub focus: Option<(f64, f64)>,
    /// In pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// A picture to show before it plays.
    pub preview_url: Option<String>,
}

/// The attachments of a document; what has no http(s) address, and what is no file, is left out.
#[must_use]
pub fn read(document: &Value) -> Vec<Attachment> {
    read::list(document.get("attachment")).iter().filter_map(one).take(limits::ATTACHMENTS_MAX).collect()
}

/// A picture by its address or its document.
pub(super) fn picture(value: Option<&Value>) -> Option<Attachment> {
    let found = one(read::list(value).first()?)?;
    Some(Attachment { kind: AttachmentKind::Image, ..found })
}

fn one(value: &Value) -> Option<Attachment> {
    let types = read::types(value);
    if types.contains(&"PropertyValue") {
        return None;
    }
    let forms = match value {
        Value::String(_) => read::links(Some(value)),
        _ => read::links(value.get("url").or_else(|| value.get("href"))),
    };
    let form = forms.first()?;
    let media_type = value.get("mediaType").and_then(Value::as_str).or(form.media_type);
    let kind = kind(media_type, &types, form.href);
    // A link to a page is no file.
    if types.contains(&"Link") && kind == AttachmentKind::Unknown {
        return None;
    }
    let number = |name: &str| {
        let found = read::count(value.get(name)).or_else(|| read::count(form.from.get(name)));
        found.and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
    };
    let description =
        ["name", "summary"].iter().find_map(|name| read::text(value.get(*name)).filter(|it| !it.is_empty()));
    Some(Attachment {
        url: form.href.to_owned(),
        kind,
        media_type: media_type.map(|kind| read::clip(kind, 100)),
        description: description.map(|text| read::clip(text, limits::ALT_TEXT_MAX_CHARS)),
        blurhash: read::text(value.get("blurhash")).filter(|hash| hash.len() <= 200).map(str::to_owned),
        focus: focus(value.get("focalPoint")),
        width: number("width"),
        height: number("height"),
        preview_url: read::links(value.get("icon")).first().map(|link| link.href.to_owned()),
    })
}

/// By media type, then by type, then by the ending of the address.
pub(super) fn kind(media_type: Option<&str>, types: &[&str], href: &str) -> AttachmentKind {
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match (media_type.split('/').next().unwrap_or_default(), ending.as_str()) {
        ("image", _) => AttachmentKind::Image,
        ("video", _) => AttachmentKind::Video,
        ("audio", _) => AttachmentKind::Audio,
        _ if types.contains(&"Image") => AttachmentKind::Image,
        _ if types.contains(&"Video") => AttachmentKind::Video,
        _ if types.contains(&"Audio") => AttachmentKind::Audio,
        ("", "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "heic") => AttachmentKind::Image,
        ("", "mp4" | "webm" | "mov" | "m4v") => AttachmentKind::Video,
        ("", "mp3" | "ogg" | "oga" | "opus" | "flac" | "wav" | "m4a") => AttachmentKind::Audio,
        _ => AttachmentKind::Unknown,
    }
}

fn focus(value: Option<&Value>) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = read::list(value).iter().take(2).filter_map(Value::as_f64).collect();
    match numbers.as_slice() {
        [x, y] => Some((x.clamp(-1.0, 1.0), y.clamp(-1.0, 1.0))),
        _ => None,
    }
}
