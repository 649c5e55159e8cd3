//! Applications (client API, apps): which one a token belongs to. Registration is `oauth`'s.

use crate::{
    error::{Error, Result},
    http::{Json, auth::Access},
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use storage::oauth::APPLICATIONS;
use web::entity::Application;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/apps/verify_credentials", get(verify_credentials))
}

/// Any token will do, a person's or the application's own, whatever it allows.
async fn verify_credentials(State(server): State<Server>, access: Access) -> Result<Json<Application>> {
    let found = server.read(move |view| Ok(APPLICATIONS.get(view, &access.application)?)).await?;
    let found = found.ok_or(Error::Unauthorized)?;
    Ok(Json(Application {
        id: found.id.to_string(),
        name: found.name,
        website: found.website,
        scopes: found.scopes,
        redirect_uri: found.redirect_uris.join("\n"),
        redirect_uris: found.redirect_uris,
        vapid_key: server.vapid().public().to_owned(),
    }))
}
