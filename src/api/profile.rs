//! One's own profile, as typed (client API, profile).

use super::draw::draw;
use crate::{
    account::update::{self, Changes},
    error::{Error, Result},
    http::{
        Json, Params, Viewer,
        value::{Map, Value},
    },
    limits,
    media::{ProfileFiles, picture},
    server::Server,
};
use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use web::entity::{CredentialAccount, Profile};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/profile", get(show).patch(change))
        .route("/api/v1/profile/avatar", delete(delete_avatar))
        .route("/api/v1/profile/header", delete(delete_header))
}

async fn show(State(server): State<Server>, viewer: Viewer) -> Result<Json<Profile>> {
    viewer.require("profile").or_else(|_| viewer.require("read:accounts"))?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.profile(own)).await.map(Json)
}

async fn change(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Profile>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    let changes = Changes {
        show_media: params.bool("show_media"),
        show_media_replies: params.bool("show_media_replies"),
        show_featured: params.bool("show_featured"),
        ..texts(&params)
    };
    let changes = with_pictures(&server, &params, changes).await?;
    server.write(move |tx| update::update(tx, own, &changes)).await?;
    draw(&server, Some(own), move |context| context.profile(own)).await.map(Json)
}

/// What the profile and `update_credentials` both take, without the pictures.
pub(super) fn texts(params: &Map) -> Changes {
    let text = |key: &str| params.str(key).map(str::to_owned);
    let domains = || params.texts("attribution_domains").into_iter().map(str::to_owned).collect();
    Changes {
        display_name: text("display_name"),
        note: text("note"),
        fields: params.has("fields_attributes").then(|| fields(params)),
        locked: params.bool("locked"),
        bot: params.bool("bot"),
        discoverable: params.bool("discoverable"),
        indexable: params.bool("indexable"),
        hide_collections: params.bool("hide_collections"),
        attribution_domains: params.has("attribution_domains").then(domains),
        avatar_description: text("avatar_description"),
        header_description: text("header_description"),
        ..Changes::default()
    }
}

/// Changes with the pictures that were sent.
pub(super) async fn with_pictures(server: &Server, params: &Params, changes: Changes) -> Result<Changes> {
    Ok(Changes {
        avatar: picture(server, params, "avatar", limits::AVATAR_SIZE).await?,
        header: picture(server, params, "header", limits::HEADER_SIZE).await?,
        ..changes
    })
}

fn fields(params: &Map) -> Vec<(String, String)> {
    let text = |field: &Map, key: &str| field.str(key).unwrap_or_default().to_owned();
    params.maps("fields_attributes").into_iter().map(|field| (text(field, "name"), text(field, "value"))).collect()
}

async fn delete_avatar(State(server): State<Server>, viewer: Viewer) -> Result<Json<CredentialAccount>> {
    take_away(&server, &viewer, Changes { avatar: Some(None), ..Changes::default() }).await
}

async fn delete_header(State(server): State<Server>, viewer: Viewer) -> Result<Json<CredentialAccount>> {
    take_away(&server, &viewer, Changes { header: Some(None), ..Changes::default() }).await
}

async fn take_away(server: &Server, viewer: &Viewer, changes: Changes) -> Result<Json<CredentialAccount>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    server.write(move |tx| update::update(tx, own, &changes)).await?;
    draw(server, Some(own), move |context| context.credential_account(own)).await.map(Json)
}

/// A picture that was sent, made and on the disk; an empty value leaves what there is.
async fn picture(
    server: &Server,
    params: &Params,
    field: &'static str,
    size: (u32, u32),
) -> Result<Option<Option<ProfileFiles>>> {
    let bytes = match params.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Text(text)) if text.is_empty() => return Ok(None),
        Some(Value::File(file)) => file.bytes.clone(),
        Some(_) => return Err(Error::invalid(field, format!("{field} is no file of a multipart form"))),
    };
    if bytes.len() > limits::PROFILE_PICTURE_BYTES {
        let why = format!("{field} has {} bytes; at most {}", bytes.len(), limits::PROFILE_PICTURE_BYTES);
        return Err(Error::invalid(field, why));
    }
    let files = server.files().clone();
    let work = move || {
        let (made, still) = picture::profile(&bytes, size)?;
        ProfileFiles::keep(&files, &made, still.as_ref())
    };
    server.picture(work).await.map(|files| Some(Some(files)))
}
