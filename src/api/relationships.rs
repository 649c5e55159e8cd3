//! What one does to accounts: follow, block, mute, note, endorse; and how one stands to them (client API, accounts).

use super::{
    accounts::ids,
    draw::{draw, id},
};
use crate::{
    error::Result,
    http::{Json, Params, Viewer},
    limits,
    present::relationship::Suspended,
    relationship::{self, FollowOptions, MuteOptions},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    routing::{MethodRouter, get, post},
};
use storage::{AccountId, Tx};
use web::entity::{FamiliarFollowers, Relationship};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/accounts/relationships", get(relationships))
        .route("/api/v1/accounts/familiar_followers", get(familiar_followers))
        .route("/api/v1/accounts/{id}/follow", post(follow))
        .route("/api/v1/accounts/{id}/unfollow", act("write:follows", relationship::unfollow))
        .route("/api/v1/accounts/{id}/remove_from_followers", act("write:follows", relationship::remove_from_followers))
        .route("/api/v1/accounts/{id}/block", act("write:blocks", relationship::block))
        .route("/api/v1/accounts/{id}/unblock", act("write:blocks", relationship::unblock))
        .route("/api/v1/accounts/{id}/mute", post(mute))
        .route("/api/v1/accounts/{id}/unmute", act("write:mutes", relationship::unmute))
        .route("/api/v1/accounts/{id}/note", post(note))
        .route("/api/v1/accounts/{id}/endorse", act("write:accounts", relationship::endorse))
        .route("/api/v1/accounts/{id}/unendorse", act("write:accounts", relationship::unendorse))
        // As they were called before 4.4.
        .route("/api/v1/accounts/{id}/pin", act("write:accounts", relationship::endorse))
        .route("/api/v1/accounts/{id}/unpin", act("write:accounts", relationship::unendorse))
}

/// A rule that changes how one stands to an account.
type Act = fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>;

fn act(scope: &'static str, rule: Act) -> MethodRouter<Server> {
    post(move |State(server): State<Server>, viewer: Viewer, Path(account): Path<String>| async move {
        viewer.require(scope)?;
        let (own, target) = (viewer.account, id(&account)?);
        server.write(move |tx| rule(tx, own, target)).await?;
        seen(&server, own, target).await
    })
}

async fn seen(server: &Server, own: AccountId, target: AccountId) -> Result<Json<Relationship>> {
    draw(server, Some(own), move |context| context.relationship(own, target)).await.map(Json)
}

async fn relationships(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<Vec<Relationship>>> {
    viewer.require("read:follows")?;
    let (ids, own) = (ids(&params)?, viewer.account);
    let suspended = match params.bool("with_suspended") {
        Some(true) => Suspended::Too,
        _ => Suspended::Not,
    };
    draw(&server, Some(own), move |context| context.relationships(own, &ids, suspended)).await.map(Json)
}

async fn familiar_followers(
    State(server): State<Server>,
    viewer: Viewer,
    params: Params,
) -> Result<Json<Vec<FamiliarFollowers>>> {
    viewer.require("read:follows")?;
    let (mut ids, own) = (ids(&params)?, viewer.account);
    ids.truncate(limits::FAMILIAR_ACCOUNTS_MAX);
    let drawn = draw(&server, Some(own), move |context| {
        let followed = relationship::followed_by(context.read, own)?;
        let mut drawn = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(target) = storage::account::find(context.read, id)? else { continue };
            let found = relationship::familiar_followers(context.read, own, &followed, &target)?;
            let accounts = found.into_iter().map(|one| context.account(one)).collect::<Result<Vec<_>>>()?;
            drawn.push(FamiliarFollowers { id: id.to_string(), accounts });
        }
        Ok(drawn)
    });
    drawn.await.map(Json)
}

async fn follow(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
    params: Params,
) -> Result<Json<Relationship>> {
    viewer.require("write:follows")?;
    let (own, target) = (viewer.account, id(&account)?);
    let languages = || params.texts("languages").into_iter().map(str::to_owned).collect();
    let options = FollowOptions {
        reblogs: params.bool("reblogs"),
        notify: params.bool("notify"),
        languages: params.has("languages").then(languages),
    };
    server.write(move |tx| relationship::follow(tx, own, target, &options)).await?;
    seen(&server, own, target).await
}

async fn mute(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
    params: Params,
) -> Result<Json<Relationship>> {
    viewer.require("write:mutes")?;
    let (own, target) = (viewer.account, id(&account)?);
    let duration_s = params.int("duration").filter(|seconds| *seconds > 0);
    let options = MuteOptions {
        notifications: params.bool("notifications").unwrap_or(true),
        duration_ms: duration_s.map(|seconds| seconds.saturating_mul(1_000)),
    };
    server.write(move |tx| relationship::mute(tx, own, target, options)).await?;
    seen(&server, own, target).await
}

async fn note(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
    params: Params,
) -> Result<Json<Relationship>> {
    viewer.require("write:accounts")?;
    let (own, target) = (viewer.account, id(&account)?);
    let comment = params.str("comment").unwrap_or_default().to_owned();
    server.write(move |tx| relationship::write_note(tx, own, target, &comment)).await?;
    seen(&server, own, target).await
}
