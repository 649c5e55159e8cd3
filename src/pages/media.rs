//! Pictures: those uploaded here, and copies of other servers' that pages and apps show through this one.

use crate::{
    error::{Error, Result},
    federation::fetch,
    http::file::{self, Sent},
    limits,
    media::Addresses,
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use http::HeaderMap;
use storage::{
    BlobHash,
    media::{self, BLOBS},
};

/// A name that says what is in it never means anything else.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What another server may change under the same address.
const A_WEEK: &str = "public, max-age=604800";

/// The routes of this file.
pub(super) fn routes() -> Router<Server> {
    Router::new().route("/media/{name}", get(own)).route("/media/remote/{variant}/{mark}/{url}", get(remote))
}

/// A file that some row refers to, under its hash and the ending of its kind.
async fn own(State(server): State<Server>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let (hash, ending) = name.split_once('.').ok_or(Error::NotFound)?;
    let hash = BlobHash::parse(hash).ok_or(Error::NotFound)?;
    let known = server.read(move |view| Ok(BLOBS.get(view, &hash)?)).await?;
    let blob = known.filter(|blob| blob.kind.ending() == ending).ok_or(Error::NotFound)?;
    let files = server.files().clone();
    let Some(file) = server.on_disk(move || Ok(files.open(hash)?)).await? else {
        tracing::error!(%hash, "a file that rows refer to is not on the disk");
        return Err(Error::NotFound);
    };
    let sent = Sent { file, bytes: blob.bytes, mime: blob.kind.mime(), tag: Some(hash.to_string()), kept: FOR_EVER };
    Ok(file::answer(&server, &headers, &sent))
}

/// A picture of another server, if this one made the address.
async fn remote(
    State(server): State<Server>,
    Path((variant, mark, url)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    if url.len() > limits::REMOTE_PICTURE_URL_BYTES * 2 {
        return Err(Error::NotFound);
    }
    let secret = server.read(|view| Ok(media::secret(view)?)).await?.ok_or(Error::NotFound)?;
    let (variant, url) = Addresses::new(&secret).read(&variant, &mark, &url).ok_or(Error::NotFound)?;
    let copy = fetch::picture::copy(&server, variant, &url).await?;
    let sent = Sent { file: copy.file, bytes: copy.bytes, mime: copy.kind.mime(), tag: None, kept: A_WEEK };
    Ok(file::answer(&server, &headers, &sent))
}
