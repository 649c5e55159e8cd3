//! What pages load, and the pictures of accounts that have none.

use crate::{
    error::{Error, Result},
    http::{answer, drawn::Document},
    server::Server,
};
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, HeaderValue, Uri,
    header::{CACHE_CONTROL, CONTENT_TYPE, IF_NONE_MATCH},
};
use web::{
    accent,
    assets::{self, AVATAR_MISSING, HEADER_MISSING, ICON, ICON_BITMAP, ICON_LARGE, ICON_MASKABLE, WORKER},
};

/// The routes of this file.
pub(super) fn routes() -> Router<Server> {
    let fixed = [AVATAR_MISSING, HEADER_MISSING, ICON, ICON_BITMAP, ICON_LARGE, ICON_MASKABLE, WORKER];
    let hashed = Router::new().route("/assets/{name}", get(file));
    fixed.into_iter().fold(hashed, |router, path| router.route(path, get(file)))
}

async fn file(uri: Uri, headers: HeaderMap) -> Result<Response> {
    if let Some((colour, theme)) = accent::at(uri.path()) {
        return Ok(coloured(theme.dress(&accent::style(colour)), &headers));
    }
    let asset = assets::find(uri.path()).ok_or(Error::NotFound)?;
    // A name without a hash may hold another picture in a later version: a day is long enough.
    let kept = if asset.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(asset.content_type)), (CACHE_CONTROL, HeaderValue::from_static(kept))];
    Ok((headers, asset.body).into_response())
}

/// The style sheet of a colour: made of its name alone, whoever has chosen it.
fn coloured(style: String, headers: &HeaderMap) -> Response {
    let known = headers.get(IF_NONE_MATCH).and_then(|list| list.to_str().ok()).unwrap_or_default();
    let knows = |tag: &str| known.split(',').any(|one| one.trim() == tag);
    let mut response = answer::validated(&Document::new(style), "text/css; charset=utf-8", knows);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
