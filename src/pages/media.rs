//! Pictures: those uploaded here, and copies of other servers' that pages and apps show through this one.

use crate::{
    error::{Error, Result},
    federation::fetch,
    http::file::{self, Sent},
    limits,
    media::{Addresses, Variant},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use storage::{
    BlobHash,
    media::{self, BLOBS},
};
use web::assets::{self, AVATAR_MISSING, HEADER_MISSING};

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

/// A picture of another server, if this one made the address. Where no copy is to be had for now, because room is short or
/// too many wait, avatars and headers are those of whoever has none, so that pages look whole and no app asks again and
/// again; attachments and emoji are refused, as nothing else may be taken for them.
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
    let copy = match (fetch::picture::copy(&server, variant, &url).await, stand_in(variant)) {
        (Err(Error::Needs { .. }), Some(path)) => return missing(path),
        (copy, _) => copy?,
    };
    let sent = Sent { file: copy.file, bytes: copy.bytes, mime: copy.kind.mime(), tag: None, kept: A_WEEK };
    Ok(file::answer(&server, &headers, &sent))
}

/// The path of the picture that may stand in for one that cannot be had for now.
fn stand_in(variant: Variant) -> Option<&'static str> {
    match variant {
        Variant::Avatar => Some(AVATAR_MISSING),
        Variant::Wide => Some(HEADER_MISSING),
        // Their words stand in for these.
        Variant::Whole | Variant::Small | Variant::Emoji | Variant::StillEmoji => None,
    }
}

/// The picture at `path` of this server; nobody keeps it, as the right one may come at the next look.
fn missing(path: &str) -> Result<Response> {
    let asset = assets::find(path).ok_or(Error::NotFound)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, asset.body).into_response())
}
