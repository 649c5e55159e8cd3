//! One's own profile, as typed (client API, profile).

use super::draw::draw;
use crate::{
    account::update::{self, Changes},
    error::Result,
    http::{Json, Viewer, WithFiles},
    intake::profile::{texts, with_pictures},
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

async fn change(State(server): State<Server>, viewer: Viewer, WithFiles(params): WithFiles) -> Result<Json<Profile>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    let changes = Changes {
        show_media: params.bool("show_media"),
        show_media_replies: params.bool("show_media_replies"),
        show_featured: params.bool("show_featured"),
        ..texts(&params)
    };
    let changes = with_pictures(&server, own, &params, changes).await?;
    server.write(move |tx| update::update(tx, own, &changes)).await?;
    draw(&server, Some(own), move |context| context.profile(own)).await.map(Json)
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
