//! Who may do what with statuses: the policies of new ones (GoToSocial, interaction_policies).

use super::draw::draw;
use crate::{
    error::Result,
    http::{Json, Params, Viewer},
    intake::status::policy,
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use storage::{interaction, status::Visibility};
use web::entity::InteractionDefaults;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/interaction_policies/defaults", get(defaults).patch(change))
}

async fn defaults(State(server): State<Server>, viewer: Viewer) -> Result<Json<InteractionDefaults>> {
    viewer.require("read:accounts")?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.interaction_defaults(own)).await.map(Json)
}

/// A visibility that is left out goes back to what everybody may.
async fn change(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<InteractionDefaults>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    let named = [
        ("public", Visibility::Public),
        ("unlisted", Visibility::Unlisted),
        ("private", Visibility::Private),
        ("direct", Visibility::Direct),
    ];
    let mut changed = Vec::with_capacity(named.len());
    for (name, visibility) in named {
        changed.push((visibility, policy(&params, name)?.unwrap_or_default()));
    }
    let rule = move |tx: &mut storage::Tx<'_>| {
        for (visibility, policy) in &changed {
            interaction::put_default(tx, own, *visibility, *policy);
        }
        Ok(())
    };
    server.write(rule).await?;
    draw(&server, Some(own), move |context| context.interaction_defaults(own)).await.map(Json)
}
