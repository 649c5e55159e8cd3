//! A picture that is to be an emoji of this server's own: sent with a form, or one of another server.

use crate::{
    error::{Error, Result},
    federation::fetch,
    http::value::Map,
    limits,
    media::{ProfileFiles, Variant, picture},
    server::Server,
};
use bytes::Bytes;

/// The picture that was sent in the field `image`, made and on the disk.
///
/// # Errors
/// `Invalid` for no file, for what is no picture, or too large; storage errors.
pub async fn sent(server: &Server, params: &Map) -> Result<ProfileFiles> {
    let file = params.file("image").filter(|file| !file.bytes.is_empty());
    let bytes = file.map(|file| file.bytes.clone()).ok_or_else(|| Error::invalid("image", "File can't be blank"))?;
    made(server, bytes).await
}

/// The picture at `url`, of another server, made and on the disk.
///
/// # Errors
/// `Invalid` for what is too large for an emoji; as `fetch::picture::copy`.
pub async fn copied(server: &Server, url: &str) -> Result<ProfileFiles> {
    let copy = fetch::picture::copy(server, Variant::Whole, url).await?;
    let size = fitting(copy.bytes)?;
    let read = move || {
        let failed = |source| storage::Error::Io { what: "read a copy of an emoji".to_owned(), source };
        let mut bytes = vec![0; size];
        let read = copy.file.read_at(0, &mut bytes).map_err(failed)?;
        bytes.truncate(read);
        Ok(Bytes::from(bytes))
    };
    let bytes = server.on_disk(read).await?;
    made(server, bytes).await
}

async fn made(server: &Server, bytes: Bytes) -> Result<ProfileFiles> {
    fitting(bytes.len() as u64)?;
    let files = server.files().clone();
    let work = move || {
        let (made, still) = picture::emoji(&bytes)?;
        ProfileFiles::keep(&files, &made, still.as_ref())
    };
    server.picture(work).await
}

/// The size of a picture, if an emoji may have it.
fn fitting(bytes: u64) -> Result<usize> {
    let most = limits::EMOJI_BYTES_MAX;
    let fits = usize::try_from(bytes).ok().filter(|bytes| *bytes <= most);
    fits.ok_or_else(|| Error::invalid("image", format!("emoji has {bytes} bytes; at most {most}")))
}
