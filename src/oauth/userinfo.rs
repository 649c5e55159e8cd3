//! Who a token belongs to, in the words of OpenID Connect (client API, oauth#userinfo).

use crate::{
    error::{Error, Result},
    http::{Viewer, json},
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::account;
use web::assets::AVATAR_MISSING;
use web::entity::UserInfo;

/// `GET|POST /oauth/userinfo`
pub(super) async fn show(State(server): State<Server>, viewer: Viewer) -> Result<Response> {
    if !viewer.scopes.allow("profile") {
        viewer.require("read:accounts")?;
    }
    let account = server.read(move |view| account::find(view, viewer.account)?.ok_or(Error::NotFound)).await?;
    let origin = server.origin();
    let name = if account.display_name.is_empty() { account.username.clone() } else { account.display_name };
    Ok(json(&UserInfo {
        iss: origin.url("/"),
        sub: origin.url(&account.uri),
        name,
        profile: origin.url(&format!("/@{}", account.username)),
        preferred_username: account.username,
        picture: account.avatar.map_or_else(|| origin.url(AVATAR_MISSING), |avatar| origin.url(&avatar.url)),
    }))
}
