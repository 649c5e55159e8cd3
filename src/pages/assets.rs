//! What pages load, and the pictures of accounts that have none.

use crate::{
    error::{Error, Result},
    server::Server,
};
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderValue, Uri,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use web::assets::{self, AVATAR_MISSING, HEADER_MISSING, ICON, ICON_BITMAP};

/// The routes of this file.
pub(super) fn routes() -> Router<Server> {
    let fixed = [AVATAR_MISSING, HEADER_MISSING, ICON, ICON_BITMAP];
    let hashed = Router::new().route("/assets/{name}", get(file));
    fixed.into_iter().fold(hashed, |router, path| router.route(path, get(file)))
}

async fn file(uri: Uri) -> Result<Response> {
    let asset = assets::find(uri.path()).ok_or(Error::NotFound)?;
    // A name without a hash may hold another picture in a later version: a day is long enough.
    let kept = if asset.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(asset.content_type)), (CACHE_CONTROL, HeaderValue::from_static(kept))];
    Ok((headers, asset.body).into_response())
}
