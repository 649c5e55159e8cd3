//! Pictures as the client API shows them (client API, MediaAttachment). Those of other servers are shown through this one.

use super::Context;
use crate::{
    error::Result,
    media::{Addresses, Variant},
};
use storage::{
    MediaId,
    media::{self, File, Media, MediaState},
    status::Attachment,
};
use web::entity::{MediaAttachment, MediaDetails, MediaFocus, MediaMeta};

impl Context<'_> {
    /// An upload, also one that is not ready.
    #[must_use]
    pub fn media(&self, record: &Media) -> MediaAttachment {
        let picture = match &record.state {
            MediaState::Ready(picture) => Some(picture),
            MediaState::Waiting(_) | MediaState::Failed(_) => None,
        };
        let meta = MediaMeta {
            focus: record.focus.map(focus),
            original: picture.map(|picture| of_file(&picture.original)),
            small: picture.map(|picture| of_file(&picture.small)),
        };
        MediaAttachment {
            id: record.id.to_string(),
            kind: "image",
            url: picture.map(|picture| self.origin.url(&picture.original.path())),
            preview_url: picture.map(|picture| self.origin.url(&picture.small.path())),
            remote_url: None,
            text_url: None,
            meta: (picture.is_some() || record.focus.is_some()).then_some(meta),
            description: (!record.description.is_empty()).then(|| record.description.clone()),
            blurhash: picture.map(|picture| picture.blurhash.clone()),
        }
    }

    /// What is attached to a status, or was to a version of it.
    pub(super) fn attachment(&self, attachment: &Attachment) -> Result<MediaAttachment> {
        if attachment.url.starts_with('/') { self.uploaded(attachment) } else { self.elsewhere(attachment) }
    }

    /// What was uploaded here; the words are those of the version.
    fn uploaded(&self, attachment: &Attachment) -> Result<MediaAttachment> {
        let small = match media::find(self.read, MediaId(attachment.id))? {
            Some(Media { state: MediaState::Ready(picture), .. }) => Some(picture.small),
            _ => None,
        };
        let url = self.origin.url(&attachment.url);
        let meta = MediaMeta {
            focus: attachment.focus.map(focus),
            original: size(attachment),
            small: small.as_ref().map(of_file),
        };
        Ok(MediaAttachment {
            id: attachment.id.to_string(),
            kind: "image",
            preview_url: Some(small.map_or_else(|| url.clone(), |small| self.origin.url(&small.path()))),
            url: Some(url),
            remote_url: None,
            text_url: None,
            meta: Some(meta),
            description: (!attachment.description.is_empty()).then(|| attachment.description.clone()),
            blurhash: attachment.blurhash.clone(),
        })
    }

    /// A medium of another server: pictures through this one, films and sounds where they are.
    fn elsewhere(&self, attachment: &Attachment) -> Result<MediaAttachment> {
        let kind = match attachment.media_type.split('/').next().unwrap_or_default() {
            "image" => "image",
            "video" => "video",
            "audio" => "audio",
            _ => "unknown",
        };
        let picture = kind == "image";
        let (original, focus) = (size(attachment), attachment.focus.map(focus));
        Ok(MediaAttachment {
            id: attachment.id.to_string(),
            kind,
            url: Some(if picture { self.remote(Variant::Whole, &attachment.url)? } else { attachment.url.clone() }),
            // Only a picture has a preview.
            preview_url: if picture { Some(self.remote(Variant::Small, &attachment.url)?) } else { None },
            remote_url: Some(attachment.url.clone()),
            text_url: None,
            meta: (original.is_some() || focus.is_some()).then_some(MediaMeta { focus, original, small: None }),
            description: (!attachment.description.is_empty()).then(|| attachment.description.clone()),
            blurhash: attachment.blurhash.clone(),
        })
    }

    /// Where this server shows the picture at `url`.
    pub(super) fn remote(&self, variant: Variant, url: &str) -> Result<String> {
        let addresses = match self.addresses.get() {
            Some(addresses) => addresses,
            None => {
                let read = media::secret(self.read)?.map(|secret| Addresses::new(&secret));
                self.addresses.get_or_init(|| read)
            }
        };
        // A running server has its secret; without one a picture can only be pointed at.
        Ok(addresses.as_ref().map_or_else(|| url.to_owned(), |own| self.origin.url(&own.path(variant, url))))
    }
}

fn of_file(file: &File) -> MediaDetails {
    MediaDetails { bytes: Some(file.bytes), ..details(file.width, file.height) }
}

fn size(attachment: &Attachment) -> Option<MediaDetails> {
    let size = attachment.width.zip(attachment.height).filter(|(width, height)| *width > 0 && *height > 0);
    size.map(|(width, height)| details(width, height))
}

fn details(width: u32, height: u32) -> MediaDetails {
    let aspect = f64::from(width) / f64::from(height);
    MediaDetails { width, height, size: format!("{width}x{height}"), aspect, bytes: None }
}

fn focus((x, y): (i32, i32)) -> MediaFocus {
    let part = |thousandths: i32| f64::from(thousandths) / 1000.0;
    MediaFocus { x: part(x), y: part(y) }
}
